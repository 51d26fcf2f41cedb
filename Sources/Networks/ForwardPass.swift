import Tensors

/// One application of a network: which tensors stand for its variables, and what the pass may change.
///
/// Nothing about a pass is global: dropout and batch normalization behave as the pass says, and running statistics are
/// written only by a pass that collects them, so a gradient penalty's pass leaves no trace.
public struct ForwardPass: Sendable {
  public enum Mode: Sendable, Hashable {
    /// Batch statistics normalize, dropout drops.
    case training
    /// Running statistics normalize, dropout passes everything.
    case sampling
  }

  public let mode: Mode
  /// What stands in for variables; every other variable stands for itself.
  public let substitutions: [Variable: Tensor]
  /// Whether the pass yields new running statistics (in training mode).
  public let collectsStatistics: Bool
  /// What conditional layers read beside their input; a layer may add what later ones read.
  public var conditions: [Condition: Tensor]
  /// Goes before the names of the pass's random streams. Two passes with equal prefixes draw equal dropout masks.
  public let streamPrefix: String
  /// The new running statistics so far.
  public private(set) var statistics: [(variable: Variable, value: Tensor)] = []

  public init(
    mode: Mode, substitutions: [Variable: Tensor] = [:], conditions: [Condition: Tensor] = [:],
    collectsStatistics: Bool = false, streamPrefix: String = ""
  ) {
    self.mode = mode
    self.substitutions = substitutions
    self.conditions = conditions
    self.collectsStatistics = collectsStatistics
    self.streamPrefix = streamPrefix
  }

  /// The tensor that stands for a variable in this pass; a running statistic that the pass has moved, as it is by now.
  public func value(of variable: Variable) -> Tensor {
    statistics.first { $0.variable == variable }?.value ?? substitutions[variable] ?? variable.value
  }

  /// A condition; where the pass lacks it, the trace under way throws a `TensorError`.
  public func value(of condition: Condition) -> Tensor {
    conditions[condition] ?? .missing(condition: condition.name)
  }

  /// The name of a layer's random stream in this pass.
  public func stream(_ name: String) -> String { streamPrefix.isEmpty ? name : "\(streamPrefix)/\(name)" }

  /// Records a running statistic's new value where the pass collects them.
  public mutating func assign(_ value: Tensor, to variable: Variable) {
    guard collectsStatistics, mode == .training else { return }
    statistics.removeAll { $0.variable == variable }
    statistics.append((variable, value))
  }
}

/// The name of something that layers read beside their input, such as the class that is asked for.
public struct Condition: Hashable, Sendable {
  public let name: String
  public init(_ name: String) { self.name = name }

  /// The class of each sample, one-hot: `[batch, classes]`.
  public static let classes = Condition("classes")
}

extension Dictionary where Key == Variable, Value == Tensor {
  /// Substitutions from assignments: the value that each variable will take stands for it.
  public init(_ assignments: [(variable: Variable, value: Tensor)]) {
    self = [Variable: Tensor]().substituting(assignments)
  }

  /// These substitutions with the values of assignments before them.
  public func substituting(_ assignments: [(variable: Variable, value: Tensor)]) -> [Variable: Tensor] {
    var result = self
    for assignment in assignments { result[assignment.variable] = assignment.value }
    return result
  }
}
