import Tensors

/// The weights among parameters: those of at least two axes.
///
/// Biases, and the scales and offsets of normalizations, have one axis and are left out of penalties, as is usual:
/// they are few, and shrinking them shrinks what the network can centre.
public func weights(among parameters: [Variable]) -> [Variable] { parameters.filter { $0.shape.rank >= 2 } }

/// λ·Σ |w| over all elements of all weights, a scalar; its slope at w = 0 is 0.
///
/// - Parameters:
///   - weights: parameters of any shapes; see `weights(among:)`.
///   - weight: λ, a scalar.
public func l1Penalty(of weights: [Tensor], weight: Tensor) -> Tensor {
  weight * sum(weights, of: weight.dtype) { $0.abs() }
}

/// (λ/2)·Σ w² over all elements of all weights, a scalar; its gradient is λ·w, PyTorch's `weight_decay`.
///
/// - Parameters:
///   - weights: parameters of any shapes; see `weights(among:)`.
///   - weight: λ, a scalar.
public func l2Penalty(of weights: [Tensor], weight: Tensor) -> Tensor {
  weight * (0.5 * sum(weights, of: weight.dtype) { $0.square() })
}

/// Σ f over all elements of all tensors; 0 of none.
func sum(_ tensors: [Tensor], of type: DType, _ function: (Tensor) -> Tensor) -> Tensor {
  guard let first = tensors.first else { return Tensor(0, dtype: type) }
  return tensors.dropFirst().reduce(function(first).sum()) { $0 + function($1).sum() }
}
