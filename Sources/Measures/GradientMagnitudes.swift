/// How steep images are: the distribution of the magnitudes of their gradients.
///
///     |grad u| = sqrt((u[i, j+1] - u[i, j])^2 + (u[i+1, j] - u[i, j])^2)
///
/// by forward differences, for each channel of itself, at every pixel that has a neighbour to the right and below. Blurred
/// images have smaller gradients than photographs, so the distance of the two distributions tells what a pixel error hides.
///
/// Reference: Isola et al., "Image-to-image translation with conditional adversarial networks", arXiv:1611.07004, section 4.2,
/// makes the same comparison for colours; the statistics of derivatives: D. L. Ruderman, "The statistics of natural images"
/// (1994).
public struct GradientMagnitudes: Sendable, Equatable {
  /// Bins of the histogram: a distance is exact to one bin's width, `limit / bins`.
  public static let bins = 8192

  /// The largest magnitude that is possible: sqrt(2) times the range of a pixel. Larger ones count as this.
  public let limit: Double
  /// Pixels by magnitude, bin b from b to b + 1 times `limit / bins`. Shape [bins].
  public let counts: [Int]
  /// Mean magnitude, in units of a pixel for each pixel.
  public let mean: Double

  /// Gradients that were counted.
  public var total: Int { counts.reduce(0, +) }

  /// - Parameters:
  ///   - images: at least one, of at least 2 x 2 pixels.
  ///   - range: highest less lowest value of a pixel; 2 for -1...1.
  /// - Throws: `MeasureError.rangeNotPositive`, or `.tooFewPoints`.
  public init(of images: ImageSet, range: Double = 2) throws(MeasureError) {
    guard range > 0, range.isFinite else { throw .rangeNotPositive(what: "range of the pixels", value: range) }
    guard images.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    let shortest = min(images.height, images.width)
    guard shortest >= 2 else { throw .tooFewPoints(needed: 2, found: shortest) }
    let limit = 2.0.squareRoot() * range
    let scale = Double(Self.bins) / limit
    var counts = Array(repeating: 0, count: Self.bins)
    var sum = 0.0
    images.values.withUnsafeBufferPointer { values in
      for plane in 0..<images.count * images.channels {
        for row in 0..<images.height - 1 {
          let start = plane * images.plane + row * images.width
          for pixel in start..<start + images.width - 1 {
            let across = Double(values[pixel + 1]) - Double(values[pixel])
            let down = Double(values[pixel + images.width]) - Double(values[pixel])
            let magnitude = min(limit, (across * across + down * down).squareRoot())
            sum += magnitude
            counts[min(Self.bins - 1, Int(magnitude * scale))] += 1
          }
        }
      }
    }
    self.limit = limit
    self.counts = counts
    mean = sum / Double(counts.reduce(0, +))
  }

  /// Wasserstein-1 distance of the distributions, the area between their cumulative ones, in units of a pixel; 0 for equal.
  ///
  /// - Throws: `MeasureError.rangeMismatch` where they were counted with different ranges.
  public func wassersteinDistance(to other: GradientMagnitudes) throws(MeasureError) -> Double {
    let (first, second) = try shares(beside: other)
    var difference = 0.0
    var area = 0.0
    for bin in 0..<Self.bins {
      difference += first[bin] - second[bin]
      area += abs(difference)
    }
    return area * limit / Double(Self.bins)
  }

  /// Total variation distance of the histograms on `coarse` bins of equal width, 0...1: the share that would have to move.
  ///
  /// - Throws: `MeasureError.rangeMismatch` as above, or `.countNotPositive`.
  public func totalVariation(to other: GradientMagnitudes, bins coarse: Int = 64) throws(MeasureError) -> Double {
    guard coarse > 0 else { throw .countNotPositive(what: "bins", value: coarse) }
    let (first, second) = try shares(beside: other)
    let kept = min(coarse, Self.bins)
    var differences = Array(repeating: 0.0, count: kept)
    for bin in 0..<Self.bins { differences[bin * kept / Self.bins] += first[bin] - second[bin] }
    return differences.reduce(0) { $0 + abs($1) } / 2
  }

  private func shares(beside other: GradientMagnitudes) throws(MeasureError) -> ([Double], [Double]) {
    guard other.limit == limit else {
      throw .rangeMismatch(expected: limit, found: other.limit)
    }
    let totals = (Double(total), Double(other.total))
    return (counts.map { Double($0) / totals.0 }, other.counts.map { Double($0) / totals.1 })
  }
}

/// Wasserstein-1 distance of two samples of a real quantity: the area between their cumulative distributions, in its units.
///
/// - Throws: `MeasureError.tooFewPoints` for an empty list, or `.nonFinite`.
public func wassersteinDistance(_ first: [Double], _ second: [Double]) throws(MeasureError) -> Double {
  guard !first.isEmpty, !second.isEmpty else { throw .tooFewPoints(needed: 1, found: 0) }
  try requireFinite(first, "values")
  try requireFinite(second, "values")
  let left = first.sorted()
  let right = second.sorted()
  var (i, j) = (0, 0)
  var position = min(left[0], right[0])
  var area = 0.0
  while i < left.count || j < right.count {
    let next = min(i < left.count ? left[i] : .infinity, j < right.count ? right[j] : .infinity)
    area += abs(Double(i) / Double(left.count) - Double(j) / Double(right.count)) * (next - position)
    position = next
    while i < left.count, left[i] == next { i += 1 }
    while j < right.count, right[j] == next { j += 1 }
  }
  return area
}
