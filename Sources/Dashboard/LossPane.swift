import Telemetry
import TerminalKit

extension Painter {
  mutating func drawLosses(_ rect: Rect, _ state: DashboardState) {
    let notes = state.shell.filter.isActive ? "\(state.chartNotes) /\(state.shell.filter.text)" : state.chartNotes
    let inside = pane(.losses, rect, trailing: notes, state: state)
    // Who filters looks for parts, too.
    let isDetailed = state.fullScreen == .losses || state.shell.filter.isActive
    let metrics = state.lossMetrics(detailed: isDetailed)
    if state.shell.filter.isActive, state.filtered(metrics, id: \.self).isEmpty {
      writeCentered("no loss matches", in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    chart(
      metrics.enumerated().map { ($1, theme.seriesColor($0)) }, in: inside, state: state)
  }
}

extension DashboardState {
  /// The losses that a run has: those of the players, and their parts where there is room for details.
  func lossMetrics(detailed: Bool) -> [MetricID] {
    var ids = (run?.metrics.map(\.id) ?? []).filter { $0.group == "loss" }
    for id in history.metrics.keys.sorted(by: { $0.rawValue < $1.rawValue }) where id.group == "loss" {
      if !ids.contains(id) { ids.append(id) }
    }
    if ids.isEmpty, run?.players.isEmpty == true { return foreignLosses(detailed: detailed) }
    let players = (run?.players ?? []).map { MetricID(rawValue: "loss/\($0)") }
    let own = ids.filter { players.contains($0) || $0 == .generatorLoss || $0 == .discriminatorLoss }
    return detailed || own.isEmpty ? ids : own
  }

  /// The losses of another program's run, whose tags are its own: those that are called so, or else all.
  private func foreignLosses(detailed: Bool) -> [MetricID] {
    let ids = history.metrics.keys.sorted { $0.rawValue < $1.rawValue }
    let losses = ids.filter { $0.rawValue.lowercased().contains("loss") }
    return detailed || losses.isEmpty ? ids : losses
  }
}
