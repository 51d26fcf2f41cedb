import Execution
import Models
import Tensors
import Testing

@Suite struct GrowthTests {
  private static let growth = GrowthConfiguration(start: 4, fadeSteps: 3, stableSteps: 2)

  private static func configuration(_ generator: NetworkConfiguration) -> RunConfiguration {
    AdversarialSystemTests.configuration {
      $0.schedule.batch = 4
      $0.model = .gan(
        AdversarialConfiguration(
          latent: LatentConfiguration(dimension: 3), generator: generator,
          discriminator: .progressive(ProgressiveConfiguration(features: 2)), average: AverageConfiguration(decay: 0.9),
          growth: growth))
    }
  }

  private static let generators: [NetworkConfiguration] = [
    .progressive(ProgressiveConfiguration(features: 2)),
    .style(StyleConfiguration(features: 2, mappingDepth: 2, styleDimension: 5)),
  ]

  @Test func stagesFollowTheStep() {
    let expected: [(resolution: Int, alpha: Double)] = [
      (4, 1), (4, 1), (8, 0), (8, 1 / 3), (8, 2 / 3), (8, 1), (8, 1), (16, 0), (16, 1 / 3), (16, 2 / 3), (16, 1),
    ]
    for (step, wanted) in expected.enumerated() {
      let stage = Self.growth.stage(at: step, maximum: 16)
      #expect(stage.resolution == wanted.resolution, "step \(step)")
      #expect(Self.growth.alpha(at: step, maximum: 16) == wanted.alpha, "step \(step)")
      #expect(stage.isFading == (wanted.alpha < 1), "step \(step)")
    }
    #expect(
      Self.growth.stage(at: 1_000_000, maximum: 16) == GrowthStage(resolution: 16, isFading: false, firstStep: 10))
    #expect(
      GrowthConfiguration(start: 16, fadeSteps: 1, stableSteps: 1).stage(at: 99, maximum: 16)
        == GrowthStage(resolution: 16, isFading: false, firstStep: 0))
  }

  /// Samples and scores of a system, with the variables of a store.
  private func look(
    _ system: TrainableSystem, _ configuration: RunConfiguration, step: Int, store: CPUStore
  ) throws -> (samples: [Double], scores: [Double]) {
    let engine = CPUBackend()
    let inputs = system.inputValues(configuration, step: step)
    let (sampler, scorer) = (
      try engine.compile(try system.sampler(5), store: store), try engine.compile(try system.scorer(4), store: store)
    )
    for program in [sampler, scorer] {
      for input in program.program.inputs {
        let values = (0..<input.shape.count).map { Double(Float($0 * 37 % 101) / 50 - 1) }
        try program.setInput(input.name, inputs[input.name].map { [$0] } ?? values)
      }
      program.run(counter: 0, substep: 0)
    }
    return (try sampler.output(ProgramPort.samples), try scorer.output(ProgramPort.scores))
  }

  /// At α = 0 the grown networks are the ones before, through the programs that pictures and measures are made with.
  @Test(arguments: generators) func atAlphaZeroNothingIsSeenOfTheGrowth(_ generator: NetworkConfiguration) throws {
    let configuration = Self.configuration(generator)
    let store = try CPUBackend().makeCPUStore(seed: 5)
    var outputs: [(samples: [Double], scores: [Double])] = []
    for step in [1, 2, 4, 6, 7] {
      let system = try TrainableSystem.adversarial(configuration, sample: [1, 16, 16], classes: nil, step: step)
      #expect(system.stage == Self.growth.stage(at: step, maximum: 16))
      outputs.append(try look(system, configuration, step: step, store: store))
      #expect(outputs.last?.samples.count == 5 * 256)
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }
    #expect(distance(outputs[0].samples, outputs[1].samples) < 1e-5)
    #expect(distance(outputs[0].scores, outputs[1].scores) < 1e-5)
    #expect(distance(outputs[1].samples, outputs[2].samples) > 1e-3)
    #expect(distance(outputs[3].samples, outputs[4].samples) < 1e-5)
    #expect(distance(outputs[3].scores, outputs[4].scores) < 1e-5)
  }

  /// The samples of a style generator come together as ψ falls, and no program of training reads it.
  @Test func truncationDrawsSamplesTogether() throws {
    var configuration = Self.configuration(Self.generators[1])
    let system = try TrainableSystem.adversarial(configuration, sample: [1, 16, 16], classes: nil, step: 10)
    let store = try CPUBackend().makeCPUStore(seed: 5)
    func spread(_ psi: Double) throws -> Double {
      #expect(configuration.setHyperparameter("model.generator.truncation", to: psi) == psi)
      let samples = try look(system, configuration, step: 10, store: store).samples
      return zip(samples[..<256], samples[256...]).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let (none, half, full) = (try spread(0), try spread(0.5), try spread(1))
    // AdaIN normalizes: how far samples are from each other is no straight line in psi.
    #expect(none < 1e-4 && half > 1e-2 && full > 1e-2 && half != full, "\(none) \(half) \(full)")
    let training = [system.turn] + system.players.map(\.update)
    #expect(!training.contains { $0.inputs.contains { $0.name == "model.generator.truncation" } })
    #expect(system.turn.inputs.contains { $0.name == "model.generator.mixing" })
  }

  @Test func whatCannotGrowIsRefused() {
    let configuration = Self.configuration(Self.generators[0])
    #expect(throws: SystemError.cannotGrow(sample: [2], start: 4)) {
      try TrainableSystem.adversarial(configuration, sample: [2], classes: nil)
    }
    #expect(throws: SystemError.cannotGrow(sample: [1, 2, 2], start: 4)) {
      try TrainableSystem.adversarial(configuration, sample: [1, 2, 2], classes: nil)
    }
  }
}
