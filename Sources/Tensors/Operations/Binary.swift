/// An element-wise function of two tensors of the same shape; the operators broadcast first.
public struct Binary: Operation {
  public enum Function: String, Hashable, Sendable { case add, subtract, multiply, divide, minimum, maximum, power }
  public let function: Function
  package init(function: Function) {
    self.function = function
  }

  public var name: String { function.rawValue }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    try operands.requireEqual(name, label)
    guard operands[0].dtype != .bool else {
      throw .typeMismatch(operation: name, types: operands.map(\.dtype), rule: "expected numbers", label: label)
    }
    return operands[0]
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming g: Tensor) -> [Tensor?] {
    let a = operands[0]
    let b = operands[1]
    switch function {
    case .add: return [g, g]
    case .subtract: return [g, -g]
    case .multiply: return [g * b, g * a]
    case .divide: return [g / b, -g * output / b]
    // A tie gives each side half, as a limit of smooth maxima does.
    case .minimum: return [g * share(a .< b, a .== b, g.dtype), g * share(b .< a, a .== b, g.dtype)]
    case .maximum: return [g * share(a .> b, a .== b, g.dtype), g * share(b .> a, a .== b, g.dtype)]
    case .power: return [g * b * a.power(b - 1), g * output * a.log()]
    }
  }

  private func share(_ wins: Tensor, _ ties: Tensor, _ type: DType) -> Tensor {
    wins.select(Tensor(1, dtype: type), ties.select(Tensor(0.5, dtype: type), Tensor(0, dtype: type)))
  }
}

extension [TensorType] {
  func requireEqual(_ name: String, _ label: String) throws(TensorError) {
    guard allSatisfy({ $0.shape == self[0].shape }) else {
      throw .shapeMismatch(operation: name, shapes: map(\.shape), rule: "expected equal shapes", label: label)
    }
    guard allSatisfy({ $0.dtype == self[0].dtype }) else {
      throw .typeMismatch(operation: name, types: map(\.dtype), rule: "expected equal types", label: label)
    }
  }
}

extension Tensor {
  /// Applies a function to two tensors broadcast to their common shape.
  static func combine(_ lhs: Tensor, _ rhs: Tensor, _ name: String, _ op: Op) -> Tensor {
    if lhs.isPoisoned { return lhs }
    if rhs.isPoisoned { return rhs }
    guard let shape = lhs.shape.broadcast(with: rhs.shape) else {
      return .poison(
        .shapesDoNotBroadcast(operation: name, lhs: lhs.shape, rhs: rhs.shape, label: Trace.label), like: lhs)
    }
    var (a, b) = (lhs, rhs)
    // Literals take the type of what they meet.
    if a.dtype != b.dtype {
      if a.isScalarConstant { a = a.retyped(b.dtype) } else if b.isScalarConstant { b = b.retyped(a.dtype) }
    }
    return .apply(op, [a.broadcast(to: shape), b.broadcast(to: shape)])
  }

  private var isScalarConstant: Bool {
    if case .constant(let constant) = node.op { constant.values.count == 1 } else { false }
  }

  private func retyped(_ dtype: DType) -> Tensor {
    guard case .constant(let constant) = node.op else { return self }
    return .apply(.constant(Constant(values: constant.values, shape: constant.shape, dtype: dtype)), [])
  }

  private func combine(_ other: Tensor, _ function: Binary.Function) -> Tensor {
    .combine(self, other, function.rawValue, .binary(Binary(function: function)))
  }

  public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.combine(rhs, .add) }
  public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.combine(rhs, .subtract) }
  public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.combine(rhs, .multiply) }
  public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.combine(rhs, .divide) }

  public static func + (lhs: Tensor, rhs: Double) -> Tensor { lhs + Tensor(rhs, dtype: lhs.dtype) }
  public static func - (lhs: Tensor, rhs: Double) -> Tensor { lhs - Tensor(rhs, dtype: lhs.dtype) }
  public static func * (lhs: Tensor, rhs: Double) -> Tensor { lhs * Tensor(rhs, dtype: lhs.dtype) }
  public static func / (lhs: Tensor, rhs: Double) -> Tensor { lhs / Tensor(rhs, dtype: lhs.dtype) }
  public static func + (lhs: Double, rhs: Tensor) -> Tensor { Tensor(lhs, dtype: rhs.dtype) + rhs }
  public static func - (lhs: Double, rhs: Tensor) -> Tensor { Tensor(lhs, dtype: rhs.dtype) - rhs }
  public static func * (lhs: Double, rhs: Tensor) -> Tensor { Tensor(lhs, dtype: rhs.dtype) * rhs }
  public static func / (lhs: Double, rhs: Tensor) -> Tensor { Tensor(lhs, dtype: rhs.dtype) / rhs }

  public func minimum(_ other: Tensor) -> Tensor { combine(other, .minimum) }
  public func maximum(_ other: Tensor) -> Tensor { combine(other, .maximum) }
  /// x to the power of `exponent`, element by element; the gradient for the exponent needs x > 0.
  public func power(_ exponent: Tensor) -> Tensor { combine(exponent, .power) }
}
