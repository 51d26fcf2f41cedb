/// A key press as the terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Ctrl with a letter, `control("l")`.
  case control(Character)
  case up, down, left, right
  case shiftUp, shiftDown, shiftLeft, shiftRight
  case enter, escape, tab, backTab, backspace, delete
  case home, end, pageUp, pageDown
  case function(Int)
}
