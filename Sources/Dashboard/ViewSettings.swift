import Telemetry
import TerminalKit

/// What keys change of how the run is shown; nothing here reaches the trainer.
extension DashboardState {
  /// The panes on the screen, in the order of the focus.
  var visiblePanes: [Pane] {
    let layout = self.layout(size: size)
    return Pane.allCases.filter { pane in layout.panes.contains { $0.pane == pane } }
  }

  mutating func moveFocus(_ direction: Int) {
    if let fullScreen {
      fill(with: Self.pane(after: fullScreen, by: direction))
      return
    }
    let panes = visiblePanes
    guard !panes.isEmpty else { return }
    let index = panes.firstIndex(of: focus).map { $0 + direction } ?? 0
    focus = panes[(index + panes.count) % panes.count]
  }

  mutating func resize(_ size: Size) {
    self.size = size
    shell.drag = nil
    charts.dragged = nil
    lab.sketch?.stroke = nil
    keepFocusVisible()
  }

  private static func pane(after pane: Pane, by offset: Int) -> Pane {
    let panes = Pane.allCases
    let index = (panes.firstIndex(of: pane) ?? 0) + offset
    return panes[(index + panes.count) % panes.count]
  }

  mutating func fill(with pane: Pane?) {
    fullScreen = pane
    if let pane { focus = pane } else if !visiblePanes.contains(focus) { focus = .hyperparameters }
  }

  /// The first pane, then each other, then all together again.
  mutating func cycleFullScreen() {
    guard let fullScreen else {
      fill(with: focus == .hyperparameters ? .losses : focus)
      return
    }
    let next = Self.pane(after: fullScreen, by: 1)
    fill(with: next == Pane.allCases.first ? nil : next)
  }

  mutating func nextImageMode() {
    let modes = ImageMode.allCases
    let index = (modes.firstIndex(of: imageMode) ?? 0) + 1
    imageMode = modes[index % modes.count]
    switch imageMode {
    case .ascii: say("pictures in ASCII")
    case .halfBlock: say("pictures in half blocks")
    case .quadrant: say("pictures in quadrants of a cell")
    case .sextant: say("pictures in sixths of a cell, which older fonts lack")
    case .symbols: say("pictures in the symbols that libchafa finds nearest")
    case .auto: say("pictures as the terminal suggests")
    }
  }

  mutating func nextPanel() {
    let panels = pictures
    guard panels.count > 1 else {
      say(panels.isEmpty ? "no picture yet" : "this is the only picture")
      return
    }
    let index = panels.firstIndex { $0.id == shownPanel }.map { $0 + 1 } ?? 0
    shownPanel = panels[index % panels.count].id
  }

  /// Takes away the topmost of what a person has put over the usual screen.
  mutating func back() {
    if lab.slow != nil {
      endSlowMotion()
    } else if lab.scrubbed != nil {
      setCursor(nil)
    } else if charts.cursor != nil {
      charts.cursor = nil
    } else if log.offset > 0 {
      log.scrollToBottom()
    } else if fullScreen != nil {
      fill(with: nil)
    } else if shell.filter.isActive {
      clearFilter()
    } else if charts.window != .all {
      charts.window = .all
    } else {
      focus = .hyperparameters
    }
  }

  mutating func scroll(_ action: Action) {
    if case .help(let first) = dialog {
      let offset = action == .scrollUp || action == .scrollPageUp ? -1 : 1
      let rows = HelpOverlay.rows(self, ascii: false).count
      let page = HelpOverlay.pageHeight(rows: rows, size: size)
      dialog = .help(min(max(0, first + offset * max(1, page / 2)), HelpOverlay.lastFirstRow(rows: rows, size: size)))
      return
    }
    let page = max(1, size.height / 2)
    switch action {
    case .scrollUp: log.scroll(by: 1)
    case .scrollDown: log.scroll(by: -1)
    case .scrollPageUp: log.scroll(by: page)
    case .scrollPageDown: log.scroll(by: -page)
    case .scrollToTop: log.scrollToTop()
    default: log.scrollToBottom()
    }
  }
}
