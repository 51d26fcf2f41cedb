import Telemetry
import TerminalKit

/// A row of the banner: what a person must not overlook.
struct BannerLine {
  var text: String
  var style: Style
}

extension Verdict.Kind {
  /// The field's name for it.
  var words: String {
    switch self {
    case .modeCollapse: "mode collapse"
    case .vanishingGradients: "vanishing gradients"
    case .discriminatorWon: "the discriminator has won"
    case .generatorWon: "the generator has won"
    case .divergence: "divergence"
    case .oscillation: "oscillation"
    }
  }
}

extension Painter {
  /// The rows that a state asks for: how the run ended, why it waits, and the verdicts that hold.
  func bannerLines(_ state: DashboardState, width: Int) -> [BannerLine] {
    var result: [BannerLine] = []
    func add(_ sign: Sign, _ text: String, _ style: Style) {
      let lines = text.wrapped(to: max(1, width - 4))
      for (index, line) in lines.prefix(3).enumerated() {
        let isCut = index == 2 && lines.count > 3
        let prefix = index == 0 ? self.sign(sign).padded(to: 2) : "  "
        result.append(BannerLine(text: " " + prefix + line + (isCut ? ellipsis : ""), style: style.with(.reverse)))
      }
    }
    // Where only one has room, this one tells what is on the screen.
    if let words = state.rewindWords { add(.paused, words, theme.warning) }
    switch state.runState {
    case .failed(let message): add(.failed, "failed: \(message) (q leaves)", theme.critical)
    case .finished: add(.done, "finished: \(state.outcome) (q leaves)", theme.good)
    case .stopped: add(.done, "stopped with a checkpoint: \(state.outcome) (q leaves)", theme.good)
    case .paused(let reason?): add(.paused, "paused: \(reason)", theme.critical)
    case .preparing, .training, .paused(nil), .stopping: break
    }
    for verdict in state.activeVerdicts {
      let words = verdict.kind.words
      // An oscillation's message begins with what it is: some are rotations.
      let namesItself = verdict.kind == .oscillation || verdict.message.lowercased().hasPrefix(words)
      let message = namesItself ? verdict.message : "\(words): \(verdict.message)"
      let rule = verdict.rule.isEmpty ? "" : " (\(verdict.rule))"
      add(.alert, message + rule, verdict.severity == .critical ? theme.critical : theme.warning)
    }
    return result
  }

  mutating func drawBanner(_ lines: [BannerLine], in rect: Rect) {
    for (index, line) in lines.prefix(rect.height).enumerated() {
      fillRow(rect, y: rect.y + index, style: line.style)
      write(line.text, x: rect.x, y: rect.y + index, width: rect.width, style: line.style)
    }
  }
}

extension DashboardState {
  /// How far a run came, in half a sentence.
  var outcome: String {
    var parts = ["\(grouped(history.step)) steps in \(formatDuration(history.elapsed))"]
    // Of the end, whatever moment is looked at.
    func last(_ id: MetricID) -> Double { history.metrics[id]?.last?.last ?? .nan }
    let covered = last(.modesCovered)
    if covered.isFinite {
      parts.append("\(formatted(covered))\(run?.modes.map { " of \($0)" } ?? "") modes")
    }
    let quality = last(.highQuality)
    if quality.isFinite { parts.append("\(percentText(quality)) high quality") }
    return parts.joined(separator: ", ")
  }
}
