import Foundation

/// What a classifier makes of samples: one distribution p(y|x) over classes for each.
public struct ClassProbabilities: Sendable, Equatable {
  /// Samples.
  public let count: Int
  public let classes: Int
  /// Each row sums to 1. Shape [count, classes], row-major.
  public let values: [Double]

  /// - Parameter points: probabilities, one row a sample; a row may be off 1 by its rounding, up to 0.001, and is divided by
  ///   its sum.
  /// - Throws: `MeasureError.tooFewPoints` without a row, `.nonFinite`, or `.notProbabilities`.
  public init(_ points: PointSet) throws(MeasureError) {
    guard points.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    try points.requireFinite("class probabilities")
    var values = points.values.map { Double($0) }
    for row in 0..<points.count {
      let range = row * points.dimension..<(row + 1) * points.dimension
      let sum = values[range].reduce(0, +)
      guard abs(sum - 1) <= 1e-3, values[range].allSatisfy({ $0 >= 0 }) else {
        throw .notProbabilities(row: row, sum: sum)
      }
      for index in range { values[index] /= sum }
    }
    count = points.count
    classes = points.dimension
    self.values = values
  }

  /// The mean p(y) over some rows. Shape [classes].
  public func mean(rows: Range<Int>? = nil) -> [Double] {
    let rows = (rows ?? 0..<count).clamped(to: 0..<count)
    var sums = Array(repeating: 0.0, count: classes)
    for row in rows {
      for index in 0..<classes { sums[index] += values[row * classes + index] }
    }
    return rows.isEmpty ? sums : sums.map { $0 / Double(rows.count) }
  }

  /// The most probable class of each sample; the first of equals. Shape [count].
  public var labels: [Int] {
    (0..<count).map { row in
      var best = 0
      for index in 1..<max(1, classes) where values[row * classes + index] > values[row * classes + best] {
        best = index
      }
      return best
    }
  }

  /// Entropy of the mean prediction, H(E_x p(y|x)), nats, in 0...ln(classes).
  ///
  /// High when the samples spread over the classes, but also when the classifier cannot tell: compare with that of `labels`.
  public var entropyOfMean: Double { shareEntropy(mean()) }

  /// Mean entropy of the predictions, E_x H(p(y|x)), nats: low where the classifier is sure of single samples.
  public var meanEntropy: Double {
    var sum = 0.0
    for row in 0..<count { sum += shareEntropy(Array(values[row * classes..<(row + 1) * classes])) }
    return sum / Double(count)
  }
}

/// The Inception Score of a set of predictions.
///
///     IS = exp(E_x KL(p(y|x) || p(y))),   p(y) = E_x p(y|x)
///
/// in 1...classes, for each of several equal parts of the samples, in their order. It rewards sure predictions and classes of
/// equal share, and sees no variety within a class: give the real data's own score beside it. It carries the name of its
/// network; with another classifier its numbers compare with nothing but themselves.
///
/// Reference: Salimans et al., "Improved techniques for training GANs", arXiv:1606.03498, section 4.
public struct InceptionScore: Sendable, Equatable {
  /// Mean over the parts.
  public let mean: Double
  /// Standard deviation over the parts (divided by their number, as the reference code has it); 0 for one part.
  public let deviation: Double
  /// Of each part.
  public let scores: [Double]

  /// - Parameter splits: parts; 10 in the literature, of 50,000 samples. A score of few samples is low.
  /// - Throws: `MeasureError.countNotPositive`, or `.tooFewPoints` with fewer samples than parts.
  public init(of predictions: ClassProbabilities, splits: Int = 10) throws(MeasureError) {
    guard splits > 0 else { throw .countNotPositive(what: "splits", value: splits) }
    guard predictions.count >= splits else { throw .tooFewPoints(needed: splits, found: predictions.count) }
    let classes = predictions.classes
    scores = (0..<splits).map { part in
      let rows = part * predictions.count / splits..<(part + 1) * predictions.count / splits
      let marginal = predictions.mean(rows: rows)
      var divergence = 0.0
      for row in rows {
        for index in 0..<classes {
          let probability = predictions.values[row * classes + index]
          if probability > 0 { divergence += probability * log(probability / marginal[index]) }
        }
      }
      return exp(divergence / Double(rows.count))
    }
    let mean = scores.reduce(0, +) / Double(splits)
    self.mean = mean
    deviation = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(splits)).squareRoot()
  }
}

/// -sum p ln p of shares that sum to 1, nats.
func shareEntropy(_ shares: [Double]) -> Double { 0 - shares.reduce(0.0) { $1 > 0 ? $0 + $1 * log($1) : $0 } }
