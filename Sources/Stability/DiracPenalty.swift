import Tensors

extension DiracGAN {
  /// What damps the game. The slope of a linear discriminator is ψ everywhere, so that it does not matter at which
  /// points a penalty takes it.
  public enum Penalty: Sendable, Hashable, Codable {
    case none
    /// γ/2·ψ², of the slope at data. [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), section 4.
    case r1(weight: Double)
    /// γ/2·ψ², of the slope at generated samples. Mescheder et al. 2018, section 4.
    case r2(weight: Double)
    /// λ·(|ψ| − 1)², one-centred, as WGAN-GP's. Not differentiable at ψ = 0, where the field pushes away to both sides:
    /// the game has no stationary point. [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), equation 3.
    case gradientPenalty(weight: Double)
    /// λ·ψ², zero-centred, at points between data and samples.
    case zeroCentredGradientPenalty(weight: Double)
    /// x + ε with ε from N(0, σ²), for data and for generated samples; the losses are the means over ε.
    /// [Arjovsky and Bottou 2017](https://arxiv.org/abs/1701.04862).
    case instanceNoise(deviation: Double)

    /// The term of the discriminator's loss; nil without one.
    func term(slope: Tensor) -> Tensor? {
      switch self {
      case .none, .instanceNoise: nil
      case .r1(let weight), .r2(let weight): weight / 2 * slope.square()
      case .gradientPenalty(let weight): weight * (slope.abs() - 1).square()
      case .zeroCentredGradientPenalty(let weight): weight * slope.square()
      }
    }

    /// First and second derivative of the term; the second is that at both sides of a kink.
    func slopes(_ slope: Double) -> (first: Double, second: Double) {
      switch self {
      case .none, .instanceNoise: (0, 0)
      case .r1(let weight), .r2(let weight): (weight * slope, weight)
      case .gradientPenalty(let weight):
        (2 * weight * (abs(slope) - 1) * (slope == 0 ? 0 : slope < 0 ? -1 : 1), 2 * weight)
      case .zeroCentredGradientPenalty(let weight): (2 * weight * slope, 2 * weight)
      }
    }

    /// The noise as values of ε and their weights: one value 0, or a quadrature of the normal distribution.
    var noise: Quadrature {
      if case .instanceNoise(let deviation) = self, deviation != 0 {
        Quadrature(nodes: DiracGAN.hermite.nodes.map { deviation * $0 }, weights: DiracGAN.hermite.weights)
      } else {
        Quadrature(nodes: [0], weights: [1])
      }
    }
  }

  /// For smooth losses and σ·|ψ| up to about 3 good to 1e-9; the kink of the hinge, where noise reaches it, costs digits.
  static let hermite = Quadrature.hermite(count: 48)
}
