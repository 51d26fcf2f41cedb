/// A network as a list of its layers.
public struct LayersConfiguration: Sendable, Equatable {
  /// From the input to the output: of a generator from z to the sample, of a discriminator up to the features that its
  /// score is a linear function of.
  public var layers: [LayerConfiguration]
  public var initializer: InitializerConfiguration
  public var spectral: Bool

  public init(
    layers: [LayerConfiguration], initializer: InitializerConfiguration = .he(gain: 1), spectral: Bool = false
  ) {
    self.layers = layers
    self.initializer = initializer
    self.spectral = spectral
  }

  /// What normalizes any of the layers, apart from `none`.
  public var normalizations: [NormalizationKind] { layers.map(\.normalization).filter { $0 != .none } }
  /// Whether any layer works on images.
  public var hasConvolutions: Bool { layers.contains { $0.kind.isOfImages } }
}

/// A layer with its numbers.
public enum LayerConfiguration: Sendable, Equatable {
  case dense(units: Int, LayerFinish)
  /// Units that are the largest of `pieces` affine maps.
  case maxout(units: Int, pieces: Int)
  case convolution(features: Int, ConvolutionWindow, LayerFinish)
  /// `outputPadding` rows and columns are added at the end of the map.
  case transposedConvolution(features: Int, ConvolutionWindow, outputPadding: Int, LayerFinish)
  /// Normalization, activation and 3x3 convolution twice, beside a short cut.
  case residual(features: Int, ResidualKind, ActivationConfiguration, NormalizationKind)
  case attention
  /// Each pixel repeated.
  case upsample(factor: Int)
  /// The mean of each block of pixels.
  case averagePool(factor: Int)
  /// The sum over all pixels of each channel.
  case sumPool
  case reshape([Int])
  case flatten
  /// Each pixel's channels divided by their root mean square.
  case pixelNorm
  case activation(ActivationConfiguration)
  case normalization(NormalizationKind)
  case dropout(Double)

  public var kind: LayerKind {
    switch self {
    case .dense: .dense
    case .maxout: .maxout
    case .convolution: .convolution
    case .transposedConvolution: .transposedConvolution
    case .residual: .residual
    case .attention: .attention
    case .upsample: .upsample
    case .averagePool: .averagePool
    case .sumPool: .sumPool
    case .reshape: .reshape
    case .flatten: .flatten
    case .pixelNorm: .pixelNorm
    case .activation: .activation
    case .normalization: .normalization
    case .dropout: .dropout
    }
  }

  public var normalization: NormalizationKind {
    switch self {
    case .dense(_, let finish), .convolution(_, _, let finish), .transposedConvolution(_, _, _, let finish):
      finish.normalization
    case .residual(_, _, _, let normalization), .normalization(let normalization): normalization
    default: .none
    }
  }
}

/// The layers by the names that configurations use.
public enum LayerKind: String, Sendable, CaseIterable {
  case dense, maxout
  case convolution = "conv"
  case transposedConvolution = "transposed-conv"
  case residual, attention, upsample
  case averagePool = "average-pool"
  case sumPool = "sum-pool"
  case reshape, flatten
  case pixelNorm = "pixel-norm"
  case activation, normalization, dropout

  /// Whether it takes images `[channels, height, width]` and nothing else.
  public var isOfImages: Bool {
    switch self {
    case .convolution, .transposedConvolution, .residual, .attention, .upsample, .averagePool, .sumPool: true
    case .dense, .maxout, .reshape, .flatten, .pixelNorm, .activation, .normalization, .dropout: false
    }
  }

  /// Whether its name is an option of other layers too.
  public var isFinish: Bool { self == .activation || self == .normalization }
}

/// What follows a layer's linear map: first the normalization, then the activation.
public struct LayerFinish: Sendable, Equatable {
  /// Nil for none.
  public var activation: ActivationConfiguration?
  public var normalization: NormalizationKind

  public init(activation: ActivationConfiguration? = nil, normalization: NormalizationKind = .none) {
    self.activation = activation
    self.normalization = normalization
  }
}

/// A square kernel and how it moves over an image, in pixels.
public struct ConvolutionWindow: Sendable, Equatable {
  public var kernel: Int
  public var stride: Int
  /// Zeros around the image; of a transposed convolution, what is cut off around its map.
  public var padding: Int

  public init(kernel: Int, stride: Int = 1, padding: Int) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }
}

/// What a residual block makes of the extent, by the names that configurations use.
public enum ResidualKind: String, Sendable, CaseIterable {
  case same
  /// Twice the extent.
  case up
  /// Half the extent.
  case down
  /// Half the extent, for the data themselves: nothing before the first convolution.
  case first
}
