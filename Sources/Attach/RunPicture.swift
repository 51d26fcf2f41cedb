import Telemetry

/// What somebody must hear of a run who comes later.
struct RunPicture {
  private var description: RunDescription?
  /// Where the run came from, with its parent's past.
  private var origin: Event?
  private(set) var history = RunHistory()
  private var panels: [Panel] = []
  private var state: Event?

  mutating func take(_ event: Event) {
    history.take(event)
    switch event {
    case .described(let new):
      if let old = description, old.folder != new.folder {
        // A branch goes on in the run's place.
        (history, panels, origin) = (RunHistory(), [], nil)
      }
      description = new
    case .branched: origin = event
    case .edited(let edit):
      if let index = description?.hyperparameters.firstIndex(where: { $0.id == edit.id }) {
        description?.hyperparameters[index].value = edit.newValue
      }
    case .panel(let panel):
      if let index = panels.firstIndex(where: { $0.id == panel.id }) {
        panels[index] = panel
      } else {
        panels.append(panel)
      }
    case .state: state = event
    default: break
    }
  }

  /// Description, origin, history, newest pictures, state.
  var events: [Event] {
    let run = [description.map { Event.described($0) }, origin].compactMap(\.self)
    return run + [.history(history)] + panels.map { .panel($0) } + (state.map { [$0] } ?? [])
  }
}

/// Keeps a log readable: one line a second, the rest counted.
struct Complaints {
  private var saidAt = -Double.infinity
  private var unsaid = 0
  private var last = ""

  private static let interval = 1.0

  /// - Returns: what to log now; nil where it is counted only.
  mutating func add(_ text: String, now: Double) -> String? {
    guard now >= saidAt + Self.interval else {
      unsaid += 1
      last = text
      return nil
    }
    saidAt = now
    return text
  }

  /// When what was counted is to be told.
  var due: Double? { unsaid > 0 ? saidAt + Self.interval : nil }

  mutating func overdue(now: Double) -> String? {
    guard let due, now >= due else { return nil }
    defer { unsaid = 0 }
    saidAt = now
    return unsaid == 1 ? last : "\(last) (and \(unsaid - 1) more like it)"
  }
}
