import Networks
import Tensors
import Testing

private func weights(_ network: Network) -> [Shape] {
  network.parameters.filter { $0.name.hasSuffix("weight") }.map(\.shape)
}

@Test(arguments: [32, 64, 128, 256])
func unetsFitTheirSizes(size: Int) throws {
  let network = try Network.unet(name: "g", size: size, input: 3, output: 1, features: 2)
  #expect(network.inputShape == [3, size, size])
  #expect(network.outputShape == [1, size, size])
  let depth = size.trailingZeroBitCount
  #expect(weights(network).count == 2 * depth)
  #expect(network.parameters.contains { $0.name == "g/down\(depth)/conv/weight" })
}

@Test func unetOf256PixelsHasThePapersWidths() throws {
  let network = try Network.unet(name: "g", size: 256, input: 3, output: 3)
  let shapes = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.shape) })
  let down = [64, 128, 256, 512, 512, 512, 512, 512]
  for (index, width) in down.enumerated() {
    #expect(shapes["g/down\(index + 1)/conv/weight"] == [width, index == 0 ? 3 : down[index - 1], 4, 4])
  }
  // What a block on the way up reads: its own input and, but for the innermost, the skip connection.
  let up = [128, 256, 512, 1024, 1024, 1024, 1024, 512]
  for (index, width) in up.enumerated() {
    #expect(shapes["g/up\(index + 1)/conv/weight"] == [width, index == 0 ? 3 : down[index - 1], 4, 4])
  }
  #expect(shapes["g/down1/norm/scale"] == nil && shapes["g/down8/norm/scale"] == nil)
  #expect(shapes["g/up1/norm/scale"] == nil)
  #expect(shapes["g/up8/norm/scale"] == [512])
  let biased = shapes.keys.filter { $0.hasSuffix("bias") }.sorted()
  #expect(biased == ["g/down1/conv/bias", "g/down8/conv/bias", "g/up1/conv/bias"])
}

@Test func aUnetsDropoutIsItsNoise() throws {
  func images(_ isNoisy: Bool, _ stream: String) throws -> Tensor {
    let network = try Network.unet(
      name: "g", size: 8, input: 1, output: 1, features: 4, normalization: .instance, isNoisy: isNoisy, dtype: .f64)
    return network.apply(Tensor(numbers(128), shape: [2, 1, 8, 8], dtype: .f64), mode: .sampling, stream: stream).output
  }
  let values = try evaluate(
    [try images(true, "a"), try images(true, "b"), try images(false, "a"), try images(false, "b")])
  #expect(values[0] != values[1])
  #expect(values[2] == values[3])
}

@Test(arguments: [Normalization.none, .batch, .layer, .instance])
func translatorsHaveTheirDerivatives(normalization: Normalization) throws {
  // A depth of 2 leaves maps whose deviation is well away from 0, which differences need.
  let unet = try Network.unet(
    name: "g", size: 8, input: 2, output: 1, features: 2, depth: 2, normalization: normalization, dtype: .f64)
  let first = try SlopeCheck(unet, shape: [2, 2, 8, 8]).first
  #expect(first < 1e-5)
  let cycle = try Network.cycleGenerator(
    name: "g", size: 8, input: 2, output: 1, features: 2, blocks: 1, normalization: normalization, dtype: .f64)
  let second = try SlopeCheck(cycle, shape: [2, 2, 8, 8]).first
  #expect(second < 1e-5)
  let patch = try Network.patchDiscriminator(
    name: "d", size: 12, channels: 1, conditionChannels: 2, receptiveField: 16, features: 2,
    normalization: normalization, dtype: .f64)
  let check = try SlopeCheck(patch, shape: [2, 1, 12, 12], conditions: [.image: [2, 2, 12, 12]])
  #expect(check.first < 1e-5)
  #expect(check.second < 1e-5)
}

@Test(arguments: [8, 32, 64])
func aUnetsGradientsReachEveryParameter(size: Int) throws {
  let network = try Network.unet(
    name: "g", size: size, input: 1, output: 1, features: 1, normalization: .instance, dtype: .f64)
  let x = Tensor(numbers(2 * size * size), shape: [2, 1, size, size], dtype: .f64)
  let slopes = gradients(of: network(x).square().sum(), withRespectTo: network.parameters.map(\.value))
  let values = try evaluate(slopes)
  let areFinite = values.joined().allSatisfy { $0.isFinite }
  #expect(areFinite)
  for (variable, slope) in zip(network.parameters, values) where variable.name.hasSuffix("weight") {
    #expect(slope.contains { $0 != 0 }, "\(variable.name)")
  }
}

@Test(arguments: PatchGAN.receptiveFields)
func patchesAreAsLargeAsAskedFor(field: Int) throws {
  let network = try Network.patchDiscriminator(name: "d", size: 256, channels: 3, receptiveField: field, features: 1)
  #expect(PatchGAN.receptiveField(of: network) == field)
  #expect(network.outputShape[0] == 1)
}

