import Tensors

/// E |a − b|, the mean over all elements, a scalar; its slope where a = b is 0.
///
/// - Parameters:
///   - a: `[batch, channels, height, width]`, or any shape.
///   - b: of the same shape.
public func meanAbsoluteError(_ a: Tensor, _ b: Tensor) -> Tensor { (a.requiring(shapeOf: b) - b).abs().mean() }

/// Translation of images with a known answer (Pix2Pix):
///
///     L_G = −E ln D(x, G(x)) + λ·E |y − G(x)|        L_D = ½·[−E ln D(x, y) − E ln(1 − D(x, G(x)))]
///
/// with the terms of any objective, the paper's is non-saturating. D's loss is halved, to slow it down beside G. Least
/// squares have that half in their own definition, and are neither halved again for D nor for G, whose λ was chosen for
/// E (D(x, G(x)) − 1)²:
///
///     L_G = E (D(x, G(x)) − c)² + λ·E |y − G(x)|        L_D = ½·E (D(x, y) − b)² + ½·E (D(x, G(x)) − a)²
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), equations 3 and 4 and section 3.3;
/// [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), section 7.1, for least squares in the same code.
public struct PairedTranslation: Sendable {
  public let objective: any AdversarialObjective
  /// λ of a mean over all elements, a scalar: 100.
  public let weight: Tensor

  /// Whether the objective's terms are halved in its own definition, as those of `LeastSquares` are.
  public let isHalved: Bool

  public init(_ objective: any AdversarialObjective, weight: Tensor, isHalved: Bool = false) {
    self.objective = objective
    self.weight = weight
    self.isHalved = isHalved
  }

  /// The factor on the objective's loss of D.
  public var discriminatorShare: Double { isHalved ? 1 : 0.5 }
  /// The factor on the objective's loss of G.
  public var generatorShare: Double { isHalved ? 2 : 1 }

  /// L_D in its halved parts.
  public func discriminatorLoss(real: Tensor, fake: Tensor) -> DiscriminatorLoss {
    let loss = objective.discriminatorLoss(real: real, fake: fake)
    guard discriminatorShare != 1 else { return loss }
    return DiscriminatorLoss(real: discriminatorShare * loss.real, fake: discriminatorShare * loss.fake)
  }

  /// L_G: the adversarial part, E |y − G(x)|, and the weighted sum.
  ///
  /// - Parameters:
  ///   - score: D(x, G(x)), of any shape.
  ///   - output: G(x), `[batch, channels, height, width]`.
  ///   - target: y, of the same shape.
  public func generatorLoss(
    score: Tensor, output: Tensor, target: Tensor
  ) -> (adversarial: Tensor, distance: Tensor, total: Tensor) {
    let loss = objective.generatorLoss(fake: score)
    let adversarial = generatorShare == 1 ? loss : generatorShare * loss
    let distance = meanAbsoluteError(output, target)
    return (adversarial, distance, adversarial + weight * distance)
  }
}
