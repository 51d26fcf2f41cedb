/// Where a value of a configuration was written.
public enum SourcePlace: Sendable, Equatable, CustomStringConvertible {
  /// Line and column count from 1.
  case file(String, line: Int, column: Int)
  /// An option of the command line, such as `--set schedule.batch=64`.
  case option(String)

  /// `ring8.yaml:12`, or the option as it was given.
  public var description: String {
    switch self {
    case .file(let path, let line, _): "\(path):\(line)"
    case .option(let text): text
    }
  }

  var isFile: Bool {
    if case .file = self { return true }
    return false
  }
}
