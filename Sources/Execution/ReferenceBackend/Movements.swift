import Tensors

/// Where the elements of a tensor of this shape lie, in row-major order, in a buffer with these strides.
func offsets(of shape: Shape, strides: [Int], base: Int = 0) -> [Int] {
  var offsets = [base]
  for (extent, stride) in zip(shape.dimensions, strides) {
    var next: [Int] = []
    next.reserveCapacity(offsets.count * extent)
    for offset in offsets { for index in 0..<extent { next.append(offset + index * stride) } }
    offsets = next
  }
  return offsets
}

extension Operand {
  func broadcast(to shape: Shape) -> [Double] {
    let strides = zip(self.shape.dimensions, self.shape.rowMajorStrides).map { extent, stride in
      extent == 1 ? 0 : stride
    }
    return offsets(of: shape, strides: strides).map { values[$0] }
  }

  /// The rows at `indices`, each moved to the nearest row of the table.
  func gather(_ indices: Operand) -> [Double] {
    let row = shape.dimensions.dropFirst().reduce(1, *)
    return indices.values.flatMap { index -> ArraySlice<Double> in
      let start = min(max(Int(index), 0), shape[0] - 1) * row
      return values[start..<start + row]
    }
  }
}

extension ScatterAdd {
  func evaluate(_ operand: Operand, indices: Operand, _ shape: Shape) -> [Double] {
    var result = Array(repeating: 0.0, count: shape.count)
    let row = shape.dimensions.dropFirst().reduce(1, *)
    for (position, index) in indices.values.enumerated() {
      let start = min(max(Int(index), 0), rows - 1) * row
      for column in 0..<row { result[start + column] += operand.values[position * row + column] }
    }
    return result
  }
}

extension Transpose {
  func evaluate(_ operand: Operand, _ shape: Shape) -> [Double] {
    let strides = operand.shape.rowMajorStrides
    return offsets(of: shape, strides: permutation.map { strides[$0] }).map { operand.values[$0] }
  }
}

extension Slice {
  func evaluate(_ operand: Operand, _ shape: Shape) -> [Double] {
    let strides = operand.shape.rowMajorStrides
    let base = zip(start, strides).map(*).reduce(0, +)
    return offsets(of: shape, strides: zip(step, strides).map(*), base: base).map { operand.values[$0] }
  }
}

extension Pad {
  func evaluate(_ operand: Operand, _ shape: Shape) -> [Double] {
    let strides = shape.rowMajorStrides
    let base = zip(low, strides).map(*).reduce(0, +)
    let steps = zip(interior, strides).map { between, stride in (between + 1) * stride }
    var result = Array(repeating: 0.0, count: shape.count)
    for (offset, value) in zip(offsets(of: operand.shape, strides: steps, base: base), operand.values) {
      result[offset] = value
    }
    return result
  }
}

extension Concatenate {
  func evaluate(_ operands: [Operand], _ shape: Shape) -> [Double] {
    let outer = shape.dimensions.prefix(axis).reduce(1, *)
    return (0..<outer).flatMap { index in
      operands.flatMap { operand -> ArraySlice<Double> in
        let count = operand.shape.dimensions.dropFirst(axis).reduce(1, *)
        return operand.values[index * count..<(index + 1) * count]
      }
    }
  }
}
