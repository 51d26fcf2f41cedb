import Telemetry
import TerminalKit

/// The command line after `:`.
struct Palette: Sendable, Equatable {
  static let historyLimit = 100

  var text = ""
  /// How far up the history the text comes from; 0 is what is being typed.
  var place = 0
  /// What was typed before the history was looked into.
  var draft = ""
  /// The completions of a word as it was before the first one, with the one that is shown.
  var cycle: (base: String, words: [Completion], index: Int)?

  static func == (first: Palette, second: Palette) -> Bool { first.text == second.text && first.place == second.place }

  /// A word that the line may go on with.
  struct Completion: Sendable, Equatable {
    /// The whole line with it.
    var line: String
    var word: String
    var explanation: String
  }
}

/// Why a command was refused.
enum PaletteError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case missing(command: String, what: String)
  case noSuch(what: String, name: String, accepted: [String])
  case unclear(name: String, candidates: [String])
  case refused(String)

  var description: String {
    switch self {
    case .unknown(let name): "there is no command \"\(name)\"; tab lists those that there are"
    case .missing(let command, let what): "\(command) needs \(what)"
    case .noSuch(let what, let name, let accepted):
      "there is no \(what) \"\(name)\""
        + (accepted.isEmpty ? "" : "; accepted are \(accepted.prefix(12).joined(separator: ", "))")
    case .unclear(let name, let candidates): "\"\(name)\" may be \(candidates.prefix(6).joined(separator: " or "))"
    case .refused(let text): text
    }
  }
}

extension DashboardState {
  mutating func typePalette(_ character: Character) {
    guard var palette = shell.palette, palette.text.count < 500 else { return }
    palette.text.append(character)
    palette.cycle = nil
    palette.place = 0
    shell.palette = palette
  }

  mutating func pressPalette(_ action: LayerAction) -> [Effect] {
    guard var palette = shell.palette else { return [] }
    switch action {
    case .up, .down:
      let history = shell.paletteHistory
      let place = min(max(0, palette.place + (action == .up ? 1 : -1)), history.count)
      if palette.place == 0 { palette.draft = palette.text }
      palette.place = place
      palette.text = place == 0 ? palette.draft : history[history.count - place]
      palette.cycle = nil
    case .complete: complete(&palette)
    case .erase:
      guard !palette.text.isEmpty else {
        shell.palette = nil
        return []
      }
      palette.text.removeLast()
      palette.cycle = nil
    case .eraseWord, .eraseAll:
      palette.text = action == .eraseAll ? "" : palette.text.withoutLastWord
      palette.cycle = nil
    case .accept:
      let text = palette.text.trimmed
      shell.palette = nil
      guard !text.isEmpty else { return [] }
      shell.paletteHistory.removeAll { $0 == text }
      shell.paletteHistory.append(text)
      if shell.paletteHistory.count > Palette.historyLimit { shell.paletteHistory.removeFirst() }
      return execute(text) + [.remember]
    default:
      shell.palette = nil
      return []
    }
    shell.palette = palette
    return []
  }

  private mutating func complete(_ palette: inout Palette) {
    if let cycle = palette.cycle, !cycle.words.isEmpty {
      let index = (cycle.index + 1) % cycle.words.count
      palette.cycle?.index = index
      palette.text = cycle.words[index].line
      return
    }
    let words = completions(of: palette.text)
    guard let first = words.first else { return }
    // One that is the only one is done: the next word may follow.
    // After "=" its value does.
    palette.text = words.count == 1 && first.line.last != "=" ? first.line + " " : first.line
    if words.count > 1 { palette.cycle = (palette.text, words, 0) }
  }

  // MARK: commands

  /// Names of the palette's own commands, with what follows them.
  private static let own: [(name: String, explanation: String)] = [
    ("set", "a hyperparameter and its value"), ("preset", "a layout"), ("theme", "a theme"),
    ("show", "a panel"), ("hide", "a panel"), ("fill", "the screen with a panel"), ("focus", "a panel"),
    ("filter", "metrics that match a text or /an expression/"), ("layout", "panels as a | b / c"),
    ("option", "a setting and its value"),
    ("branch", "a new run goes on from here; with key=value ... its configuration is another"),
  ]

  /// What the last word of a line may become, the likeliest first.
  func completions(of text: String) -> [Palette.Completion] {
    if let cycle = shell.palette?.cycle, cycle.words.contains(where: { $0.line == text }) { return cycle.words }
    let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    let isNewWord = text.isEmpty || text.last == " "
    let before = isNewWord ? words : Array(words.dropLast())
    let part = isNewWord ? "" : words.last ?? ""
    let prefix = before.isEmpty ? "" : before.joined(separator: " ") + " "
    let candidates = before.first == "branch" ? branchCandidates(part) : candidates(after: before)
    return Self.ranked(candidates, by: part).map {
      Palette.Completion(line: prefix + $0.0, word: $0.0, explanation: $0.1)
    }
  }

