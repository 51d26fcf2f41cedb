/// The colours of label maps whose palette nobody has written down, found in the maps.
///
/// A pixel is flat where its neighbours to the right and below differ by at most `flatness` in each channel: what lies inside
/// of a region, not on the blended border of two. Flat pixels are counted in cubes of `cell`; from the fullest cube on, the
/// mean colour of a cube is a label where it is at least `spacing` from those that were found before, down to cubes with
/// `leastShare` of the flat pixels. Lengths are shares of the range of a pixel.
public struct FoundPalette: Sendable, Equatable {
  static let cell = 1.0 / 16
  static let flatness = 1.0 / 32
  static let spacing = 3.0 / 16
  static let leastShare = 0.002
  /// Colours at most.
  static let limit = 64

  /// The commonest colour first.
  public let palette: LabelPalette
  /// Share of all pixels within a third of the spacing of a colour, 0...1: two thirds and more for maps of regions, even scaled
  /// down and stored as JPEG; about one third for photographs.
  public let explained: Double
  /// Whether the images are label maps: at least half of their pixels have one of the colours.
  public var isLabelMap: Bool { explained >= 0.5 }

  /// - Parameters:
  ///   - images: of at most four channels.
  ///   - lowest: of a pixel.
  ///   - range: highest less lowest value of a pixel; 2 for -1...1.
  /// - Throws: `MeasureError.tooFewPoints` without an image or without a flat pixel, `.rangeNotPositive`, or
  ///   `.dimensionMismatch` for more channels.
  public init(in images: ImageSet, lowest: Double = -1, range: Double = 2) throws(MeasureError) {
    guard range > 0, range.isFinite else { throw .rangeNotPositive(what: "range of the pixels", value: range) }
    guard images.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    let channels = images.channels
    guard channels <= 4 else { throw .dimensionMismatch(expected: 4, found: channels) }
    var cubes: [Int: Cube] = [:]
    var flat = 0
    let tolerance = Float(Self.flatness * range)
    images.values.withUnsafeBufferPointer { values in
      for image in 0..<images.count {
        let start = image * images.size
        for row in 0..<images.height - 1 {
          for column in 0..<images.width - 1 {
            let place = start + row * images.width + column
            var isFlat = true
            var key = 0
            for channel in 0..<channels {
              let index = place + channel * images.plane
              let value = values[index]
              isFlat =
                isFlat && abs(values[index + 1] - value) <= tolerance
                && abs(values[index + images.width] - value) <= tolerance
              let share = (Double(value) - lowest) / range
              key = key * 256 + Int(min(255, max(0, (share / Self.cell).rounded(.down) + 64)))
            }
            guard isFlat else { continue }
            flat += 1
            cubes[key, default: Cube()].add(values, place, step: images.plane, channels: channels)
          }
        }
      }
    }
    guard flat > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    var colours: [SIMD4<Double>] = []
    let full = cubes.filter { Double($0.value.count) >= Self.leastShare * Double(flat) }
    for (_, cube) in full.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
      guard colours.count < Self.limit else { break }
      let mean = cube.mean
      if colours.allSatisfy({ Self.distance($0, mean) >= Self.spacing * range }) { colours.append(mean) }
    }
    palette = try LabelPalette(
      PointSet(
        rows: colours.count, dimension: channels,
        values: colours.flatMap { colour in (0..<channels).map { Float(colour[$0]) } }))
    let reach = Self.spacing * range / 3
    var near = 0
    for image in 0..<images.count {
      for position in 0..<images.plane {
        var pixel = SIMD4<Double>.zero
        for channel in 0..<channels {
          pixel[channel] = Double(images.values[image * images.size + channel * images.plane + position])
        }
        if colours.contains(where: { Self.distance($0, pixel) < reach }) { near += 1 }
      }
    }
    explained = Double(near) / Double(images.count * images.plane)
  }

  private static func distance(_ first: SIMD4<Double>, _ second: SIMD4<Double>) -> Double {
    let difference = first - second
    return (difference * difference).sum().squareRoot()
  }

  private struct Cube {
    var count = 0
    private var sum = SIMD4<Double>.zero

    var mean: SIMD4<Double> { sum / Double(max(1, count)) }

    mutating func add(_ values: UnsafeBufferPointer<Float>, _ place: Int, step: Int, channels: Int) {
      count += 1
      for channel in 0..<channels { sum[channel] += Double(values[place + channel * step]) }
    }
  }
}
