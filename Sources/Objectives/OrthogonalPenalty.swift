import Tensors

/// How orthogonal regularization compares the Gram matrix of a weight's filters with the identity.
public enum OrthogonalForm: String, Sendable, Hashable, CaseIterable {
  /// ‖W·Wᵀ ⊙ (1 − I)‖²_F: filters shall be orthogonal, of any length. BigGAN's.
  case relaxed
  /// ‖W·Wᵀ − I‖²_F: filters shall be orthonormal. More filters than inputs cannot be; then the penalty stays above
  /// outputs − inputs, and its gradient is that of ‖Wᵀ·W − I‖²_F.
  case full
}

/// Orthogonal regularization, a scalar:
///
///     β·Σ ‖W·Wᵀ ⊙ (1 − I)‖²_F   (relaxed)        β·Σ ‖W·Wᵀ − I‖²_F   (full)
///
/// W is `[outputs, rest]`, one row a filter, and the Gram matrix `[outputs, outputs]` that of the filters, as the
/// authors' code has it; the paper writes Wᵀ·W for filters in columns. That code adds 2β·(W·Wᵀ ⊙ (1 − I))·W to the
/// gradient, which is half of this penalty's: its strength of 10⁻⁴ is β = 5·10⁻⁵ here.
///
/// - Parameters:
///   - filters: matrices `[outputs, rest]`; see `filters(of:outputAxis:)`.
///   - weight: β, a scalar.
///
/// Reference: [Brock et al. 2019](https://arxiv.org/abs/1809.11096), section 3.1.
public func orthogonalPenalty(of filters: [Tensor], form: OrthogonalForm = .relaxed, weight: Tensor) -> Tensor {
  weight
    * sum(filters, of: weight.dtype) { matrix in
      let gram = matrix.matmul(matrix.transposed())
      let rows = gram.rank > 0 ? gram.shape[0] : 1
      let unit = Tensor((0..<rows).map(Double.init), shape: [rows], dtype: .i32).oneHot(
        classes: rows, dtype: matrix.dtype)
      switch form {
      case .relaxed: return (gram * (1 - unit)).square()
      case .full: return (gram - unit).square()
      }
    }
}

/// A weight's filters as rows, `[outputs, rest]`.
///
/// - Parameter outputAxis: the axis of outputs: 0 for a convolution `[output, input, height, width]`, 1 for a dense
///   layer `[input, output]` and a transposed convolution `[input, output, height, width]`.
public func filters(of weight: Tensor, outputAxis: Int) -> Tensor {
  guard weight.rank > 0 else { return weight.reshape([1, 1]) }
  let others = (0..<weight.rank).filter { $0 != outputAxis }
  return weight.transpose([outputAxis] + others).flattened()
}
