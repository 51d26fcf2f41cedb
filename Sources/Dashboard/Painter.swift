import Telemetry
import TerminalKit

/// A piece of a line of text in one style.
struct Span {
  var text: String
  var style: Style
  init(_ text: String, _ style: Style) {
    self.text = text
    self.style = style
  }
}

/// Signs that a font may lack, with what ASCII has instead.
enum Sign {
  case preparing, training, paused, stopping, done, failed, alert, chosen, lower, higher, bullet

  func text(ascii: Bool) -> String {
    switch self {
    case .preparing: ascii ? "o" : "○"
    case .training: ascii ? ">" : "►"
    case .paused: ascii ? "=" : "‖"
    case .stopping: ascii ? "#" : "■"
    case .done: ascii ? "*" : "✓"
    case .failed: ascii ? "x" : "✗"
    case .alert: ascii ? "!" : "▲"
    case .chosen: ascii ? ">" : "▸"
    case .lower: ascii ? "<" : "◂"
    case .higher: ascii ? ">" : "▸"
    case .bullet: ascii ? "o" : "●"
    }
  }
}

/// A frame that is being drawn, with what it is drawn with.
struct Painter {
  var buffer: CellBuffer
  let theme: Theme
  let capabilities: Capabilities
  /// Where charts were drawn; nil while nobody asks.
  var chartPlaces: [ChartPlace]?

  init(size: Size, theme: Theme, capabilities: Capabilities) {
    buffer = CellBuffer(size: size, style: theme.background)
    self.theme = theme
    self.capabilities = capabilities
  }

  var isASCII: Bool { capabilities.glyphs == .ascii }
  var ellipsis: String { isASCII ? ".." : "…" }
  func sign(_ sign: Sign) -> String { sign.text(ascii: isASCII) }

  func style(of kind: LogLine.Kind) -> Style {
    switch kind {
    case .info: theme.text
    case .warning, .verdict: theme.warning
    case .error: theme.critical
    case .good: theme.good
    case .edit: theme.style(theme.mark)
    case .checkpoint: theme.style(theme.checkpointMark)
    }
  }

  /// Writes text in at most `width` columns, with an ellipsis where it is longer; returns the columns used.
  @discardableResult
  mutating func write(_ text: String, x: Int, y: Int, width: Int, style: Style) -> Int {
    guard width > 0 else { return 0 }
    return buffer.write(text.truncated(to: width, ellipsis: ellipsis), x: x, y: y, style: style, width: width)
  }

  /// Writes spans one after the other in at most `width` columns.
  @discardableResult
  mutating func write(_ spans: [Span], x: Int, y: Int, width: Int) -> Int {
    var used = 0
    for span in spans where used < width {
      used += write(span.text, x: x + used, y: y, width: width - used, style: span.style)
    }
    return used
  }

  mutating func writeRight(_ text: String, maxX: Int, y: Int, width: Int, style: Style) {
    let text = text.truncated(to: width, ellipsis: ellipsis)
    buffer.write(text, x: maxX - text.columns, y: y, style: style)
  }

  mutating func writeCentered(_ text: String, in rect: Rect, y: Int, style: Style) {
    let text = text.truncated(to: rect.width, ellipsis: ellipsis)
    buffer.write(text, x: rect.x + (rect.width - text.columns) / 2, y: y, style: style)
  }

  /// Fills a row with a style, as a background for text.
  mutating func fillRow(_ rect: Rect, y: Int, style: Style) {
    buffer.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), with: Cell(" ", style: style))
  }

  /// A pane's frame; the place inside has a margin of a column where there is room.
  mutating func pane(_ pane: Pane, _ rect: Rect, trailing: String = "", state: DashboardState) -> Rect {
    let inside = buffer.box(
      rect, title: pane.title, trailing: trailing, theme: theme, capabilities: capabilities,
      focused: state.focus == pane && state.dialog == nil)
    return inside.width >= 32
      ? Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: inside.height) : inside
  }

  /// A box in the middle of a rectangle over what is there; returns the place inside.
  mutating func dialog(in area: Rect, width: Int, height: Int, title: String) -> Rect {
    let width = min(width, area.width)
    let height = min(height, area.height)
    let rect = Rect(
      x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width: width, height: height)
    buffer.fill(rect, with: Cell(" ", style: theme.background))
    let inside = buffer.box(rect, title: title, theme: theme, capabilities: capabilities, focused: true)
    return inside.width > 8
      ? Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: inside.height) : inside
  }
}

