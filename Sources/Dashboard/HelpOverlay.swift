import TerminalKit

/// The rows of the help, made from the key table.
enum HelpOverlay {
  struct Row: Sendable {
    /// Empty where the row is a heading.
    var keys: String
    var text: String
  }

  /// The rows of the keys in use that have what is searched for.
  static func rows(_ state: DashboardState, ascii: Bool) -> [Row] {
    rows(state.shell.keys.bindings, ascii: ascii, search: state.shell.helpSearch ?? "")
  }

  /// The rows of the standard keys.
  static func rows(ascii: Bool) -> [Row] { rows(KeyTable.all, ascii: ascii, search: "") }

  /// What the mouse does; it has no bindings.
  private static let mouse = [
    Row(keys: "click", text: "focus a panel, choose a row"),
    Row(keys: "click", text: "on the bottom row: press that key"),
    Row(keys: "click drag", text: "in a chart: the cursor"),
    Row(keys: "wheel", text: "in a chart: zoom there"),
    Row(keys: "wheel", text: "in a list or the log: scroll"),
    Row(keys: "drag", text: "a border between panels: move it"),
    Row(keys: "click drag", text: "drawing: put points"),
    Row(keys: "right-click", text: "drawing: take points away"),
    Row(keys: "wheel", text: "drawing: another brush"),
    Row(keys: "shift-drag", text: "select text"),
  ]

  private static func rows(_ bindings: [KeyBinding], ascii: Bool, search: String) -> [Row] {
    let words = search.lowercased().split(separator: " ")
    var rows: [Row] = []
    func add(_ own: [Row], of section: String) {
      let found = own.filter { row in
        let text = (row.keys + " " + row.text + " " + section).lowercased()
        return words.allSatisfy { text.contains($0) }
      }
      guard !found.isEmpty else { return }
      if !rows.isEmpty { rows.append(Row(keys: "", text: "")) }
      rows.append(Row(keys: "", text: section))
      rows += found
    }
    for section in KeyBinding.Section.allCases {
      var own: [Row] = []
      for binding in bindings where binding.section == section {
        let keys = binding.keys.map { $0.name(ascii: ascii) }
        // Neighbours that say the same are one row.
        if let last = own.last, last.text == binding.help {
          let there = last.keys.split(separator: " ").map(String.init)
          own[own.count - 1].keys += keys.filter { !there.contains($0) }.map { " " + $0 }.joined()
        } else {
          own.append(Row(keys: keys.joined(separator: " "), text: binding.help))
        }
      }
      add(own, of: section.rawValue)
    }
    add(mouse, of: "mouse")
    return rows
  }

  private static let columnWidth = 56

  static func columns(size: Size) -> Int { max(1, min(3, (size.width - 4) / columnWidth)) }
  /// How many rows of help one page shows.
  static func pageHeight(rows: Int, size: Size) -> Int {
    let columns = columns(size: size)
    return max(1, min(size.height - 4, (rows + columns - 1) / columns))
  }
  /// The row at which the last page begins.
  static func lastFirstRow(rows: Int, size: Size) -> Int {
    max(0, rows - pageHeight(rows: rows, size: size) * columns(size: size))
  }
  static func width(size: Size) -> Int { min(size.width, columns(size: size) * columnWidth + 4) }
}

extension Painter {
  mutating func drawHelp(first: Int, size: Size, _ state: DashboardState) {
    let rows = HelpOverlay.rows(state, ascii: isASCII)
    let columns = HelpOverlay.columns(size: size)
    let height = HelpOverlay.pageHeight(rows: rows.count, size: size)
    let last = HelpOverlay.lastFirstRow(rows: rows.count, size: size)
    let first = min(first, last)
    let area = Rect(x: 0, y: 0, width: size.width, height: max(0, size.height - 1))
    let search = state.shell.helpSearch.map { " /" + $0 + (state.shell.isSearchingHelp ? "_" : "") } ?? ""
    let inside = dialog(
      in: area, width: HelpOverlay.width(size: size), height: height + 2, title: "keys" + search)
    if rows.isEmpty { writeCentered("no key says that", in: inside, y: inside.y, style: theme.faint) }
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
    let isCut = first > 0 || first < last
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
