/// A network of one player.
public enum NetworkConfiguration: Sendable, Equatable {
  case mlp(MLPConfiguration)
  case dcgan(DCGANConfiguration)

  public var kind: NetworkKind {
    switch self {
    case .mlp: .mlp
    case .dcgan: .dcgan
    }
  }

  /// Whether any layer is a convolution.
  public var hasConvolutions: Bool {
    switch self {
    case .mlp: false
    case .dcgan: true
    }
  }

  public var normalization: NormalizationKind {
    switch self {
    case .mlp(let mlp): mlp.normalization
    case .dcgan(let dcgan): dcgan.normalization
    }
  }
}

/// The networks by the names that configurations use.
public enum NetworkKind: String, Sendable, CaseIterable {
  case mlp, dcgan
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

  public init(
    hidden: [Int] = [128, 128], activation: ActivationConfiguration = .relu, normalization: NormalizationKind = .none,
    dropout: Double = 0, initializer: InitializerConfiguration = .he(gain: 1)
  ) {
    self.hidden = hidden
    self.activation = activation
    self.normalization = normalization
    self.dropout = dropout
    self.initializer = initializer
  }
}

/// The convolutional networks of Radford et al. (2015) for images of 28, 32 or 64 pixels.
///
/// Reference: [DCGAN](https://arxiv.org/abs/1511.06434), section 3.
public struct DCGANConfiguration: Sendable, Equatable {
  /// Channels of the layer with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  public var activation: ActivationConfiguration
  public var normalization: NormalizationKind
  public var initializer: InitializerConfiguration

  public init(
    features: Int = 64, activation: ActivationConfiguration = .relu, normalization: NormalizationKind = .batch,
    initializer: InitializerConfiguration = .normal(deviation: 0.02)
  ) {
    self.features = features
    self.activation = activation
    self.normalization = normalization
    self.initializer = initializer
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
