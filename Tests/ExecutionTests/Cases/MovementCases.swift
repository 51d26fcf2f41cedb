import Tensors

extension OpCase {
  static let shaping: [OpCase] = [
    movement("reshape", [2, 6], { $0.reshape([3, 4]) }) { x in Values([3, 4], x.elements) },
    movement("reshape with an inferred extent", [2, 6], { $0.reshape([-1, 3]) }) { x in Values([4, 3], x.elements) },
    movement("reshape to a scalar", [1, 1], { $0.reshape([]) }) { x in Values([], x.elements) },
    movement("reshape of nothing", [0, 3], { $0.reshape([5, 0]) }) { _ in Values([5, 0], []) },
    movement("flattened", [2, 3, 2], { $0.flattened() }) { x in Values([2, 6], x.elements) },
    movement("flattened", [], { $0.flattened() }) { x in Values([1, 1], x.elements) },
    movement("broadcast", [3, 1], { $0.broadcast(to: [2, 3, 4]) }) { x in Values([2, 3, 4]) { x[$0[1], 0] } },
    movement("broadcast", [], { $0.broadcast(to: [2, 1, 3]) }) { x in Values([2, 1, 3]) { _ in x.elements[0] } },
    movement("broadcast to nothing", [1, 2], { $0.broadcast(to: [0, 2]) }) { _ in Values([0, 2], []) },
    movement("upsample 2", [2, 3, 2, 3], { $0.upsampledNearest(2) }) { x in
      Values([2, 3, 4, 6]) { x[$0[0], $0[1], $0[2] / 2, $0[3] / 2] }
    },
    movement("upsample 3", [1, 1, 1, 2], { $0.upsampledNearest(3) }) { x in
      Values([1, 1, 3, 6]) { x[0, 0, 0, $0[3] / 3] }
    },
    movement("averagePool 2", [2, 1, 4, 6], { $0.averagePooled(2) }) { x in
      Values([2, 1, 2, 3]) { i in
        (x[i[0], 0, 2 * i[2], 2 * i[3]] + x[i[0], 0, 2 * i[2], 2 * i[3] + 1] + x[i[0], 0, 2 * i[2] + 1, 2 * i[3]]
          + x[i[0], 0, 2 * i[2] + 1, 2 * i[3] + 1]) / 4
      }
    },
    movement("averagePool 3", [1, 2, 3, 3], { $0.averagePooled(3) }) { x in
      Values([1, 2, 1, 1]) { i in Values.indices([3, 3]).map { x[0, i[1], $0[0], $0[1]] }.reduce(0, +) / 9 }
    },
  ]

