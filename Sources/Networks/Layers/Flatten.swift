import Tensors

/// `[batch, ...]` to `[batch, features]`.
public struct Flatten: StatelessLayer {
  public let name: String
  public init(_ name: String) { self.name = name }
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { x.flattened() }
}

/// `[batch, features]` to `[batch] + shape`.
public struct Unflatten: StatelessLayer {
  public let name: String
  /// The shape of one sample.
  public let shape: Shape

  public init(_ name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    x.reshape(Shape([x.rank > 0 ? x.shape[0] : 1] + shape.dimensions))
  }
}
