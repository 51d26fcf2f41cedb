import Telemetry
import TerminalKit

/// What came in while the view stands still: charts and pictures show what was there when it was frozen.
struct FrozenView: Sendable {
  /// The step at which the view stands.
  var step: Int
  var history: RunHistory
  var panels: [Panel]

  mutating func show(_ panel: Panel) {
    if let index = panels.firstIndex(where: { $0.id == panel.id }) {
      panels[index] = panel
    } else {
      panels.append(panel)
    }
  }
}

extension DashboardState {
  /// Whether charts and pictures stand still while training goes on.
  public var isFrozen: Bool { shell.frozen != nil }

  /// The run's past as it is now, whatever is shown.
  var liveHistory: RunHistory { shell.frozen?.history ?? history }

  mutating func toggleFreeze() {
    if isFrozen {
      thaw()
      say("the view follows the run again")
    } else {
      shell.frozen = FrozenView(step: history.step, history: history, panels: panels)
      say("the view is frozen at step \(grouped(history.step)); training goes on, f follows it again")
    }
  }

  mutating func thaw() {
    guard let frozen = shell.frozen else { return }
    history = frozen.history
    panels = frozen.panels
    shell.frozen = nil
    refreshFilter()
  }

  /// Takes in what an event says about the past.
  mutating func remember(_ event: Event) {
    if case .history = event { thaw() }
    if shell.frozen != nil { shell.frozen?.history.take(event) } else { history.take(event) }
    if case .metrics = event { refreshFilter() }
  }

  /// Takes in a picture.
  mutating func show(_ panel: Panel) {
    if shell.frozen != nil {
      shell.frozen?.show(panel)
    } else if let index = panels.firstIndex(where: { $0.id == panel.id }) {
      panels[index] = panel
    } else {
      panels.append(panel)
    }
  }
}
