import Tensors

/// Adds one image of N(0, 1) noise, times a learned weight for each channel that starts at 0: y = x + weight·noise.
///
/// The noise is drawn in training and in sampling, from a random stream of its own: the pass's prefix and the layer's name.
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 2.
public struct NoiseInjection: Layer {
  public let name: String
  /// `[channels]`.
  public let weight: Variable
  public var parameters: [Variable] { [weight] }

  /// - Throws: a `NetworkError` for no channels.
  public init(_ name: String, channels: Int, dtype: DType = .f32) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    self.name = name
    weight = Variable(name: "\(name)/weight", shape: [channels], dtype: dtype, fill: 0)
  }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let map = Shape([batchSize(of: x), 1] + x.shape.dimensions.dropFirst(2))
    let noise = Tensor.randomNormal(map, stream: pass.stream(name), dtype: weight.dtype)
    return x + noise * pass.value(of: weight).reshape(channelShape(weight.shape.count, rank: x.rank))
  }
}
