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
  public internal(set) var charts = ChartSettings()
  public internal(set) var imageMode = ImageMode.auto
  public internal(set) var lab = LaboratoryView()
  public internal(set) var size = Size(width: 80, height: 24)
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
  }

  public struct Notice: Sendable, Equatable {
    public var text: String
    public var kind: LogLine.Kind
    var expires: Double
  }

  /// How curves are drawn, in all charts alike.
  public struct ChartSettings: Sendable, Equatable {
    static let smoothings = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
    var smoothingIndex = 3
    public var smoothing: Double { Self.smoothings[min(max(smoothingIndex, 0), Self.smoothings.count - 1)] }
    public var isLogarithmic = false
    public var isRobust = false
    /// The newest 1 / 2^zoom of the steps are in view.
    public var zoom = 0
    /// A step whose values the charts tell.
    public var cursor: Int?
  }

  /// - Parameters:
  ///   - runName: what to call the run before its description arrives.
  ///   - history: what a resumed run remembers.
  public init(runName: String, history: RunHistory = RunHistory()) {
    self.runName = runName
    self.history = history
    activeVerdicts = history.activeVerdicts
  }

  /// Where the next key goes.
  public var keyContext: KeyTable.Context {
    switch dialog {
    case .help: .help
    case .quit: .question
    case nil: hyperparameters.entry != nil ? .entry : lab.sketch != nil ? .sketch : .pane(focus)
    }
  }

  /// Whether no step will follow any more.
  public var isOver: Bool {
    switch runState {
    case .finished, .stopped, .failed: true
    case .preparing, .training, .paused, .stopping: false
    }
  }

  /// The steps that charts show: all, or the newest part of them.
  var chartRange: ClosedRange<Int> {
    let first = history.metrics.values.compactMap(\.firstStep).min() ?? 0
    let last = max(history.step, first)
    return max(first, last - (last - first) >> min(charts.zoom, 62))...last
  }

  /// Steps a second, of the newest seconds of training.
  var speed: Double? { pace.speed ?? history.metrics[.stepsPerSecond]?.last?.mean }

  /// Seconds to the last step; nil where nobody can tell.
  var remaining: Double? {
    guard let run, let speed, speed > 0, !isOver else { return nil }
    return Double(max(0, run.totalSteps - history.step)) / speed
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
      if step < last.step || elapsed < last.elapsed {
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
