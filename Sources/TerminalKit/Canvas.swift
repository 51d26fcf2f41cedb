/// A picture of coloured dots, several to a cell: 2x4 in braille, 1x2 in half blocks, 1x1 in ASCII.
///
/// A cell has one foreground colour: the last dot set in it decides, except in half blocks with colours, where the
/// upper and the lower dot keep their own.
public struct Canvas: Sendable {
  private struct Dots {
    /// One bit a dot, row by row from the top left.
    var mask: UInt8 = 0
    var color = Color.standard
    /// The colour of the lower dot of a half block.
    var lower = Color.standard
    /// The ASCII character.
    var glyph = UInt8(ascii: "*")

    /// Sets the dot of a place in the canvas, which lies in this cell.
    @inline(__always)
    mutating func set(_ x: Int, _ y: Int, _ shift: (x: Int, y: Int), _ color: Color, _ glyph: UInt8) {
      let row = y & (1 &<< shift.y - 1)
      mask |= 1 &<< UInt8(truncatingIfNeeded: row &<< shift.x + x & (1 &<< shift.x - 1))
      if shift.y == 1 && row == 1 { lower = color } else { self.color = color }
      self.glyph = glyph
    }
  }

  /// Size in cells.
  public let size: Size
  public let glyphs: GlyphSet
  private var cells: [Dots]

  public static func dotsPerCell(_ glyphs: GlyphSet) -> (x: Int, y: Int) {
    switch glyphs {
    case .braille: (2, 4)
    case .block: (1, 2)
    case .ascii: (1, 1)
    }
  }
  /// Size in dots.
  public let width: Int
  public let height: Int
  /// Dots in a cell, as powers of two.
  private let shift: (x: Int, y: Int)

  /// - Parameters:
  ///   - width: columns of cells.
  ///   - height: rows of cells.
  public init(width: Int, height: Int, glyphs: GlyphSet) {
    size = Size(width: width, height: height)
    self.glyphs = glyphs
    let dots = Self.dotsPerCell(glyphs)
    shift = (x: dots.x >> 1, y: dots.y >> 1)
    self.width = size.width * dots.x
    self.height = size.height * dots.y
    cells = Array(repeating: Dots(), count: size.width * size.height)
  }

