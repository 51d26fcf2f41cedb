import Tensors

extension OpCase {
  static let matmul: [OpCase] =
    [
      ([3, 4], [4, 5]), ([1, 1], [1, 1]), ([1, 7], [7, 1]), ([7, 1], [1, 5]), ([17, 5], [5, 15]), ([3, 0], [0, 2]),
      ([0, 4], [4, 3]),
      ([2, 3, 4], [2, 4, 2]), ([2, 3, 4], [4, 2]), ([3, 4], [2, 4, 2]), ([2, 1, 3, 2], [3, 2, 5]),
      ([1, 3, 2], [4, 2, 1]),
      ([0, 2, 3], [0, 3, 2]), ([3, 33], [33, 2]),
    ].map { (a: [Int], b: [Int]) in
      OpCase("matmul", [OperandSpec(a), OperandSpec(b)], { $0[0].matmul($0[1]) }, expected: { product($0[0], $0[1]) })
    } + [
      OpCase(
        "matmul of a transposed left", [OperandSpec([5, 3]), OperandSpec([5, 2])], { $0[0].transposed().matmul($0[1]) },
        expected: { product(transposed($0[0]), $0[1]) }),
      OpCase(
        "matmul of a transposed right", [OperandSpec([3, 5]), OperandSpec([2, 5])],
        { $0[0].matmul($0[1].transposed()) },
        expected: { product($0[0], transposed($0[1])) }),
      OpCase(
        "matmul of both transposed", [OperandSpec([5, 3]), OperandSpec([2, 5])],
        { $0[0].transposed().matmul($0[1].transposed()) }, expected: { product(transposed($0[0]), transposed($0[1])) }),
      OpCase(
        "matmul with itself", [OperandSpec([4, 4])], { $0[0].matmul($0[0]) }, expected: { product($0[0], $0[0]) }),
      OpCase(
        "dense layer", [OperandSpec([5, 3]), OperandSpec([3, 17]), OperandSpec([17])],
        { ($0[0].matmul($0[1]) + $0[2]).softplus() },
        expected: { v in Values.combine(product(v[0], v[1]), v[2], +).map { (1 + $0.exp).log } }),
    ]

  /// Sizes at which blocked kernels work in blocks and leave remainders.
  static let largeMatmul: [OpCase] = [
    ([65, 33], [33, 67]), ([256, 2], [2, 40]), ([128, 128], [128, 1]), ([3, 33, 17], [3, 17, 65]),
  ].map { (a: [Int], b: [Int]) in
    OpCase(
      "large matmul", [OperandSpec(a), OperandSpec(b)], { $0[0].matmul($0[1]) }, expected: { product($0[0], $0[1]) })
  }

  private static func transposed(_ x: Values) -> Values { Values([x.shape[1], x.shape[0]]) { x[$0[1], $0[0]] } }

  private static func product(_ a: Values, _ b: Values) -> Values {
    let lead = Values.combine(
      Values(Array(a.shape.dropLast(2))) { _ in 0 }, Values(Array(b.shape.dropLast(2))) { _ in 0 }, +
    ).shape
    func element(_ values: Values, _ batch: ArraySlice<Int>, _ row: Int, _ column: Int) -> Double {
      let own = values.shape.count - 2
      return values[zip(batch.suffix(own), values.shape).map { $1 == 1 ? 0 : $0 } + [row, column]]
    }
    let (rows, depth, columns) = (a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape[b.shape.count - 1])
    return Values(lead + [rows, columns]) { index in
      let batch = index.dropLast(2)
      let (row, column) = (index[index.count - 2], index[index.count - 1])
      return (0..<depth).map { element(a, batch, row, $0) * element(b, batch, $0, column) }.reduce(0, +)
    }
  }
}
