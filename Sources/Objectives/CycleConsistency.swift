import Tensors

/// Translation between two sets of images without pairs (CycleGAN), G: X → Y and F: Y → X. Both minimize
///
///     Σ over both directions of  E (D_Y(G(x)) − 1)² + λ·E |F(G(x)) − x| + λ_id·E |G(y) − y|
///
/// and each discriminator ½·E (D_Y(y) − 1)² + ½·E D_Y(G(x))², which is `LeastSquares().discriminatorLoss`.
///
/// Reference: [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), equations 2 and 3, section 4 (least squares), 5.2
/// (identity) and 7.1 (D's halved loss).
public struct CycleConsistency: Sendable {
  public let objective: any AdversarialObjective
  /// The factor on `objective`'s term: 2 takes the ½ out of `LeastSquares`, which λ = 10 was chosen for.
  public let adversarialWeight: Double
  /// λ of a mean over all elements, a scalar: 10.
  public let cycleWeight: Tensor
  /// λ_id, a scalar: λ/2, or 0.
  public let identityWeight: Tensor

  public init(
    _ objective: any AdversarialObjective = LeastSquares(), adversarialWeight: Double = 2, cycleWeight: Tensor,
    identityWeight: Tensor
  ) {
    self.objective = objective
    self.adversarialWeight = adversarialWeight
    self.cycleWeight = cycleWeight
    self.identityWeight = identityWeight
  }

  /// The losses of one direction, unweighted, and their weighted sum; both directions' sums add up.
  ///
  /// - Parameters:
  ///   - score: D_Y(G(x)), of any shape.
  ///   - original: x, `[batch, channels, height, width]`.
  ///   - cycled: F(G(x)), of the same shape.
  ///   - identity: y and G(y), of one shape; nil drops the term.
  public func generatorLoss(
    score: Tensor, original: Tensor, cycled: Tensor, identity: (original: Tensor, mapped: Tensor)?
  ) -> (adversarial: Tensor, cycle: Tensor, identity: Tensor?, total: Tensor) {
    let adversarial = adversarialWeight * objective.generatorLoss(fake: score)
    let cycle = meanAbsoluteError(cycled, original)
    let same = identity.map { meanAbsoluteError($0.mapped, $0.original) }
    let total = adversarial + cycleWeight * cycle
    return (adversarial, cycle, same, same.map { total + identityWeight * $0 } ?? total)
  }
}
