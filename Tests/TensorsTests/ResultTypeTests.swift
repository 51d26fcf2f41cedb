import Tensors
import Testing

/// The shape and type that operations give; the values are checked where programs run.
@Suite struct ResultTypeTests {
  static let x = Input(name: "x", shape: [2, 3, 4]).value
  static let images = Input(name: "images", shape: [2, 3, 8, 8]).value
  static let indices = Input(name: "indices", shape: [5], dtype: .i32).value
  static let table = Input(name: "table", shape: [7, 2], dtype: .f64).value

  static let cases: [(String, Tensor, Shape, DType)] = [
    ("sum", x.sum(), [], .f32),
    ("sum over the last", x.sum(axes: [-1]), [2, 3], .f32),
    ("sum over an axis named twice", x.sum(axes: [0, -3]), [3, 4], .f32),
    ("max kept", x.max(axes: [0, 2], keepingAxes: true), [1, 3, 1], .f32),
    ("mean over none", x.mean(axes: []), [2, 3, 4], .f32),
    ("softmax", x.softmax(), [2, 3, 4], .f32),
    ("compare", x .> Tensor(0), [2, 3, 4], .bool),
    ("cast", x.cast(to: .i32), [2, 3, 4], .i32),
    ("flattened", x.flattened(), [2, 12], .f32),
    ("inferred reshape", x.reshape([4, -1]), [4, 6], .f32),
    ("transposed", x.transposed(), [2, 4, 3], .f32),
    ("slice", x.slice(start: [0, 1, 0], end: [2, 3, 4], step: [1, 1, 3]), [2, 2, 2], .f32),
    ("pad", x.pad(low: [0, 1, 0], high: [0, 0, 2], interior: [3, 0, 1]), [5, 4, 9], .f32),
    ("gather", table.gather(indices), [5, 2], .f64),
    ("oneHot", indices.oneHot(classes: 3), [5, 3], .f32),
    ("matmul", x.matmul(Input(name: "w", shape: [4, 6]).value), [2, 3, 6], .f32),
    (
      "convolution", images.convolution(Input(name: "k", shape: [5, 3, 4, 4]).value, .init(stride: 2, padding: 1)),
      [2, 5, 4, 4], .f32
    ),
    (
      "transposed convolution",
      images.transposedConvolution(Input(name: "k", shape: [3, 6, 4, 4]).value, .init(stride: 2, padding: 1)),
      [2, 6, 16, 16], .f32
    ),
    ("upsample", images.upsampledNearest(3), [2, 3, 24, 24], .f32),
    ("average pool", images.averagePooled(4), [2, 3, 2, 2], .f32),
    ("random", .randomNormal([3, 2], stream: "s", dtype: .f64), [3, 2], .f64),
    ("Bernoulli", .randomBernoulli([3], probability: 0.5, stream: "s"), [3], .bool),
    ("categorical", .randomCategorical(probabilities: Tensor.filled(0.5, shape: [4, 2]), stream: "s"), [4], .i32),
    ("concatenate nothing", .concatenate([], axis: 0), [0], .f32),
    ("a literal takes the type of what it meets", table * Tensor(2), [7, 2], .f64),
    ("so does the left one", Tensor(2) - table, [7, 2], .f64),
    ("an integer's literal is an integer", indices + 1, [5], .i32),
  ]

  @Test(arguments: cases.indices) func resultType(_ index: Int) {
    let (name, tensor, shape, dtype) = Self.cases[index]
    #expect(tensor.shape == shape, "\(name)")
    #expect(tensor.dtype == dtype, "\(name)")
  }

  @Test func movementsWithoutEffectMakeNoNode() {
    let x = Self.x
    #expect(x.reshape([2, 3, 4]) == x)
    #expect(x.transpose([0, 1, 2]) == x)
    #expect(x.broadcast(to: [2, 3, 4]) == x)
    #expect(x.slice(start: [0, 0, 0], end: [2, 3, 4]) == x)
    #expect(x.pad(low: [0, 0, 0], high: [0, 0, 0]) == x)
    #expect(x.cast(to: .f32) == x)
    #expect(x.sum(axes: []) == x)
    #expect(x.power(1) == x)
    #expect(Tensor.concatenate([x], axis: 1) == x)
  }
}
