/// The matrix product over the last two axes, `[..., m, k] · [..., k, n]`; the leading axes are equal.
public struct MatMul: Operation {
  public var name: String { "matmul" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let (a, b) = (operands[0].shape, operands[1].shape)
    guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloating else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected equal floating types", label: label)
    }
    guard a.rank >= 2, a.rank == b.rank, a[a.rank - 1] == b[b.rank - 2],
      a.dimensions.dropLast(2) == b.dimensions.dropLast(2)
    else {
      throw .shapeMismatch(
        operation: name, shapes: [a, b], rule: "expected [..., m, k] and [..., k, n] with equal leading axes",
        label: label)
    }
    return TensorType(shape: Shape(a.dimensions.dropLast() + [b[b.rank - 1]]), dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    [incoming.matmul(operands[1].transposed()), operands[0].transposed().matmul(incoming)]
  }
}

extension Tensor {
  /// The matrix product over the last two axes; leading axes broadcast.
  public func matmul(_ other: Tensor) -> Tensor {
    if isPoisoned { return self }
    if other.isPoisoned { return other }
    guard rank >= 2, other.rank >= 2,
      let leading = Shape(Array(shape.dimensions.dropLast(2))).broadcast(
        with: Shape(Array(other.shape.dimensions.dropLast(2))))
    else {
      return .poison(
        .shapeMismatch(
          operation: "matmul", shapes: [shape, other.shape], rule: "expected [..., m, k] and [..., k, n]",
          label: Trace.label), like: self)
    }
    let left = broadcast(to: Shape(leading.dimensions + shape.dimensions.suffix(2)))
    let right = other.broadcast(to: Shape(leading.dimensions + other.shape.dimensions.suffix(2)))
    return .apply(.matmul(MatMul()), [left, right])
  }
}
