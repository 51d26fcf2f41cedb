import Glibc

/// Why the screen cannot be used; callers fall back to plain lines.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal
  /// `TERM` is not set.
  case noTerminalType
  /// `TERM` names a terminal that cannot move its cursor.
  case tooSimple(type: String)
  /// `TERM` names a terminal that the terminfo database does not know.
  case unknownType(type: String)
  /// A system call failed.
  case system(call: String, code: Int32)

  public var description: String {
    switch self {
    case .notATerminal: "standard input and output are not a terminal"
    case .noTerminalType: "TERM is not set; set it to the kind of your terminal, such as xterm-256color"
    case .tooSimple(let type): "TERM=\(type): this terminal cannot move its cursor"
    case .unknownType(let type):
      "TERM=\(type): the terminfo database does not know this terminal; try TERM=xterm-256color"
    case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
    }
  }
}
