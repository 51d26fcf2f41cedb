import TerminalKit

extension StartScreen {
  private static let smallest = Size(width: 20, height: 6)

  /// Draws the list: the same state, size, theme and capabilities give the same frame.
  public func view(size: Size, theme: Theme, capabilities: Capabilities) -> CellBuffer {
    var painter = Painter(size: size, theme: theme, capabilities: capabilities)
    guard size.width >= Self.smallest.width, size.height >= Self.smallest.height else {
      let area = Rect(x: 0, y: 0, width: size.width, height: size.height)
      painter.writeCentered(
        "needs \(Self.smallest.width)x\(Self.smallest.height)", in: area, y: size.height / 2, style: theme.warning)
      return painter.buffer
    }
    let box = Rect(x: 0, y: 0, width: size.width, height: size.height - 1)
    let framed = painter.buffer.box(
      box, title: "gantui", trailing: "generative models, trained in front of your eyes", theme: theme,
      capabilities: capabilities, focused: true)
    let inside = Rect(x: framed.x + 1, y: framed.y, width: framed.width - 2, height: framed.height)
    painter.drawList(self, in: inside)
    painter.drawStartKeys(self, y: size.height - 1, width: size.width)
    if let helpRow { painter.drawStartHelp(from: helpRow, in: box) }
    return painter.buffer
  }

  /// Rows below the list: how much of it is out of sight, and two lines about the chosen one.
  private static let noteRows = 3

  /// The list's place and its first row that is seen, and the place of the notes below it, empty where there is no room.
  fileprivate func place(in rect: Rect) -> (list: Rect, first: Int, notes: Rect) {
    let hasFilter = isFiltering || !filter.isEmpty
    let height = rect.height - (hasFilter ? 1 : 0)
    let notes = height >= 4 * Self.noteRows ? Self.noteRows : 0
    let list = Rect(x: rect.x, y: rect.y, width: rect.width, height: height - notes)
    let rows = rows
    let chosen = rows.firstIndex { if case .choice(selected, _) = $0 { true } else { false } } ?? 0
    // The heading above the first choice comes into view with it.
    let first = chosen <= 1 ? 0 : min(max(0, chosen - list.height / 2), max(0, rows.count - list.height))
    return (list, first, Rect(x: rect.x, y: list.maxY, width: rect.width, height: notes))
  }

  /// What there is to say about the chosen one.
  fileprivate var note: String {
    switch chosen {
    case .configuration(let item): "\(item.line) (gantui train \(item.name))"
    case .run(let run):
      switch run.way {
      case .resume: "goes on from its newest checkpoint (gantui resume \(run.name))"
      case .attach: "another process has it open; its dashboard opens here too (gantui attach \(run.name))"
      case .look:
        "nothing is left to train: its curves and pictures open; gantui resume \(run.name) --steps N prolongs it"
      }
    case nil: ""
    }
  }

  /// The choice that the mouse points at.
  func choice(at event: MouseEvent, size: Size) -> Int? {
    let framed = Rect(x: 0, y: 0, width: size.width, height: size.height - 1).inset(by: 1)
    let (area, first, _) = place(in: framed)
    let row = first + event.y - area.y
    guard area.contains(x: event.x, y: event.y), rows.indices.contains(row), case .choice(let index, _) = rows[row]
    else { return nil }
    return index
  }

  /// A row of the list: a heading, a choice with its index, or a remark.
  fileprivate enum Row {
    case blank
    case heading(String)
    case remark(String)
    case choice(Int, Entry)
  }

  fileprivate var rows: [Row] {
    let shown = shown
    if shown.isEmpty, !filter.isEmpty { return [.blank, .remark("nothing matches \"\(filter)\"")] }
    var rows: [Row] = []
    let goOn = "go on with" + (filter.isEmpty && olderRuns > 0 ? " (\(olderRuns) older ones at the end)" : "")
    func begin(_ heading: String) { rows += (rows.isEmpty ? [] : [.blank]) + [.heading(heading)] }
    var headings: Set<String> = []
    var last = ""
    for (index, entry) in shown.enumerated() {
      let heading =
        switch entry {
        case .configuration: "start with"
        case .run: headings.contains("start with") ? "older runs" : goOn
        }
      if heading != last { begin(heading) }
      headings.insert(heading)
      last = heading
      rows.append(.choice(index, entry))
    }
    guard filter.isEmpty else { return rows }
    if !headings.contains("start with") {
      begin("start with")
      rows.append(.remark("no sample configurations"))
    }
    if !headings.contains(goOn) {
      begin(goOn)
      rows.append(.remark("no earlier runs"))
    }
    return rows
  }
}

extension Painter {
  fileprivate mutating func drawList(_ screen: StartScreen, in rect: Rect) {
    let hasFilter = screen.isFiltering || !screen.filter.isEmpty
    let (area, first, notes) = screen.place(in: rect)
    if hasFilter {
      let cursor = screen.isFiltering ? "_" : ""
      let spans = [Span("/", theme.key), Span(screen.filter + cursor, theme.value)]
      write(spans, x: rect.x, y: rect.maxY - 1, width: rect.width)
    }
    let rows = screen.rows
    let columns = ListColumns(screen.shown, width: area.width)
    for (index, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      let y = area.y + index
      switch row {
      case .blank: break
      case .heading(let text): write(text, x: area.x, y: y, width: area.width, style: theme.title)
      case .remark(let text): write(text, x: area.x + 2, y: y, width: area.width - 2, style: theme.faint)
      case .choice(let place, let entry):
        let line = Rect(x: area.x, y: y, width: area.width, height: 1)
        draw(entry, isChosen: place == screen.selected, columns: columns, in: line)
      }
    }
    guard !notes.isEmpty else { return }
    drawUnseen(above: first, below: max(0, rows.count - first - area.height), in: notes)
    for (index, line) in screen.note.wrapped(to: notes.width).prefix(notes.height - 1).enumerated() {
      write(line, x: notes.x, y: notes.y + 1 + index, width: notes.width, style: theme.text)
    }
  }