/// The pixels that a score's slope reaches, without any formula.
@Test(arguments: [(1, 8), (16, 48), (34, 64)])
func aScoreSeesItsPatchAndNoMore(field: Int, size: Int) throws {
  let network = try Network.patchDiscriminator(
    name: "d", size: size, channels: 1, receptiveField: field, features: 1, normalization: .none, dtype: .f64)
  let x = Input(name: "x", shape: [1, 1, size, size], dtype: .f64).value
  let scores = network(x)
  let middle = scores.shape[2] / 2
  let score = scores.slice(start: [0, 0, middle, middle], end: [1, 1, middle + 1, middle + 1])
  let slope = try evaluate(
    gradients(of: score.sum(), withRespectTo: [x])[0], inputs: ["x": numbers(size * size)])
  let rows = (0..<size).filter { row in (0..<size).contains { slope[row * size + $0] != 0 } }
  let columns = (0..<size).filter { column in (0..<size).contains { slope[$0 * size + column] != 0 } }
  #expect(rows.count == field && columns.count == field)
  #expect((rows.last ?? 0) - (rows.first ?? 0) + 1 == field)
}

@Test func patchesOf70PixelsHaveThePapersWidths() throws {
  let network = try Network.patchDiscriminator(name: "d", size: 256, channels: 3, conditionChannels: 3)
  #expect(
    weights(network) == [[64, 6, 4, 4], [128, 64, 4, 4], [256, 128, 4, 4], [512, 256, 4, 4], [1, 512, 4, 4]])
  #expect(network.outputShape == [1, 30, 30])
  #expect(network.conditions == [.image: [3, 256, 256]])
  let pixel = try Network.patchDiscriminator(name: "d", size: 32, channels: 3, receptiveField: 1)
  #expect(weights(pixel) == [[64, 3, 1, 1], [128, 64, 1, 1], [1, 128, 1, 1]])
  #expect(pixel.outputShape == [1, 32, 32])
}

@Test func aPatchDiscriminatorJudgesPairs() throws {
  let network = try Network.patchDiscriminator(
    name: "d", size: 8, channels: 1, conditionChannels: 1, receptiveField: 16, features: 2, dtype: .f64)
  let x = Tensor(numbers(128), shape: [2, 1, 8, 8], dtype: .f64)
  let images = [numbers(128, stream: "a"), numbers(128, stream: "b")].map {
    network.apply(x, conditions: [.image: Tensor($0, shape: [2, 1, 8, 8], dtype: .f64)], mode: .training).output
  }
  let values = try evaluate(images)
  #expect(values[0] != values[1])
  #expect(throws: TensorError.self) { try trace { network(x) } }
}

@Test(arguments: [32, 64], ImagePadding.allCases)
func cycleGeneratorsFitTheirSizes(size: Int, padding: ImagePadding) throws {
  let network = try Network.cycleGenerator(name: "g", size: size, input: 3, output: 3, features: 4, padding: padding)
  #expect(network.outputShape == [3, size, size])
  let expected: [Shape] =
    [[4, 3, 7, 7], [8, 4, 3, 3], [16, 8, 3, 3]] + Array(repeating: [16, 16, 3, 3], count: 12) + [
      [16, 8, 3, 3], [8, 4, 3, 3], [3, 4, 7, 7],
    ]
  #expect(weights(network) == expected)
  #expect(network.parameters.filter { $0.name.hasSuffix("bias") }.map(\.name) == ["g/last/conv/bias"])
}

@Test func cycleGeneratorsOf256PixelsHaveNineBlocks() throws {
  let network = try Network.cycleGenerator(name: "g", size: 256, input: 3, output: 3, features: 1)
  #expect(network.layers.filter { $0 is SkipConnection }.count == 9)
}

@Test func layersInsideSkipConnectionsAreLabelled() throws {
  let network = try Network.unet(name: "g", size: 8, input: 1, output: 1, features: 2)
  var program = Program(name: "labels")
  program.output("y", network(Tensor(numbers(128), shape: [2, 1, 8, 8])))
  let labels = Set(program.nodes.map(\.label))
  #expect(labels.isSuperset(of: ["g/down1/conv", "g/skip1/down2/conv", "g/skip1/skip2/up3/conv"]))
}

@Test func impossibleTranslatorsAreRefused() {
  #expect(throws: NetworkError.sizeIsNoMultiple(network: "g", size: 33, divisor: 2)) {
    try Network.unet(name: "g", size: 33, input: 1, output: 1)
  }
  #expect(throws: NetworkError.sizeIsNoMultiple(network: "g", size: 32, divisor: 64)) {
    try Network.unet(name: "g", size: 32, input: 1, output: 1, depth: 6)
  }
  #expect(throws: NetworkError.self) { try Network.unet(name: "g", size: 32, input: 1, output: 1, depth: 100) }
  #expect(throws: NetworkError.self) { try Network.unet(name: "g", size: 0, input: 1, output: 1) }
  #expect(throws: NetworkError.self) { try Network.unet(name: "g", size: 32, input: 1, output: 1, dropout: 1) }
  #expect(throws: NetworkError.imageTooSmall(network: "d", size: 16, least: 24)) {
    try Network.patchDiscriminator(name: "d", size: 16, channels: 1, receptiveField: 70)
  }
  #expect(throws: NetworkError.self) {
    try Network.patchDiscriminator(name: "d", size: 64, channels: 1, receptiveField: 71)
  }
  #expect(throws: NetworkError.sizeIsNoMultiple(network: "g", size: 30, divisor: 4)) {
    try Network.cycleGenerator(name: "g", size: 30, input: 1, output: 1)
  }
  #expect(throws: NetworkError.imageTooSmall(network: "g", size: 4, least: 8)) {
    try Network.cycleGenerator(name: "g", size: 4, input: 1, output: 1)
  }
  #expect(throws: NetworkError.self) {
    try Network.cycleGenerator(name: "g", size: 32, input: 1, output: 1, blocks: -1)
  }
}
