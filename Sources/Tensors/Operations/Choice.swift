/// A comparison, element by element; the result is of type bool.
public struct Compare: Operation {
  public enum Relation: String, Hashable, Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }
  public let relation: Relation
  public var name: String { relation.rawValue }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    try operands.requireEqual(name, label)
    return TensorType(shape: operands[0].shape, dtype: .bool)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [nil, nil] }
}

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
  private func compare(_ other: Tensor, _ relation: Compare.Relation) -> Tensor {
    .combine(self, other, relation.rawValue, .compare(Compare(relation: relation)))
  }
  public static func .== (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .equal) }
  public static func .!= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .notEqual) }
  public static func .< (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .less) }
  public static func .<= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .lessOrEqual) }
  public static func .> (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .greater) }
  public static func .>= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.compare(rhs, .greaterOrEqual) }
}

/// The second operand where the first is true, else the third.
public struct Select: Operation {
  public var name: String { "select" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard operands[0].dtype == .bool else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected bool for the condition", label: label)
    }
    try Array(operands.dropFirst()).requireEqual(name, label)
    guard operands[0].shape == operands[1].shape else {
      throw .shapeMismatch(operation: name, shapes: operands.map(\.shape), rule: "expected equal shapes", label: label)
    }
    return operands[1]
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let zero = Tensor(0, dtype: incoming.dtype)
    return [nil, operands[0].select(incoming, zero), operands[0].select(zero, incoming)]
  }
}

extension Tensor {
  /// `yes` where this tensor is true, else `no`, broadcast to the common shape.
  public func select(_ yes: Tensor, _ no: Tensor) -> Tensor {
    guard let shape = shape.broadcast(with: yes.shape)?.broadcast(with: no.shape) else {
      return .poison(
        .shapeMismatch(
          operation: "select", shapes: [self.shape, yes.shape, no.shape], rule: "expected shapes that broadcast",
          label: Trace.label), like: yes)
    }
    return .apply(.select(Select()), [broadcast(to: shape), yes.broadcast(to: shape), no.broadcast(to: shape)])
  }
}

/// The nearest value in another type; towards zero from floating to integer, "is not zero" to bool.
public struct Cast: Operation {
  public let dtype: DType
  public var name: String { "cast" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    TensorType(shape: operands[0].shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    [dtype.isFloating && operands[0].dtype.isFloating ? incoming.cast(to: operands[0].dtype) : nil]
  }
}

extension Tensor {
  public func cast(to dtype: DType) -> Tensor { dtype == self.dtype ? self : .apply(.cast(Cast(dtype: dtype)), [self]) }
}
