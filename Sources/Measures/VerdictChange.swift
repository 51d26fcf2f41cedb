/// What can be wrong with a run.
public enum VerdictKind: String, Sendable, Codable, CaseIterable {
  case modeCollapse, vanishingGradients, discriminatorWon, generatorWon, divergence, oscillation
}

public enum VerdictSeverity: String, Sendable, Codable {
  case warning, critical
}

/// A verdict that begins, grows worse, or ends.
public struct VerdictChange: Sendable, Equatable, Codable {
  public var step: Int
  public var kind: VerdictKind
  public var severity: VerdictSeverity
  /// False when the condition has passed.
  public var isActive: Bool
  /// A sentence such as "mode collapse: 3 of 8 modes hold at least a fifth of their share".
  public var message: String
  /// The rule in figures, such as "modes/with_mass 3 < 8 for 3 measurements in a row".
  public var rule: String
}

/// What one rule makes of one observation.
enum Finding: Equatable {
  /// The rule's values are missing, or it is too early.
  case unknown
  case holds(severity: VerdictSeverity, message: String, rule: String, isImmediate: Bool = false)
  /// Neither: ends every count.
  case between
  case clear(message: String, rule: String)
}

/// One verdict's memory: it is raised and cleared only by findings in a row, so that it does not flap.
struct Latch: Sendable, Equatable, Codable {
  let kind: VerdictKind
  /// What an observation of this rule is called: `reports` or `measurements`.
  let unit: String
  let persistence: Persistence
  private(set) var active: VerdictSeverity?
  private var streak = 0
  private var streakStart = 0

  init(kind: VerdictKind, unit: String, persistence: Persistence) {
    self.kind = kind
    self.unit = unit
    self.persistence = persistence
  }

  /// Forgets what was counted, not what was said.
  mutating func restart() { streak = 0 }

  mutating func update(_ finding: Finding, step: Int) -> VerdictChange? {
    switch finding {
    case .unknown:
      return nil
    case .between:
      streak = 0
      return nil
    case .holds(let severity, let message, let rule, let isImmediate):
      if let active, active == .critical || severity == .warning {
        streak = 0
        return nil
      }
      let needed = severity == .critical ? persistence.raise : persistence.raiseWarning
      let isLongEnough = count(step: step, needed: needed, steps: persistence.raiseSteps)
      guard isLongEnough || isImmediate else { return nil }
      streak = 0
      active = severity
      let figures = isImmediate ? rule : "\(rule) \(span(needed, persistence.raiseSteps))"
      return VerdictChange(
        step: step, kind: kind, severity: severity, isActive: true, message: message, rule: figures)
    case .clear(let message, let rule):
      guard let severity = active else {
        streak = 0
        return nil
      }
      guard count(step: step, needed: persistence.clear, steps: persistence.clearSteps) else { return nil }
      streak = 0
      active = nil
      return VerdictChange(
        step: step, kind: kind, severity: severity, isActive: false, message: message,
        rule: "\(rule) \(span(persistence.clear, persistence.clearSteps))")
    }
  }

  private mutating func count(step: Int, needed: Int, steps: Int) -> Bool {
    if streak == 0 { streakStart = step }
    streak += 1
    return streak >= needed && step - streakStart >= steps
  }

  private func span(_ count: Int, _ steps: Int) -> String {
    steps > 0 ? "for \(count) \(unit) in a row over \(steps) steps" : "for \(count) \(unit) in a row"
  }
}
