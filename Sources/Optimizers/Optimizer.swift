import Tensors

/// A chain of gradient transforms; the update is parameter − rate·(what the chain makes of the gradient).
///
///     let optimizer = Optimizer.adam("generator", beta1: beta1, beta2: beta2, clipNorm: limit)
///     let update = optimizer.update(G.parameters, gradients: g, rate: rate).guarded()
public struct Optimizer: Sendable {
  /// What the optimized parameters have in common; goes before the names of state that they share.
  public let player: String
  public let transforms: [any GradientTransform]

  public init(_ player: String, _ transforms: [any GradientTransform]) {
    self.player = player
    self.transforms = transforms
  }

  /// Every variable that the chain keeps for these parameters: what a checkpoint holds beside them.
  public func state(for parameters: [Variable]) -> [Variable] {
    transforms.flatMap { $0.state(for: parameters, player: player) }
  }

  /// One update, as graph nodes.
  ///
  /// - Parameters:
  ///   - gradients: one for each parameter, of the loss to be minimized.
  ///   - rate: the learning rate, a scalar.
  ///   - values: the tensors that stand for the parameters, if not their own values.
  ///   - known: what stands for the optimizer's own variables.
  public func update(
    _ parameters: [Variable], gradients: [Tensor], rate: Tensor, values: [Variable: Tensor] = [:],
    state known: OptimizerState = OptimizerState()
  ) -> OptimizerUpdate {
    labelled("\(player)/optimizer") {
      let norm = globalNorm(gradients)
      var step = gradients
      var state: [(variable: Variable, value: Tensor)] = []
      for transform in transforms {
        let transformed = transform(step, of: parameters, player: player, state: known)
        step = transformed.gradients
        state += transformed.assignments
      }
      let moved = zip(parameters, step).map { parameter, direction in
        (variable: parameter, value: (values[parameter] ?? parameter.value) - rate * direction)
      }
      return OptimizerUpdate(parameters: moved, state: state, gradientNorm: norm)
    }
  }
}

/// What an update makes of parameters and of the optimizer's state.
public struct OptimizerUpdate: Sendable {
  public var parameters: [(variable: Variable, value: Tensor)]
  public var state: [(variable: Variable, value: Tensor)]
  /// The norm of all gradients together before any clipping, a scalar.
  public let gradientNorm: Tensor

  public init(
    parameters: [(variable: Variable, value: Tensor)], state: [(variable: Variable, value: Tensor)],
    gradientNorm: Tensor
  ) {
    self.parameters = parameters
    self.state = state
    self.gradientNorm = gradientNorm
  }

  public var assignments: [(variable: Variable, value: Tensor)] { parameters + state }

  /// Whether the gradient's norm is finite: a scalar of type bool.
  public var isFinite: Tensor { gradientNorm.isFinite() .> Tensor(0.5, dtype: gradientNorm.dtype) }

  /// The update that leaves everything, the step count too, as it was where the gradient's norm is not finite.
  public func guarded() -> OptimizerUpdate { guarded(by: isFinite) }

  /// The update that takes place only where `condition`, a scalar of type bool, is true.
  public func guarded(by condition: Tensor) -> OptimizerUpdate {
    OptimizerUpdate(
      parameters: Optimizers.guarded(parameters, by: condition), state: Optimizers.guarded(state, by: condition),
      gradientNorm: gradientNorm)
  }

  /// The update with every parameter clamped to ±`limit`, a scalar: a Wasserstein critic's weight clipping.
  ///
  /// Reference: [Arjovsky et al. 2017](https://arxiv.org/abs/1701.07875), algorithm 1.
  public func clampingParameters(to limit: Tensor) -> OptimizerUpdate {
    var result = self
    result.parameters = parameters.map { ($0.variable, $0.value.minimum(limit).maximum(-limit)) }
    return result
  }
}

/// Assignments that take place only where `condition`, a scalar of type bool, is true; else variables keep their values.
public func guarded(
  _ assignments: [(variable: Variable, value: Tensor)], by condition: Tensor
) -> [(variable: Variable, value: Tensor)] {
  assignments.map { ($0.variable, condition.select($0.value, $0.variable.value)) }
}

// Gradients are clipped, where limits are given, before anything else sees them: by value, then by norm.
extension Optimizer {
  /// Gradient descent, with heavy-ball momentum where it is given.
  public static func sgd(_ player: String, momentum: Tensor? = nil, clipNorm: Tensor? = nil, clipValue: Tensor? = nil)
    -> Optimizer
  {
    Optimizer(player, clip(value: clipValue, norm: clipNorm) + (momentum.map { [Momentum($0)] } ?? []))
  }

  /// RMSProp, with momentum behind the division where it is given, as PyTorch has it.
  public static func rmsProp(
    _ player: String, decay: Tensor, epsilon: Tensor, momentum: Tensor? = nil, clipNorm: Tensor? = nil,
    clipValue: Tensor? = nil
  ) -> Optimizer {
    let scaling: [any GradientTransform] = [RootMeanSquareScaling(decay: decay, epsilon: epsilon)]
    return Optimizer(player, clip(value: clipValue, norm: clipNorm) + scaling + (momentum.map { [Momentum($0)] } ?? []))
  }

  public static func adam(
    _ player: String, beta1: Tensor, beta2: Tensor, epsilon: Tensor, clipNorm: Tensor? = nil, clipValue: Tensor? = nil
  ) -> Optimizer {
    Optimizer(
      player, clip(value: clipValue, norm: clipNorm) + [AdamScaling(beta1: beta1, beta2: beta2, epsilon: epsilon)])
  }

  /// Single elements first, so that one of them does not shrink the whole step.
  private static func clip(value: Tensor?, norm: Tensor?) -> [any GradientTransform] {
    (value.map { [ClipByValue(limit: $0)] } ?? []) + (norm.map { [ClipByNorm(limit: $0)] } ?? [])
  }
}
