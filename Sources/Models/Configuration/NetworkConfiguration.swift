/// A network of one player.
public enum NetworkConfiguration: Sendable, Equatable {
  case mlp(MLPConfiguration)
  case maxout(MaxoutConfiguration)
  case dcgan(DCGANConfiguration)
  case residual(ResidualConfiguration)
  case bigGAN(BigGANConfiguration)
  case progressive(ProgressiveConfiguration)
  case style(StyleConfiguration)
  case unet(UNetConfiguration)
  case resnet(ResNetConfiguration)
  case patch(PatchConfiguration)
  case dirac(DiracConfiguration)
  case layers(LayersConfiguration)

  public var kind: NetworkKind {
    switch self {
    case .mlp: .mlp
    case .maxout: .maxout
    case .dcgan: .dcgan
    case .residual: .residual
    case .bigGAN: .bigGAN
    case .progressive: .progressive
    case .style: .style
    case .unet: .unet
    case .resnet: .resnet
    case .patch: .patch
    case .dirac: .dirac
    case .layers: .layers
    }
  }

  public var normalization: NormalizationKind {
    switch self {
    case .mlp(let mlp): mlp.normalization
    case .maxout, .progressive, .style, .dirac: .none
    case .layers(let layers): layers.normalizations.contains(.batch) ? .batch : layers.normalizations.first ?? .none
    case .dcgan(let dcgan): dcgan.normalization
    case .residual(let residual): residual.normalization
    case .bigGAN: .batch
    case .unet(let unet): unet.normalization
    case .resnet(let resnet): resnet.normalization
    case .patch(let patch): patch.normalization
    }
  }

  /// Whether every layer's weight is divided by its largest singular value.
  public var hasSpectralNormalization: Bool {
    switch self {
    case .mlp(let mlp): mlp.spectral
    case .maxout(let maxout): maxout.spectral
    case .dcgan(let dcgan): dcgan.spectral
    case .residual(let residual): residual.spectral
    case .bigGAN(let bigGAN): bigGAN.spectral
    case .layers(let layers): layers.spectral
    case .progressive, .style, .dirac: false
    case .unet, .resnet, .patch: false
    }
  }
}

extension NetworkConfiguration {
  /// Whether any layer is a convolution.
  public var hasConvolutions: Bool {
    if case .layers(let layers) = self { layers.hasConvolutions } else { kind.hasConvolutions }
  }
}

/// The networks by the names that configurations use.
public enum NetworkKind: String, Sendable, CaseIterable {
  case mlp, maxout, dcgan, residual
  case bigGAN = "biggan"
  case progressive, style
  case unet, resnet, patch
  /// The Dirac-GAN's players.
  case dirac
  /// Layer by layer, as the configuration lists them.
  case layers

  /// Whether its layers are convolutions whatever its configuration says.
  public var hasConvolutions: Bool {
    switch self {
    case .mlp, .maxout, .dirac, .layers: false
    case .dcgan, .residual, .bigGAN, .progressive, .style, .unet, .resnet, .patch: true
    }
  }

  public var isGenerator: Bool { ModelKind.allCases.contains { $0.generators.contains(self) } }
  public var isDiscriminator: Bool { ModelKind.allCases.contains { $0.discriminators.contains(self) } }
  /// Whether its layers are those of a resolution after another, with equalized learning rates.
  public var isProgressive: Bool { self == .progressive || self == .style }
  /// Whether it belongs to systems that translate images.
  public var isTranslation: Bool { self == .unet || self == .resnet || self == .patch }
}

/// Dense layers, each followed by normalization, activation and dropout; then one linear layer.
public struct MLPConfiguration: Sendable, Equatable {
  /// Units of each hidden layer; none makes the network linear.
  public var hidden: [Int]
  public var activation: ActivationConfiguration
  /// `none`, `batch` or `layer`.
  public var normalization: NormalizationKind
  /// The probability of dropping a unit, in [0, 1).
  public var dropout: Double
  public var initializer: InitializerConfiguration
  public var spectral: Bool

  public init(
    hidden: [Int] = [128, 128], activation: ActivationConfiguration = .relu, normalization: NormalizationKind = .none,
    dropout: Double = 0, initializer: InitializerConfiguration = .he(gain: 1), spectral: Bool = false
  ) {
    self.hidden = hidden
    self.activation = activation
    self.normalization = normalization
    self.dropout = dropout
    self.initializer = initializer
    self.spectral = spectral
  }
}

/// A discriminator whose units are the largest of some affine maps: PacGAN's for points.
///
/// Reference: [PacGAN](https://arxiv.org/abs/1712.04086), section 4.1.
public struct MaxoutConfiguration: Sendable, Equatable {
  /// Units of each hidden layer.
  public var hidden: [Int]
  /// Affine maps of each unit.
  public var pieces: Int
  public var initializer: InitializerConfiguration
  public var spectral: Bool

  public init(
    hidden: [Int] = [200, 200, 200], pieces: Int = 5, initializer: InitializerConfiguration = .normal(deviation: 0.02),
    spectral: Bool = false
  ) {
    self.hidden = hidden
    self.pieces = pieces
    self.initializer = initializer
    self.spectral = spectral
  }
}

