import Networks
import Tensors
import Testing

private func names(_ network: Network) -> [String] { network.parameters.map(\.name) }

@Test func mlpHasItsLayersAndNames() throws {
  let network = try Network.mlp(name: "generator", input: [2], hidden: [8, 4], output: [3])
  let expected = (1...3).flatMap { ["generator/dense\($0)/weight", "generator/dense\($0)/bias"] }
  #expect(names(network) == expected)
  let shapes: [Shape] = [[2, 8], [8], [8, 4], [4], [4, 3], [3]]
  #expect(network.parameters.map(\.shape) == shapes)
  #expect(network.outputShape == [3])
  #expect(network.statistics.isEmpty)
  let linear = try Network.mlp(name: "linear", input: [2], hidden: [], output: [1])
  #expect(names(linear) == ["linear/dense1/weight", "linear/dense1/bias"])
}

@Test func mlpOfImagesFlattensAndUnflattens() throws {
  let network = try Network.mlp(
    name: "g", input: [1, 4, 4], hidden: [5], output: [3, 2, 2], normalization: .batch, dropout: 0.5,
    outputActivation: .tanh)
  #expect(network.outputShape == [3, 2, 2])
  #expect(names(network) == ["g/dense1/weight", "g/norm1/scale", "g/norm1/offset", "g/dense2/weight", "g/dense2/bias"])
  #expect(network.statistics.map(\.name) == ["g/norm1/running_mean", "g/norm1/running_variance"])
  #expect(network.layers.map(\.name).contains("g/dropout1"))
}

@Test func mlpIsItsFormula() throws {
  let network = try Network.mlp(
    name: "g", input: [2], hidden: [3], output: [1], activation: .leakyReLU(slope: 0.2), dtype: .f64)
  let (w1, b1) = ([1, -1, 0.5, 2, 0, -2], [0.1, -0.2, 0.3])
  let (w2, b2) = ([1.0, 2, 3], [0.5])
  let x = [1.0, 2, -1, 0.5]
  let found = try evaluate(
    network(Input(name: "x", shape: [2, 2], dtype: .f64).value), inputs: ["x": x],
    variables: ["g/dense1/weight": w1, "g/dense1/bias": b1, "g/dense2/weight": w2, "g/dense2/bias": b2])
  let expected = (0..<2).map { row -> Double in
    (0..<3).reduce(b2[0]) { sum, unit in
      let h = x[row * 2] * w1[unit] + x[row * 2 + 1] * w1[3 + unit] + b1[unit]
      return sum + w2[unit] * (h > 0 ? h : 0.2 * h)
    }
  }
  #expect(agree(found, expected))
}

@Test(arguments: DCGAN.imageSizes, [1, 3])
func dcganFitsEverySize(size: Int, channels: Int) throws {
  let features = 2
  let generator = try Network.dcganGenerator(name: "g", latent: 5, size: size, channels: channels, features: features)
  let discriminator = try Network.dcganDiscriminator(name: "d", size: size, channels: channels, features: features)
  #expect(generator.inputShape == [5])
  #expect(generator.outputShape == [channels, size, size])
  #expect(discriminator.inputShape == [channels, size, size])
  #expect(discriminator.outputShape == [1])
  // No normalization at the discriminator's ends and the generator's output, no biases.
  #expect(!names(discriminator).contains { $0.hasPrefix("d/block1/norm") || $0.hasPrefix("d/score/norm") })
  #expect(!(names(generator) + names(discriminator)).contains { $0.hasSuffix("bias") })
}

@Test func dcganOf32And64PixelsHasThePapersWidths() throws {
  let generator = try Network.dcganGenerator(name: "g", latent: 100, size: 64, channels: 3, features: 64)
  let discriminator = try Network.dcganDiscriminator(name: "d", size: 64, channels: 3, features: 64)
  let weights = { (network: Network) in
    network.parameters.filter { $0.name.hasSuffix("weight") }.map(\.shape)
  }
  let up: [Shape] = [[100, 8192], [512, 256, 4, 4], [256, 128, 4, 4], [128, 64, 4, 4], [64, 3, 4, 4]]
  let down: [Shape] = [[64, 3, 4, 4], [128, 64, 4, 4], [256, 128, 4, 4], [512, 256, 4, 4], [8192, 1]]
  #expect(weights(generator) == up)
  #expect(weights(discriminator) == down)
  let count = { (network: Network) in network.parameters.reduce(0) { $0 + $1.shape.count } }
  let small = try Network.dcganGenerator(name: "g", latent: 100, size: 32, channels: 1, features: 64)
  // Kernels of the projection, two doublings and the image; batch norms of 256, 128 and 64 channels.
  let kernels = 16 * [100 * 256, 256 * 128, 128 * 64, 64].reduce(0, +)
  #expect(count(small) == kernels + 2 * 448)
  let scale = try #require(small.parameters.first { $0.name == "g/project/norm/scale" }).initial(1)
  #expect(abs(scale.reduce(0, +) / 256 - 1) < 0.006)
  #expect(Set(scale).count > 200)
}

@Test(arguments: Normalization.allCases)
func dcganTakesEveryNormalization(normalization: Normalization) throws {
  let discriminator = try Network.dcganDiscriminator(
    name: "d", size: 8, channels: 1, features: 2, normalization: normalization, dtype: .f64)
  let generator = try Network.dcganGenerator(
    name: "g", latent: 3, size: 8, channels: 1, features: 2, normalization: normalization, dtype: .f64)
  #expect(names(discriminator).contains("d/block1/conv/bias") == (normalization == .none))
  #expect(discriminator.statistics.isEmpty == true)
  #expect(generator.statistics.isEmpty == (normalization != .batch))
  let z = Tensor(numbers(6), shape: [2, 3], dtype: .f64)
  let score = discriminator(generator(z))
  let slope = gradients(of: score.sum(), withRespectTo: generator.parameters.map(\.value))
  let found = try evaluate([score] + slope)
  let areFinite = found.joined().allSatisfy { $0.isFinite }
  #expect(areFinite)
  let moves = found[1].contains { $0 != 0 }
  #expect(moves)
}

