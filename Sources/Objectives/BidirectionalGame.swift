import Tensors

extension AdversarialObjective {
  /// The loss of encoder and generator against a discriminator of pairs (BiGAN, ALI), a scalar:
  ///
  ///     min_{G, E} max_D  E ln D(x, E(x)) + E ln(1 − D(G(z), z))
  ///
  /// The discriminator's loss is `discriminatorLoss(real: D(x, E(x)), fake: D(G(z), z))`; encoder and generator together
  /// minimize `generatorTerm` on generated pairs and `encoderTerm` on encoded ones. In the non-saturating game that is the
  /// discriminator's loss with swapped labels, −E ln D(G(z), z) − E ln(1 − D(x, E(x))).
  ///
  /// - Parameters:
  ///   - encoded: scores of pairs (x, E(x)), of any shape.
  ///   - generated: scores of pairs (G(z), z).
  ///
  /// Reference: [Donahue et al. 2017](https://arxiv.org/abs/1605.09782), equation 3 and section 3.4;
  /// [Dumoulin et al. 2017](https://arxiv.org/abs/1606.00704), section 2.
  public func bidirectionalLoss(encoded: Tensor, generated: Tensor) -> Tensor {
    generatorTerm(generated).mean() + encoderTerm(encoded).mean()
  }
}