  /// Sets the dot in column `x` and row `y`, counted in dots from the top left; outside is ignored.
  /// - Parameter ascii: the character that stands for the dot in ASCII.
  public mutating func set(_ x: Int, _ y: Int, _ color: Color, ascii: Character = "*") {
    set(x, y, color, glyph: ascii.asciiValue ?? UInt8(ascii: "*"))
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: Color, glyph: UInt8) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    cells[(y >> shift.y) * size.width + x >> shift.x].set(x, y, shift, color, glyph)
  }

  /// Sets the dots of one column from row `top` to row `bottom`.
  public mutating func column(_ x: Int, from top: Int, to bottom: Int, _ color: Color, ascii: Character = "*") {
    column(x, from: top, to: bottom, color, glyph: ascii.asciiValue ?? UInt8(ascii: "*"))
  }

  mutating func column(_ x: Int, from top: Int, to bottom: Int, _ color: Color, glyph: UInt8) {
    let first = max(0, min(top, bottom))
    let last = min(max(top, bottom), height - 1)
    guard x >= 0, x < width, first <= last else { return }
    let (shift, stride) = (shift, size.width)
    let isBraille = glyphs == .braille
    let column = UInt8(0x55) << UInt8(x & 1)
    cells.withUnsafeMutableBufferPointer { cells in
      guard isBraille else {
        for y in first...last { cells[(y &>> shift.y) * stride + x].set(x, y, shift, color, glyph) }
        return
      }
      // A cell at once: bands are the bulk of what a chart draws.
      for row in (first >> 2)...(last >> 2) {
        let above = row == first >> 2 ? 2 * UInt8(first & 3) : 0
        let below = row == last >> 2 ? 2 * UInt8(3 - last & 3) : 0
        let index = row * stride + x >> 1
        cells[index].mask |= column & (0xFF &<< above) & (0xFF &>> below)
        cells[index].color = color
      }
    }
  }

  /// Sets the dots of a straight line, of which only what is inside the canvas costs time.
  ///
  /// - Parameter dash: of each `period` dots along the longer axis only the first `on` are set.
  public mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ color: Color, ascii: Character = "*",
    dash: (on: Int, period: Int)? = nil
  ) {
    line(from: start, to: end, color, glyph: ascii.asciiValue ?? UInt8(ascii: "*"), dash: dash)
  }

  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ color: Color, glyph: UInt8,
    dash: (on: Int, period: Int)?
  ) {
    guard let (a, b) = isInside(start) && isInside(end) ? (start, end) : clip(start, end) else { return }
    // Not below -0.5: cutting off rounds.
    let from = (x: Int(a.x + 0.5), y: Int(a.y + 0.5))
    let to = (x: Int(b.x + 0.5), y: Int(b.y + 0.5))
    let (dx, dy) = (abs(to.x - from.x), abs(to.y - from.y))
    if dash == nil, dy > dx {
      steep(from: from, to: to, color, glyph: glyph)
      return
    }
    let steps = max(dx, dy)
    let (right, down) = (to.x >= from.x ? 1 : -1, to.y >= from.y ? 1 : -1)
    let (shift, stride, isWide) = (shift, size.width, dx >= dy)
    let other = 2 * (isWide ? dy : dx)
    cells.withUnsafeMutableBufferPointer { cells in
      var (x, y) = from
      // Bresenham's: the shorter axis moves on whenever half a dot of it has gathered.
      var gathered = steps
      for _ in 0...steps {
        // The phase hangs on the place, not on the segment, so dashes go on across a line of many short pieces.
        let isOn = dash.map { $0.period <= 0 || (isWide ? x : y) % $0.period < $0.on } ?? true
        if isOn { cells[(y &>> shift.y) * stride + x &>> shift.x].set(x, y, shift, color, glyph) }
        gathered += other
        let moves = gathered >= 2 * steps
        if moves { gathered -= 2 * steps }
        if isWide {
          x += right
          if moves { y += down }
        } else {
          y += down
          if moves { x += right }
        }
      }
    }
  }

  /// A line higher than wide, as pieces of columns.
  private mutating func steep(from: (x: Int, y: Int), to: (x: Int, y: Int), _ color: Color, glyph: UInt8) {
    let (steps, columns) = (abs(to.y - from.y), abs(to.x - from.x))
    let (right, down) = (to.x >= from.x ? 1 : -1, to.y >= from.y ? 1 : -1)
    var first = 0
    for index in 0...columns {
      // The next column begins where the line is nearer to it.
      let next = index == columns ? steps + 1 : ((2 * index + 1) * steps + 2 * columns - 1) / (2 * columns)
      column(from.x + right * index, from: from.y + down * first, to: from.y + down * (next - 1), color, glyph: glyph)
      first = next
    }
  }

  /// Whether a point is surely inside the canvas.
  private func isInside(_ point: (x: Double, y: Double)) -> Bool {
    point.x >= 0 && point.y >= 0 && point.x <= Double(width - 1) && point.y <= Double(height - 1)
  }

  /// Sets the dots of a straight line between two dots.
  public mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: Color, ascii: Character = "*"
  ) {
    line(
      from: (x: Double(start.x), y: Double(start.y)), to: (x: Double(end.x), y: Double(end.y)), color, ascii: ascii)
  }

  /// The part of a segment inside the canvas (Y.-D. Liang and B. A. Barsky, 1984), nil where there is none.
  private func clip(
    _ a: (x: Double, y: Double), _ b: (x: Double, y: Double)
  ) -> (from: (x: Double, y: Double), to: (x: Double, y: Double))? {
    guard width > 0, height > 0, a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else { return nil }
    let dx = b.x - a.x
    let dy = b.y - a.y
    guard dx.isFinite, dy.isFinite else { return nil }
    // Half a dot of margin: what rounds into the canvas is in it.
    let low = -0.499
    let (right, bottom) = (Double(width) - 0.501, Double(height) - 0.501)
    var first = (t: 0.0, point: a)
    var last = (t: 1.0, point: b)
    // The coordinate that an edge cuts is set to the edge: from far away, a + t d has no digits left for it.
    func cut(_ p: Double, _ q: Double, _ point: (Double) -> (x: Double, y: Double)) -> Bool {
      guard p != 0 else { return q >= 0 }
      let t = q / p
      if p < 0, t > first.t { first = (t, point(t)) }
      if p > 0, t < last.t { last = (t, point(t)) }
      return true
    }
    guard cut(-dx, a.x - low, { (low, a.y + $0 * dy) }), cut(dx, right - a.x, { (right, a.y + $0 * dy) }),
      cut(-dy, a.y - low, { (a.x + $0 * dx, low) }), cut(dy, bottom - a.y, { (a.x + $0 * dx, bottom) }),
      first.t <= last.t
    else { return nil }
    func inside(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (min(max(point.x, low), right), min(max(point.y, low), bottom))
    }
    return (inside(first.point), inside(last.point))
  }

  /// Draws the cells that have dots over `rect`; the others, and all backgrounds, stay as they are.
  public func draw(
    in rect: Rect, into buffer: inout CellBuffer, colors: ColorDepth, attributes: Style.Attributes = []
  ) {
    for row in 0..<min(size.height, rect.height) {
      for column in 0..<min(size.width, rect.width) {
        let dots = self.cells[row * size.width + column]
        guard dots.mask != 0 else { continue }
        let (x, y) = (rect.x + column, rect.y + row)
        var cell = buffer[x, y]
        cell.isContinuation = false
        switch glyphs {
        case .braille:
          let style = Style(foreground: dots.color, background: cell.meanBackground, attributes: attributes)
          cell = Cell(scalar: Self.patterns[Int(dots.mask)], style: style)
        case .ascii:
          let style = Style(foreground: dots.color, background: cell.meanBackground, attributes: attributes)
          cell = Cell(scalar: Unicode.Scalar(dots.glyph), style: style)
        case .block:
          cell = Self.halfBlock(dots, over: cell, colors: colors, attributes: attributes)
        }
        buffer[x, y] = cell
      }
    }
  }

  /// The braille patterns of 2x4 masks that count row by row.
  private static let patterns: [Unicode.Scalar] = (0..<256).map { mask in
    // Unicode numbers the dots down the left column, then down the right, the fourth row last.
    let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var pattern: UInt32 = 0x2800
    for bit in 0..<8 where mask & (1 << bit) != 0 { pattern |= bits[bit] }
    return Unicode.Scalar(pattern) ?? " "
  }

  private static func halfBlock(
    _ dots: Dots, over cell: Cell, colors: ColorDepth, attributes: Style.Attributes
  ) -> Cell {
    let hasUpper = dots.mask & 1 != 0
    let hasLower = dots.mask & 2 != 0
    if colors == .monochrome {
      let upper = hasUpper || cell.scalar == "▀" || cell.scalar == "█"
      let lower = hasLower || cell.scalar == "▄" || cell.scalar == "█"
      let style = Style(foreground: hasUpper ? dots.color : dots.lower, background: cell.style.background)
      return Cell(scalar: upper && lower ? "█" : upper ? "▀" : "▄", style: style.with(attributes))
    }
    let below = cell.halves
    return Cell.halves(
      upper: hasUpper ? dots.color : below?.upper, lower: hasLower ? dots.lower : below?.lower,
      background: cell.style.background, attributes: attributes)
  }
}

