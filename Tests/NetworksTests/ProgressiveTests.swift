import Execution
import Networks
import Tensors
import Testing

private func generator(_ resolution: Int, isFading: Bool = false) throws -> Network {
  try .progressiveGenerator(
    name: "g", latent: 4, resolution: resolution, maximum: 32, channels: 2, features: 1, mostFeatures: 6,
    isFading: isFading, dtype: .f64)
}

private func styleGenerator(_ resolution: Int, isFading: Bool = false) throws -> Network {
  try .styleGenerator(
    name: "g", latent: 4, style: 5, resolution: resolution, maximum: 32, channels: 2, features: 1, mostFeatures: 6,
    mappingDepth: 2, isFading: isFading, dtype: .f64)
}

private func discriminator(_ resolution: Int, isFading: Bool = false, isBlurred: Bool = false) throws -> Network {
  try .progressiveDiscriminator(
    name: "d", resolution: resolution, maximum: 32, channels: 2, features: 1, mostFeatures: 6, isFading: isFading,
    isBlurred: isBlurred, dtype: .f64)
}

private let latents = Tensor(numbers(16), shape: [4, 4], dtype: .f64)
private let (none, half, all) = (Tensor(0, dtype: .f64), Tensor(0.5, dtype: .f64), Tensor(1, dtype: .f64))

private func names(_ network: Network) -> Set<String> { Set(network.variables.map(\.name)) }

@Test(arguments: [4, 8, 16, 32])
func progressiveNetworksFitEveryResolution(resolution: Int) throws {
  let (g, d) = (try generator(resolution), try discriminator(resolution))
  #expect(g.inputShape == [4])
  #expect(g.outputShape == [2, resolution, resolution])
  #expect(d.inputShape == [2, resolution, resolution])
  #expect(d.outputShape == [1])
  #expect(g.conditions.isEmpty && d.conditions.isEmpty)
  let style = try styleGenerator(resolution)
  #expect(style.outputShape == g.outputShape)
}

@Test func variablesAreNamedByResolution() throws {
  let found = try generator(16, isFading: true).parameters.map(\.name)
  let expected = [
    "g/4x4/dense/weight", "g/4x4/dense/bias", "g/4x4/conv/weight", "g/4x4/conv/bias", "g/8x8/conv1/weight",
    "g/8x8/conv1/bias", "g/8x8/conv2/weight", "g/8x8/conv2/bias", "g/8x8/to_rgb/weight", "g/8x8/to_rgb/bias",
    "g/16x16/conv1/weight", "g/16x16/conv1/bias", "g/16x16/conv2/weight", "g/16x16/conv2/bias",
    "g/16x16/to_rgb/weight", "g/16x16/to_rgb/bias",
  ]
  #expect(found == expected)
  let d = try discriminator(8, isFading: true)
  #expect(d.conditions == [.alpha: .scalar])
  #expect(names(d).isSuperset(of: ["d/4x4/from_rgb/weight", "d/8x8/from_rgb/weight", "d/4x4/score/bias"]))
}

/// A run grows by carrying variables over by name: none may change its shape, and a stage keeps all that the next one
/// does not drop.
@Test(arguments: [4, 8, 16])
func growingKeepsVariablesByName(resolution: Int) throws {
  for make in [generator, styleGenerator, { try discriminator($0, isFading: $1) }] {
    let stages = [try make(resolution, false), try make(2 * resolution, true), try make(2 * resolution, false)]
    for (before, after) in zip(stages, stages.dropFirst()) {
      let shapes = Dictionary(uniqueKeysWithValues: before.variables.map { ($0.name, $0.shape) })
      for variable in after.variables {
        guard let shape = shapes[variable.name] else {
          #expect(variable.name.contains("/\(2 * resolution)x\(2 * resolution)/"))
          continue
        }
        #expect(variable.shape == shape)
      }
    }
    #expect(names(stages[1]).isSuperset(of: names(stages[0])))
    #expect(names(stages[1]).isSuperset(of: names(stages[2])))
  }
}

@Test(arguments: [4, 8, 16])
func atAlphaZeroTheGeneratorShowsThePreviousImage(resolution: Int) throws {
  for make in [generator, styleGenerator] {
    let (before, after) = (try make(resolution, false), try make(2 * resolution, true))
    let old = before.apply(latents, mode: .training).output.upsampledNearest(2)
    let new = after.apply(latents, conditions: [.alpha: none], mode: .training).output
    let blended = after.apply(latents, conditions: [.alpha: half], mode: .training).output
    let values = try evaluate([old, new, blended], variables: disturbed(after))
    #expect(agree(values[1], values[0], 1e-12))
    #expect(!agree(values[2], values[0], 1e-3))
  }
}

@Test(arguments: [4, 8, 16], [false, true])
func atAlphaZeroTheDiscriminatorGivesThePreviousScore(resolution: Int, isBlurred: Bool) throws {
  let before = try discriminator(resolution, isBlurred: isBlurred)
  let after = try discriminator(2 * resolution, isFading: true, isBlurred: isBlurred)
  let count = 4 * 2 * resolution * resolution
  let images = Tensor(numbers(count), shape: [4, 2, resolution, resolution], dtype: .f64)
  let old = before(images)
  let new = after.apply(images.upsampledNearest(2), conditions: [.alpha: none], mode: .training).output
  let blended = after.apply(images.upsampledNearest(2), conditions: [.alpha: half], mode: .training).output
  let values = try evaluate([old, new, blended], variables: disturbed(after))
  #expect(agree(values[1], values[0], 1e-12))
  #expect(!agree(values[2], values[0], 1e-4))
}

