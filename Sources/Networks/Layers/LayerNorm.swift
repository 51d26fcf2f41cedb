import Tensors

/// Layer normalization: each sample by its own mean and (biased) variance.
///
/// y = scale·(x − μ)/√(σ² + ε) + offset, with μ and σ² over all axes of the sample that `shape` names.
///
/// Reference: [Layer Normalization](https://arxiv.org/abs/1607.06450), equations 3 and 4.
public struct LayerNorm: Layer {
  public let name: String
  /// The last axes of the input, which are normalized together.
  public let shape: Shape
  /// Of `shape`, or `[channels, 1, 1]` with one number a channel.
  public let scale: Variable
  public let offset: Variable
  public let epsilon: Double
  public var parameters: [Variable] { [scale, offset] }

  /// - Parameter isChannelwise: one scale and offset for each channel of `[channels, height, width]`; else for each element.
  public init(
    _ name: String, shape: Shape, isChannelwise: Bool = false, epsilon: Double = 1e-5, scale: Initializer = .ones,
    dtype: DType = .f32
  ) throws(NetworkError) {
    for (axis, extent) in shape.dimensions.enumerated() { try requirePositive(extent, "axis \(axis)", of: name) }
    self.name = name
    self.shape = shape
    self.epsilon = epsilon
    var affine = shape
    if isChannelwise { for axis in affine.dimensions.indices.dropFirst() { affine.dimensions[axis] = 1 } }
    let fan = Fan(input: shape.count, output: shape.count)
    self.scale = scale.variable("\(name)/scale", shape: affine, fan: fan, dtype: dtype)
    offset = Variable(name: "\(name)/offset", shape: affine, dtype: dtype, fill: 0)
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let axes = Array(max(0, x.rank - shape.rank)..<x.rank)
    return normalized(x, over: axes, epsilon: epsilon) * pass.value(of: scale) + pass.value(of: offset)
  }
}

/// Instance normalization: each channel of each image by its own mean and (biased) variance.
///
/// Reference: [Instance Normalization](https://arxiv.org/abs/1607.08022), section 2.
public struct InstanceNorm: Layer {
  public let name: String
  /// `[channels]`; nil for the plain normalization.
  public let scale: Variable?
  public let offset: Variable?
  public let epsilon: Double
  public var parameters: [Variable] { [scale, offset].compactMap { $0 } }

  public init(
    _ name: String, channels: Int, isAffine: Bool = true, epsilon: Double = 1e-5, scale: Initializer = .ones,
    dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    self.name = name
    self.epsilon = epsilon
    let fan = Fan(input: channels, output: channels)
    self.scale = isAffine ? scale.variable("\(name)/scale", shape: [channels], fan: fan, dtype: dtype) : nil
    offset = isAffine ? Variable(name: "\(name)/offset", shape: [channels], dtype: dtype, fill: 0) : nil
  }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let plain = normalized(x, over: Array(min(2, x.rank)..<x.rank), epsilon: epsilon)
    guard let scale, let offset else { return plain }
    let spread = channelShape(scale.shape.count, rank: x.rank)
    return plain * pass.value(of: scale).reshape(spread) + pass.value(of: offset).reshape(spread)
  }
}

/// (x − μ)/√(σ² + ε) over axes.
///
/// Both moments come in one walk over x, about some element of what is normalized together, as in `BatchNorm`.
func normalized(_ x: Tensor, over axes: [Int], epsilon: Double) -> Tensor {
  let first = (0..<x.rank).map { axes.contains($0) ? min(1, x.shape[$0]) : x.shape[$0] }
  let shift = x.slice(start: Array(repeating: 0, count: x.rank), end: first).detached
  let shifted = x - shift
  let mean = shifted.mean(axes: axes, keepingAxes: true)
  let variance = (shifted.square().mean(axes: axes, keepingAxes: true) - mean.square()).maximum(Tensor(0))
  return (x - (shift + mean)) * (variance + epsilon).rsqrt()
}
