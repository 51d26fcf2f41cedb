/// Differential entropies of generated and real samples, estimated from the same number of each in the same space.
public struct EntropyPair: Sendable, Equatable {
  public let generated: EntropyEstimate
  public let real: EntropyEstimate
  /// Share of the real data's variance in the space of the estimates; 1 where nothing was projected.
  public let explainedVariance: Double

  /// Dimension of the space in which both were estimated.
  public var dimension: Int { real.dimension }
  /// H(real) - H(generated), nats: positive when the generator's samples fill less room than the data.
  public var gap: Double { real.value - generated.value }
  /// The gap divided by the dimension, nats: exp(-gap) is the ratio of the extents.
  public var gapPerDimension: Double { gap / Double(dimension) }
}

/// Kozachenko-Leonenko entropies of both sets; above `components` dimensions in the leading principal components of the real
/// data. The first points of the longer set are used.
///
/// Fits the components on each call: what measures repeatedly keeps a `DistributionJudge`.
///
/// - Throws: `MeasureError.dimensionMismatch`, `.tooFewPoints`, `.countNotPositive` or `.lapack`.
public func entropyPair(
  generated: PointSet, real: PointSet, components: Int = DistributionJudge.components, neighbours: Int = 3
) throws(MeasureError) -> EntropyPair {
  let space = try MeasuringSpace(fitting: real, components: components)
  let (inSpace, nonFinite) = try space.project(generated).finite()
  let realInSpace = try space.project(real).finite().points
  let count = min(inSpace.count, realInSpace.count)
  return EntropyPair(
    generated: EntropyEstimate(of: inSpace.prefix(count), neighbours: neighbours).including(nonFinite: nonFinite),
    real: EntropyEstimate(of: realInSpace.prefix(count), neighbours: neighbours),
    explainedVariance: space.explainedVariance)
}

/// What is fitted once on real data and then judges generated samples again and again.
public struct DistributionJudge: Sendable {
  /// The components that data of more dimensions is projected to.
  public static let components = 8

  /// The real samples in the space of the judge.
  private let real: PointSet
  private let space: MeasuringSpace
  private let realEntropy: EntropyEstimate
  private let neighbours: Int
  public let clusters: KMeans
  /// exp of the entropy of the real samples over their own clusters.
  public let realEffectiveClusters: Double

  /// One measurement of generated samples.
  public struct Measurement: Sendable, Equatable {
    public let entropy: EntropyPair
    /// See `effectiveClusters(_:in:)`. Nil without a finite sample.
    public let effectiveClusters: Double?
    public let realEffectiveClusters: Double
  }

  /// - Parameters:
  ///   - real: as many real samples as will be generated: 2,500 points, or 500 to 1,000 images.
  ///   - components: data of more dimensions is projected to that many leading principal components.
  ///   - clusters: of the k-means fit.
  ///   - seed: of the k-means fit.
  /// - Throws: `MeasureError.tooFewPoints`, `.countNotPositive` or `.lapack`.
  public init(
    real: PointSet, components: Int = DistributionJudge.components, clusters: Int = 20, neighbours: Int = 3,
    seed: UInt64 = 1
  ) throws(MeasureError) {
    space = try MeasuringSpace(fitting: real, components: components)
    self.real = try space.project(real).finite().points
    self.neighbours = neighbours
    realEntropy = EntropyEstimate(of: self.real, neighbours: neighbours)
    self.clusters = try KMeans(fitting: self.real, clusters: clusters, seed: seed)
    realEffectiveClusters = try Measures.effectiveClusters(self.real, in: self.clusters) ?? 1
  }

  /// Dimension of the space in which samples are judged.
  public var dimension: Int { space.dimension }

  /// - Parameter generated: in the space of the original data.
  /// - Throws: `MeasureError.dimensionMismatch`.
  public func measure(_ generated: PointSet) throws(MeasureError) -> Measurement {
    let (samples, nonFinite) = try space.project(generated).finite()
    let count = min(samples.count, real.count)
    let entropy = EntropyPair(
      generated: EntropyEstimate(of: samples.prefix(count), neighbours: neighbours).including(nonFinite: nonFinite),
      real: count == real.count ? realEntropy : EntropyEstimate(of: real.prefix(count), neighbours: neighbours),
      explainedVariance: space.explainedVariance)
    return Measurement(
      entropy: entropy, effectiveClusters: try Measures.effectiveClusters(samples, in: clusters),
      realEffectiveClusters: realEffectiveClusters)
  }
}

/// The space of low dimension in which samples are compared: their own, or the real data's leading components.
private struct MeasuringSpace: Sendable {
  let dimension: Int
  let explainedVariance: Double
  private let original: Int
  private let principal: PrincipalComponents?

  init(fitting real: PointSet, components: Int) throws(MeasureError) {
    guard components > 0 else { throw .countNotPositive(what: "components", value: components) }
    original = real.dimension
    guard real.dimension > components else {
      guard real.finite().points.count >= 2 else {
        throw .tooFewPoints(needed: 2, found: real.finite().points.count)
      }
      dimension = real.dimension
      explainedVariance = 1
      principal = nil
      return
    }
    let fitted = try PrincipalComponents(fitting: real, components: components)
    // Identical points have no component at all: there is nothing to compare in.
    guard fitted.count > 0 else { throw .tooFewPoints(needed: 2, found: 1) }
    dimension = fitted.count
    explainedVariance = fitted.explainedVariance.reduce(0, +)
    principal = fitted
  }

  func project(_ points: PointSet) throws(MeasureError) -> PointSet {
    guard points.dimension == original else { throw .dimensionMismatch(expected: original, found: points.dimension) }
    guard let principal else { return points }
    return try principal.project(points)
  }
}

extension EntropyEstimate {
  /// The same estimate with the points counted that were left out before it was made.
  func including(nonFinite left: Int) -> EntropyEstimate {
    EntropyEstimate(
      value: value, standardError: standardError, dimension: dimension, count: count, neighbours: neighbours,
      duplicates: duplicates, nonFinite: nonFinite + left)
  }
}
