/// Which system is trained.
public enum ModelConfiguration: Sendable, Equatable {
  case gan(AdversarialConfiguration)

  public var kind: ModelKind {
    switch self {
    case .gan: .gan
    }
  }

  /// Whether any of the networks has a convolution.
  public var hasConvolutions: Bool {
    switch self {
    case .gan(let gan): gan.generator.hasConvolutions || gan.discriminator.hasConvolutions
    }
  }
}

/// The systems by the names that configurations use.
public enum ModelKind: String, Sendable, CaseIterable {
  case gan
}

/// A generator against a discriminator (or critic).
public struct AdversarialConfiguration: Sendable, Equatable {
  public var latent: LatentConfiguration
  public var generator: NetworkConfiguration
  /// What the generator's last layer is passed through: tanh for images scaled to [-1, 1].
  public var output: OutputActivation
  /// Ends in one linear unit: a logit or a score.
  public var discriminator: NetworkConfiguration
  /// Whether the generator's update of a turn sees the fake batch of the turn's last discriminator update, or draws its
  /// own: it changes the mathematics, and saves one pass of the generator.
  public var shareFakes: Bool
  /// Averaging of the generator's weights for sampling and measuring; nil for none.
  public var average: AverageConfiguration?

  public init(
    latent: LatentConfiguration = LatentConfiguration(), generator: NetworkConfiguration,
    output: OutputActivation = .linear, discriminator: NetworkConfiguration, shareFakes: Bool = false,
    average: AverageConfiguration? = nil
  ) {
    self.latent = latent
    self.generator = generator
    self.output = output
    self.discriminator = discriminator
    self.shareFakes = shareFakes
    self.average = average
  }
}

/// The noise that a generator maps to samples.
public struct LatentConfiguration: Sendable, Equatable {
  public enum Distribution: String, Sendable, CaseIterable {
    /// N(0, I).
    case normal
    /// Uniform on [-1, 1).
    case uniform
  }
  public var dimension: Int
  public var distribution: Distribution

  public init(dimension: Int = 2, distribution: Distribution = .normal) {
    self.dimension = dimension
    self.distribution = distribution
  }
}

/// An exponential moving average of weights: average = decay * average + (1 - decay) * weights after each update.
public struct AverageConfiguration: Sendable, Equatable {
  /// In [0, 1).
  public var decay: Double
  public init(decay: Double = 0.999) { self.decay = decay }
}

/// The last activation of a generator.
public enum OutputActivation: String, Sendable, CaseIterable {
  case linear, tanh
}
