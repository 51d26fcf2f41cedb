import Tensors

/// A game of a discriminator (or critic) and a generator, as losses of raw scores that both minimize.
///
/// Scores are the network's last linear values, of any shape: `[batch, 1]`, or `[batch, 1, height, width]` for a
/// discriminator of patches. The terms are element-wise; a loss is the mean of its terms.
public protocol AdversarialObjective: Sendable {
  /// The discriminator's term for a score of data.
  func realTerm(_ score: Tensor) -> Tensor
  /// The discriminator's term for a score of generated samples.
  func fakeTerm(_ score: Tensor) -> Tensor
  /// The generator's term for a score of generated samples.
  func generatorTerm(_ score: Tensor) -> Tensor
  /// The term of an encoder for a score of (x, E(x)), which the discriminator takes for data: what `generatorTerm` is on
  /// the other side. Unless told otherwise its mirror image, `generatorTerm(-score)`.
  func encoderTerm(_ score: Tensor) -> Tensor
  /// The values of the losses where the generated distribution is the data's and the discriminator is optimal.
  var equilibrium: Equilibrium { get }
  /// Whether sigmoid(score) is the discriminator's probability of data.
  var scoreIsProbability: Bool { get }
  /// The score above which the discriminator calls a sample real; nil where a score has no absolute meaning.
  var decisionThreshold: Double? { get }
}

extension AdversarialObjective {
  public func encoderTerm(_ score: Tensor) -> Tensor { generatorTerm(-score) }

  /// The discriminator's loss, minimized: its terms' means over data and over generated samples.
  public func discriminatorLoss(real: Tensor, fake: Tensor) -> DiscriminatorLoss {
    DiscriminatorLoss(real: realTerm(real).mean(), fake: fakeTerm(fake).mean())
  }

  /// The generator's loss, minimized.
  public func generatorLoss(fake: Tensor) -> Tensor { generatorTerm(fake).mean() }

  /// The shares of data and of generated samples that the discriminator tells rightly, scalars in 0 ... 1; nil without a
  /// threshold. A score on the threshold counts half.
  public func accuracy(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? {
    guard let decisionThreshold else { return nil }
    let half = { (score: Tensor) in 0.5 * (1 + (score - decisionThreshold).sign().mean()) }
    return (half(real), 1 - half(fake))
  }

  /// What the score says of a sample: the probability of data where the score is a logit, else the score itself.
  public func opinion(_ score: Tensor) -> Tensor { scoreIsProbability ? score.sigmoid() : score }
}

/// A discriminator's loss in its two parts, scalars.
public struct DiscriminatorLoss: Sendable {
  public let real: Tensor
  public let fake: Tensor
  public var total: Tensor { real + fake }

  public init(real: Tensor, fake: Tensor) {
    self.real = real
    self.fake = fake
  }
}

/// The values at the equilibrium of a game; nil where the game leaves them open.
public struct Equilibrium: Sendable, Hashable {
  public var generator: Double?
  public var discriminator: Double?
  /// The discriminator's part for data.
  public var real: Double?
  /// The discriminator's part for generated samples.
  public var fake: Double?
  /// The optimal discriminator's score of any sample.
  public var score: Double?

  public init(
    generator: Double? = nil, discriminator: Double? = nil, real: Double? = nil, fake: Double? = nil,
    score: Double? = nil
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.real = real
    self.fake = fake
    self.score = score
  }
}
