import Models

/// One key of the configuration: what it means, what it accepts, what it is when it is left out.
public struct CatalogEntry: Sendable, Equatable {
  public enum Default: Sendable, Equatable {
    /// The value, as it would be written.
    case value(String)
    /// A value that depends on others, in words.
    case derived(String)
    /// There is no value; the word says so in a file.
    case absent(String)
    case required
  }

  /// The key's path, such as `optimizers.generator.rate`.
  public let path: String
  /// The kinds of its section that have the key; empty for all.
  public let kinds: [String]
  public let type: ValueType
  public let standard: Default
  /// One line, in lower case.
  public let explanation: String

  init(_ path: String, _ type: ValueType, _ standard: Default, kinds: [String] = [], _ explanation: String) {
    self.path = path
    self.kinds = kinds
    self.type = type
    self.standard = standard
    self.explanation = explanation
  }

  /// The last component of the path.
  public var key: String { String(path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...]) }

  /// The path of the section that the key belongs to; empty for the top level.
  public var section: String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? "" }

  /// Whether the value can be changed while the run trains.
  public var isLive: Bool { hyperparameter != nil }

  /// The live hyperparameter that the key is.
  var hyperparameter: HyperparameterSpecification? { HyperparameterSpecification.all.first { $0.id == path } }

  /// What would be accepted, with the word for "no value".
  public var accepted: String {
    if case .absent(let word) = standard { return "\(type.accepted), or \(word)" }
    return type.accepted
  }

  func belongs(to kind: String?) -> Bool {
    kinds.isEmpty || (kind.map { kinds.contains($0) } ?? true)
  }
}
