/// Labelled bars from 0 up, each with a tick at a reference where it has one.
public struct Bars: Sendable {
  public struct Bar: Hashable, Sendable {
    public var label: String
    public var value: Double
    public var reference: Double?
    /// By default the theme's first series colour.
    public var color: Color?
    public init(label: String, value: Double, reference: Double? = nil, color: Color? = nil) {
      self.label = label
      self.value = value
      self.reference = reference
      self.color = color
    }
  }
  public enum Orientation: Hashable, Sendable { case horizontal, vertical }

  public var bars: [Bar]
  public var orientation: Orientation
  /// The value of a full bar; by default the largest value or reference.
  public var maximum: Double?

  public init(_ bars: [Bar], orientation: Orientation = .horizontal, maximum: Double? = nil) {
    self.bars = bars
    self.orientation = orientation
    self.maximum = maximum
  }

  private var full: Double {
    if let maximum, maximum.isFinite, maximum > 0 { return maximum }
    let largest = bars.flatMap { [$0.value, $0.reference ?? 0] }.filter(\.isFinite).max() ?? 0
    return largest > 0 ? largest : 1
  }

  /// Draws as many bars as have room, one a row, or side by side.
  /// - Returns: how many bars had room.
  @discardableResult
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) -> Int {
    guard !rect.isEmpty, !bars.isEmpty else { return 0 }
    return switch orientation {
    case .horizontal: drawRows(in: rect, into: &buffer, theme: theme, capabilities: capabilities)
    case .vertical: drawColumns(in: rect, into: &buffer, theme: theme, capabilities: capabilities)
    }
  }

  private func style(_ bar: Bar, _ theme: Theme) -> Style { theme.style(bar.color ?? theme.seriesColor(0)) }

  /// A tick stands out from the bar that it lies on, nil for none.
  private func tickStyle(over bar: Bar?, _ theme: Theme, _ capabilities: Capabilities) -> Style {
    guard let bar, capabilities.glyphs != .ascii, capabilities.colors != .monochrome else {
      return theme.style(theme.reference, .bold)
    }
    let ink = theme.background.background == .standard ? .ansi(0) : theme.background.background
    return Style(foreground: ink, background: bar.color ?? theme.seriesColor(0), attributes: .bold)
  }

  private func drawRows(
    in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities
  ) -> Int {
    let isASCII = capabilities.glyphs == .ascii
    let ellipsis = Borders.ellipsis(for: capabilities.glyphs)
    let shown = bars.prefix(rect.height)
    var labelWidth = min(shown.map(\.label.columns).max() ?? 0, max(0, rect.width / 3))
    var valueWidth = shown.map { formatted($0.value).columns }.max() ?? 0
    // The bar itself comes first, then the label, then the value.
    if rect.width - labelWidth - valueWidth - 2 < 4 { valueWidth = 0 }
    if rect.width - labelWidth - 1 < 2 { labelWidth = 0 }
    let left = rect.x + (labelWidth > 0 ? labelWidth + 1 : 0)
    let width = max(1, rect.maxX - left - (valueWidth > 0 ? valueWidth + 1 : 0))
    for (index, bar) in shown.enumerated() {
      let y = rect.y + index
      buffer.write(bar.label.leftPadded(to: labelWidth, ellipsis: ellipsis), x: rect.x, y: y, style: theme.text)
      if valueWidth > 0 {
        let text = formatted(bar.value).leftPadded(to: valueWidth, ellipsis: ellipsis)
        buffer.write(text, x: left + width + 1, y: y, style: theme.value)
      }
      let unit = isASCII ? 1 : 8
      let filled = Self.filled(bar.value / full, units: width * unit)
      for column in 0..<width {
        let part = min(max(filled - column * unit, 0), unit)
        guard part > 0 else { continue }
        buffer[left + column, y] = Gauge.block(from: 0, to: part * 8 / unit, style: style(bar, theme), isASCII: isASCII)
      }
      if let reference = bar.reference, let place = Self.place(reference / full, units: width) {
        let isCovered = (place + 1) * unit <= filled
        buffer[left + place, y] = Cell(
          isASCII ? "|" : "│", style: tickStyle(over: isCovered ? bar : nil, theme, capabilities))
      }
    }
    return shown.count
  }

  private func drawColumns(
    in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities
  ) -> Int {
    let isASCII = capabilities.glyphs == .ascii
    // Columns as wide as they can be, up to six, with a space between them where there is room.
    let wanted = bars.count
    let pitch = max(1, min(7, (rect.width + 1) / wanted))
    let barWidth = max(1, pitch - 1)
    let count = min(wanted, pitch == 1 ? rect.width : (rect.width + 1) / pitch)
    let hasLabels = rect.height >= 3
    let height = rect.height - (hasLabels ? 1 : 0)
    let blocks = isASCII ? Shading.lowerASCII : Shading.lowerBlocks
    for (index, bar) in bars.prefix(count).enumerated() {
      let x = rect.x + index * pitch
      let filled = Self.filled(bar.value / full, units: height * 8)
      let tick = bar.reference.flatMap { Self.place($0 / full, units: height) }
      for row in 0..<height {
        let part = min(max(filled - row * 8, 0), 8)
        for column in 0..<barWidth {
          let y = rect.y + height - 1 - row
          if part > 0 { buffer[x + column, y] = Cell(blocks[part], style: style(bar, theme)) }
          if tick == row {
            buffer[x + column, y] = Cell(isASCII ? "-" : "─", style: theme.style(theme.reference, .bold))
          }
        }
      }
      guard hasLabels else { continue }
      let label = bar.label.columns > barWidth ? bar.label.prefix(columns: barWidth) : bar.label
      buffer.write(label, x: x + (barWidth - label.columns) / 2, y: rect.maxY - 1, style: theme.faint)
    }
    return count
  }

  /// A share in whole units; what is more than nothing is at least one.
  private static func filled(_ share: Double, units: Int) -> Int {
    guard share > 0 else { return 0 }
    return max(1, Int((min(share, 1) * Double(units)).rounded()))
  }

  private static func place(_ share: Double, units: Int) -> Int? {
    guard share >= 0, share <= 1, units > 0 else { return nil }
    return min(units - 1, Int(share * Double(units)))
  }
}
