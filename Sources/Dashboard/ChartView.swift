import Telemetry
import TerminalKit

/// How curves are drawn, in all charts alike.
public struct ChartView: Sendable, Equatable {
  /// What the x axis counts.
  public enum XAxis: String, Sendable, CaseIterable {
    case step, updates, relative, wall

    /// What it is called in a sentence.
    public var words: String {
      switch self {
      case .step: "steps"
      case .updates: "the discriminator's updates"
      case .relative: "time of training"
      case .wall: "time of day"
      }
    }
  }

  /// Which steps are in view.
  public enum Window: Sendable, Equatable {
    case all
    /// So many steps before the newest, which it follows.
    case newest(Int)
    /// These, whatever comes.
    case fixed(ClosedRange<Int>)
  }

  static let smoothings = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
  var smoothingIndex = 3
  /// The weight of the past in the smoothed lines, from 0 to 0.999.
  public var smoothing: Double {
    get { Self.smoothings[min(max(smoothingIndex, 0), Self.smoothings.count - 1)] }
    // The nearest of those that keys can reach.
    set {
      let nearest = Self.smoothings.enumerated().min { abs($0.element - newValue) < abs($1.element - newValue) }
      smoothingIndex = nearest?.offset ?? 3
    }
  }
  /// The y axis.
  public var isLogarithmic = false
  public var isLogarithmicX = false
  public var isRobust = false
  public var xAxis = XAxis.step
  public var backdrop = LineChart.Backdrop.envelope
  public var window = Window.all
  /// A step whose values the charts tell.
  public var cursor: Int?
  /// The chart in which the mouse moves the cursor, while its button is down.
  var dragged: ChartPlace?
  /// Other runs whose curves are drawn too.
  public var overlays: [RunOverlay] = []
  /// How far the time of day is east of Greenwich.
  public var secondsFromGMT = 0
  /// The list of runs to draw too, while it is open.
  var picker = RunPicker()
  var chooser = MetricChooser()

  public init() {}
}

/// Another run whose curves are drawn for comparison.
public struct RunOverlay: Sendable, Equatable {
  public var name: String
  public var history: RunHistory
  public init(name: String, history: RunHistory) {
    self.name = name
    self.history = history
  }
}

extension DashboardState {
  /// Steps beyond these are no steps of a run: room to compute with.
  private static let stepLimit = Int.max / 8

  /// Every step that there is something of, with those of the overlays.
  var chartBounds: ClosedRange<Int> {
    let own = ownBounds
    var (first, last) = (own.lowerBound, own.upperBound)
    for overlay in charts.overlays {
      first = min(first, overlay.history.metrics.values.compactMap(\.firstStep).min() ?? first)
      last = max(last, overlay.history.step)
    }
    return Self.clamped(first)...max(Self.clamped(first), Self.clamped(last))
  }

  private var ownBounds: ClosedRange<Int> {
    let first = Self.clamped(history.metrics.values.compactMap(\.firstStep).min() ?? 0)
    return first...max(Self.clamped(history.step), first)
  }

  private static func clamped(_ step: Int) -> Int { min(max(step, -stepLimit), stepLimit) }

  /// The steps that charts show.
  var chartRange: ClosedRange<Int> {
    switch charts.window {
    case .all: return chartBounds
    case .newest(let span):
      let own = ownBounds
      return max(own.lowerBound, own.upperBound - span)...own.upperBound
    case .fixed(let range):
      // A run that went back may lie before it as a whole.
      let bounds = chartBounds
      guard range.lowerBound >= bounds.upperBound else { return range }
      return max(bounds.lowerBound, bounds.upperBound - (range.upperBound - range.lowerBound))...bounds.upperBound
    }
  }

  // MARK: zoom and pan

  /// The half of the view around the cursor; without one the newest half, or the middle of a view that stands still.
  mutating func zoomIn() {
    let range = chartRange
    guard range.count > 16 else {
      say("the view is as close as it gets: \(rangeText)")
      return
    }
    let half = max(8, (range.upperBound - range.lowerBound) / 2)
    if let cursor = charts.cursor, range.contains(cursor) {
      show(from: cursor - half / 2, span: half)
    } else if case .fixed = charts.window {
      show(from: range.lowerBound + half / 2, span: half)
    } else {
      charts.window = .newest(half)
    }
    sayRange()
  }

  mutating func zoomOut() {
    let range = chartRange
    let span = 2 * max(1, range.upperBound - range.lowerBound)
    let bounds = chartBounds
    if span >= bounds.upperBound - bounds.lowerBound {
      charts.window = .all
    } else if case .fixed = charts.window {
      show(from: range.lowerBound - span / 4, span: span)
    } else {
      charts.window = .newest(span)
    }
    sayRange()
  }

  /// Half or twice as many steps, of which one stays where it is in the view. At the newest step the view goes on
  /// following it.
  mutating func zoom(isIn: Bool, at step: Int) {
    let range = chartRange
    let width = range.upperBound - range.lowerBound
    if isIn, range.count <= 16 {
      say("the view is as close as it gets: \(rangeText)")
      return
    }
    let span = isIn ? max(8, width / 2) : 2 * max(1, width)
    let bounds = chartBounds
    let share = width > 0 ? Double(step - range.lowerBound) / Double(width) : 1
    // Half of an odd number of steps, doubled, is one less.
    if span + 1 >= bounds.upperBound - bounds.lowerBound {
      charts.window = .all
    } else if share > 0.96, range.upperBound >= ownBounds.upperBound {
      charts.window = .newest(span)
    } else {
      show(from: step - Int(share * Double(span)), span: span)
    }
    sayRange()
  }

  /// Moves the view by a quarter of its width; at the newest step it follows again.
  mutating func pan(_ direction: Int) {
    guard charts.window != .all else {
      say("all steps are in view already: ) zooms in")
      return
    }
    let range = chartRange
    let span = range.upperBound - range.lowerBound
    let last = ownBounds.upperBound
    let from = range.lowerBound + direction * max(1, span / 4)
    if direction > 0, from + span >= last, range.upperBound <= last {
      charts.window = .newest(span)
    } else {
      show(from: from, span: span)
    }
    sayRange()
  }

  mutating func fitAll() {
    charts.window = .all
    sayRange()
  }

  mutating func followEnd() {
    if case .fixed(let range) = charts.window { charts.window = .newest(range.upperBound - range.lowerBound) }
    sayRange()
  }

  /// Shows steps from a first one on, moved so that no more than needed is beyond the run's ends.
  private mutating func show(from first: Int, span: Int) {
    let bounds = chartBounds
    let start = max(bounds.lowerBound, min(first, bounds.upperBound - span))
    charts.window = .fixed(start...(start + span))
  }

  /// Moves the view so that a step is in it.
  mutating func reveal(_ step: Int) {
    let range = chartRange
    // What lies before the first curve is at the edge of all that there is.
    guard charts.window != .all, !range.contains(step) else { return }
    let span = range.upperBound - range.lowerBound
    show(from: step - span / 2, span: span)
  }

  private mutating func sayRange() { say(rangeText) }

  private var rangeText: String {
    let range = chartRange
    let steps = "steps \(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
    return switch charts.window {
    case .all: "all steps"
    case .newest: steps
    case .fixed: steps + "; e follows the newest"
    }
  }
}
