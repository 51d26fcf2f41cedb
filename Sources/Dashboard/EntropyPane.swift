import Foundation
import Telemetry
import TerminalKit

extension Painter {
  mutating func drawEntropy(_ rect: Rect, _ state: DashboardState) {
    let inside = pane(.entropy, rect, trailing: measuredAt(state), state: state)
    guard !inside.isEmpty else { return }
    let rows = entropyRows(state)
    guard !rows.isEmpty else {
      let words = state.has(.diracTheta) ? "one number has no entropy" : "no measurement yet"
      writeCentered(words, in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    let used = stats(rows, in: inside, state: state)
    var (_, rest) = inside.splitTop(used)
    if let bars = state.modeBars, rest.height >= 4 {
      let isTall = rest.height >= 14
      let rows = isTall ? min(8, rest.height / 2) : rest.height
      let (top, below) = rest.splitTop(rows)
      drawModes(bars, in: top)
      rest = below
    }
    rest = drawModeHistory(state, in: rest)
    guard rest.height >= 6 else { return }
    let (_, below) = rest.splitTop(1)
    if state.history.metrics[.generatedEntropy] != nil {
      chart([(.realEntropy, theme.real), (.generatedEntropy, theme.generated)], in: below, state: state)
    } else if state.history.metrics[.modeEntropy] != nil {
      chart([(.modeEntropy, theme.seriesColor(3))], in: below, state: state)
    }
  }

  /// The step of the newest measurement.
  private func measuredAt(_ state: DashboardState) -> String {
    let ids: [MetricID] = [.modeEntropy, .generatedEntropy, .effectiveClusters, .modesCovered]
    return ids.compactMap { state.shownBucket($0)?.lastStep }.max().map { "step \(grouped($0))" } ?? ""
  }

  /// The share of each mode over the steps, a row a mode: dark where it is lost, bright where it has more than its share.
  /// Only where a chart has room too; returns what is left.
  private mutating func drawModeHistory(_ state: DashboardState, in rect: Rect) -> Rect {
    let pictures = state.lab.modes.pictures
    guard let newest = pictures.last, case .bars(let bars) = newest.content, pictures.count > 1, !bars.bars.isEmpty,
      rect.height >= bars.bars.count + 9, rect.width >= 24
    else { return rect }
    let (_, area) = rect.splitTop(1)
    let first = pictures[0].step
    let title = "share of each mode, step \(grouped(first)) to \(grouped(newest.step))"
    write(title, x: area.x, y: area.y, width: area.width, style: theme.faint)
    let margin = (bars.bars.map(\.label.columns).max() ?? 0) + 1
    let width = area.width - margin
    let span = Double(max(1, newest.step - first))
    for column in 0..<max(0, width) {
      let step = first + Int(span * Double(column) / Double(max(1, width - 1)))
      guard case .bars(let then)? = state.lab.modes.nearest(to: step)?.content else { continue }
      for (row, bar) in then.bars.prefix(bars.bars.count).enumerated() {
        let reference = bar.reference ?? 1 / Double(then.bars.count)
        // Its own share lies in the middle of the ramp.
        let level = reference > 0 ? min(1, max(0, bar.value / (2 * reference))) : 0
        let place = (x: area.x + margin + column, y: area.y + 1 + row)
        if capabilities.colors == .monochrome || isASCII {
          buffer[place.x, place.y] = Cell(Shading.glyph(level), style: theme.text)
        } else {
          let color = theme.generated.mixed(with: theme.background.background, share: level)
          buffer[place.x, place.y] = Cell(
            color == nil ? Shading.glyph(level) : " ",
            style: color.map { Style(foreground: theme.text.foreground, background: $0) } ?? theme.text)
        }
      }
    }
    for (row, bar) in bars.bars.enumerated() {
      write(bar.label, x: area.x, y: area.y + 1 + row, width: margin - 1, style: theme.faint)
    }
    return rect.splitTop(bars.bars.count + 2).rest
  }

  /// The share of each mode beside the data's.
  private mutating func drawModes(_ bars: BarsPanel, in rect: Rect) {
    let shown = bars.bars.map { bar in
      // A mode with less than a fifth of its share is all but lost.
      let isLost = bar.reference.map { bar.value < $0 / 5 } ?? false
      return Bars.Bar(
        label: bar.label, value: bar.value, reference: bar.reference,
        color: isLost ? theme.critical.foreground : theme.generated)
    }
    // Upright bars where each has a column of its own.
    let isUpright = shown.count <= rect.width
    let (_, area) = rect.splitTop(rect.height >= 5 ? 1 : 0)
    if area.height < rect.height {
      write("share of each mode", x: rect.x, y: rect.y, width: rect.width, style: theme.faint)
    }
    let maximum = shown.flatMap { [$0.value, ($0.reference ?? 0) * 1.5] }.filter(\.isFinite).max()
    Bars(shown, orientation: isUpright ? .vertical : .horizontal, maximum: maximum)
      .draw(in: area, into: &buffer, theme: theme, capabilities: capabilities)
  }

  private func entropyRows(_ state: DashboardState) -> [StatRow] {
    var rows: [StatRow] = []
    func add(
      _ id: MetricID, _ label: String, _ color: Color, style: Style? = nil, _ text: (Double) -> String = formatted
    ) {
      guard state.history.metrics[id]?.last != nil else { return }
      rows.append(stat(id, label, color, style: style, state, text))
    }
    let modes = state.run?.modes
    func count(_ value: Double) -> String { formatted(value) + (modes.map { "/\($0)" } ?? "") }
    func mood(_ id: MetricID) -> Style? {
      guard let modes else { return nil }
      return state.last(id) >= Double(modes) ? theme.good : theme.warning
    }
    add(.modesCovered, "modes", theme.seriesColor(2), style: mood(.modesCovered), count)
    add(.highQuality, "quality", theme.seriesColor(2), percentText)
    // The entropy over the modes beside that of equal shares, ln K.
    add(.modeEntropy, "H modes", theme.seriesColor(3)) { value in
      modes.map { String(format: "%.2f/%.2f", value, log(Double(max(1, $0)))) } ?? formatted(value)
    }
    add(.generatedEntropy, "H(G(z))", theme.generated)
    add(.realEntropy, "H(x)", theme.real)
    let hasCollapsed = state.activeVerdicts.contains { $0.kind == .modeCollapse }
    add(.entropyGap, "gap", theme.seriesColor(6), style: hasCollapsed ? theme.critical : nil)
    add(.effectiveClusters, "clusters", theme.seriesColor(5))
    add(.modesWithMass, "with mass", theme.seriesColor(2), style: mood(.modesWithMass), count)
    return rows
  }
}

extension DashboardState {
  var modeBars: BarsPanel? {
    guard let panel = panels.first(where: { $0.id == Panel.modes }), case .bars(let bars) = panel.content,
      !bars.bars.isEmpty
    else { return nil }
    return bars
  }
}
