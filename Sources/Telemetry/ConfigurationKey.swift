/// A key of a run's configuration, as a branch of the run may change it.
public struct ConfigurationKey: Codable, Sendable, Equatable {
  /// The path, such as `penalties.r1.weight`.
  public var path: String
  /// As it would be written; nil where the run does not have the key.
  public var value: String?
  /// The words that it takes, where those are few; empty for numbers and texts.
  public var choices: [String]
  /// One line for a list.
  public var explanation: String

  public init(path: String, value: String?, choices: [String] = [], explanation: String) {
    self.path = path
    self.value = value
    self.choices = choices
    self.explanation = explanation
  }
}
