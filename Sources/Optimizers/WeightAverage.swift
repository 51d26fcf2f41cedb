import Tensors

/// An exponential moving average of parameters, for sampling and measuring:
///
///     average ← decay·average + (1 − decay)·parameter, after each update
///
/// Averages start at the parameters' own initial values.
///
/// Reference: [Yazıcı et al. 2019](https://arxiv.org/abs/1806.04498), section 3.
public struct WeightAverage: Sendable {
  public let parameters: [Variable]
  /// The averages, `average/<parameter>`.
  public let variables: [Variable]

  private static let prefix = "average/"

  /// The name of the parameter that a variable is the average of; nil for one that is no average.
  public static func parameter(averagedIn name: String) -> String? {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  public init(of parameters: [Variable]) {
    self.parameters = parameters
    variables = parameters.map {
      Variable(name: Self.prefix + $0.name, shape: $0.shape, dtype: $0.dtype, initial: Self.initial(of: $0))
    }
  }

  private static func initial(of parameter: Variable) -> @Sendable (UInt64) -> [Double] { parameter.initial }

  /// What stands in for the parameters in a pass with averaged weights.
  public var substitutions: [Variable: Tensor] {
    Dictionary(zip(parameters, variables).map { ($0, $1.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The averages after an update.
  ///
  /// - Parameters:
  ///   - updated: the parameters' new values; one that is missing counts with its old value.
  ///   - decay: a scalar in 0 ..< 1, such as 0.999.
  public func update(
    with updated: [(variable: Variable, value: Tensor)], decay: Tensor
  ) -> [(variable: Variable, value: Tensor)] {
    let values = Dictionary(updated.map { ($0.variable, $0.value) }, uniquingKeysWith: { _, last in last })
    return zip(parameters, variables).map { parameter, average in
      (average, decay * average.value + (1 - decay) * (values[parameter] ?? parameter.value))
    }
  }

  /// min(decay, (1 + n)/(10 + n)): a decay that lets go of the initial parameters in the first updates.
  ///
  /// - Parameters:
  ///   - decay: a scalar in 0 ..< 1, reached after (10·decay − 1)/(1 − decay) updates.
  ///   - updates: n, the updates before this one, a scalar of the same type: a counter of the graph or an input.
  ///
  /// Reference: TensorFlow's `ExponentialMovingAverage` with `num_updates`.
  public static func warmedUp(_ decay: Tensor, updates: Tensor) -> Tensor {
    decay.minimum((updates + 1) / (updates + 10))
  }
}
