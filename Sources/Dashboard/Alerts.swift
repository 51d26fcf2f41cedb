import Telemetry

extension DashboardState {
  /// What a rule that fired asks of the terminal.
  func answer(_ alert: Alert) -> [Effect] {
    alert.rule.actions.compactMap { action in
      switch action {
      case .bell: .bell
      case .notify(let text): .notify("\(runName): \(text ?? alert.rule.condition)")
      case .pause, .checkpoint, .branch, .set: nil
      }
    }
  }
}
