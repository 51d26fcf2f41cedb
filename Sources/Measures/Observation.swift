/// What is known of a run at one step. Values that were not measured are nil; rules that need them wait.
///
/// Losses, scores, accuracies and gradients come with every report, the rest with every measurement; a measurement's values
/// belong into one observation.
public struct Observation: Sendable, Equatable, Codable {
  public var step: Int
  /// True for objectives without a probability (Wasserstein, hinge): scores are then raw and accuracies mean little.
  public var isCritic: Bool
  /// Mean D(x) and D(G(z)): probabilities, for a critic raw scores.
  public var realScore: Double?
  public var fakeScore: Double?
  /// Shares of the real and of the generated samples that the discriminator tells right, 0...1.
  public var realAccuracy: Double?
  public var fakeAccuracy: Double?
  /// Norms of the players' gradients.
  public var generatorGradient: Double?
  public var discriminatorGradient: Double?
  public var generatorLoss: Double?
  public var discriminatorLoss: Double?
  /// K, where the data has known modes.
  public var modes: Int?
  public var modesCovered: Int?
  public var modesWithMass: Int?
  /// Share of high-quality samples, 0...1.
  public var highQuality: Double?
  /// Entropy over the modes, nats.
  public var modeEntropy: Double?
  /// H(real) - H(generated), nats, in `dimension` dimensions.
  public var entropyGap: Double?
  public var dimension: Int?
  public var effectiveClusters: Double?
  public var realEffectiveClusters: Double?

  public init(step: Int, isCritic: Bool = false) {
    self.step = step
    self.isCritic = isCritic
  }
}

extension Observation {
  /// Takes in what was measured of the modes.
  public mutating func include(_ coverage: ModeCoverage) {
    modes = coverage.modes
    modesCovered = coverage.covered
    modesWithMass = coverage.withMass
    highQuality = coverage.highQuality
    modeEntropy = coverage.entropy
  }

  /// Takes in what was measured of the distribution.
  public mutating func include(_ measurement: DistributionJudge.Measurement) {
    entropyGap = measurement.entropy.gap
    dimension = measurement.entropy.dimension
    effectiveClusters = measurement.effectiveClusters
    realEffectiveClusters = measurement.realEffectiveClusters
  }

  /// The entropy gap divided by the dimension, nats.
  var gapPerDimension: Double? {
    guard let entropyGap, entropyGap.isFinite, let dimension, dimension > 0 else { return nil }
    return entropyGap / Double(dimension)
  }

  /// Effective clusters of the generated samples over those of the real ones.
  var clusterRatio: Double? {
    guard let effectiveClusters, let realEffectiveClusters, effectiveClusters.isFinite, realEffectiveClusters > 0
    else { return nil }
    return effectiveClusters / realEffectiveClusters
  }

  /// Score of real less score of generated samples: a critic's estimate of the distance.
  var scoreDifference: Double? {
    guard let realScore, let fakeScore else { return nil }
    return realScore - fakeScore
  }
}
