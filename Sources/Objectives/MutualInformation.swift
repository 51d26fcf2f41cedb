import Tensors

/// A latent code c that a generator's samples shall tell of, by its prior.
///
/// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), appendix C.
public enum LatentCode: Sendable, Hashable {
  /// One of so many categories, all as likely.
  case categorical(Int)
  /// Uniform between the bounds.
  case uniform(ClosedRange<Double>)

  /// H(c) in nats, differential for a continuous code; −∞ for an empty one.
  public var entropy: Double {
    switch self {
    case .categorical(let count): logarithm(Double(max(0, count)))
    case .uniform(let range): logarithm(range.upperBound - range.lowerBound)
    }
  }
}

/// −E ln N(c; μ, σ²), a scalar in nats a sample: the loss of a continuous code.
///
///     E Σ ½·[(c − μ)²/σ² + ln σ² + ln 2π]
///
/// - Parameters:
///   - code: c, `[batch, codes]`.
///   - mean: μ, of the same shape: what Q reads from the samples.
///   - logVariance: ln σ², of a shape that broadcasts to the code's; nil for σ = 1, fixed.
///
/// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), section 6.
public func gaussianNegativeLogLikelihood(_ code: Tensor, mean: Tensor, logVariance: Tensor? = nil) -> Tensor {
  let square = (code.requiring(shapeOf: mean) - mean).square()
  let scaled = logVariance.map { square * (-$0).exp() + $0 } ?? square
  return (0.5 * (scaled + logarithm(2 * .pi))).sum(axes: [-1]).mean()
}

/// L_I = E ln Q(c | x) + H(c) ≤ I(c; G(z, c)), a scalar in nats: InfoGAN's lower bound of the mutual information.
///
/// Generator and Q minimize the game's loss plus λ times the negative log-likelihood; H(c) is constant. Of several codes
/// likelihoods and entropies add up.
///
/// - Parameters:
///   - negativeLogLikelihood: −E ln Q(c | x): `softmaxCrossEntropy` for a categorical code,
///     `gaussianNegativeLogLikelihood` for a continuous one.
///   - codes: their priors.
///
/// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), equation 5 and lemma 5.1.
public func mutualInformationBound(negativeLogLikelihood: Tensor, codes: [LatentCode]) -> Tensor {
  codes.reduce(0) { $0 + $1.entropy } - negativeLogLikelihood
}
