extension Tensor {
  /// x where x > 0, else α·(exp(x) − 1). Clevert et al. 2015, arXiv:1511.07289.
  public func elu(alpha: Double = 1) -> Tensor {
    let zero = Tensor(0, dtype: dtype)
    // The exponential sees no positive number, so its gradient stays finite where it is not chosen.
    return (self .> zero).select(self, alpha * minimum(zero).expm1())
  }

  /// x·Φ(x) with the normal distribution function Φ, exact. Hendrycks and Gimpel 2016, arXiv:1606.08415.
  public func gelu() -> Tensor { 0.5 * self * (1 + (self * 0.5.squareRoot()).erf()) }

  /// The nearest value within the bounds; the gradient is zero outside.
  public func clamped(_ bounds: ClosedRange<Double>) -> Tensor {
    maximum(Tensor(bounds.lowerBound, dtype: dtype)).minimum(Tensor(bounds.upperBound, dtype: dtype))
  }
}
