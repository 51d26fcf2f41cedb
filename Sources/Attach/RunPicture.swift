import Telemetry

/// What somebody must hear of a run who comes later, but for what its journal tells.
struct RunPicture {
  private var description: RunDescription?
  /// Where the run came from, with its parent's past.
  private var origin: Event?
  private var panels: [Panel] = []
  private var state: Event?
  /// What the journal may not have yet, oldest first.
  private var news: [Event] = []
  /// The last step that was heard of.
  private(set) var step = 0

  /// Reports come ten times a second at most and are in the journal after one second; a disk may be full for a while.
  private static let newsCapacity = 1024

  mutating func take(_ event: Event) {
    switch event {
    case .described(let new):
      if let old = description, old.folder != new.folder {
        // A branch goes on in the run's place.
        (news, panels, origin, step) = ([], [], nil, 0)
      }
      description = new
    case .branched: origin = event
    case .edited(let edit):
      if let index = description?.hyperparameters.firstIndex(where: { $0.id == edit.id }) {
        description?.hyperparameters[index].value = edit.newValue
      }
      add(event)
    case .panel(let panel):
      if let index = panels.firstIndex(where: { $0.id == panel.id }) {
        panels[index] = panel
      } else {
        panels.append(panel)
      }
    case .state(_, let step):
      state = event
      self.step = step
    case .metrics(let report):
      step = max(step, report.step)
      add(event)
    case .checkpointed, .verdict: add(event)
    case .history(let past):
      // The journal tells the same, and what was news may never have been.
      news = []
      step = past.step
    default: break
    }
  }

  private mutating func add(_ event: Event) {
    news.append(event)
    if news.count >= Self.newsCapacity { news.removeFirst(Self.newsCapacity / 4) }
  }

  /// Description, origin, history, newest pictures, state.
  /// - Parameter past: what the journal tells now.
  func events(_ past: RunHistory) -> [Event] {
    let run = [description.map { Event.described($0) }, origin].compactMap(\.self)
    return run + [.history(history(past))] + panels.map { .panel($0) } + (state.map { [$0] } ?? [])
  }

  /// What the journal tells, and what it does not know yet.
  func history(_ past: RunHistory) -> RunHistory {
    var history = past
    for event in news {
      switch event {
      case .metrics(var report):
        report.buckets = report.buckets.filter { id, bucket in
          past[id].lastStep.map { bucket.firstStep > $0 } ?? true
        }
        if !report.buckets.isEmpty { history.take(.metrics(report)) }
      case .edited(let edit) where past.edits.contains(edit): break
      case .checkpointed(let record) where past.checkpoints.contains(record): break
      case .verdict(let verdict) where past.verdicts.contains(verdict): break
      default: history.take(event)
      }
    }
    return history
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
