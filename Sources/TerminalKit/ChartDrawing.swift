extension LineChart {
  /// Draws legend, lines and axes into a rectangle of any size; what has no room is left out, the lines last.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let data = ChartData(self)
    let legend = ChartLegend(chart: self, theme: theme, capabilities: capabilities)
    let legendRows = legend.rows(width: rect.width, height: rect.height)
    let (top, rest) = rect.splitTop(legendRows.count)
    for (index, row) in legendRows.enumerated() {
      legend.draw(row, isFirst: index == 0, x: top.x, y: top.y + index, width: top.width, into: &buffer)
    }
    guard !rest.isEmpty else { return }
    ChartPlot(chart: self, data: data, rect: rest, theme: theme, capabilities: capabilities).draw(into: &buffer)
  }
}
