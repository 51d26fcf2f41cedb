/// Rows of a table: `table` `[rows, ...]` and i32 `indices` `[...]` give `[indices..., ...]`; an index outside counts as the nearest row.
public struct Gather: Operation {
  public var name: String { "gather" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard operands[1].dtype == .i32 else {
      throw .typeMismatch(operation: name, types: operands.map(\.dtype), rule: "expected i32 indices", label: label)
    }
    guard operands[0].shape.rank > 0, operands[0].shape[0] > 0 else {
      throw .shapeMismatch(
        operation: name, shapes: operands.map(\.shape), rule: "expected a table of rows", label: label)
    }
    let shape = Shape(operands[1].shape.dimensions + operands[0].shape.dimensions.dropFirst())
    return TensorType(shape: shape, dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    [incoming.scatterAdd(rows: operands[0].shape[0], indices: operands[1]), nil]
  }
}

/// The transpose of `Gather`: rows of zeros to which each row of the values is added at its index.
public struct ScatterAdd: Operation {
  public let rows: Int
  public var name: String { "scatterAdd" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard operands[1].dtype == .i32, operands[0].dtype.isFloating else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected floating values and i32 indices", label: label)
    }
    let (values, indices) = (operands[0].shape, operands[1].shape)
    guard rows > 0, values.rank >= indices.rank, Array(values.dimensions.prefix(indices.rank)) == indices.dimensions
    else {
      throw .shapeMismatch(
        operation: name, shapes: [values, indices], rule: "expected a row of values for each index", label: label)
    }
    return TensorType(shape: Shape([rows] + values.dimensions.dropFirst(indices.rank)), dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    [incoming.gather(operands[1]), nil]
  }
}

extension Tensor {
  /// The rows of this table `[rows, ...]` at i32 `indices`.
  public func gather(_ indices: Tensor) -> Tensor { .apply(.gather(Gather()), [self, indices]) }

  /// Adds each row of this tensor to the row of its index, in a table of `rows` rows.
  public func scatterAdd(rows: Int, indices: Tensor) -> Tensor {
    .apply(.scatterAdd(ScatterAdd(rows: rows)), [self, indices])
  }

  /// 1 at the class of each i32 index, 0 elsewhere: `[...]` to `[..., classes]`.
  public func oneHot(classes: Int, dtype: DType = .f32) -> Tensor {
    let wide = Shape(shape.dimensions + [classes])
    let classIndex = Tensor.apply(.iota(Iota(shape: wide, axis: rank, dtype: self.dtype)), [])
    return (reshape(Shape(shape.dimensions + [1])) .== classIndex).cast(to: dtype)
  }
}
