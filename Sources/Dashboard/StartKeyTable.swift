import TerminalKit

/// The keys of the start screen: the table that dispatches, prints the key line and is the help.
public enum StartKeyTable {
  public enum Action: Hashable, Sendable {
    case up, down, pageUp, pageDown, first, last, open, filter, erase, eraseWord, eraseAll, clear
    case nextTheme, help, quit, redraw, suspend
  }

  public struct Binding: Sendable, Hashable {
    public var keys: [Key]
    public var action: Action
    /// What the key line says; empty where it has no place there.
    public var short: String
    /// What the help says.
    public var help: String
    /// Whether it holds while the filter is typed, when letters are text.
    public var whileFiltering: Bool
    /// Whether it holds only then.
    public var onlyFiltering = false
  }

  public static let all: [Binding] = [
    Binding(keys: [.up], action: .up, short: "choose", help: "the row above", whileFiltering: true),
    Binding(keys: [.down], action: .down, short: "", help: "the row below", whileFiltering: true),
    Binding(keys: [.character("k")], action: .up, short: "", help: "the row above", whileFiltering: false),
    Binding(keys: [.character("j")], action: .down, short: "", help: "the row below", whileFiltering: false),
    Binding(keys: [.enter], action: .open, short: "start", help: "start, resume or open it", whileFiltering: true),
    Binding(
      keys: [.character("/")], action: .filter, short: "filter", help: "rows with these words", whileFiltering: false),
    Binding(keys: [.escape], action: .clear, short: "all", help: "all rows again", whileFiltering: true),
    Binding(
      keys: [.backspace, .delete], action: .erase, short: "erase", help: "erase a letter of the filter",
      whileFiltering: true, onlyFiltering: true),
    Binding(
      keys: [.control("w")], action: .eraseWord, short: "", help: "erase a word of the filter",
      whileFiltering: true, onlyFiltering: true),
    Binding(
      keys: [.control("u")], action: .eraseAll, short: "", help: "erase the filter",
      whileFiltering: true, onlyFiltering: true),
    Binding(keys: [.pageUp], action: .pageUp, short: "", help: "half a screen up", whileFiltering: true),
    Binding(keys: [.pageDown], action: .pageDown, short: "", help: "half a screen down", whileFiltering: true),
    Binding(keys: [.home], action: .first, short: "", help: "the first row", whileFiltering: true),
    Binding(keys: [.end], action: .last, short: "", help: "the last row", whileFiltering: true),
    Binding(keys: [.character("t")], action: .nextTheme, short: "theme", help: "another theme", whileFiltering: false),
    Binding(keys: [.character("?")], action: .help, short: "help", help: "these keys", whileFiltering: false),
    Binding(keys: [.character("q")], action: .quit, short: "quit", help: "leave gantui", whileFiltering: false),
    Binding(keys: [.control("c")], action: .quit, short: "", help: "leave gantui", whileFiltering: true),
    Binding(keys: [.control("l")], action: .redraw, short: "", help: "draw the screen anew", whileFiltering: true),
    Binding(keys: [.character("r")], action: .redraw, short: "", help: "draw the screen anew", whileFiltering: false),
    Binding(
      keys: [.control("z")], action: .suspend, short: "", help: "back to the shell for a while", whileFiltering: true),
    Binding(
      keys: [.character("z")], action: .suspend, short: "", help: "back to the shell for a while", whileFiltering: false
    ),
  ]

  static func bindings(isFiltering: Bool) -> [Binding] {
    all.filter { isFiltering ? $0.whileFiltering : !$0.onlyFiltering }
  }

  static func action(for key: Key, isFiltering: Bool) -> Action? {
    bindings(isFiltering: isFiltering).first { $0.keys.contains(key) }?.action
  }

  /// The keys of each meaning, in the table's order.
  static func helpRows(ascii: Bool) -> [(keys: String, text: String)] {
    var rows: [(keys: String, text: String)] = []
    for binding in all {
      let keys = binding.keys.map { $0.name(ascii: ascii) }.joined(separator: " ")
      if let index = rows.firstIndex(where: { $0.text == binding.help }) {
        rows[index].keys += " " + keys
      } else {
        rows.append((keys, binding.help))
      }
    }
    return rows
  }
}
