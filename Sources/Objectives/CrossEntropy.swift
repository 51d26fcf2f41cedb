import Tensors

/// −y·ln σ(s) − (1 − y)·ln(1 − σ(s)) = softplus(s) − y·s: the cross-entropy of a logit s and a label y in 0 ... 1.
func crossEntropy(_ logit: Tensor, label: Tensor) -> Tensor { logit.softplus() - label * logit }

/// The equilibrium parts of the discriminator for real labels α: D* = α·p/(p + p) = α/2 everywhere.
func crossEntropyEquilibrium(label: Double) -> (real: Double, fake: Double, score: Double) {
  let probability = label / 2
  let (yes, no) = (-logarithm(probability), -logarithm(1 - probability))
  return (label * yes + (1 - label) * no, no, yes.isFinite ? no - yes : -.infinity)
}
