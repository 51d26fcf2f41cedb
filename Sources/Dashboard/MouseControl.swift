import TerminalKit

/// What clicks, drags and the wheel do.
extension DashboardState {
  mutating func point(_ event: MouseEvent) -> [Effect] {
    guard Layout.fits(size) else { return [] }
    if lab.sketch != nil, dialog == nil, shell.layer == nil { return sketch(event) }
    guard !event.isRight else { return [] }
    switch event.kind {
    case .drag: return drag(to: event)
    case .release:
      let effects = drag(to: event)
      shell.drag = nil
      charts.dragged = nil
      return effects
    case .wheelUp, .wheelDown: return wheel(event)
    case .press:
      notice = nil
      // A release may have been lost with the terminal's focus.
      shell.drag = nil
      charts.dragged = nil
      return click(event)
    }
  }

  private mutating func drag(to event: MouseEvent) -> [Effect] {
    moveCursor(to: event)
    guard let drag = shell.drag else { return [] }
    // From where it was taken: weights are those of that moment.
    return move(drag.border, by: drag.border.axis == .columns ? event.x - drag.x : event.y - drag.y)
  }

  private mutating func click(_ event: MouseEvent) -> [Effect] {
    if event.y == size.height - 1 { return clickKeyLine(event.x) }
    if dialog == .quit { return [] }
    if dialog == .runs { return clickRuns(event) }
    if case .help = dialog {
      dialog = nil
      return []
    }
    switch shell.layer {
    case .themes: return clickThemes(event)
    case .options: return clickOptions(event)
    case .palette:
      shell.palette = nil
      return []
    case .filter, .search, .borders, nil: break
    }
    let layout = self.layout(size: size)
    if fullScreen == nil, let border = layout.borders.last(where: { $0.contains(x: event.x, y: event.y) }) {
      shell.drag = (border, event.x, event.y)
    }
    guard let place = layout.panes.first(where: { $0.rect.contains(x: event.x, y: event.y) }) else { return [] }
    let wasFocused = focus == place.pane
    focus = place.pane
    if takeCursor(event) { return [] }
    if place.pane == .metrics, let row = Painter.ruler.metricRow(at: event, in: place.rect, self) {
      charts.chooser = row
    }
    if place.pane == .hyperparameters { return clickHyperparameters(event, in: place.rect, wasFocused: wasFocused) }
    return []
  }

  private mutating func clickHyperparameters(_ event: MouseEvent, in rect: Rect, wasFocused: Bool) -> [Effect] {
    guard let index = Painter.ruler.hyperparameterRow(at: event, in: rect, hyperparameters) else { return [] }
    if wasFocused, index == hyperparameters.selected, hyperparameters.entry == nil, !isOver {
      // Its arrows turn it; the rest of the row types it.
      let inside = Painter.inside(rect)
      if event.x >= inside.maxX - 2 { return perform(.raise(.normal)) }
      return perform(.typeValue)
    }
    hyperparameters.endEntry()
    hyperparameters.select(index: index)
    return []
  }

  /// A click on a run draws it or takes it away; one beside the list closes it.
  private mutating func clickRuns(_ event: MouseEvent) -> [Effect] {
    let (inside, first, rows) = RunPicker.place(charts.picker, size: size)
    guard inside.inset(by: -1).contains(x: event.x, y: event.y) else {
      dialog = nil
      return []
    }
    let row = event.y - inside.y
    guard inside.contains(x: event.x, y: event.y), row < rows, first + row < charts.picker.runs?.count ?? 0 else {
      return []
    }
    charts.picker.selected = first + row
    return toggleRun()
  }

  private mutating func wheel(_ event: MouseEvent) -> [Effect] {
    let isUp = event.kind == .wheelUp
    if dialog == .runs {
      charts.picker.move(isUp ? -1 : 1)
      return []
    }
    if case .help = dialog {
      scroll(isUp ? .scrollUp : .scrollDown)
      return []
    }
    guard dialog == nil else { return [] }
    switch shell.layer {
    case .themes: return pressThemes(isUp ? .up : .down)
    case .options: return pressOptions(isUp ? .up : .down)
    case .palette: return pressPalette(isUp ? .up : .down)
    case .filter, .search, .borders, nil: break
    }
    if zoomChart(event) { return [] }
    guard let place = layout(size: size).panes.first(where: { $0.rect.contains(x: event.x, y: event.y) })
    else { return [] }
    let pane = place.pane
    switch pane {
    case .metrics where Painter.ruler.metricRow(at: event, in: place.rect, self) != nil: moveMetric(isUp ? -1 : 1)
    case .log: log.scroll(by: isUp ? 3 : -3)
    case .hyperparameters where hyperparameters.entry == nil: hyperparameters.select(by: isUp ? -1 : 1)
    case _ where pane.hasCharts:
      let keys: [Key] = isUp ? [.character(")"), .up] : [.character("("), .down]
      if let action = keys.compactMap({ shell.keys.chartAction(for: $0, in: pane) }).first {
        return perform(action)
      }
    default: break
    }
    return []
  }

  /// The keys of the bottom row are buttons.
  mutating func clickKeyLine(_ x: Int) -> [Effect] {
    guard notice == nil else { return [] }
    var left = 1
    for hint in hintBindings(ascii: false) {
      let width = hint.key.columns + 1 + hint.text.columns
      if x >= left, x < left + width, let key = hint.binding.keys.first { return press(key) }
      left += width + 2
    }
    return []
  }

  private mutating func clickThemes(_ event: MouseEvent) -> [Effect] {
    guard let list = shell.themeList else { return [] }
    let (inside, first, rows) = ThemeList.place(list, count: shell.themes.count, size: size)
    let row = event.y - inside.y
    guard inside.contains(x: event.x, y: event.y), row < rows, first + row < shell.themes.count else {
      return pressThemes(.cancel)
    }
    return first + row == list.selected ? pressThemes(.accept) : preview(first + row)
  }

  private mutating func clickOptions(_ event: MouseEvent) -> [Effect] {
    guard let view = shell.options else { return [] }
    let (inside, first, rows) = OptionsView.place(view, size: size)
    let row = event.y - inside.y
    guard inside.contains(x: event.x, y: event.y) else { return pressOptions(.cancel) }
    guard row < rows, first + row < Setting.all.count else { return [] }
    if first + row == view.selected { return pressOptions(.right) }
    shell.options?.selected = first + row
    return []
  }
}

extension Rect {
  func contains(x: Int, y: Int) -> Bool { x >= self.x && x < maxX && y >= self.y && y < maxY }
}

extension Painter {
  /// What measures without drawing.
  static let ruler = Painter(
    size: Size(width: 0, height: 0), theme: .plain, capabilities: Capabilities(glyphs: .braille, colors: .monochrome))

  /// The place inside a pane's frame.
  static func inside(_ rect: Rect) -> Rect {
    let inside = rect.inset(by: 1)
    return inside.width >= 32
      ? Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: inside.height) : inside
  }

  /// The place inside of a dialog in the middle of a rectangle.
  static func dialogInside(in area: Rect, width: Int, height: Int) -> Rect {
    let width = min(width, area.width)
    let height = min(height, area.height)
    let inside = Rect(
      x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width: width, height: height
    ).inset(by: 1)
    return inside.width > 8
      ? Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: inside.height) : inside
  }
}
