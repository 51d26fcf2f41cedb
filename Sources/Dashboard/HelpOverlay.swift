import TerminalKit

/// The rows of the help, made from the key table.
enum HelpOverlay {
  struct Row: Sendable {
    /// Empty where the row is a heading.
    var keys: String
    var text: String
  }

  static func rows(ascii: Bool) -> [Row] { ascii ? asciiRows : signRows }

  private static let asciiRows = makeRows(ascii: true)
  private static let signRows = makeRows(ascii: false)

  private static func makeRows(ascii: Bool) -> [Row] {
    var rows: [Row] = []
    for section in KeyBinding.Section.allCases {
      let bindings = KeyTable.all.filter { $0.section == section }
      guard !bindings.isEmpty else { continue }
      if !rows.isEmpty { rows.append(Row(keys: "", text: "")) }
      rows.append(Row(keys: "", text: section.rawValue))
      for binding in bindings {
        let keys = binding.keys.map { $0.name(ascii: ascii) }.joined(separator: " ")
        // Neighbours that say the same are one row.
        if let last = rows.last, !last.keys.isEmpty, last.text == binding.help {
          rows[rows.count - 1].keys += " " + keys
        } else {
          rows.append(Row(keys: keys, text: binding.help))
        }
      }
    }
    return rows
  }

  private static let columnWidth = 56

  static func columns(size: Size) -> Int { size.width >= 2 * columnWidth + 4 ? 2 : 1 }
  /// How many rows of help one page shows.
  static func pageHeight(size: Size) -> Int {
    let rows = rows(ascii: false).count
    let columns = columns(size: size)
    return max(1, min(size.height - 4, (rows + columns - 1) / columns))
  }
  /// The row at which the last page begins.
  static func lastFirstRow(size: Size) -> Int {
    max(0, rows(ascii: false).count - pageHeight(size: size) * columns(size: size))
  }
  static func width(size: Size) -> Int { min(size.width, columns(size: size) * columnWidth + 4) }
}

extension Painter {
  mutating func drawHelp(first: Int, size: Size) {
    let rows = HelpOverlay.rows(ascii: isASCII)
    let columns = HelpOverlay.columns(size: size)
    let height = HelpOverlay.pageHeight(size: size)
    let first = min(first, HelpOverlay.lastFirstRow(size: size))
    let area = Rect(x: 0, y: 0, width: size.width, height: max(0, size.height - 1))
    let inside = dialog(in: area, width: HelpOverlay.width(size: size), height: height + 2, title: "keys")
    let width = inside.width / columns
    let keysWidth = min(rows.map(\.keys.columns).max() ?? 0, width / 2)
    for (index, row) in rows.dropFirst(first).prefix(inside.height * columns).enumerated() {
      let x = inside.x + index / max(1, inside.height) * width
      let y = inside.y + index % max(1, inside.height)
      if row.keys.isEmpty {
        write(row.text, x: x, y: y, width: width, style: theme.title)
      } else {
        write(row.keys, x: x, y: y, width: keysWidth, style: theme.key)
        write(row.text, x: x + keysWidth + 2, y: y, width: width - keysWidth - 3, style: theme.text)
      }
    }
    let isCut = first > 0 || first < HelpOverlay.lastFirstRow(size: size)
    if isCut {
      let text = isASCII ? " up/down for more " : " ↑↓ for more "
      write(text, x: inside.maxX - text.columns - 1, y: inside.maxY, width: text.columns, style: theme.faint)
    }
  }

  mutating func drawQuitQuestion(size: Size, _ state: DashboardState) {
    let area = Rect(x: 0, y: 0, width: size.width, height: size.height)
    let inside = dialog(in: area, width: 50, height: 7, title: "quit")
    let lines: [[Span]] = [
      [Span("Stop the run and keep a checkpoint?", theme.text)],
      [Span("It goes on from there with gantui resume.", theme.faint)],
      state.wheel.isAttached ? [] : [Span("& leaves it training without this terminal.", theme.faint)],
      [],
      [Span("y", theme.key), Span(" stop and quit    ", theme.text), Span("n", theme.key), Span(" go on", theme.text)],
    ]
    for (index, line) in lines.prefix(inside.height).enumerated() {
      write(line, x: inside.x, y: inside.y + index, width: inside.width)
    }
  }
}