extension Cell {
  /// The two colours that a cell of half blocks shows, nil where its background is the terminal's own; nil for other
  /// characters.
  fileprivate var halves: (upper: Color?, lower: Color?)? {
    let background = style.background == .standard ? nil : style.background
    return switch scalar {
    case "█": (style.foreground, style.foreground)
    case "▀": (style.foreground, background)
    case "▄": (background, style.foreground)
    default: nil
    }
  }

  /// A cell of an upper and a lower pixel; nil leaves the background.
  fileprivate static func halves(
    upper: Color?, lower: Color?, background: Color, attributes: Style.Attributes = []
  ) -> Cell {
    func cell(_ scalar: Unicode.Scalar, _ foreground: Color, _ background: Color) -> Cell {
      Cell(scalar: scalar, style: Style(foreground: foreground, background: background, attributes: attributes))
    }
    switch (upper, lower) {
    case (nil, nil): return Cell(scalar: " ", style: Style(background: background))
    case (let upper?, nil): return cell("▀", upper, background)
    case (nil, let lower?): return cell("▄", lower, background)
    case (let upper?, let lower?):
      if upper == lower { return cell("█", upper, background) }
      // As a background, the default colour would be another one than as a foreground.
      return lower == .standard ? cell("▄", lower, upper) : cell("▀", upper, lower)
    }
  }

  /// A cell of an upper and a lower pixel that are both backgrounds: `standard` is the terminal's own background.
  static func pixels(upper: Color, lower: Color, text: Color) -> Cell {
    if upper == lower { return Cell(scalar: " ", style: Style(foreground: text, background: upper)) }
    if upper == .standard { return Cell(scalar: "▄", style: Style(foreground: lower, background: upper)) }
    return Cell(scalar: "▀", style: Style(foreground: upper, background: lower))
  }

  /// The one background that stands for a cell when a character is put over it: the mean of a half block's two colours.
  var meanBackground: Color {
    switch scalar?.value {
    // An upper, a lower, a full block.
    case 0x2580, 0x2584: style.foreground.mixed(with: style.background, share: 0.5) ?? style.background
    case 0x2588: style.foreground
    default: style.background
    }
  }
}
