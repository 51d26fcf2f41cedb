import Tensors

/// A penalty on a critic's gradients, in scalars.
public struct Penalty: Sendable {
  /// λ·E (‖∇D(x̂)‖₂ − target)², to be added to the critic's loss.
  public let loss: Tensor
  /// E ‖∇D(x̂)‖₂.
  public let meanNorm: Tensor
}

/// The one-centred gradient penalty on random points between data and generated samples:
///
///     λ·E (‖∇_x̂ D(x̂)‖₂ − 1)²,    x̂ = ε·x + (1 − ε)·G(z),    ε uniform in 0 ..< 1, one a sample
///
/// The critic must judge each sample on its own: no batch normalization in training mode.
///
/// - Parameters:
///   - critic: samples `[batch, ...]` to scores of any shape.
///   - real: data `[batch, ...]`.
///   - fake: generated samples of the same shape; no gradient flows to the generator.
///   - weight: λ, a scalar: 10 for images, 0.1 for small problems.
///   - target: 1; 0 gives the zero-centred penalty.
///   - stream: the name of ε's random stream.
///
/// Reference: [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), equation 3 and algorithm 1.
public func gradientPenalty(
  critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, weight: Tensor, target: Double = 1, stream: String
) -> Penalty {
  let perSample = Shape([real.rank > 0 ? real.shape[0] : 1] + Array(repeating: 1, count: max(0, real.rank - 1)))
  let share = Tensor.randomUniform(perSample, stream: stream, dtype: real.dtype)
  return gradientPenalty(
    critic: critic, at: mixed(real: real, fake: fake, share: share), weight: weight, target: target)
}

/// ε·x + (1 − ε)·G(z), a constant of the differentiation.
///
/// - Parameter share: ε, `[batch, 1, ...]`.
public func mixed(real: Tensor, fake: Tensor, share: Tensor) -> Tensor {
  (share * real + (1 - share) * fake).detached
}

/// λ·E (‖∇D(x̂)‖₂ − target)² at given points `[batch, ...]`.
public func gradientPenalty(
  critic: (Tensor) -> Tensor, at points: Tensor, weight: Tensor, target: Double = 1
) -> Penalty {
  let slope = gradients(of: critic(points).sum(), withRespectTo: [points])[0]
  let norm = sampleNorms(slope)
  return Penalty(loss: weight * (norm - target).square().mean(), meanNorm: norm.mean())
}

/// ‖·‖₂ of each sample of `[batch, ...]`: `[batch]`.
///
/// The square root's slope is infinite at 0. Squares below 10⁻³⁰ count as 10⁻³⁰: `maximum` passes them no gradient, so a
/// critic that is flat somewhere gets zero from there, a subgradient of the norm, and not NaN. Nothing else changes.
func sampleNorms(_ gradient: Tensor) -> Tensor {
  let squares = gradient.flattened().square().sum(axes: [1])
  return squares.maximum(Tensor(1e-30, dtype: gradient.dtype)).sqrt()
}
