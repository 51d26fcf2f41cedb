import Telemetry
import TerminalKit

extension DashboardState {
  /// Draws the state: the same state, size, theme and capabilities give the same frame.
  public func view(size: Size, theme: Theme, capabilities: Capabilities) -> CellBuffer {
    var painter = Painter(size: size, theme: theme, capabilities: capabilities)
    guard Layout.fits(size) else {
      painter.drawTooSmall(size)
      return painter.buffer
    }
    let banner = painter.bannerLines(self, width: size.width)
    let layout = self.layout(size: size, bannerRows: banner.count)
    painter.drawHeader(layout.header, self)
    painter.drawBanner(banner, in: layout.banner)
    if run == nil, history.metrics.isEmpty, !isOver {
      painter.drawBuilding(
        Rect(
          x: 0, y: layout.banner.maxY, width: size.width, height: layout.keyLine.y - layout.banner.maxY))
    } else {
      for place in layout.panes { painter.draw(place.pane, in: place.rect, self) }
    }
    painter.drawKeyLine(layout.keyLine, self)
    switch dialog {
    case .help(let first): painter.drawHelp(first: first, size: size, self)
    case .quit: painter.drawQuitQuestion(size: size, self)
    case .runs: painter.drawRunPicker(size: size, self)
    case nil: painter.drawLayer(self, size: size)
    }
    return painter.buffer
  }
}

extension Painter {
  mutating func draw(_ pane: Pane, in rect: Rect, _ state: DashboardState) {
    switch pane {
    case .losses: drawLosses(rect, state)
    case .samples: drawSamples(rect, state)
    case .balance: drawBalance(rect, state)
    case .entropy: drawEntropy(rect, state)
    case .hyperparameters: drawHyperparameters(rect, state)
    case .log: drawLog(rect, state)
    case .metrics: drawMetrics(rect, state)
    case .system: drawSystem(rect, state)
    case .layers: drawLayers(rect, state)
    }
  }

  /// What lies over the panels.
  mutating func drawLayer(_ state: DashboardState, size: Size) {
    if let palette = state.shell.palette { drawPalette(palette, state, size: size) }
    if let list = state.shell.themeList { drawThemes(list, state, size: size) }
    if let options = state.shell.options { drawOptions(options, state, size: size) }
  }

  /// What a screen gets on which nothing else has room.
  mutating func drawTooSmall(_ size: Size) {
    let area = Rect(x: 0, y: 0, width: size.width, height: size.height)
    let lines = [
      "needs \(Layout.minimum.width)x\(Layout.minimum.height)", "has \(size.width)x\(size.height)",
    ]
    let oneLine = lines.joined(separator: ", ")
    if size.height < 2 || oneLine.columns <= size.width {
      writeCentered(oneLine, in: area, y: size.height / 2, style: theme.warning)
    } else {
      for (index, line) in lines.enumerated() {
        writeCentered(line, in: area, y: size.height / 2 - 1 + index, style: theme.warning)
      }
    }
  }

  /// The first frame: the model takes a moment.
  mutating func drawBuilding(_ area: Rect) {
    let lines = ["building the model", "the first step follows at once"]
    let inside = dialog(in: area, width: 40, height: 5, title: "")
    let top = inside.y + (inside.height - lines.count) / 2
    for (index, line) in lines.enumerated() where top + index < inside.maxY {
      writeCentered(line, in: inside, y: top + index, style: index == 0 ? theme.title : theme.faint)
    }
  }
}
