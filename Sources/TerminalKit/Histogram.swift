/// Shares of equal bins as bars side by side, over the whole width.
public struct Histogram: Hashable, Sendable {
  public var shares: [Double]
  public var color: Color
  /// The share of a full bar; by default the largest.
  public var maximum: Double?

  public init(_ shares: [Double], color: Color, maximum: Double? = nil) {
    self.shares = shares
    self.color = color
    self.maximum = maximum
  }

  /// The bars of a width: bins that share a column are added up, a bin wider than a column is repeated.
  func columns(_ width: Int) -> [Double] {
    guard width > 0, !shares.isEmpty else { return [] }
    return (0..<width).map { column in
      let first = column * shares.count / width
      let last = max(first + 1, (column + 1) * shares.count / width)
      return shares[first..<min(last, shares.count)].reduce(0) { $0 + ($1.isFinite ? $1 : 0) }
    }
  }

  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let columns = columns(rect.width)
    let full = maximum ?? columns.max() ?? 0
    let blocks = capabilities.glyphs == .ascii ? Shading.lowerASCII : Shading.lowerBlocks
    for (index, value) in columns.enumerated() where value > 0 && full > 0 {
      let filled = max(1, Int((min(1, value / full) * Double(rect.height * 8)).rounded()))
      for row in 0..<rect.height {
        let part = min(max(filled - row * 8, 0), 8)
        guard part > 0 else { continue }
        buffer[rect.x + index, rect.maxY - 1 - row] = Cell(blocks[part], style: theme.style(color))
      }
    }
  }
}
