import Tensors

/// The original minimax game, D = σ(score):
///
///     L_D = −E ln D(x) − E ln(1 − D(G(z)))        L_G = E ln(1 − D(G(z)))
///
/// The generator's gradient vanishes where the discriminator is sure (∇ ln(1 − D) = −D·∇score).
/// Equilibrium: D = ½, L_D = 2 ln 2, L_G = −ln 2.
///
/// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), equation 1 and theorem 1.
public struct Minimax: LabelledObjective {
  public init() {}
  public func realTerm(_ score: Tensor) -> Tensor { (-score).softplus() }
  public func fakeTerm(_ score: Tensor) -> Tensor { score.softplus() }
  public func generatorTerm(_ score: Tensor) -> Tensor { -score.softplus() }
  public func term(_ score: Tensor, label: Tensor) -> Tensor { crossEntropy(score, label: label) }

  public var equilibrium: Equilibrium { equilibrium(real: 1, fake: 0) }
  public func equilibrium(real: Double, fake: Double) -> Equilibrium {
    crossEntropyEquilibrium(real: real, fake: fake) { yes, no in -no }
  }
  public var scoreIsProbability: Bool { true }
  public var decisionThreshold: Double? { 0 }
}
