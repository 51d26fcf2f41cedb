import TerminalKit

/// The keys of the start screen: the table that dispatches and prints the key line.
public enum StartKeyTable {
  public enum Action: Hashable, Sendable {
    case up, down, pageUp, pageDown, first, last, open, filter, erase, clear, nextTheme, quit, redraw, suspend
  }

  public struct Binding: Sendable, Hashable {
    public var keys: [Key]
    public var action: Action
    /// What the key line says; empty where it has no place there.
    public var short: String
    /// Whether it holds while the filter is typed, when letters are text.
    public var whileFiltering: Bool
    /// Whether it holds only then.
    public var onlyFiltering = false
  }

  public static let all: [Binding] = [
    Binding(keys: [.up], action: .up, short: "choose", whileFiltering: true),
    Binding(keys: [.down], action: .down, short: "", whileFiltering: true),
    Binding(keys: [.character("k")], action: .up, short: "", whileFiltering: false),
    Binding(keys: [.character("j")], action: .down, short: "", whileFiltering: false),
    Binding(keys: [.enter], action: .open, short: "start", whileFiltering: true),
    Binding(keys: [.character("/")], action: .filter, short: "filter", whileFiltering: false),
    Binding(keys: [.escape], action: .clear, short: "all", whileFiltering: true),
    Binding(
      keys: [.backspace, .delete], action: .erase, short: "erase", whileFiltering: true, onlyFiltering: true),
    Binding(keys: [.pageUp], action: .pageUp, short: "", whileFiltering: true),
    Binding(keys: [.pageDown], action: .pageDown, short: "", whileFiltering: true),
    Binding(keys: [.home], action: .first, short: "", whileFiltering: true),
    Binding(keys: [.end], action: .last, short: "", whileFiltering: true),
    Binding(keys: [.character("t")], action: .nextTheme, short: "theme", whileFiltering: false),
    Binding(keys: [.character("q")], action: .quit, short: "quit", whileFiltering: false),
    Binding(keys: [.control("c")], action: .quit, short: "", whileFiltering: true),
    Binding(keys: [.control("l")], action: .redraw, short: "", whileFiltering: true),
    Binding(keys: [.character("r")], action: .redraw, short: "", whileFiltering: false),
    Binding(keys: [.control("z")], action: .suspend, short: "", whileFiltering: true),
    Binding(keys: [.character("z")], action: .suspend, short: "", whileFiltering: false),
  ]

  static func bindings(isFiltering: Bool) -> [Binding] {
    all.filter { isFiltering ? $0.whileFiltering : !$0.onlyFiltering }
  }

  static func action(for key: Key, isFiltering: Bool) -> Action? {
    bindings(isFiltering: isFiltering).first { $0.keys.contains(key) }?.action
  }
}
