/// What the mouse did, at a cell of the screen.
public struct MouseEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// A button went down.
    case press
    /// It moved while the button is down.
    case drag
    case release
    case wheelUp, wheelDown
  }
  public var kind: Kind
  /// Column and row from 0.
  public var x: Int
  public var y: Int
  /// Whether the button is the right one, not the left.
  public var isRight: Bool
  public init(_ kind: Kind, x: Int, y: Int, isRight: Bool = false) {
    self.kind = kind
    self.x = x
    self.y = y
    self.isRight = isRight
  }

  /// Reads the parameters of an SGR report, what stands between `ESC [ <` and the final `M` or `m` (xterm's mode 1006).
  public init?(report: some StringProtocol, isRelease: Bool) {
    let numbers = report.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let button = numbers[0], let column = numbers[1], let row = numbers[2],
      (1...65_536).contains(column), (1...65_536).contains(row)
    else { return nil }
    // Shift, meta and control add 4, 8 and 16; motion adds 32; wheels begin at 64.
    let plain = button & ~(4 | 8 | 16)
    switch plain {
    case 0, 2: self.init(isRelease ? .release : .press, x: column - 1, y: row - 1, isRight: plain == 2)
    case 32, 34: self.init(isRelease ? .release : .drag, x: column - 1, y: row - 1, isRight: plain == 34)
    case 64: self.init(.wheelUp, x: column - 1, y: row - 1)
    case 65: self.init(.wheelDown, x: column - 1, y: row - 1)
    default: return nil
    }
  }
}
