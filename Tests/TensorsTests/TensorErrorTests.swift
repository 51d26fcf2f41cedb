import Tensors
import Testing

/// What does not fit is refused with a sentence that names the operation, the layer and the shapes.
@Suite struct TensorErrorTests {
  struct Misuse: Sendable, CustomTestStringConvertible {
    let sentence: String
    let build: @Sendable () -> Tensor
    init(_ sentence: String, _ build: @escaping @Sendable () -> Tensor) {
      self.sentence = sentence
      self.build = build
    }
    var testDescription: String { sentence }
  }

  static func input(_ shape: Shape, _ dtype: DType = .f32) -> Tensor {
    Input(name: "x", shape: shape, dtype: dtype).value
  }

  static let images =
    "expected images [batch, channels, height, width] and kernels [out, in / groups, height, width] that fit"

  static let misuses: [Misuse] = [
    Misuse("add in layer: shapes [2, 3] and [2] do not broadcast") { input([2, 3]) + input([2]) },
    Misuse("less in layer: shapes [2] and [3] do not broadcast") { input([2]) .< input([3]) },
    Misuse("multiply in layer: expected equal types, found f32 and f64") { input([2]) * input([2], .f64) },
    Misuse("add in layer: expected numbers, found bool and bool") { input([1], .bool) + input([1], .bool) },
    Misuse("exp in layer: expected f32 or f64, found i32") { input([2], .i32).exp() },
    Misuse("leakyRelu(0.2) in layer: expected f32 or f64, found bool") { input([2], .bool).leakyRelu(slope: 0.2) },
    Misuse("select in layer: expected bool for the condition, found f32 and f32 and f32") {
      input([2]).select(input([2]), input([2]))
    },
    Misuse("select in layer: expected shapes that broadcast, found [2] and [3] and [2]") {
      input([2], .bool).select(input([3]), input([2]))
    },
    Misuse("select in layer: expected equal types, found f32 and f64") {
      input([2], .bool).select(input([2]), input([2], .f64))
    },
    Misuse("sum in layer: axis 2 is outside shape [2, 3]") { input([2, 3]).sum(axes: [2]) },
    Misuse("sum in layer: axis -1 is outside shape [2, 3]") { input([2, 3]).mean(axes: [-3]) },
    Misuse("max in layer: axis 0 is outside shape []") { input([]).softmax(axis: 0) },
    Misuse("max in layer: expected at least one element, found [0, 3]") { input([0, 3]).max(axes: [0]) },
    Misuse("sum in layer: expected f32 or f64, found i32") { input([3], .i32).sum() },
    Misuse("reshape in layer: expected as many elements, found [2, 3] and [4, 2]") { input([2, 3]).reshape([4, 2]) },
    Misuse("reshape in layer: expected as many elements, found [2, 3] and [4, 1]") { input([2, 3]).reshape([4, -1]) },
    Misuse("reshape in layer: expected as many elements, found [2, 3] and [-6, 0]") {
      input([2, 3]).reshape([-6, -1])
    },
    Misuse("transpose in layer: expected a permutation of the axes, found [2, 3] and [0, 0]") {
      input([2, 3]).transpose([0, 0])
    },
    Misuse("transpose in layer: expected a permutation of the axes, found [2, 3] and [0]") {
      input([2, 3]).transpose([0])
    },
    Misuse("broadcast in layer: shapes [2] and [3] do not broadcast") { input([2]).broadcast(to: [3]) },
    Misuse("broadcast in layer: shapes [2, 3] and [3] do not broadcast") { input([2, 3]).broadcast(to: [3]) },
    Misuse("slice in layer: expected 0 <= start <= end <= extent, found [3] and [1] and [4]") {
      input([3]).slice(start: [1], end: [4])
    },
    Misuse("slice in layer: expected 0 <= start <= end <= extent, found [3] and [-1] and [2]") {
      input([3]).slice(axis: 0, from: -1, to: 2)
    },
    Misuse("slice in layer: axis 1 is outside shape [3]") { input([3]).slice(axis: 1, from: 0, to: 1) },
    Misuse("pad in layer: expected paddings >= 0 for each axis, found [3] and [-1] and [0]") {
      input([3]).pad(low: [-1], high: [0])
    },
    Misuse("pad in layer: expected paddings >= 0 for each axis, found [3] and [1, 1] and [0]") {
      input([3]).pad(low: [1, 1], high: [0])
    },
    Misuse("concatenate in layer: expected equal extents but along axis 0, found [2, 3] and [2, 4]") {
      .concatenate([input([2, 3]), input([2, 4])], axis: 0)
    },
    Misuse("concatenate in layer: axis 2 is outside shape [2, 3]") {
      .concatenate([input([2, 3]), input([2, 3])], axis: 2)
    },
    Misuse("concatenate in layer: expected equal types, found f32 and i32") {
      .concatenate([input([2]), input([2], .i32)], axis: 0)
    },
    Misuse("upsample in layer: expected [batch, channels, height, width], found [2, 3]") {
      input([2, 3]).upsampledNearest(2)
    },
    Misuse(
      "averagePool in layer: expected [batch, channels, height, width] with extents divisible by 2, found [1, 1, 4, 5]"
    ) {
      input([1, 1, 4, 5]).averagePooled(2)
    },
    Misuse("gather in layer: expected i32 indices, found f32 and f32") { input([3]).gather(input([2])) },
    Misuse("gather in layer: expected a table of rows, found [] and [2]") { input([]).gather(input([2], .i32)) },
    Misuse("gather in layer: expected a table of rows, found [0, 2] and [2]") {
      input([0, 2]).gather(input([2], .i32))
    },
    Misuse("scatterAdd in layer: expected a row of values for each index, found [3, 2] and [2]") {
      input([3, 2]).scatterAdd(rows: 4, indices: input([2], .i32))
    },
    Misuse("scatterAdd in layer: expected floating values and i32 indices, found i32 and i32") {
      input([2], .i32).scatterAdd(rows: 4, indices: input([2], .i32))
    },
    Misuse("matmul in layer: expected [..., m, k] and [..., k, n] with equal leading axes, found [2, 3] and [2, 3]") {
      input([2, 3]).matmul(input([2, 3]))
    },
    Misuse("matmul in layer: expected [..., m, k] and [..., k, n], found [3] and [3, 2]") {
      input([3]).matmul(input([3, 2]))
    },
    Misuse("matmul in layer: expected [..., m, k] and [..., k, n], found [2, 3, 4] and [3, 4, 5]") {
      input([2, 3, 4]).matmul(input([3, 4, 5]))
    },
    Misuse("matmul in layer: expected equal floating types, found i32 and i32") {
      input([2, 2], .i32).matmul(input([2, 2], .i32))
    },
    Misuse("convolution in layer: \(images), found [1, 3, 8, 8] and [4, 2, 3, 3]") {
      input([1, 3, 8, 8]).convolution(input([4, 2, 3, 3]), .init())
    },
    Misuse("convolution in layer: \(images), found [1, 3, 2, 2] and [4, 3, 3, 3]") {
      input([1, 3, 2, 2]).convolution(input([4, 3, 3, 3]), .init())
    },
    Misuse("convolution in layer: \(images), found [1, 3, 2, 2] and [4, 3, 0, 1]") {
      input([1, 3, 2, 2]).convolution(input([4, 3, 0, 1]), .init())
    },
    Misuse("convolution in layer: \(images), found [1, 4, 8, 8] and [3, 2, 3, 3]") {
      input([1, 4, 8, 8]).convolution(input([3, 2, 3, 3]), .init(groups: 2))
    },
    Misuse("convolution in layer: \(images), found [1, 1, 4, 4] and [1, 1, 1, 1]") {
      input([1, 1, 4, 4]).convolution(input([1, 1, 1, 1]), .init(stride: 0))
    },
    Misuse("convolution in layer: \(images), found [1, 1, 4, 4] and [1, 1, 1, 1]") {
      input([1, 1, 4, 4]).convolution(
        input([1, 1, 1, 1]), .init(stride: [1], paddingLow: [], paddingHigh: [], dilation: [], groups: 1))
    },
    Misuse("convolution in layer: expected equal floating types, found f32 and f64") {
      input([1, 1, 4, 4]).convolution(input([1, 1, 1, 1], .f64), .init())
    },
    Misuse("transposedConvolution in layer: \(images), found [2, 3] and [3, 2, 2, 2]") {
      input([2, 3]).transposedConvolution(input([3, 2, 2, 2]), .init())
    },
    // An output padding as large as the stride would be another extent of the input.
    Misuse("convolutionDataGradient in layer: \(images), found [1, 1, 2, 2] and [1, 1, 2, 2] and [1, 1, 6, 6]") {
      input([1, 1, 2, 2]).transposedConvolution(input([1, 1, 2, 2]), .init(stride: 2), outputPadding: 2)
    },
    Misuse("constant in layer: expected 3 values for the shape, given 2, found [3]") { Tensor([1, 2], shape: [3]) },
    Misuse("random in layer: expected f32 or f64, found i32") { .randomUniform([2], stream: "s", dtype: .i32) },
    Misuse("categorical in layer: expected [batch, classes], found [3]") {
      .randomCategorical(probabilities: input([3]), stream: "s")
    },
    Misuse("x in layer: expected extents >= 0 and fewer than 2^48 elements, found [2, -1]") { input([2, -1]) },
    Misuse("broadcast in layer: expected extents >= 0 and fewer than 2^48 elements, found [1099511627776, 512]") {
      input([1, 1]).broadcast(to: [1 << 40, 512])
    },
    Misuse("v in layer: expected extents >= 0 and fewer than 2^48 elements, found [4294967296, 4294967296]") {
      Variable(name: "v", shape: [1 << 32, 1 << 32]) { _ in [] }.value
    },
    Misuse("a gradient needs a scalar, found shape [2]") { gradients(of: input([2]), withRespectTo: [input([2])])[0] },
    Misuse("vectorJacobianProducts in layer: expected a vector of each output's shape, found [2] and []") {
      vectorJacobianProducts(of: [input([2])], with: [input([])], withRespectTo: [input([2])])[0]
    },
    Misuse("1 vectors for the products of 2 outputs") {
      vectorJacobianProducts(of: [input([]), input([])], with: [input([])], withRespectTo: [input([])])[0]
    },
  ]

  @Test(arguments: misuses) func isRefused(_ misuse: Misuse) {
    let error = #expect(throws: TensorError.self) { try trace { labelled("layer") { misuse.build() } } }
    #expect(error?.description == misuse.sentence)
  }

  @Test func withoutALabelTheSentenceHasNone() {
    let error = #expect(throws: TensorError.self) { try trace { Self.input([2]) + Self.input([3]) } }
    #expect(error?.description == "add: shapes [2] and [3] do not broadcast")
    #expect(error == .shapesDoNotBroadcast(operation: "add", lhs: [2], rhs: [3], label: ""))
  }
}
