import Optimizers
import Telemetry
import Tensors

/// The two sides' optimizers as the configuration has them, with live numbers as scalar inputs.
extension TwoPlayerGame {
  /// A live hyperparameter.
  static func scalar(_ id: String) -> Tensor { Input(name: id, shape: .scalar).value }

  var generatorOptimizer: Optimizer { optimizer("generator", configuration.optimizers.generator) }
  var discriminatorOptimizer: Optimizer { optimizer("discriminator", configuration.optimizers.discriminator) }

  /// What the optimizers keep between updates.
  var optimizerState: [Variable] {
    generatorOptimizer.state(for: generatorParameters) + discriminatorOptimizer.state(for: discriminatorParameters)
  }

  private func optimizer(_ player: String, _ configuration: OptimizerConfiguration) -> Optimizer {
    let id = { (key: String) in Self.scalar("optimizers.\(player).\(key)") }
    let clip = configuration.clipNorm.map { _ in id("clip-norm") }
    switch configuration.rule {
    case .sgd: return .sgd(player, momentum: id("momentum"), clipNorm: clip)
    case .rmsprop(let decay, let epsilon, _):
      return .rmsProp(
        player, decay: Tensor(decay), epsilon: Tensor(epsilon), momentum: id("momentum"), clipNorm: clip)
    case .adam(_, _, let epsilon):
      return .adam(player, beta1: id("beta1"), beta2: id("beta2"), epsilon: Tensor(epsilon), clipNorm: clip)
    }
  }

  // MARK: Steps

  /// The discriminators' step down a loss.
  func discriminatorStep(
    down loss: Tensor, state: [(variable: Variable, value: Tensor)], metrics: GameMetrics
  ) -> PlayerStep {
    let slopes = gradients(of: loss, withRespectTo: discriminatorParameters.map(\.value))
    let update = discriminatorOptimizer.update(
      discriminatorParameters, gradients: slopes, rate: Self.scalar("optimizers.discriminator.rate"))
    return PlayerStep(
      update: update, gradients: slopes, state: state,
      metrics: metrics + [(.discriminatorGradient, update.gradientNorm)])
  }

  /// The generators' step down a loss.
  func generatorStep(
    down loss: Tensor, state: [(variable: Variable, value: Tensor)], metrics: GameMetrics
  ) -> PlayerStep {
    let slopes = gradients(of: loss, withRespectTo: generatorParameters.map(\.value))
    let update = generatorOptimizer.update(
      generatorParameters, gradients: slopes, rate: Self.scalar("optimizers.generator.rate"))
    return PlayerStep(
      update: update, gradients: slopes, state: state, metrics: metrics + [(.generatorGradient, update.gradientNorm)])
  }

  // MARK: Inputs

  /// The scalar inputs of all programs.
  ///
  /// - Parameter multipliers: the factors of those that change over the run, beside the learning rates.
  func hyperparameterInputs(
    multipliers: [String: @Sendable (Int, Int) -> Double] = [:]
  ) -> [TrainableSystem.HyperparameterInput] {
    HyperparameterSpecification.hyperparameters(of: configuration).map(\.id).map { id in
      if let multiplier = multipliers[id] {
        return TrainableSystem.HyperparameterInput(id: id, multiplier: multiplier)
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
}
