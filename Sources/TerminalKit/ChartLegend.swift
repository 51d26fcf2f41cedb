/// The names of a chart's lines with their last values, or their values at the cursor.
struct ChartLegend {
  struct Entry {
    var glyph: String
    var label: String
    var value: String
    var color: Color
    /// A mark, a space, the label; a space and the value where there is one.
    var columns: Int { glyph.columns + 1 + label.columns + (value.isEmpty ? 0 : 1 + value.columns) }
  }

  private let entries: [Entry]
  /// Where the cursor is, before the entries.
  private let position: String
  private let theme: Theme
  private let ellipsis: String

  init(chart: LineChart, theme: Theme, capabilities: Capabilities) {
    self.theme = theme
    ellipsis = Borders.ellipsis(for: capabilities.glyphs)
    var entries: [Entry] = []
    var groups: [String: Int] = [:]
    for (index, series) in chart.series.enumerated() {
      let isTagged = capabilities.colors == .monochrome && chart.series.count > 1
      let glyph =
        capabilities.glyphs == .ascii
        ? String(LineChart.asciiGlyph(index))
        : isTagged ? String(LineChart.letter(index)) : series.isFaint ? "╍" : "━"
      if let group = series.group {
        if let place = groups[group] {
          if glyph != "╍" { entries[place].glyph += glyph }
          continue
        }
        groups[group] = entries.count
      }
      let value = series.group == nil ? Self.value(of: series, at: chart.cursor).map(formatted) ?? "--" : ""
      entries.append(Entry(glyph: glyph, label: series.group ?? series.label, value: value, color: series.color))
    }
    self.entries = entries
    position = chart.cursor.map { "@ " + (chart.cursorLabel ?? formatted($0)) } ?? ""
  }

  /// The last value, or the one nearest to the cursor.
  private static func value(of series: ChartSeries, at cursor: Double?) -> Double? {
    guard let cursor, cursor.isFinite else { return series.columns.last?.last }
    return series.index(nearest: cursor).map { series.columns[$0].last }
  }

  /// Entries by rows: one row, or as many as the height allows without taking more than a quarter of it.
  ///
  /// Labels are shortened before entries are left out.
  func rows(width: Int, height: Int) -> [[Entry]] {
    guard !entries.isEmpty, width > 0, height > 0 else { return [] }
    if height == 2 && width < 8 { return [] }
    let limit = max(1, height / 5)
    for length in [64, 20, 12, 8, 4] {
      let shortened = entries.map { entry in
        var entry = entry
        entry.label = entry.label.truncated(to: length, ellipsis: ellipsis)
        return entry
      }
      let rows = broken(shortened, width: width)
      if rows.count <= limit || length == 4 { return Array(rows.prefix(limit)) }
    }
    return []
  }

  private func broken(_ entries: [Entry], width: Int) -> [[Entry]] {
    var rows: [[Entry]] = [[]]
    var used = position.isEmpty ? 0 : position.columns + 2
    for entry in entries {
      if used + entry.columns > width, used > 0, !(rows.last?.isEmpty ?? true) {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += entry.columns + 2
    }
    return rows
  }

  /// - Parameter isFirst: whether the row begins with the cursor's place.
  func draw(_ row: [Entry], isFirst: Bool, x: Int, y: Int, width: Int, into buffer: inout CellBuffer) {
    var column = 0
    func write(_ text: String, _ style: Style) {
      guard column < width else { return }
      column += buffer.write(text, x: x + column, y: y, style: style, width: width - column)
    }
    if isFirst, !position.isEmpty { write(position + "  ", theme.value) }
    for entry in row {
      write(entry.glyph, theme.style(entry.color, .bold))
      write(" " + entry.label + " ", theme.text)
      write(entry.value.isEmpty ? " " : entry.value + "  ", theme.value)
    }
  }
}

extension ChartSeries {
  /// The column nearest to a place on the x axis; nil where there is none.
  func index(nearest x: Double) -> Int? {
    var best: (index: Int, distance: Double)?
    for (index, column) in columns.enumerated() where column.x.isFinite {
      let distance = abs(column.x - x)
      if best.map({ distance < $0.distance }) ?? true { best = (index, distance) }
    }
    return best?.index
  }
}
