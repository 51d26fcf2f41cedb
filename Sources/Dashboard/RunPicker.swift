import Telemetry
import TerminalKit

/// A run of the store, as a list shows it.
public struct StoredRun: Sendable, Equatable {
  public var name: String
  /// The newest step that is kept.
  public var step: Int
  /// One word, such as `finished`.
  public var state: String
  public init(name: String, step: Int, state: String) {
    self.name = name
    self.step = step
    self.state = state
  }
}

/// The list of runs whose curves can be drawn too.
struct RunPicker: Sendable, Equatable {
  /// Nil until the store has answered.
  var runs: [StoredRun]?
  var selected = 0
  /// Those that were asked for and have not come yet.
  var loading: Set<String> = []

  mutating func move(_ direction: Int) {
    selected = min(max(0, selected + direction), max(0, (runs?.count ?? 0) - 1))
  }

  static let width = 64
  static func area(size: Size) -> Rect { Rect(x: 0, y: 0, width: size.width, height: max(0, size.height - 1)) }
  func height(size: Size) -> Int { min(max(runs?.count ?? 0, 1) + 4, max(6, size.height - 4)) }

  /// The place inside of the frame, the first row that is seen, and how many are.
  static func place(_ picker: RunPicker, size: Size) -> (inside: Rect, first: Int, rows: Int) {
    let inside = Painter.dialogInside(in: area(size: size), width: width, height: picker.height(size: size))
    let rows = max(1, inside.height - 2)
    return (inside, min(max(0, picker.selected - rows / 2), max(0, (picker.runs?.count ?? 0) - rows)), rows)
  }
}

extension DashboardState {
  /// More curves than these nobody can tell apart.
  static let overlayLimit = 4

  mutating func openPicker() -> [Effect] {
    charts.picker.selected = 0
    dialog = .runs
    return [.listRuns]
  }

  /// Takes in what the store has; the run itself is no run to compare with.
  mutating func take(runs: [StoredRun]) {
    charts.picker.runs = runs.filter { $0.name != runName }
    charts.picker.move(0)
  }

  mutating func toggleRun() -> [Effect] {
    guard let runs = charts.picker.runs, runs.indices.contains(charts.picker.selected) else { return [] }
    let name = runs[charts.picker.selected].name
    if let index = charts.overlays.firstIndex(where: { $0.name == name }) {
      charts.overlays.remove(at: index)
      return []
    }
    guard !charts.picker.loading.contains(name) else { return [] }
    guard charts.overlays.count + charts.picker.loading.count < Self.overlayLimit else {
      say("no more than \(Self.overlayLimit) runs can be drawn beside this one", .warning)
      return []
    }
    charts.picker.loading.insert(name)
    return [.loadRun(name)]
  }

  mutating func take(overlay name: String, _ history: RunHistory) {
    charts.picker.loading.remove(name)
    guard !history.metrics.isEmpty else {
      say("\(name) has no curves yet", .warning)
      return
    }
    charts.overlays.removeAll { $0.name == name }
    charts.overlays.append(RunOverlay(name: name, history: history))
    say("\(name) is drawn too, to step \(grouped(history.step))", .good)
  }

  mutating func take(overlayFailure reason: String, of name: String) {
    charts.picker.loading.remove(name)
    say("\(name) cannot be drawn: \(reason)", .error)
  }
}

extension Painter {
  mutating func drawRunPicker(size: Size, _ state: DashboardState) {
    let picker = state.charts.picker
    let runs = picker.runs ?? []
    _ = dialog(
      in: RunPicker.area(size: size), width: RunPicker.width, height: picker.height(size: size),
      title: "runs to compare with")
    let (inside, first, rows) = RunPicker.place(picker, size: size)
    guard !runs.isEmpty else {
      let text = picker.runs == nil ? "reading the runs" : "no other run in the store"
      writeCentered(text, in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    for (offset, run) in runs.dropFirst(first).prefix(rows).enumerated() {
      let y = inside.y + offset
      let isDrawn = state.charts.overlays.contains { $0.name == run.name }
      let mark = isDrawn ? "[x]" : picker.loading.contains(run.name) ? "[.]" : "[ ]"
      let style = first + offset == picker.selected ? theme.selected : theme.text
      fillRow(inside, y: y, style: style)
      let note = "step \(grouped(run.step))  \(run.state)"
      write("\(mark) \(run.name)", x: inside.x, y: y, width: inside.width - note.columns - 2, style: style)
      writeRight(note, maxX: inside.maxX, y: y, width: inside.width, style: style)
    }
    guard inside.height >= 3 else { return }
    let text = "enter draws it or takes it away, esc closes"
    write(text, x: inside.x, y: inside.maxY - 1, width: inside.width, style: theme.faint)
  }
}
