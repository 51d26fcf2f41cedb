import Telemetry
import TerminalKit

extension DashboardState {
  /// What is left to say on the normal screen after the dashboard has gone.
  public func summary() -> [String] {
    guard !isFrozen else {
      var live = self
      live.thaw()
      return live.summary()
    }
    var lines: [String] = []
    // How long another program's run will be is not known.
    let total = run.flatMap { $0.totalSteps > 0 ? " of \(grouped($0.totalSteps))" : nil } ?? ""
    let place = "at step \(grouped(history.step))\(total), after \(formatDuration(history.elapsed)) of training"
    switch runState {
    case .finished: lines.append("\(runName): finished \(place)")
    case .stopped: lines.append("\(runName): stopped \(place)")
    case .failed(let message): lines.append("\(runName): failed \(place): \(message)")
    case .preparing: lines.append("\(runName): left before its first step")
    case .training, .paused, .stopping: lines.append("\(runName): left \(place)")
    }
    func values(_ pairs: [(String, String?)]) -> String {
      pairs.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }
    func value(_ id: MetricID, _ text: (Double) -> String = formatted) -> String? {
      history.metrics[id]?.last.map { text($0.last) }
    }
    let losses = lossMetrics(detailed: false).map { (title(of: $0), value($0)) }
    let modes = run?.modes.map { "/\($0)" } ?? ""
    let entropy = [
      ("modes", value(.modesCovered) { formatted($0) + modes }), ("high quality", value(.highQuality, percentText)),
      ("entropy over modes", value(.modeEntropy)), ("entropy gap", value(.entropyGap)),
      ("effective clusters", value(.effectiveClusters)),
    ]
    for line in [values(losses), values(entropy)] where !line.isEmpty { lines.append("  " + line) }
    for verdict in activeVerdicts { lines.append("  \(verdict.message) (\(verdict.rule))") }
    if !history.edits.isEmpty {
      lines.append("  \(history.edits.count) edit\(history.edits.count == 1 ? "" : "s") of hyperparameters")
    }
    if let checkpoint = history.checkpoints.last {
      lines.append("  checkpoint of step \(grouped(checkpoint.step)): \(checkpoint.path)")
    }
    if let run { lines.append("  run folder: \(run.folder)") }
    return lines
  }
}