  /// A line below a list, with how many of its rows are out of sight.
  private mutating func drawUnseen(above: Int, below: Int, in rect: Rect) {
    buffer.fill(
      Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), with: Cell(isASCII ? "-" : "─", style: theme.border))
    let counts = [(above, isASCII ? "above" : "↑"), (below, isASCII ? "below" : "↓")].filter { $0.0 > 0 }
    guard !counts.isEmpty else { return }
    let text = " " + counts.map { "\($0.0) more \($0.1)" }.joined(separator: "  ") + " "
    writeRight(text, maxX: rect.maxX - 1, y: rect.y, width: rect.width, style: theme.faint)
  }

  fileprivate mutating func drawStartHelp(from first: Int, in area: Rect) {
    let all = StartKeyTable.helpRows(ascii: isASCII)
    let inside = dialog(in: area, width: 60, height: all.count + 4, title: "keys")
    let rows = all.dropFirst(min(first, max(0, all.count - inside.height)))
    let hint =
      rows.count > inside.height || rows.count < all.count ? "\(arrows) for more, any key closes" : "any key closes"
    writeRight(" \(hint) ", maxX: inside.maxX, y: inside.maxY, width: inside.width, style: theme.faint)
    let keysWidth = min(rows.map(\.keys.columns).max() ?? 0, inside.width / 2)
    for (index, row) in rows.prefix(inside.height).enumerated() {
      write(row.keys, x: inside.x, y: inside.y + index, width: keysWidth, style: theme.key)
      write(
        row.text, x: inside.x + keysWidth + 2, y: inside.y + index, width: inside.width - keysWidth - 2,
        style: theme.text)
    }
    guard inside.height > rows.count else { return }
    let mouse = "The mouse: wheel, one click chooses, another starts."
    write(mouse, x: inside.x, y: inside.maxY - 1, width: inside.width, style: theme.faint)
  }

  private mutating func draw(_ entry: StartScreen.Entry, isChosen: Bool, columns: ListColumns, in rect: Rect) {
    if isChosen { fillRow(rect, y: rect.y, style: theme.selected) }
    func style(_ style: Style) -> Style { isChosen ? theme.selected : style }
    write(isChosen ? sign(.chosen) : " ", x: rect.x, y: rect.y, width: 1, style: style(theme.key))
    let left = rect.x + 2
    switch entry {
    case .configuration(let item):
      let textLeft = left + columns.configuration + 3
      write(item.name, x: left, y: rect.y, width: columns.configuration, style: style(theme.value))
      write(item.line, x: textLeft, y: rect.y, width: rect.maxX - textLeft, style: style(theme.faint))
    case .run(let run):
      let textLeft = left + columns.run + 3
      write(run.name, x: left, y: rect.y, width: columns.run, style: style(theme.value))
      let age = run.age.map { formatDuration($0.rounded()) + " ago" } ?? ""
      let state: Style =
        switch run.state {
        case "finished": theme.good
        case "failed": theme.critical
        default: theme.text
        }
      let spans = [
        Span(run.state.padded(to: columns.state, ellipsis: ellipsis) + "  ", style(state)),
        Span(run.steps.padded(to: columns.steps, ellipsis: ellipsis) + "  ", style(theme.text)),
        Span(age, style(theme.faint)),
      ]
      write(spans, x: textLeft, y: rect.y, width: rect.maxX - textLeft)
    }
  }

  fileprivate mutating func drawStartKeys(_ screen: StartScreen, y: Int, width: Int) {
    let hints: [(key: String, text: String)] = StartKeyTable.bindings(isFiltering: screen.isFiltering).compactMap {
      guard !$0.short.isEmpty, let key = $0.keys.first else { return nil }
      if $0.action == .clear, !screen.isFiltering, screen.filter.isEmpty { return nil }
      return ($0.action == .up ? arrows : key.name(ascii: isASCII), text(of: $0, screen))
    }
    write(keyHints(hints), x: 1, y: y, width: width - 1, limit: width - 1)
  }

  private var arrows: String { isASCII ? "up/down" : "↑↓" }

  /// What a key does to the chosen row.
  private func text(of binding: StartKeyTable.Binding, _ screen: StartScreen) -> String {
    if binding.action == .open, case .run(let run) = screen.chosen { return run.way.rawValue }
    return binding.short
  }
}

extension EarlierRun {
  fileprivate var steps: String { "step \(grouped(step))/\(grouped(totalSteps))" }
}

/// How wide the columns of a list are.
private struct ListColumns {
  var configuration = 0
  var run = 0
  var state = 0
  var steps = 0

  init(_ entries: [StartScreen.Entry], width: Int) {
    for entry in entries {
      switch entry {
      case .configuration(let item): configuration = max(configuration, item.name.columns)
      case .run(let earlier):
        run = max(run, earlier.name.columns)
        state = max(state, earlier.state.columns)
        steps = max(steps, earlier.steps.columns)
      }
    }
    configuration = min(configuration, width / 2)
    // Room for the gaps and the time.
    run = min(run, max(width / 4, width - state - steps - 20))
  }
}