  static let transposes: [OpCase] =
    [
      ([3, 5], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 3, 4], [0, 2, 1]), ([2, 3, 2, 5], [0, 2, 3, 1]),
      ([2, 3, 2, 5], [3, 1, 0, 2]),
      ([1, 7], [1, 0]), ([0, 3], [1, 0]), ([17, 19], [1, 0]), ([4], [0]), ([], []),
    ].map { (shape: [Int], permutation: [Int]) in
      movement("transpose \(permutation)", shape, { $0.transpose(permutation) }) { x in
        Values(permutation.map { shape[$0] }) { index in
          var source = index
          for (position, axis) in permutation.enumerated() { source[axis] = index[position] }
          return x[source]
        }
      }
    } + [
      movement("transposed", [2, 3, 4], { $0.transposed() }) { x in Values([2, 4, 3]) { x[$0[0], $0[2], $0[1]] } },
      movement("transposed", [5], { $0.transposed() }) { x in x },
    ]

  static let slices: [OpCase] = [
    sliced([5], [1], [4], [1]), sliced([7], [0], [7], [2]), sliced([8], [1], [7], [3]), sliced([8], [1], [8], [3]),
    sliced([4, 6], [1, 0], [3, 6], [1, 1]), sliced([4, 6], [0, 1], [4, 6], [3, 2]),
    sliced([4, 6], [2, 2], [2, 4], [1, 1]),
    sliced([3, 4, 5], [0, 1, 2], [3, 4, 5], [2, 1, 2]), sliced([5], [4], [5], [9]), sliced([3], [3], [3], [1]),
    sliced([], [], [], []),
    movement("slice along 1", [2, 5, 3], { $0.slice(axis: 1, from: 2, to: 4) }) { x in
      Values([2, 2, 3]) { x[$0[0], $0[1] + 2, $0[2]] }
    },
  ]

  static let pads: [OpCase] = [
    padded([3], [1], [2], [0]), padded([3], [0], [0], [2]), padded([3], [2], [1], [1]),
    padded([2, 3], [0, 1], [2, 0], [0, 0]),
    padded([2, 3], [1, 0], [0, 2], [3, 1]), padded([1, 4], [2, 0], [0, 0], [5, 0]), padded([0], [1], [2], [3]),
    padded([2, 1, 3], [0, 0, 1], [0, 1, 0], [1, 1, 0]),
    padded([], [], [], []), padded([17], [0], [15], [0]),
  ]

  static let concatenations: [OpCase] = [
    concatenated([[2], [3]], 0), concatenated([[2, 3], [2, 3]], 0), concatenated([[2, 3], [2, 1], [2, 4]], 1),
    concatenated([[2, 2, 3], [2, 1, 3]], 1), concatenated([[1, 2, 1], [1, 2, 4]], 2),
    concatenated([[0, 2], [3, 2]], 0),
    concatenated([[3], [0], [2]], 0), concatenated([[4, 5]], 0), concatenated([[17, 3], [15, 3]], 0),
    OpCase(
      "concatenate with itself", [OperandSpec([2, 2])], { Tensor.concatenate([$0[0], $0[0] * 2, $0[0]], axis: 1) },
      expected: { v in Values([2, 6]) { i in v[0][i[0], i[1] % 2] * (i[1] / 2 == 1 ? 2 : 1) } }),
  ]

  private static func movement(
    _ name: String, _ shape: [Int], _ build: @escaping @Sendable (Tensor) -> Tensor,
    _ expected: @escaping @Sendable (Values) -> Values
  ) -> OpCase {
    // Squared, so that the second derivative is not zero.
    OpCase(name, [OperandSpec(shape)], { build($0[0]).square() }, expected: { expected($0[0]).map { $0 * $0 } })
  }

  private static func sliced(_ shape: [Int], _ start: [Int], _ end: [Int], _ step: [Int]) -> OpCase {
    let extents = shape.indices.map { axis in Array(stride(from: start[axis], to: end[axis], by: step[axis])).count }
    return movement("slice \(start) to \(end) by \(step)", shape, { $0.slice(start: start, end: end, step: step) }) {
      x in
      Values(extents) { index in x[index.indices.map { start[$0] + index[$0] * step[$0] }] }
    }
  }

  private static func padded(_ shape: [Int], _ low: [Int], _ high: [Int], _ interior: [Int]) -> OpCase {
    // Laid out one axis at a time: each element's place is after `low` zeros and `interior` more before each successor.
    let places = shape.indices.map { axis in (0..<shape[axis]).map { low[axis] + $0 + $0 * interior[axis] } }
    let extents = shape.indices.map { axis in (places[axis].last.map { $0 + 1 } ?? low[axis]) + high[axis] }
    return movement(
      "pad \(low) and \(high), \(interior) between", shape, { $0.pad(low: low, high: high, interior: interior) }
    ) { x in
      Values(extents) { index in
        let source = index.indices.compactMap { places[$0].firstIndex(of: index[$0]) }
        return source.count == index.count ? x[source] : 0
      }
    }
  }

  private static func concatenated(_ shapes: [[Int]], _ axis: Int) -> OpCase {
    OpCase(
      "concatenate along \(axis)", shapes.map { OperandSpec($0) }, { Tensor.concatenate($0, axis: axis).square() },
      expected: { values in
        var extents = shapes[0]
        extents[axis] = shapes.map { $0[axis] }.reduce(0, +)
        return Values(extents) { index in
          var index = index
          for value in values {
            if index[axis] < value.shape[axis] { return value[index] * value[index] }
            index[axis] -= value.shape[axis]
          }
          return .nan
        }
      })
  }
}
