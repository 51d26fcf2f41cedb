import Foundation
import Telemetry
import TerminalKit

extension DashboardState {
  /// Whether the panel of the machine is on the screen, so that measuring it is worth the time.
  public var showsSystem: Bool {
    Layout.fits(size) && layout(size: size, bannerRows: 0).panes.contains { $0.pane == .system }
  }
}

extension Painter {
  mutating func drawSystem(_ rect: Rect, _ state: DashboardState) {
    let trailing = state.shell.system.last.map { "\($0.cores) core\($0.cores == 1 ? "" : "s")" } ?? ""
    let inside = pane(.system, rect, trailing: trailing, state: state)
    guard !inside.isEmpty else { return }
    guard let report = state.shell.system.last else {
      writeCentered("no measurement yet", in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    let system = state.shell.system
    let cores = Double(max(1, report.cores))
    var rows: [(label: String, value: String, share: Double?, curve: [Double], color: Color)] = [
      ("cpu", coresText(report.processCores), report.processCores / cores, system.process, theme.seriesColor(0)),
      ("machine", coresText(report.machineCores), report.machineCores / cores, system.machine, theme.seriesColor(1)),
      (
        "memory", bytesText(report.residentBytes), report.residentBytes / max(1, report.totalBytes), system.resident,
        theme.seriesColor(2)
      ),
      ("in use", bytesText(report.usedBytes), report.usedBytes / max(1, report.totalBytes), [], theme.seriesColor(3)),
    ]
    if let temperature = report.temperature {
      rows.append(("temp", "\(Int(temperature.rounded())) C", temperature / 100, [], theme.seriesColor(4)))
    }
    rows.append(("steps/s", state.speed.map { formatted($0, digits: 3) } ?? "--", nil, [], theme.seriesColor(5)))
    var y = inside.y
    for row in rows where y < inside.maxY {
      let line = Rect(x: inside.x, y: y, width: inside.width, height: 1)
      write(row.label, x: line.x, y: y, width: 7, style: theme.faint)
      let isHot = row.label == "temp" && (row.share ?? 0) >= 0.9
      writeRight(row.value, maxX: line.x + 16, y: y, width: 9, style: isHot ? theme.critical : theme.value)
      let rest = Rect(x: line.x + 18, y: y, width: line.width - 18, height: 1)
      drawShare(row.share, row.curve, row.color, row.label, in: rest, state)
      y += 1
    }
    // Threads below: who uses the cores.
    guard inside.maxY - y >= 3 else { return }
    write(
      "threads", x: inside.x, y: y, width: inside.width, style: theme.faint)
    y += 1
    for thread in report.threads where y < inside.maxY {
      let name = thread.count > 1 ? "\(thread.name) x\(thread.count)" : thread.name
      let width = min(20, max(8, inside.width - 22))
      write(name, x: inside.x, y: y, width: width, style: theme.text)
      writeRight(coresText(thread.cores), maxX: inside.x + width + 8, y: y, width: 7, style: theme.value)
      let gauge = Rect(x: inside.x + width + 10, y: y, width: inside.width - width - 10, height: 1)
      if gauge.width >= 4 {
        Gauge(value: min(1, thread.cores / cores)).draw(
          in: gauge, into: &buffer, theme: theme, capabilities: capabilities)
      }
      y += 1
    }
  }

  /// A curve where there is room for one, beside a gauge.
  private mutating func drawShare(
    _ share: Double?, _ curve: [Double], _ color: Color, _ label: String, in rect: Rect, _ state: DashboardState
  ) {
    guard rect.width >= 4 else { return }
    guard let share else {
      if let speed = state.history.metrics[.stepsPerSecond] {
        let values = speed.columns(steps: state.chartRange, count: rect.width).map(\.mean)
        Sparkline(values: values, color: color).draw(
          in: rect, into: &buffer, theme: theme, capabilities: capabilities)
      }
      return
    }
    let hasCurve = !curve.isEmpty && rect.width >= 16
    let gaugeWidth = hasCurve ? rect.width / 2 - 1 : rect.width
    Gauge(value: min(max(share, 0), 1)).draw(
      in: Rect(x: rect.x, y: rect.y, width: gaugeWidth, height: 1), into: &buffer, theme: theme,
      capabilities: capabilities)
    guard hasCurve else { return }
    let area = Rect(x: rect.x + gaugeWidth + 1, y: rect.y, width: rect.width - gaugeWidth - 1, height: 1)
    Sparkline(values: Array(curve.suffix(area.width)), color: color).draw(
      in: area, into: &buffer, theme: theme, capabilities: capabilities)
  }

  private func coresText(_ cores: Double) -> String {
    cores.isFinite ? String(format: "%.0f%%", cores * 100) : "--"
  }

  private func bytesText(_ bytes: Double) -> String {
    guard bytes.isFinite else { return "--" }
    return bytes >= 1e9 ? String(format: "%.1f GB", bytes / 1e9) : String(format: "%.0f MB", bytes / 1e6)
  }
}
