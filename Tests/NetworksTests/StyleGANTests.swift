import Networks
import Tensors
import Testing

private let styles = StyleGAN.styles(resolution: 8)
private let first = Tensor(numbers(12), shape: [3, 4], dtype: .f64)
private let second = Tensor(numbers(12, stream: "second"), shape: [3, 4], dtype: .f64)

private func generator() throws -> Network {
  try .styleGenerator(
    name: "g", latent: 4, style: 5, resolution: 8, maximum: 8, channels: 1, features: 3, mappingDepth: 2, dtype: .f64)
}

/// Biases that are not 0, but no noise.
private func quiet(_ network: Network) -> [String: [Double]] {
  disturbed(network).filter { !$0.key.contains("/noise") }
}

@Test func stylesAreTwoAResolution() {
  #expect([4, 8, 16, 32, 64].map(StyleGAN.styles) == [2, 4, 6, 8, 10])
}

@Test func mixingTakesEachLayersStyleFromItsLatent() throws {
  let network = try generator()
  func images(_ z: Tensor, _ other: Tensor, crossover: Double) -> Tensor {
    let mask = StyleGAN.mixing(batch: 3, styles: styles, crossover: Tensor(crossover))
    return network.apply(z, conditions: [.secondLatent: other, .mixing: mask], mode: .sampling).output
  }
  let plain = [first, second].map { network.apply($0, mode: .sampling).output }
  let mixed = (0...styles).map { images(first, second, crossover: Double($0)) }
  let values = try evaluate(plain + mixed, variables: quiet(network))
  #expect(agree(values[2], values[1]))
  #expect(agree(values[2 + styles], values[0]))
  // Each layer's style matters.
  for crossover in 0..<styles { #expect(!agree(values[2 + crossover], values[3 + crossover], 1e-6)) }
}

@Test func aMaskPerSampleMixesSamplesByThemselves() throws {
  let network = try generator()
  let crossover = Tensor([0, 2, 4], shape: [3, 1])
  let mask = StyleGAN.mixing(batch: 3, styles: styles, crossover: crossover)
  let mixed = network.apply(first, conditions: [.secondLatent: second, .mixing: mask], mode: .sampling).output
  let plain = [first, second].map { network.apply($0, mode: .sampling).output }
  let values = try evaluate([mask, mixed] + plain, variables: quiet(network))
  #expect(values[0] == [1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0])
  #expect(agree(Array(values[1][..<64]), Array(values[3][..<64])))
  #expect(agree(Array(values[1][128...]), Array(values[2][128...])))
}

@Test func mixingNeedsBothConditions() throws {
  let network = try generator()
  #expect(throws: TensorError.self) {
    try trace { network.apply(first, conditions: [.secondLatent: second], mode: .training).output }
  }
}

@Test func crossoversAreUniformAndMonotone() throws {
  let count = 4000
  let masks = StyleGAN.randomMixing(batch: count, styles: 5, probability: Tensor(0.9), stream: "mixing")
  let values = try evaluate(masks)
  var crossovers = Array(repeating: 0, count: 6)
  for sample in 0..<count {
    let row = Array(values[sample * 5..<sample * 5 + 5])
    let crossover = row.firstIndex(of: 1) ?? 5
    #expect(row[crossover...].allSatisfy { $0 == 1 })
    crossovers[crossover] += 1
  }
  #expect(crossovers[0] == 0)
  // A tenth is not mixed; the four crossovers share the rest. Deviations are below 1 %, five of them are allowed.
  let shares = crossovers.map { Double($0) / Double(count) }
  #expect(abs(shares[5] - 0.1) < 0.025)
  for crossover in 1...4 { #expect(abs(shares[crossover] - 0.225) < 0.035) }
}

@Test func truncationDrawsStylesToTheirMean() throws {
  let network = try generator()
  func images(_ truncation: Double?, _ mode: ForwardPass.Mode) -> Tensor {
    let conditions = truncation.map { [Condition.truncation: Tensor($0)] } ?? [:]
    return network.apply(first, conditions: conditions, mode: mode).output
  }
  let values = try evaluate(
    [images(nil, .sampling), images(1, .sampling), images(0, .sampling), images(0, .training)],
    variables: quiet(network).merging(["g/mapping/mean": numbers(5, stream: "mean")]) { $1 })
  #expect(agree(values[1], values[0]))
  // Without noise every sample is the mean one.
  #expect(agree(Array(values[2][..<64]), Array(values[2][64..<128])))
  #expect(!agree(Array(values[0][..<64]), Array(values[0][64..<128]), 1e-6))
  #expect(agree(values[3], values[0]))
}

@Test func theMeanStyleFollowsTheBatchs() throws {
  let mapping = try StyleMapping("m", latent: 4, width: 2, depth: 1, styles: 3, rateMultiplier: 1, dtype: .f64)
  #expect(mapping.parameters.map(\.name) == ["m/dense1/weight", "m/dense1/bias"])
  #expect(mapping.statistics.map(\.name) == ["m/mean"])
  var pass = ForwardPass(mode: .training, collectsStatistics: true)
  let w = mapping(first, in: &pass)
  #expect(pass.statistics.count == 1)
  let moved = try #require(pass.statistics.first).value
  let chosen = pass.value(of: Condition.styles)
  #expect(chosen.shape == [3, 3, 2])
  let slope = gradients(of: moved.sum(), withRespectTo: [mapping.parameters[0].value])[0]
  let values = try evaluate([w, moved, chosen, slope], variables: ["m/mean": [3, -1]])
  let mean = (0..<2).map { (unit: Int) -> Double in (values[0][unit] + values[0][2 + unit] + values[0][4 + unit]) / 3 }
  #expect(agree(values[1], [0.995 * 3 + 0.005 * mean[0], -0.995 + 0.005 * mean[1]]))
  for style in 0..<3 { #expect(values[2][2 * style..<2 * style + 2] == values[0][..<2]) }
  #expect(values[3].allSatisfy { $0 == 0 })
  var silent = ForwardPass(mode: .training)
  _ = mapping(first, in: &silent)
  #expect(silent.statistics.isEmpty)
}

@Test func styleGeneratorsDerivativesAreRight() throws {
  let network = try generator()
  let check = try SlopeCheck(network, shape: [3, 4], conditions: [.secondLatent: [3, 4], .mixing: [3, styles]])
  #expect(check.first < 1e-5)
}

@Test func noiseMakesDetailsOfOneLatentDiffer() throws {
  let network = try generator()
  let passes = ["a", "b", "a"].map { network.apply(first, mode: .sampling, stream: $0).output }
  let values = try evaluate(passes, variables: disturbed(network))
  #expect(values[0] != values[1])
  #expect(values[0] == values[2])
}
