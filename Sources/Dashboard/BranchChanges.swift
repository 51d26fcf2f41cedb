import Telemetry

/// The changes of a branch's configuration as a person types them: `key=value ...`.
enum BranchChanges {
  /// An example for messages.
  static let example = "penalties.r1.weight=10"

  /// One text for each change. Spaces part them, but not between brackets, braces or quotes.
  /// - Throws: `PaletteError.refused` for a word that is no change, and for a bracket or a quote that stays open.
  static func split(_ text: String) throws(PaletteError) -> [String] {
    var changes: [String] = []
    var word = ""
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if "\"'".contains(character) {
        quote = character
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      } else if character == " ", depth <= 0 {
        if !word.isEmpty { changes.append(word) }
        word = ""
        continue
      }
      word.append(character)
    }
    if !word.isEmpty { changes.append(word) }
    guard quote == nil, depth == 0 else { throw .refused("\(text): a bracket or a quote has no other end") }
    for change in changes {
      let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw .refused("\"\(change)\" is no change: write KEY=VALUE, such as \(example)")
      }
    }
    return changes
  }
}

extension DashboardState {
  /// Branches with changes. A key may be the end of a hyperparameter's, `generator.rate=1e-4`; the trainer refuses what
  /// the configuration does not take.
  mutating func branch(_ text: String) throws(PaletteError) -> [Effect] {
    var changes: [String] = []
    for change in try BranchChanges.split(text) {
      let parts = change.split(separator: "=", maxSplits: 1).map(String.init)
      changes.append("\(try wholeKey(parts[0]))=\(parts[1])")
    }
    return branch(changes: changes)
  }

  private func wholeKey(_ name: String) throws(PaletteError) -> String {
    if run?.keys?.contains(where: { $0.path == name || $0.path.hasPrefix(name + ".") }) ?? false { return name }
    let ids = hyperparameters.rows.map(\.hyperparameter.id).filter { $0.hasSuffix("." + name) }
    if ids.count > 1 { throw .unclear(name: name, candidates: ids) }
    return ids.first ?? name
  }

  /// What a word of a branch's changes may become.
  func branchCandidates(_ part: String) -> [(String, String)] {
    let keys =
      run?.keys
      ?? hyperparameters.rows.map {
        ConfigurationKey(
          path: $0.hyperparameter.id, value: decimalText($0.value), explanation: $0.hyperparameter.explanation)
      }
    // Live values are those of now.
    let live = Dictionary(
      hyperparameters.rows.map { ($0.hyperparameter.id, decimalText($0.value)) },
      uniquingKeysWith: { first, _ in first })
    func value(_ key: ConfigurationKey) -> String? { live[key.path] ?? key.value }
    guard let equals = part.firstIndex(of: "=") else {
      return keys.map { key in
        ("\(key.path)=", [value(key).map { "now \($0)" }, key.explanation].compactMap(\.self).joined(separator: "; "))
      }
    }
    guard let key = keys.first(where: { $0.path == part[..<equals] }) else { return [] }
    let words = [value(key)].compactMap(\.self) + key.choices.filter { $0 != value(key) }
    return words.map { ("\(key.path)=\($0)", $0 == value(key) ? "now" : "") }
  }
}
