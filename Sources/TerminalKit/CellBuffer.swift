import Synchronization

/// What stands in one column of one row. Plain memory: a frame is made, copied and compared ten times a second.
public struct Cell: Hashable, Sendable {
  /// The character's one scalar, or its number in the table of clusters.
  private var code: UInt32
  public var style: Style
  public var isContinuation: Bool
  public init(_ character: Character = " ", style: Style = .plain, isContinuation: Bool = false) {
    code = Clusters.code(character)
    self.style = style
    self.isContinuation = isContinuation
  }

  /// A character of one scalar.
  init(scalar: Unicode.Scalar, style: Style) {
    code = scalar.value
    self.style = style
    isContinuation = false
  }

  /// One column wide, except that a wide character is followed by a cell with `isContinuation`.
  public var character: Character {
    get { scalar.map { Character($0) } ?? Clusters.character(code) }
    set { code = Clusters.code(newValue) }
  }

  /// The character where it is a single scalar.
  public var scalar: Unicode.Scalar? { Unicode.Scalar(code) }
}

/// Characters of several scalars, such as letters with combining marks, by numbers beyond those of scalars.
private enum Clusters {
  private struct Table {
    var characters: [Character] = []
    var codes: [Character: UInt32] = [:]
  }
  private static let table = Mutex(Table())
  private static let first: UInt32 = 0x11_0000
  /// More than any screen shows; what comes after is a replacement character.
  private static let limit = 1 << 16

  static func code(_ character: Character) -> UInt32 {
    var scalars = character.unicodeScalars.makeIterator()
    guard let only = scalars.next() else { return 32 }
    guard scalars.next() != nil else { return only.value }
    return table.withLock { table in
      if let code = table.codes[character] { return code }
      guard table.characters.count < limit else { return 0xFFFD }
      let code = first + UInt32(table.characters.count)
      table.characters.append(character)
      table.codes[character] = code
      return code
    }
  }

  static func character(_ code: UInt32) -> Character {
    table.withLock { table in
      let index = Int(code) - Int(first)
      return table.characters.indices.contains(index) ? table.characters[index] : "\u{FFFD}"
    }
  }
}

/// A frame: a grid of cells that views draw into. Drawing outside is clipped, never an error.
public struct CellBuffer: Hashable, Sendable {
  public let size: Size
  public private(set) var cells: [Cell]
  /// Pictures that a terminal draws as pixels over cells that are blank.
  public internal(set) var pictures: [PixelPicture] = []

  public init(size: Size, style: Style = .plain) {
    self.size = size
    cells = Array(repeating: Cell(" ", style: style), count: size.width * size.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * size.width + x] : Cell() }
    set {
      guard contains(x, y) else { return }
      let index = y * size.width + x
      // Half of a wide character that is overwritten takes the other half with it.
      if cells[index].isContinuation, !newValue.isContinuation, x > 0 { cells[index - 1].character = " " }
      if !cells[index].isContinuation, x + 1 < size.width, cells[index + 1].isContinuation {
        cells[index + 1].isContinuation = false
      }
      cells[index] = newValue
    }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < size.width && y < size.height }

  /// Writes text on one row from `x`, at most `width` columns; returns the columns used.
  @discardableResult
  public mutating func write(_ text: some StringProtocol, x: Int, y: Int, style: Style, width limit: Int = .max) -> Int
  {
    if text.isPlain {
      var column = 0
      for byte in text.utf8 where column < limit {
        self[x + column, y] = Cell(scalar: Unicode.Scalar(byte), style: style)
        column += 1
      }
      return column
    }
    var column = 0
    for character in text {
      let wide = character.columns
      if wide == 0 { continue }
      if column + wide > limit { break }
      // A wide character that the edge would cut in half is a space.
      let isCut = wide == 2 && (x + column < 0 || x + column + 1 >= size.width)
      self[x + column, y] = Cell(isCut ? " " : character, style: style)
      if wide == 2, !isCut { self[x + column + 1, y] = Cell(" ", style: style, isContinuation: true) }
      column += wide
    }
    return column
  }

  public mutating func fill(_ rect: Rect, with cell: Cell) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for y in area.y..<max(area.y, area.maxY) {
      // By way of the setter at the edges, which may cut wide characters in half.
      self[area.x, y] = cell
      self[area.maxX - 1, y] = cell
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
  /// Columns a terminal gives this character: 0 for control characters and marks without a letter, 2 for East Asian
  /// wide ones and pictographs, else 1.
  public var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x20..<0x7F: return 1
    case 0..<0x20, 0x7F..<0xA0: return 0
    case 0xA0..<0x300: return 1
    case 0x2010..<0x2028, 0x2190..<0x231A, 0x2500..<0x25FD, 0x2800..<0x2900: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      if scalar.properties.isEmojiPresentation { return 2 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
      default: return 1
      }
    }
  }
}
