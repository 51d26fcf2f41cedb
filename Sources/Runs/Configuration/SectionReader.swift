import Foundation
import Models
import Telemetry

/// Where relative paths of a configuration start.
public struct PathBase: Sendable, Equatable {
  /// The folder of the file, for paths written in it; nil leaves them as they are.
  public var file: String?
  /// The working directory, for paths given on the command line; nil leaves them as they are.
  public var commandLine: String?
  public init(file: String? = nil, commandLine: String? = nil) {
    self.file = file
    self.commandLine = commandLine
  }

  func resolve(_ path: String, writtenAt place: SourcePlace) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/") {
      path = NSHomeDirectory() + path.dropFirst()
    }
    guard !path.hasPrefix("/"), let base = place.isFile ? file : commandLine else { return path }
    return URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: base, isDirectory: true)).standardizedFileURL
      .path
  }
}

/// Reads the typed values of one mapping, checked against the catalog.
///
/// On creation it refuses keys that the catalog does not list for the section; after it, each read is of a listed key.
struct SectionReader {
  /// The section's path, empty for the top level.
  let path: String
  let place: SourcePlace
  /// The section's kind where it has kinds.
  let kind: String?
  let pathBase: PathBase
  private let entries: [ConfigurationNode.Entry]

  /// - Parameters:
  ///   - node: what was written; nil for a section that was left out.
  ///   - defaultKind: the kind of a section without one; nil where it is required or there are none.
  init(
    _ node: ConfigurationNode?, path: String, place: SourcePlace, defaultKind: String? = nil,
    pathBase: PathBase
  ) throws {
    self.path = path
    self.place = node?.place ?? place
    self.pathBase = pathBase
    let kindPath = path.isEmpty ? "kind" : path + ".kind"
    let kindEntry = Catalog.entry(kindPath, kind: nil)
    let type = path.isEmpty ? ValueType.section(kinds: []) : Catalog.entry(path, kind: nil)?.type
    switch node?.content {
    case nil: entries = []
    case .mapping(let found): entries = found
    case .scalar(let text, isPlain: _):
      guard case .section(let kinds)? = type, kinds.contains(text), let node else { fallthrough }
      entries = [ConfigurationNode.Entry(key: "kind", place: node.place, value: node)]
    case .sequence:
      throw ConfigurationError.wrongValue(
        self.place, key: path.isEmpty ? "the configuration" : path, found: node?.quoted ?? "nothing",
        accepted: type?.accepted ?? "a mapping of keys")
    }
    if let kindEntry {
      if let written = entries.first(where: { $0.key == "kind" }) {
        guard case .choice(let kinds) = kindEntry.type, case .scalar(let text, _) = written.value.content,
          kinds.contains(text)
        else {
          throw ConfigurationError.wrongValue(
            written.value.place, key: kindPath, found: written.value.quoted, accepted: kindEntry.accepted)
        }
        kind = text
      } else if let defaultKind {
        kind = defaultKind
      } else {
        throw ConfigurationError.missingKey(self.place, key: kindPath, accepted: kindEntry.accepted)
      }
    } else {
      kind = nil
    }
    try refuseUnknownKeys(and: kindEntry == nil ? [] : ["kind"])
  }

  /// The reader of one element of the list of penalties, whose kind is part of its path.
  init(element node: ConfigurationNode, of list: String, kind: String, pathBase: PathBase) throws {
    path = "\(list).\(kind)"
    place = node.place
    self.kind = kind
    self.pathBase = pathBase
    entries = node.entries ?? []
    try refuseUnknownKeys(and: ["kind"])
  }

  private func refuseUnknownKeys(and extra: [String]) throws {
    let accepted = Catalog.keys(of: path, kind: kind)
    for entry in entries where !accepted.contains(entry.key) && !extra.contains(entry.key) {
      let key = fullPath(entry.key)
      let owners = Catalog.entries(of: key).flatMap(\.kinds)
      if let kind, !owners.isEmpty {
        throw ConfigurationError.misplacedKey(entry.place, key: key, kind: kind, belongsTo: owners)
      }
      throw ConfigurationError.unknownKey(
        entry.place, key: oneLine(key), suggestion: spellingSuggestion(for: entry.key, among: accepted),
        accepted: accepted)
    }
  }

  func fullPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func node(_ key: String) -> ConfigurationNode? { entries.first { $0.key == key }?.value }

  /// The place of a key, or of the section where it is left out.
  func place(of key: String) -> SourcePlace { entries.first { $0.key == key }?.place ?? place }

  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }
}

extension SectionReader {
  func number(_ key: String, derived: Double? = nil) throws -> Double {
    try value(key, derived: derived) { node, type in
      guard case .number(let range) = type, let value = node.plain.flatMap(ScalarText.number), range.contains(value)
      else { return nil }
      return value
    }
  }

  func integer(_ key: String, derived: Int? = nil) throws -> Int {
    try value(key, derived: derived) { node, type in
      guard let value = node.plain.flatMap(ScalarText.integer) else { return nil }
      switch type {
      case .integer(let range): return range.contains(value) ? value : nil
      case .integerChoice(let values): return values.contains(value) ? value : nil
      default: return nil
      }
    }
  }

