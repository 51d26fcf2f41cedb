import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension OpCase {
  static let binary: [OpCase] = broadcastShapes.flatMap { a, b -> [OpCase] in
    [
      arithmetic("add", a, b, { $0 + $1 }, { $0 + $1 }),
      arithmetic("subtract", a, b, { $0 - $1 }, { $0 - $1 }),
      arithmetic("multiply", a, b, { $0 * $1 }, { $0 * $1 }),
      OpCase(
        "divide", [OperandSpec(a), OperandSpec(b, .awayFromZero(by: 0.5))], { $0[0] / $0[1] },
        expected: { Values.combine($0[0], $0[1]) { $0 / $1 } }),
      // Distinct values of both operands differ by at least 0.02.
      OpCase(
        "minimum", [OperandSpec(a, .distinct), OperandSpec(b, .distinct)], { $0[0].minimum($0[1] + 0.02) },
        expected: { Values.combine($0[0], $0[1]) { $0 < $1 + 0.02 ? $0 : $1 + 0.02 } }),
      OpCase(
        "maximum", [OperandSpec(a, .distinct), OperandSpec(b, .distinct)], { $0[0].maximum($0[1] + 0.02) },
        expected: { Values.combine($0[0], $0[1]) { $0 > $1 + 0.02 ? $0 : $1 + 0.02 } }),
      OpCase(
        "power", [OperandSpec(a, .uniform(0.5...2)), OperandSpec(b)], { $0[0].power($0[1]) },
        expected: { Values.combine($0[0], $0[1]) { Glibc.exp($1 * Glibc.log($0)) } }),
    ]
  }

  static let literals: [OpCase] = [
    literal("2 + x", { 2 + $0 }, { 2 + $0 }), literal("x + 2", { $0 + 2 }, { $0 + 2 }),
    literal("2 - x", { 2 - $0 }, { 2 - $0 }), literal("x - 2", { $0 - 2 }, { $0 - 2 }),
    literal("2 * x", { 2 * $0 }, { 2 * $0 }), literal("x * 2", { $0 * 2 }, { $0 * 2 }),
    literal("2 / x", { 2 / $0 }, { 2 / $0 }), literal("x / 2", { $0 / 2 }, { $0 / 2 }),
    literal("f32 literal", { $0 * Tensor(0.5) + Tensor(1) }, { $0 * 0.5 + 1 }),
  ]

  static let compare: [OpCase] = broadcastShapes.flatMap { a, b -> [OpCase] in
    [
      comparison("equal", a, b, { $0 .== $1 }, { $0 == $1 }),
      comparison("notEqual", a, b, { $0 .!= $1 }, { $0 != $1 }),
      comparison("less", a, b, { $0 .< $1 }, { $0 < $1 }),
      comparison("lessOrEqual", a, b, { $0 .<= $1 }, { $0 <= $1 }),
      comparison("greater", a, b, { $0 .> $1 }, { $0 > $1 }),
      comparison("greaterOrEqual", a, b, { $0 .>= $1 }, { $0 >= $1 }),
    ]
  }

  static let select: [OpCase] = [
    ([3, 7], [3, 7], [3, 7]), ([3, 7], [1, 7], []), ([1], [5], [5]), ([], [2, 3], [2, 3]), ([2, 1], [3], [1, 1]),
    ([0], [1], []),
  ].map { condition, yes, no in
    OpCase(
      "select", [OperandSpec(condition, .integers(-1...1)), OperandSpec(yes), OperandSpec(no)],
      { ($0[0] .> Tensor(0, dtype: $0[0].dtype)).select($0[1], $0[2]) },
      expected: { values in
        let yes = Values.combine(values[0], values[1]) { $0 > 0 ? $1 : 0 }
        let no = Values.combine(values[0], values[2]) { $0 > 0 ? 0 : $1 }
        return Values.combine(yes, no) { $0 + $1 }
      })
  }

  static let casts: [OpCase] = [
    OpCase(
      "cast to bool and back", [OperandSpec([9], .integers(-1...1)), OperandSpec([9])],
      { $0[0].cast(to: .bool).cast(to: $0[1].dtype) * $0[1] },
      expected: { Values.combine($0[0], $0[1]) { $0 == 0 ? 0 : $1 } }),
    OpCase(
      // The shift keeps the numbers, multiples of 0.05, from the jumps.
      "cast to i32 and back", [OperandSpec([59], .distinct)],
      { ($0[0] + 0.02).cast(to: .i32).cast(to: $0[0].dtype) },
      expected: { $0[0].map { $0 + 0.02 < 0 ? ($0 + 0.02).rounded(.up) : ($0 + 0.02).rounded(.down) } }),
    OpCase(
      "i32 arithmetic", [.indices([5], [-7, -1, 0, 3, 8]), OperandSpec([5])],
      { (($0[0] * 3 - 1) / 2).cast(to: $0[1].dtype) * $0[1] },
      expected: { Values.combine($0[0], $0[1]) { Double((Int($0) * 3 - 1) / 2) * $1 } }),
  ]

  /// Pairs of shapes, equal and broadcast, down to none and one element, and of odd sizes.
  private static let broadcastShapes: [([Int], [Int])] = [
    ([3, 11], [3, 11]), ([3, 5], [5]), ([4], [3, 1]), ([2, 1, 3], [4, 1]), ([], [2, 2]), ([1], []), ([0, 3], [3]),
    ([4, 1], [1, 0]),
    ([1, 1, 19], [2, 3, 1]),
  ]

  private static func arithmetic(
    _ name: String, _ a: [Int], _ b: [Int], _ build: @escaping @Sendable (Tensor, Tensor) -> Tensor,
    _ expected: @escaping @Sendable (Double, Double) -> Double
  ) -> OpCase {
    OpCase(
      name, [OperandSpec(a), OperandSpec(b)], { build($0[0], $0[1]) },
      expected: { Values.combine($0[0], $0[1], expected) })
  }

  private static func literal(
    _ name: String, _ build: @escaping @Sendable (Tensor) -> Tensor, _ expected: @escaping @Sendable (Double) -> Double
  ) -> OpCase {
    OpCase(name, [OperandSpec([5], .awayFromZero(by: 0.5))], { build($0[0]) }, expected: { $0[0].map(expected) })
  }

  /// The relation as a mask on a third tensor, which alone has a gradient.
  private static func comparison(
    _ name: String, _ a: [Int], _ b: [Int], _ build: @escaping @Sendable (Tensor, Tensor) -> Tensor,
    _ expected: @escaping @Sendable (Double, Double) -> Bool
  ) -> OpCase {
    OpCase(
      name, [OperandSpec(a, .integers(-1...1)), OperandSpec(b, .integers(-1...1)), OperandSpec([])],
      { build($0[0], $0[1]).cast(to: $0[2].dtype) * $0[2] },
      expected: { values in Values.combine(values[0], values[1]) { expected($0, $1) ? values[2].elements[0] : 0 } })
  }
}
