/// How something that changes a run's bits came to it.
public enum EditOrigin: Sendable, Hashable {
  /// A key of the dashboard in the process that trains.
  case key
  /// A viewer on the run's socket.
  case attach
  /// A rule of the configuration that fired, by its name.
  case rule(String)
  /// A command, such as `gantui branch RUN --set KEY=VALUE`.
  case commandLine
  /// The run went back to before an edit.
  case undo
}

/// Written as one word; a rule's name follows it.
extension EditOrigin: Codable, CustomStringConvertible {
  public var description: String {
    switch self {
    case .key: "key"
    case .attach: "attach"
    case .rule(let name): "rule \(name)"
    case .commandLine: "command line"
    case .undo: "undo"
    }
  }

  /// - Returns: nil for words that no origin has.
  public init?(_ description: String) {
    switch description {
    case "key": self = .key
    case "attach": self = .attach
    case "command line": self = .commandLine
    case "undo": self = .undo
    default:
      guard description.hasPrefix("rule ") else { return nil }
      self = .rule(String(description.dropFirst("rule ".count)))
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let origin = EditOrigin(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no origin of an edit")
    }
    self = origin
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
