import CKernels
import Tensors

/// The loop that computes a fused value, and its parameter.
///
/// - Parameter type: of the value's first operand.
func kernelOperation(_ value: Value, from type: DType) -> (ck_operation, Double) {
  guard case .op(let op) = value.kind else { return (CK_COPY, 0) }
  switch op {
  case .unary(let unary): return operation(unary.function)
  case .binary(let binary): return (operation(binary.function), 0)
  case .compare(let compare): return (operation(compare.relation), 0)
  case .select: return (CK_SELECT, 0)
  case .cast(let cast):
    switch cast.dtype {
    case .i32: return (type.isFloating ? CK_TRUNCATE : CK_COPY, 0)
    case .bool: return (CK_IS_NONZERO, 0)
    case .f32, .f64: return (CK_COPY, 0)
    }
  default: return (CK_COPY, 0)
  }
}

/// Two operations that one loop computes: an outer one of what an inner one yields.
struct FusedPair {
  let inner: ck_operation
  let outer: ck_operation
  /// The value of the inner operation, and whether it is the outer one's second operand.
  let absorbed: Int
  let isSecond: Bool
  /// The inner operation's operands.
  let innerCount: Int
  let parameter: Double

  /// The pair of an outer value and one of its operands; nil where no loop computes it.
  init?(_ outer: Value, operand: Int, position: Int, inner: Value, from type: DType) {
    let (outerOperation, outerParameter) = kernelOperation(outer, from: .f32)
    let (innerOperation, innerParameter) = kernelOperation(inner, from: type)
    guard outer.type.dtype == .f32, inner.type.dtype == .f32, type == .f32,
      ck_fused_function(
        Int32(innerOperation.rawValue), Int32(outerOperation.rawValue), position == 1 ? 1 : 0, 0) != nil
    else { return nil }
    (self.inner, self.outer) = (innerOperation, outerOperation)
    absorbed = operand
    isSecond = position == 1
    innerCount = inner.operands.count
    parameter = innerOperation == CK_STEP ? innerParameter : outerParameter
  }

  func function(_ scalars: Int32) -> ck_function? {
    ck_fused_function(Int32(inner.rawValue), Int32(outer.rawValue), isSecond ? 1 : 0, scalars)
  }
}

private func operation(_ function: Unary.Function) -> (ck_operation, Double) {
  switch function {
  case .negate: (CK_NEGATE, 0)
  case .reciprocal: (CK_RECIPROCAL, 0)
  case .square: (CK_SQUARE, 0)
  case .exp: (CK_EXP, 0)
  case .expm1: (CK_EXPM1, 0)
  case .log: (CK_LOG, 0)
  case .log1p: (CK_LOG1P, 0)
  case .sqrt: (CK_SQRT, 0)
  case .rsqrt: (CK_RSQRT, 0)
  case .erf: (CK_ERF, 0)
  case .sin: (CK_SIN, 0)
  case .cos: (CK_COS, 0)
  case .tanh: (CK_TANH, 0)
  case .sigmoid: (CK_SIGMOID, 0)
  case .softplus: (CK_SOFTPLUS, 0)
  case .abs: (CK_ABS, 0)
  case .sign: (CK_SIGN, 0)
  case .relu: (CK_RELU, 0)
  case .leakyRelu(let slope): (CK_LEAKY_RELU, slope)
  case .step(let otherwise): (CK_STEP, otherwise)
  case .power(let exponent): (CK_POWER_CONSTANT, exponent)
  case .isFinite: (CK_IS_FINITE, 0)
  }
}

private func operation(_ function: Binary.Function) -> ck_operation {
  switch function {
  case .add: CK_ADD
  case .subtract: CK_SUBTRACT
  case .multiply: CK_MULTIPLY
  case .divide: CK_DIVIDE
  case .minimum: CK_MINIMUM
  case .maximum: CK_MAXIMUM
  case .power: CK_POWER
  }
}

private func operation(_ relation: Compare.Relation) -> ck_operation {
  switch relation {
  case .equal: CK_EQUAL
  case .notEqual: CK_NOT_EQUAL
  case .less: CK_LESS
  case .lessOrEqual: CK_LESS_OR_EQUAL
  case .greater: CK_GREATER
  case .greaterOrEqual: CK_GREATER_OR_EQUAL
  }
}
