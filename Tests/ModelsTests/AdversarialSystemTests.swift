import Execution
import Models
import Telemetry
import Tensors
import Testing

@Suite struct AdversarialSystemTests {
  static func configuration(_ change: (inout RunConfiguration) -> Void = { _ in }) -> RunConfiguration {
    var configuration = RunConfiguration(
      name: "test", data: DataConfiguration(source: .ring(modes: 8, radius: 2, deviation: 0.02)),
      model: .gan(
        AdversarialConfiguration(
          latent: LatentConfiguration(dimension: 2), generator: .mlp(MLPConfiguration(hidden: [19, 16])),
          discriminator: .mlp(MLPConfiguration(hidden: [16, 17], activation: .leakyReLU(slope: 0.2))))))
    configuration.schedule.batch = 7
    change(&configuration)
    return configuration
  }

  /// Of the systems: where those that grow fade in.
  static let step = 3

  static func setInputs(_ system: TrainableSystem, _ configuration: RunConfiguration, _ program: any CompiledProgram)
    throws
  {
    let values = system.inputValues(configuration, step: step)
    for input in program.program.inputs {
      if let value = values[input.name] { try program.setInput(input.name, [value]) }
      if input.name == ProgramPort.classes {
        let classes = input.shape[1]
        let labels = (0..<input.shape[0]).map { $0 * 7 % classes }
        try program.setInput(input.name, labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } })
      }
      if input.name == ProgramPort.batch {
        try program.setInput(input.name, (0..<input.shape.count).map { Double(Float(($0 * 37 % 101)) / 50 - 1) })
      }
      if input.name == ProgramPort.sources {
        try program.setInput(input.name, (0..<input.shape.count).map { Double(Float(($0 * 53 % 97)) / 48 - 1) })
      }
    }
  }

  /// A Wasserstein critic's biases have gradients that cancel to rounding noise, which Adam would scale up to whole steps:
  /// two right engines differ there. Momentum keeps noise small.
  static func withMomentum(_ configuration: inout RunConfiguration) {
    configuration.objective = .wasserstein
    configuration.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
    configuration.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
  }

  /// Translations have their sources in the shape of their samples.
  static func system(_ configuration: RunConfiguration, sample: Shape) throws -> TrainableSystem {
    let source = configuration.model.kind.isTranslation ? sample : nil
    return try TrainableSystem(
      configuration, of: SampleDescription(sample: sample, source: source, classes: 3), step: step)
  }

  static let pairs = DataConfiguration(source: .pairs(PairsConfiguration(path: "pairs")))

  static let variants: [(String, Shape, RunConfiguration)] = [
    ("mlp", [2], configuration()),
    (
      "wgan-gp", [2],
      configuration {
        withMomentum(&$0)
        $0.penalties = [.gradientPenalty(weight: 0.1, target: 1)]
      }
    ),
    (
      "clipped", [2],
      configuration {
        withMomentum(&$0)
        $0.penalties = [.weightClipping(limit: 0.1)]
        $0.optimizers.generator.clipNorm = 0.1
      }
    ),
    (
      "replay and noise", [2],
      configuration {
        withMomentum(&$0)
        $0.penalties = [.weightClipping(limit: 0.1)]
        $0.techniques = [
          TechniqueConfiguration(.experienceReplay, ["share": 0.5, "capacity": 11]),
          TechniqueConfiguration(.instanceNoise, ["deviation": 0.3]),
        ]
      }
    ),
    (
      "every penalty", [2],
      configuration {
        withMomentum(&$0)
        $0.objective = .leastSquares(fake: -1, real: 1, target: 0)
        $0.optimizers.generator.rate = 1e-4
        $0.optimizers.discriminator.rate = 1e-4
        $0.penalties = PenaltyKind.allCases.filter { $0 != .weightClipping }.map { PenaltyConfiguration($0) }
        $0.techniques = [
          TechniqueConfiguration(.labelSmoothing), TechniqueConfiguration(.noisyLabels, ["probability": 0.3]),
          TechniqueConfiguration(.historicalAveraging), TechniqueConfiguration(.featureMatching, ["adversarial": 0.5]),
          TechniqueConfiguration(.minibatchDiscrimination, ["kernels": 3, "dimensions": 2]),
        ]
      }
    ),
    (
      "info", [2],
      configuration {
        withMomentum(&$0)
        $0.objective = .nonSaturating
        $0.model = .gan(
          AdversarialConfiguration(
            generator: .mlp(MLPConfiguration(hidden: [9], spectral: true)),
            discriminator: .maxout(MaxoutConfiguration(hidden: [8], pieces: 3)),
            code: CodeConfiguration(categories: 3, continuous: 2)))
      }
    ),
    (
      "auxiliary", [2],
      configuration {
        withMomentum(&$0)
        $0.objective = .nonSaturating
        $0.model = .gan(
          AdversarialConfiguration(
            generator: .mlp(MLPConfiguration(hidden: [9])),
            discriminator: .mlp(MLPConfiguration(hidden: [8], activation: .leakyReLU(slope: 0.2))),
            condition: .auxiliary(weight: 0.7)))
      }
    ),
    (
      "biggan", [1, 8, 8],
      configuration {
        withMomentum(&$0)
        $0.objective = .hinge
        $0.schedule.batch = 4
        $0.model = .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 6),
            generator: .bigGAN(BigGANConfiguration(features: 4, embedding: 3)),
            output: .tanh,
            discriminator: .residual(
              ResidualConfiguration(features: 4, normalization: .none, spectral: true, attention: 4)),
            condition: .projection))
      }
    ),
    (
      "unrolled and packed", [2],
      configuration {
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.05)
        $0.techniques = [
          TechniqueConfiguration(.unrolling, ["steps": 3]), TechniqueConfiguration(.packing, ["samples": 2]),
        ]
      }
    ),
    (
      "progressive", [1, 8, 8],
      configuration {
        withMomentum(&$0)
        $0.penalties = [.gradientPenalty(weight: 1, target: 1), PenaltyConfiguration(.drift)]
        $0.model = .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 3), generator: .progressive(ProgressiveConfiguration(features: 2)),
            discriminator: .progressive(ProgressiveConfiguration(features: 2)),
            average: AverageConfiguration(decay: 0.9),
            growth: GrowthConfiguration(start: 4, fadeSteps: 4, stableSteps: 1)))
      }
    ),
    (
      "style", [2, 8, 8],
      configuration {
        $0.schedule.batch = 4
        $0.penalties = [PenaltyConfiguration(.r1)]
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.model = .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 3),
            generator: .style(StyleConfiguration(features: 2, mappingDepth: 2, styleDimension: 5)), output: .tanh,
            discriminator: .progressive(ProgressiveConfiguration(features: 2)),
            code: CodeConfiguration(categories: 3, continuous: 1)))
      }
    ),
    (
      "dcgan", [3, 28, 28],
      configuration {
        $0.schedule.batch = 3
        $0.model = .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 5, distribution: .uniform),
            generator: .dcgan(DCGANConfiguration(features: 8)), output: .tanh,
            discriminator: .dcgan(DCGANConfiguration(features: 4, activation: .leakyReLU(slope: 0.2))),
            shareFakes: true,
            average: AverageConfiguration(decay: 0.9)))
      }
    ),
    (
      "dirac", [1],
      configuration {
        $0.data = DataConfiguration(source: .dirac)
        $0.penalties = [PenaltyConfiguration(.r1)]
        $0.techniques = [TechniqueConfiguration(.instanceNoise, ["deviation": 0.1])]
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.model = .gan(
          AdversarialConfiguration(
            generator: .dirac(DiracConfiguration(start: 0.7)),
            discriminator: .dirac(DiracConfiguration(start: -0.4, offset: 0.1))))
      }
    ),
    (
      "layers", [1, 8, 8],
      configuration {
        $0.schedule.batch = 4
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        let finish = LayerFinish(activation: .relu, normalization: .batch)
        let leaky = LayerFinish(activation: .leakyReLU(slope: 0.2), normalization: .instance)
        let (same, halving) = (
          ConvolutionWindow(kernel: 3, padding: 1), ConvolutionWindow(kernel: 4, stride: 2, padding: 1)
        )
        $0.model = .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 3),
            generator: .layers(
              LayersConfiguration(
                layers: [
                  .dense(units: 32, finish), .reshape([8, 2, 2]), .residual(features: 6, .up, .relu, .batch),
                  .attention,
                  .transposedConvolution(features: 4, halving, outputPadding: 0, leaky), .pixelNorm,
                  .upsample(factor: 2),
                  .averagePool(factor: 2), .convolution(features: 1, same, LayerFinish()),
                ], spectral: true)), output: .tanh,
            discriminator: .layers(
              LayersConfiguration(layers: [
                .convolution(features: 4, same, LayerFinish(activation: .elu)),
                .residual(features: 6, .down, .relu, .none), .normalization(.layer), .activation(.tanh), .flatten,
                .maxout(units: 7, pieces: 2), .dropout(0.2), .dense(units: 6, LayerFinish(activation: .gelu)),
              ])), condition: .projection))
      }
    ),
    (
      "bigan", [2],
      configuration {
        $0.model = .bigan(
          BidirectionalConfiguration(
            latent: LatentConfiguration(dimension: 3, distribution: .uniform),
            generator: .mlp(MLPConfiguration(hidden: [9])), encoder: .mlp(MLPConfiguration(hidden: [8])),
            discriminator: .mlp(MLPConfiguration(hidden: [11, 7], activation: .leakyReLU(slope: 0.2)))))
      }
    ),
    (
      "bigan of images", [1, 28, 28],
      configuration {
        let convolutions = DCGANConfiguration(features: 4, activation: .leakyReLU(slope: 0.2))
        $0.schedule.batch = 4
        $0.model = .bigan(
          BidirectionalConfiguration(
            latent: LatentConfiguration(dimension: 5), generator: .dcgan(DCGANConfiguration(features: 4)),
            output: .tanh, encoder: .dcgan(convolutions), discriminator: .dcgan(convolutions), jointHidden: [6]))
      }
    ),
    (
      "pix2pix", [3, 16, 16],
      configuration {
        $0.data = pairs
        $0.schedule.batch = 3
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 0.01)
        $0.model = .pix2pix(
          PairedTranslationConfiguration(
            generator: .unet(UNetConfiguration(features: 4, depth: 3)),
            discriminator: .patch(PatchConfiguration(receptiveField: 16, features: 4))))
      }
    ),
    (
      "cyclegan", [2, 16, 16],
      configuration {
        $0.data = pairs
        $0.objective = .leastSquares(fake: 0, real: 1, target: 1)
        $0.schedule.batch = 2
        // Slopes are steep here: larger steps would blow rounding up.
        $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 1e-4)
        $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0.5), rate: 1e-4)
        $0.model = .cyclegan(
          CycleConfiguration(
            generator: .resnet(ResNetConfiguration(features: 4, blocks: 1)),
            discriminator: .patch(PatchConfiguration(receptiveField: 16, features: 4, normalization: .instance)),
            pool: 3))
      }
    ),
  ]

  @Test(arguments: variants.indices) func theEngineAgreesWithTheReference(_ index: Int) throws {
    let (name, sample, configuration) = Self.variants[index]
    let system = try Self.system(configuration, sample: sample)
    let oracle = ReferenceBackend()
    let engine = CPUBackend(threads: 2)
    let stores = (try oracle.makeStore(system.variables, seed: 3), try engine.makeStore(system.variables, seed: 3))
    let programs = (try oracle.compile(system.turn, store: stores.0), try engine.compile(system.turn, store: stores.1))
    try Self.setInputs(system, configuration, programs.0)
    try Self.setInputs(system, configuration, programs.1)
    for step in 0..<3 {
      programs.0.run(counter: UInt64(step), substep: 0)
      programs.1.run(counter: UInt64(step), substep: 0)
      for output in system.turn.outputs {
        let (expected, found) = (try programs.0.output(output.name)[0], try programs.1.output(output.name)[0])
        #expect(
          abs(expected - found) <= 2e-4 * max(1, abs(expected)),
          "\(name) \(output.name) at step \(step): \(expected) \(found)")
      }
    }
    for variable in system.variables {
      let (expected, found) = (try stores.0.values(of: variable.name), try stores.1.values(of: variable.name))
      let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let distance = zip(expected, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(distance <= 1e-3 * max(norm, 1e-3), "\(name) \(variable.name): \(distance) of \(norm)")
    }
  }

  /// What a turn puts out is described, and what is described is put out.
  @Test(arguments: variants.indices) func everyMetricIsDescribed(_ index: Int) throws {
    let (name, sample, configuration) = Self.variants[index]
    let system = try Self.system(configuration, sample: sample)
    let reports = Set(system.turn.outputs.map(\.name).filter { !$0.hasPrefix("finite/") })
    #expect(reports == Set(system.metrics.map(\.id.rawValue)), "\(name)")
  }

  @Test(arguments: variants.indices) func separateUpdatesEqualATurn(_ index: Int) throws {
    try expectSeparateUpdatesToEqualATurn(index, on: CPUBackend())
  }

  @Test(.enabled(if: CPUBackend.hasBF16), arguments: variants.indices)
  func separateUpdatesEqualATurnInBF16(_ index: Int) throws {
    for threads in [1, 2] {
      try expectSeparateUpdatesToEqualATurn(index, on: CPUBackend(threads: threads, precision: .bf16))
    }
  }

  /// bf16 keeps 8 bits, so a loss keeps two to three digits.
  @Test(.enabled(if: CPUBackend.hasBF16)) func aTurnInBF16IsNearTheReference() throws {
    let (_, sample, configuration) = try #require(Self.variants.first { $0.0 == "dcgan" })
    let system = try Self.system(configuration, sample: sample)
    let (oracle, engine) = (ReferenceBackend(), CPUBackend(threads: 2, precision: .bf16))
    let programs = [
      try oracle.compile(system.turn, store: try oracle.makeStore(system.variables, seed: 3)),
      try engine.compile(system.turn, store: try engine.makeStore(system.variables, seed: 3)),
    ]
    for program in programs {
      try Self.setInputs(system, configuration, program)
      program.run(counter: 0, substep: 0)
    }
    for id in [MetricID.generatorLoss, .discriminatorLoss, .generatorGradient, .discriminatorGradient] {
      let (expected, found) = (try programs[0].output(id.rawValue)[0], try programs[1].output(id.rawValue)[0])
      #expect(abs(expected - found) <= 0x1p-6 * abs(expected), "\(id): \(expected) \(found)")
    }
  }

  private func expectSeparateUpdatesToEqualATurn(_ index: Int, on engine: CPUBackend) throws {
    let (name, sample, configuration) = Self.variants[index]
    let system = try Self.system(configuration, sample: sample)
    let (whole, parts) = (try engine.makeCPUStore(seed: 3), try engine.makeCPUStore(seed: 3))
    let turn = try engine.compile(system.turn, store: whole)
    let updates = try system.players.map { try engine.compile($0.update, store: parts) }
    try Self.setInputs(system, configuration, turn)
    for update in updates { try Self.setInputs(system, configuration, update) }
    for step in 0..<3 {
      turn.run(counter: UInt64(step), substep: 0)
      for update in updates { update.run(counter: UInt64(step), substep: 0) }
    }
    for variable in system.variables {
      let (first, second) = (try whole.values(of: variable.name), try parts.values(of: variable.name))
      if engine.precision == .bf16, variable.name.hasPrefix("pool/") {
        // An image that convolutions alone read is stored as they round it.
        #expect(zip(first, second).allSatisfy { abs($0 - $1) <= 0x1p-8 }, "\(name) \(variable.name)")
        continue
      }
      #expect(first == second, "\(name) \(variable.name)")
    }
  }
}
