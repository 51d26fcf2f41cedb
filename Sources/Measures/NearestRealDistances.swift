/// How far generated samples are from their nearest real ones, against how far real ones are from each other.
///
/// A generator that copies its training data has a ratio near 0, one that samples the same distribution a ratio near 1. The
/// real samples leave themselves out: what is compared is the distance to the nearest *other* one. Distances are Euclidean,
/// in units of the points.
public struct NearestRealDistances: Sendable, Equatable {
  /// Of each generated sample, to its nearest real one. Shape [generated samples].
  public let distances: [Double]
  /// The row of each generated sample's nearest real one. Shape [generated samples].
  public let nearest: [Int]
  public let mean: Double
  public let median: Double
  /// From real samples to their nearest other ones.
  public let realMean: Double
  public let realMedian: Double
  /// Share of the generated samples that are nearly a real one: within `closeness` of the real median, 0...1.
  public let copies: Double
  /// Share of the generated samples that are nearly another generated one, 0...1; 0 with a single sample.
  public let duplicates: Double

  /// Median distance to the nearest real sample over the real samples' own; nil where those are all duplicates.
  public var ratio: Double? { realMedian > 0 ? median / realMedian : nil }

  /// - Parameters:
  ///   - closeness: part of the real median within which two samples count as the same; 0 for equal ones only.
  /// - Throws: `MeasureError.dimensionMismatch`, `.tooFewPoints` without a generated or with fewer than two real samples,
  ///   `.rangeNotPositive` for a negative closeness, or `.nonFinite`.
  public init(generated: PointSet, real: PointSet, closeness: Double = 0.1) throws(MeasureError) {
    guard generated.dimension == real.dimension else {
      throw .dimensionMismatch(expected: real.dimension, found: generated.dimension)
    }
    guard real.count >= 2 else { throw .tooFewPoints(needed: 2, found: real.count) }
    guard generated.count >= 1 else { throw .tooFewPoints(needed: 1, found: 0) }
    guard closeness >= 0, closeness.isFinite else { throw .rangeNotPositive(what: "closeness", value: closeness) }
    try real.requireFinite("real samples")
    try generated.requireFinite("generated samples")
    let nearest = BlockedNeighbours.nearest(of: generated, in: real)
    self.nearest = nearest.map(\.index)
    distances = nearest.map { $0.square.squareRoot() }
    mean = distances.reduce(0, +) / Double(distances.count)
    median = Measures.median(distances)
    let realDistances = BlockedNeighbours.squaredDistances(real, toNeighbour: 1).map { $0.squareRoot() }
    realMean = realDistances.reduce(0, +) / Double(realDistances.count)
    realMedian = Measures.median(realDistances)
    let limit = closeness * realMedian
    copies = Double(distances.count { $0 <= limit }) / Double(distances.count)
    duplicates =
      generated.count < 2
      ? 0
      : Double(BlockedNeighbours.squaredDistances(generated, toNeighbour: 1).count { $0.squareRoot() <= limit })
        / Double(generated.count)
  }
}

/// The middle value, or the mean of the two middle ones; NaN of none.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
