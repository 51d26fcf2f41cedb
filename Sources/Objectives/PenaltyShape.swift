import Tensors

/// Which function of the slope's norm ‖g‖₂ a gradient penalty takes.
public enum PenaltyShape: Sendable, Hashable {
  /// (‖g‖ − target)². 1: [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), equation 3; 0, on interpolated
  /// points: [Thanh-Tung et al. 2019](https://arxiv.org/abs/1902.03984).
  case centred(at: Double)
  /// ½·‖g‖², so that the weight is R1's and R2's γ.
  /// [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), equations 9 and 10.
  case halfSquare
  /// max(0, ‖g‖ − 1)²: slopes below 1 are free.
  /// [Petzka et al. 2018](https://arxiv.org/abs/1709.08894), WGAN-LP.
  case excess

  /// The penalty of each sample, `[batch]`, of slopes `[batch, ...]` and their norms `[batch]`.
  func term(of slope: Tensor, norm: Tensor) -> Tensor {
    switch self {
    case .centred(let target): (norm - target).square()
    case .halfSquare: 0.5 * slope.flattened().square().sum(axes: [1])
    case .excess: (norm - 1).relu().square()
    }
  }
}

/// ‖·‖₂ of each sample of `[batch, ...]`: `[batch]`.
///
/// The square root's slope is infinite at 0. Squares below 10⁻³⁰ count as 10⁻³⁰: `maximum` passes them no gradient, so a
/// critic that is flat somewhere gets zero from there, a subgradient of the norm, and not NaN. Nothing else changes.
func sampleNorms(_ gradient: Tensor) -> Tensor {
  let squares = gradient.flattened().square().sum(axes: [1])
  return squares.maximum(Tensor(1e-30, dtype: gradient.dtype)).sqrt()
}
