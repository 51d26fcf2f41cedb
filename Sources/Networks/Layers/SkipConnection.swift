import Tensors

/// Layers with a connection around them, which joins their result to their input.
public struct SkipConnection: Layer {
  public enum Joint: String, Sendable, Hashable {
    /// y = x + f(x): the residual connection of He et al. 2015, arXiv:1512.03385.
    case sum
    /// f(x)'s channels, then x's: the skip connection of the [U-Net](https://arxiv.org/abs/1505.04597).
    case concatenation
  }

  public let name: String
  public let joint: Joint
  public let layers: [any Layer]
  public var parameters: [Variable] { layers.flatMap(\.parameters) }
  public var statistics: [Variable] { layers.flatMap(\.statistics) }

  public init(_ name: String, _ joint: Joint, around layers: [any Layer]) {
    self.name = name
    self.joint = joint
    self.layers = layers
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let result = run(layers, in: name, on: x, in: &pass)
    switch joint {
    case .sum: return x + result
    case .concatenation: return Tensor.concatenate([result, x], axis: 1)
    }
  }
}