@Test func atAlphaOneTheOldPathDoesNotMatter() throws {
  for make in [generator, styleGenerator] {
    let (fading, grown) = (try make(16, true), try make(16, false))
    let output = fading.apply(latents, conditions: [.alpha: all], mode: .training).output
    let old = fading.parameters.filter { $0.name.hasPrefix("g/8x8/to_rgb") }
    #expect(old.count == 2)
    let slopes = gradients(of: output.square().sum(), withRespectTo: old.map(\.value))
    let values = try evaluate([grown(latents), output] + slopes, variables: disturbed(fading))
    #expect(agree(values[1], values[0], 1e-12))
    let isStill = values[2...].joined().allSatisfy { $0 == 0 }
    #expect(isStill)
  }
  let (fading, grown) = (try discriminator(16, isFading: true), try discriminator(16))
  let images = Tensor(numbers(4 * 2 * 256), shape: [4, 2, 16, 16], dtype: .f64)
  let score = fading.apply(images, conditions: [.alpha: all], mode: .training).output
  let values = try evaluate([grown(images), score], variables: disturbed(fading))
  #expect(agree(values[1], values[0], 1e-12))
}

@Test func realImagesFadeAsGeneratedOnesDo() throws {
  let images = Tensor([1, 3, 5, 7], shape: [1, 1, 2, 2], dtype: .f64)
  let found = try evaluate([none, half, all].map { Progressive.faded(images, alpha: $0) })
  #expect(found == [[4, 4, 4, 4], [2.5, 3.5, 4.5, 5.5], [1, 3, 5, 7]])
}

@Test func progressiveNetworksHaveTheirDerivatives() throws {
  let critic = try SlopeCheck(
    try discriminator(8, isFading: true, isBlurred: true), shape: [4, 2, 8, 8], conditions: [.alpha: .scalar])
  #expect(critic.first < 1e-5)
  #expect(critic.second < 1e-5)
  let maker = try SlopeCheck(try generator(8, isFading: true), shape: [2, 4], conditions: [.alpha: .scalar])
  #expect(maker.first < 1e-5)
}

/// A penalized critic's step on the compiled backend is the reference's.
@Test func theCPUAgreesOnAPenalty() throws {
  let critic = try Network.progressiveDiscriminator(
    name: "d", resolution: 8, maximum: 8, channels: 1, features: 4, isFading: true, isBlurred: true)
  let maker = try Network.styleGenerator(
    name: "g", latent: 4, style: 5, resolution: 8, maximum: 8, channels: 1, features: 4, isFading: true)
  let alpha: [Condition: Tensor] = [.alpha: Tensor(0.3)]
  let images = maker.apply(
    Tensor(numbers(32), shape: [8, 4]), conditions: alpha, mode: .training, collecting: true)
  let scores = critic.apply(images.output, conditions: alpha, mode: .training).output
  let slope = gradients(of: scores.sum(), withRespectTo: [images.output])[0]
  let loss = slope.square().sum() + scores.sum()
  let parameters = critic.parameters + maker.parameters
  var program = Program(name: "penalty")
  program.output("score", scores)
  program.output("mean", images.statistics[0].value)
  for (index, slope) in gradients(of: loss, withRespectTo: parameters.map(\.value)).enumerated() {
    program.output("\(index)", slope)
  }
  let results = try [ReferenceBackend() as any Backend, CPUBackend()].map { backend -> [[Double]] in
    let store = try backend.makeStore(program.variables, seed: 1)
    let compiled = try backend.compile(program, store: store)
    compiled.run(counter: 1, substep: 0)
    return try (["score", "mean"] + parameters.indices.map { "\($0)" }).map { try compiled.output($0) }
  }
  for (index, (reference, found)) in zip(results[0], results[1]).enumerated() {
    let size = reference.map { abs($0) }.max() ?? 0
    let distance = zip(reference, found).map { abs($0 - $1) }.max() ?? 0
    #expect(distance <= 1e-3 * max(size, 1e-3), "\(index)")
  }
}

@Test func impossibleResolutionsAreRefused() {
  for (resolution, maximum) in [(6, 32), (2, 32), (64, 32), (8, 24), (0, 0)] {
    #expect(throws: NetworkError.resolutionUnsupported(network: "g", resolution: resolution, maximum: maximum)) {
      try Network.progressiveGenerator(
        name: "g", latent: 4, resolution: resolution, maximum: maximum, channels: 1, features: 2)
    }
  }
  #expect(throws: NetworkError.self) {
    try Network.styleGenerator(
      name: "g", latent: 4, style: 0, resolution: 4, maximum: 4, channels: 1, features: 2)
  }
  #expect(throws: NetworkError.self) {
    try Network.progressiveDiscriminator(name: "d", resolution: 4, maximum: 4, channels: 1, features: 2, groupSize: 0)
  }
}
