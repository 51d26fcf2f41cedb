import Tensors

/// Historical averaging of a player's parameters: a penalty on the distance from their mean over the past.
///
///     λ·‖θ − m‖²₂,    m = (1/t)·Σᵢ θ[i]
///
/// The mean runs, m ← m + (θ − m)/t after each update, and begins with the initial parameters at t = 1. It is a constant
/// of the differentiation. In f32 a mean of t values moves while |θ − m| > 6·10⁻⁸·t·|m|; t is exact up to 2²⁴.
///
/// Reference: [Salimans et al. 2016](https://arxiv.org/abs/1606.03498), section 3.3.
public struct HistoricalAverage: Sendable {
  public let parameters: [Variable]
  /// The means, `history/<parameter>`.
  public let means: [Variable]
  /// t, a scalar.
  public let count: Variable
  /// The state: what a checkpoint holds.
  public var variables: [Variable] { means + [count] }

  /// - Parameter player: what the parameters have in common; names the count.
  public init(of parameters: [Variable], player: String) {
    self.parameters = parameters
    means = parameters.map { parameter in
      Variable(
        name: "history/\(parameter.name)", shape: parameter.shape, dtype: parameter.dtype, initial: parameter.initial)
    }
    count = Variable(name: "\(player)/history/count", shape: .scalar, dtype: parameters.first?.dtype ?? .f32, fill: 1)
  }

  /// The penalty, a scalar.
  ///
  /// - Parameters:
  ///   - weight: λ, a scalar.
  ///   - values: the tensors that stand for the parameters, if not their own values.
  public func penalty(weight: Tensor, values: [Variable: Tensor] = [:]) -> Tensor {
    let distances = zip(parameters, means).map { (values[$0] ?? $0.value) - $1.value.detached }
    return weight * sum(distances, of: weight.dtype) { $0.square() }
  }

  /// The state after an update.
  ///
  /// - Parameter updated: the parameters' new values; one that is missing counts with its old value.
  public func update(with updated: [(variable: Variable, value: Tensor)]) -> [(variable: Variable, value: Tensor)] {
    let values = Dictionary(updated.map { ($0.variable, $0.value) }, uniquingKeysWith: { _, last in last })
    let t = count.value + 1
    let moved = zip(parameters, means).map { parameter, mean in
      (variable: mean, value: mean.value + ((values[parameter] ?? parameter.value) - mean.value) / t)
    }
    return moved + [(count, t)]
  }
}
