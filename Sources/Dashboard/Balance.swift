import Foundation
import Telemetry
import TerminalKit

/// Which player is ahead, in one number and in words.
struct Balance: Equatable {
  enum Mood: Equatable { case unknown, even, leaning, lopsided }

  /// From -1, where the discriminator tells everything apart, by 0 to 1, where the generator fools it throughout; NaN
  /// where nothing is known.
  var value: Double
  var words: String
  /// How the value came about.
  var rule: String
  var mood: Mood

  /// Reads the balance from mean scores.
  ///
  /// Where D(x) is a probability (its equilibrium is 1/2) the value is D(G(z)) - D(x). A critic's scores have no scale:
  /// there it is the difference of the scores over the largest so far, score(G(z)) - score(x) over that. Verdicts of the
  /// trainer go before both.
  init(_ state: DashboardState) {
    let real = state.last(.realScore)
    let fake = state.last(.fakeScore)
    let difference = fake - real
    if state.isCritic {
      let largest = state.largestDifference
      value = largest > 0 ? min(max(difference / largest, -1), 1) : difference == 0 ? 0 : .nan
      rule = "difference \(formatted(-difference)), largest \(formatted(largest))"
      let share = String(format: "%.0f%%", abs(value) * 100)
      words = value > 0.05 ? "the critic is misled" : "gap \(share) of its largest"
    } else {
      value = min(max(difference, -1), 1)
      rule = "D(G(z)) - D(x) = \(formatted(difference))"
      let leader = value < 0 ? "D" : "G"
      words =
        switch abs(value) {
        case ..<0.15: "balanced"
        case ..<0.5: "\(leader) is ahead"
        case ..<0.9: "\(leader) is far ahead"
        default: "\(leader) has won"
        }
    }
    mood =
      value.isNaN
      ? .unknown : abs(value) < 0.5 || (state.isCritic && value < 0) ? .even : abs(value) < 0.9 ? .leaning : .lopsided
    if value.isNaN {
      words = "no scores yet"
      rule = ""
    }
    let kinds: [Verdict.Kind] = [.discriminatorWon, .generatorWon, .vanishingGradients, .divergence]
    if let verdict = state.activeVerdicts.first(where: { kinds.contains($0.kind) }) {
      words = verdict.kind.words
      rule = verdict.rule
      mood = .lopsided
    }
  }
}

extension DashboardState {
  /// Whether the discriminator gives scores without a scale instead of values around 1/2.
  var isCritic: Bool {
    if let reference = run?.metrics.first(where: { $0.id == .realScore })?.reference { return reference.value != 0.5 }
    let scores = [history[.realScore], history[.fakeScore]]
    return scores.contains { $0.minimum < 0 || $0.maximum > 1 }
  }

  /// The largest lead of the real mean score so far.
  fileprivate var largestDifference: Double {
    let difference = history[.scoreDifference]
    if difference.maximum.isFinite { return max(abs(difference.minimum), abs(difference.maximum)) }
    return max(0, history[.realScore].maximum - history[.fakeScore].minimum)
  }
}

extension Painter {
  mutating func drawBalance(_ rect: Rect, _ state: DashboardState) {
    let inside = pane(.balance, rect, state: state)
    guard !inside.isEmpty else { return }
    let balance = Balance(state)
    drawBalanceGauge(balance, in: inside)
    var y = inside.y + 1
    let style: Style =
      switch balance.mood {
      case .unknown: theme.faint
      case .even: theme.good
      case .leaning: theme.warning
      case .lopsided: theme.critical
      }
    if y < inside.maxY {
      writeCentered(balance.words, in: inside, y: y, style: style)
      y += 1
    }
    let rows = balanceRows(state)
    if inside.maxY - y > rows.count, !balance.rule.isEmpty {
      writeCentered(balance.rule, in: inside, y: y, style: theme.faint)
      y += 1
    }
    var (_, rest) = inside.splitTop(y - inside.y)
    rest = drawScores(state, in: rest, leaving: rows.count)
    // A chart takes the room that six rows leave, or all rows but four of a full screen.
    let chartRows = rest.height - rows.count - 1
    let used = stats(rows, in: rest, state: state)
    if chartRows >= 6 {
      let (_, below) = rest.splitTop(used + 1)
      chart([(.realScore, theme.real), (.fakeScore, theme.generated)], in: below, state: state)
    }
  }

