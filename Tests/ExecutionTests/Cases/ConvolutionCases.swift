import Tensors

extension OpCase {
  /// Each geometry as a convolution and as its two derivatives, which are operations of their own.
  static let convolutions: [OpCase] = setups.flatMap { $0.cases }

  static let transposedConvolutions: [OpCase] = [
    transposed([1, 2, 3, 3], [2, 1, 3, 3], stride: 1, padding: 0, outputPadding: 0),
    transposed([2, 3, 2, 3], [3, 2, 4, 4], stride: 2, padding: 1, outputPadding: 0),
    transposed([1, 2, 3, 2], [2, 3, 3, 3], stride: 2, padding: 1, outputPadding: 1),
    transposed([1, 1, 2, 2], [1, 1, 2, 2], stride: 3, padding: 0, outputPadding: 2),
    transposed([1, 4, 2, 2], [4, 2, 3, 3], stride: 2, padding: 1, outputPadding: 1, groups: 2),
    transposed([1, 2, 3, 3], [2, 2, 2, 2], stride: 1, padding: 1, outputPadding: 0, dilation: 2),
    transposed([2, 5, 1, 1], [5, 3, 4, 4], stride: 1, padding: 0, outputPadding: 0),
  ]

  /// Channels at which blocked kernels work in blocks and leave remainders.
  static let largeConvolutions: [OpCase] = [
    ConvolutionSetup([1, 16, 5, 5], [32, 16, 3, 3], .init(padding: 1)),
    ConvolutionSetup([2, 3, 10, 10], [17, 3, 4, 4], .init(stride: 2, padding: 1)),
    ConvolutionSetup([1, 33, 4, 4], [8, 33, 3, 3], .init(stride: 2, padding: 1)),
    ConvolutionSetup([2, 32, 5, 5], [32, 1, 3, 3], .init(padding: 1, groups: 32)),
  ].flatMap(\.cases)

  private static let setups: [ConvolutionSetup] = [
    ConvolutionSetup([1, 1, 3, 3], [1, 1, 1, 1], .init()),
    ConvolutionSetup([2, 3, 4, 5], [4, 3, 1, 1], .init()),
    ConvolutionSetup([2, 3, 5, 4], [2, 3, 3, 3], .init(padding: 1)),
    ConvolutionSetup([1, 2, 7, 6], [3, 2, 3, 3], .init(stride: 2, padding: 1)),
    ConvolutionSetup([2, 1, 8, 8], [3, 1, 4, 4], .init(stride: 2, padding: 1)),
    ConvolutionSetup([1, 2, 9, 8], [2, 2, 3, 2], .init(stride: 3)),
    // The stride leaves a remainder of rows and columns that no kernel position covers.
    ConvolutionSetup([1, 1, 8, 9], [1, 1, 2, 2], .init(stride: 3)),
    ConvolutionSetup([1, 2, 7, 7], [2, 2, 3, 3], .init(padding: 2, dilation: 2)),
    ConvolutionSetup([1, 1, 9, 8], [2, 1, 2, 3], .init(stride: 2, padding: 1, dilation: 3)),
    ConvolutionSetup([2, 4, 4, 4], [6, 2, 3, 3], .init(padding: 1, groups: 2)),
    ConvolutionSetup([1, 3, 5, 5], [3, 1, 3, 3], .init(stride: 2, padding: 1, groups: 3)),
    ConvolutionSetup([1, 4, 5, 4], [8, 1, 2, 2], .init(stride: 1, padding: 1, dilation: 2, groups: 4)),
    // Another amount before than after, and other numbers for each axis.
    ConvolutionSetup(
      [1, 2, 5, 6], [3, 2, 3, 2],
      .init(stride: [2, 1], paddingLow: [1, 0], paddingHigh: [2, 3], dilation: [1, 2], groups: 1)),
    ConvolutionSetup(
      [2, 1, 4, 4], [1, 1, 3, 3],
      .init(stride: [1, 3], paddingLow: [0, 2], paddingHigh: [1, 0], dilation: [1, 1], groups: 1)),
    // The kernel is as large as the image, or larger but for its padding.
    ConvolutionSetup([3, 2, 4, 4], [5, 2, 4, 4], .init()),
    ConvolutionSetup([1, 1, 1, 1], [2, 1, 3, 3], .init(padding: 1)),
    ConvolutionSetup([1, 1, 2, 2], [1, 1, 5, 5], .init(padding: 2)),
    ConvolutionSetup([1, 17, 2, 2], [3, 17, 2, 2], .init()),
    ConvolutionSetup([1, 2, 2, 2], [19, 2, 2, 2], .init()),
    ConvolutionSetup([3, 1, 6, 1], [2, 1, 3, 1], .init()),
    ConvolutionSetup([0, 2, 4, 4], [3, 2, 3, 3], .init(padding: 1)),
  ]

