import Telemetry
import TerminalKit

/// Everything that the dashboard knows and shows of one run; changed by `update`, drawn by `view`.
public struct DashboardState: Sendable {
  public internal(set) var runName: String
  /// Nil until the model is built.
  public internal(set) var run: RunDescription?
  public internal(set) var runState = RunState.preparing
  public internal(set) var history: RunHistory
  public internal(set) var hyperparameters = HyperparameterList()
  public internal(set) var log = EventLog()
  /// The newest picture of each id, in the order in which they first came.
  public internal(set) var panels: [Panel] = []
  /// Which picture the samples panel shows.
  public internal(set) var shownPanel = Panel.samples

  public internal(set) var focus = Pane.hyperparameters
  /// The pane that fills the screen.
  public internal(set) var fullScreen: Pane?
  public internal(set) var dialog: Dialog?
  /// A sentence in the place of the key line, until its time is over or a key is pressed.
  public internal(set) var notice: Notice?
  public internal(set) var charts = ChartView()
  public internal(set) var rewind = RewindView()
  public internal(set) var imageMode = ImageMode.auto
  public internal(set) var lab = LaboratoryView()
  public internal(set) var size = Size(width: 80, height: 24)
  public internal(set) var wheel = WheelView()
  /// Layouts, lists, the palette, the filter and the settings.
  public internal(set) var shell = ShellView()
  /// Whether to quit as soon as the run has stopped.
  public internal(set) var isLeaving = false
  /// Grows with every change that may be seen: a frame is due when it has grown.
  public internal(set) var revision: UInt64 = 0

  var now = 0.0
  var pace = Pace()
  /// What a person asked for that the trainer has not answered yet: pause (true) or resume (false).
  var pauseWish: Bool?
  var lastRequest: UInt64 = 0
  /// The commands on their way, by request.
  var commands: [UInt64: Command] = [:]
  var activeVerdicts: [Verdict] = []

  /// What covers the rest of the screen and takes the keys.
  public enum Dialog: Sendable, Equatable {
    /// With the first row shown.
    case help(Int)
    /// Whether to stop the run and leave.
    case quit
    /// Which other runs to draw.
    case runs
  }

  public struct Notice: Sendable, Equatable {
    public var text: String
    public var kind: LogLine.Kind
    var expires: Double
  }

  /// - Parameters:
  ///   - runName: what to call the run before its description arrives.
  ///   - history: what a resumed run remembers.
  ///   - charts: how its curves are drawn at first.
  ///   - isAttached: whether the run trains in another process.
  ///   - isForeign: whether it is another program's, of which only files are read.
  public init(
    runName: String, history: RunHistory = RunHistory(), charts: ChartView = ChartView(), isAttached: Bool = false,
    isForeign: Bool = false
  ) {
    wheel.isAttached = isAttached
    wheel.isForeign = isForeign
    self.runName = runName
    self.history = history
    self.charts = charts
    activeVerdicts = history.activeVerdicts
  }

  /// Where the next key goes.
  public var keyContext: KeyTable.Context {
    switch dialog {
    case .help: shell.isSearchingHelp ? .layer(.search) : .help
    case .quit: .question
    case .runs: .runs
    case nil:
      shell.layer.map { .layer($0) }
        ?? (hyperparameters.entry != nil ? .entry : lab.sketch != nil ? .sketch : .pane(focus))
    }
  }

  /// Whether no step will follow any more.
  public var isOver: Bool {
    switch runState {
    case .finished, .stopped, .failed: true
    case .preparing, .training, .paused, .stopping: false
    }
  }

  /// What a panel or a key says before there is a model.
  var lackOfModel: String { isOver ? "the run ended before its model was built" : "the model is being built" }

  /// Whether a run that is over still shows other pictures and earlier moments, as one does that finished in this process.
  var isOpen: Bool { runState == .finished && !wheel.isAttached && !wheel.isForeign }

  /// Whether an action has nothing to act on, so that no hint needs to tell of it.
  func isIdle(_ action: Action) -> Bool {
    if case .lab(let action) = action, let pictures = run?.pictures { return isIdle(action, pictures) }
    return action.needsTrainer && (wheel.isWatching || isOver && !(isOpen && action.leavesRunAsItIs))
  }

  private func isIdle(_ action: LabAction, _ pictures: PictureAbilities) -> Bool {
    switch action {
    case .part(let part): !pictures.parts.contains(part)
    case .draw: !pictures.isPlanar
    case .nextSheet: pictures.sheets.isEmpty
    case .slowMotion: isOver
    case .earlier, .later, .first, .newest: lab.samples.pictures.count < 2
    default: false
    }
  }

  /// Steps a second, of the newest seconds of training.
  var speed: Double? { pace.speed ?? liveHistory.metrics[.stepsPerSecond]?.last?.mean }

  /// Seconds to the last step; nil where nobody can tell.
  var remaining: Double? {
    guard let run, run.totalSteps > 0, let speed, speed > 0, !isOver else { return nil }
    return Double(max(0, run.totalSteps - liveHistory.step)) / speed
  }
}

/// The speed of the newest part of a run, from its reports.
struct Pace: Sendable {
  private var points: [(step: Int, elapsed: Double)] = []
  /// The speed that is shown, and since when: numbers that change with every frame cannot be read.
  private(set) var speed: Double?
  private var measuredAt = -Double.infinity

  /// How many seconds of training the mean is over.
  private static let window = 10.0
  /// Seconds of training between two values, and before the first.
  private static let refresh = 1.0
  private static let least = 0.5

  mutating func take(step: Int, elapsed: Double) {
    guard elapsed.isFinite else { return }
    if let last = points.last, step <= last.step || elapsed <= last.elapsed {
      // Of an undo; what is measured beside the training is of an earlier step, and says nothing about its pace.
      if elapsed < last.elapsed {
        points = [(step, elapsed)]
        measuredAt = -Double.infinity
      }
      return
    }
    points.append((step, elapsed))
    let old = points.firstIndex { $0.elapsed >= elapsed - Self.window } ?? 0
    if old > 1 { points.removeFirst(old - 1) }
    if points.count > 512 { points.removeFirst(256) }
    guard let first = points.first, elapsed > first.elapsed, elapsed - measuredAt >= Self.refresh else { return }
    // The first steps wait for caches and pages: a speed from them alone would promise days.
    guard elapsed - first.elapsed >= Self.least else { return }
    speed = Double(step - first.step) / (elapsed - first.elapsed)
    measuredAt = elapsed
  }
}
