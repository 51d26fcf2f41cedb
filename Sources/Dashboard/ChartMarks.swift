import Telemetry
import TerminalKit

extension DashboardState {
  /// One mark of a kind for each column at most: a chart of ten thousand edits costs no more than its width.
  ///
  /// Checkpoints are routine: they stay some columns apart, so that edits and verdicts stand out and the axis can be read.
  func marks(in range: ClosedRange<Int>, columns: Int, scale: ChartScale) -> [ChartMark] {
    var result: [ChartMark] = []
    let start = scale.x(Double(range.lowerBound))
    let width = scale.x(Double(range.upperBound)) - start
    let density = Double(max(1, columns)) / (width > 0 ? width : 1)
    func add(_ steps: some Sequence<Int>, _ kind: ChartMark.Kind, apart: Double = 1) {
      var previous: Double?
      for step in steps where range.contains(step) {
        let x = scale.x(Double(step))
        let column = ((x - start) * density).rounded(.down)
        if let previous, abs(column - previous) < apart { continue }
        result.append(ChartMark(x: x, kind: kind))
        previous = column
      }
    }
    // From the newest back: the one that a resume begins with is always there.
    add(history.checkpoints.reversed().lazy.map(\.step), .checkpoint, apart: 8)
    add(history.edits.lazy.map(\.step), .edit)
    add(history.verdicts.lazy.filter(\.isActive).map(\.step), .verdict)
    return result
  }

  /// The steps that have a mark, ascending.
  var markedSteps: [Int] {
    let steps =
      history.edits.map(\.step) + history.checkpoints.map(\.step) + history.verdicts.filter(\.isActive).map(\.step)
    return Set(steps).sorted()
  }

  /// Everything that was marked at a step, as a sentence.
  func marks(at step: Int) -> String {
    var parts: [String] = []
    for verdict in history.verdicts where verdict.step == step && verdict.isActive {
      parts.append("\(verdict.message) (\(verdict.rule))")
    }
    for edit in history.edits where edit.step == step {
      let hyperparameter = hyperparameters.rows.first { $0.hyperparameter.id == edit.id }?.hyperparameter
      func text(_ value: Double) -> String { hyperparameter?.text(of: value) ?? decimalText(value) }
      parts.append("\(hyperparameter?.title ?? edit.id) \(text(edit.oldValue)) -> \(text(edit.newValue))")
    }
    if history.checkpoints.contains(where: { $0.step == step }) { parts.append("checkpoint kept") }
    return parts.joined(separator: "; ")
  }

  /// Moves the cursor to the next mark, from the view's left end where there is no cursor, and tells it.
  mutating func nextMark() {
    let steps = markedSteps
    guard !steps.isEmpty else {
      say("nothing is marked yet: edits, checkpoints and verdicts will be")
      return
    }
    let from = charts.cursor ?? chartRange.lowerBound - 1
    // After the last comes the first again.
    let index = steps.firstIndex { $0 > from } ?? 0
    reveal(steps[index])
    setCursor(steps[index])
    say("mark \(index + 1) of \(steps.count), step \(grouped(steps[index])): \(marks(at: steps[index]))")
  }
}
