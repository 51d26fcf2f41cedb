import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension TrainableSystem {
  /// The system that a configuration describes.
  ///
  /// - Parameter sample: the shape of one sample of the data.
  /// - Throws: a `NetworkError` or `TensorError` for networks that do not fit.
  public static func adversarial(_ configuration: RunConfiguration, sample: Shape) throws -> TrainableSystem {
    let settings: AdversarialConfiguration
    switch configuration.model {
    case .gan(let gan): settings = gan
    }
    let factory = NetworkFactory(sample: sample)
    let game = AdversarialGame(
      generator: try factory.generator(
        settings.generator, latent: settings.latent.dimension, output: settings.output),
      discriminator: try factory.discriminator(settings.discriminator, techniques: configuration.techniques),
      objective: adversarialObjective(configuration.objective),
      configuration: configuration, settings: settings, sample: sample)
    return try trace { try game.system() }
  }
}

private func adversarialObjective(_ configuration: ObjectiveConfiguration) -> any AdversarialObjective {
  switch configuration {
  case .minimax: Minimax()
  case .nonSaturating: NonSaturating()
  case .wasserstein: Wasserstein()
  case .leastSquares(let fake, let real, let target): LeastSquares(fake: fake, real: real, target: target)
  case .hinge: Hinge()
  }
}

extension AdversarialGame {
  fileprivate func system() throws -> TrainableSystem {
    let turn = turnProgram()
    let discriminatorUpdate = discriminatorProgram()
    let generatorUpdate = generatorProgram()
    for program in [turn, discriminatorUpdate, generatorUpdate] { try program.verify() }
    let game = self
    return TrainableSystem(
      players: [
        TrainableSystem.Player(
          name: "discriminator", update: discriminatorUpdate, parameters: discriminator.parameters,
          repeatsHyperparameter: "schedule.discriminator-steps", batchInput: ProgramPort.batch,
          diagnosis: diagnosis("discriminator", discriminator.parameters) {
            discriminatorStep(real: realBatch, fake: fakes(for: "discriminator").output).gradients
          }),
        TrainableSystem.Player(
          name: "generator", update: generatorUpdate, parameters: generator.parameters, repeatsHyperparameter: nil,
          batchInput: isUnrolled ? ProgramPort.batch : nil,
          diagnosis: diagnosis("generator", generator.parameters) {
            generatorStep(fake: fakes(for: "generator").output, real: generatorsBatch, judge: [:]).gradients
          }),
      ],
      turn: turn, sampler: { count in try trace { try game.samplerProgram(count) } },
      scorer: { count in try trace { try game.scorerProgram(count) } }, latentDimension: settings.latent.dimension,
      latentDistribution: settings.latent.distribution, variables: variables,
      hyperparameterInputs: hyperparameterInputs,
      batchSamples: samples, metrics: metrics, isCritic: objective.decisionThreshold == nil,
      middleScore: objective.scoreIsProbability ? 0.5 : objective.decisionThreshold ?? 0)
  }

  /// The data that G's step needs: those of D's last update.
  private var generatorsBatch: Tensor? { isUnrolled ? realBatch : nil }

  // MARK: Programs

  private func discriminatorProgram() -> Program {
    var program = Program(name: "discriminator")
    let step = discriminatorStep(real: realBatch, fake: fakes(for: "discriminator").output)
    let finite = step.update.isFinite
    report(step, into: &program)
    commit(step.update.guarded(by: finite).assignments, into: &program)
    commit(guarded(step.statistics, by: finite), into: &program)
    program.output(ProgramPort.isFinite("discriminator"), finite.cast(to: .f32))
    return program
  }

  private func generatorProgram() -> Program {
    var program = Program(name: "generator")
    let fake = fakes(for: "generator")
    let step = generatorStep(fake: fake.output, real: generatorsBatch, judge: [:])
    let finite = step.update.isFinite
    commit(step, fake, when: finite, into: &program)
    program.output(ProgramPort.isFinite("generator"), finite.cast(to: .f32))
    return program
  }

