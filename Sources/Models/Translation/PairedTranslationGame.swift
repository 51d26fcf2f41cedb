import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

/// A translator against a judge of patches that sees source and translation (Pix2Pix).
///
///     D descends  ½·[L_D of (x, y) as data and (x, G(x)) as fakes], for least squares without another half
///     G descends  w·L_G(D(x, G(x))) + λ·E |y − G(x)|
///
/// Both updates of a turn see the same sources and the same dropout, which is G's only noise.
struct PairedTranslationGame: TwoPlayerGame {
  let generator: Network
  /// With `Condition.image` beside what it judges.
  let discriminator: Network
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let source: Shape
  let sample: Shape

  var discriminatorParameters: [Variable] { discriminator.parameters }
  var generatorParameters: [Variable] { generator.parameters }
  var sharesDraw: Bool { true }
  var generatorSeesData: Bool { true }

  private var batch: Int { configuration.schedule.batch }
  private var sources: Tensor { ImageInput.named(ProgramPort.sources, batch, source) }
  private var targets: Tensor { ImageInput.named(ProgramPort.batch, batch, sample) }
  private var translation: PairedTranslation {
    PairedTranslation(
      objective, weight: Self.scalar("model.distance-weight"), isHalved: configuration.objective.kind == .leastSquares)
  }

  func draw(for player: String) -> Network.Result {
    generator.apply(sources, mode: .training, collecting: true, stream: "fake")
  }

  func discriminatorStep(_ draw: Network.Result) -> PlayerStep {
    let beside = [Condition.image: sources]
    let real = discriminator.apply(targets, conditions: beside, mode: .training, collecting: true, stream: "real")
    // The second pass continues the first's statistics.
    let fake = discriminator.apply(
      draw.output.detached, substituting: [Variable: Tensor](real.statistics), conditions: beside, mode: .training,
      collecting: true, stream: "judged")
    let loss = translation.discriminatorLoss(real: real.output, fake: fake.output)
    return discriminatorStep(
      down: loss.total, state: fake.statistics, metrics: metrics(of: loss, real: real.output, fake: fake.output))
  }

  func generatorStep(_ draw: Network.Result, judge: [Variable: Tensor]) -> PlayerStep {
    let judged = discriminator.apply(
      draw.output, substituting: judge, conditions: [.image: sources],
      mode: .training, stream: "judge")
    let loss = translation.generatorLoss(score: judged.output, output: draw.output, target: targets)
    return generatorStep(
      down: Self.scalar("model.adversarial-weight") * loss.adversarial + translation.weight * loss.distance,
      state: draw.statistics, metrics: [(.generatorLoss, loss.adversarial), (.distanceLoss, loss.distance)])
  }

  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)] { [] }
}

extension TrainableSystem {
  static func pairedTranslation(
    _ configuration: RunConfiguration, _ settings: PairedTranslationConfiguration, source: Shape, sample: Shape
  ) throws -> TrainableSystem {
    let generator = try TranslationFactory.generator("generator", settings.generator, from: source, to: sample)
    let discriminator = try TranslationFactory.discriminator(
      "discriminator", settings.discriminator, of: sample, beside: source)
    return try trace {
      let game = PairedTranslationGame(
        generator: generator, discriminator: discriminator,
        objective: try PairedTranslationGame.objective(configuration), configuration: configuration, source: source,
        sample: sample)
      return try game.system()
    }
  }
}

extension PairedTranslationGame {
  fileprivate func system() throws -> TrainableSystem {
    let programs = try programs()
    let game = self
    return TrainableSystem(
      players: programs.players, turn: programs.turn,
      sampler: { count in try trace { game.samplerProgram("sampler", count) } },
      scorer: { count in try trace { game.scorerProgram(count) } }, latents: .none,
      variables: generator.variables + discriminator.variables + optimizerState,
      hyperparameterInputs: hyperparameterInputs(), batchSamples: configuration.schedule.batch,
      metrics: gameMetrics(
        of: "G(x)", share: translation.discriminatorShare, generatorShare: translation.generatorShare) + [
          MetricDescriptor(id: .distanceLoss, title: "L1 distance")
        ],
      isCritic: isCritic, middleScore: middleScore, source: source,
      comparison: TrainableSystem.Comparison(
        program: { count in try trace { game.samplerProgram("comparison", count) } },
        columns: [ProgramPort.sources, ProgramPort.samples, ProgramPort.batch],
        distances: [
          TrainableSystem.Distance(
            descriptor: MetricDescriptor(id: .heldOutDistance, title: "L1, held out"), first: ProgramPort.samples,
            second: ProgramPort.batch, needsPartners: true)
        ]))
  }

  private func samplerProgram(_ name: String, _ count: Int) -> Program {
    var program = Program(name: name)
    let sources = ImageInput.named(ProgramPort.sources, count, source)
    program.output(ProgramPort.samples, generator.apply(sources, mode: .sampling).output)
    return program
  }

  private func scorerProgram(_ count: Int) -> Program {
    var program = Program(name: "scorer")
    let points = ImageInput.named(ProgramPort.points, count, sample)
    let sources = ImageInput.named(ProgramPort.sources, count, source)
    let scores = discriminator.apply(points, conditions: [.image: sources], mode: .sampling).output
    program.output(ProgramPort.scores, objective.opinion(scores).reshape([count, -1]).mean(axes: [1]))
    return program
  }
}

extension LatentLayout {
  /// Of samplers that take no latents.
  static let none = LatentLayout(dimension: 0, distribution: .normal, categories: 0, continuous: 0, classes: nil)
}
