import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension DType {
  /// The nearest number that the type has; towards zero and saturated for i32, where NaN becomes 0.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .f64: value
    case .f32: Double(Float(value))
    case .i32: value.isNaN ? 0 : min(max(value, Double(Int32.min)), Double(Int32.max)).rounded(.towardZero)
    case .bool: value != 0 ? 1 : 0
    }
  }
}

/// A free function: inside the enum, `exp` would be its case and not the C function.
func value(of function: Unary.Function, at x: Double) -> Double {
  switch function {
  case .negate: -x
  case .reciprocal: 1 / x
  case .square: x * x
  case .exp: exp(x)
  case .expm1: expm1(x)
  case .log: log(x)
  case .log1p: log1p(x)
  case .sqrt: x.squareRoot()
  case .rsqrt: 1 / x.squareRoot()
  case .erf: erf(x)
  case .sin: sin(x)
  case .cos: cos(x)
  case .tanh: tanh(x)
  // The exponential's argument is never positive, so it cannot overflow.
  case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  case .abs: x.magnitude
  case .sign: x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0
  case .relu: x > 0 || x.isNaN ? x : 0
  case .leakyRelu(let slope): x > 0 ? x : slope * x
  case .step(let otherwise): x > 0 ? 1 : otherwise
  case .power(let exponent): pow(x, exponent)
  case .isFinite: x.isFinite ? 1 : 0
  }
}

extension Binary.Function {
  func evaluate(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum: a.isNaN ? a : b.isNaN ? b : Swift.min(a, b)
    case .maximum: a.isNaN ? a : b.isNaN ? b : Swift.max(a, b)
    case .power: pow(a, b)
    }
  }
}

extension Compare.Relation {
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

extension Iota {
  func evaluate() -> [Double] {
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    return (0..<shape.count).map { Double($0 / inner % shape[axis]) }
  }
}

extension Random {
  /// The position along the first axis is the sample; a scalar is the only number of sample 0.
  func evaluate(seed: UInt64, counter: UInt64, substep: UInt32) -> [Double] {
    let generator = Philox(seed: seed, stream: stream)
    let samples = shape.rank > 0 ? shape[0] : 1
    let count = shape.dimensions.dropFirst().reduce(1, *)
    return (0..<samples).flatMap {
      generator.draw(distribution, count: count, sample: $0, counter: counter, substep: substep)
    }
  }
}
