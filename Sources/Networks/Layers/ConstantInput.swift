import Tensors

/// A learned image `[1, channels, size, size]` that stands at the start of a generator whose latent enters elsewhere.
///
/// It starts at N(0, 1): an image of ones, as in the authors' first code, has no variance for the first AdaIN to divide by.
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 2.
public struct ConstantInput: Layer {
  public let name: String
  /// `[1, channels, size, size]`.
  public let image: Variable
  public var parameters: [Variable] { [image] }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(_ name: String, channels: Int, size: Int = 4, dtype: DType = .f32) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    try requirePositive(size, "size", of: name)
    self.name = name
    image = Initializer.normal(deviation: 1).variable(
      "\(name)/image", shape: [1, channels, size, size], fan: Fan(input: 1, output: channels), dtype: dtype)
  }

  /// - Parameter x: `[batch, ...]`, of which only the batch counts.
  /// - Returns: `[batch, channels, size, size]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    pass.value(of: image).broadcast(to: Shape([batchSize(of: x)] + image.shape.dimensions.dropFirst()))
  }
}
