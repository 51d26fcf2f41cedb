import TerminalKit

/// The screen of all settings. What is changed there holds at once and is kept.
struct OptionsView: Sendable, Equatable {
  var selected = 0

  static func area(size: Size) -> Rect { Rect(x: 0, y: 0, width: size.width, height: max(0, size.height - 1)) }
  static func height(size: Size) -> Int { min(area(size: size).height, Setting.all.count + 6) }

  /// The place inside of the frame, the first row that is seen, and how many are.
  static func place(_ view: OptionsView, size: Size) -> (inside: Rect, first: Int, rows: Int) {
    let inside = Painter.dialogInside(in: area(size: size), width: 64, height: height(size: size))
    let notes = inside.height >= 7 ? 3 : inside.height >= 4 ? 1 : 0
    let rows = max(0, inside.height - notes)
    return (inside, min(max(0, view.selected - rows / 2), max(0, Setting.all.count - rows)), rows)
  }
}

extension DashboardState {
  mutating func pressOptions(_ action: LayerAction) -> [Effect] {
    guard let view = shell.options else { return [] }
    let count = Setting.all.count
    switch action {
    case .up: shell.options?.selected = (view.selected + count - 1) % count
    case .down: shell.options?.selected = (view.selected + 1) % count
    case .first: shell.options?.selected = 0
    case .last: shell.options?.selected = count - 1
    case .left, .right, .reset:
      let setting = Setting.all[min(view.selected, count - 1)]
      let choices = setting.choices(self)
      guard !choices.isEmpty else { return [] }
      if action == .reset { return change(setting, to: setting.text(Settings())) }
      let now = choices.firstIndex(of: setting.text(shell.settings)) ?? 0
      let next = (now + (action == .left ? choices.count - 1 : 1)) % choices.count
      return change(setting, to: choices[next])
    default: shell.options = nil
    }
    return []
  }

  /// - Throws: `PaletteError` for a setting or a value that there is not.
  mutating func change(_ key: String, to text: String) throws(PaletteError) -> [Effect] {
    guard let setting = Setting.all.first(where: { $0.key == key }) else {
      throw .noSuch(what: "setting", name: key, accepted: Setting.all.map(\.key))
    }
    guard setting.choices(self).contains(text) else {
      throw .refused("\(key): expected \(setting.choices(self).joined(separator: ", ")), found \"\(text)\"")
    }
    return change(setting, to: text)
  }

  private mutating func change(_ setting: Setting, to text: String) -> [Effect] {
    var settings = shell.settings
    guard setting.set(&settings, text) else { return [] }
    shell.settings = settings
    var effects: [Effect] = [.save(settings)]
    switch setting.key {
    case "theme":
      shell.theme = settings.theme
      effects.insert(.theme(settings.theme), at: 0)
    case "preset": if !settings.preset.isEmpty { effects += usePreset(settings.preset) }
    case "smoothing":
      charts.smoothingIndex = ChartView.smoothings.firstIndex(of: settings.smoothing) ?? charts.smoothingIndex
    case "logarithmic": charts.isLogarithmic = settings.isLogarithmic
    case "robust": charts.isRobust = settings.isRobust
    case "images": imageMode = settings.imageMode
    default: break
    }
    say("\(setting.key) is \(text)")
    return effects
  }
}

extension Painter {
  mutating func drawOptions(_ view: OptionsView, _ state: DashboardState, size: Size) {
    let settings = Setting.all
    _ = dialog(in: OptionsView.area(size: size), width: 64, height: OptionsView.height(size: size), title: "options")
    let (inside, first, rows) = OptionsView.place(view, size: size)
    let notes = inside.height - rows
    let titleWidth = settings.map(\.title.columns).max() ?? 0
    for (index, setting) in settings.dropFirst(first).prefix(rows).enumerated() {
      let isChosen = first + index == view.selected
      let style = isChosen ? theme.selected : theme.text
      let y = inside.y + index
      if isChosen { fillRow(inside, y: y, style: style) }
      write(isChosen ? sign(.chosen) : " ", x: inside.x, y: y, width: 1, style: style)
      write(setting.title, x: inside.x + 2, y: y, width: titleWidth, style: style)
      var value = setting.text(state.shell.settings)
      // The theme in use may be the terminal's, or that of a key.
      if setting.key == "theme", value != state.shell.theme, !state.shell.theme.isEmpty {
        value += " (now \(state.shell.theme))"
      }
      let text = isChosen ? "\(sign(.lower)) \(value) \(sign(.higher))" : "  \(value)"
      write(
        text, x: inside.x + titleWidth + 4, y: y, width: inside.width - titleWidth - 4,
        style: isChosen ? theme.selected : theme.value)
    }
    guard notes > 0, settings.indices.contains(view.selected) else { return }
    let setting = settings[view.selected]
    let text = ["\(setting.explanation)"].flatMap { $0.wrapped(to: inside.width) }.prefix(max(1, notes - 1))
    for (index, line) in text.enumerated() {
      write(line, x: inside.x, y: inside.y + rows + index, width: inside.width, style: theme.faint)
    }
    if notes > 2 {
      write(
        "kept in config.yaml under \(setting.key)", x: inside.x, y: inside.maxY - 1, width: inside.width,
        style: theme.faint)
    }
  }
}
