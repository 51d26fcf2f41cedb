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

/// Where the lines of a drawn chart are, and what its columns stand for.
public struct ChartPlace: Hashable, Sendable {
  /// The cells of the lines, without axes and legend.
  public let rect: Rect
  private let lower: Double
  private let upper: Double
  private let isLogarithmic: Bool

  init(rect: Rect, axis: ChartAxis) {
    self.rect = rect
    (lower, upper, isLogarithmic) = (axis.lower, axis.upper, axis.isLogarithmic)
  }

  /// The share of the view that lies left of the middle of a column, 0...1; columns outside are at the ends.
  public func share(ofColumn column: Int) -> Double {
    min(max((Double(column - rect.x) + 0.5) / Double(max(1, rect.width)), 0), 1)
  }

  /// What stands on the x axis in the middle of a column.
  public func x(ofColumn column: Int) -> Double {
    ChartAxis(lower: lower, upper: upper, isLogarithmic: isLogarithmic).value(at: share(ofColumn: column))
  }
}

extension LineChart {
  /// Where the lines are when the chart is drawn into a rectangle; nil where nothing of it can be pointed at.
  public func place(in rect: Rect, theme: Theme, capabilities: Capabilities) -> ChartPlace? {
    let data = ChartData(self)
    let legend = ChartLegend(chart: self, theme: theme, capabilities: capabilities)
    let (_, rest) = rect.splitTop(legend.rows(width: rect.width, height: rect.height).count)
    let plot = ChartPlot(chart: self, data: data, rect: rest, theme: theme, capabilities: capabilities).plot
    return plot.isEmpty || data.isEmpty ? nil : ChartPlace(rect: plot, axis: data.x)
  }
}
