/// Which system is trained.
public enum ModelConfiguration: Sendable, Equatable {
  case gan(AdversarialConfiguration)
  case bigan(BidirectionalConfiguration)
  case pix2pix(PairedTranslationConfiguration)
  case cyclegan(CycleConfiguration)

  public var kind: ModelKind {
    switch self {
    case .gan: .gan
    case .bigan: .bigan
    case .pix2pix: .pix2pix
    case .cyclegan: .cyclegan
    }
  }

  /// Whether any of the networks has a convolution.
  public var hasConvolutions: Bool {
    switch self {
    case .gan(let gan): gan.generator.kind.hasConvolutions || gan.discriminator.kind.hasConvolutions
    case .bigan(let bigan):
      [bigan.generator, bigan.encoder, bigan.discriminator].contains { $0.kind.hasConvolutions }
    case .pix2pix, .cyclegan: true
    }
  }
}

/// The systems by the names that configurations use.
public enum ModelKind: String, Sendable, CaseIterable {
  case gan
  /// Donahue et al. (2017), Dumoulin et al. (2017).
  case bigan
  /// Isola et al. (2017).
  case pix2pix
  /// Zhu et al. (2017).
  case cyclegan

  /// Whether it translates images of pairs.
  public var isTranslation: Bool { self == .pix2pix || self == .cyclegan }

  /// The networks that it can have for its generators.
  public var generators: [NetworkKind] {
    switch self {
    case .gan: [.mlp, .dcgan, .residual, .bigGAN, .progressive, .style]
    case .bigan: [.mlp, .dcgan, .residual]
    case .pix2pix, .cyclegan: [.unet, .resnet]
    }
  }

  /// The networks that it can have for its discriminators.
  public var discriminators: [NetworkKind] {
    switch self {
    case .gan: [.mlp, .maxout, .dcgan, .residual, .progressive]
    case .bigan: [.mlp, .dcgan]
    case .pix2pix, .cyclegan: [.patch]
    }
  }

  /// The networks that it can have for its encoder.
  public static let encoders: [NetworkKind] = [.mlp, .dcgan]
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
  /// How the class of a sample goes into the game.
  public var condition: ConditionConfiguration
  /// What of the latents the discriminator's trunk must be able to tell: InfoGAN's code; nil for none.
  public var code: CodeConfiguration?
  /// Averaging of the generator's weights for sampling and measuring; nil for none.
  public var average: AverageConfiguration?
  /// How the networks grow while they train; nil for the data's resolution from the first step on.
  public var growth: GrowthConfiguration?

  public init(
    latent: LatentConfiguration = LatentConfiguration(), generator: NetworkConfiguration,
    output: OutputActivation = .linear, discriminator: NetworkConfiguration, shareFakes: Bool = false,
    condition: ConditionConfiguration = .none, code: CodeConfiguration? = nil,
    average: AverageConfiguration? = nil, growth: GrowthConfiguration? = nil
  ) {
    self.latent = latent
    self.generator = generator
    self.output = output
    self.discriminator = discriminator
    self.shareFakes = shareFakes
    self.condition = condition
    self.code = code
    self.average = average
    self.growth = growth
  }
}

/// How the class of a sample goes into a game.
public enum ConditionConfiguration: Sendable, Equatable {
  /// Not at all.
  case none
  /// To both networks, beside their input: Mirza and Osindero (2014), equation 2.
  case concatenation
  /// To the generator, and by a scalar product with the features to the score: Miyato and Koyama (2018), equation 4.
  case projection
  /// To the generator; the discriminator has to tell it: Odena et al. (2017), equations 2 and 3. `weight` is that of the
  /// class's cross-entropy in both losses.
  case auxiliary(weight: Double)

  public var kind: ConditionKind {
    switch self {
    case .none: .none
    case .concatenation: .concatenation
    case .projection: .projection
    case .auxiliary: .auxiliary
    }
  }
}

/// The ways by the names that configurations use.
public enum ConditionKind: String, Sendable, CaseIterable {
  case none, concatenation, projection, auxiliary
}

/// InfoGAN's code: the part of the latents that the samples must keep.
///
/// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), equation 6.
public struct CodeConfiguration: Sendable, Equatable {
  /// Values of the categorical element; 0 for none.
  public var categories: Int
  /// Continuous elements, uniform on [-1, 1).
  public var continuous: Int
  /// The weight of the mutual information's bound in the losses of both players.
  public var weight: Double

  /// Elements of the code beside z.
  public var dimension: Int { categories + continuous }

  public init(categories: Int = 10, continuous: Int = 2, weight: Double = 1) {
    self.categories = categories
    self.continuous = continuous
    self.weight = weight
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
  /// The largest |z_i| of samples: what is larger is drawn again. Training draws from all of z. Nil for samples like those of
  /// training.
  ///
  /// Reference: [Brock et al. 2019](https://arxiv.org/abs/1809.11096), section 3.1.
  public var truncation: Double?

  public init(dimension: Int = 2, distribution: Distribution = .normal, truncation: Double? = nil) {
    self.dimension = dimension
    self.distribution = distribution
    self.truncation = truncation
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
