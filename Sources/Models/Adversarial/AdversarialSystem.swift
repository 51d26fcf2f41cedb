import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

extension TrainableSystem {
  /// The system that a configuration describes.
  ///
  /// - Parameters:
  ///   - sample: the shape of one sample of the data.
  ///   - classes: the number of classes that the data have labels of; nil for data without labels.
  ///   - step: of a run that grows while it trains: the system is that of the step's stage.
  /// - Throws: a `NetworkError` or `TensorError` for networks that do not fit, a `SystemError` for classes that the data
  ///   do not have, an `ObjectiveError` for labels that an objective does not have.
  public static func adversarial(
    _ configuration: RunConfiguration, sample: Shape, classes: Int?, step: Int = 0
  ) throws -> TrainableSystem {
    let settings: AdversarialConfiguration
    switch configuration.model {
    case .gan(let gan): settings = gan
    default: throw SystemError.otherModel(configuration.model.kind, wanted: .gan)
    }
    if settings.condition != .none, classes == nil { throw SystemError.noClasses(what: "a conditional GAN") }
    let used = settings.condition == .none ? nil : classes
    let stage = try growthStage(configuration, sample: sample, step: step)
    let factory = NetworkFactory(
      sample: sample, settings: settings, techniques: configuration.techniques, classes: used, stage: stage)
    let (generator, discriminator) = (try factory.generator(), try factory.discriminator())
    return try trace {
      let game = AdversarialGame(
        generator: generator, discriminator: discriminator, objective: try AdversarialGame.objective(configuration),
        configuration: configuration, settings: settings, sample: sample, classes: used, stage: stage)
      return try game.system()
    }
  }

  /// The stage of a step of a run that grows while it trains; nil for a run that does not.
  ///
  /// - Throws: a `SystemError` for samples that cannot be shown smaller.
  public static func growthStage(_ configuration: RunConfiguration, sample: Shape, step: Int) throws -> GrowthStage? {
    switch configuration.model {
    case .gan(let gan):
      guard let growth = gan.growth else { return nil }
      guard sample.rank == 3, sample[1] == sample[2], growth.start > 0, growth.start <= sample[1] else {
        throw SystemError.cannotGrow(sample: sample.dimensions, start: growth.start)
      }
      return growth.stage(at: step, maximum: sample[1])
    case .bigan, .pix2pix, .cyclegan: return nil
    }
  }

}

extension AdversarialGame {
  fileprivate func system() throws -> TrainableSystem {
    let programs = try programs()
    let game = self
    var system = TrainableSystem(
      players: programs.players, turn: programs.turn,
      sampler: { count in try trace { try game.samplerProgram(count) } },
      scorer: { count in try trace { try game.scorerProgram(count) } },
      latents: LatentLayout(
        dimension: settings.latent.dimension, distribution: settings.latent.distribution,
        categories: settings.code?.categories ?? 0, continuous: settings.code?.continuous ?? 0, classes: classes),
      variables: variables, optimizerVariables: optimizerState, stage: stage,
      hyperparameterInputs: growthInputs
        + hyperparameterInputs(
          multipliers: [TechniqueConfiguration.id(.instanceNoise, "deviation"): noiseFactor]),
      batchSamples: samples, metrics: metrics, isCritic: isCritic,
      middleScore: middleScore)
    if settings.code != nil { system.coder = { count in try trace { try game.coderProgram(count) } } }
    return system
  }

  // MARK: Programs

  /// Input for the classes that samples or points are taken to be of, where the game has any.
  private func classInput(_ count: Int) -> Tensor? {
    classes.map { Input(name: ProgramPort.classes, shape: [count, $0]).value }
  }

  private func samplerProgram(_ count: Int) throws -> Program {
    var program = Program(name: "sampler")
    let dimension = settings.latent.dimension + (settings.code?.dimension ?? 0)
    let z = Input(name: ProgramPort.latents, shape: [count, dimension]).value
    let samples = generator.apply(
      z, substituting: average?.substitutions ?? [:],
      conditions: conditions(classInput(count)).merging(truncation) { first, _ in first }, mode: .sampling)
    program.output(ProgramPort.samples, whole(inRange(samples.output)))
    return program
  }

  private func scorerProgram(_ count: Int) throws -> Program {
    var program = Program(name: "scorer")
    let points = Input(name: ProgramPort.points, shape: Shape([count] + sample.dimensions)).value
    // Samples that are judged together are copies of one here.
    let copies = Tensor.concatenate(Array(repeating: pooled(points), count: packing), axis: 1)
    let score = discriminator.apply(
      copies, heads: [BranchedNetwork.score], conditions: conditions(classInput(count)), mode: .sampling
    ).score
    program.output(ProgramPort.scores, objective.opinion(score).reshape([count, -1]).mean(axes: [1]))
    return program
  }

  private func coderProgram(_ count: Int) throws -> Program {
    var program = Program(name: "coder")
    let points = pooled(Input(name: ProgramPort.points, shape: Shape([count] + sample.dimensions)).value)
    let read = discriminator.apply(
      points, heads: [NetworkFactory.codeHead], conditions: conditions(classInput(count)), mode: .sampling)
    guard let code = read.outputs[NetworkFactory.codeHead] else { return program }
    program.output(ProgramPort.codes, code)
    return program
  }

  // MARK: Descriptions

  private var variables: [Variable] {
    generator.variables + discriminator.variables + (average?.variables ?? [])
      + optimizerState + (replay?.variables ?? [])
      + (histories.map { $0.discriminator.variables + $0.generator.variables } ?? [])
  }

  /// The factor on the noise: falls evenly from 1 to `final`.
  private var noiseFactor: @Sendable (Int, Int) -> Double {
    guard let noise = configuration.techniques[.instanceNoise] else { return { _, _ in 1 } }
    let (final, steps) = (noise["final"], noise["steps"])
    return { step, _ in final + (1 - final) * max(0, 1 - Double(step) / steps) }
  }

  private var metrics: [MetricDescriptor] {
    let asksMore = settings.code != nil || settings.condition.kind == .auxiliary
    var list = gameMetrics(knowsDiscriminator: !asksMore, knowsGenerator: !asksMore && !matchesFeatures)
    if case .auxiliary = settings.condition {
      list += [
        MetricDescriptor(id: .classLoss, title: "class loss"),
        MetricDescriptor(id: .classAccuracy, title: "class right on data"),
        MetricDescriptor(id: .fakeClassAccuracy, title: "class right on samples"),
      ]
    }
    if settings.code != nil { list.append(MetricDescriptor(id: .codeLoss, title: "code loss")) }
    if isDirac {
      let goal = ReferenceLine(value: 0, label: "0")
      list += [
        MetricDescriptor(id: .diracTheta, title: "theta", reference: goal),
        MetricDescriptor(id: .diracPsi, title: "psi", reference: goal),
      ]
    }
    if hasPenaltyMetric { list.append(MetricDescriptor(id: .penalty, title: "penalty")) }
    return list
  }

  /// Whether D's loss has terms beside the game's.
  private var hasPenaltyMetric: Bool {
    configuration.penalties.contains { $0.kind != .weightClipping } || histories != nil
  }
}
