import Models
import Telemetry

/// The rules of the configuration, and what they do.
extension TrainingLoop {
  /// Looks whether a rule comes to hold. What it asks for waits for the step to be whole.
  func watch(_ report: MetricReport) {
    for alert in alerts.observe(report) {
      message(.warning, "alert: \(alert.rule.metric) is \(alert.value): \(alert.rule)")
      link.events.send(.alert(alert))
      dueActions += alert.rule.actions.map { ($0, alert.rule) }
    }
  }

  /// Does what the rules that fired ask for, in the order in which they are written.
  func performDueActions() {
    while !dueActions.isEmpty, branch == nil, !mustStop {
      let due = dueActions.removeFirst()
      do {
        try perform(due.action, of: due.rule)
      } catch {
        message(.error, "alert \(due.rule): \(error)")
      }
    }
  }

  private func perform(_ action: AlertRule.Action, of rule: AlertRule) throws {
    switch action {
    case .pause: if case .training = state { pause("alert: \(rule.condition)") }
    case .checkpoint: try checkpoint()
    case .branch: _ = try branchOff([])
    case .set(let id, let value): _ = try set(id, value, origin: .rule(rule.description))
    // Viewers ring and notify.
    case .bell, .notify: break
    }
  }

  /// A rule on a metric that this run never reports would be silent for ever.
  func warnOfUnknownMetrics() {
    let known = Set(session.system.metrics.map(\.id) + observer.comparisonDescriptors.map(\.id))
    let measured = ["judge/", "modes/", "entropy/", "speed/"]
    for rule in alerts.rules where !known.contains(rule.metric) {
      guard !measured.contains(where: rule.metric.rawValue.hasPrefix) else { continue }
      let names = known.map(\.rawValue).sorted().joined(separator: ", ")
      message(.warning, "alert \(rule): this run reports no \(rule.metric); it reports \(names)")
    }
  }
}
