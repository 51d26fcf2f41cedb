import TerminalKit

/// Every key of the dashboard: the one table that dispatches and prints the help.
///
/// Where a binding has several keys the first is the one that the key line shows. Keys that need a modifier have a twin
/// that every terminal can send.
public enum KeyTable {
  private static let viewers: KeyBinding.Scope = .panes([.losses, .samples, .balance, .entropy, .log, .metrics])
  private static let log: KeyBinding.Scope = .panes([.log])

  public static let all: [KeyBinding] =
    run + rewind + hyperparameters + charts + laboratory + sketching + panels + shellPanels + program + attach + shell
    + entry + dialogs + layers

  private static let run: [KeyBinding] = [
    KeyBinding([.character(" ")], .togglePause, .run, short: "pause", "pause or resume"),
    KeyBinding([.character(".")], .step, .run, short: "step", "one step, after a pause"),
    KeyBinding([.character("d")], .stepDiscriminator, .run, "D's part of a step, then paused"),
    KeyBinding([.character("g")], .stepGenerator, .run, "G's part of a step, then paused"),
    KeyBinding([.character("c")], .checkpoint, .run, short: "checkpoint", "keep a checkpoint"),
    KeyBinding([.character("s")], .saveSamples, .run, short: "save", "save the samples as PNG"),
  ]

  private static let hyperparameters: [KeyBinding] = [
    KeyBinding(
      [.up, .character("k")], .previousHyperparameter, .hyperparameters, short: "choose", "choose the one above"),
    KeyBinding([.down, .character("j")], .nextHyperparameter, .hyperparameters, "choose the one below"),
    KeyBinding([.left, .character("h")], .lower(.normal), .hyperparameters, short: "change", "lower it"),
    KeyBinding([.right, .character("l")], .raise(.normal), .hyperparameters, "raise it"),
    KeyBinding([.shiftLeft, .character("<")], .lower(.fine), .hyperparameters, "lower it, ten times finer"),
    KeyBinding([.shiftRight, .character(">")], .raise(.fine), .hyperparameters, "raise it, ten times finer"),
    KeyBinding([.shiftDown, .character("{")], .lower(.coarse), .hyperparameters, "lower it, ten times coarser"),
    KeyBinding([.shiftUp, .character("}")], .raise(.coarse), .hyperparameters, "raise it, ten times coarser"),
    KeyBinding([.enter], .typeValue, .hyperparameters, short: "type", "type its value"),
  ]

  private static let panels: [KeyBinding] =
    [
      KeyBinding([.tab], .focusNext, .panels, short: "focus", "focus the next panel"),
      KeyBinding([.backTab, .character("p")], .focusPrevious, .panels, "focus the previous panel"),
      KeyBinding(
        [.character("v")], .cycleFullScreen, .panels, short: "view", "fill the screen with the next"),
    ]
    + [
      KeyBinding(
        [.enter], .fillWithFocus, in: viewers, .panels, short: "full screen", "fill it with the focused panel"),
      KeyBinding([.escape], .back, .panels, "one layer back"),
      KeyBinding([.character("i")], .nextImageMode, .panels, "pictures in other characters"),
      KeyBinding([.character("n")], .nextPanel, .panels, "the next of the model's pictures"),
      KeyBinding([.up, .character("k")], .scrollUp, in: log, .panels, short: "scroll", "in the log: older lines"),
      KeyBinding([.down, .character("j")], .scrollDown, in: log, .panels, "in the log: newer lines"),
      KeyBinding([.pageUp, .left], .scrollPageUp, in: log, .panels, "in the log: a page back"),
      KeyBinding([.pageDown, .right], .scrollPageDown, in: log, .panels, "in the log: a page on"),
      KeyBinding([.home], .scrollToTop, in: log, .panels, "in the log: the first line"),
      KeyBinding([.end], .scrollToBottom, in: log, .panels, "in the log: the last line"),
    ]

  private static let program: [KeyBinding] = [
    KeyBinding([.character("t")], .nextTheme, .program, short: "theme", "the next theme"),
    KeyBinding([.character("?"), .function(1)], .help, .program, short: "help", "this help"),
    KeyBinding([.character("q")], .quit, .program, short: "quit", "quit; asks while the run goes on"),
    KeyBinding(
      [.control("c"), .character("Q")], .stopAndQuit, .program, "stop, keep a checkpoint, quit", isAlwaysActive: true),
    KeyBinding([.control("l"), .character("r")], .redraw, .program, "draw the screen anew", isAlwaysActive: true),
    KeyBinding([.control("z"), .character("z")], .suspend, .program, "suspend to the shell", isAlwaysActive: true),
  ]

  private static let entry: [KeyBinding] = [
    KeyBinding([.enter], .applyEntry, in: .entry, .hyperparameters, short: "apply", "while typing: apply it"),
    KeyBinding([.escape], .cancelEntry, in: .entry, .hyperparameters, short: "cancel", "while typing: leave it"),
    KeyBinding(
      [.backspace, .delete], .eraseCharacter, in: .entry, .hyperparameters, short: "erase", "while typing: erase"),
  ]

  private static let dialogs: [KeyBinding] = [
    KeyBinding(
      [.character("y"), .character("Y"), .enter], .confirm, in: .question, .program, short: "yes", "a question: yes"),
    KeyBinding(
      [.character("n"), .character("N"), .escape, .character("q")], .refuse, in: .question, .program, short: "no",
      "a question: no"),
    KeyBinding(
      [.escape, .character("?"), .function(1), .character("q"), .enter], .closeHelp, in: .help, .program,
      short: "close", "close the help"),
    KeyBinding([.character("/")], .filterMetrics, in: .help, .program, short: "search", "search the help"),
    KeyBinding([.up, .character("k"), .pageUp], .scrollUp, in: .help, .program, short: "scroll", "scroll the help"),
    KeyBinding([.down, .character("j"), .pageDown], .scrollDown, in: .help, .program, "scroll the help"),
  ]

  /// Where the next key goes.
  public enum Context: Hashable, Sendable { case pane(Pane), sketch, entry, question, help, runs, layer(Layer) }

  /// What a key means where nobody has bound it anew: by the focused panel first, then globally.
  public static func action(for key: Key, in context: Context) -> Action? {
    KeyMap.standard.action(for: key, in: context)
  }

  /// Two bindings of one scope that claim the same key.
  public struct Clash: Hashable, Sendable {
    public var key: Key
    public var first: KeyBinding
    public var second: KeyBinding
  }

  /// The clashes of a table: none in a good one. A panel's key may stand before a global one.
  public static func clashes(in bindings: [KeyBinding] = all) -> [Clash] {
    var result: [Clash] = []
    for (index, first) in bindings.enumerated() {
      for second in bindings.dropFirst(index + 1) where overlap(first.scope, second.scope) {
        for key in first.keys where second.keys.contains(key) {
          result.append(Clash(key: key, first: first, second: second))
        }
      }
      for (place, key) in first.keys.enumerated() where first.keys.dropFirst(place + 1).contains(key) {
        result.append(Clash(key: key, first: first, second: first))
      }
    }
    return result
  }

  private static func overlap(_ first: KeyBinding.Scope, _ second: KeyBinding.Scope) -> Bool {
    if case .panes(let one) = first, case .panes(let other) = second { return !one.isDisjoint(with: other) }
    return first == second
  }
}
