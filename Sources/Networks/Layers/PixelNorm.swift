import Tensors

/// Each pixel's vector of channels divided by its root mean square: y = x/√(mean_c x² + ε).
///
/// Of vectors `[batch, channels]` and of images `[batch, channels, height, width]`.
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 4.2.
public struct PixelNorm: StatelessLayer {
  public let name: String
  public let epsilon: Double

  public init(_ name: String, epsilon: Double = 1e-8) {
    self.name = name
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    x * (x.square().mean(axes: [1], keepingAxes: true) + epsilon).rsqrt()
  }
}
