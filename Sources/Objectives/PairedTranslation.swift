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
/// with the terms of any objective, the paper's is non-saturating. D's loss is halved, to slow it down beside G.
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), equations 3 and 4 and section 3.3.
public struct PairedTranslation: Sendable {
  public let objective: any AdversarialObjective
  /// λ of a mean over all elements, a scalar: 100.
  public let weight: Tensor

  public init(_ objective: any AdversarialObjective, weight: Tensor) {
    self.objective = objective
    self.weight = weight
  }

  /// L_D in its halved parts.
  public func discriminatorLoss(real: Tensor, fake: Tensor) -> DiscriminatorLoss {
    let loss = objective.discriminatorLoss(real: real, fake: fake)
    return DiscriminatorLoss(real: 0.5 * loss.real, fake: 0.5 * loss.fake)
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
    let adversarial = objective.generatorLoss(fake: score)
    let distance = meanAbsoluteError(output, target)
    return (adversarial, distance, adversarial + weight * distance)
  }
}
