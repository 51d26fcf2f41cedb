import Tensors

/// The Wasserstein game of a critic f, which something must keep Lipschitz (a gradient penalty, weight clipping):
///
///     L_D = E f(G(z)) − E f(x)        L_G = −E f(G(z))
///
/// −L_D estimates the Wasserstein-1 distance, times the critic's Lipschitz constant. Equilibrium: L_D = 0; a critic is defined up
/// to a constant, so its scores, and L_G with them, have no equilibrium value.
///
/// Reference: [Arjovsky et al. 2017](https://arxiv.org/abs/1701.07875), equations 2 and 3;
/// [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), equation 3.
public struct Wasserstein: AdversarialObjective {
  public init() {}
  public func realTerm(_ score: Tensor) -> Tensor { -score }
  public func fakeTerm(_ score: Tensor) -> Tensor { score }
  public func generatorTerm(_ score: Tensor) -> Tensor { -score }
  public var equilibrium: Equilibrium { Equilibrium(discriminator: 0) }
  public var scoreIsProbability: Bool { false }
  public var decisionThreshold: Double? { nil }
}
