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
    return painter.buffer
  }

  /// The list's place, and its first row that is seen.
  fileprivate func place(in rect: Rect) -> (area: Rect, first: Int) {
    let hasFilter = isFiltering || !filter.isEmpty
    let area = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - (hasFilter ? 1 : 0))
    let rows = rows
    let chosen = rows.firstIndex { if case .choice(selected, _) = $0 { true } else { false } } ?? 0
    // The heading above the first choice comes into view with it.
    return (area, chosen <= 1 ? 0 : min(max(0, chosen - area.height / 2), max(0, rows.count - area.height)))
  }

  /// The choice that the mouse points at.
  func choice(at event: MouseEvent, size: Size) -> Int? {
    let framed = Rect(x: 0, y: 0, width: size.width, height: size.height - 1).inset(by: 1)
    let (area, first) = place(in: framed)
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
    func begin(_ heading: String) { rows += (rows.isEmpty ? [] : [.blank]) + [.heading(heading)] }
    var headings: Set<String> = []
    var last = ""
    for (index, entry) in shown.enumerated() {
      let heading =
        switch entry {
        case .configuration: "start with"
        case .run: headings.contains("start with") ? "older runs" : "go on with"
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
    if !headings.contains("go on with") {
      begin("go on with")
      rows.append(.remark("no earlier runs"))
    }
    return rows
  }
}

extension Painter {
  fileprivate mutating func drawList(_ screen: StartScreen, in rect: Rect) {
    let hasFilter = screen.isFiltering || !screen.filter.isEmpty
    let (area, first) = screen.place(in: rect)
    if hasFilter {
      let cursor = screen.isFiltering ? "_" : ""
      let spans = [Span("/", theme.key), Span(screen.filter + cursor, theme.value)]
      write(spans, x: rect.x, y: rect.maxY - 1, width: rect.width)
    }
    let rows = screen.rows
    let names = rows.map { row in
      switch row {
      case .choice(_, .configuration(let item)): item.name.columns
      case .choice(_, .run(let run)): run.name.columns
      case .blank, .heading, .remark: 0
      }
    }
    let nameWidth = min(names.max() ?? 0, area.width / 2)
    for (index, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      let y = area.y + index
      switch row {
      case .blank: break
      case .heading(let text): write(text, x: area.x, y: y, width: area.width, style: theme.title)
      case .remark(let text): write(text, x: area.x + 2, y: y, width: area.width - 2, style: theme.faint)
      case .choice(let place, let entry):
        let line = Rect(x: area.x, y: y, width: area.width, height: 1)
        draw(entry, isChosen: place == screen.selected, nameWidth: nameWidth, in: line)
      }
    }
  }

  private mutating func draw(_ entry: StartScreen.Entry, isChosen: Bool, nameWidth: Int, in rect: Rect) {
    if isChosen { fillRow(rect, y: rect.y, style: theme.selected) }
    func style(_ style: Style) -> Style { isChosen ? theme.selected : style }
    write(isChosen ? sign(.chosen) : " ", x: rect.x, y: rect.y, width: 1, style: style(theme.key))
    let left = rect.x + 2
    let textLeft = left + nameWidth + 3
    let room = rect.maxX - textLeft
    switch entry {
    case .configuration(let item):
      write(item.name, x: left, y: rect.y, width: nameWidth, style: style(theme.value))
      write(item.line, x: textLeft, y: rect.y, width: room, style: style(theme.faint))
    case .run(let run):
      write(run.name, x: left, y: rect.y, width: nameWidth, style: style(theme.value))
      let step = "step \(grouped(run.step))/\(grouped(run.totalSteps))"
      let age = run.age.map { formatDuration($0.rounded()) + " ago" } ?? ""
      let state: Style =
        switch run.state {
        case "finished": theme.good
        case "failed": theme.critical
        default: theme.text
        }
      let spans = [
        Span(run.state.padded(to: 11, ellipsis: ellipsis) + "  ", style(state)),
        Span(step.padded(to: 22, ellipsis: ellipsis) + "  ", style(theme.text)), Span(age, style(theme.faint)),
      ]
      write(spans, x: textLeft, y: rect.y, width: room)
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
