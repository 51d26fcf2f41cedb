/// An element-wise function of one tensor.
public struct Unary: Operation {
  public enum Function: Hashable, Sendable {
    case negate, reciprocal, square
    case exp, expm1, log, log1p, sqrt, rsqrt, erf, sin, cos, tanh, sigmoid, softplus
    case abs, sign, relu
    /// x where x > 0, else slope · x.
    case leakyRelu(slope: Double)
    /// 1 where x > 0, else `otherwise`.
    case step(otherwise: Double)
    /// x to a constant power.
    case power(Double)
    /// 1 where x is neither infinite nor NaN, else 0.
    case isFinite
  }
  public let function: Function
  package init(function: Function) {
    self.function = function
  }

  public var name: String {
    switch function {
    case .leakyRelu(let slope): "leakyRelu(\(slope))"
    case .step(let otherwise): "step(\(otherwise))"
    case .power(let exponent): "power(\(exponent))"
    default: "\(function)"
    }
  }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard operands[0].dtype.isFloating else {
      throw .typeMismatch(operation: name, types: [operands[0].dtype], rule: "expected f32 or f64", label: label)
    }
    return operands[0]
  }

  // Gradients use the output where they can: it is kept anyway, the operand often not.
  public func gradient(operands: [Tensor], output y: Tensor, incoming g: Tensor) -> [Tensor?] {
    let x = operands[0]
    switch function {
    case .negate: return [-g]
    case .reciprocal: return [-g * y.square()]
    case .square: return [g * (2 * x)]
    case .exp: return [g * y]
    case .expm1: return [g * (y + 1)]
    case .log: return [g / x]
    case .log1p: return [g / (x + 1)]
    case .sqrt: return [g * (0.5 / y)]
    case .rsqrt: return [g * (-0.5 * (y * y.square()))]
    case .erf: return [g * (1.128_379_167_095_512_6 * (-x.square()).exp())]
    case .sin: return [g * x.cos()]
    case .cos: return [-g * x.sin()]
    case .tanh: return [g * (1 - y.square())]
    case .sigmoid: return [g * (y * (1 - y))]
    case .softplus: return [g * x.sigmoid()]
    case .abs: return [g * x.sign()]
    case .relu: return [g * y.step()]
    case .leakyRelu(let slope): return [g * x.step(otherwise: slope)]
    case .power(let exponent): return [g * (exponent * x.power(exponent - 1))]
    case .sign, .step, .isFinite: return [nil]
    }
  }
}

extension Tensor {
  private func map(_ function: Unary.Function) -> Tensor { .apply(.unary(Unary(function: function)), [self]) }

  public static prefix func - (operand: Tensor) -> Tensor { operand.map(.negate) }
  public func reciprocal() -> Tensor { map(.reciprocal) }
  public func square() -> Tensor { map(.square) }
  public func exp() -> Tensor { map(.exp) }
  /// exp(x) − 1, exact near 0.
  public func expm1() -> Tensor { map(.expm1) }
  public func log() -> Tensor { map(.log) }
  /// ln(1 + x), exact near 0.
  public func log1p() -> Tensor { map(.log1p) }
  public func sqrt() -> Tensor { map(.sqrt) }
  public func rsqrt() -> Tensor { map(.rsqrt) }
  public func erf() -> Tensor { map(.erf) }
  public func sin() -> Tensor { map(.sin) }
  public func cos() -> Tensor { map(.cos) }
  public func tanh() -> Tensor { map(.tanh) }
  /// 1 / (1 + exp(−x)).
  public func sigmoid() -> Tensor { map(.sigmoid) }
  /// ln(1 + exp(x)), without overflow.
  public func softplus() -> Tensor { map(.softplus) }
  public func abs() -> Tensor { map(.abs) }
  /// −1, 0 or 1.
  public func sign() -> Tensor { map(.sign) }
  public func relu() -> Tensor { map(.relu) }
  public func leakyRelu(slope: Double = 0.01) -> Tensor { map(.leakyRelu(slope: slope)) }
  /// 1 where the element is positive, else `otherwise`: the derivative of (leaky) ReLU, itself without a gradient.
  public func step(otherwise: Double = 0) -> Tensor { map(.step(otherwise: otherwise)) }
  public func power(_ exponent: Double) -> Tensor {
    switch exponent {
    case 0: .filled(1, shape: shape, dtype: dtype)
    case 1: self
    case 2: square()
    default: map(.power(exponent))
    }
  }
  /// 1 where the element is finite, else 0, in the tensor's own type.
  public func isFinite() -> Tensor { map(.isFinite) }
}
