import Tensors

/// The hinge game:
///
///     L_D = E max(0, 1 − D(x)) + E max(0, 1 + D(G(z)))        L_G = −E D(G(z))
///
/// Equilibrium: L_D = 2, for any constant score in −1 ... 1; so the parts and L_G have no value of their own.
///
/// Reference: [Lim and Ye 2017](https://arxiv.org/abs/1705.02894), section 3;
/// [Miyato et al. 2018](https://arxiv.org/abs/1802.05957), equations 16 and 17.
public struct Hinge: AdversarialObjective {
  public init() {}
  public func realTerm(_ score: Tensor) -> Tensor { (1 - score).relu() }
  public func fakeTerm(_ score: Tensor) -> Tensor { (1 + score).relu() }
  public func generatorTerm(_ score: Tensor) -> Tensor { -score }
  public var equilibrium: Equilibrium { Equilibrium(discriminator: 2) }
  public var scoreIsProbability: Bool { false }
  public var decisionThreshold: Double? { 0 }
}
