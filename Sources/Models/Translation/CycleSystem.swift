import Networks
import Objectives
import Telemetry
import Tensors

extension TrainableSystem {
  static func cycle(
    _ configuration: RunConfiguration, _ settings: CycleConfiguration, source: Shape, sample: Shape
  ) throws -> TrainableSystem {
    func direction(_ name: String, from: Shape, to: Shape) throws -> CycleGame.Direction {
      CycleGame.Direction(
        generator: try TranslationFactory.generator("generator/\(name)", settings.generator, from: from, to: to),
        discriminator: try TranslationFactory.discriminator(
          "discriminator/\(name)", settings.discriminator, of: to, beside: nil),
        pool: settings.pool > 0
          ? ExperienceReplay(capacity: settings.pool, sample: to, name: "pool/\(name)") : nil, name: name)
    }
    let (forth, back) = (
      try direction("forth", from: source, to: sample), try direction("back", from: sample, to: source)
    )
    return try trace {
      let game = CycleGame(
        forth: forth, back: back, objective: try CycleGame.objective(configuration), configuration: configuration,
        source: source, sample: sample)
      return try game.system()
    }
  }
}

extension CycleGame {
  fileprivate func system() throws -> TrainableSystem {
    let programs = try programs()
    let game = self
    let isHalved = configuration.objective.kind == .leastSquares
    return TrainableSystem(
      players: programs.players, turn: programs.turn,
      sampler: { count in try trace { game.samplerProgram(count) } },
      scorer: { count in try trace { game.scorerProgram(count) } }, latents: .none, variables: variables,
      hyperparameterInputs: hyperparameterInputs(), batchSamples: configuration.schedule.batch,
      metrics: gameMetrics(of: "G(x)", share: isHalved ? 1 : 0.5, generatorShare: isHalved ? 2 : 1) + [
        MetricDescriptor(id: .cycleLoss, title: "cycle distance"),
        MetricDescriptor(id: .identityLoss, title: "identity distance"),
      ], isCritic: isCritic, middleScore: middleScore, source: source,
      comparison: TrainableSystem.Comparison(
        program: { count in try trace { game.comparisonProgram(count) } },
        columns: [
          ProgramPort.sources, ProgramPort.samples, CyclePort.cycledSources, ProgramPort.batch, CyclePort.back,
          CyclePort.cycledSamples,
        ],
        distances: [
          TrainableSystem.Distance(
            descriptor: MetricDescriptor(id: .heldOutCycle, title: "cycle distance, held out"),
            first: ProgramPort.sources, second: CyclePort.cycledSources),
          TrainableSystem.Distance(
            descriptor: MetricDescriptor(id: .heldOutDistance, title: "L1, held out"), first: ProgramPort.samples,
            second: ProgramPort.batch, needsPartners: true),
        ]))
  }

  private var variables: [Variable] {
    [forth, back].flatMap { $0.generator.variables + $0.discriminator.variables + ($0.pool?.variables ?? []) }
      + optimizerState
  }

  private func samplerProgram(_ count: Int) -> Program {
    var program = Program(name: "sampler")
    let sources = ImageInput.named(ProgramPort.sources, count, source)
    program.output(ProgramPort.samples, forth.generator.apply(sources, mode: .sampling).output)
    return program
  }

  private func scorerProgram(_ count: Int) -> Program {
    var program = Program(name: "scorer")
    let points = ImageInput.named(ProgramPort.points, count, sample)
    let scores = forth.discriminator.apply(points, mode: .sampling).output
    program.output(ProgramPort.scores, objective.opinion(scores).reshape([count, -1]).mean(axes: [1]))
    return program
  }

  /// Both ways, there and back again.
  private func comparisonProgram(_ count: Int) -> Program {
    var program = Program(name: "comparison")
    func apply(_ direction: Direction, _ images: Tensor, _ stream: String) -> Tensor {
      direction.generator.apply(images, mode: .sampling, stream: stream).output
    }
    let made = apply(forth, ImageInput.named(ProgramPort.sources, count, source), "forth")
    let opposite = apply(back, ImageInput.named(ProgramPort.batch, count, sample), "back")
    program.output(ProgramPort.samples, made)
    program.output(CyclePort.cycledSources, apply(back, made, "forth/back"))
    program.output(CyclePort.back, opposite)
    program.output(CyclePort.cycledSamples, apply(forth, opposite, "back/forth"))
    return program
  }
}

/// Columns of CycleGAN's comparison beside sources, samples and batch.
public enum CyclePort {
  /// Sources that went to samples and back.
  public static let cycledSources = "cycled/sources"
  /// The data as the way back makes sources of them.
  public static let back = "back"
  /// The data as they return from there.
  public static let cycledSamples = "cycled/samples"
}
