import CCurses
import TerminalKit

/// Writes the cells that changed into a curses window.
struct CellPainter {
  /// What colours become; no more than the screen was opened with.
  var depth: ColorDepth
  private let text: CellText
  private var pairs = ColorPairs(limit: 1)
  private var colors = 0
  /// Colours of the palette below which a direct-colour terminal takes numbers as indices.
  private var indexed: Int32 = 8
  private var cells: [cchar_t] = []
  /// The last style asked for: neighbours mostly share theirs.
  private var looked: (style: Style, look: (UInt32, Int32))?

  init(colors depth: ColorDepth, isUTF8: Bool) {
    self.depth = depth
    text = CellText(isUTF8: isUTF8)
  }

  /// Starts the colours of the screen that was just opened.
  mutating func start() {
    guard depth != .monochrome, has_colors(), start_color() == OK else { return }
    use_default_colors()
    colors = Int(curses_colors())
    indexed = max(8, tigetnum("CO"))
    pairs = ColorPairs(limit: Int(curses_color_pairs()))
  }

  /// - Parameter shown: what the window holds, nil for nothing.
  /// - Returns: whether anything changed.
  mutating func paint(
    _ buffer: CellBuffer, over shown: CellBuffer?, on window: UnsafeMutablePointer<WINDOW>, size: Size
  )
    -> Bool
  {
    let width = min(buffer.size.width, size.width)
    let height = min(buffer.size.height, size.height)
    let shown = shown.flatMap { $0.size == buffer.size ? $0 : nil }
    var changed = false
    var hasSwept = false
    // Numbers of pairs hold for a frame: a later one may use them anew.
    looked = nil
    for y in 0..<height {
      var x = 0
      while x < width {
        if let shown, shown[x, y] == buffer[x, y] {
          x += 1
          continue
        }
        changed = true
        // From the cell that a wide character begins in, to the last of a row of changed cells.
        var start = x
        if buffer[start, y].isContinuation, start > 0 { start -= 1 }
        x = start
        cells.removeAll(keepingCapacity: true)
        while x < width {
          let cell = buffer[x, y]
          if x > start, let shown, shown[x, y] == cell, !cell.isContinuation { break }
          let isWide = x + 1 < buffer.size.width && buffer[x + 1, y].isContinuation && !cell.isContinuation
          append(cell, isWide: isWide, fits: !isWide || x + 1 < width, in: buffer, hasSwept: &hasSwept)
          x += isWide ? 2 : 1
        }
        cells.withUnsafeBufferPointer { cells in
          _ = mvwadd_wchnstr(window, Int32(y), Int32(start), cells.baseAddress, Int32(cells.count))
        }
      }
    }
    return changed
  }

  private mutating func append(_ cell: Cell, isWide: Bool, fits: Bool, in buffer: CellBuffer, hasSwept: inout Bool) {
    let (attributes, pair): (UInt32, Int32)
    if let looked, looked.style == cell.style {
      (attributes, pair) = looked.look
    } else {
      (attributes, pair) = look(cell.style, in: buffer, hasSwept: &hasSwept)
      looked = (cell.style, (attributes, pair))
    }
    let columns = isWide ? 2 : 1
    // Half a wide character: the other half was overwritten or is off the screen.
    let isHalf = cell.isContinuation || !fits
    if !isWide, !isHalf, let scalar = cell.scalar, let only = text.single(scalar) {
      withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: 2) { scalars in
        scalars[0] = only
        scalars[1] = 0
        var made = cchar_t()
        if curses_make_cell(&made, scalars.baseAddress, attributes, pair) == OK { cells.append(made) }
      }
      return
    }
    var scalars = isHalf ? [32] : text.scalars(cell.character, columns: columns)
    let isReplaced = isWide && !isHalf && scalars == [63]
    scalars.append(0)
    var made = cchar_t()
    guard curses_make_cell(&made, scalars, attributes, pair) == OK else { return }
    cells.append(made)
    if isReplaced { cells.append(made) }
  }

  // MARK: colours

  private mutating func look(_ style: Style, in buffer: CellBuffer, hasSwept: inout Bool) -> (UInt32, Int32) {
    var attributes = UInt32(style.attributes.rawValue)
    guard colors > 0 else { return (attributes, 0) }
    let wanted = numbers(style)
    // Eight colours: the bright ones are the others in bold, and gray is the text's own colour, dim.
    if colors < 16, case .indexed(let index) = style.foreground.nearest(in: depth), index > 7 {
      attributes |= UInt32((index == 8 ? Style.Attributes.dim : .bold).rawValue)
    }
    var answer = pairs.number(for: wanted)
    if answer == .full, !hasSwept {
      hasSwept = true
      pairs.keep(Set(buffer.cells.map { numbers($0.style) }))
      answer = pairs.number(for: wanted)
    }
    switch answer {
    case .known(let number): return (attributes, number)
    case .new(let number):
      init_extended_pair(number, wanted.foreground, wanted.background)
      return (attributes, number)
    case .full: return (attributes, pairs.nearest(to: wanted, distance: distance))
    }
  }

  private func numbers(_ style: Style) -> ColorPairs.Colors {
    var foreground = number(style.foreground)
    if colors < 16, style.foreground.nearest(in: depth) == .indexed(8) { foreground = -1 }
    return ColorPairs.Colors(foreground: foreground, background: number(style.background))
  }

  /// Curses' number of a colour on this terminal.
  private func number(_ color: Color) -> Int32 {
    switch color.nearest(in: depth) {
    case .standard: return -1
    case .indexed(let index):
      if depth == .truecolor, Int32(index) >= indexed, let color = color.components {
        return Self.direct(color.red, color.green, color.blue, above: indexed)
      }
      return Int32(index) < Int32(clamping: colors) ? Int32(index) : Int32(index % 8)
    case .rgb(let red, let green, let blue): return Self.direct(red, green, blue, above: indexed)
    }
  }

  /// A direct colour; the darkest blues, whose numbers mean entries of the palette, get a trace of green.
  static func direct(_ red: UInt8, _ green: UInt8, _ blue: UInt8, above indexed: Int32) -> Int32 {
    let number = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
    return number < indexed ? number | 0x100 : number
  }

  /// How far two of curses' numbers are from each other; only terminals with few colours ever ask.
  private func distance(_ a: Int32, _ b: Int32) -> Int {
    if a == b { return 0 }
    guard a >= 0, b >= 0 else { return 200_000 }
    func components(_ number: Int32) -> (Int, Int, Int) {
      if depth == .truecolor, number >= indexed {
        return (Int(number >> 16), Int(number >> 8 & 255), Int(number & 255))
      }
      let value = Color.ansi(UInt8(truncatingIfNeeded: number & 15)).components ?? (0, 0, 0)
      return (Int(value.red), Int(value.green), Int(value.blue))
    }
    let (first, second) = (components(a), components(b))
    let (red, green, blue) = (first.0 - second.0, first.1 - second.1, first.2 - second.2)
    return red * red + green * green + blue * blue
  }
}
