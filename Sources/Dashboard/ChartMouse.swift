import Telemetry
import TerminalKit

/// What the mouse does in a chart: a click puts the cursor there, a drag moves it, the wheel zooms at that place.
extension DashboardState {
  /// The chart whose lines are under a cell; nil where there is none.
  func chartPlace(atX x: Int, y: Int) -> ChartPlace? {
    guard let place = layout(size: size).panes.first(where: { $0.rect.contains(x: x, y: y) }), place.pane.hasCharts
    else { return nil }
    // Drawn once more: nothing else knows how much room titles, numbers and labels took.
    var painter = Painter(
      size: size, theme: .plain, capabilities: Capabilities(glyphs: .braille, colors: .truecolor))
    painter.chartPlaces = []
    painter.draw(place.pane, in: place.rect, self)
    return painter.chartPlaces?.first { $0.rect.contains(x: x, y: y) }
  }

  /// The step that a column of a chart stands for.
  func step(ofColumn column: Int, in place: ChartPlace) -> Int {
    let range = chartRange
    let axis = ChartScale.isKnown(charts.xAxis, in: history) ? charts.xAxis : .step
    let step = ChartScale(axis, history: history, range: range).step(place.x(ofColumn: column))
    guard step.isFinite else { return range.upperBound }
    return Int(min(max(step, Double(range.lowerBound)), Double(range.upperBound)).rounded())
  }

  /// - Returns: whether there is a chart under the mouse.
  mutating func takeCursor(_ event: MouseEvent) -> Bool {
    guard let place = chartPlace(atX: event.x, y: event.y) else { return false }
    // The chart may scale anew while the mouse is down; what it points at must not.
    charts.dragged = place
    moveCursor(to: event)
    return true
  }

  /// Follows the mouse with its button down.
  mutating func moveCursor(to event: MouseEvent) {
    guard let place = charts.dragged else { return }
    setCursor(step(ofColumn: event.x, in: place))
  }

  /// Puts the charts' cursor at a step; the samples show their picture of that step.
  mutating func setCursor(_ step: Int?) {
    charts.cursor = step
    lab.scrubbed = nil
  }

  /// - Returns: whether there is a chart under the mouse.
  mutating func zoomChart(_ event: MouseEvent) -> Bool {
    guard let place = chartPlace(atX: event.x, y: event.y) else { return false }
    zoom(isIn: event.kind == .wheelUp, at: step(ofColumn: event.x, in: place))
    return true
  }
}
