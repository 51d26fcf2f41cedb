import Tensors

extension Condition {
  /// The style of each layer of a generator, the w of StyleGAN: `[batch, styles, width]`. A `StyleMapping` gives it to the
  /// layers after it.
  public static let styles = Condition("styles")
}

/// Adaptive instance normalization: y = (1 + s)·(x − μ)/√(σ² + ε) + b with μ and σ² of each channel of each image, and
/// (s, b) an equalized affine map of the image's style.
///
/// References: [Huang and Belongie 2017](https://arxiv.org/abs/1703.06868), equation 8;
/// [StyleGAN](https://arxiv.org/abs/1812.04948), equation 1.
public struct AdaIN: Layer {
  public let name: String
  /// From the style, `[width]`, to s and b, `[2·channels]`; s starts around 0.
  public let affine: EqualizedDense
  /// Which of the styles of `Condition.styles` the layer takes.
  public let index: Int
  public let epsilon: Double
  public var parameters: [Variable] { affine.parameters }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, channels: Int, style width: Int, index: Int = 0, epsilon: Double = 1e-8, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    self.name = name
    self.index = index
    self.epsilon = epsilon
    affine = try EqualizedDense("\(name)/style", input: width, output: 2 * channels, gain: 1, dtype: dtype)
  }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let styles = pass.value(of: Condition.styles).cast(to: x.dtype)
    let channels = affine.weight.shape[1] / 2
    let batch = batchSize(of: x)
    let style = styles.slice(axis: 1, from: index, to: index + 1).reshape([batch, affine.weight.shape[0]])
    let both = affine(style, in: &pass).reshape([batch, 2 * channels, 1, 1])
    let scale = both.slice(axis: 1, from: 0, to: channels)
    let offset = both.slice(axis: 1, from: channels, to: 2 * channels)
    let plain = normalized(x, over: Array(min(2, x.rank)..<x.rank), epsilon: epsilon)
    return plain * (1 + scale) + offset
  }
}
