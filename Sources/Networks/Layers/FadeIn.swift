import Tensors

extension Condition {
  /// How far a progressive network's newest resolution has faded in, from 0 to 1; a scalar.
  public static let alpha = Condition("alpha")
}

/// A new path of a network that fades in beside the old one: y = (1 − α)·old(x) + α·new(x), with α = `Condition.alpha`.
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), figure 2.
public struct FadeIn: Layer {
  public let name: String
  public let old: [any Layer]
  public let new: [any Layer]
  public var parameters: [Variable] { (old + new).flatMap(\.parameters) }
  public var statistics: [Variable] { (old + new).flatMap(\.statistics) }

  /// - Parameters:
  ///   - old: layers one after another.
  ///   - new: layers one after another, with a result of the same shape.
  public init(_ name: String, old: [any Layer], new: [any Layer]) {
    self.name = name
    self.old = old
    self.new = new
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let alpha = pass.value(of: Condition.alpha).cast(to: x.dtype)
    let before = run(old, in: name, on: x, in: &pass)
    let after = run(new, in: name, on: x, in: &pass)
    return (1 - alpha) * before + alpha * after
  }
}
