import Tensors

/// −y·ln σ(s) − (1 − y)·ln(1 − σ(s)) = softplus(s) − y·s: the cross-entropy of a logit s and a label y in 0 ... 1.
func crossEntropy(_ logit: Tensor, label: Tensor) -> Tensor { logit.softplus() - label * logit }

/// The equilibrium for labels α of data and β of samples: D* = (α·p + β·p)/(p + p) = (α + β)/2 everywhere.
///
/// - Parameter generator: the generator's loss, of −ln D* and −ln(1 − D*).
func crossEntropyEquilibrium(
  real: Double, fake: Double, generator: (_ yes: Double, _ no: Double) -> Double
) -> Equilibrium {
  let probability = (real + fake) / 2
  let (yes, no) = (-logarithm(probability), -logarithm(1 - probability))
  func part(_ label: Double) -> Double { label * yes + (1 - label) * no }
  return Equilibrium(
    generator: generator(yes, no), discriminator: part(real) + part(fake), real: part(real), fake: part(fake),
    score: no - yes)
}
