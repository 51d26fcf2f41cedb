import Foundation

/// How samples spread over classes, or over the modes of a data set that a classifier can name (stacked MNIST's 1,000).
public struct LabelHistogram: Sendable, Equatable {
  /// Samples of each class. Shape [classes].
  public let counts: [Int]

  /// - Parameter labels: one a sample, in 0..<classes.
  /// - Throws: `MeasureError.countNotPositive` without a class, or `.label`.
  public init(labels: [Int], classes: Int) throws(MeasureError) {
    guard classes > 0 else { throw .countNotPositive(what: "classes", value: classes) }
    var counts = Array(repeating: 0, count: classes)
    for label in labels {
      guard counts.indices.contains(label) else { throw .label(label, classes: classes) }
      counts[label] += 1
    }
    self.counts = counts
  }

  public var classes: Int { counts.count }
  /// Samples.
  public var total: Int { counts.reduce(0, +) }
  /// Classes with at least one sample: the modes of the literature's tables.
  public var covered: Int { counts.count { $0 > 0 } }
  /// Entropy of the shares, nats, in 0...ln(classes): the plug-in estimate, low by about (covered - 1) / (2 total).
  /// Nil without a sample.
  public var entropy: Double? { histogramEntropy(counts) }

  /// Reverse KL(p || q) = sum_k p_k ln(p_k / q_k), nats, of the samples' shares p against those of the data q.
  ///
  /// Infinite where there are samples of a class that the reference does not have. A perfect sampler of K classes has about
  /// (K - 1) / (2 total): 0.0193 for 26,000 samples of 1,000 classes.
  ///
  /// Reference: Lin et al., "PacGAN", arXiv:1712.04086, section 4.1; Metz et al., "Unrolled GAN", arXiv:1611.02163.
  ///
  /// - Parameter reference: relative masses of the classes; nil for equal ones.
  /// - Returns: nil without a sample.
  /// - Throws: `MeasureError.countMismatch` or `.notDistribution`.
  public func reverseKL(to reference: [Double]? = nil) throws(MeasureError) -> Double? {
    let shares = try normalizedShares(reference ?? Array(repeating: 1, count: classes))
    guard shares.count == classes else {
      throw .countMismatch(what: "masses", expected: classes, found: shares.count)
    }
    guard total > 0 else { return nil }
    return relativeEntropy(counts.map { Double($0) / Double(total) }, to: shares)
  }
}

/// Relative masses as shares that sum to 1.
///
/// - Throws: `MeasureError.notDistribution`.
func normalizedShares(_ masses: [Double]) throws(MeasureError) -> [Double] {
  let total = masses.reduce(0, +)
  guard total > 0, total.isFinite, masses.allSatisfy({ $0 >= 0 }) else { throw .notDistribution }
  return masses.map { $0 / total }
}

/// KL(p || q) = sum p ln(p / q), nats, of shares of equal number; infinite where q is 0 and p is not.
func relativeEntropy(_ shares: [Double], to reference: [Double]) -> Double {
  zip(shares, reference).reduce(0.0) { sum, pair in
    pair.0 > 0 ? sum + pair.0 * log(pair.0 / pair.1) : sum
  }
}
