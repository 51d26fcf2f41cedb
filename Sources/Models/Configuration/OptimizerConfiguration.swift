/// The optimizers of the two players.
public struct OptimizersConfiguration: Sendable, Equatable {
  public var generator: OptimizerConfiguration
  public var discriminator: OptimizerConfiguration

  public init(
    generator: OptimizerConfiguration = OptimizerConfiguration(),
    discriminator: OptimizerConfiguration = OptimizerConfiguration()
  ) {
    self.generator = generator
    self.discriminator = discriminator
  }
}

/// How one player's weights follow its gradient: clip, update rule, rate, schedule of the rate.
public struct OptimizerConfiguration: Sendable, Equatable {
  public var rule: UpdateRule
  /// The learning rate before the schedule, above 0.
  public var rate: Double
  /// The largest l2 norm of the player's whole gradient; a longer one is scaled down to it. Nil for no clipping.
  public var clipNorm: Double?
  public var rateSchedule: RateSchedule

  public init(
    rule: UpdateRule = .adam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8), rate: Double = 2e-4, clipNorm: Double? = nil,
    rateSchedule: RateSchedule = .constant
  ) {
    self.rule = rule
    self.rate = rate
    self.clipNorm = clipNorm
    self.rateSchedule = rateSchedule
  }
}

/// An update rule with its constants.
public enum UpdateRule: Sendable, Equatable {
  /// Gradient descent with (heavy-ball) momentum.
  case sgd(momentum: Double)
  /// Divides by the root of a running mean square of the gradient.
  case rmsprop(decay: Double, epsilon: Double, momentum: Double)
  /// Kingma and Ba (2014), algorithm 1.
  case adam(beta1: Double, beta2: Double, epsilon: Double)

  public var kind: OptimizerKind {
    switch self {
    case .sgd: .sgd
    case .rmsprop: .rmsprop
    case .adam: .adam
    }
  }
}

/// The optimizers by the names that configurations use.
public enum OptimizerKind: String, Sendable, CaseIterable {
  case sgd, rmsprop, adam
}

/// The factor on the learning rate over the run's steps, from 1 to `final`.
public enum RateSchedule: Sendable, Equatable {
  case constant
  case linear(final: Double)
  case cosine(final: Double)

  public var kind: RateScheduleKind {
    switch self {
    case .constant: .constant
    case .linear: .linear
    case .cosine: .cosine
    }
  }
}

/// The rate schedules by the names that configurations use.
public enum RateScheduleKind: String, Sendable, CaseIterable {
  case constant, linear, cosine
}
