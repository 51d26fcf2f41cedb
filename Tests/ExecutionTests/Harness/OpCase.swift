import Tensors
import Testing

/// An operation or function with operands to try it on and what it must give.
///
/// The same table checks the reference backend in f64 against loops and finite differences, and other backends against it.
struct OpCase: Sendable, CustomTestStringConvertible {
  let name: String
  let operands: [OperandSpec]
  /// The graph; constants in it take the operands' type.
  let build: @Sendable ([Tensor]) -> Tensor
  /// The result by an independent computation.
  let expected: @Sendable ([Values]) -> Values

  init(
    _ name: String, _ operands: [OperandSpec], _ build: @escaping @Sendable ([Tensor]) -> Tensor,
    expected: @escaping @Sendable ([Values]) -> Values
  ) {
    self.name = name
    self.operands = operands
    self.build = build
    self.expected = expected
  }

  var testDescription: String { "\(name) of \(operands.map { "\($0.shape)" }.joined(separator: ", "))" }

  /// The operands' values, the same in every run.
  var values: [Values] {
    operands.enumerated().map { index, spec in spec.values(stream: "\(testDescription) \(index)") }
  }
}

/// An operand's shape and the numbers to fill it with.
struct OperandSpec: Sendable {
  enum Contents: Sendable {
    /// Uniform in a range.
    case uniform(ClosedRange<Double>)
    /// Of either sign and at least this far from zero, up to 2: for functions with a kink there.
    case awayFromZero(by: Double)
    /// Well separated from each other: for maxima.
    case distinct
    /// Whole numbers from a small range, with ties: for comparisons. They get no gradient.
    case integers(ClosedRange<Int>)
    /// Given numbers of type i32. They get no gradient.
    case indices([Int])
  }
  let shape: [Int]
  let contents: Contents

  init(_ shape: [Int], _ contents: Contents = .uniform(-2...2)) {
    self.shape = shape
    self.contents = contents
  }

  static func indices(_ shape: [Int], _ indices: [Int]) -> OperandSpec { OperandSpec(shape, .indices(indices)) }

  func dtype(_ floating: DType) -> DType { if case .indices = contents { .i32 } else { floating } }

  var hasGradient: Bool {
    switch contents {
    case .uniform, .awayFromZero, .distinct: true
    case .integers, .indices: false
    }
  }

  func values(stream: String) -> Values {
    let count = shape.reduce(1, *)
    let draws = uniforms(count, stream: stream)
    return switch contents {
    case .uniform(let range): Values(shape, draws.map { range.lowerBound + $0 * (range.upperBound - range.lowerBound) })
    case .awayFromZero(let gap):
      Values(shape, draws.map { $0 < 0.5 ? -gap - 2 * $0 * (2 - gap) : gap + (2 * $0 - 1) * (2 - gap) })
    case .distinct:
      // Ranks, so that no two are nearer than a tenth.
      Values(shape, draws.map { draw in 0.1 * Double(draws.count { $0 < draw }) - 0.05 * Double(count) })
    case .integers(let range): Values(shape, draws.map { Double(range.lowerBound + Int($0 * Double(range.count))) })
    case .indices(let indices): Values(shape, indices.map(Double.init))
    }
  }
}

/// Numbers in 0 ..< 1 for tests, the same for the same name.
func uniforms(_ count: Int, stream: String) -> [Double] {
  Philox(seed: 1, stream: stream).draw(.uniform, count: count, sample: 0, counter: 0, substep: 0)
}
