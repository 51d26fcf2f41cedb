import Telemetry
import TerminalKit

extension Painter {
  mutating func drawSamples(_ rect: Rect, _ state: DashboardState) {
    let panel = state.panels.first { $0.id == state.shownPanel } ?? state.panels.first
    let title = panel.map { panel in
      (panel.title.isEmpty || panel.title == Pane.samples.title ? "" : panel.title + " ")
        + "step \(grouped(panel.step))"
    }
    let inside = pane(.samples, rect, trailing: title ?? "", state: state)
    guard !inside.isEmpty else { return }
    guard let panel else {
      writeCentered("no samples yet", in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    switch panel.content {
    case .points(let points): drawPoints(points, in: inside)
    case .images(let grid): drawGrid(grid, in: inside, mode: state.imageMode)
    case .bars(let bars):
      Bars(bars.bars.map { Bars.Bar(label: $0.label, value: $0.value, reference: $0.reference) })
        .draw(in: inside, into: &buffer, theme: theme, capabilities: capabilities)
    case .text(let lines):
      let rows = lines.flatMap { $0.wrapped(to: inside.width) }.prefix(inside.height)
      for (index, line) in rows.enumerated() {
        write(line, x: inside.x, y: inside.y + index, width: inside.width, style: theme.text)
      }
    }
  }

  private mutating func drawPoints(_ points: PointsPanel, in rect: Rect) {
    let hasLegend = rect.height >= 8
    let area = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - (hasLegend ? 1 : 0))
    func pairs(_ points: [PointsPanel.Point]) -> [(Float, Float)] { points.map { ($0.x, $0.y) } }
    ScatterPlot(
      minimum: (points.minimum.x, points.minimum.y), maximum: (points.maximum.x, points.maximum.y),
      layers: [
        (points: pairs(points.real), color: theme.real, glyph: nil),
        (points: pairs(points.generated), color: theme.generated, glyph: nil),
      ],
      field: points.field.map { ($0.columns, $0.rows, $0.values, $0.middle) }
    ).draw(in: area, into: &buffer, theme: theme, capabilities: capabilities)
    if hasLegend { drawPointsLegend(points, x: rect.x, y: rect.maxY - 1, width: rect.width) }
  }

  private mutating func drawPointsLegend(_ points: PointsPanel, x: Int, y: Int, width: Int) {
    let bullets = isASCII || capabilities.colors == .monochrome ? ("o", "x") : (sign(.bullet), sign(.bullet))
    var spans = [
      Span(bullets.0, theme.style(theme.real)), Span(" real  ", theme.text),
      Span(bullets.1, theme.style(theme.generated)), Span(" generated", theme.text),
    ]
    if let field = points.field, capabilities.colors != .monochrome {
      spans.append(Span("  \(field.label) ", theme.text))
      spans += [0.0, 0.25, 0.5, 0.75, 1].map { place in
        Span(" ", Style(foreground: theme.text.foreground, background: theme.diverging.color(at: place)))
      }
    }
    // Whole entries only: half a palette says nothing.
    let columns = spans.reduce(0) { $0 + $1.text.columns }
    let shown = columns <= width ? spans : Array(spans.prefix(4))
    let used = min(width, shown.reduce(0) { $0 + $1.text.columns })
    write(shown, x: x + (width - used) / 2, y: y, width: width)
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
    buffer.drawImages(images, in: rect, mode: mode, theme: theme, capabilities: capabilities)
  }
}
