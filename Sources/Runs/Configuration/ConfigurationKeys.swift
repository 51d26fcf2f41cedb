import Models
import Telemetry

extension RunConfiguration {
  /// What `--set` can change: the configuration's own keys with their values, in its order, then the catalog's others.
  ///
  /// An element of a list of kinds is addressed by its kind, `penalties.r1.weight`; a long value is cut.
  public var keys: [ConfigurationKey] {
    guard let root = try? ConfigurationText(text: yaml, file: name).root() else { return [] }
    var values: [(path: String, value: String)] = []
    root.collect("", into: &values)
    var result = values.map { path, value in
      let kind = values.first { $0.path == path.droppingLastPart + ".kind" }?.value
      return ConfigurationKey(
        path: path, value: value, Catalog.entry(path, kind: kind) ?? Catalog.entries(of: path).first)
    }
    var seen = Set(result.map(\.path))
    for entry in Catalog.entries where !entry.isSection && seen.insert(entry.path).inserted {
      result.append(ConfigurationKey(path: entry.path, value: nil, entry))
    }
    return result
  }
}

extension ConfigurationKey {
  private static let longestValue = 60

  fileprivate init(path: String, value: String?, _ entry: CatalogEntry?) {
    let choices: [String] =
      switch entry?.type {
      case .flag: ["true", "false"]
      case .choice(let words): words
      case .integerChoice(let numbers): numbers.map(String.init)
      default: []
      }
    let shown = value.flatMap { $0.count > Self.longestValue ? nil : $0 }
    self.init(path: path, value: shown, choices: choices, explanation: entry?.explanation ?? "")
  }
}

extension CatalogEntry {
  fileprivate var isSection: Bool {
    switch type {
    case .section, .list, .nothing: true
    default: false
    }
  }
}

extension ConfigurationNode {
  fileprivate func collect(_ path: String, into values: inout [(path: String, value: String)]) {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch content {
    case .mapping(let entries): for entry in entries { entry.value.collect(below(entry.key), into: &values) }
    case .scalar(let text, let isPlain): values.append((path, isPlain ? text : "\"\(text)\""))
    case .sequence(let elements):
      guard case .list? = Catalog.entry(path, kind: nil)?.type else {
        if let text { values.append((path, text)) }
        return
      }
      for element in elements {
        guard case .scalar(let kind, _)? = element["kind"]?.content else { continue }
        for entry in element.entries ?? [] where entry.key != "kind" {
          entry.value.collect(below("\(kind).\(entry.key)"), into: &values)
        }
      }
    }
  }

  /// The value as YAML on one line; nil for what is not made of scalars alone.
  private var text: String? {
    switch content {
    case .scalar(let text, let isPlain): return isPlain ? text : "\"\(text)\""
    case .mapping: return nil
    case .sequence(let elements):
      let texts = elements.compactMap(\.text)
      return texts.count == elements.count ? "[\(texts.joined(separator: ", "))]" : nil
    }
  }
}

extension String {
  fileprivate var droppingLastPart: String { lastIndex(of: ".").map { String(self[..<$0]) } ?? "" }
}
