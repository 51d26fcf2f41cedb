/// A table of points: `count` rows of `dimension` coordinates, row-major.
///
/// The one type that measures take. An image is a point whose coordinates are its pixels.
public struct PointSet: Sendable, Equatable {
  public let count: Int
  public let dimension: Int
  /// Shape [count, dimension], row-major. Values may be non-finite; measures leave such rows out and count them.
  public let values: [Float]

  /// - Throws: `MeasureError.dimensionNotPositive` or `.shape` when the sizes do not fit.
  public init(count: Int, dimension: Int, values: [Float]) throws(MeasureError) {
    guard dimension > 0 else { throw .dimensionNotPositive(dimension) }
    let (expected, overflows) = count.multipliedReportingOverflow(by: dimension)
    guard count >= 0, !overflows, values.count == expected else {
      throw .shape(count: count, dimension: dimension, values: values.count)
    }
    self.init(rows: count, dimension: dimension, values: values)
  }

  /// For rows that this room made itself; `values.count == rows * dimension` and `dimension > 0` hold by construction.
  init(rows: Int, dimension: Int, values: [Float]) {
    count = rows
    self.dimension = dimension
    self.values = values
  }

  /// The first `length` points, or all of them when there are fewer.
  public func prefix(_ length: Int) -> PointSet {
    let rows = min(max(0, length), count)
    return rows == count
      ? self : PointSet(rows: rows, dimension: dimension, values: Array(values.prefix(rows * dimension)))
  }

  /// The points whose coordinates are all finite, and how many others there were.
  public func finite() -> (points: PointSet, nonFinite: Int) {
    // x * 0 is 0 for a finite x and NaN otherwise: one pass without branches decides for the usual, clean set.
    let isClean = values.withUnsafeBufferPointer { buffer in
      var sum: Float = 0
      for value in buffer { sum += value * 0 }
      return sum == 0
    }
    if isClean { return (self, 0) }
    var kept: [Float] = []
    kept.reserveCapacity(values.count)
    for row in 0..<count {
      let coordinates = values[row * dimension..<(row + 1) * dimension]
      if coordinates.allSatisfy(\.isFinite) { kept.append(contentsOf: coordinates) }
    }
    let rows = kept.count / dimension
    return (PointSet(rows: rows, dimension: dimension, values: kept), count - rows)
  }
}
