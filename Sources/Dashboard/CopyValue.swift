import Telemetry
import TerminalKit

extension DashboardState {
  /// Puts on the clipboard what the focused panel says at its cursor.
  mutating func copyValue() -> [Effect] {
    guard let text = valueHere, !text.isEmpty else {
      say("there is no value here", .warning)
      return []
    }
    say("copied: \(text)")
    return [.copy(text)]
  }

  private var valueHere: String? {
    switch focus {
    case .hyperparameters:
      return hyperparameters.selectedRow.map { "\($0.hyperparameter.id) \($0.value)" }
    case .log:
      let lines = log.lines.dropLast(log.offset)
      return lines.last.map { "step \($0.step) \($0.text)" }
    case .samples:
      let panel = panels.first { $0.id == shownPanel } ?? panels.first
      return panel.map { "\($0.id) of step \($0.step)" }
    case .system:
      return shell.system.last.map {
        "cpu \(formatted($0.processCores * 100))% memory \(formatted($0.residentBytes))B"
      }
    default: return values(of: metricsHere)
    }
  }

  /// The metrics of the focused panel; of any other one, all.
  private var metricsHere: [MetricID] {
    let groups: [String]? =
      switch focus {
      case .losses: ["loss"]
      case .balance: ["score", "accuracy", "gradient"]
      case .entropy: ["entropy", "modes"]
      default: nil
      }
    let ids = history.metrics.keys.filter { groups?.contains($0.group) ?? true }.sorted { $0.rawValue < $1.rawValue }
    return filtered(ids, id: \.self)
  }

  /// `step 4200 loss/generator 0.6931 ...` at the cursor, else of the newest step.
  private func values(of ids: [MetricID]) -> String? {
    let step = charts.cursor ?? history.step
    let parts = ids.compactMap { id -> String? in
      guard let history = history.metrics[id] else { return nil }
      let bucket =
        charts.cursor.map { cursor in
          history.columns(steps: min(cursor, chartRange.lowerBound)...cursor, count: 512).last
        } ?? history.last
      return bucket.map { "\(id.rawValue) \($0.last)" }
    }
    return parts.isEmpty ? nil : "step \(step) " + parts.joined(separator: " ")
  }
}
