import Tensors

/// What a layer is modulated by: a vector that the pass holds as one of its conditions, such as the one-hot class.
public struct NormModulation: Sendable, Hashable {
  public let condition: Condition
  /// Elements of the vector.
  public let dimension: Int
  /// How the maps from the vector to scales and offsets are drawn; zeros make the layer start unmodulated.
  public let initializer: Initializer
  public let spectral: SpectralNorm?

  public init(
    _ condition: Condition, dimension: Int, initializer: Initializer = .zeros, spectral: SpectralNorm? = nil
  ) {
    self.condition = condition
    self.dimension = dimension
    self.initializer = initializer
    self.spectral = spectral
  }

  /// One scale and one offset for each class.
  public static func classes(_ count: Int) -> NormModulation { NormModulation(.classes, dimension: count) }
}

/// Batch normalization whose scale and offset are affine in a condition c of each sample.
///
/// y = (1 + c·A)·(x − μ)/√(σ² + ε) + c·B with moments as in `BatchNorm`. For a one-hot class, rows of 1 + A and B are the
/// scales and offsets of each class (de Vries et al. 2017, Miyato and Koyama 2018); in BigGAN c is the shared class
/// embedding beside a part of z.
///
/// References: [Modulating early visual processing](https://arxiv.org/abs/1707.00683), section 3.1;
/// [BigGAN](https://arxiv.org/abs/1809.11096), appendix B.
public struct ConditionalBatchNorm: Layer {
  public let name: String
  public let modulation: NormModulation
  private let scale: LayerWeight
  private let offset: LayerWeight
  private let moments: BatchMoments
  /// A and B, `[dimension, channels]` each.
  public var parameters: [Variable] { [scale.variable, offset.variable] }
  public var statistics: [Variable] { moments.statistics + scale.statistics + offset.statistics }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, channels: Int, modulation: NormModulation, momentum: Double = 0.1, epsilon: Double = 1e-5,
    dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    try requirePositive(modulation.dimension, "dimension", of: name)
    self.name = name
    self.modulation = modulation
    moments = BatchMoments(name, channels: channels, momentum: momentum, epsilon: epsilon, dtype: dtype)
    let fan = Fan(input: modulation.dimension, output: channels)
    func map(_ part: String) throws(NetworkError) -> LayerWeight {
      let weight = modulation.initializer.variable(
        "\(name)/\(part)", shape: [modulation.dimension, channels], fan: fan, dtype: dtype)
      return try LayerWeight(weight, outputAxis: 1, spectral: modulation.spectral, layer: name)
    }
    scale = try map("scale")
    offset = try map("offset")
  }

  /// - Parameter x: `[batch, channels]` or `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let channels = moments.runningMean.shape.count
    let vector = pass.value(of: modulation.condition).cast(to: scale.variable.dtype)
    let spread = Shape([-1] + channelShape(channels, rank: x.rank).dimensions.dropFirst())
    let scales = 1 + vector.matmul(scale(in: &pass))
    let offsets = vector.matmul(offset(in: &pass))
    return moments.normalize(x, scale: scales.reshape(spread), offset: offsets.reshape(spread), in: &pass)
  }
}
