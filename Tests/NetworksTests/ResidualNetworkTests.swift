import Networks
import Tensors
import Testing

private func classes(_ labels: [Int], of count: Int) -> [Condition: Tensor] {
  let values = labels.flatMap { label in (0..<count).map { $0 == label ? 1.0 : 0 } }
  return [.classes: Tensor(values, shape: [labels.count, count], dtype: .f64)]
}

@Test(arguments: DCGAN.imageSizes, [1, 3])
func residualNetworksFitEverySize(size: Int, channels: Int) throws {
  let attention = size / 2
  let generators = [
    try Network.residualGenerator(
      name: "g", latent: 7, size: size, channels: channels, features: 2, classes: 3, spectral: SpectralNorm(),
      attentionAt: size),
    try Network.bigGANGenerator(
      name: "g", latent: 7, size: size, channels: channels, features: 2, classes: 3, embedding: 2, attentionAt: size),
  ]
  for generator in generators {
    #expect(generator.inputShape == [7])
    #expect(generator.outputShape == [channels, size, size])
    #expect(generator.conditions == [.classes: [3]])
  }
  let discriminator = try Network.residualDiscriminator(
    name: "d", size: size, channels: channels, features: 2, conditioning: .projection(classes: 3),
    attentionAt: attention)
  #expect(discriminator.outputShape == [1])
}

@Test func residualNetworksHaveThePapersWidths() throws {
  func kernels(_ network: Network, _ part: String) -> [Shape] {
    network.parameters.filter { $0.name.hasSuffix("\(part)/weight") }.map(\.shape)
  }
  let large = try Network.residualGenerator(name: "g", latent: 128, size: 128, channels: 3, features: 64)
  let up: [Shape] = [[1024, 1024, 3, 3], [512, 1024, 3, 3], [256, 512, 3, 3], [128, 256, 3, 3], [64, 128, 3, 3]]
  #expect(kernels(large, "conv1") == up)
  #expect(kernels(large, "dense") == [[128, 16384]])
  let small = try Network.residualGenerator(
    name: "g", latent: 128, size: 32, channels: 3, features: 256, isDoubling: false)
  let equal: [Shape] = [[256, 256, 3, 3], [256, 256, 3, 3], [256, 256, 3, 3]]
  #expect(kernels(small, "conv1") == equal)
  let critic = try Network.residualDiscriminator(name: "d", size: 128, channels: 3, features: 64)
  let down: [Shape] = [
    [64, 64, 3, 3], [128, 64, 3, 3], [256, 128, 3, 3], [512, 256, 3, 3], [1024, 512, 3, 3], [1024, 1024, 3, 3],
  ]
  #expect(kernels(critic, "conv2") == down)
}

@Test(arguments: [nil, SpectralNorm()])
func residualGeneratorsMove(spectral: SpectralNorm?) throws {
  let generators = [
    try Network.residualGenerator(
      name: "g", latent: 4, size: 8, channels: 1, features: 2, classes: 3, spectral: spectral, dtype: .f64),
    try Network.bigGANGenerator(
      name: "g", latent: 4, size: 8, channels: 1, features: 2, classes: 3, embedding: 2, spectral: spectral,
      dtype: .f64),
  ]
  let z = Tensor(numbers(12), shape: [3, 4], dtype: .f64)
  for generator in generators {
    let result = generator.apply(z, conditions: classes([0, 1, 2], of: 3), mode: .training, collecting: true)
    #expect(Set(result.statistics.map(\.variable.name)) == Set(generator.statistics.map(\.name)))
    let slopes = gradients(of: result.output.square().sum(), withRespectTo: generator.parameters.map(\.value))
    let found = try evaluate([result.output] + slopes)
    let areFinite = found.joined().allSatisfy { $0.isFinite }
    #expect(areFinite)
    for (parameter, slope) in zip(generator.parameters, found.dropFirst()) {
      // A bias before batch normalization, which is of all samples alike, moves nothing; rounding may.
      #expect(parameter.name.hasSuffix("bias") || slope.contains { abs($0) > 1e-12 }, "\(parameter.name)")
    }
  }
}

@Test func bigGANsBlocksReadTheClassAndTheirPartOfTheLatent() throws {
  let generator = try Network.bigGANGenerator(
    name: "g", latent: 8, size: 16, channels: 1, features: 2, classes: 2, embedding: 3, spectral: nil, dtype: .f64)
  // Two blocks: three parts, of which the first has the remainder.
  let shape = { (name: String) in generator.parameters.first { $0.name == name }?.shape }
  #expect(shape("g/latent/embedding/table") == [2, 3])
  #expect(shape("g/project/dense/weight") == [4, 64])
  #expect(shape("g/block1/norm1/scale") == [5, 4])
  let z = [0.3, -1, 0.5, 0.2, 0.7, -0.4, 1.1, -0.6]
  func image(_ z: [Double], _ label: Int) throws -> [Double] {
    let latent = Tensor(z, shape: [1, 8], dtype: .f64)
    return try evaluate(generator.apply(latent, conditions: classes([label], of: 2), mode: .sampling).output)
  }
  let base = try image(z, 0)
  #expect(try image(z, 1) != base)
  for element in z.indices {
    var moved = z
    moved[element] += 0.5
    #expect(try image(moved, 0) != base, "element \(element)")
  }
}

@Test func impossibleResidualNetworksAreRefused() {
  #expect(throws: NetworkError.classesNeedBatchNormalization(network: "g", normalization: "layer")) {
    try Network.residualGenerator(
      name: "g", latent: 4, size: 8, channels: 1, features: 2, classes: 3, normalization: .layer)
  }
  #expect(throws: NetworkError.noMapForAttention(network: "d", extent: 16, extents: [14, 7])) {
    try Network.residualDiscriminator(name: "d", size: 28, channels: 1, features: 2, attentionAt: 16)
  }
  #expect(throws: NetworkError.latentTooShort(network: "g/latent", latent: 3, parts: 4)) {
    try Network.bigGANGenerator(name: "g", latent: 3, size: 32, channels: 1, features: 2, classes: 3)
  }
  #expect(throws: NetworkError.imageSizeUnsupported(network: "g", size: 30, supported: DCGAN.imageSizes)) {
    try Network.residualGenerator(name: "g", latent: 3, size: 30, channels: 1, features: 2)
  }
  #expect(throws: NetworkError.extentNotPositive(layer: "d", extent: "classes", value: 0)) {
    try Network.residualDiscriminator(
      name: "d", size: 28, channels: 1, features: 2, conditioning: .projection(classes: 0))
  }
  #expect(throws: NetworkError.self) {
    try Network.residualGenerator(name: "g", latent: 4, size: 8, channels: 1, features: 2, classes: 0)
  }
}
