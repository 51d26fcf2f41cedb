import CCurses
import TerminalKit

/// What curses reads, as keys.
///
/// Escape sequences that curses does not know come from it character by character: they are swallowed, so that Ctrl
/// with an arrow does not become the letters of its sequence.
struct KeyDecoder {
  private enum State {
    case ground
    /// An escape was read: a key, or the begin of a sequence.
    case escape
    /// In `ESC [ parameters final`.
    case control
    /// In `ESC O final`.
    case single
  }
  private var state = State.ground
  /// The parameters of the sequence that is being read; nil where it is too long to be one that means something.
  private var parameters: String? = ""
  /// What the mouse did, to be taken by `takeMouse`.
  private var mouse: [MouseEvent] = []

  /// The mouse's reports since the last call.
  mutating func takeMouse() -> [MouseEvent] {
    defer { mouse = [] }
    return mouse
  }

  /// Reports of the mouse come by way of no function key: `ESC [ < button ; column ; row M` (xterm's mode 1006).
  private mutating func endControl(_ final: UInt32) {
    state = .ground
    guard let parameters, parameters.first == "<", final == 77 || final == 109 else { return }
    if let event = MouseEvent(report: parameters.dropFirst(), isRelease: final == 109) { mouse.append(event) }
  }

  /// Takes in a character that was typed.
  mutating func read(scalar: UInt32) -> [Key] {
    switch state {
    case .control:
      if (0x40...0x7E).contains(scalar) {
        endControl(scalar)
      } else if let text = parameters {
        parameters = text.utf8.count < 32 ? Unicode.Scalar(scalar).map { text + String(Character($0)) } : nil
      }
      // A control character ends a broken sequence and stands for itself.
      guard scalar < 32 else { return [] }
      state = .ground
    case .single:
      state = .ground
      return []
    case .escape:
      state = .ground
      switch scalar {
      case 91:
        state = .control
        parameters = ""
      case 79: state = .single
      default: return [.escape] + read(scalar: scalar)
      }
      return []
    case .ground: break
    }
    if scalar == 27 {
      state = .escape
      return []
    }
    return Self.key(scalar: scalar).map { [$0] } ?? []
  }

  /// Takes in a function key's code.
  mutating func read(code: Int32) -> [Key] { end() + (Self.key(code: code).map { [$0] } ?? []) }

  /// No more has come: an escape that nothing followed was the key.
  mutating func end() -> [Key] {
    guard state == .escape else { return [] }
    state = .ground
    return [.escape]
  }

  /// A character that was typed; nil for those that mean nothing here.
  static func key(scalar: UInt32) -> Key? {
    switch scalar {
    case 0: return .control(" ")
    case 8, 127: return .backspace
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 1...26: return Unicode.Scalar(scalar + 96).map { .control(Character($0)) }
    case 28...31: return Unicode.Scalar(scalar + 64).map { .control(Character($0)) }
    case 128..<160: return nil
    default: return Unicode.Scalar(scalar).map { .character(Character($0)) }
    }
  }

  /// A function key's code; nil for those that mean nothing here, such as a resize.
  static func key(code: Int32) -> Key? {
    if let key = named[code] { return key }
    let first = curses_key_f0()
    if code > first, code <= first + 63 { return .function(Int(code - first)) }
    return nil
  }

  private static let named: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_SR: .shiftUp, KEY_SF: .shiftDown,
    KEY_SLEFT: .shiftLeft, KEY_SRIGHT: .shiftRight, KEY_ENTER: .enter, KEY_BTAB: .backTab,
    KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_HOME: .home, KEY_END: .end, KEY_PPAGE: .pageUp,
    KEY_NPAGE: .pageDown,
  ]

  /// Sequences that terminals send although their terminfo entry does not say so.
  static let extraSequences: [(sequence: String, code: Int32)] = [
    ("\u{1B}[1;2A", KEY_SR), ("\u{1B}[1;2B", KEY_SF), ("\u{1B}[1;2C", KEY_SRIGHT), ("\u{1B}[1;2D", KEY_SLEFT),
    ("\u{1B}[A", KEY_UP), ("\u{1B}[B", KEY_DOWN), ("\u{1B}[C", KEY_RIGHT), ("\u{1B}[D", KEY_LEFT),
    ("\u{1B}OA", KEY_UP), ("\u{1B}OB", KEY_DOWN), ("\u{1B}OC", KEY_RIGHT), ("\u{1B}OD", KEY_LEFT),
    ("\u{1B}[H", KEY_HOME), ("\u{1B}[F", KEY_END), ("\u{1B}OH", KEY_HOME), ("\u{1B}OF", KEY_END),
    ("\u{1B}[1~", KEY_HOME), ("\u{1B}[4~", KEY_END), ("\u{1B}[3~", KEY_DC), ("\u{1B}[5~", KEY_PPAGE),
    ("\u{1B}[6~", KEY_NPAGE), ("\u{1B}[Z", KEY_BTAB), ("\u{1B}OM", KEY_ENTER),
  ]
}