  /// D's last update of a turn and G's, which meets the D that this update makes; G moves only where D could.
  private func turnProgram() -> Program {
    var program = Program(name: "turn")
    let fake = fakes(for: "generator")
    let seen = settings.shareFakes ? fake : fakes(for: "discriminator")
    let judged = discriminatorStep(real: realBatch, fake: seen.output)
    let first = judged.update.isFinite
    let wins = judged.update.guarded(by: first)
    let step = generatorStep(
      fake: fake.output, real: generatorsBatch, judge: [Variable: Tensor](wins.parameters),
      state: [Variable: Tensor](wins.state))
    let second = first.select(step.update.isFinite, Tensor(0).cast(to: .bool))
    report(judged, into: &program)
    commit(wins.assignments, into: &program)
    commit(guarded(judged.statistics, by: first), into: &program)
    commit(step, fake, when: second, into: &program)
    program.output(ProgramPort.isFinite("discriminator"), first.cast(to: .f32))
    program.output(ProgramPort.isFinite("generator"), second.cast(to: .f32))
    return program
  }

  private func report(_ step: DiscriminatorStep, into program: inout Program) {
    program.output(MetricID.discriminatorLoss.rawValue, step.total)
    program.output(MetricID.discriminatorRealLoss.rawValue, step.loss.real)
    program.output(MetricID.discriminatorFakeLoss.rawValue, step.loss.fake)
    if let penalty = step.penalty { program.output(MetricID.penalty.rawValue, penalty) }
    let (real, fake) = (objective.opinion(step.realScore).mean(), objective.opinion(step.fakeScore).mean())
    program.output(MetricID.realScore.rawValue, real)
    program.output(MetricID.fakeScore.rawValue, fake)
    program.output(MetricID.scoreDifference.rawValue, real - fake)
    if let accuracy = objective.accuracy(real: step.realScore, fake: step.fakeScore) {
      program.output(MetricID.realAccuracy.rawValue, accuracy.real)
      program.output(MetricID.fakeAccuracy.rawValue, accuracy.fake)
    }
    program.output(MetricID.discriminatorGradient.rawValue, step.update.gradientNorm)
  }

  private func commit(_ step: GeneratorStep, _ fake: Network.Result, when finite: Tensor, into program: inout Program) {
    let update = step.update.guarded(by: finite)
    program.output(MetricID.generatorLoss.rawValue, step.loss)
    program.output(MetricID.generatorGradient.rawValue, step.update.gradientNorm)
    commit(update.assignments, into: &program)
    commit(guarded(fake.statistics, by: finite), into: &program)
    if let average {
      let moved = average.update(with: update.parameters, decay: Self.scalar("model.average.decay"))
      commit(guarded(moved, by: finite), into: &program)
    }
  }

  private func commit(_ assignments: [(variable: Variable, value: Tensor)], into program: inout Program) {
    for (variable, value) in assignments { program.assign(value, to: variable) }
  }

  private func diagnosis(_ player: String, _ parameters: [Variable], _ slopes: () -> [Tensor]) -> Program {
    var program = Program(name: "\(player)/diagnosis")
    for (parameter, slope) in zip(parameters, slopes()) { program.output(parameter.name, slope) }
    return program
  }

  private func samplerProgram(_ count: Int) throws -> Program {
    var program = Program(name: "sampler")
    let z = Input(name: ProgramPort.latents, shape: [count, settings.latent.dimension]).value
    let samples = generator.apply(z, substituting: average?.substitutions ?? [:], mode: .sampling).output
    program.output(ProgramPort.samples, samples)
    return program
  }

  private func scorerProgram(_ count: Int) throws -> Program {
    var program = Program(name: "scorer")
    let points = Input(name: ProgramPort.points, shape: Shape([count] + sample.dimensions)).value
    // Samples that are judged together are copies of one here.
    let copies = Tensor.concatenate(Array(repeating: points, count: packing), axis: 1)
    let score = discriminator.apply(copies, mode: .sampling).output
    program.output(ProgramPort.scores, objective.opinion(score).reshape([count, -1]).mean(axes: [1]))
    return program
  }

  // MARK: Descriptions

