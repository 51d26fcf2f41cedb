import Networks
import Tensors
import Testing

private let f64 = DType.f64

private func oneHot(_ classes: [Int], of count: Int) -> Tensor {
  Tensor(
    classes.flatMap { label in (0..<count).map { $0 == label ? 1.0 : 0 } }, shape: [classes.count, count], dtype: .f64)
}

@Test func conditionalBatchNormStartsAsBatchNorm() throws {
  let x = Tensor(numbers(4 * 3), shape: [4, 3], dtype: .f64)
  var pass = ForwardPass(mode: .training, conditions: [.classes: oneHot([0, 1, 1, 0], of: 2)])
  let conditional = try ConditionalBatchNorm("a", channels: 3, modulation: .classes(2), dtype: f64)(x, in: &pass)
  let plain = try BatchNorm("b", channels: 3, dtype: f64)(x, in: &pass)
  let found = try evaluate([conditional, plain])
  #expect(agree(found[0], found[1]))
}

@Test func eachClassHasItsScaleAndOffset() throws {
  let layer = try ConditionalBatchNorm("norm", channels: 1, modulation: .classes(2), dtype: f64)
  let x = Tensor([1, -1], shape: [2, 1], dtype: .f64)
  var pass = ForwardPass(mode: .sampling, conditions: [.classes: oneHot([0, 1], of: 2)])
  let found = try evaluate(
    layer(x, in: &pass), variables: ["norm/scale": [1, -0.5], "norm/offset": [10, 20]])
  let unit = 1 / (1 + 1e-5).squareRoot()
  #expect(agree(found, [10 + 2 * unit, 20 - 0.5 * unit]))
}

@Test func aMissingClassIsNamed() throws {
  let error = #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [2], layers: [ClassConcatenation("n/classes")])
  }
  #expect(error?.description.contains("classes") == true)
}

@Test func imagesGetAMapForEachClass() throws {
  var pass = ForwardPass(mode: .sampling, conditions: [.classes: oneHot([1, 0], of: 2)])
  let y = ClassConcatenation("c")(Tensor(numbers(8), shape: [2, 1, 2, 2], dtype: .f64), in: &pass)
  #expect(y.shape == [2, 3, 2, 2])
  let found = try evaluate(y)
  #expect(Array(found[4..<12]) == [0, 0, 0, 0, 1, 1, 1, 1])
  #expect(Array(found[16..<24]) == [1, 1, 1, 1, 0, 0, 0, 0])
}

@Test func maxoutTakesTheGreatestPiece() throws {
  let layer = try Maxout("m", input: 1, units: 2, pieces: 2, dtype: f64)
  #expect(layer.parameters.map(\.name) == ["m/weight", "m/bias"])
  var pass = ForwardPass(mode: .sampling)
  let found = try evaluate(
    layer(Tensor([1, -1], shape: [2, 1], dtype: .f64), in: &pass),
    variables: ["m/weight": [1, -1, 2, 3], "m/bias": [0, 0, 0, 0.5]])
  #expect(found == [1, 3.5, 1, -2])
}

@Test func samplesDoNotCountThemselves() throws {
  let layer = try MinibatchDiscrimination("m", features: 1, kernels: 1, dimensions: 1, dtype: f64)
  var pass = ForwardPass(mode: .training)
  let far = layer(Tensor([0, 100, 200], shape: [3, 1], dtype: .f64), in: &pass)
  let equal = layer(Tensor([5, 5, 5], shape: [3, 1], dtype: .f64), in: &pass)
  let alone = layer(Tensor([5], shape: [1, 1], dtype: .f64), in: &pass)
  let found = try evaluate([far, equal, alone], variables: ["m/tensor": [1]])
  #expect(agree(found[0], [0, 0, 100, 0, 200, 0]))
  #expect(found[1] == [5, 2, 5, 2, 5, 2])
  #expect(found[2] == [5, 0])
}

@Test func attentionStartsAsTheIdentity() throws {
  let layer = try SelfAttention("a", channels: 8, spectral: SpectralNorm(), dtype: f64)
  #expect(layer.parameters.map(\.name) == ["key", "query", "value", "output"].map { "a/\($0)/weight" } + ["a/gamma"])
  let shapes: [Shape] = [[1, 8, 1, 1], [1, 8, 1, 1], [4, 8, 1, 1], [8, 4, 1, 1], [1]]
  #expect(layer.parameters.map(\.shape) == shapes)
  let x = numbers(2 * 8 * 3 * 5)
  var pass = ForwardPass(mode: .training)
  let found = try evaluate(layer(Tensor(x, shape: [2, 8, 3, 5], dtype: .f64), in: &pass))
  #expect(found == x)
}

@Test(arguments: ResidualBlock.Kind.allCases, [4, 6])
func residualBlocksResizeTheirMaps(kind: ResidualBlock.Kind, extent: Int) throws {
  let block = try ResidualBlock("b", kind, input: 2, output: 4, extent: extent, normalization: .layer, dtype: f64)
  var pass = ForwardPass(mode: .training)
  let y = block(Tensor(numbers(2 * 2 * extent * extent), shape: [2, 2, extent, extent], dtype: .f64), in: &pass)
  let resized = kind == .up ? 2 * extent : kind == .same ? extent : extent / 2
  #expect(y.shape == [2, 4, resized, resized])
  let names = block.parameters.map(\.name)
  #expect(names.contains("b/norm1/scale") == (kind != .first))
  #expect(names.contains("b/shortcut/weight"))
  let same = try ResidualBlock("b", .same, input: 2, output: 2, extent: extent)
  #expect(!same.parameters.contains { $0.name.contains("shortcut") })
  var program = Program(name: "block")
  program.output("y", y)
  #expect(Set(program.nodes.map(\.label)).isSuperset(of: ["conv1", "conv2"]))
}

@Test func generatorsTakeTheClassBesideTheLatent() throws {
  let mlp = try Network.mlp(name: "g", input: [2], hidden: [3], output: [2], classes: 4, dtype: f64)
  let dcgan = try Network.dcganGenerator(
    name: "g", latent: 2, size: 8, channels: 1, features: 2, normalization: .none, classes: 4, dtype: f64)
  #expect(mlp.parameters[0].shape == [6, 3])
  #expect(dcgan.parameters[0].shape == [6, 32])
  for network in [mlp, dcgan] {
    #expect(network.conditions == [.classes: [4]])
    let z = Tensor([0.5, -1, 0.5, -1], shape: [2, 2], dtype: .f64)
    let images = network.apply(z, conditions: [.classes: oneHot([0, 3], of: 4)], mode: .sampling).output
    let found = try evaluate(images)
    #expect(Array(found.prefix(found.count / 2)) != Array(found.suffix(found.count / 2)))
  }
}