  private static func ranked(_ candidates: [(String, String)], by part: String) -> [(String, String)] {
    let part = part.lowercased()
    guard !part.isEmpty else { return candidates }
    func rank(_ name: String) -> Int? {
      let name = name.lowercased()
      if name.hasPrefix(part) { return 0 }
      // After a dot or a hyphen a part of a name begins.
      if name.contains("." + part) || name.contains("-" + part) { return 1 }
      return name.contains(part) ? 2 : nil
    }
    return candidates.enumerated().compactMap { index, entry in rank(entry.0).map { ($0, index, entry) } }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private func candidates(after words: [String]) -> [(String, String)] {
    let rows = hyperparameters.rows.map(\.hyperparameter)
    func parameters() -> [(String, String)] { rows.map { ($0.id, $0.title + " " + $0.text(of: $0.value)) } }
    func panes() -> [(String, String)] { Pane.allCases.map { ($0.rawValue, "\($0.digit)") } }
    guard let first = words.first else {
      let actions = shell.keys.bindings
      return KeyTable.commands.filter { !$0.binding.action.isPaneToggle && $0.name != "branch" }.map { command in
        let name = command.alias.isEmpty ? command.name : command.alias
        let keys = actions.first { $0.action == command.binding.action }?.keys.first?.name(ascii: true) ?? ""
        return (name, "\(command.binding.help) (\(keys))")
      } + Self.own.map { ($0.name, $0.explanation) } + parameters()
    }
    switch (first, words.count) {
    case ("set", 1): return parameters()
    case ("set", 2): return value(of: words[1])
    case ("preset", 1): return shell.presets.map { ($0.name, $0.explanation) }
    case ("theme", 1): return shell.themes.map { ($0, $0 == shell.theme ? "in use" : "") }
    case ("show", 1), ("hide", 1), ("fill", 1), ("focus", 1): return panes()
    case ("filter", 1): return history.metrics.keys.map(\.rawValue).sorted().map { ($0, "") }
    case ("option", 1): return Setting.all.map { ($0.key, $0.title) }
    case ("option", 2):
      guard let setting = Setting.all.first(where: { $0.key == words[1] }) else { return [] }
      return setting.choices(self).map { ($0, $0 == setting.text(shell.settings) ? "now" : "") }
    case (_, 1) where rows.contains(where: { $0.id == first }): return value(of: first)
    default: return []
    }
  }

  private func value(of id: String) -> [(String, String)] {
    guard let row = try? parameter(id) else { return [] }
    let parameter = row.hyperparameter
    return [
      (
        decimalText(row.value),
        "now; \(parameter.text(of: parameter.minimum)) to \(parameter.text(of: parameter.maximum))"
      )
    ]
  }

  /// The hyperparameter of a name: its id, the end of one, or its title.
  private func parameter(_ name: String) throws(PaletteError) -> HyperparameterList.Row {
    let rows = hyperparameters.rows
    if let exact = rows.first(where: { $0.hyperparameter.id == name }) { return exact }
    let lowered = name.lowercased()
    let found = rows.filter { row in
      row.hyperparameter.id.lowercased().hasSuffix("." + lowered) || row.hyperparameter.title.lowercased() == lowered
        || row.hyperparameter.title.lowercased().replacing(" ", with: "-") == lowered
    }
    if found.count > 1 { throw .unclear(name: name, candidates: found.map(\.hyperparameter.id)) }
    guard let only = found.first else {
      throw .noSuch(what: "hyperparameter", name: name, accepted: rows.map(\.hyperparameter.id))
    }
    return only
  }

  /// Does what a line says.
  mutating func execute(_ line: String) -> [Effect] {
    do throws(PaletteError) {
      return try runCommand(line)
    } catch {
      say(error.description, .error)
      return []
    }
  }

  private mutating func runCommand(_ line: String) throws(PaletteError) -> [Effect] {
    let words = line.split(separator: " ").map(String.init)
    guard let first = words.first else { return [] }
    let rest = words.dropFirst().joined(separator: " ")
    func needed(_ what: String) throws(PaletteError) -> String {
      if rest.isEmpty { throw .missing(command: first, what: what) }
      return rest
    }
    switch first {
    case "set":
      guard words.count > 2 else { throw .missing(command: first, what: "a hyperparameter and a value") }
      return try set(words[1], to: words[2])
    case "preset" where !rest.isEmpty:
      guard shell.presets.contains(where: { $0.name == rest }) else {
        throw .noSuch(what: "layout", name: rest, accepted: shell.presets.map(\.name))
      }
      return usePreset(rest)
    case "theme" where !rest.isEmpty:
      guard shell.themes.contains(rest) else { throw .noSuch(what: "theme", name: rest, accepted: shell.themes) }
      return useTheme(rest, saving: true)
    case "show", "hide", "focus", "fill":
      let pane = try pane(needed("a panel"))
      let isSeen = layout(size: size).panes.contains { $0.pane == pane }
      switch first {
      case "fill": fill(with: pane)
      case "hide": return isSeen ? toggle(pane) : []
      default:
        let effects = isSeen ? [] : toggle(pane)
        if layout(size: size).panes.contains(where: { $0.pane == pane }) { focus = pane }
        return effects
      }
      return []
    case "filter" where !rest.isEmpty:
      useFilter(rest)
      return []
    case "layout":
      let text = try needed("panels, such as losses | (samples / log)")
      do throws(LayoutError) { return use(try LayoutTree(text: text)) } catch { throw .refused(error.description) }
    case "branch" where !rest.isEmpty: return try branch(rest)
    case "option":
      guard words.count > 2 else { throw .missing(command: first, what: "a setting and a value") }
      return try change(words[1], to: words.dropFirst(2).joined(separator: " "))
    default: break
    }
    if let action = KeyTable.action(named: line.replacing(" ", with: "-")) {
      return perform(action)
    }
    let row: HyperparameterList.Row
    do throws(PaletteError) {
      row = try parameter(first)
    } catch {
      // A name with a dot is meant to be one; of several that it may be all are said.
      if case .unclear = error { throw error }
      throw first.contains(".") ? error : .unknown(first)
    }
    switch words.count {
    case 1:
      say("\(row.hyperparameter.title) is \(row.hyperparameter.text(of: row.value)): give it a value to change it")
      return []
    case 2: return try set(first, to: words[1])
    default: throw .refused("\(first) takes one value, not \"\(rest)\"")
    }
  }

  private func pane(_ name: String) throws(PaletteError) -> Pane {
    if let pane = Pane(rawValue: name) ?? Pane.allCases.first(where: { "\($0.digit)" == name }) {
      return pane
    }
    throw .noSuch(what: "panel", name: name, accepted: Pane.allCases.map(\.rawValue))
  }

  private mutating func set(_ name: String, to text: String) throws(PaletteError) -> [Effect] {
    if isOver { throw .refused("the run is over: nothing can be changed") }
    let row = try parameter(name)
    do throws(EntryError) {
      let value = try row.hyperparameter.value(typed: text)
      hyperparameters.select(id: row.hyperparameter.id)
      if value == row.value {
        say("\(row.hyperparameter.title) is \(row.hyperparameter.text(of: value)) already")
        return []
      }
      say("\(row.hyperparameter.title) \(row.hyperparameter.text(of: value)) from the next step on")
      return [set(row.hyperparameter, to: value)]
    } catch {
      throw .refused(error.description)
    }
  }
}

extension Action {
  /// Digits say it; the palette has `show` and `hide`.
  var isPaneToggle: Bool { if case .togglePane = self { true } else { false } }
}

extension String {
  var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Painter {
  /// The line at the bottom, and what it may go on with above.
  mutating func drawPalette(_ palette: Palette, _ state: DashboardState, size: Size) {
    let y = size.height - 1
    let row = Rect(x: 0, y: y, width: size.width, height: 1)
    fillRow(row, y: y, style: theme.background)
    // Of a long line the end is what is typed.
    let room = max(0, size.width - 3)
    let shown = palette.text.columns > room ? String(palette.text.suffix(room)) : palette.text
    write([Span(":", theme.key), Span(shown + "_", theme.value)], x: 0, y: y, width: size.width)
    let words = state.completions(of: palette.text)
    let height = min(words.count, 10, size.height - 6)
    guard height > 0 else { return }
    let wordWidth = min(words.map(\.word.columns).max() ?? 0, 44)
    let width = min(size.width, max(40, min(size.width, wordWidth + 52)))
    let chosen = palette.cycle.map(\.index) ?? -1
    let first = min(max(0, chosen - height / 2), max(0, words.count - height))
    let rect = Rect(x: 0, y: y - height - 2, width: width, height: height + 2)
    buffer.fill(rect, with: Cell(" ", style: theme.background))
    let trailing = words.count > height ? "\(words.count)" : ""
    let inside = buffer.box(
      rect, title: "commands", trailing: trailing, theme: theme, capabilities: capabilities, focused: true)
    for (index, word) in words.dropFirst(first).prefix(inside.height).enumerated() {
      let line = Rect(x: inside.x, y: inside.y + index, width: inside.width, height: 1)
      let isChosen = first + index == chosen
      if isChosen { fillRow(line, y: line.y, style: theme.selected) }
      write(word.word, x: line.x + 1, y: line.y, width: wordWidth, style: isChosen ? theme.selected : theme.value)
      write(
        word.explanation, x: line.x + wordWidth + 3, y: line.y, width: line.width - wordWidth - 4,
        style: isChosen ? theme.selected : theme.faint)
    }
  }
}
