import TerminalKit

/// What takes the keys before the panels do, the help and the question to quit apart.
public enum Layer: Hashable, Sendable {
  /// The command line after `:`.
  case palette
  case themes
  case options
  /// The filter of metrics, while it is typed.
  case filter
  /// What the help is searched for, while it is typed.
  case search
  /// Arrows move borders.
  case borders

  /// Whether letters are text there.
  var isText: Bool { self == .palette || self == .filter || self == .search }
}

/// What keys do in a layer.
public enum LayerAction: Hashable, Sendable {
  case up, down, left, right, first, last, accept, cancel, erase, eraseWord, eraseAll, complete, reset
}

/// A key table with its keys in use: the standard one, or a person's own.
public struct KeyMap: Sendable {
  public let bindings: [KeyBinding]
  private let byScope: [KeyBinding.Scope: [Key: Action]]
  private let byPane: [Pane: [Key: Action]]
  private let always: [Key: Action]

  public static let standard = KeyMap(KeyTable.all)

  public init(_ bindings: [KeyBinding]) {
    self.bindings = bindings
    func map(_ bindings: [KeyBinding]) -> [Key: Action] {
      Dictionary(bindings.flatMap { binding in binding.keys.map { ($0, binding.action) } }) { first, _ in first }
    }
    byScope = Dictionary(grouping: bindings, by: \.scope).mapValues(map)
    always = map(bindings.filter(\.isAlwaysActive))
    byPane = Dictionary(
      uniqueKeysWithValues: Pane.allCases.map { pane in
        (
          pane,
          map(
            bindings.filter { binding in
              guard case .panes(let panes) = binding.scope else { return false }
              return panes.contains(pane)
            })
        )
      })
  }

  /// What a key means: by the focused panel first, then globally.
  public func action(for key: Key, in context: KeyTable.Context) -> Action? {
    switch context {
    case .pane(let pane): byPane[pane]?[key] ?? byScope[.global]?[key]
    // Letters are text there, so that only the modified keys reach through.
    case .entry: byScope[.entry]?[key] ?? (key.needsTwin ? always[key] : nil)
    case .question: byScope[.question]?[key] ?? always[key]
    case .help: byScope[.help]?[key] ?? always[key]
    case .runs: byScope[.runs]?[key] ?? always[key]
    case .sketch: byScope[.sketch]?[key] ?? always[key]
    case .layer(let layer): byScope[.layer(layer)]?[key] ?? (key.needsTwin || !layer.isText ? always[key] : nil)
    }
  }

  /// What a key means while an earlier moment is shown; nil leaves it to the panes.
  func actionWhileRewound(for key: Key) -> Action? { byScope[.rewound]?[key] }

  /// What a key does to charts, from anywhere or in a panel of them.
  func chartAction(for key: Key, in pane: Pane) -> Action? {
    bindings.first { binding in
      guard binding.section == .charts, binding.keys.contains(key) else { return false }
      if case .panes(let panes) = binding.scope { return panes.contains(pane) }
      return binding.scope == .global
    }?.action
  }

  /// The keys of an action, the one that is shown first.
  func keys(of action: Action) -> [Key] { bindings.first { $0.action == action }?.keys ?? [] }

  /// The standard table with other keys for some actions.
  /// - Parameter changes: names of actions with the keys that they shall have.
  /// - Returns: the table, and a sentence for each change that was refused.
  public static func rebound(_ changes: [(name: String, keys: [String])]) -> (
    map: KeyMap, problems: [(name: String, text: String)]
  ) {
    var problems: [(name: String, text: String)] = []
    var bindings = KeyTable.all
    var changed: [Action: (name: String, keys: [Key])] = [:]
    for change in changes {
      guard let action = KeyTable.action(named: change.name) else {
        problems.append((change.name, "keys: there is no command \"\(change.name)\"; : and tab list them"))
        continue
      }
      let keys = change.keys.map { (text: $0, key: Key(named: $0)) }
      if let unknown = keys.first(where: { $0.key == nil }) {
        let accepted = "accepted are a character, space, enter, esc, tab, up, F5, ctrl-p, shift-left and the like"
        problems.append((change.name, "keys: \(change.name): \"\(unknown.text)\" is no key; \(accepted)"))
        continue
      }
      changed[action] = (change.name, keys.compactMap(\.key))
    }
    func apply() {
      bindings = KeyTable.all.map { binding in
        var binding = binding
        if let own = changed[binding.action], !own.keys.isEmpty { binding.keys = own.keys }
        return binding
      }
    }
    apply()
    // A change that claims another command's key is taken back; that may free a key that a third one waits for.
    while let clash = KeyTable.clashes(in: bindings).first(where: {
      changed[$0.first.action] != nil || changed[$0.second.action] != nil
    }) {
      let (own, other) = changed[clash.second.action] != nil ? (clash.second, clash.first) : (clash.first, clash.second)
      let name = changed[own.action]?.name ?? own.action.name
      problems.append(
        (
          name,
          "keys: \(name): \(clash.key.name(ascii: true)) means \(other.action.name) already; it keeps its own keys"
        ))
      changed[own.action] = nil
      apply()
    }
    return (KeyMap(bindings), problems)
  }
}

