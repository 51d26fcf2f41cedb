import Tensors

/// Adam's direction:
///
///     m ← m + (1 − β₁)·(g − m)        v ← β₂·v + (1 − β₂)·g²        t ← t + 1
///     m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + ε)
///
/// with ε outside of the bias-corrected root, as the paper's algorithm 1 and PyTorch have it.
///
/// t is one scalar a player, so that βᵗ comes from a whole number and not from a product that drifts; 1 − βᵗ is computed as
/// −expm1(t·ln β), exact for β near 1 and for β = 0. In f32 t stops at 2²⁴ steps, where both corrections have long been 1.
///
/// Reference: [Kingma and Ba 2014](https://arxiv.org/abs/1412.6980), algorithm 1.
public struct AdamScaling: GradientTransform {
  public let beta1: Tensor
  public let beta2: Tensor
  public let epsilon: Tensor

  public init(beta1: Tensor, beta2: Tensor, epsilon: Tensor) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  private func first(_ parameter: Variable) -> Variable { parameter.moment("adam/first_moment") }
  private func second(_ parameter: Variable) -> Variable { parameter.moment("adam/second_moment") }
  private func step(_ parameters: [Variable], _ player: String) -> Variable {
    Variable(name: "\(player)/adam/step", shape: .scalar, dtype: parameters.first?.dtype ?? .f32, fill: 0)
  }

  public func state(for parameters: [Variable], player: String) -> [Variable] {
    parameters.map(first) + parameters.map(second) + [step(parameters, player)]
  }

  public func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients {
    let counter = step(parameters, player)
    let t = state[counter] + 1
    func correction(_ beta: Tensor) -> Tensor { -(t * beta.log()).expm1() }
    // Scalars are prepared once; each element then costs a multiplication where a formula by the letter divides.
    let firstScale = correction(beta1).reciprocal()
    let secondScale = correction(beta2).rsqrt()
    var result = TransformedGradients([], assignments: [(counter, t)])
    for (parameter, gradient) in zip(parameters, gradients) {
      let (m, v) = (first(parameter), second(parameter))
      let mean = state[m] + (1 - beta1) * (gradient - state[m])
      let square = beta2 * state[v] + (1 - beta2) * gradient.square()
      result.gradients.append((mean * firstScale) / (state.root(square) * secondScale + epsilon))
      result.assignments += [(m, mean), (v, square)]
    }
    return result
  }
}
