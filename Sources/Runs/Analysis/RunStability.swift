import Datasets
import Execution
import Models
import Stability
import Tensors

/// The eigenvalues of a run's gradient field at its weights, on one batch, and what they say of gradient steps.
///
///     v(θ, φ) = (−∇_θ L_G, −∇_φ L_D),    v′·x by two passes of reverse differentiation
///
/// Leading eigenvalues come from Arnoldi's iteration on products in f32, good to about three digits. A point that training
/// passes through is not stationary; there they describe the field's linear part alone.
///
/// Reference: [Mescheder et al. 2017](https://arxiv.org/abs/1705.10461), section 3.
public struct RunStability: Sendable, Codable {
  /// Games of more parameters are refused: the iteration's basis would take gigabytes.
  public static let parameterLimit = 2_000_000

  public let step: Int
  /// Samples of the batch.
  public let samples: Int
  /// The players' rates of the run at the step.
  public let generatorRate: Double
  public let discriminatorRate: Double
  /// Whether both optimizers are gradient descent without momentum, whose rates are the field's steps.
  public let isPlainDescent: Bool
  /// With rates of 1 to generatorRate : discriminatorRate, so that factors are the generator's rate.
  public let report: StabilityReport

  /// - Parameters:
  ///   - model: the networks at their weights; they stay as they are.
  ///   - products: Jacobian-vector products of an iteration at most.
  ///   - asksForAlternating: whether the limit of alternating steps is searched, which takes some ten spectra more.
  ///   - seed: of the batch of data.
  /// - Throws: `GameAnalysisError`, `AnalysisError.tooManyParameters`, `StabilityError`, what the data throw.
  public init(
    of model: RunModel, products: Int = 120, asksForAlternating: Bool = false, seed: UInt64 = 1
  ) throws {
    let functions = model.functions
    // The game's programs and the data of one batch.
    let game = try trace {
      let losses = try functions.losses()
      return try Game(
        generator: Stability.Player(
          name: "generator", loss: losses.generator, variables: losses.generatorParameters),
        discriminator: Stability.Player(
          name: "discriminator", loss: losses.discriminator, variables: losses.discriminatorParameters))
    }
    guard game.count <= Self.parameterLimit else {
      throw AnalysisError.tooManyParameters(found: game.count, limit: Self.parameterLimit)
    }
    let compiled = try CompiledGame(game, backend: model.backend, store: model.store)
    let batch = try model.dataset.samples(
      BatchRequest(seed: seed, position: 0, size: functions.batchSamples, stream: .evaluation))
    let inputs = try Program.inputNames(of: game)
    func set(_ name: String, _ values: [Double]) throws {
      if inputs.contains(name) { try compiled.setInput(name, values) }
    }
    try set(ProgramPort.batch, batch.values.map(Double.init))
    if let classes = functions.classes, let labels = batch.labels {
      var rows = [Double](repeating: 0, count: labels.count * classes)
      for (row, label) in labels.enumerated() where (0..<classes).contains(Int(label)) {
        rows[row * classes + Int(label)] = 1
      }
      try set(ProgramPort.classes, rows)
    }
    for name in inputs { if let value = model.hyperparameter(name) { try set(name, [value]) } }

    let rates = (
      generator: model.hyperparameter("optimizers.generator.rate") ?? 1,
      discriminator: model.hyperparameter("optimizers.discriminator.rate") ?? 1
    )
    var question = StabilityQuestion()
    question.discriminatorRate = rates.generator > 0 ? rates.discriminator / rates.generator : 1
    question.discriminatorSteps = model.configuration.discriminatorSteps(at: model.step)
    question.asksForAlternating = asksForAlternating
    question.tolerance = 1e-3
    question.maximumBasis = products
    question.residual = 1e-4
    step = model.step
    samples = functions.batchSamples
    generatorRate = rates.generator
    discriminatorRate = rates.discriminator
    isPlainDescent = [model.configuration.optimizers.generator, model.configuration.optimizers.discriminator]
      .allSatisfy { $0.isPlainDescent }
    report = try StabilityReport(of: compiled, asking: question)
  }
}

extension Program {
  /// The names of what a game's field is a function of.
  fileprivate static func inputNames(of game: Game) throws -> Set<String> {
    try trace {
      var program = Program(name: "field")
      for (variable, tensor) in zip(game.variables, game.field) { program.output(variable.name, tensor) }
      return Set(program.inputs.map(\.name))
    }
  }
}

extension OptimizerConfiguration {
  fileprivate var isPlainDescent: Bool {
    if case .sgd(let momentum) = rule { momentum == 0 && clipNorm == nil } else { false }
  }
}
