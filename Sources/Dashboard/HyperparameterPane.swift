import Telemetry
import TerminalKit

extension Painter {
  mutating func drawHyperparameters(_ rect: Rect, _ state: DashboardState) {
    let list = state.hyperparameters
    let place = list.rows.isEmpty ? "" : "\(list.selected + 1)/\(list.rows.count)"
    let inside = pane(.hyperparameters, rect, trailing: place, state: state)
    guard !inside.isEmpty else { return }
    guard !list.rows.isEmpty else {
      let text = state.run == nil ? state.lackOfModel : "nothing to change"
      writeCentered(text, in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    let (notes, rows, first) = arrange(list, in: inside)
    for (index, row) in list.rows.dropFirst(first).prefix(rows).enumerated() {
      draw(
        row, past: state.rewind.moment?.hyperparameters?[row.hyperparameter.id],
        isChosen: first + index == list.selected,
        list, x: inside.x, y: inside.y + index, width: inside.width)
    }
    for (index, note) in notes.enumerated() {
      write(note.text, x: inside.x, y: inside.maxY - notes.count + index, width: inside.width, style: note.style)
    }
  }

  /// The lines below the rows, how many rows are seen, and the first of them.
  private func arrange(_ list: HyperparameterList, in inside: Rect) -> (notes: [Span], rows: Int, first: Int) {
    let notes = explanation(
      list, width: inside.width, limit: inside.height >= 9 ? 3 : inside.height >= 7 ? 2 : inside.height >= 4 ? 1 : 0)
    let rows = inside.height - notes.count
    // The chosen row stays in view, in the middle where it can.
    return (notes, rows, min(max(0, list.selected - rows / 2), max(0, list.rows.count - rows)))
  }

  /// The hyperparameter that the mouse points at.
  func hyperparameterRow(at event: MouseEvent, in rect: Rect, _ list: HyperparameterList) -> Int? {
    let inside = Self.inside(rect)
    let (_, rows, first) = arrange(list, in: inside)
    let row = event.y - inside.y
    guard inside.contains(x: event.x, y: event.y), row < rows, first + row < list.rows.count else { return nil }
    return first + row
  }

  /// - Parameter past: the value at the earlier moment that is shown.
  private mutating func draw(
    _ row: HyperparameterList.Row, past: Double?, isChosen: Bool, _ list: HyperparameterList, x: Int, y: Int, width: Int
  ) {
    let base = isChosen ? theme.selected : theme.text
    if isChosen { fillRow(Rect(x: x, y: y, width: width, height: 1), y: y, style: base) }
    var value = row.hyperparameter.text(of: past ?? row.value)
    var style = isChosen ? theme.selected : theme.value
    if isChosen, let entry = list.entry {
      value = entry + "_"
    } else if row.pending != nil, past == nil {
      value += ellipsis
      if !isChosen { style = theme.warning }
    }
    let isTurnable = isChosen && list.entry == nil
    let valueWidth = min(value.columns, max(0, width - 8))
    let right = x + width - (isTurnable ? 2 : 0)
    let titleWidth = max(0, right - valueWidth - (isTurnable ? 2 : 0) - x - 3)
    write(isChosen ? sign(.chosen) : " ", x: x, y: y, width: 1, style: base)
    write(row.hyperparameter.title, x: x + 2, y: y, width: titleWidth, style: base)
    // Of a long text that is typed the end is what matters.
    let shown = value.columns > valueWidth && list.entry != nil ? String(value.suffix(valueWidth)) : value
    writeRight(shown, maxX: right, y: y, width: valueWidth, style: style)
    if isTurnable {
      write(sign(.lower), x: right - valueWidth - 2, y: y, width: 1, style: base)
      write(sign(.higher), x: x + width - 1, y: y, width: 1, style: base)
    }
  }

  /// What the chosen hyperparameter is, or why a typed value was refused.
  private func explanation(_ list: HyperparameterList, width: Int, limit: Int) -> [Span] {
    guard limit > 0, let row = list.selectedRow else { return [] }
    let hyperparameter = row.hyperparameter
    if let refusal = list.refusal {
      return refusal.description.wrapped(to: width).prefix(limit).map { Span($0, theme.critical) }
    }
    let range =
      "\(hyperparameter.text(of: hyperparameter.minimum)) to \(hyperparameter.text(of: hyperparameter.maximum))"
    if list.entry != nil { return [Span(range, theme.faint)] }
    if limit == 1 { return [Span(hyperparameter.explanation, theme.faint)] }
    var lines = hyperparameter.explanation.wrapped(to: width)
    // The sentence goes before the range.
    if lines.count > limit {
      lines = Array(lines.prefix(limit - 1)) + [lines.dropFirst(limit - 1).joined(separator: " ")]
    }
    if lines.count < limit { lines.append(range) }
    return lines.map { Span($0, theme.faint) }
  }
}
