import Tensors

extension Tensor {
  /// This tensor, if its shape is `other`'s; else the error is recorded, where operators would broadcast in silence.
  func requiring(shapeOf other: Tensor) -> Tensor {
    if shape == other.shape { return self }
    // Of two different shapes at most one broadcasts to the other: the failing direction names both.
    return shape.broadcast(with: other.shape) == other.shape ? other.broadcast(to: shape) : broadcast(to: other.shape)
  }
}
