import TerminalKit

/// What a key press means.
public enum Action: Hashable, Sendable {
  case rewindBack, rewindForward, leaveRewind, branch, branchHere, undo
  case togglePause, step, stepDiscriminator, stepGenerator, checkpoint, saveSamples
  case previousHyperparameter, nextHyperparameter
  case lower(Stride), raise(Stride)
  case typeValue, applyEntry, cancelEntry, eraseCharacter
  case chart(ChartAction)
  case focusNext, focusPrevious, cycleFullScreen, fullScreen(Pane), fillWithFocus, nextImageMode, nextPanel, back
  case scrollUp, scrollDown, scrollPageUp, scrollPageDown, scrollToTop, scrollToBottom
  case lab(LabAction)
  case nextTheme, help, closeHelp, quit, stopAndQuit, confirm, refuse, redraw, suspend
  case takeWheel, detach
  case togglePane(Pane), nextPreset, moveBorders, palette, filterMetrics, freeze, options, themeList, copyValue
  case layer(LayerAction)
}

extension Action {
  /// Whether it means nothing once the run is over.
  var needsTrainer: Bool {
    switch self {
    case .togglePause, .step, .stepDiscriminator, .stepGenerator, .checkpoint, .saveSamples, .lower, .raise, .typeValue,
      .rewindBack, .rewindForward, .leaveRewind, .branch, .branchHere, .undo:
      true
    default: false
    }
  }

  /// Of those that need the trainer: whether a run that has finished answers to it.
  var leavesRunAsItIs: Bool {
    switch self {
    case .saveSamples, .rewindBack, .rewindForward, .leaveRewind, .branch, .branchHere: true
    default: false
    }
  }
}

/// How far one key press moves a hyperparameter.
public enum Stride: Hashable, Sendable { case fine, normal, coarse }

/// A line of the key table, which dispatches keys and prints the help.
public struct KeyBinding: Sendable, Hashable {
  /// Where the binding holds.
  public enum Scope: Hashable, Sendable {
    case global
    /// While one of these panes has the focus; goes before `global`.
    case panes(Set<Pane>)
    /// While an earlier moment of the run is shown; goes before `panes`.
    case rewound
    /// While a value is typed.
    case entry
    /// While a person draws data.
    case sketch
    /// While a question waits for its answer.
    case question
    /// While the help is open.
    case help
    /// While the list of other runs is open.
    case runs
    /// While the palette, a list or another layer has the keys.
    case layer(Layer)
  }
  /// The headings of the help.
  public enum Section: String, Sendable, CaseIterable {
    case run, hyperparameters, charts, samples, panels, program, layers
  }

  public var keys: [Key]
  public var scope: Scope
  public var action: Action
  public var section: Section
  /// A word or two for the key line at the bottom; empty where it has no place there.
  public var short: String
  public var help: String
  /// Whether it holds too while a value is typed, a question waits or the help is open.
  public var isAlwaysActive: Bool

  init(
    _ keys: [Key], _ action: Action, in scope: Scope = .global, _ section: Section, short: String = "", _ help: String,
    isAlwaysActive: Bool = false
  ) {
    self.keys = keys
    self.scope = scope
    self.action = action
    self.section = section
    self.short = short
    self.help = help
    self.isAlwaysActive = isAlwaysActive
  }
}

extension Key {
  /// The key as the help writes it.
  public func name(ascii: Bool) -> String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "^" + character.uppercased()
    case .up: ascii ? "up" : "↑"
    case .down: ascii ? "down" : "↓"
    case .left: ascii ? "left" : "←"
    case .right: ascii ? "right" : "→"
    case .shiftUp: "shift-" + (ascii ? "up" : "↑")
    case .shiftDown: "shift-" + (ascii ? "down" : "↓")
    case .shiftLeft: "shift-" + (ascii ? "left" : "←")
    case .shiftRight: "shift-" + (ascii ? "right" : "→")
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .home: "home"
    case .end: "end"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .function(let number): "F\(number)"
    }
  }

  /// Whether some terminals cannot send it, or a person with one hand cannot type it.
  public var needsTwin: Bool {
    switch self {
    case .control, .shiftUp, .shiftDown, .shiftLeft, .shiftRight, .backTab: true
    default: false
    }
  }
}
