import Foundation

/// The Jensen-Shannon divergence of two histograms, nats, in 0...ln 2.
///
///     JSD(p, q) = KL(p || m) / 2 + KL(q || m) / 2,   m = (p + q) / 2
///
/// For data with known modes or bins. Counts of finite samples make it high by about (bins - 1) / (4 samples) for equally many
/// samples on both sides.
///
/// Reference: J. Lin, "Divergence measures based on the Shannon entropy" (1991).
///
/// - Parameters: relative masses, or counts, of the same bins.
/// - Throws: `MeasureError.countMismatch` or `.notDistribution`.
public func jensenShannonDivergence(_ first: [Double], _ second: [Double]) throws(MeasureError) -> Double {
  guard first.count == second.count else {
    throw .countMismatch(what: "masses", expected: first.count, found: second.count)
  }
  let p = try normalizedShares(first)
  let q = try normalizedShares(second)
  let middle = zip(p, q).map { ($0 + $1) / 2 }
  return min(log(2), max(0, (relativeEntropy(p, to: middle) + relativeEntropy(q, to: middle)) / 2))
}

/// The Jensen-Shannon divergence of data and samples as a discriminator sees it.
///
///     V(D, G) = E_x log D(x) + E_z log(1 - D(G(z))),   JSD >= (V + ln 4) / 2
///
/// with equality for the optimal D. Its expectation is a lower bound, and so only on samples that D was not trained on: train
/// D on one part to its optimum, and estimate on the other. A discriminator worse than chance makes it negative.
///
/// Reference: Goodfellow et al., "Generative adversarial networks", arXiv:1406.2661, theorem 1.
public struct JensenShannonEstimate: Sendable, Equatable {
  /// V(D, G), nats; -ln 4 for a discriminator at chance, at most 0.
  public let value: Double
  /// (V + ln 4) / 2, nats; at most ln 2.
  public let divergence: Double
  /// Standard error of `divergence` from the spread of both sets of values, nats; NaN for a set of one.
  public let standardError: Double

  /// From the logarithms themselves.
  ///
  /// - Parameters:
  ///   - logReal: log D(x) of held-out real samples, at most 0.
  ///   - logFake: log(1 - D(G(z))) of held-out generated samples, at most 0.
  /// - Throws: `MeasureError.tooFewPoints` or `.nonFinite`.
  public init(logReal: [Double], logFake: [Double]) throws(MeasureError) {
    let real = try Moments(logReal, what: "values of log D(x)")
    let fake = try Moments(logFake, what: "values of log(1 - D(G(z)))")
    value = real.mean + fake.mean
    divergence = (value + log(4)) / 2
    standardError = (real.variance / real.count + fake.variance / fake.count).squareRoot() / 2
  }

  /// From logits a, D = sigmoid(a): log D = -ln(1 + e^-a) and log(1 - D) = -ln(1 + e^a), which do not overflow.
  ///
  /// - Throws: `MeasureError.tooFewPoints` or `.nonFinite`.
  public init(realLogits: [Double], fakeLogits: [Double]) throws(MeasureError) {
    try self.init(
      logReal: realLogits.map { -Self.softplus(-$0) }, logFake: fakeLogits.map { -Self.softplus($0) })
  }

  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}

/// Count, mean and unbiased variance of a list.
private struct Moments {
  let count: Double
  let mean: Double
  /// ddof = 1; NaN for a single value.
  let variance: Double

  init(_ values: [Double], what: String) throws(MeasureError) {
    guard !values.isEmpty else { throw .tooFewPoints(needed: 1, found: 0) }
    try requireFinite(values, what)
    count = Double(values.count)
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (Double(values.count) - 1)
  }
}

/// - Throws: `MeasureError.nonFinite`.
func requireFinite(_ values: [Double], _ what: String) throws(MeasureError) {
  let nonFinite = values.count { !$0.isFinite }
  guard nonFinite == 0 else { throw .nonFinite(what: what, count: nonFinite) }
}
