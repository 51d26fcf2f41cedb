import Telemetry
import TerminalKit

/// What the dashboard knows of a run's earlier moments, and of the run that it branched from.
public struct RewindView: Sendable, Equatable {
  /// The earlier moment that is shown; nil for the newest.
  public internal(set) var moment: Moment?
  /// Where the run came from, where it began as a branch.
  public internal(set) var origin: BranchOrigin?
  /// An edit of some time ago that a second press undoes, and until when.
  var question: (edit: Edit, until: Double)?

  public static func == (one: RewindView, other: RewindView) -> Bool {
    one.moment == other.moment && one.origin == other.origin && one.question?.edit == other.question?.edit
      && one.question?.until == other.question?.until
  }
}

extension DashboardState {
  /// Seconds in which the second press counts.
  private static let patience = 6.0

  /// What a key means while an earlier moment is shown; it goes before the panes' keys.
  func rewindAction(for key: Key) -> Action? {
    guard rewind.moment != nil, case .pane = keyContext else { return nil }
    return shell.keys.actionWhileRewound(for: key)
  }

  mutating func walk(_ action: Action) -> [Effect] {
    guard mayWalk() else { return [] }
    switch action {
    case .rewindBack:
      // The trainer pauses by itself before it looks back.
      if case .training = runState { pauseWish = true }
      return [send(.look(.earlier))]
    case .rewindForward:
      guard rewind.moment != nil else {
        say("this is the newest step")
        return []
      }
      return [send(.look(.later))]
    case .leaveRewind: return [send(.look(.newest))]
    case .branch, .branchHere: return branch(changes: [])
    case .undo: return undo()
    default: return []
    }
  }

  /// Whether the run can be asked to go to another moment; says why not.
  private mutating func mayWalk() -> Bool {
    if isOver, !isOpen {
      say("the run is over: gantui branch \(runName) --at STEP goes on from an earlier step", .warning)
      return false
    }
    if run == nil {
      say(lackOfModel)
      return false
    }
    if runState == .stopping || isLeaving {
      say("the run is stopping", .warning)
      return false
    }
    return true
  }

  /// Asks for a run of its own from the moment that is shown, or from now.
  /// - Parameter changes: of its configuration, `key=value` each.
  mutating func branch(changes: [String]) -> [Effect] {
    guard mayWalk(), let run else { return [] }
    let step = rewind.moment?.step ?? history.step
    guard step < run.totalSteps || changes.contains(where: { $0.hasPrefix("schedule.steps=") }) else {
      say("step \(grouped(step)) is the last one: nothing is left for a branch", .warning)
      return []
    }
    let words = changes.isEmpty ? "" : " with " + changes.joined(separator: ", ")
    say("branching at step \(grouped(step))\(words)")
    return [send(.branch(changes: changes))]
  }

  /// The last edit is undone at once where nothing else is lost by it, and else at the second press.
  private mutating func undo() -> [Effect] {
    guard !isOver else {
      say("the run is over: [ goes back to an earlier moment, B branches from it", .warning)
      return []
    }
    guard let edit = history.edits.last else {
      say("there is no edit to undo")
      return []
    }
    let lost = history.step - edit.step
    let isAsked = rewind.question.map { $0.edit == edit && now < $0.until } ?? false
    guard lost > 0, !isAsked else {
      rewind.question = nil
      return [send(.undo)]
    }
    rewind.question = (edit, now + Self.patience)
    let steps = lost == 1 ? "the step" : "the \(grouped(lost)) steps"
    say("u again undoes \(words(of: edit)) and forgets \(steps) since", .warning)
    return []
  }

  /// `G rate 2e-4 -> 4e-4`.
  func words(of edit: Edit) -> String {
    let hyperparameter = hyperparameters.rows.first { $0.hyperparameter.id == edit.id }?.hyperparameter
    func text(_ value: Double) -> String { hyperparameter?.text(of: value) ?? decimalText(value) }
    return "\(hyperparameter?.title ?? edit.id) \(text(edit.oldValue)) -> \(text(edit.newValue))"
  }

  // MARK: events

  /// Charts tell the values of the moment that is shown.
  mutating func show(_ moment: Moment?) {
    rewind.moment = moment
    charts.cursor = moment?.step
  }

  mutating func take(_ origin: BranchOrigin, parent: RunHistory) {
    rewind.origin = origin
    // Its curves stand behind those of the branch.
    charts.overlays.removeAll { $0.name == origin.run }
    if !parent.metrics.isEmpty { charts.overlays.insert(RunOverlay(name: origin.run, history: parent), at: 0) }
    let changes = origin.changes.isEmpty ? "" : " with " + origin.changes.joined(separator: ", ")
    note("branched from \(origin.run) at step \(grouped(origin.step))\(changes)", .good, step: origin.step)
  }

  /// Another run goes on in the place of the one that was shown.
  mutating func beginBranch() {
    history = RunHistory()
    pace = Pace()
    activeVerdicts = []
    rewind = RewindView()
    charts.cursor = nil
    panels = []
  }

  /// What the banner says while an earlier moment is shown.
  var rewindWords: String? {
    guard let moment = rewind.moment else { return nil }
    let back = moment.newestStep - moment.step
    let edit = moment.edit.map { ", before \(words(of: $0))" } ?? ""
    return "step \(grouped(moment.step)), \(grouped(back)) back, \(moment.number) of \(moment.count) moments"
      + "\(edit): enter branches here, esc goes to the newest"
  }

  /// A metric's value at the moment that is shown, or the newest one; NaN where there is none.
  func shownValue(_ id: MetricID) -> Double { shownBucket(id)?.last ?? .nan }

  /// A metric's newest stretch up to the moment that is shown; nil where it had no value yet.
  func shownBucket(_ id: MetricID) -> Bucket? {
    guard let history = history.metrics[id] else { return nil }
    guard let step = rewind.moment?.step else { return history.last }
    let first = min(step, history.firstStep ?? step)
    return history.columns(steps: first...step, count: 512).last
  }
}

extension KeyTable {
  static let rewind: [KeyBinding] = [
    KeyBinding([.character("[")], .rewindBack, .run, short: "rewind", "pause; an earlier moment"),
    KeyBinding([.character("]")], .rewindForward, .run, "a later moment"),
    KeyBinding(
      [.enter], .branch, in: .rewound, .run, short: "branch", "at a moment: branch from it"),
    KeyBinding(
      [.escape], .leaveRewind, in: .rewound, .run, short: "newest", "at a moment: the newest again"),
    KeyBinding([.character("B")], .branchHere, .run, "branch here: a new run goes on"),
    KeyBinding([.character("u")], .undo, .run, short: "undo", "undo the last edit"),
  ]
}