  private static func transposed(
    _ x: [Int], _ w: [Int], stride: Int, padding: Int, outputPadding: Int, dilation: Int = 1, groups: Int = 1
  ) -> OpCase {
    let geometry = ConvolutionGeometry(stride: stride, padding: padding, dilation: dilation, groups: groups)
    let size = (2...3).map { axis -> Int in
      (x[axis] - 1) * stride - 2 * padding + dilation * (w[axis] - 1) + outputPadding + 1
    }
    return OpCase(
      "transposedConvolution stride \(stride) padding \(padding)+\(outputPadding) dilation \(dilation) groups \(groups)",
      [OperandSpec(x), OperandSpec(w)], { $0[0].transposedConvolution($0[1], geometry, outputPadding: outputPadding) },
      expected: { v in
        // Each pixel of the input stamps its kernels onto the output.
        var result = Values([x[0], w[1] * groups] + size) { _ in 0 }
        for i in Values.indices([x[0], x[1], x[2], x[3], w[1], w[2], w[3]]) {
          let row = i[2] * stride - padding + i[5] * dilation
          let column = i[3] * stride - padding + i[6] * dilation
          guard row >= 0, row < size[0], column >= 0, column < size[1] else { continue }
          let channel = i[1] / (x[1] / groups) * w[1] + i[4]
          result[i[0], channel, row, column] += v[0][i[0], i[1], i[2], i[3]] * v[1][i[1], i[4], i[5], i[6]]
        }
        return result
      })
  }
}

/// The shapes of a convolution and its three operations with loops that define them.
struct ConvolutionSetup: Sendable {
  let x: [Int]
  let w: [Int]
  let y: [Int]
  let geometry: ConvolutionGeometry

  init(_ x: [Int], _ w: [Int], _ geometry: ConvolutionGeometry) {
    self.x = x
    self.w = w
    self.geometry = geometry
    // Counted, not computed: the positions at which the dilated kernel ends inside the padded image.
    let size = (0..<2).map { axis -> Int in
      let padded = x[axis + 2] + geometry.paddingLow[axis] + geometry.paddingHigh[axis]
      let span = (w[axis + 2] - 1) * geometry.dilation[axis] + 1
      return stride(from: 0, through: padded - span, by: geometry.stride[axis]).reduce(0) { count, _ in count + 1 }
    }
    y = [x[0], w[0]] + size
  }

  var cases: [OpCase] {
    [
      OpCase(
        "convolution \(description)", [OperandSpec(x), OperandSpec(w)], { $0[0].convolution($0[1], geometry) },
        expected: { v in Values(y) { i in sum(taps) { v[0].padded(source(i, $0)) * v[1][[i[1]] + $0] } } }),
      OpCase(
        "convolutionDataGradient \(description)", [OperandSpec(y), OperandSpec(w)],
        { $0[0].convolutionDataGradient($0[1], inputSize: [x[2], x[3]], geometry) },
        expected: { v in
          var result = Values(x) { _ in 0 }
          for i in Values.indices(y) {
            for tap in taps {
              let target = source(i, tap)
              if zip(target, x).allSatisfy({ $0 >= 0 && $0 < $1 }) { result[target] += v[0][i] * v[1][[i[1]] + tap] }
            }
          }
          return result
        }),
      OpCase(
        "convolutionWeightGradient \(description)", [OperandSpec(x), OperandSpec(y)],
        { $0[0].convolutionWeightGradient($0[1], kernelSize: [w[2], w[3]], geometry) },
        expected: { v in
          Values(w) { k in
            sum(Values.indices([y[0], y[2], y[3]])) {
              let i = [$0[0], k[0], $0[1], $0[2]]
              return v[1][i] * v[0].padded(source(i, Array(k.dropFirst())))
            }
          }
        }),
    ]
  }

  private var description: String {
    "stride \(geometry.stride) padding \(geometry.paddingLow) \(geometry.paddingHigh) dilation \(geometry.dilation)"
      + " groups \(geometry.groups)"
  }

  /// The kernel's indices: channel within the group, row, column.
  private var taps: [[Int]] { Values.indices(Array(w.dropFirst())) }

  private func sum(_ indices: [[Int]], _ term: ([Int]) -> Double) -> Double { indices.map(term).reduce(0, +) }

  /// The input's index that a tap of the kernel sees from an index of the output; it may lie outside.
  private func source(_ output: [Int], _ tap: [Int]) -> [Int] {
    let group = output[1] / (w[0] / geometry.groups)
    return [
      output[0], group * w[1] + tap[0],
      output[2] * geometry.stride[0] - geometry.paddingLow[0] + tap[1] * geometry.dilation[0],
      output[3] * geometry.stride[1] - geometry.paddingLow[1] + tap[2] * geometry.dilation[1],
    ]
  }
}
