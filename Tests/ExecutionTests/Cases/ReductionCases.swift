import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension OpCase {
  static let reductions: [OpCase] = sets.flatMap { shape, axes -> [OpCase] in
    [false, true].flatMap { keep -> [OpCase] in
      [
        reduction("sum", shape, axes, keep, { $0.sum(axes: axes, keepingAxes: keep) }, { $0.reduce(0, +) }),
        reduction("mean", shape, axes, keep, { $0.mean(axes: axes, keepingAxes: keep) }) {
          $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count)
        },
        reduction("variance", shape, axes, keep, { $0.variance(axes: axes, keepingAxes: keep) }, variance),
      ]
    }
  }

  /// Functions that need at least one element along the axes.
  static let maxima: [OpCase] = sets.filter { !$0.0.contains(0) }.flatMap { shape, axes -> [OpCase] in
    [false, true].flatMap { keep -> [OpCase] in
      [
        OpCase(
          "max \(describe(axes, keep))", [OperandSpec(shape, .distinct)], { $0[0].max(axes: axes, keepingAxes: keep) },
          expected: { $0[0].reduced(axes, keepingAxes: keep) { $0.reduce(-1e9) { $0 > $1 ? $0 : $1 } } }),
        reduction("logSumExp", shape, axes, keep, { $0.logSumExp(axes: axes, keepingAxes: keep) }) {
          Glibc.log($0.map(Glibc.exp).reduce(0, +))
        },
      ]
    }
  }

  static let softmax: [OpCase] = [
    ([7], -1), ([3, 5], -1), ([3, 5], 0), ([2, 3, 4], 1), ([1, 1], -1), ([4, 17], 1),
  ].flatMap {
    (shape: [Int], axis: Int) in
    [
      OpCase(
        "softmax \(axis)", [OperandSpec(shape)], { $0[0].softmax(axis: axis) },
        expected: { values in
          let exponential = values[0].map(Glibc.exp)
          let sum = exponential.reduced([axis], keepingAxes: true) { $0.reduce(0, +) }
          return Values.combine(exponential, sum) { $0 / $1 }
        }),
      OpCase(
        "logSoftmax \(axis)", [OperandSpec(shape)], { $0[0].logSoftmax(axis: axis) },
        expected: { values in
          let sum = values[0].reduced([axis], keepingAxes: true) { $0.map(Glibc.exp).reduce(0, +) }
          return Values.combine(values[0], sum) { $0 - Glibc.log($1) }
        }),
    ]
  }

  static let stable: [OpCase] = [
    // Exponentials of these overflow; the expected numbers come from shifting by 1000.
    OpCase(
      "logSumExp of large numbers", [OperandSpec([5])], { ($0[0] + 1000).logSumExp() - 1000 },
      expected: { Values([], [Glibc.log($0[0].elements.map(Glibc.exp).reduce(0, +))]) })
  ]

  private static let sets: [([Int], [Int]?)] = [
    ([2, 3, 5], nil), ([2, 3, 5], [0]), ([2, 3, 5], [1]), ([2, 3, 5], [-1]), ([2, 3, 5], [0, 2]), ([2, 3, 5], [1, 2]),
    ([2, 3], []),
    ([1, 4], [0]), ([19], [0]), ([], nil), ([2, 3, 2, 3], [0, 2, 3]), ([0, 3], [0]), ([2, 0], [0]), ([3, 0], nil),
    ([257, 3], [0]),
  ]

  private static func describe(_ axes: [Int]?, _ keep: Bool) -> String {
    (axes.map { "over \($0)" } ?? "over all") + (keep ? ", kept" : "")
  }

  private static func reduction(
    _ name: String, _ shape: [Int], _ axes: [Int]?, _ keep: Bool, _ build: @escaping @Sendable (Tensor) -> Tensor,
    _ expected: @escaping @Sendable ([Double]) -> Double
  ) -> OpCase {
    OpCase(
      "\(name) \(describe(axes, keep))", [OperandSpec(shape)], { build($0[0]) },
      expected: { $0[0].reduced(axes, keepingAxes: keep, expected) })
  }

  /// Mean of squares minus square of the mean: another way than the graph's.
  private static let variance: @Sendable ([Double]) -> Double = { values in
    if values.isEmpty { return 0 }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    return values.reduce(0) { $0 + $1 * $1 } / count - mean * mean
  }
}
