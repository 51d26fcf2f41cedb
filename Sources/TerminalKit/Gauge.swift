/// A horizontal bar that is filled to a share of its width.
public struct Gauge: Hashable, Sendable {
  public var value: Double
  /// Whether the bar grows from the middle, for values from -1 to 1, instead of from the left, for 0 to 1.
  public var isCentered: Bool

  /// A bar for 0...1 from the left. Values outside are clamped; NaN is drawn as an empty bar with a `?`.
  public init(value: Double) {
    self.value = value
    isCentered = false
  }

  /// A bar for -1...1 from the middle, such as "D wins" to "G wins".
  public init(centered value: Double) {
    self.value = value
    isCentered = true
  }

  /// Draws one row of bar in each row of the rectangle.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let cells = row(width: rect.width, theme: theme, capabilities: capabilities)
    for y in rect.y..<rect.maxY {
      for (index, cell) in cells.enumerated() { buffer[rect.x + index, y] = cell }
    }
  }

  private func row(width: Int, theme: Theme, capabilities: Capabilities) -> [Cell] {
    let isASCII = capabilities.glyphs == .ascii
    var cells = Array(repeating: Cell(isASCII ? "." : "─", style: theme.border), count: width)
    if isCentered, width >= 3 { cells[width / 2] = Cell(isASCII ? "|" : "┼", style: theme.faint) }
    guard !value.isNaN else {
      cells[isCentered ? width / 2 : 0] = Cell("?", style: theme.warning)
      return cells
    }
    let clamped = min(max(value, isCentered ? -1 : 0), 1)
    // In eighths of a cell from the left edge.
    let total = Double(width * 8)
    let start = isCentered ? total / 2 : 0
    let end = isCentered ? total / 2 * (1 + clamped) : total * clamped
    var first = Int(min(start, end).rounded())
    var last = Int(max(start, end).rounded())
    if isASCII {
      first = (first + 4) / 8 * 8
      last = (last + 4) / 8 * 8
    }
    // What is not nothing shows at least a sliver.
    if clamped != 0, first == last {
      if end >= start {
        last = min(last + (isASCII ? 8 : 1), width * 8)
      } else {
        first = max(first - (isASCII ? 8 : 1), 0)
      }
    }
    for index in 0..<width {
      let from = max(first, index * 8) - index * 8
      let to = min(last, index * 8 + 8) - index * 8
      guard to > from else { continue }
      let share = (Double(index) + 0.5) / Double(width)
      let color = theme.gradient.color(at: isCentered ? abs(2 * share - 1) : share)
      cells[index] = Self.block(from: from, to: to, style: theme.style(color), isASCII: isASCII)
    }
    return cells
  }

  /// A cell that is filled from one eighth to another, at one of its edges.
  static func block(from: Int, to: Int, style: Style, isASCII: Bool) -> Cell {
    if isASCII { return Cell("#", style: style) }
    if from == 0 { return Cell(Shading.leftBlocks[min(to, 8)], style: style) }
    // No blocks grow from the right: the rest of the cell is drawn and the colours are exchanged.
    if to == 8 { return Cell(Shading.leftBlocks[from], style: style.with(.reverse)) }
    return Cell("┃", style: style)
  }
}