extension Action {
  /// The name in the palette and in the configuration, from the case's own: `toggle-pause`, `lower-fine`.
  public var name: String {
    let text = String(describing: self)
    let parts = text.split(separator: "(", maxSplits: 1)
    var name = Self.kebab(parts.first ?? "")
    if parts.count > 1, let payload = parts[1].split(separator: ".").last {
      // What a case carries is part of its name: `lab-earlier-10`.
      name += "-" + Self.kebab(payload.filter { $0 != ")" }.replacing("(", with: "-"))
    }
    return name
  }

  private static func kebab(_ text: some StringProtocol) -> String {
    text.reduce(into: "") { result, character in
      if character.isUppercase, !result.isEmpty { result.append("-") }
      result += character.lowercased()
    }
  }
}

extension KeyTable {
  /// What the palette offers: every binding of the run and the view, once each.
  static let commands: [(name: String, alias: String, binding: KeyBinding)] = {
    var seen: Set<Action> = []
    let bindings = all.filter { binding in
      switch binding.scope {
      case .global, .panes, .rewound: seen.insert(binding.action).inserted
      case .entry, .question, .help, .runs, .sketch, .layer: false
      }
    }
    let shorts = Dictionary(grouping: bindings.filter { !$0.short.isEmpty }, by: \.short)
    return bindings.map { binding in
      // The word of the key line is a name too, where only one command has it; a word for a pair of arrows is not.
      let isPair = binding.keys.first == .up || binding.keys.first == .left
      let isOnly = !binding.short.isEmpty && !isPair && shorts[binding.short]?.count == 1
      return (binding.action.name, isOnly ? binding.short.replacing(" ", with: "-") : "", binding)
    }
  }()

  /// The action of a name as the palette and the configuration write it.
  public static func action(named name: String) -> Action? {
    let name = name.lowercased()
    return
      (commands.first { $0.name == name } ?? commands.first { !$0.alias.isEmpty && $0.alias == name })?.binding.action
  }
}

extension Key {
  private static let names: [String: Key] = [
    "space": .character(" "), "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape, "tab": .tab,
    "shift-tab": .backTab, "backspace": .backspace, "del": .delete, "delete": .delete, "home": .home, "end": .end,
    "pgup": .pageUp, "pgdn": .pageDown, "up": .up, "down": .down, "left": .left, "right": .right, "shift-up": .shiftUp,
    "shift-down": .shiftDown, "shift-left": .shiftLeft, "shift-right": .shiftRight, "colon": .character(":"),
  ]

  /// The key that a person writes as `p`, `space`, `ctrl-p`, `^P`, `F5`, `shift-left`.
  public init?(named text: String) {
    if text.count == 1, let only = text.first {
      guard only.columns == 1 else { return nil }
      self = .character(only)
      return
    }
    let name = text.lowercased()
    if let key = Self.names[name] {
      self = key
    } else if name.first == "f", let number = Int(name.dropFirst()), (1...63).contains(number) {
      self = .function(number)
    } else {
      let letter = name.hasPrefix("ctrl-") ? name.dropFirst(5) : name.hasPrefix("^") ? name.dropFirst() : ""
      guard letter.count == 1, let only = letter.first, only.isASCII, only.isLetter else { return nil }
      self = .control(only)
    }
  }
}
