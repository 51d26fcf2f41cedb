import Telemetry
import TerminalKit

/// What keys change of the charts; nothing here reaches the trainer.
extension DashboardState {
  mutating func changeCharts(_ action: ChartAction) -> [Effect] {
    switch action {
    case .smoother, .rougher:
      let index = charts.smoothingIndex + (action == .smoother ? 1 : -1)
      charts.smoothingIndex = min(max(index, 0), ChartView.smoothings.count - 1)
      say("smoothing \(decimalText(charts.smoothing))")
    case .logarithmicY:
      charts.isLogarithmic.toggle()
      say(charts.isLogarithmic ? "logarithmic y axis" : "linear y axis")
    case .logarithmicX:
      charts.isLogarithmicX.toggle()
      say(charts.isLogarithmicX ? "logarithmic x axis" : "linear x axis")
    case .robust:
      charts.isRobust.toggle()
      say(charts.isRobust ? "y axis without outliers" : "y axis with all values")
    case .nextXAxis: nextXAxis()
    case .nextBackdrop: nextBackdrop()
    case .zoomIn: zoomIn()
    case .zoomOut: zoomOut()
    case .panLeft: pan(-1)
    case .panRight: pan(1)
    case .fitAll: fitAll()
    case .followEnd: followEnd()
    case .cursorLeft: moveCursor(-1)
    case .cursorRight: moveCursor(1)
    case .nextMark: nextMark()
    case .chooseRuns: return openPicker()
    case .previousRun: charts.picker.move(-1)
    case .nextRun: charts.picker.move(1)
    case .toggleRun: return toggleRun()
    case .closeRuns: dialog = nil
    case .previousMetric: moveMetric(-1)
    case .nextMetric: moveMetric(1)
    case .previousMetricGroup: moveMetricGroup(-1)
    case .nextMetricGroup: moveMetricGroup(1)
    }
    return []
  }

  private mutating func nextXAxis() {
    let known = ChartView.XAxis.allCases.filter { ChartScale.isKnown($0, in: history) }
    guard known.count > 1 else {
      say("this run tells its steps only, neither updates nor times")
      return
    }
    let index = known.firstIndex(of: charts.xAxis).map { $0 + 1 } ?? 0
    charts.xAxis = known[index % known.count]
    say("the x axis counts \(charts.xAxis.words)")
  }

  private mutating func nextBackdrop() {
    let all = LineChart.Backdrop.allCases
    let index = (all.firstIndex(of: charts.backdrop) ?? 0) + 1
    charts.backdrop = all[index % all.count]
    switch charts.backdrop {
    case .envelope: say("smoothed lines over the smallest and largest values")
    case .rawLine: say("smoothed lines over the raw ones")
    case .nothing: say("smoothed lines alone")
    }
  }

  /// Moves the cursor by a fiftieth of the chart's width; from without the view it comes in at the edge.
  private mutating func moveCursor(_ direction: Int) {
    let range = chartRange
    let axis = ChartScale(charts.xAxis, history: history, range: range)
    let place = charts.cursor.map { min(max($0, range.lowerBound), range.upperBound) } ?? range.upperBound
    let moved = axis.step(from: place, by: Double(direction) / 50, in: range, isLogarithmic: charts.isLogarithmicX)
    let step = direction > 0 ? max(moved, place + 1) : min(moved, place - 1)
    // Beyond the newest step the charts tell the newest values again.
    setCursor(step > range.upperBound ? nil : max(range.lowerBound, step))
  }
}