@Test func otherTensorsStandInForParameters() throws {
  let network = try Network.mlp(name: "g", input: [1], hidden: [], output: [1], dtype: .f64)
  let weight = network.parameters[0]
  let x = Tensor([3], shape: [1, 1], dtype: .f64)
  let own = network(x)
  let other = network.apply(x, substituting: [weight: Tensor([2], shape: [1, 1], dtype: .f64)], mode: .sampling)
  let values = try evaluate([own, other.output], variables: ["g/dense1/weight": [5], "g/dense1/bias": [1]])
  #expect(values == [[16], [7]])
  #expect(other.statistics.isEmpty)
}

@Test func gradientsReachEveryReadingOfAVariable() throws {
  let network = try Network.mlp(name: "d", input: [1], hidden: [], output: [1], dtype: .f64)
  // D(x)·D(x') with two passes: the derivative by the weight is x·D(x') + x'·D(x).
  let (a, b) = (Tensor([2], shape: [1, 1], dtype: .f64), Tensor([3], shape: [1, 1], dtype: .f64))
  let product = (network(a) * network(b)).sum()
  let slopes = gradients(of: product, withRespectTo: network.parameters.map(\.value))
  let values = try evaluate(slopes, variables: ["d/dense1/weight": [5], "d/dense1/bias": [1]])
  #expect(values == [[65], [27]])
}

@Test func nodesCarryTheirLayersName() throws {
  let network = try Network.dcganGenerator(name: "generator", latent: 3, size: 8, channels: 1, features: 2)
  var program = Program(name: "sample")
  program.output("images", network(Tensor(numbers(6), shape: [2, 3]), mode: .sampling))
  let labels = Set(program.nodes.map(\.label))
  #expect(labels.isSuperset(of: ["generator/project/dense", "generator/project/norm", "generator/block1/conv"]))
}

@Test func passesOfOneProgramMayDrawTheirOwnMasks() throws {
  let network = try Network.mlp(name: "d", input: [4], hidden: [64], output: [1], dropout: 0.5, dtype: .f64)
  let x = Tensor(numbers(8), shape: [2, 4], dtype: .f64)
  let passes = ["a", "b", "a"].map { network.apply(x, mode: .training, stream: $0).output }
  let values = try evaluate(passes + [network(x, mode: .sampling), network(x, mode: .sampling)])
  #expect(values[0] != values[1])
  #expect(values[0] == values[2])
  #expect(values[3] == values[4])
}

@Test func networksNestAsLayers() throws {
  let inner = try Network.mlp(name: "outer/inner", input: [2], hidden: [], output: [2], dtype: .f64)
  let outer = try Network(
    name: "outer", inputShape: [2], inputType: .f64,
    layers: [inner, try Dense("outer/score", input: 2, output: 1, dtype: .f64)])
  let expected = ["outer/inner/dense1/weight", "outer/inner/dense1/bias", "outer/score/weight", "outer/score/bias"]
  #expect(names(outer) == expected)
  var program = Program(name: "nested")
  program.output("score", outer(Tensor([1, 2], shape: [1, 2], dtype: .f64)))
  #expect(Set(program.nodes.map(\.label)).contains("outer/inner/dense1"))
}

@Test func embeddingsStartANetwork() throws {
  let network = try Network(
    name: "e", inputShape: [], inputType: .i32,
    layers: [try Embedding("e/table", count: 10, dimension: 4), try Dense("e/dense", input: 4, output: 2)])
  #expect(network.outputShape == [2])
}

@Test func impossibleNetworksAreRefused() {
  #expect(throws: NetworkError.imageSizeUnsupported(network: "g", size: 30, supported: DCGAN.imageSizes)) {
    try Network.dcganGenerator(name: "g", latent: 3, size: 30, channels: 1, features: 2)
  }
  #expect(throws: NetworkError.instanceNormalizationOfVectors(network: "d")) {
    try Network.mlp(name: "d", input: [2], hidden: [4], output: [1], normalization: .instance)
  }
  #expect(throws: NetworkError.self) { try Network.mlp(name: "d", input: [2], hidden: [0], output: [1]) }
  #expect(throws: NetworkError.self) { try Network.mlp(name: "d", input: [2], hidden: [4], output: [1], dropout: -0.1) }
  #expect(throws: NetworkError.self) {
    try Network.dcganGenerator(name: "g", latent: 3, size: 32, channels: 0, features: 2)
  }
  #expect(throws: NetworkError.self) {
    try Network.dcganDiscriminator(name: "d", size: 32, channels: 1, features: 0)
  }
  #expect(throws: NetworkError.duplicateVariable(network: "n", variable: "n/a/weight")) {
    let layer = try Dense("n/a", input: 2, output: 2)
    _ = try Network(name: "n", inputShape: [2], layers: [layer, layer])
  }
}

@Test func layersThatDoNotFitAreNamed() throws {
  let layers: [any Layer] = [
    try Dense("n/first", input: 2, output: 3), try Dense("n/second", input: 4, output: 1),
  ]
  let error = #expect(throws: TensorError.self) { try Network(name: "n", inputShape: [2], layers: layers) }
  #expect(error?.description.contains("second") == true)
}
