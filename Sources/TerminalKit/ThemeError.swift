/// Why a theme file was refused.
public enum ThemeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is not YAML.
  case malformed(file: String, line: Int, problem: String)
  /// The file is empty or holds something other than keys and values.
  case notAMapping(file: String, line: Int)
  case unknownKey(file: String, line: Int, key: String, accepted: [String])
  case missingKey(file: String, key: String)
  case invalidColor(file: String, line: Int, key: String, found: String)
  /// A style that is neither a colour nor a mapping of `color`, `background`, `bold`, `dim`, `underline`, `reverse`.
  case invalidStyle(file: String, line: Int, key: String)
  case invalidFlag(file: String, line: Int, key: String, found: String)
  case tooFewColors(file: String, line: Int, key: String, found: Int, needed: Int)
  /// A line of a theme of btop's that gives no colour to a name.
  case notAnAssignment(file: String, line: Int)
  case invalidBtopColor(file: String, line: Int, key: String, found: String)

  public var description: String {
    switch self {
    case .malformed(let file, let line, let problem):
      "\(file):\(line): this is not valid YAML: \(problem)"
    case .notAMapping(let file, let line):
      "\(file):\(line): a theme is a mapping of names to colours"
    case .unknownKey(let file, let line, let key, let accepted):
      "\(file):\(line): unknown key \"\(key)\"; accepted are \(accepted.joined(separator: ", "))"
    case .missingKey(let file, let key):
      "\(file): the key \"\(key)\" is missing"
    case .invalidColor(let file, let line, let key, let found):
      "\(file):\(line): \(key): \"\(found)\" is no colour; accepted are \"#rrggbb\", default, ansi0 to ansi15, "
        + "and names such as red or bright-red"
    case .invalidStyle(let file, let line, let key):
      "\(file):\(line): \(key) must be a colour or a mapping with color, background, bold, dim, underline, reverse"
    case .invalidFlag(let file, let line, let key, let found):
      "\(file):\(line): \(key): \"\(found)\" is neither true nor false"
    case .tooFewColors(let file, let line, let key, let found, let needed):
      "\(file):\(line): \(key) has \(found) colours and needs at least \(needed)"
    case .notAnAssignment(let file, let line):
      "\(file):\(line): expected a line such as theme[main_fg]=\"#d0d0d0\""
    case .invalidBtopColor(let file, let line, let key, let found):
      "\(file):\(line): \(key): \"\(found)\" is no colour; accepted are \"#rrggbb\", \"#gg\" for a gray, and "
        + "\"red green blue\" from 0 to 255"
    }
  }
}
