/// How long a condition must hold before it is said, and how long it must be gone before it is taken back.
public struct Persistence: Sendable, Equatable, Codable {
  /// Observations in a row that raise a verdict.
  public var raise: Int
  /// The same for a mere warning; at least `raise`.
  public var raiseWarning: Int
  /// Steps that these observations must span: reports may come every step or every thousand.
  public var raiseSteps: Int
  /// Observations in a row, and steps, that clear it.
  public var clear: Int
  public var clearSteps: Int

  public init(raise: Int, raiseWarning: Int? = nil, raiseSteps: Int = 0, clear: Int, clearSteps: Int = 0) {
    self.raise = max(1, raise)
    self.raiseWarning = max(self.raise, raiseWarning ?? raise)
    self.raiseSteps = max(0, raiseSteps)
    self.clear = max(1, clear)
    self.clearSteps = max(0, clearSteps)
  }
}

/// The thresholds of `VerdictMonitor`.
///
/// Each condition has a second, weaker threshold at which it counts as gone; between the two nothing changes.
/// Mode collapse has no signature in the losses: they oscillate as in a healthy run. It is told by modes, entropy and clusters.
public struct VerdictRules: Sendable, Equatable, Codable {
  /// Before this step the players' balance and the size of losses are not judged: every generator starts hopeless.
  public var graceSteps = 1000
  /// Before this step the modes and the entropy are not judged: healthy generators find the modes one after the other.
  public var modeGraceSteps = 2000

  // Mode collapse.

  /// With fewer high-quality samples than this share, the histogram over known modes says nothing; entropy decides.
  public var judgeableHighQuality = 0.05
  /// H(real) - H(generated) > 0.5 nats a dimension: the samples fill less than e^-0.5 = 61 % of the data's extent.
  public var gapPerDimension = 0.5
  /// The threshold where the clusters say that every region of the data is reached: thin samples are no collapse.
  public var gapPerDimensionWhenCovering = 1.0
  /// From this ratio of effective clusters on, generated to real, every region counts as reached.
  public var coveringRatio = 0.8
  /// Fewer effective clusters than this part of the real data's.
  public var clusterRatio = 0.5
  /// The gap that counts as closed, as a part of its threshold, and the ratio that counts as recovered.
  public var closedGapPart = 0.8
  public var recoveredRatio = 0.6
  /// A gap that falls, or a ratio that rises, by this much below or above its best yet is learning, not collapse.
  public var improvement = 0.05
  /// A generator that still learns lacks a mode now in one measurement, now in the next: a mere warning waits longer.
  public var modeCollapse = Persistence(raise: 3, raiseWarning: 5, clear: 3)

  // Vanishing gradients of the generator: the saturating loss under a perfect discriminator.

  /// The gradient norm against the highest that its running median has been.
  public var vanishingRatio = 0.01
  public var recoveredGradientRatio = 0.03
  /// Below this norm the generator stands still, whatever the discriminator does.
  public var deadGradient = 1e-10
  public var vanishingGradients = Persistence(raise: 20, raiseSteps: 100, clear: 5, clearSteps: 50)

  // The balance of the players; not for critics, whose scores have no scale.

  /// The discriminator tells more than this share of real and of generated samples right.
  public var wonAccuracy = 0.99
  public var lostAccuracy = 0.97
  /// D(x) above and D(G(z)) below: 0.99 and 0.01.
  public var wonScore = 0.99
  public var discriminatorWon = Persistence(raise: 20, raiseSteps: 500, clear: 5, clearSteps: 100)
  /// |D(x) - D(G(z))| below which the discriminator cannot tell, and above which it can again.
  public var chanceDifference = 0.02
  public var tellingDifference = 0.05
  /// The discriminator gives generated samples more than this: it is fooled, not at chance.
  public var fooledScore = 0.9
  /// With known modes, fewer high-quality samples than this share are bad samples.
  public var badHighQuality = 0.5
  public var generatorWon = Persistence(raise: 20, raiseSteps: 500, clear: 5, clearSteps: 100)

  // Divergence.

  /// A loss, or a critic's score difference, against its running median.
  public var explosionRatio = 100.0
  public var settledRatio = 10.0
  /// Magnitudes under this are never an explosion, magnitudes over `absoluteLimit` always.
  public var explosionFloor = 100.0
  public var absoluteLimit = 1e8
  /// A value that is NaN or infinite needs no repetition.
  public var divergence = Persistence(raise: 3, clear: 10)

  // Oscillation of both losses: `sustainedOscillation` has the thresholds.

  public var oscillation = Persistence(raise: 20, raiseSteps: 500, clear: 5)

  public init() {}

  /// The rules with the grace periods of a run of so many steps: a tenth and a fifth of it, within 300...1000 and 500...2000.
  public init(totalSteps: Int) {
    graceSteps = min(1000, max(300, totalSteps / 10))
    modeGraceSteps = min(2000, max(500, totalSteps / 5))
  }
}
