import Tensors

/// The least-squares game, D = score, without a sigmoid:
///
///     L_D = ½ E (D(x) − b)² + ½ E (D(G(z)) − a)²        L_G = ½ E (D(G(z)) − c)²
///
/// Usual labels (a, b, c) are (0, 1, 1), or (−1, 1, 0), with which the generator minimizes Pearson's χ² divergence.
/// Equilibrium: D = (a + b)/2, L_D = (b − a)²/4, which is ¼ for (0, 1, 1), and L_G = ½ ((a + b)/2 − c)².
///
/// Reference: [Mao et al. 2017](https://arxiv.org/abs/1611.04076), sections 3.2 and 3.3.
public struct LeastSquares: LabelledObjective {
  /// a: what the discriminator wants of generated samples.
  public let fake: Double
  /// b: what it wants of data.
  public let real: Double
  /// c: what the generator wants of the discriminator.
  public let target: Double

  public init(fake: Double = 0, real: Double = 1, target: Double = 1) {
    self.fake = fake
    self.real = real
    self.target = target
  }

  public func realTerm(_ score: Tensor) -> Tensor { 0.5 * (score - real).square() }
  public func fakeTerm(_ score: Tensor) -> Tensor { 0.5 * (score - fake).square() }
  public func generatorTerm(_ score: Tensor) -> Tensor { 0.5 * (score - target).square() }
  /// ½·(D − (a + b − c))²: c mirrored at the middle of the labels.
  public func encoderTerm(_ score: Tensor) -> Tensor { 0.5 * (score - (fake + real - target)).square() }
  /// ½·(D − (a + y·(b − a)))² for the label y.
  public func term(_ score: Tensor, label: Tensor) -> Tensor {
    0.5 * (score - (fake + label * (real - fake))).square()
  }

  public var equilibrium: Equilibrium {
    let score = (fake + real) / 2
    let part = (real - fake) * (real - fake) / 8
    return Equilibrium(
      generator: (score - target) * (score - target) / 2, discriminator: 2 * part, real: part, fake: part, score: score)
  }
  public func equilibrium(real label: Double, fake other: Double) -> Equilibrium {
    LeastSquares(fake: fake + other * (real - fake), real: fake + label * (real - fake), target: target).equilibrium
  }
  public var scoreIsProbability: Bool { false }
  /// The middle between the labels; nil where data's is not the greater.
  public var decisionThreshold: Double? { real > fake ? (fake + real) / 2 : nil }
}
