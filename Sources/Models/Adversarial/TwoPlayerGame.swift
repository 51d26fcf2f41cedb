import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

/// One player's update, as graph nodes.
struct PlayerStep {
  var update: OptimizerUpdate
  /// Of the player's parameters, in their order.
  var gradients: [Tensor]
  /// What moves with the update beside the weights: running statistics, pools, averages.
  var state: [(variable: Variable, value: Tensor)]
  var metrics: [(id: MetricID, value: Tensor)]
}

/// A game of two sides: first the discriminators', then the generators'.
///
/// What a game says of itself becomes its programs here: an update for each side, and the whole turn, in which G meets the
/// D that D's part has just made.
protocol TwoPlayerGame: Sendable {
  /// What the generators make for an update, and what it was made of.
  associatedtype Draw

  var configuration: RunConfiguration { get }
  /// With the labels that the discriminators learn.
  var objective: any AdversarialObjective { get }
  var discriminatorParameters: [Variable] { get }
  var generatorParameters: [Variable] { get }
  /// Whether both updates of a turn see one draw.
  var sharesDraw: Bool { get }
  /// Whether the generators' update needs a batch of data.
  var generatorSeesData: Bool { get }

  func draw(for player: String) -> Draw
  /// D's step; the draw is a constant for it.
  func discriminatorStep(_ draw: Draw) -> PlayerStep
  /// G's step.
  ///
  /// - Parameters:
  ///   - judge: what D's update of this turn makes of D's variables: weights, statistics, its optimizer's state. Empty for D
  ///     as it is.
  func generatorStep(_ draw: Draw, judge: [Variable: Tensor]) -> PlayerStep
  /// What G's update brings with it, such as an average of the new weights.
  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)]
}

/// The programs of a game.
struct GamePrograms {
  let players: [TrainableSystem.Player]
  let turn: Program
}

extension TwoPlayerGame {
  /// - Throws: a `TensorError` for what does not fit.
  func programs() throws -> GamePrograms {
    let turn = turnProgram()
    let discriminator = discriminatorProgram()
    let generator = generatorProgram()
    for program in [turn, discriminator, generator] { try program.verify() }
    return GamePrograms(
      players: [
        TrainableSystem.Player(
          name: "discriminator", update: discriminator, parameters: discriminatorParameters,
          repeatsHyperparameter: "schedule.discriminator-steps", seesData: true,
          diagnosis: diagnosis("discriminator", discriminatorParameters) {
            discriminatorStep(draw(for: "discriminator")).gradients
          }),
        TrainableSystem.Player(
          name: "generator", update: generator, parameters: generatorParameters, repeatsHyperparameter: nil,
          seesData: generatorSeesData,
          diagnosis: diagnosis("generator", generatorParameters) {
            generatorStep(draw(for: "generator"), judge: [:]).gradients
          }),
      ], turn: turn)
  }

  private func discriminatorProgram() -> Program {
    var program = Program(name: "discriminator")
    let step = discriminatorStep(draw(for: "discriminator"))
    let finite = step.update.isFinite
    commit(step, step.update.guarded(by: finite), when: finite, into: &program)
    program.output(ProgramPort.isFinite("discriminator"), finite.cast(to: .f32))
    return program
  }

  private func generatorProgram() -> Program {
    var program = Program(name: "generator")
    let step = generatorStep(draw(for: "generator"), judge: [:])
    let finite = step.update.isFinite
    commitGenerator(step, when: finite, into: &program)
    program.output(ProgramPort.isFinite("generator"), finite.cast(to: .f32))
    return program
  }

  /// D's last update of a turn and G's, which meets the D that this update makes, or with simultaneous updates the one
  /// before it; G moves only where D could.
  private func turnProgram() -> Program {
    var program = Program(name: "turn")
    let mine = draw(for: "generator")
    let judged = discriminatorStep(sharesDraw ? mine : draw(for: "discriminator"))
    let first = judged.update.isFinite
    let wins = judged.update.guarded(by: first)
    let judge =
      configuration.schedule.updates == .simultaneous
      ? [:] : [Variable: Tensor](wins.assignments + guarded(judged.state, by: first))
    let step = generatorStep(mine, judge: judge)
    let second = first.select(step.update.isFinite, Tensor(0).cast(to: .bool))
    commit(judged, wins, when: first, into: &program)
    commitGenerator(step, when: second, into: &program)
    program.output(ProgramPort.isFinite("discriminator"), first.cast(to: .f32))
    program.output(ProgramPort.isFinite("generator"), second.cast(to: .f32))
    return program
  }

  private func commit(
    _ step: PlayerStep, _ update: OptimizerUpdate, when finite: Tensor, into program: inout Program
  ) {
    for (id, value) in step.metrics { program.output(id.rawValue, value) }
    for (variable, value) in update.assignments + guarded(step.state, by: finite) {
      program.assign(value, to: variable)
    }
  }

  private func commitGenerator(_ step: PlayerStep, when finite: Tensor, into program: inout Program) {
    let update = step.update.guarded(by: finite)
    commit(step, update, when: finite, into: &program)
    for (variable, value) in guarded(following(update), by: finite) { program.assign(value, to: variable) }
  }

  private func diagnosis(_ player: String, _ parameters: [Variable], _ slopes: () -> [Tensor]) -> Program {
    var program = Program(name: "\(player)/diagnosis")
    for (parameter, slope) in zip(parameters, slopes()) { program.output(parameter.name, slope) }
    return program
  }
}

extension LatentConfiguration.Distribution {
  /// Latents of this distribution.
  func drawn(_ shape: Shape, stream: String) -> Tensor {
    switch self {
    case .normal: .randomNormal(shape, stream: stream)
    case .uniform: 2 * .randomUniform(shape, stream: stream) - 1
    }
  }
}
