import Tensors

extension OpCase {
  static let indexing: [OpCase] = [
    gather([5], [3], [4, 0, 4]), gather([5, 2], [4], [1, 1, 3, 0]), gather([4, 2, 3], [2, 2], [3, 0, 2, 2]),
    gather([3, 2], [], [2]), gather([3, 2], [0], []), gather([1, 7], [3], [0, 0, 0]), gather([3, 0], [2], [1, 2]),
    // Outside counts as the nearest row.
    gather([3, 2], [4], [-2, 9, 3, -1]),
    scatterAdd(5, [], [3], [4, 0, 4]), scatterAdd(5, [2], [4], [1, 1, 3, 0]),
    scatterAdd(4, [2, 3], [2, 2], [3, 0, 2, 2]),
    scatterAdd(3, [2], [], [1]), scatterAdd(3, [2], [0], []), scatterAdd(1, [7], [3], [0, 0, 0]),
    scatterAdd(3, [2], [3], [-2, 9, 1]),
    OpCase(
      "oneHot", [.indices([2, 3], [0, 3, 1, 2, 2, 5]), OperandSpec([4])],
      { $0[0].oneHot(classes: 4, dtype: $0[1].dtype) * $0[1] },
      expected: { v in Values([2, 3, 4]) { i in v[0][i[0], i[1]] == Double(i[2]) ? v[1][i[2]] : 0 } }),
    OpCase(
      "embedding and its use", [OperandSpec([6, 3]), .indices([4], [5, 0, 5, 2]), OperandSpec([4, 3])],
      { ($0[0].gather($0[1]) * $0[2]).sum(axes: [1]).tanh() },
      expected: { v in
        Values([4]) { i in
          let dot = (0..<3).map { v[0][Int(v[1][i[0]]), $0] * v[2][i[0], $0] }.reduce(0, +)
          return Values([], [dot]).map { ($0.exp - (-$0).exp) / ($0.exp + (-$0).exp) }.elements[0]
        }
      }),
  ]

  private static func gather(_ table: [Int], _ shape: [Int], _ indices: [Int]) -> OpCase {
    OpCase(
      "gather \(indices)", [OperandSpec(table), .indices(shape, indices)], { $0[0].gather($0[1]).square() },
      expected: { v in
        Values(shape + table.dropFirst()) { index in
          let row = min(max(Int(v[1][Array(index.prefix(shape.count))]), 0), table[0] - 1)
          let value = v[0][[row] + index.dropFirst(shape.count)]
          return value * value
        }
      })
  }

  private static func scatterAdd(_ rows: Int, _ row: [Int], _ shape: [Int], _ indices: [Int]) -> OpCase {
    OpCase(
      "scatterAdd \(indices)", [OperandSpec(shape + row), .indices(shape, indices)],
      { $0[0].scatterAdd(rows: rows, indices: $0[1]).square() },
      expected: { v in
        Values([rows] + row) { index in
          let sum = Values.indices(shape).filter { min(max(Int(v[1][$0]), 0), rows - 1) == index[0] }
            .map { v[0][$0 + index.dropFirst()] }.reduce(0, +)
          return sum * sum
        }
      })
  }
}
