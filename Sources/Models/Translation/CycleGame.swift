import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

/// Two translators, there and back, each against a judge of patches (CycleGAN).
///
///     D_Y and D_X descend  ½·[L_D of data and of earlier or new translations]
///     G and F descend      both directions' L_G + λ·E |F(G(x)) − x| + λ·λ_id·E |G(y) − y|
///
/// The two translators are one player, the two judges the other. With least squares L_G is E (D(G(x)) − 1)².
struct CycleGame: TwoPlayerGame {
  /// A translator with the judge of what it makes.
  struct Direction {
    let generator: Network
    let discriminator: Network
    let pool: ExperienceReplay?
    /// What goes before the names of its random streams.
    let name: String
  }

  /// What both translators make of a batch.
  struct Draw {
    var forth: Network.Result
    var back: Network.Result
  }

  /// G: sources to samples.
  let forth: Direction
  /// F: samples to sources.
  let back: Direction
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let source: Shape
  let sample: Shape

  var discriminatorParameters: [Variable] { forth.discriminator.parameters + back.discriminator.parameters }
  var generatorParameters: [Variable] { forth.generator.parameters + back.generator.parameters }
  var sharesDraw: Bool { true }
  var generatorSeesData: Bool { true }

  private var batch: Int { configuration.schedule.batch }
  private var sources: Tensor { ImageInput.named(ProgramPort.sources, batch, source) }
  private var targets: Tensor { ImageInput.named(ProgramPort.batch, batch, sample) }
  /// `LeastSquares` has the paper's ½ of D's loss in it, and one in G's that the paper does not have.
  private var isHalved: Bool { configuration.objective.kind == .leastSquares }

  func draw(for player: String) -> Draw {
    func made(_ direction: Direction, _ images: Tensor) -> Network.Result {
      direction.generator.apply(images, mode: .training, collecting: true, stream: "fake/\(direction.name)")
    }
    return Draw(forth: made(forth, sources), back: made(back, targets))
  }

  // MARK: The discriminators

  /// What a judge makes of data and of translations.
  private struct Judgement {
    var loss: DiscriminatorLoss
    var real: Tensor
    var fake: Tensor
    var state: [(variable: Variable, value: Tensor)]
  }

  private func judgement(_ direction: Direction, real: Tensor, fake: Tensor) -> Judgement {
    var (fake, pool) = (fake.detached, [(variable: Variable, value: Tensor)]())
    if let replay = direction.pool {
      let mixed = replay.mix(fake, share: Tensor(0.5), stream: "pool/\(direction.name)")
      (fake, pool) = (mixed.batch, mixed.assignments)
    }
    let network = direction.discriminator
    let onReal = network.apply(real, mode: .training, collecting: true, stream: "real/\(direction.name)")
    let onFake = network.apply(
      fake, substituting: [Variable: Tensor](onReal.statistics), mode: .training, collecting: true,
      stream: "judged/\(direction.name)")
    let loss = objective.discriminatorLoss(real: onReal.output, fake: onFake.output)
    let share = isHalved ? 1 : 0.5
    return Judgement(
      loss: DiscriminatorLoss(real: share * loss.real, fake: share * loss.fake), real: onReal.output,
      fake: onFake.output, state: onFake.statistics + pool)
  }

  func discriminatorStep(_ draw: Draw) -> PlayerStep {
    let there = judgement(forth, real: targets, fake: draw.forth.output)
    let back = judgement(back, real: sources, fake: draw.back.output)
    // Reports are of one judge, the mean of both.
    let mean = DiscriminatorLoss(
      real: 0.5 * (there.loss.real + back.loss.real), fake: 0.5 * (there.loss.fake + back.loss.fake))
    func both(_ part: (Judgement) -> Tensor) -> Tensor {
      .concatenate([part(there).flattened(), part(back).flattened()], axis: 1)
    }
    return discriminatorStep(
      down: there.loss.total + back.loss.total, state: there.state + back.state,
      metrics: metrics(of: mean, real: both { $0.real }, fake: both { $0.fake }))
  }

  // MARK: The generators

  func generatorStep(_ draw: Draw, judge: [Variable: Tensor]) -> PlayerStep {
    let cycleWeight = Self.scalar("model.cycle-weight")
    let factor = isHalved ? 2.0 : 1
    let consistency = CycleConsistency(
      objective, adversarialWeight: factor, cycleWeight: cycleWeight,
      identityWeight: Self.scalar("model.identity-weight") * cycleWeight)
    func loss(
      _ direction: Direction, of original: Tensor, made: Tensor, back: Direction, like target: Tensor
    ) -> (adversarial: Tensor, cycle: Tensor, identity: Tensor?, total: Tensor) {
      let score = direction.discriminator.apply(
        made, substituting: judge, mode: .training, stream: "judge/\(direction.name)"
      ).output
      let cycled = back.generator.apply(made, mode: .training, stream: "cycle/\(direction.name)").output
      let mapped = direction.generator.apply(target, mode: .training, stream: "identity/\(direction.name)").output
      return consistency.generatorLoss(
        score: score, original: original, cycled: cycled, identity: (original: target, mapped: mapped))
    }
    let there = loss(forth, of: sources, made: draw.forth.output, back: back, like: targets)
    let back = loss(back, of: targets, made: draw.back.output, back: forth, like: sources)
    var metrics: GameMetrics = [
      (.generatorLoss, (0.5 / factor) * (there.adversarial + back.adversarial)),
      (.cycleLoss, 0.5 * (there.cycle + back.cycle)),
    ]
    if let first = there.identity, let second = back.identity {
      metrics.append((.identityLoss, 0.5 * (first + second)))
    }
    return generatorStep(
      down: there.total + back.total, state: draw.forth.statistics + draw.back.statistics, metrics: metrics)
  }

  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)] { [] }
}