  /// A list of alert rules; what is wrong with one is told in its own words.
  func rules(_ key: String) throws -> [AlertRule] {
    guard let node = node(key) else { return [] }
    guard case .sequence(let elements) = node.content else {
      throw ConfigurationError.wrongValue(
        place(of: key), key: fullPath(key), found: node.quoted, accepted: ValueType.rules.accepted)
    }
    return try elements.map { element in
      guard case .scalar(let text, _) = element.content else {
        throw ConfigurationError.wrongValue(
          element.place, key: fullPath(key), found: element.quoted, accepted: AlertRuleError.form)
      }
      do throws(AlertRuleError) {
        return try AlertRule(parsing: text)
      } catch {
        throw ConfigurationError.badRule(element.place, key: fullPath(key), error)
      }
    }
  }

  func integers(_ key: String) throws -> [Int] {
    try value(key) { node, type in
      guard case .integers(let range, let maximumCount) = type, case .sequence(let elements) = node.content,
        elements.count <= maximumCount
      else { return nil }
      let values = elements.compactMap { $0.plain.flatMap(ScalarText.integer) }
      return values.count == elements.count && values.allSatisfy(range.contains) ? values : nil
    }
  }

  /// A key that stands alone.
  func nothing(_ key: String) throws { let _: Bool = try value(key) { node, _ in node.isNull ? true : nil } }
  /// Points with their weights; a weight that is left out is 1.
  func drawing(_ key: String) throws -> [DrawnPoint] {
    try value(key) { node, type in
      guard case .drawing(let maximumCount) = type, case .sequence(let elements) = node.content, !elements.isEmpty,
        elements.count <= maximumCount
      else { return nil }
      var points: [DrawnPoint] = []
      points.reserveCapacity(elements.count)
      for element in elements {
        guard case .sequence(let parts) = element.content, parts.count == 2 || parts.count == 3 else { return nil }
        let numbers = parts.compactMap { $0.plain.flatMap(ScalarText.number) }.filter(\.isFinite)
        guard numbers.count == parts.count, numbers.count == 2 || numbers[2] > 0 else { return nil }
        points.append(DrawnPoint(x: numbers[0], y: numbers[1], weight: numbers.count == 3 ? numbers[2] : 1))
      }
      return points
    }
  }

  func flag(_ key: String, derived: Bool? = nil) throws -> Bool {
    try value(key, derived: derived) { node, _ in node.plain.flatMap(ScalarText.flag) }
  }

  func unsigned(_ key: String) throws -> UInt64 {
    try value(key) { node, _ in node.plain.flatMap(ScalarText.unsigned) }
  }

  /// One of an enumeration's names.
  func choice<T: RawRepresentable<String>>(_ key: String, derived: T? = nil) throws -> T {
    try value(key, derived: derived) { node, type in
      guard case .choice(let names) = type, case .scalar(let text, _) = node.content, names.contains(text) else {
        return nil
      }
      return T(rawValue: text)
    }
  }

  func name(_ key: String, derived: String) throws -> String {
    try value(key, derived: derived) { node, _ in
      guard !node.isNull, case .scalar(let text, _) = node.content, isRunName(text) else { return nil }
      return text
    }
  }

  func path(_ key: String) throws -> String {
    try value(key) { node, _ in node.path(base: pathBase) }
  }

  /// A path, or nil where it is left out or the word for "no value" was written.
  func optionalPath(_ key: String) throws -> String? {
    isAbsent(key) ? nil : try path(key)
  }

  func optionalNumber(_ key: String) throws -> Double? {
    isAbsent(key) ? nil : try number(key)
  }

  func optionalInteger(_ key: String) throws -> Int? {
    isAbsent(key) ? nil : try integer(key)
  }

  /// The section under a key.
  func section(_ key: String, defaultKind: String? = nil) throws -> SectionReader {
    try SectionReader(
      node(key), path: fullPath(key), place: place, defaultKind: defaultKind, pathBase: pathBase)
  }

  /// Whether an optional key has no value: left out, null, or its word such as `none`.
  func isAbsent(_ key: String) -> Bool {
    guard let node = node(key) else { return true }
    if case .absent(let word)? = Catalog.entry(fullPath(key), kind: kind)?.standard {
      return node.isNull || node.plain == word
    }
    return false
  }

  private func value<T>(
    _ key: String, derived: T? = nil, _ parse: (ConfigurationNode, ValueType) -> T?
  ) throws -> T {
    guard let entry = Catalog.entry(fullPath(key), kind: kind) else {
      throw ConfigurationError.unlistedKey(fullPath(key))
    }
    if let written = node(key) {
      if let value = parse(written, entry.type) { return value }
      throw ConfigurationError.wrongValue(
        written.place, key: fullPath(key), found: written.quoted, accepted: entry.accepted)
    }
    if let derived { return derived }
    switch entry.standard {
    case .value(let text):
      guard let node = try ConfigurationText(text: text, file: fullPath(key)).root(),
        let value = parse(node, entry.type)
      else { throw ConfigurationError.unlistedKey(fullPath(key)) }
      return value
    case .required, .absent, .derived:
      throw ConfigurationError.missingKey(place, key: fullPath(key), accepted: entry.type.accepted)
    }
  }
}

extension ConfigurationNode {
  /// The text of an unquoted scalar.
  fileprivate var plain: String? {
    if case .scalar(let text, isPlain: true) = content { return text }
    return nil
  }

  fileprivate func path(base: PathBase) -> String? {
    guard !isNull, case .scalar(let text, _) = content, !text.isEmpty, !text.unicodeScalars.contains("\0") else {
      return nil
    }
    return base.resolve(text, writtenAt: place)
  }
}

/// Whether a text can name a run and its folder.
func isRunName(_ text: String) -> Bool {
  guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
  func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
  return isAlphanumeric(first)
    && text.utf8.allSatisfy {
      isAlphanumeric($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
    }
}
