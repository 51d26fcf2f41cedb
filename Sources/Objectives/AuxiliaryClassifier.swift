import Tensors

/// The auxiliary classifier's game (AC-GAN): the discriminator also names the class, and the generator is asked for one.
///
///     L_S = E ln P(real | x) + E ln P(fake | G(z, c))        L_C = E ln P(c | x) + E ln P(c | G(z, c))
///     the discriminator minimizes −(L_S + λ·L_C), the generator −E ln P(real | G(z, c)) − λ·E ln P(c | G(z, c))
///
/// with the source terms −L_S of any objective. The paper's generator maximizes L_C − L_S; its part of L_S is minimax's
/// `generatorTerm`, in practice the non-saturating one's.
///
/// Reference: [Odena et al. 2017](https://arxiv.org/abs/1610.09585), equations 2 and 3, where both are maximized.
public struct AuxiliaryClassifier: Sendable {
  public let objective: any AdversarialObjective
  /// λ, a scalar: 1 in the paper.
  public let weight: Tensor

  public init(_ objective: any AdversarialObjective, weight: Tensor) {
    self.objective = objective
    self.weight = weight
  }

  /// What the discriminator says of a batch, and the classes it should have said.
  public struct Judgement: Sendable {
    /// Scores of any shape.
    public let score: Tensor
    /// `[batch, classes]`.
    public let logits: Tensor
    /// One-hot, `[batch, classes]`: the labels of data, or what the generator was asked for.
    public let classes: Tensor

    public init(score: Tensor, logits: Tensor, classes: Tensor) {
      self.score = score
      self.logits = logits
      self.classes = classes
    }

    var crossEntropy: Tensor { softmaxCrossEntropy(logits: logits, classes: classes) }
  }

  /// The discriminator's loss: −L_S in its parts, −L_C, and −(L_S + λ·L_C).
  public func discriminatorLoss(
    real: Judgement, fake: Judgement
  ) -> (source: DiscriminatorLoss, classification: Tensor, total: Tensor) {
    let source = objective.discriminatorLoss(real: real.score, fake: fake.score)
    let classification = real.crossEntropy + fake.crossEntropy
    return (source, classification, source.total + weight * classification)
  }

  /// The generator's loss: its source term, the cross-entropy of the classes asked for, and their weighted sum.
  public func generatorLoss(fake: Judgement) -> (source: Tensor, classification: Tensor, total: Tensor) {
    let source = objective.generatorLoss(fake: fake.score)
    let classification = fake.crossEntropy
    return (source, classification, source + weight * classification)
  }
}
