import Networks
import Objectives
import Optimizers
import Tensors

/// A generator against a discriminator: the tensors of each player's update.
///
///     turn:  k times   D descends  L_D(D(x), D(G(z))) + penalties
///            then      G descends  L_G(D(G(z)))
struct AdversarialGame: Sendable {
  let generator: Network
  let discriminator: Network
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let settings: AdversarialConfiguration
  let sample: Shape

  private var batch: Int { configuration.schedule.batch }

  var average: WeightAverage? { settings.average.map { _ in WeightAverage(of: generator.parameters) } }

  // MARK: Inputs

  static func scalar(_ id: String) -> Tensor { Input(name: id, shape: .scalar).value }

  var realBatch: Tensor { Input(name: ProgramPort.batch, shape: Shape([batch] + sample.dimensions)).value }

  /// z for a batch. With shared fakes both players read one stream, so that G's update sees what D's saw.
  func latents(for player: String) -> Tensor {
    let stream = settings.shareFakes ? "latent" : "latent/\(player)"
    let shape: Shape = [batch, settings.latent.dimension]
    switch settings.latent.distribution {
    case .normal: return .randomNormal(shape, stream: stream)
    case .uniform: return 2 * .randomUniform(shape, stream: stream) - 1
    }
  }

  // MARK: Passes

  /// G(z) in training mode, with the running statistics it would leave.
  func fakes(for player: String) -> Network.Result {
    let stream = settings.shareFakes ? "fake" : "fake/\(player)"
    return generator.apply(latents(for: player), mode: .training, collecting: true, stream: stream)
  }

  struct DiscriminatorStep {
    var update: OptimizerUpdate
    var gradients: [Tensor]
    var statistics: [(variable: Variable, value: Tensor)]
    var loss: DiscriminatorLoss
    var total: Tensor
    var penalty: Penalty?
    var realScore: Tensor
    var fakeScore: Tensor
  }

  /// D's step on a batch of data and one of fakes, which are constants for it.
  func discriminatorStep(real: Tensor, fake: Tensor) -> DiscriminatorStep {
    let fake = fake.detached
    let onReal = discriminator.apply(real, mode: .training, collecting: true, stream: "real")
    let afterReal = [Variable: Tensor](discriminator.parameters.map { ($0, $0.value) }, uniquingKeysWith: { $1 })
      .substituting(onReal.statistics)
    let onFake = discriminator.apply(
      fake, substituting: afterReal, mode: .training, collecting: true, stream: "judged")
    let loss = objective.discriminatorLoss(real: onReal.output, fake: onFake.output)
    var total = loss.total
    var penalty: Penalty?
    if let (_, target) = configuration.gradientPenalty {
      let term = labelled("penalty") {
        gradientPenalty(
          critic: { discriminator.apply($0, mode: .training, stream: "penalty").output }, real: real, fake: fake,
          weight: Self.scalar("penalties.gradient-penalty.weight"), target: target, stream: "penalty/mix")
      }
      penalty = term
      total = total + term.loss
    }
    let slopes = gradients(of: total, withRespectTo: discriminator.parameters.map(\.value))
    var update = optimizer("discriminator", configuration.optimizers.discriminator).update(
      discriminator.parameters, gradients: slopes, rate: Self.scalar("optimizers.discriminator.rate"))
    if configuration.weightClippingLimit != nil {
      update = update.clampingParameters(to: Self.scalar("penalties.weight-clipping.limit"))
    }
    // Statistics of the second pass continue the first's: the last value of each is the one to keep.
    let statistics = onFake.statistics.isEmpty ? onReal.statistics : onFake.statistics
    return DiscriminatorStep(
      update: update, gradients: slopes, statistics: statistics, loss: loss, total: total, penalty: penalty,
      realScore: onReal.output, fakeScore: onFake.output)
  }

  struct GeneratorStep {
    var update: OptimizerUpdate
    var gradients: [Tensor]
    var loss: Tensor
  }

  /// G's step against a discriminator whose parameters `judge` may replace.
  func generatorStep(fake: Tensor, judge: [Variable: Tensor]) -> GeneratorStep {
    let score = discriminator.apply(fake, substituting: judge, mode: .training, stream: "judge").output
    let loss = objective.generatorLoss(fake: score)
    let slopes = gradients(of: loss, withRespectTo: generator.parameters.map(\.value))
    let update = optimizer("generator", configuration.optimizers.generator).update(
      generator.parameters, gradients: slopes, rate: Self.scalar("optimizers.generator.rate"))
    return GeneratorStep(update: update, gradients: slopes, loss: loss)
  }

  func optimizer(_ player: String, _ configuration: OptimizerConfiguration) -> Optimizer {
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
