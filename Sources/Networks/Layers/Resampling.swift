import Tensors

/// Each pixel repeated `factor` times along both axes: `[batch, channels, height, width]` to
/// `[batch, channels, factor·height, factor·width]`.
public struct NearestUpsampling: StatelessLayer {
  public let name: String
  public let factor: Int

  /// - Throws: a `NetworkError` for a factor below 1.
  public init(_ name: String, factor: Int = 2) throws(NetworkError) {
    try requirePositive(factor, "factor", of: name)
    self.name = name
    self.factor = factor
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { x.upsampledNearest(factor) }
}

/// The mean of each `factor` by `factor` block: `[batch, channels, height, width]` to
/// `[batch, channels, height/factor, width/factor]`.
public struct AveragePooling: StatelessLayer {
  public let name: String
  public let factor: Int

  /// - Throws: a `NetworkError` for a factor below 1.
  public init(_ name: String, factor: Int = 2) throws(NetworkError) {
    try requirePositive(factor, "factor", of: name)
    self.name = name
    self.factor = factor
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { x.averagePooled(factor) }
}

/// The fixed low-pass filter [1, 2, 1]/4 along both axes, channel by channel, with zeros around the image.
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 2 ("bilinear up/downsampling"), appendix C.
public struct Blur: StatelessLayer {
  public let name: String
  public init(_ name: String) { self.name = name }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let channels = x.rank > 1 ? x.shape[1] : 1
    let taps = [1.0, 2, 1]
    let filter = taps.flatMap { row in taps.map { row * $0 / 16 } }
    let weight = Tensor(filter, shape: [1, 1, 3, 3], dtype: x.dtype).broadcast(to: [channels, 1, 3, 3])
    return x.convolution(weight, ConvolutionGeometry(padding: 1, groups: channels))
  }
}
