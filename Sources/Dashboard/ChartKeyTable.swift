import TerminalKit

/// What keys ask of the charts.
public enum ChartAction: Hashable, Sendable {
  case smoother, rougher, logarithmicY, logarithmicX, robust, nextXAxis, nextBackdrop
  case zoomIn, zoomOut, panLeft, panRight, fitAll, followEnd
  case cursorLeft, cursorRight, nextMark
  case chooseRuns, previousRun, nextRun, toggleRun, closeRuns
  case previousMetric, nextMetric, previousMetricGroup, nextMetricGroup
}

extension KeyTable {
  private static let charted: KeyBinding.Scope = .panes(Set(Pane.allCases.filter(\.hasCharts)))
  private static let curves: KeyBinding.Scope = .panes(Set(Pane.allCases.filter { $0.hasCharts && $0 != .metrics }))
  private static let metrics: KeyBinding.Scope = .panes([.metrics])

  static let charts: [KeyBinding] = [
    KeyBinding([.character("+"), .character("=")], .chart(.smoother), .charts, "smooth the curves more"),
    KeyBinding([.character("-"), .character("_")], .chart(.rougher), .charts, "smooth the curves less"),
    KeyBinding([.character("E")], .chart(.nextBackdrop), .charts, "extremes, raw or nothing behind"),
    KeyBinding([.character("y")], .chart(.logarithmicY), .charts, "logarithmic y axis"),
    KeyBinding([.character("X")], .chart(.logarithmicX), .charts, "logarithmic x axis"),
    KeyBinding([.character("x")], .chart(.nextXAxis), .charts, "x: steps, D updates or time"),
    KeyBinding([.character("o")], .chart(.robust), .charts, "y axis without outliers"),
    KeyBinding([.character(")")], .chart(.zoomIn), .charts, "zoom in, around the cursor"),
    KeyBinding([.character("(")], .chart(.zoomOut), .charts, "zoom out, twice as many steps"),
    KeyBinding([.character("a")], .chart(.fitAll), .charts, "all steps"),
    KeyBinding([.character("e")], .chart(.followEnd), .charts, "follow the newest step"),
    KeyBinding([.character("m")], .chart(.nextMark), .charts, "cursor to the next mark"),
    KeyBinding([.character("b")], .chart(.chooseRuns), .charts, "draw other runs too"),
    KeyBinding([.up, .character("k")], .chart(.zoomIn), in: curves, .charts, "in a chart: zoom in"),
    KeyBinding([.down, .character("j")], .chart(.zoomOut), in: curves, .charts, "in a chart: zoom out"),
    KeyBinding(
      [.left, .character("h")], .chart(.cursorLeft), in: charted, .charts, short: "cursor", "in a chart: cursor left"),
    KeyBinding([.right, .character("l")], .chart(.cursorRight), in: charted, .charts, "in a chart: cursor right"),
    KeyBinding([.shiftLeft, .character(",")], .chart(.panLeft), in: charted, .charts, "in a chart: earlier steps"),
    KeyBinding([.shiftRight, .character(";")], .chart(.panRight), in: charted, .charts, "in a chart: later steps"),
    KeyBinding(
      [.up, .character("k")], .chart(.previousMetric), in: metrics, .charts, short: "metric",
      "in the metrics: the one above"),
    KeyBinding([.down, .character("j")], .chart(.nextMetric), in: metrics, .charts, "in the metrics: the one below"),
    KeyBinding(
      [.character("n")], .chart(.nextMetricGroup), in: metrics, .charts, short: "group", "in the metrics: next group"),
    KeyBinding([.character("N")], .chart(.previousMetricGroup), in: metrics, .charts, "in the metrics: group before"),
    KeyBinding(
      [.up, .character("k")], .chart(.previousRun), in: .runs, .charts, short: "choose", "other runs: the one above"),
    KeyBinding([.down, .character("j")], .chart(.nextRun), in: .runs, .charts, "other runs: the one below"),
    KeyBinding(
      [.enter, .character(" ")], .chart(.toggleRun), in: .runs, .charts, short: "draw", "other runs: draw or take away"),
    KeyBinding(
      [.escape, .character("b"), .character("q")], .chart(.closeRuns), in: .runs, .charts, short: "close",
      "other runs: close the list"),
  ]
}
