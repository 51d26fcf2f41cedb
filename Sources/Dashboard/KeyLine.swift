import Telemetry
import TerminalKit

extension Painter {
  /// The bottom row: a notice, or the keys that have a meaning now.
  mutating func drawKeyLine(_ rect: Rect, _ state: DashboardState) {
    guard !rect.isEmpty else { return }
    if let notice = state.notice {
      write(" " + notice.text, x: rect.x, y: rect.y, width: rect.width, style: style(of: notice.kind))
      return
    }
    if state.shell.filter.isTyping, state.keyContext == .layer(.filter) {
      let count = state.shell.filter.isActive ? "\(state.shell.filter.passing.count) match" : "all"
      let spans = [
        Span("/", theme.key), Span(state.shell.filter.text + "_", theme.value),
        Span("  \(count)  enter keeps, esc shows all, /.../ is a regular expression", theme.faint),
      ]
      write(spans, x: rect.x, y: rect.y, width: rect.width)
      return
    }
    let before =
      state.keyContext == .layer(.borders)
      ? [Span("border of ", theme.faint), Span(state.focus.title, theme.value)] : wheelSpans(state, width: rect.width)
    let groups = (before.map { [$0] } ?? []) + keyHints(state.hints(ascii: isASCII))
    write(groups, x: rect.x + 1, y: rect.y, width: rect.width - 1, limit: rect.width - 1)
  }

  func keyHints(_ hints: [(key: String, text: String)]) -> [[Span]] {
    hints.map { [Span($0.key, theme.key), Span(" \($0.text)", theme.faint)] }
  }

  /// Writes groups of spans with two spaces between them, whole groups only.
  mutating func write(_ groups: [[Span]], x: Int, y: Int, width: Int, limit: Int) {
    var used = 0
    for group in groups {
      let columns = group.reduce(0) { $0 + $1.text.columns }
      guard used + columns <= limit else { break }
      used += write(group, x: x + used, y: y, width: width - used) + 2
    }
  }
}

extension DashboardState {
  /// The keys of the key line, from the table: those of the focused panel, then the global ones.
  func hints(ascii: Bool) -> [(key: String, text: String)] { hintBindings(ascii: ascii).map { ($0.key, $0.text) } }

  /// The same, each with what it is of.
  func hintBindings(ascii: Bool) -> [(key: String, text: String, binding: KeyBinding)] {
    func isHere(_ binding: KeyBinding) -> Bool {
      switch (binding.scope, keyContext) {
      case (.rewound, .pane): rewind.moment != nil
      case (.entry, .entry), (.question, .question), (.help, .help), (.runs, .runs), (.sketch, .sketch),
        (.global, .pane):
        true
      case (.panes(let panes), .pane(let pane)): panes.contains(pane)
      case (.layer(let own), .layer(let layer)): own == layer
      default: false
      }
    }
    let here = shell.keys.bindings.filter {
      !$0.short.isEmpty && isHere($0) && !isIdle($0.action)
        && (!wheel.isForeign || worksOnForeignRun($0.action))
    }
    // At an earlier moment its keys go before the panel's.
    let rewound = Set(here.filter { $0.scope == .rewound }.flatMap(\.keys))
    let own = here.filter { binding in
      binding.scope == .rewound || (binding.scope != .global && !binding.keys.contains(where: rewound.contains))
    }
    // Also by keys that no hint tells of.
    let taken = Set(shell.keys.bindings.filter { isHere($0) && $0.scope != .global }.flatMap(\.keys))
    let global = here.filter { binding in
      binding.scope == .global && binding.keys.first.map { !taken.contains($0) } ?? false
    }
    // Who is new needs these two most: they stand where every width shows them.
    let first = global.filter { $0.action == .help || $0.action == .quit }
    let rest = global.filter { $0.action != .help && $0.action != .quit }
    let pause = rest.filter { $0.action == .togglePause }
    let others = rest.filter { $0.action != .togglePause }
    return (pause + first + own + others).map { binding in
      var text = binding.short
      if binding.action == .togglePause {
        let isPaused = if case .paused = runState { true } else { false }
        text = pauseWish ?? isPaused ? "resume" : "pause"
      } else if binding.action == .fillWithFocus, fullScreen != nil {
        text = "all panels"
      }
      return (Self.keyName(binding, ascii: ascii), text, binding)
    }
  }

  /// A pair of keys, such as left and right, is shown as one.
  private static func keyName(_ binding: KeyBinding, ascii: Bool) -> String {
    let names: (String, String)? =
      switch binding.keys.first {
      case .up: (Key.up.name(ascii: ascii), Key.down.name(ascii: ascii))
      case .left: (Key.left.name(ascii: ascii), Key.right.name(ascii: ascii))
      default: nil
      }
    // Borders move along both axes by one sentence.
    if case .layer(.borders) = binding.scope, binding.action == .layer(.left) {
      return ascii
        ? "arrows" : names.map { $0.0 + $0.1 + Key.up.name(ascii: false) + Key.down.name(ascii: false) } ?? ""
    }
    guard let names else { return binding.keys.first?.name(ascii: ascii) ?? "" }
    return ascii ? "\(names.0)/\(names.1)" : names.0 + names.1
  }
}
