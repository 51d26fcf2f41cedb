public struct Cell: Hashable, Sendable {
  /// One column wide, except that a wide character is followed by a cell with `isContinuation`.
  public var character: Character
  public var style: Style
  public var isContinuation: Bool
  public init(_ character: Character = " ", style: Style = .plain, isContinuation: Bool = false) {
    self.character = character
    self.style = style
    self.isContinuation = isContinuation
  }
}

/// A frame: a grid of cells that views draw into. Drawing outside is clipped, never an error.
public struct CellBuffer: Hashable, Sendable {
  public let size: Size
  public private(set) var cells: [Cell]

  public init(size: Size, style: Style = .plain) {
    self.size = size
    cells = Array(repeating: Cell(" ", style: style), count: size.width * size.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * size.width + x] : Cell() }
    set { if contains(x, y) { cells[y * size.width + x] = newValue } }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < size.width && y < size.height }

  /// Writes text on one row from `x`, at most `width` columns; returns the columns used.
  @discardableResult
  public mutating func write(_ text: some StringProtocol, x: Int, y: Int, style: Style, width limit: Int = .max) -> Int
  {
    var column = 0
    for character in text {
      let wide = character.columns
      if wide == 0 { continue }
      if column + wide > limit { break }
      self[x + column, y] = Cell(character, style: style)
      if wide == 2 { self[x + column + 1, y] = Cell(" ", style: style, isContinuation: true) }
      column += wide
    }
    return column
  }

  public mutating func fill(_ rect: Rect, with cell: Cell) {
    let area = rect.intersection(bounds)
    for y in area.y..<max(area.y, area.maxY) {
      for x in area.x..<max(area.x, area.maxX) { cells[y * size.width + x] = cell }
    }
  }

  /// The frame as lines of text without trailing spaces.
  public var text: String {
    (0..<size.height).map { y in
      var line = ""
      for x in 0..<size.width where !cells[y * size.width + x].isContinuation {
        line.append(cells[y * size.width + x].character)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

extension Character {
  /// Columns a terminal gives this character: 0 for control characters, 2 for East Asian wide ones, else 1.
  public var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
