import Tensors

/// A link of an optimizer: gradients in, gradients out, with state of its own in variables.
///
/// Links are pure: new state comes out as assignments. Hyperparameters are scalars of the graph: constants, or inputs
/// that change between two runs without a new compilation.
public protocol GradientTransform: Sendable {
  /// The state for these parameters.
  ///
  /// - Parameter player: names what the parameters have in common.
  func state(for parameters: [Variable], player: String) -> [Variable]
  /// - Parameter state: what stands for the link's variables.
  func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients
}

/// What stands for an optimizer's variables in one update.
public struct OptimizerState: Sendable {
  /// Of an earlier update in the same program; every other variable stands for itself.
  public let substitutions: [Variable: Tensor]
  /// Whether the update will be differentiated, as in an unrolled game. The slope of a square root at 0 is infinite:
  /// such an update takes means of squares below 10⁻²⁴ for 10⁻²⁴.
  public let isDifferentiated: Bool

  public init(substitutions: [Variable: Tensor] = [:], isDifferentiated: Bool = false) {
    self.substitutions = substitutions
    self.isDifferentiated = isDifferentiated
  }

  public subscript(_ variable: Variable) -> Tensor { substitutions[variable] ?? variable.value }

  /// √ of a mean of squares.
  func root(_ square: Tensor) -> Tensor {
    isDifferentiated ? square.maximum(Tensor(1e-24, dtype: square.dtype)).sqrt() : square.sqrt()
  }
}

/// What a link makes of gradients.
public struct TransformedGradients: Sendable {
  public var gradients: [Tensor]
  /// The link's new state.
  public var assignments: [(variable: Variable, value: Tensor)]

  public init(_ gradients: [Tensor], assignments: [(variable: Variable, value: Tensor)] = []) {
    self.gradients = gradients
    self.assignments = assignments
  }
}

/// √Σ g² over all elements of all gradients, a scalar; neither finite nor a number where an element is not.
public func globalNorm(_ gradients: [Tensor]) -> Tensor {
  guard let first = gradients.first else { return Tensor(0) }
  let squares = gradients.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
  return squares.sqrt()
}

/// Scales all gradients of a player down to a joint norm of at most `limit`: g·min(1, limit/‖g‖).
///
/// Reference: [Pascanu et al. 2013](https://arxiv.org/abs/1211.5063), algorithm 1.
public struct ClipByNorm: GradientTransform {
  public let limit: Tensor
  public init(limit: Tensor) { self.limit = limit }

  public func state(for parameters: [Variable], player: String) -> [Variable] { [] }

  public func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients {
    guard let first = gradients.first else { return TransformedGradients([]) }
    let one = Tensor(1, dtype: first.dtype)
    let scale = (limit / globalNorm(gradients)).minimum(one)
    return TransformedGradients(gradients.map { $0 * scale })
  }
}

/// Clamps each element of each gradient to ±`limit`. Unlike `ClipByNorm` it turns the step's direction.
///
/// Reference: Mikolov 2012, "Statistical language models based on neural networks", Brno.
public struct ClipByValue: GradientTransform {
  public let limit: Tensor
  public init(limit: Tensor) { self.limit = limit }

  public func state(for parameters: [Variable], player: String) -> [Variable] { [] }

  public func callAsFunction(
    _ gradients: [Tensor], of parameters: [Variable], player: String, state: OptimizerState
  ) -> TransformedGradients {
    TransformedGradients(gradients.map { $0.minimum(limit).maximum(-limit) })
  }
}
