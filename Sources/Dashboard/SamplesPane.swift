import Telemetry
import TerminalKit

extension Painter {
  mutating func drawSamples(_ rect: Rect, _ state: DashboardState) {
    let shown = state.shownPicture
    let title = state.lab.sketch == nil ? shown?.note ?? "" : "your data"
    let inside = pane(.samples, rect, trailing: title, state: state)
    guard !inside.isEmpty else { return }
    if let sketch = state.lab.sketch {
      drawSketch(sketch, in: inside)
      return
    }
    guard let panel = shown?.panel else {
      if drawPortrait(in: inside, state) { return }
      writeCentered(
        state.isOver ? "no picture of these samples" : "no samples yet", in: inside, y: inside.y + inside.height / 2,
        style: theme.faint)
      return
    }
    switch panel.content {
    case .points(let points): drawPoints(points, in: inside, state)
    case .images(let grid):
      let area = state.caption.map { drawCaption($0, in: inside) } ?? inside
      drawGrid(grid, in: area, mode: state.imageMode)
    case .bars(let bars):
      Bars(bars.bars.map { Bars.Bar(label: $0.label, value: $0.value, reference: $0.reference) })
        .draw(in: inside, into: &buffer, theme: theme, capabilities: capabilities)
    case .text(let lines):
      let rows = lines.flatMap { $0.wrapped(to: inside.width) }.prefix(inside.height)
      for (index, line) in rows.enumerated() {
        write(line, x: inside.x, y: inside.y + index, width: inside.width, style: theme.text)
      }
    // They have panes of their own.
    case .layers, .scores: break
    }
  }

  private mutating func drawGrid(_ grid: ImageGrid, in rect: Rect, mode: ImageMode) {
    let (perRow, first) = grid.width.multipliedReportingOverflow(by: grid.height)
    let (size, second) = perRow.multipliedReportingOverflow(by: max(1, grid.channels))
    guard !first, !second, size > 0, grid.count > 0 else { return }
    // No more pictures than bytes say.
    let available = min(grid.count, (grid.pixels.count + size - 1) / size)
    let images = (0..<available).map { index in
      PixelImage(
        width: grid.width, height: grid.height, channels: grid.channels,
        pixels: Array(grid.pixels.dropFirst(index * size).prefix(size)))
    }
    if let columns = grid.columns {
      ImageSheetView(
        images, columns: columns, rowLabels: grid.rowLabels ?? [], columnLabels: grid.columnLabels ?? [],
        labels: grid.labels
      ).draw(in: rect, mode: mode, into: &buffer, theme: theme, capabilities: capabilities)
      return
    }
    buffer.drawImages(images, in: rect, mode: mode, theme: theme, capabilities: capabilities)
  }
}
