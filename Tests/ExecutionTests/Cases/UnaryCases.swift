import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension OpCase {
  /// Element-wise functions of one tensor, on a shape that no vector width divides.
  static let unary: [OpCase] = [
    elementwise("negate", { -$0 }, { -$0 }),
    elementwise("reciprocal", of: .awayFromZero(by: 0.5), { $0.reciprocal() }, { 1 / $0 }),
    elementwise("square", { $0.square() }, { $0 * $0 }),
    elementwise("exp", { $0.exp() }, { Glibc.exp($0) }),
    elementwise("expm1", { $0.expm1() }, { Glibc.exp($0) - 1 }),
    elementwise("log", of: positive, { $0.log() }, { Glibc.log($0) }),
    elementwise("log1p", of: .uniform(-0.5...2), { $0.log1p() }, { Glibc.log(1 + $0) }),
    elementwise("sqrt", of: positive, { $0.sqrt() }, { Glibc.pow($0, 0.5) }),
    elementwise("rsqrt", of: positive, { $0.rsqrt() }, { Glibc.pow($0, -0.5) }),
    elementwise("erf", { $0.erf() }, { errorFunction($0) }),
    elementwise("sin", { $0.sin() }, { Glibc.sin($0) }),
    elementwise("cos", { $0.cos() }, { Glibc.cos($0) }),
    elementwise("tanh", { $0.tanh() }, { (Glibc.exp(2 * $0) - 1) / (Glibc.exp(2 * $0) + 1) }),
    elementwise("sigmoid", { $0.sigmoid() }, { 1 / (1 + Glibc.exp(-$0)) }),
    elementwise("softplus", { $0.softplus() }, { Glibc.log(1 + Glibc.exp($0)) }),
    elementwise("abs", of: kinked, { $0.abs() }, { $0 < 0 ? -$0 : $0 }),
    elementwise("sign", of: kinked, { $0.sign() }, { $0 < 0 ? -1 : 1 }),
    elementwise("relu", of: kinked, { $0.relu() }, { $0 < 0 ? 0 : $0 }),
    elementwise("leakyRelu", of: kinked, { $0.leakyRelu(slope: 0.2) }, { $0 < 0 ? 0.2 * $0 : $0 }),
    elementwise("step", of: kinked, { $0.step() }, { $0 < 0 ? 0 : 1 }),
    elementwise("step otherwise", of: kinked, { $0.step(otherwise: -0.5) }, { $0 < 0 ? -0.5 : 1 }),
    elementwise("power 0", { $0.power(0) }, { _ in 1 }),
    elementwise("power 1", { $0.power(1) }, { $0 }),
    elementwise("power 2", { $0.power(2) }, { $0 * $0 }),
    elementwise("power 3", { $0.power(3) }, { $0 * $0 * $0 }),
    elementwise("power -1.5", of: positive, { $0.power(-1.5) }, { 1 / ($0 * $0.squareRoot()) }),
    elementwise("isFinite", { $0.isFinite() }, { _ in 1 }),
    elementwise("elu", of: kinked, { $0.elu() }, { $0 < 0 ? Glibc.exp($0) - 1 : $0 }),
    elementwise("elu 0.3", of: kinked, { $0.elu(alpha: 0.3) }, { $0 < 0 ? 0.3 * (Glibc.exp($0) - 1) : $0 }),
    elementwise("gelu", { $0.gelu() }, { $0 * (1 + errorFunction($0 / 2.0.squareRoot())) / 2 }),
    elementwise("silu", { $0 * $0.sigmoid() }, { $0 / (1 + Glibc.exp(-$0)) }),
    // Values are multiples of a tenth off by half of one, so none lies on a bound.
    elementwise("clamped", of: .distinct, { $0.clamped(-0.71...0.92) }, { $0 < -0.71 ? -0.71 : $0 > 0.92 ? 0.92 : $0 }),
    elementwise("chain", { ($0.tanh() * $0 + 1).softplus().square() }) {
      let inner = Glibc.log(1 + Glibc.exp(Glibc.tanh($0) * $0 + 1))
      return inner * inner
    },
    elementwise("detached", { $0 + $0.detached * 0 }, { $0 }),
  ]

  /// Functions on shapes at the edges: a scalar, one element, none, and more than a tile of a vectorized loop.
  static let unaryShapes: [OpCase] = edgeShapes.flatMap { shape -> [OpCase] in
    [
      elementwise("tanh", on: shape, { $0.tanh() }, { Glibc.tanh($0) }),
      elementwise("relu", on: shape, of: kinked, { $0.relu() }, { $0 < 0 ? 0 : $0 }),
      elementwise("softplus", on: shape, { $0.softplus() }, { Glibc.log(1 + Glibc.exp($0)) }),
    ]
  }

  private static let edgeShapes: [[Int]] = [[], [1], [0], [3, 0, 2], [1, 1, 1], [16], [17], [1031], [2, 3, 5, 7]]
  private static let positive = OperandSpec.Contents.uniform(0.5...3)
  private static let kinked = OperandSpec.Contents.awayFromZero(by: 0.1)

  private static func elementwise(
    _ name: String, on shape: [Int] = [3, 11], of contents: OperandSpec.Contents = .uniform(-2...2),
    _ build: @escaping @Sendable (Tensor) -> Tensor, _ expected: @escaping @Sendable (Double) -> Double
  ) -> OpCase {
    OpCase(name, [OperandSpec(shape, contents)], { build($0[0]) }, expected: { $0[0].map(expected) })
  }

  /// 2/√π ∫₀ˣ exp(−t²) dt by Simpson's rule.
  private static func errorFunction(_ x: Double) -> Double {
    let steps = 2000
    let width = x / Double(steps)
    let sum = (0...steps).reduce(0.0) { sum, index in
      let t = Double(index) * width
      let weight: Double = index == 0 || index == steps ? 1 : index % 2 == 1 ? 4 : 2
      return sum + weight * Glibc.exp(-t * t)
    }
    return 2 / Double.pi.squareRoot() * sum * width / 3
  }
}
