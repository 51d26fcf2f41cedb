import Tensors

/// Heavy-ball momentum: b ← momentum·b + g, and b instead of g; PyTorch's SGD without dampening or Nesterov's step.
///
/// Reference: [Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), equations 1 and 2, with the rate
/// outside of b.
public struct Momentum: GradientTransform {
  public let momentum: Tensor
  public init(_ momentum: Tensor) { self.momentum = momentum }

  private func buffer(_ parameter: Variable) -> Variable { parameter.moment("momentum") }

  public func state(for parameters: [Variable], player: String) -> [Variable] { parameters.map(buffer) }

  public func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients {
    let buffers = parameters.map(buffer)
    let values = zip(buffers, gradients).map { momentum * state[$0] + $1 }
    return TransformedGradients(values, assignments: zip(buffers, values).map { ($0, $1) })
  }
}

extension Variable {
  /// A variable of this one's shape and type, zero at first.
  func moment(_ suffix: String) -> Variable {
    Variable(name: "\(name)/\(suffix)", shape: shape, dtype: dtype, fill: 0)
  }
}
