/// A series in one row: the newest value at the right, one column a value.
public struct Sparkline: Hashable, Sendable {
  public var values: [Double]
  public var color: Color
  public init(values: [Double], color: Color) {
    self.values = values
    self.color = color
  }

  /// Draws the last values in the rectangle's top row, scaled between their extremes; others than numbers as crosses.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let isASCII = capabilities.glyphs == .ascii
    let shown = values.suffix(rect.width)
    let finite = shown.filter(\.isFinite)
    let axis = ChartAxis(lower: finite.min() ?? 0, upper: finite.max() ?? 1)
    let blocks = isASCII ? Shading.lowerASCII : Shading.lowerBlocks
    for (index, value) in shown.enumerated() {
      let x = rect.maxX - shown.count + index
      if let place = axis.place(value) {
        let level = 1 + Int((min(max(place, 0), 1) * 7).rounded())
        buffer[x, rect.y] = Cell(blocks[level], style: theme.style(color))
      } else {
        buffer[x, rect.y] = Cell(isASCII ? "X" : "×", style: theme.critical)
      }
    }
  }
}