/// A player of the Dirac-GAN: G(z) = θ, D(x) = ψ·x + offset.
///
/// Reference: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), definition 2.1.
public struct DiracConfiguration: Sendable, Equatable {
  /// θ or ψ before the first step.
  public var start: Double
  /// Of a discriminator: what it says of the data.
  public var offset: Double

  public init(start: Double = 1, offset: Double = 0) {
    self.start = start
    self.offset = offset
  }
}

/// The residual networks of SNGAN, with self-attention those of SAGAN.
///
/// References: [SNGAN](https://arxiv.org/abs/1802.05957), tables 4 to 6; [SAGAN](https://arxiv.org/abs/1805.08318).
public struct ResidualConfiguration: Sendable, Equatable {
  /// Channels of the layer with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  public var activation: ActivationConfiguration
  public var normalization: NormalizationKind
  public var initializer: InitializerConfiguration
  public var spectral: Bool
  /// The extent of the map that self-attention follows; nil for none.
  public var attention: Int?

  public init(
    features: Int = 64, activation: ActivationConfiguration = .relu, normalization: NormalizationKind = .batch,
    initializer: InitializerConfiguration = .xavier(gain: 1), spectral: Bool = false, attention: Int? = nil
  ) {
    self.features = features
    self.activation = activation
    self.normalization = normalization
    self.initializer = initializer
    self.spectral = spectral
    self.attention = attention
  }
}

/// BigGAN's generator: residual blocks modulated by a shared class embedding and by a part of z each.
///
/// Reference: [BigGAN](https://arxiv.org/abs/1809.11096), section 3.1 and appendix B.
public struct BigGANConfiguration: Sendable, Equatable {
  /// Channels of the layer with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  /// The dimension of the class embedding.
  public var embedding: Int
  public var initializer: InitializerConfiguration
  public var spectral: Bool
  /// The extent of the map that self-attention follows; nil for none.
  public var attention: Int?

  public init(
    features: Int = 64, embedding: Int = 128, initializer: InitializerConfiguration = .orthogonal(gain: 1),
    spectral: Bool = true, attention: Int? = nil
  ) {
    self.features = features
    self.embedding = embedding
    self.initializer = initializer
    self.spectral = spectral
    self.attention = attention
  }
}

/// The convolutional networks of Radford et al. (2015) for images of 28, 32, 64 or 128 pixels.
///
/// Reference: [DCGAN](https://arxiv.org/abs/1511.06434), section 3.
public struct DCGANConfiguration: Sendable, Equatable {
  /// Channels of the layer with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  public var activation: ActivationConfiguration
  public var normalization: NormalizationKind
  public var initializer: InitializerConfiguration
  public var spectral: Bool

  public init(
    features: Int = 64, activation: ActivationConfiguration = .relu, normalization: NormalizationKind = .batch,
    initializer: InitializerConfiguration = .normal(deviation: 0.02), spectral: Bool = false
  ) {
    self.features = features
    self.activation = activation
    self.normalization = normalization
    self.initializer = initializer
    self.spectral = spectral
  }
}

/// The function after each hidden layer.
public enum ActivationConfiguration: Sendable, Equatable {
  case relu
  /// x for x > 0, `slope` * x otherwise.
  case leakyReLU(slope: Double)
  case tanh
  case sigmoid
  /// x for x > 0, exp(x) - 1 otherwise.
  case elu
  /// x Phi(x).
  case gelu
  case softplus
  case sine

  public var kind: ActivationKind {
    switch self {
    case .relu: .relu
    case .leakyReLU: .leakyReLU
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .elu: .elu
    case .gelu: .gelu
    case .softplus: .softplus
    case .sine: .sine
    }
  }
}

/// The activations by the names that configurations use.
public enum ActivationKind: String, Sendable, CaseIterable {
  case relu
  case leakyReLU = "leaky-relu"
  case tanh, sigmoid, elu, gelu, softplus, sine
}

/// What normalizes a hidden layer.
public enum NormalizationKind: String, Sendable, CaseIterable {
  case none, batch, layer, instance
}

/// How weights are drawn before the first step; biases start at zero.
public enum InitializerConfiguration: Sendable, Equatable {
  /// N(0, `deviation`^2).
  case normal(deviation: Double)
  /// Uniform on +-`gain` * sqrt(6 / (fanIn + fanOut)): Glorot and Bengio (2010), equation 16.
  case xavier(gain: Double)
  /// N(0, `gain`^2 * 2 / fanIn): He et al. (2015), equation 10.
  case he(gain: Double)
  /// `gain` times a random orthogonal matrix: Saxe et al. (2013).
  case orthogonal(gain: Double)

  public var kind: InitializerKind {
    switch self {
    case .normal: .normal
    case .xavier: .xavier
    case .he: .he
    case .orthogonal: .orthogonal
    }
  }
}

/// The initializers by the names that configurations use.
public enum InitializerKind: String, Sendable, CaseIterable {
  case normal, xavier, he, orthogonal
}
