/// The numbers of one line: at a place, and over what is in view.
public struct ChartValues: Hashable, Sendable {
  public var label: String
  public var color: Color
  /// The value at the cursor, or the last; nil of an empty series.
  public var value: Double?
  /// That value smoothed, as the line shows it.
  public var smoothed: Double?
  /// Of the columns in view; NaN where none has a finite value.
  public var minimum: Double
  public var mean: Double
  public var maximum: Double
}

extension LineChart {
  /// The numbers of each series, in their order.
  public var values: [ChartValues] {
    let axis = ChartData(self).x
    return series.map { series in
      let index = cursor.flatMap { $0.isFinite ? series.index(nearest: $0) : nil } ?? series.columns.indices.last
      let smoothed = LineChart.smooth(series.columns.map(\.last), weight: smoothing)
      var result = ChartValues(
        label: series.label, color: series.color,
        value: (cursor == nil ? series.newest : nil) ?? index.map { series.columns[$0].last },
        smoothed: index.map { smoothed[$0] }, minimum: .nan, mean: .nan, maximum: .nan)
      var sum = (total: 0.0, count: 0.0)
      for point in series.columns where point.x >= axis.lower && point.x <= axis.upper {
        if point.minimum.isFinite {
          result.minimum = min(result.minimum.isNaN ? .infinity : result.minimum, point.minimum)
        }
        if point.maximum.isFinite {
          result.maximum = max(result.maximum.isNaN ? -.infinity : result.maximum, point.maximum)
        }
        if point.last.isFinite { sum = (sum.total + point.last, sum.count + 1) }
      }
      if sum.count > 0 { result.mean = sum.total / sum.count }
      return result
    }
  }

  /// The rows that a table of all series needs.
  public var tableHeight: Int { series.count + 1 }

  /// Draws the numbers of each series in rows; columns without room are left out, the last first.
  public func drawTable(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let ellipsis = Borders.ellipsis(for: capabilities.glyphs)
    let isASCII = capabilities.glyphs == .ascii
    let rows = values
    let numberWidth = 10
    let labelWidth = min(max(8, rows.map(\.label.columns).max() ?? 0), max(8, rect.width - 2 - 2 * numberWidth))
    let titles = [cursor == nil ? "last" : "at cursor", "smoothed", "lowest", "mean", "highest"]
    func write(_ text: String, _ column: Int, _ y: Int, _ style: Style) {
      let end = rect.x + 2 + labelWidth + (column + 1) * numberWidth
      guard end <= rect.maxX else { return }
      let text = text.truncated(to: numberWidth - 1, ellipsis: ellipsis)
      buffer.write(text, x: end - text.columns, y: y, style: style)
    }
    for (column, title) in titles.enumerated() { write(title, column, rect.y, theme.faint) }
    for (index, row) in rows.prefix(rect.height - 1).enumerated() {
      let y = rect.y + 1 + index
      let glyph =
        isASCII
        ? LineChart.asciiGlyph(index)
        : capabilities.colors == .monochrome ? LineChart.letter(index) : series[index].isFaint ? "╍" : "━"
      buffer.write(String(glyph), x: rect.x, y: y, style: theme.style(row.color, .bold), width: rect.width)
      buffer.write(
        row.label.truncated(to: labelWidth, ellipsis: ellipsis), x: rect.x + 2, y: y, style: theme.text,
        width: max(0, rect.width - 2))
      let numbers = [row.value ?? .nan, row.smoothed ?? .nan, row.minimum, row.mean, row.maximum]
      for (column, number) in numbers.enumerated() {
        let isMissing = row.value == nil || (column > 1 && number.isNaN)
        write(
          isMissing ? "--" : formatted(number), column, y,
          !isMissing && !number.isFinite ? theme.critical : column == 0 ? theme.value : theme.text)
      }
    }
  }
}
