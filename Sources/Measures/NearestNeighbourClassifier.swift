/// The classifier that learns nothing: every query gets the label of its nearest reference, the first of equals, by Euclidean
/// distance.
///
///     accuracy = 1/n sum_i [ y(argmin_j |q_i - r_j|) = y_i ]
///
/// Its accuracy in a space of features tells how well classes lie apart there.
///
/// Reference: Donahue et al., "Adversarial feature learning", arXiv:1605.09782, section 4.2, which judges BiGAN's encoder so.
public struct NearestNeighbourClassifier: Sendable {
  private let references: PointSet
  private let labels: [Int]

  /// - Parameters:
  ///   - references: shape [count, features], at least one, finite.
  ///   - labels: one a reference.
  /// - Throws: `MeasureError.tooFewPoints`, `.countMismatch` or `.nonFinite`.
  public init(references: PointSet, labels: [Int]) throws(MeasureError) {
    guard references.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    guard labels.count == references.count else {
      throw .countMismatch(what: "labels", expected: references.count, found: labels.count)
    }
    try references.requireFinite("references")
    self.references = references
    self.labels = labels
  }

  /// The label of each query's nearest reference. Shape [queries].
  ///
  /// - Throws: `MeasureError.dimensionMismatch` or `.nonFinite`.
  public func labels(of queries: PointSet) throws(MeasureError) -> [Int] {
    guard queries.dimension == references.dimension else {
      throw .dimensionMismatch(expected: references.dimension, found: queries.dimension)
    }
    try queries.requireFinite("queries")
    return BlockedNeighbours.nearest(of: queries, in: references).map { labels[$0.index] }
  }

  /// Share of the queries whose nearest reference has their label, 0...1.
  ///
  /// - Throws: as `labels(of:)`, `MeasureError.countMismatch`, or `.tooFewPoints` without a query.
  public func accuracy(on queries: PointSet, labels expected: [Int]) throws(MeasureError) -> Double {
    guard queries.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    guard expected.count == queries.count else {
      throw .countMismatch(what: "labels", expected: queries.count, found: expected.count)
    }
    let found = try labels(of: queries)
    return Double(zip(found, expected).count { $0 == $1 }) / Double(found.count)
  }
}
