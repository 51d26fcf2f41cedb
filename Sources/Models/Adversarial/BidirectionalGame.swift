import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

/// A generator and an encoder against a judge of pairs (BiGAN, ALI).
///
///     D descends        L_D of (x, E(x)) as data and (G(z), z) as fakes
///     G and E descend   L_G of D(G(z), z) + its mirror image of D(x, E(x)): in the non-saturating game swapped labels
///
/// Generator and encoder are one player. Both updates of a turn see the same data and latents.
struct BidirectionalGame: TwoPlayerGame {
  struct Draw {
    var latents: Tensor
    /// G(z).
    var fakes: Network.Result
    /// E(x).
    var codes: Network.Result
  }

  let generator: Network
  let encoder: Network
  let discriminator: JointDiscriminator
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let latent: LatentConfiguration
  let sample: Shape

  var discriminatorParameters: [Variable] { discriminator.parameters }
  var generatorParameters: [Variable] { generator.parameters + encoder.parameters }
  var sharesDraw: Bool { true }
  var generatorSeesData: Bool { true }

  private var batch: Int { configuration.schedule.batch }
  private var data: Tensor { ImageInput.named(ProgramPort.batch, batch, sample) }

  func draw(for player: String) -> Draw {
    let latents = latent.distribution.drawn([batch, latent.dimension], stream: "latent")
    return Draw(
      latents: latents, fakes: generator.apply(latents, mode: .training, collecting: true, stream: "fake"),
      codes: encoder.apply(data, mode: .training, collecting: true, stream: "encoded"))
  }

  func discriminatorStep(_ draw: Draw) -> PlayerStep {
    let real = discriminator.apply(
      data, draw.codes.output.detached, mode: .training, collecting: true, stream: "real")
    // The second pass continues the first's statistics.
    let fake = discriminator.apply(
      draw.fakes.output.detached, draw.latents, substituting: [Variable: Tensor](real.statistics), mode: .training,
      collecting: true, stream: "judged")
    let loss = objective.discriminatorLoss(real: real.output, fake: fake.output)
    return discriminatorStep(
      down: loss.total, state: fake.statistics, metrics: metrics(of: loss, real: real.output, fake: fake.output))
  }

  func generatorStep(_ draw: Draw, judge: [Variable: Tensor]) -> PlayerStep {
    let encoded = discriminator.apply(
      data, draw.codes.output, substituting: judge, mode: .training, stream: "judge/encoded")
    let generated = discriminator.apply(
      draw.fakes.output, draw.latents, substituting: judge, mode: .training, stream: "judge/generated")
    return generatorStep(
      down: objective.bidirectionalLoss(encoded: encoded.output, generated: generated.output),
      state: draw.fakes.statistics + draw.codes.statistics,
      metrics: [
        (.generatorLoss, objective.generatorLoss(fake: generated.output)),
        (.encoderLoss, objective.encoderTerm(encoded.output).mean()),
      ])
  }

  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)] { [] }
}

extension TrainableSystem {
  static func bidirectional(
    _ configuration: RunConfiguration, _ settings: BidirectionalConfiguration, sample: Shape
  ) throws -> TrainableSystem {
    let factory = NetworkFactory(
      sample: sample,
      settings: AdversarialConfiguration(
        latent: settings.latent, generator: settings.generator, output: settings.output,
        discriminator: settings.discriminator), techniques: [], classes: nil, stage: nil)
    let generator = try factory.generator()
    let encoder = try NetworkFactory.encoder(settings.encoder, sample: sample, latent: settings.latent.dimension)
    let discriminator = try JointDiscriminator(
      settings.discriminator, hidden: settings.jointHidden, sample: sample, latent: settings.latent.dimension)
    return try trace {
      let game = BidirectionalGame(
        generator: generator, encoder: encoder, discriminator: discriminator,
        objective: try BidirectionalGame.objective(configuration), configuration: configuration,
        latent: settings.latent, sample: sample)
      return try game.system()
    }
  }
}

extension BidirectionalGame {
  private static let reconstruction = "reconstruction"

  fileprivate func system() throws -> TrainableSystem {
    let programs = try programs()
    let game = self
    let reference = gameMetrics().first { $0.id == .generatorLoss }?.reference
    var system = TrainableSystem(
      players: programs.players, turn: programs.turn,
      sampler: { count in try trace { game.samplerProgram(count) } },
      scorer: { count in try trace { game.scorerProgram(count) } },
      latents: LatentLayout(
        dimension: latent.dimension, distribution: latent.distribution, categories: 0, continuous: 0, classes: nil),
      variables: generator.variables + encoder.variables + discriminator.variables + optimizerState,
      hyperparameterInputs: hyperparameterInputs(), batchSamples: configuration.schedule.batch,
      metrics: gameMetrics() + [MetricDescriptor(id: .encoderLoss, title: "E loss", reference: reference)],
      isCritic: isCritic, middleScore: middleScore,
      comparison: TrainableSystem.Comparison(
        program: { count in try trace { game.comparisonProgram(count) } },
        columns: [ProgramPort.batch, Self.reconstruction, ProgramPort.samples],
        distances: [
          TrainableSystem.Distance(
            descriptor: MetricDescriptor(id: .heldOutReconstruction, title: "reconstruction, held out"),
            first: ProgramPort.batch, second: Self.reconstruction)
        ]))
    system.encoder = { count in
      let encoder = game.encoder
      // What its last layer sees.
      let trunk = try Network(
        name: encoder.name, inputShape: encoder.inputShape, layers: Array(encoder.layers.dropLast()))
      return try trace { game.encoderProgram(count, trunk: trunk) }
    }
    return system
  }

  /// E(x), what its last layer sees, and G(E(x)).
  private func encoderProgram(_ count: Int, trunk: Network) -> Program {
    var program = Program(name: "encoder")
    let points = ImageInput.named(ProgramPort.points, count, sample)
    let codes = encoder.apply(points, mode: .sampling).output
    program.output(ProgramPort.encodings, codes)
    program.output(ProgramPort.reconstructions, generator.apply(codes, mode: .sampling).output)
    program.output(
      ProgramPort.features, trunk.apply(points, mode: .sampling).output.reshape([count, trunk.outputShape.count]))
    return program
  }

  private func samplerProgram(_ count: Int) -> Program {
    var program = Program(name: "sampler")
    program.output(ProgramPort.samples, samples(count))
    return program
  }

  private func samples(_ count: Int) -> Tensor {
    let z = Input(name: ProgramPort.latents, shape: [count, latent.dimension]).value
    return generator.apply(z, mode: .sampling).output
  }

  /// D(x, E(x)) of each point.
  private func scorerProgram(_ count: Int) -> Program {
    var program = Program(name: "scorer")
    let points = ImageInput.named(ProgramPort.points, count, sample)
    let score = discriminator.apply(points, encoder.apply(points, mode: .sampling).output, mode: .sampling).output
    program.output(ProgramPort.scores, objective.opinion(score).reshape([count, -1]).mean(axes: [1]))
    return program
  }

  /// Data as they come back from their latents, and samples.
  private func comparisonProgram(_ count: Int) -> Program {
    var program = Program(name: "comparison")
    let codes = encoder.apply(ImageInput.named(ProgramPort.batch, count, sample), mode: .sampling).output
    program.output(Self.reconstruction, generator.apply(codes, mode: .sampling).output)
    program.output(ProgramPort.samples, samples(count))
    return program
  }
}
