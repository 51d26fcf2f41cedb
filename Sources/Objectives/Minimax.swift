import Tensors

/// The original minimax game, D = σ(score):
///
///     L_D = −E ln D(x) − E ln(1 − D(G(z)))        L_G = E ln(1 − D(G(z)))
///
/// The generator's gradient vanishes where the discriminator is sure (∇ ln(1 − D) = −D·∇score).
/// Equilibrium: D = ½, L_D = 2 ln 2, L_G = −ln 2.
///
/// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), equation 1 and theorem 1.
public struct Minimax: AdversarialObjective {
  /// The label of data for the discriminator, one-sided: 1, or 0.9 to smooth; generated samples have 0.
  ///
  /// Reference: [Salimans et al. 2016](https://arxiv.org/abs/1606.03498), section 3.4.
  public let realLabel: Tensor?

  public init(realLabel: Tensor? = nil) { self.realLabel = realLabel }

  public func realTerm(_ score: Tensor) -> Tensor {
    realLabel.map { crossEntropy(score, label: $0) } ?? (-score).softplus()
  }
  public func fakeTerm(_ score: Tensor) -> Tensor { score.softplus() }
  public func generatorTerm(_ score: Tensor) -> Tensor { -score.softplus() }

  /// For a smoothed label, which is a tensor, see `equilibrium(realLabel:)`.
  public var equilibrium: Equilibrium { realLabel == nil ? Minimax.equilibrium(realLabel: 1) : Equilibrium() }

  public static func equilibrium(realLabel: Double) -> Equilibrium {
    let (real, fake, score) = crossEntropyEquilibrium(label: realLabel)
    return Equilibrium(generator: -fake, discriminator: real + fake, real: real, fake: fake, score: score)
  }
  public var scoreIsProbability: Bool { true }
  public var decisionThreshold: Double? { 0 }
}