/// A label, a number and its curve in one row.
struct StatRow {
  var label: String
  var value: String
  var style: Style?
  /// What the curve shows.
  var metric: MetricID?
  var color: Color

  static let valueWidth = 9
}

extension Painter {
  /// The row of a metric at the moment that is shown.
  /// - Parameter style: of a finite value.
  func stat(
    _ id: MetricID, _ label: String, _ color: Color, style: Style? = nil, _ state: DashboardState,
    _ text: (Double) -> String
  ) -> StatRow {
    let value = state.shownBucket(id)?.last
    return StatRow(
      label: label, value: value.map(text) ?? "--", style: value.flatMap { $0.isFinite ? style : theme.critical },
      metric: id, color: color)
  }

  /// Draws as many rows as have room; returns how many.
  @discardableResult
  mutating func stats(_ rows: [StatRow], in rect: Rect, state: DashboardState) -> Int {
    let shown = state.filtered(rows, id: { $0.metric ?? "" }).prefix(rect.height)
    let range = state.chartRange
    let labelWidth = min(shown.map(\.label.columns).max() ?? 0, max(4, rect.width - StatRow.valueWidth - 1))
    let left = rect.x + labelWidth + 1
    let valueWidth = min(StatRow.valueWidth, max(0, rect.maxX - left))
    for (index, row) in shown.enumerated() {
      let y = rect.y + index
      write(row.label, x: rect.x, y: y, width: labelWidth, style: theme.faint)
      writeRight(row.value, maxX: left + valueWidth, y: y, width: valueWidth, style: row.style ?? theme.value)
      let curve = Rect(x: left + valueWidth + 1, y: y, width: rect.maxX - left - valueWidth - 1, height: 1)
      guard curve.width >= 3, let metric = row.metric, let history = state.history.metrics[metric] else { continue }
      let values = Self.curve(of: history, steps: range, width: curve.width)
      Sparkline(values: values, color: row.color)
        .draw(in: curve, into: &buffer, theme: theme, capabilities: capabilities)
    }
    return shown.count
  }

  /// The means of a history over the columns of a curve, from its first value on; where a column has none, such as
  /// between two measurements, the last one holds.
  private static func curve(of history: History, steps: ClosedRange<Int>, width: Int) -> [Double] {
    let buckets = history.columns(steps: steps, count: width)
    let span = Double(steps.upperBound) - Double(steps.lowerBound)
    var values: [Double] = []
    var next = 0
    for column in 0..<width {
      // The newest step is in the last column, whatever rounding does.
      let end = column == width - 1 ? .infinity : Double(steps.lowerBound) + span * Double(column + 1) / Double(width)
      while next < buckets.count, Double(buckets[next].firstStep) <= end { next += 1 }
      guard next > 0 else { continue }
      let bucket = buckets[next - 1]
      values.append(bucket.count > 0 ? bucket.mean : .nan)
    }
    return values
  }
}

extension DashboardState {
  /// What a metric is called: by the run, else by the field.
  public func title(of id: MetricID) -> String {
    // The panel's own names where the run's are too long for a legend.
    switch id {
    case .generatedEntropy: return "H(G(z))"
    case .realEntropy: return "H(x)"
    case .modeEntropy: return "H modes"
    default: break
    }
    if let title = run?.metrics.first(where: { $0.id == id })?.title, !title.isEmpty { return title }
    return switch id {
    case .generatorLoss: "G loss"
    case .discriminatorLoss: "D loss"
    case .realScore: "D(x)"
    case .fakeScore: "D(G(z))"
    default: id.rawValue
    }
  }

  /// The reference lines of metrics, each value once.
  func references(of ids: [MetricID]) -> [(value: Double, label: String)] {
    var result: [(value: Double, label: String)] = []
    for id in ids {
      guard let line = run?.metrics.first(where: { $0.id == id })?.reference, line.value.isFinite,
        !result.contains(where: { $0.value == line.value })
      else { continue }
      result.append((line.value, line.label))
    }
    return result
  }

  /// The newest value of a metric, or that of the moment which is shown; NaN where there is none.
  func last(_ id: MetricID) -> Double { shownValue(id) }

  /// Whether a run reports a metric.
  func has(_ id: MetricID) -> Bool {
    history.metrics[id] != nil || run?.metrics.contains { $0.id == id } == true
  }
}
