import CCurses
import TerminalKit

/// What stands in a cell, as the terminal's locale can say it and as wide as the buffer believes.
struct CellText {
  let isUTF8: Bool

  /// Wide characters that take exactly `columns` columns: the character itself, a stand-in, or question marks.
  func scalars(_ character: Character, columns: Int) -> [wchar_t] {
    if let ascii = character.asciiValue {
      return ascii >= 32 && ascii < 127 ? [wchar_t(ascii)] : [32]
    }
    if !isUTF8 {
      let standIn = Self.standIns[character] ?? "?"
      return [wchar_t(standIn.value)]
    }
    // One spacing character and at most four that combine with it fit into a curses cell.
    let scalars = character.unicodeScalars.prefix(5).map { wchar_t(bitPattern: $0.value) }
    guard let first = scalars.first, curses_character_columns(first) == Int32(columns) else { return [63] }
    return [first] + scalars.dropFirst().prefix { curses_character_columns($0) == 0 }
  }

  /// The wide character of a scalar that takes one column here; nil where `scalars` has to decide.
  func single(_ scalar: Unicode.Scalar) -> wchar_t? {
    let value = wchar_t(bitPattern: scalar.value)
    if value >= 32, value < 127 { return value }
    return isUTF8 && value >= 160 && curses_character_columns(value) == 1 ? value : nil
  }

  /// ASCII for the characters that views use.
  static let standIns: [Character: Unicode.Scalar] = {
    var table: [Character: Unicode.Scalar] = [
      "\u{A0}": " ", "─": "-", "━": "=", "│": "|", "┃": "|", "╌": "-", "┊": ":", "╷": "'", "×": "x", "·": ".", "…": "~",
      "•": "*",
      "●": "*", "○": "o", "▶": ">", "◀": "<", "▲": "^", "▼": "v", "→": ">", "←": "<", "↑": "^", "↓": "v", "▀": "^",
      "▄": "_", "█": "#", "░": ".", "▒": ":", "▓": "#", "✓": "v", "✗": "x", "±": "+", "–": "-", "—": "-", "’": "'",
      "“": "\"", "”": "\"",
    ]
    for corner in "╭╮╰╯┌┐└┘├┤┬┴┼" { table[corner] = "+" }
    for (index, block) in "▁▂▃▄▅▆▇".enumerated() { table[block] = index < 3 ? "_" : "=" }
    for (index, block) in "▏▎▍▌▋▊▉".enumerated() { table[block] = index < 3 ? "|" : "#" }
    for pattern in UInt32(0x2801)...0x28FF {
      if let scalar = Unicode.Scalar(pattern) { table[Character(scalar)] = "*" }
    }
    return table
  }()
}
