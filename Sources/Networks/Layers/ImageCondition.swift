import Tensors

extension Condition {
  /// An image beside the input, such as the one that was translated: `[batch, channels, height, width]`.
  public static let image = Condition("image")
}

/// Puts the channels of `Condition.image` before those of the input, of equal height and width.
public struct ImageCondition: StatelessLayer {
  public let name: String
  public init(_ name: String) { self.name = name }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    Tensor.concatenate([pass.value(of: Condition.image).cast(to: x.dtype), x], axis: 1)
  }
}
