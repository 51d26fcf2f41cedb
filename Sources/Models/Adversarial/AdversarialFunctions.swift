import Networks
import Objectives
import Optimizers
import Tensors

/// The networks and losses of a configured game as functions on tensors, for analyses that differentiate through them:
/// the stability of the game, walks in latent space, the inversion of an image.
///
/// They are to be called inside `trace { }`. Hyperparameters are scalar inputs of the resulting programs, by their ids.
public struct AdversarialFunctions: Sendable {
  private let game: AdversarialGame

  /// - Parameters: as `TrainableSystem.adversarial` has them.
  /// - Throws: what `TrainableSystem.adversarial` throws.
  public init(_ configuration: RunConfiguration, sample: Shape, classes: Int?, step: Int = 0) throws {
    let settings: AdversarialConfiguration
    switch configuration.model {
    case .gan(let gan): settings = gan
    case .bigan, .pix2pix, .cyclegan: throw SystemError.otherModel(configuration.model.kind, wanted: .gan)
    }
    if settings.condition != .none, classes == nil { throw SystemError.noClasses(what: "a conditional GAN") }
    let used = settings.condition == .none ? nil : classes
    let stage = try TrainableSystem.growthStage(configuration, sample: sample, step: step)
    let factory = NetworkFactory(
      sample: sample, settings: settings, techniques: configuration.techniques, classes: used, stage: stage)
    let (generator, discriminator) = (try factory.generator(), try factory.discriminator())
    game = try trace {
      AdversarialGame(
        generator: generator, discriminator: discriminator, objective: try AdversarialGame.objective(configuration),
        configuration: configuration, settings: settings, sample: sample, classes: used, stage: stage)
    }
  }

  /// The number of classes that networks are told; nil for none.
  public var classes: Int? { game.classes }
  /// Samples of data in a batch of `losses`.
  public var batchSamples: Int { game.samples }
  /// Whether D's opinion is a probability of data, so that the optimal discriminator of minimax applies.
  public var scoreIsProbability: Bool { game.objective.scoreIsProbability }

  // MARK: Networks

  /// G(z) with the weights that are meant for sampling: `[batch] + sample`.
  ///
  /// - Parameters:
  ///   - z: `[batch, latents]`, a code's elements included.
  ///   - classes: one-hot `[batch, classes]` where the networks are told classes.
  public func samples(of z: Tensor, classes: Tensor? = nil) -> Tensor {
    game.whole(
      game.generator.apply(
        z, substituting: game.average?.substitutions ?? [:],
        conditions: game.conditions(classes).merging(game.truncation) { first, _ in first }, mode: .sampling
      ).output)
  }

  /// What D says of each sample, `[batch]`: the probability of data where its score is a logit, else the score.
  public func opinion(of x: Tensor, classes: Tensor? = nil) -> Tensor {
    let score = discriminated(x, heads: [BranchedNetwork.score], classes).score
    return game.objective.opinion(score).reshape([x.shape[0], -1]).mean(axes: [1])
  }

  /// How many layers of the generator take a style; 0 for a generator without styles.
  public var styles: Int {
    game.settings.generator.kind == .style
      ? StyleGAN.styles(resolution: game.stage?.resolution ?? game.sample[1]) : 0
  }

  /// G(z) of a style generator whose layers from `crossover` on take the styles of another latent.
  ///
  /// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 3.1.
  ///
  /// - Parameters:
  ///   - second: of the shape of z.
  ///   - crossover: a scalar; `styles` and more mixes nothing.
  public func mixedSamples(of z: Tensor, second: Tensor, crossover: Tensor, classes: Tensor? = nil) -> Tensor {
    let mixing: [Condition: Tensor] = [
      .secondLatent: second, .mixing: StyleGAN.mixing(batch: z.shape[0], styles: styles, crossover: crossover),
    ]
    let conditions = game.conditions(classes).merging(game.truncation) { first, _ in first }
    return game.whole(
      game.generator.apply(
        z, substituting: game.average?.substitutions ?? [:],
        conditions: conditions.merging(mixing) { first, _ in first }, mode: .sampling
      ).output)
  }

