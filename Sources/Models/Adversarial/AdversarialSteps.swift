import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

extension AdversarialGame {
  // MARK: The discriminator

  func discriminatorStep(_ draw: Network.Result) -> PlayerStep {
    var fake = draw.output.detached
    var pool: [(variable: Variable, value: Tensor)] = []
    if let replay {
      let mixed = replay.mix(fake, share: Self.technique(.experienceReplay, "share"), stream: "replay")
      (fake, pool) = (mixed.batch, mixed.assignments)
    }
    let judgement = judgement(
      real: shown(realBatch, stream: "real"), fake: shown(fake, stream: "fake"), substituting: [:], collecting: true)
    let slopes = gradients(of: judgement.total, withRespectTo: discriminator.parameters.map(\.value))
    var update = discriminatorOptimizer.update(
      discriminator.parameters, gradients: slopes, rate: Self.scalar("optimizers.discriminator.rate"))
    if configuration.penalties.has(.weightClipping) {
      update = update.clampingParameters(to: Self.penalty(.weightClipping, "limit"))
    }
    return PlayerStep(
      update: update, gradients: slopes, state: judgement.statistics + pool,
      metrics: metrics(of: judgement) + [(.discriminatorGradient, update.gradientNorm)])
  }

  private func metrics(of judgement: Judgement) -> [(id: MetricID, value: Tensor)] {
    let real = objective.opinion(judgement.realScore).mean()
    let fake = objective.opinion(judgement.fakeScore).mean()
    var metrics: [(id: MetricID, value: Tensor)] = [
      (.discriminatorLoss, judgement.total), (.discriminatorRealLoss, judgement.loss.real),
      (.discriminatorFakeLoss, judgement.loss.fake), (.realScore, real), (.fakeScore, fake),
      (.scoreDifference, real - fake),
    ]
    if let penalty = judgement.penalty { metrics.append((.penalty, penalty)) }
    if let accuracy = objective.accuracy(real: judgement.realScore, fake: judgement.fakeScore) {
      metrics += [(.realAccuracy, accuracy.real), (.fakeAccuracy, accuracy.fake)]
    }
    return metrics
  }

  /// What D makes of data and fakes, and what that costs it.
  struct Judgement {
    var loss: DiscriminatorLoss
    var penalty: Tensor?
    var statistics: [(variable: Variable, value: Tensor)]
    var realScore: Tensor
    var fakeScore: Tensor
    var total: Tensor { penalty.map { loss.total + $0 } ?? loss.total }
  }

  /// - Parameters:
  ///   - real: what D is shown of the data; `fake` of the fakes.
  ///   - weights: what stands for D's variables.
  func judgement(
    real: Tensor, fake: Tensor, substituting weights: [Variable: Tensor], collecting: Bool
  ) -> Judgement {
    let onReal = discriminator.apply(
      real, substituting: weights, mode: .training, collecting: collecting, stream: "real")
    // The second pass continues the first's statistics.
    let onFake = discriminator.apply(
      fake, substituting: weights.substituting(onReal.statistics), mode: .training, collecting: collecting,
      stream: "judged")
    let penalties = discriminatorPenalties(real: real, fake: fake, substituting: weights)
    return Judgement(
      loss: objective.discriminatorLoss(real: onReal.output, fake: onFake.output),
      penalty: penalties.isEmpty ? nil : penalties.dropFirst().reduce(penalties[0], +),
      // The last value of each statistic is the one to keep.
      statistics: onFake.statistics.isEmpty ? onReal.statistics : onFake.statistics, realScore: onReal.output,
      fakeScore: onFake.output)
  }

  private func discriminatorPenalties(
    real: Tensor, fake: Tensor, substituting weights: [Variable: Tensor]
  ) -> [Tensor] {
    configuration.penalties.compactMap { penalty in
      labelled("penalty") {
        switch penalty.kind {
        case .gradientPenalty:
          gradientPenalty(
            critic: { discriminator.apply($0, substituting: weights, mode: .training, stream: "penalty").output },
            real: real, fake: fake, weight: Self.penalty(.gradientPenalty, "weight"), target: penalty["target"],
            stream: "penalty/mix"
          ).loss
        default: nil
        }
      }
    }
  }

  // MARK: The generator

  func generatorStep(_ draw: Network.Result, judge: OptimizerUpdate?) -> PlayerStep {
    let fake = shown(draw.output, stream: "generator")
    var weights = [Variable: Tensor](judge?.parameters ?? [])
    if isUnrolled {
      weights = unrolled(
        real: shown(realBatch, stream: "unrolled"), fake: fake, judge: weights,
        state: [Variable: Tensor](judge?.state ?? []))
    }
    let score = discriminator.apply(fake, substituting: weights, mode: .training, stream: "judge").output
    let loss = objective.generatorLoss(fake: score)
    let slopes = gradients(of: loss, withRespectTo: generator.parameters.map(\.value))
    let update = generatorOptimizer.update(
      generator.parameters, gradients: slopes, rate: Self.scalar("optimizers.generator.rate"))
    return PlayerStep(
      update: update, gradients: slopes, state: draw.statistics,
      metrics: [(.generatorLoss, loss), (.generatorGradient, update.gradientNorm)])
  }

  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)] {
    average?.update(with: update.parameters, decay: Self.scalar("model.average.decay")) ?? []
  }

  /// D's parameters after its next updates on these batches, as a function of the fakes: G descends through them.
  ///
  ///     φ⁰ = φ,  φⁱ⁺¹ = φⁱ − the optimizer's step on L_D(x, G(z); φⁱ);  G's gradient is the total derivative of L_G(φᵏ)
  ///
  /// Reference: [Metz et al. 2017](https://arxiv.org/abs/1611.02163), equations 8 and 9. D itself takes its one ordinary
  /// step.
  private func unrolled(
    real: Tensor, fake: Tensor, judge: [Variable: Tensor], state: [Variable: Tensor]
  ) -> [Variable: Tensor] {
    labelled("unrolled") {
      var (weights, state) = (judge, state)
      for _ in 0..<unrolledSteps {
        let judgement = judgement(real: real, fake: fake, substituting: weights, collecting: false)
        let values = discriminator.parameters.map { weights[$0] ?? $0.value }
        let update = discriminatorOptimizer.update(
          discriminator.parameters, gradients: gradients(of: judgement.total, withRespectTo: values),
          rate: Self.scalar("optimizers.discriminator.rate"), values: weights,
          state: OptimizerState(substitutions: state, isDifferentiated: true))
        weights = weights.substituting(update.parameters)
        state = state.substituting(update.state)
      }
      return weights
    }
  }

  // MARK: Optimizers

  var generatorOptimizer: Optimizer { optimizer("generator", configuration.optimizers.generator) }
  var discriminatorOptimizer: Optimizer { optimizer("discriminator", configuration.optimizers.discriminator) }

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
}
