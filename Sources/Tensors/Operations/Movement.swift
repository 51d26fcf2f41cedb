/// The same elements in row-major order under another shape.
public struct Reshape: Operation {
  public let shape: Shape
  public var name: String { "reshape" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard shape.count == operands[0].shape.count, shape.dimensions.allSatisfy({ $0 >= 0 }) else {
      throw .shapeMismatch(
        operation: name, shapes: [operands[0].shape, shape], rule: "expected as many elements", label: label)
    }
    return TensorType(shape: shape, dtype: operands[0].dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    [incoming.reshape(operands[0].shape)]
  }
}

/// The axes in another order: axis i of the result is axis `permutation[i]` of the operand.
public struct Transpose: Operation {
  public let permutation: [Int]
  package init(permutation: [Int]) {
    self.permutation = permutation
  }

  public var name: String { "transpose" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let shape = operands[0].shape
    guard permutation.sorted() == Array(0..<shape.rank) else {
      throw .shapeMismatch(
        operation: name, shapes: [shape, Shape(permutation)], rule: "expected a permutation of the axes", label: label)
    }
    return TensorType(shape: Shape(permutation.map { shape[$0] }), dtype: operands[0].dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    var inverse = permutation
    for (position, axis) in permutation.enumerated() { inverse[axis] = position }
    return [incoming.transpose(inverse)]
  }
}

/// Axes of extent 1 repeated to the extents of `shape`, which has the operand's rank.
public struct Broadcast: Operation {
  public let shape: Shape
  public var name: String { "broadcast" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let from = operands[0].shape
    guard from.rank == shape.rank, zip(from.dimensions, shape.dimensions).allSatisfy({ $0 == $1 || $0 == 1 }) else {
      throw .shapesDoNotBroadcast(operation: name, lhs: from, rhs: shape, label: label)
    }
    return TensorType(shape: shape, dtype: operands[0].dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let from = operands[0].shape
    let axes = (0..<shape.rank).filter { from[$0] != shape[$0] }
    return [incoming.sum(axes: axes, keepingAxes: true)]
  }
}

/// The elements from `start` until `end` along each axis, every `step`-th.
public struct Slice: Operation {
  public let start: [Int]
  public let end: [Int]
  public let step: [Int]
  public var name: String { "slice" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let shape = operands[0].shape
    let counts = [start.count, end.count, step.count]
    let fits =
      counts.allSatisfy { $0 == shape.rank }
      && (0..<shape.rank).allSatisfy { axis -> Bool in
        let (from, to): (Int, Int) = (start[axis], end[axis])
        return from >= 0 && from <= to && to <= shape[axis] && step[axis] > 0
      }
    guard fits else {
      throw .shapeMismatch(
        operation: name, shapes: [shape, Shape(start), Shape(end)], rule: "expected 0 <= start <= end <= extent",
        label: label)
    }
    let extents = (0..<shape.rank).map { axis -> Int in (end[axis] - start[axis] + step[axis] - 1) / step[axis] }
    return TensorType(shape: Shape(extents), dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let shape = operands[0].shape
    let high = (0..<shape.rank).map { axis -> Int in
      let covered = output.shape[axis] == 0 ? 0 : (output.shape[axis] - 1) * step[axis] + 1
      return shape[axis] - start[axis] - covered
    }
    return [incoming.pad(low: start, high: high, interior: step.map { $0 - 1 })]
  }
}

/// Zeros before, after and (`interior` many) between the elements of each axis.
public struct Pad: Operation {
  public let low: [Int]
  public let high: [Int]
  public let interior: [Int]
  public var name: String { "pad" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let shape = operands[0].shape
    let fits =
      low.count == shape.rank && high.count == shape.rank && interior.count == shape.rank
      && (low + high + interior).allSatisfy { $0 >= 0 }
    guard fits else {
      throw .shapeMismatch(
        operation: name, shapes: [shape, Shape(low), Shape(high)], rule: "expected paddings >= 0 for each axis",
        label: label)
    }
    let extents = (0..<shape.rank).map { axis -> Int in
      let between = Swift.max(0, shape[axis] - 1) * interior[axis]
      return low[axis] + high[axis] + shape[axis] + between
    }
    return TensorType(shape: Shape(extents), dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let end = (0..<low.count).map { output.shape[$0] - high[$0] }
    return [incoming.slice(start: low, end: end, step: interior.map { $0 + 1 })]
  }
}

/// Tensors one after another along an axis.
public struct Concatenate: Operation {
  public let axis: Int
  public var name: String { "concatenate" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let first = operands[0].shape
    guard axis >= 0, axis < first.rank else {
      throw .axisOutOfRange(operation: name, axis: axis, shape: first, label: label)
    }
    var extents = first.dimensions
    extents[axis] = 0
    for operand in operands {
      guard operand.shape.rank == first.rank,
        (0..<first.rank).allSatisfy({ $0 == axis || operand.shape[$0] == first[$0] })
      else {
        throw .shapeMismatch(
          operation: name, shapes: operands.map(\.shape), rule: "expected equal extents but along axis \(axis)",
          label: label)
      }
      guard operand.dtype == operands[0].dtype else {
        throw .typeMismatch(operation: name, types: operands.map(\.dtype), rule: "expected equal types", label: label)
      }
      extents[axis] += operand.shape[axis]
    }
    return TensorType(shape: Shape(extents), dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    var offset = 0
    return operands.map { operand in
      defer { offset += operand.shape[axis] }
      return incoming.slice(axis: axis, from: offset, to: offset + operand.shape[axis])
    }
  }
}

extension Tensor {
  /// The same elements under another shape; one extent may be −1, to be inferred.
  public func reshape(_ shape: Shape) -> Tensor {
    var target = shape
    if let free = shape.dimensions.firstIndex(of: -1) {
      let known = shape.dimensions.filter { $0 != -1 }.reduce(1, *)
      target.dimensions[free] = known > 0 ? self.shape.count / known : 0
    }
    return target == self.shape ? self : .apply(.reshape(Reshape(shape: target)), [self])
  }