  /// What D says of data and of samples, one histogram over the other, where the numbers leave room; returns what is left.
  private mutating func drawScores(_ state: DashboardState, in rect: Rect, leaving rows: Int) -> Rect {
    guard let scores = state.scoresPanel, rect.height - rows >= 3, rect.width >= 24 else { return rect }
    // One row each, three on a full screen.
    let height = rect.height - rows >= 20 ? 3 : 1
    let labels = state.isCritic ? ("f(x)", "f(G(z))") : ("D(x)", "D(G(z))")
    let left = rect.x + 8
    let width = rect.maxX - left
    for (index, side) in [(labels.0, scores.real, theme.real), (labels.1, scores.generated, theme.generated)]
      .enumerated()
    {
      let y = rect.y + index * height
      write(side.0, x: rect.x, y: y + height - 1, width: 7, style: theme.style(side.2))
      Histogram(side.1, color: side.2).draw(
        in: Rect(x: left, y: y, width: width, height: height), into: &buffer, theme: theme, capabilities: capabilities)
    }
    let y = rect.y + 2 * height
    write(formatted(scores.minimum), x: left, y: y, width: width, style: theme.faint)
    if scores.minimum == 0, scores.maximum == 1 {
      writeCentered("0.5", in: Rect(x: left, y: y, width: width, height: 1), y: y, style: theme.faint)
    }
    writeRight(formatted(scores.maximum), maxX: rect.maxX, y: y, width: width, style: theme.faint)
    return rect.splitTop(2 * height + 1).rest
  }

  private mutating func drawBalanceGauge(_ balance: Balance, in rect: Rect) {
    let isWide = rect.width >= 30
    let left = isWide ? "D wins " : "D "
    let right = isWide ? " G wins" : " G"
    let width = rect.width - left.count - right.count
    guard width >= 5 else { return }
    write(left, x: rect.x, y: rect.y, width: left.count, style: theme.style(theme.real))
    write(right, x: rect.maxX - right.count, y: rect.y, width: right.count, style: theme.style(theme.generated))
    Gauge(centered: balance.value).draw(
      in: Rect(x: rect.x + left.count, y: rect.y, width: width, height: 1), into: &buffer, theme: theme,
      capabilities: capabilities)
  }

  /// The rows of the panel, those that matter most first.
  private func balanceRows(_ state: DashboardState) -> [StatRow] {
    var rows: [StatRow] = []
    func add(_ id: MetricID, _ label: String, _ color: Color, _ text: (Double) -> String = formatted) {
      guard state.has(id) else { return }
      rows.append(stat(id, label, color, state, text))
    }
    add(.realScore, state.isCritic ? "f(x)" : "D(x)", theme.real)
    add(.fakeScore, state.isCritic ? "f(G(z))" : "D(G(z))", theme.generated)
    if state.isCritic { add(.scoreDifference, "distance", theme.seriesColor(3)) }
    add(.realAccuracy, "acc real", theme.real, percentText)
    add(.fakeAccuracy, "acc fake", theme.generated, percentText)
    let ratio = state.last(.generatorGradient) / state.last(.discriminatorGradient)
    if state.has(.generatorGradient), state.has(.discriminatorGradient) {
      rows.append(
        StatRow(
          label: "grad G/D", value: ratio.isNaN ? "--" : formatted(ratio), style: nil, metric: nil,
          color: theme.seriesColor(0)))
    }
    add(.generatorGradient, "grad G", theme.seriesColor(0))
    add(.discriminatorGradient, "grad D", theme.seriesColor(1))
    return rows
  }
}
