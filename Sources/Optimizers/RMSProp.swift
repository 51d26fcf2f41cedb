import Tensors

/// Divides by a running root mean square: v ← decay·v + (1 − decay)·g², then g/(√v + ε), as PyTorch's (uncentred) RMSprop.
///
/// Reference: Tieleman and Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning".
public struct RootMeanSquareScaling: GradientTransform {
  /// PyTorch's alpha, usually 0.99.
  public let decay: Tensor
  public let epsilon: Tensor

  public init(decay: Tensor, epsilon: Tensor) {
    self.decay = decay
    self.epsilon = epsilon
  }

  private func meanSquare(_ parameter: Variable) -> Variable { parameter.moment("rmsprop/mean_square") }

  public func state(for parameters: [Variable], player: String) -> [Variable] { parameters.map(meanSquare) }

  public func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients {
    let means = parameters.map(meanSquare)
    let values = zip(means, gradients).map { decay * state[$0] + (1 - decay) * $1.square() }
    return TransformedGradients(
      zip(gradients, values).map { $0 / (state.root($1) + epsilon) }, assignments: zip(means, values).map { ($0, $1) })
  }
}