  /// Keeps the first axis and flattens the others: `[batch, ...]` to `[batch, features]`.
  public func flattened() -> Tensor {
    guard rank > 0 else { return reshape([1, 1]) }
    return reshape([shape[0], shape.dimensions.dropFirst().reduce(1, *)])
  }

  public func transpose(_ permutation: [Int]) -> Tensor {
    permutation == Array(0..<rank) ? self : .apply(.transpose(Transpose(permutation: permutation)), [self])
  }

  /// The last two axes exchanged.
  public func transposed() -> Tensor {
    guard rank >= 2 else { return self }
    var permutation = Array(0..<rank)
    permutation.swapAt(rank - 1, rank - 2)
    return transpose(permutation)
  }

  /// Repeats axes of extent 1, and adds leading axes, until the shape is `shape`.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape || isPoisoned { return self }
    guard shape.rank >= rank else {
      return .poison(
        .shapesDoNotBroadcast(operation: "broadcast", lhs: self.shape, rhs: shape, label: Trace.label), like: self)
    }
    let aligned = reshape(Shape(Array(repeating: 1, count: shape.rank - rank) + self.shape.dimensions))
    return aligned.shape == shape ? aligned : .apply(.broadcast(Broadcast(shape: shape)), [aligned])
  }

  public func slice(start: [Int], end: [Int], step: [Int]? = nil) -> Tensor {
    let steps = step ?? Array(repeating: 1, count: rank)
    if start.allSatisfy({ $0 == 0 }), end == shape.dimensions, steps.allSatisfy({ $0 == 1 }) { return self }
    return .apply(.slice(Slice(start: start, end: end, step: steps)), [self])
  }

  /// The elements `from ..< to` along one axis.
  public func slice(axis: Int, from: Int, to: Int) -> Tensor {
    guard axis >= 0, axis < rank else {
      return .poison(.axisOutOfRange(operation: "slice", axis: axis, shape: shape, label: Trace.label), like: self)
    }
    var start = Array(repeating: 0, count: rank)
    var end = shape.dimensions
    start[axis] = from
    end[axis] = to
    return slice(start: start, end: end)
  }

  public func pad(low: [Int], high: [Int], interior: [Int]? = nil) -> Tensor {
    let between = interior ?? Array(repeating: 0, count: rank)
    if (low + high + between).allSatisfy({ $0 == 0 }) { return self }
    return .apply(.pad(Pad(low: low, high: high, interior: between)), [self])
  }

  public static func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
    guard let first = tensors.first else { return Tensor([], shape: [0]) }
    return tensors.count == 1 ? first : .apply(.concatenate(Concatenate(axis: axis)), tensors)
  }
}