  private var variables: [Variable] {
    generator.variables + discriminator.variables + (average?.variables ?? [])
      + generatorOptimizer.state(for: generator.parameters)
      + discriminatorOptimizer.state(for: discriminator.parameters) + (replay?.variables ?? [])
  }

  /// The factor on the noise: falls evenly from 1 to `final`.
  private var noiseFactor: @Sendable (Int, Int) -> Double {
    guard let noise = configuration.techniques[.instanceNoise] else { return { _, _ in 1 } }
    let (final, steps) = (noise["final"], noise["steps"])
    return { step, _ in final + (1 - final) * max(0, 1 - Double(step) / steps) }
  }

  private var hyperparameterInputs: [TrainableSystem.HyperparameterInput] {
    HyperparameterSpecification.hyperparameters(of: configuration).map(\.id).map { id in
      if id == TechniqueConfiguration.id(.instanceNoise, "deviation") {
        return TrainableSystem.HyperparameterInput(id: id, multiplier: noiseFactor)
      }
      let schedule: Optimizers.RateSchedule? =
        switch id {
        case "optimizers.generator.rate": rateSchedule(configuration.optimizers.generator)
        case "optimizers.discriminator.rate": rateSchedule(configuration.optimizers.discriminator)
        default: nil
        }
      guard let schedule, schedule != .constant else { return TrainableSystem.HyperparameterInput(id: id) }
      return TrainableSystem.HyperparameterInput(id: id) { schedule.multiplier(step: $0, of: $1) }
    }
  }

  private func rateSchedule(_ configuration: OptimizerConfiguration) -> Optimizers.RateSchedule {
    switch configuration.rateSchedule {
    case .constant: .constant
    case .linear(let final): .linear(final: final)
    case .cosine(let final): .cosine(final: final)
    }
  }

  private var metrics: [MetricDescriptor] {
    let equilibrium = objective.equilibrium
    func line(_ value: Double?) -> ReferenceLine? { value.map { ReferenceLine(value: $0, label: Self.name(of: $0)) } }
    let score = objective.scoreIsProbability ? "D" : "score"
    var list = [
      MetricDescriptor(id: .generatorLoss, title: "G loss", reference: line(equilibrium.generator)),
      MetricDescriptor(id: .discriminatorLoss, title: "D loss", reference: line(equilibrium.discriminator)),
      MetricDescriptor(id: .discriminatorRealLoss, title: "D loss on data", reference: line(equilibrium.real)),
      MetricDescriptor(id: .discriminatorFakeLoss, title: "D loss on samples", reference: line(equilibrium.fake)),
      MetricDescriptor(id: .realScore, title: "\(score)(x)", reference: line(scoreAtEquilibrium)),
      MetricDescriptor(id: .fakeScore, title: "\(score)(G(z))", reference: line(scoreAtEquilibrium)),
      MetricDescriptor(id: .scoreDifference, title: "\(score)(x) - \(score)(G(z))", reference: line(0)),
      MetricDescriptor(id: .discriminatorGradient, title: "D gradient norm"),
      MetricDescriptor(id: .generatorGradient, title: "G gradient norm"),
    ]
    if configuration.penalties.contains(where: { $0.kind != .weightClipping }) {
      list.append(MetricDescriptor(id: .penalty, title: "penalty"))
    }
    if objective.decisionThreshold != nil {
      list.append(MetricDescriptor(id: .realAccuracy, title: "D right on data", reference: line(0.5)))
      list.append(MetricDescriptor(id: .fakeAccuracy, title: "D right on samples", reference: line(0.5)))
    }
    return list
  }

  private var scoreAtEquilibrium: Double? {
    objective.scoreIsProbability ? objective.equilibrium.score.map { 1 / (1 + exp(-$0)) } : objective.equilibrium.score
  }

  /// How a chart labels a value: the field's name for it where it has one.
  private static func name(of value: Double) -> String {
    let known: [(Double, String)] = [
      (0.693_147_180_559_945, "ln 2"), (1.386_294_361_119_890, "2 ln 2"), (-0.693_147_180_559_945, "-ln 2"),
    ]
    return known.first { abs($0.0 - value) < 1e-9 }?.1 ?? (value == value.rounded() ? "\(Int(value))" : "\(value)")
  }
}