  /// Where the generator's loss pulls each sample: −∂ℓ_G(D(x))/∂x of its own term ℓ_G, of the samples' shape.
  ///
  /// - Parameter x: an input, `[batch] + sample`.
  public func pull(on x: Tensor, classes: Tensor? = nil) -> Tensor {
    let score = discriminated(x, heads: [BranchedNetwork.score], classes).score
    return -gradients(of: game.objective.generatorTerm(score).sum(), withRespectTo: [x])[0]
  }

  /// The features of D's trunk, `[batch, features]`.
  public func features(of x: Tensor, classes: Tensor? = nil) -> Tensor {
    discriminated(x, heads: [], classes).features.reshape([x.shape[0], -1])
  }

  private func discriminated(_ x: Tensor, heads: Set<String>, _ classes: Tensor?) -> BranchedNetwork.Result {
    // Samples that are judged together are copies of one here.
    let copies = Tensor.concatenate(Array(repeating: game.pooled(x), count: game.packing), axis: 1)
    return game.discriminator.apply(copies, heads: heads, conditions: game.conditions(classes), mode: .sampling)
  }

  // MARK: Losses

  /// Both players' losses at the weights, as one differentiable function of both players' parameters.
  public struct Losses: Sendable {
    /// L_G, a scalar.
    public let generator: Tensor
    /// L_D with its penalties, a scalar.
    public let discriminator: Tensor
    public let generatorParameters: [Variable]
    public let discriminatorParameters: [Variable]
  }

  /// The losses of one batch of data, the input `ProgramPort.batch`, and of one draw of latents.
  ///
  /// Both players see the same samples. Nothing is detached: L_D depends on the generator, through the points of slope
  /// penalties as well, which training keeps constant. Spectral norms are those of the stored singular vectors; how the
  /// vectors turn with the weights is left out.
  ///
  /// - Throws: `GameAnalysisError.notPlain` for what makes the updates depend on more than the two losses; a
  ///   `TensorError`.
  public func losses() throws -> Losses {
    for kind in [TechniqueKind.unrolling, .featureMatching, .experienceReplay, .historicalAveraging]
    where game.configuration.techniques.has(kind) {
      throw GameAnalysisError.notPlain(kind.rawValue)
    }
    if case .auxiliary = game.settings.condition { throw GameAnalysisError.notPlain("the auxiliary classifier") }
    if game.settings.code != nil { throw GameAnalysisError.notPlain("the latent code") }
    let draw = game.draw(for: "generator")
    let real = AdversarialGame.Evidence(
      samples: game.shown(game.realBatch, stream: "real"), classes: game.realClasses)
    let fake = AdversarialGame.Evidence(
      samples: game.shown(draw.fakes.output, stream: "fake"), classes: draw.classes, code: nil)
    let judged = game.judgement(real: real, fake: fake, substituting: [:], collecting: false, pointsMove: true)
    let generator = game.weightPenalties("generator", game.generator.parameters, [:])
      .reduce(game.objective.generatorLoss(fake: judged.fakeScore), +)
    return Losses(
      generator: generator, discriminator: judged.total, generatorParameters: game.generator.parameters,
      discriminatorParameters: game.discriminator.parameters)
  }
}

/// Why a game has no plain gradient field.
public enum GameAnalysisError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What beside the two losses moves the players.
  case notPlain(String)

  public var description: String {
    switch self {
    case .notPlain(let what): "the stability of a game with \(what) cannot be told from its two losses"
    }
  }
}

extension PenaltyPlace {
  /// The points of `points`, the same random numbers, as functions of the samples.
  func movingPoints(real: Tensor, fake: Tensor, stream: String) -> Tensor {
    switch self {
    case .interpolated:
      let shape = Shape([real.shape[0]] + Array(repeating: 1, count: real.rank - 1))
      let share = Tensor.randomUniform(shape, stream: stream, dtype: real.dtype)
      return share * real + (1 - share) * fake
    case .samples: return fake
    case .data, .aroundData: return points(real: real, fake: fake, stream: stream)
    }
  }
}
