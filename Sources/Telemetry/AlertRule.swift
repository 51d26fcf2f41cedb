/// A rule of a person's own: a condition on a metric, and what is done when it comes to hold.
///
/// Written as `entropy/modes < 1.0 for 500 steps -> pause`: a metric, a comparison with a number (or `is not finite`), for
/// how many steps in a row it must hold (without it, one value is enough), and actions, separated by commas.
public struct AlertRule: Codable, Sendable, Hashable {
  public enum Comparison: String, Codable, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    /// NaN or an infinity.
    case notFinite = "is not finite"
  }

  public enum Action: Codable, Sendable, Hashable {
    case pause
    case checkpoint
    /// A new run from here on, which is trained on in the place of this one.
    case branch
    case set(id: String, value: Double)
    /// The terminal's bell.
    case bell
    /// A message to the desktop (OSC 9); the rule itself where there is no text.
    case notify(text: String?)
  }

  public var metric: MetricID
  public var comparison: Comparison
  /// What the metric is compared with; 0 for `is not finite`.
  public var threshold: Double
  /// How many steps the condition must hold without a break; 0 for a single value.
  public var steps: Int
  public var actions: [Action]

  public init(metric: MetricID, comparison: Comparison, threshold: Double, steps: Int = 0, actions: [Action]) {
    self.metric = metric
    self.comparison = comparison
    self.threshold = threshold
    self.steps = steps
    self.actions = actions
  }

  /// Whether a value meets the condition.
  public func isMet(by value: Double) -> Bool {
    switch comparison {
    case .less: value < threshold
    case .lessOrEqual: value <= threshold
    case .greater: value > threshold
    case .greaterOrEqual: value >= threshold
    case .notFinite: !value.isFinite
    }
  }

  /// Whether each value of a bucket meets the condition.
  func isMet(byAllOf bucket: Bucket) -> Bool {
    guard comparison != .notFinite else { return bucket.count == 0 && bucket.nonFiniteCount > 0 }
    return bucket.count > 0 && bucket.nonFiniteCount == 0 && isMet(by: bucket.minimum) && isMet(by: bucket.maximum)
  }

  /// Whether some value of a bucket meets the condition.
  func isMet(byAnyOf bucket: Bucket) -> Bool {
    guard comparison != .notFinite else { return bucket.nonFiniteCount > 0 }
    return bucket.count > 0 && (isMet(by: bucket.minimum) || isMet(by: bucket.maximum))
  }
}

/// Why the text of a rule was not understood.
public enum AlertRuleError: Error, Sendable, Hashable, CustomStringConvertible {
  case noAction(String)
  case noComparison(String)
  case noMetric(String)
  case badNumber(String)
  case badDuration(String)
  case badAction(String)

  /// What a rule looks like.
  public static let form = "a rule such as \"entropy/modes < 1.0 for 500 steps -> pause\""

  public var description: String {
    switch self {
    case .noAction(let text):
      "\"\(text)\" says nothing to do: after -> comes pause, checkpoint, branch, set KEY=VALUE, bell or notify [TEXT]"
    case .noComparison(let text):
      "\"\(text)\" compares nothing: expected METRIC < NUMBER, or <=, >, >=, or is not finite"
    case .noMetric(let text): "\"\(text)\" has no metric before its comparison"
    case .badNumber(let text): "\"\(text)\" is not a number to compare with"
    case .badDuration(let text): "\"\(text)\" is not a time: expected \"for N steps\" with N from 1"
    case .badAction(let text):
      "\"\(text)\" is not an action: expected pause, checkpoint, branch, set KEY=VALUE, bell or notify [TEXT]"
    }
  }
}

extension AlertRule {
  /// Reads a rule.
  /// - Throws: an `AlertRuleError` that names the part that was not understood.
  public init(parsing text: String) throws(AlertRuleError) {
    guard let arrow = text.firstRange(of: "->") else { throw .noAction(text) }
    let condition = text[..<arrow.lowerBound].trimmed
    let wanted = text[arrow.upperBound...]
    guard !wanted.trimmed.isEmpty else { throw .noAction(text) }
    var actions: [Action] = []
    for part in wanted.split(separator: ",", omittingEmptySubsequences: false) {
      actions.append(try Self.action(part.trimmed))
    }
    self = try Self.condition(condition)
    self.actions = actions
  }

  private static func condition(_ text: String) throws(AlertRuleError) -> AlertRule {
    // Longer signs first: "<=" begins with "<".
    for comparison in Comparison.allCases {
      guard let sign = text.firstRange(of: comparison.rawValue) else { continue }
      let metric = text[..<sign.lowerBound].trimmed
      guard !metric.isEmpty, !metric.contains(where: \.isWhitespace) else { throw .noMetric(text) }
      var words = text[sign.upperBound...].split(whereSeparator: \.isWhitespace).map(String.init)
      var threshold = 0.0
      if comparison != .notFinite {
        guard let word = words.first, let number = Double(word), number.isFinite else {
          throw .badNumber(words.first ?? "")
        }
        threshold = number
        words.removeFirst()
      }
      var steps = 0
      if !words.isEmpty {
        guard words.count == 3, words[0] == "for", ["step", "steps"].contains(words[2]), let count = Int(words[1]),
          count > 0
        else { throw .badDuration(words.joined(separator: " ")) }
        steps = count
      }
      return AlertRule(
        metric: MetricID(rawValue: metric), comparison: comparison, threshold: threshold, steps: steps, actions: [])
    }
    throw .noComparison(text)
  }

  private static func action(_ text: String) throws(AlertRuleError) -> Action {
    let (name, rest) = text.split(separator: " ", maxSplits: 1).map(\.trimmed).firstTwo
    switch (name, rest) {
    case ("pause", nil): return .pause
    case ("checkpoint", nil): return .checkpoint
    case ("branch", nil): return .branch
    case ("bell", nil): return .bell
    case ("notify", let message): return .notify(text: message)
    case ("set", let assignment?):
      let (key, value) = assignment.split(separator: "=", maxSplits: 1).map(\.trimmed).firstTwo
      guard let key, let value, let number = Double(value), number.isFinite else { throw .badAction(text) }
      return .set(id: key, value: number)
    default: throw .badAction(text)
    }
  }
}

extension AlertRule: CustomStringConvertible {
  /// The condition as it is written.
  public var condition: String {
    let number = comparison == .notFinite ? "" : " \(threshold.shortest)"
    let time = steps == 0 ? "" : " for \(steps) \(steps == 1 ? "step" : "steps")"
    return "\(metric) \(comparison.rawValue)\(number)\(time)"
  }

  public var description: String { "\(condition) -> \(actions.map(\.description).joined(separator: ", "))" }
}

extension AlertRule.Action: CustomStringConvertible {
  public var description: String {
    switch self {
    case .pause: "pause"
    case .checkpoint: "checkpoint"
    case .branch: "branch"
    case .set(let id, let value): "set \(id)=\(value.shortest)"
    case .bell: "bell"
    case .notify(let text): text.map { "notify \($0)" } ?? "notify"
    }
  }
}

extension Double {
  /// Without a fraction where there is none: 500, 0.5, 1e-05.
  fileprivate var shortest: String {
    self == rounded() && magnitude < 1e15 ? String(Int(self)) : description
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    guard let last = self[start...].lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[start...last])
  }
}

extension Array where Element == String {
  fileprivate var firstTwo: (String?, String?) { (first, count > 1 ? self[1] : nil) }
}
