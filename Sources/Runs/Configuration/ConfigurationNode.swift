/// A value of a configuration as it was written, with its place: YAML's tree without tags, anchors and types.
struct ConfigurationNode: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    /// The text of a scalar; `isPlain` is false for a quoted one, which is never a number.
    case scalar(String, isPlain: Bool)
    case mapping([Entry])
    case sequence([ConfigurationNode])
  }

  struct Entry: Sendable, Equatable {
    var key: String
    var place: SourcePlace
    var value: ConfigurationNode
  }

  var content: Content
  var place: SourcePlace

  /// The words that stand for "no value" when they are not quoted.
  static let nullWords: Set<String> = ["", "~", "null", "Null", "NULL"]

  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content { return Self.nullWords.contains(text) }
    return false
  }

  var entries: [Entry]? {
    if case .mapping(let entries) = content { return entries }
    return nil
  }

  /// The value of a key of a mapping.
  subscript(_ key: String) -> ConfigurationNode? {
    entries?.first { $0.key == key }?.value
  }

  /// How an error message quotes the value: short, on one line.
  var quoted: String {
    switch content {
    case .scalar(let text, let isPlain):
      if isNull { return "nothing" }
      return isPlain ? "\"\(oneLine(text))\"" : "the text \"\(oneLine(text))\""
    case .mapping(let entries): return entries.isEmpty ? "an empty mapping" : "a mapping"
    case .sequence(let elements):
      let texts = elements.compactMap { element in
        if case .scalar(let text, _) = element.content { text } else { nil }
      }
      return texts.isEmpty || texts.count < elements.count
        ? "a list" : oneLine("[\(texts.joined(separator: ", "))]")
    }
  }
}

/// A text cut to 60 characters, control characters replaced, for a one-line message.
func oneLine(_ text: String) -> String {
  let visible = String(
    String.UnicodeScalarView(
      text.unicodeScalars.prefix(400).map { $0.properties.generalCategory == .control ? " " : $0 })
  )
  return visible.count > 60 ? visible.prefix(57) + "..." : visible
}
