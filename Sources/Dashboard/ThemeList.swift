import TerminalKit

/// The list of themes, each seen at once on everything while it is chosen.
struct ThemeList: Sendable, Equatable {
  var selected: Int
  /// What to go back to.
  var original: String

  static func height(count: Int, size: Size) -> Int { min(count + 3, size.height - 2) }
  static func area(size: Size) -> Rect {
    Rect(x: max(0, size.width - 34), y: 0, width: min(34, size.width), height: size.height - 1)
  }

  /// The place inside of the frame, the first row that is seen, and how many are.
  static func place(_ list: ThemeList, count: Int, size: Size) -> (inside: Rect, first: Int, rows: Int) {
    let inside = Painter.dialogInside(in: area(size: size), width: 34, height: height(count: count, size: size))
    let rows = max(0, inside.height - 1)
    return (inside, min(max(0, list.selected - rows / 2), max(0, count - rows)), rows)
  }
}

extension DashboardState {
  mutating func openThemeList() {
    guard !shell.themes.isEmpty else {
      say("there is no other theme", .warning)
      return
    }
    shell.themeList = ThemeList(selected: shell.themes.firstIndex(of: shell.theme) ?? 0, original: shell.theme)
  }

  mutating func pressThemes(_ action: LayerAction) -> [Effect] {
    guard let list = shell.themeList else { return [] }
    let count = shell.themes.count
    switch action {
    case .up: return preview((list.selected + count - 1) % max(1, count))
    case .down: return preview((list.selected + 1) % max(1, count))
    case .first: return preview(0)
    case .last: return preview(count - 1)
    case .accept:
      shell.themeList = nil
      return useTheme(shell.theme, saving: true)
    default:
      shell.themeList = nil
      return useTheme(list.original, saving: false)
    }
  }

  mutating func preview(_ index: Int) -> [Effect] {
    guard shell.themes.indices.contains(index) else { return [] }
    shell.themeList?.selected = index
    return useTheme(shell.themes[index], saving: false)
  }

  mutating func useTheme(_ name: String, saving: Bool) -> [Effect] {
    shell.theme = name
    guard saving else { return [.theme(name)] }
    shell.settings.theme = name
    say("theme \(name)")
    return [.theme(name), .save(shell.settings)]
  }

  mutating func nextTheme() -> [Effect] {
    guard !shell.themes.isEmpty else { return [.nextTheme] }
    let index = (shell.themes.firstIndex(of: shell.theme) ?? -1) + 1
    let name = shell.themes[index % shell.themes.count]
    say("theme \(name)")
    shell.theme = name
    return [.theme(name)]
  }
}

extension Painter {
  mutating func drawThemes(_ list: ThemeList, _ state: DashboardState, size: Size) {
    let names = state.shell.themes
    let height = ThemeList.height(count: names.count, size: size)
    _ = dialog(in: ThemeList.area(size: size), width: 34, height: height, title: "themes")
    let (inside, first, rows) = ThemeList.place(list, count: names.count, size: size)
    for (index, name) in names.dropFirst(first).prefix(rows).enumerated() {
      let isChosen = first + index == list.selected
      let style = isChosen ? theme.selected : theme.text
      let y = inside.y + index
      if isChosen { fillRow(inside, y: y, style: style) }
      write(isChosen ? sign(.chosen) : " ", x: inside.x, y: y, width: 1, style: style)
      write(name, x: inside.x + 2, y: y, width: inside.width - 2, style: style)
    }
    // What curves, gauges and heat maps look like.
    guard inside.height > 1 else { return }
    var x = inside.x
    let mark = capabilities.glyphs == .ascii ? "#" : "█"
    for color in theme.series.prefix(8) + [theme.real, theme.generated] + theme.gradient where x + 1 < inside.maxX {
      write(mark + mark, x: x, y: inside.maxY - 1, width: 2, style: theme.style(color))
      x += 2
    }
  }
}
