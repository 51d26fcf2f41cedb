/// Images of one size, for measures that need to know which pixels are neighbours.
public struct ImageSet: Sendable, Equatable {
  public let count: Int
  public let channels: Int
  public let height: Int
  public let width: Int
  /// Shape [count, channels, height, width], row-major, finite.
  public let values: [Float]

  /// Values of one channel of one image.
  var plane: Int { height * width }
  /// Values of one image.
  var size: Int { channels * height * width }

  /// - Throws: `MeasureError.countNotPositive`, `.shape` when the sizes do not fit, or `.nonFinite`.
  public init(count: Int, channels: Int, height: Int, width: Int, values: [Float]) throws(MeasureError) {
    for (what, value) in [("channels", channels), ("rows of pixels", height), ("columns of pixels", width)] {
      guard value > 0 else { throw .countNotPositive(what: what, value: value) }
    }
    let (plane, overflowsPlane) = height.multipliedReportingOverflow(by: width)
    let (size, overflowsSize) = plane.multipliedReportingOverflow(by: channels)
    guard !overflowsPlane, !overflowsSize else {
      throw .shape(count: count, dimension: .max, values: values.count)
    }
    let points = try PointSet(count: count, dimension: size, values: values)
    try points.requireFinite("pixels")
    self.count = count
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }

  /// The images as points whose coordinates are their pixels: [count, channels * height * width].
  public var points: PointSet { PointSet(rows: count, dimension: size, values: values) }

  /// - Throws: `MeasureError.dimensionMismatch` where the images differ in size, channel for channel and side for side.
  func requireSameSize(as other: ImageSet) throws(MeasureError) {
    guard channels == other.channels else { throw .dimensionMismatch(expected: channels, found: other.channels) }
    guard height == other.height else { throw .dimensionMismatch(expected: height, found: other.height) }
    guard width == other.width else { throw .dimensionMismatch(expected: width, found: other.width) }
  }
}
