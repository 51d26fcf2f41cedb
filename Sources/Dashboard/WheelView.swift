import Telemetry
import TerminalKit

/// Who steers, as this dashboard sees it.
public struct WheelView: Sendable, Equatable {
  /// Whether the run trains in another process, so that leaving the dashboard leaves it alone.
  public internal(set) var isAttached = false
  /// Whether the run is another program's, of which only files are read: nothing can be asked of it.
  public internal(set) var isForeign = false
  /// What the run last said; nil while it has said nothing, as in a process of its own.
  public internal(set) var wheel: Wheel?

  /// Whether this dashboard may change nothing.
  public var isWatching: Bool { wheel.map { !$0.isYours } ?? isAttached }

  /// Who has the wheel, in half a sentence.
  var holder: String { wheel?.holder.map { "\($0) has the wheel" } ?? "nobody has the wheel" }
}

extension KeyTable {
  static let attach: [KeyBinding] = [
    KeyBinding([.character("W")], .takeWheel, .program, "take the wheel, or give it up"),
    KeyBinding(
      [.character("&")], .detach, .program, "leave; the run trains on", isAlwaysActive: true),
  ]
}

extension DashboardState {
  /// What is said where something is asked of another program's run.
  public static let foreignRefusal = "this run is only watched: nothing here can be changed"

  /// Whether a key does something to another program's run.
  func worksOnForeignRun(_ action: Action) -> Bool {
    guard !action.needsTrainer else { return false }
    switch action {
    case .previousHyperparameter, .nextHyperparameter: return !hyperparameters.rows.isEmpty
    case .takeWheel, .detach, .chart(.chooseRuns): return false
    case .nextPanel: return pictures.count > 1
    case .nextImageMode: return !pictures.isEmpty
    case .lab(let action):
      switch action {
      case .earlier, .later, .first, .newest: return lab.samples.pictures.count > 1
      case .layersUp, .layersDown: return layersPanel != nil
      default: return false
      }
    default: return true
    }
  }

  /// Whether another has the wheel; says so.
  mutating func refuseToSteer() -> Bool {
    if wheel.isForeign {
      say(Self.foreignRefusal, .warning)
      return true
    }
    guard wheel.isWatching, !isOver else { return false }
    say("watching: \(wheel.holder); W takes it", .warning)
    return true
  }

  mutating func take(_ wheel: Wheel) {
    let before = self.wheel.wheel
    self.wheel.wheel = wheel
    // While nobody else looks on, the wheel is nothing to talk about.
    guard let before else { return }
    guard before.holder != wheel.holder || before.isYours != wheel.isYours else { return }
    let text =
      if wheel.isYours { "you have the wheel" } else {
        "\(self.wheel.holder)\(before.isYours ? "; W takes it back" : "")"
      }
    note(text)
    if before.isYours != wheel.isYours { say(text, before.isYours ? .warning : .good) }
    if !wheel.isYours { hyperparameters.endEntry() }
  }

  mutating func attach(_ action: Action) -> [Effect] {
    if wheel.isForeign {
      say(Self.foreignRefusal, .warning)
      return []
    }
    switch action {
    case .takeWheel:
      if isOver {
        say("the run is over: there is nothing to steer", .warning)
        return []
      }
      if !wheel.isWatching, wheel.wheel?.viewers ?? 0 == 0 {
        say("you have the wheel, and nobody else watches")
        return []
      }
      return [send(wheel.isWatching ? .takeWheel : .releaseWheel)]
    default: return detach()
    }
  }

  private mutating func detach() -> [Effect] {
    if wheel.isAttached { return [.quit] }
    if isOver {
      say("the run is over: q leaves", .warning)
      return []
    }
    if isLeaving {
      say("the run is stopping", .warning)
      return []
    }
    dialog = nil
    hyperparameters.endEntry()
    isLeaving = true
    say("keeping a checkpoint; the run goes on from it without this terminal")
    return runState == .stopping ? [] : [send(.stop), .detach]
  }

  /// Leaving a run of another process: `q` leaves it alone, the key that stops it asks first and needs the wheel.
  mutating func leaveAttached(_ action: Action) -> [Effect] {
    switch action {
    case .refuse:
      dialog = nil
      return []
    case .stopAndQuit where !wheel.isWatching && dialog != .quit && !isLeaving:
      dialog = .quit
      return []
    case .confirm:
      dialog = nil
      isLeaving = true
      say("stopping at the next step with a checkpoint; ^C leaves at once")
      return runState == .stopping ? [] : [send(.stop)]
    default: return [.quit]
    }
  }
}

extension Painter {
  /// What stands before the keys while several dashboards show one run; nil where it does not matter.
  func wheelSpans(_ state: DashboardState, width: Int) -> [Span]? {
    guard let wheel = state.wheel.wheel, !state.isOver else { return nil }
    func spans(_ before: String, _ after: String, _ style: Style) -> [Span] {
      [Span(before, style), Span("W", theme.key), Span(after, style)]
    }
    if state.wheel.isWatching {
      // The keys for help and leaving keep their place.
      let long = spans("watching, \(state.wheel.holder) (", ": take it)", theme.warning)
      return long.reduce(20) { $0 + $1.text.columns } <= width
        ? long : spans("watching (", ": take the wheel)", theme.warning)
    }
    guard wheel.viewers > 0 || state.wheel.isAttached else { return nil }
    return spans("at the wheel (", ": give it up)", theme.good)
  }
}
