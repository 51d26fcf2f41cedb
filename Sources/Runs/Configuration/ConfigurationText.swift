import Foundation
import Yams

/// Reads YAML text into a tree of nodes with places, refusing what a configuration has no use for.
struct ConfigurationText {
  static let sizeLimit = 1 << 20
  static let depthLimit = 16

  /// How messages name the text.
  let file: String
  let text: String
  /// The place of all nodes, for text that is not a file's.
  let fixedPlace: SourcePlace?

  /// - Throws: `ConfigurationError` for text that is not UTF-8 or too large.
  init(data: Data, file: String) throws {
    guard data.count <= Self.sizeLimit else { throw ConfigurationError.tooLarge(path: file, limit: Self.sizeLimit) }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = Array(data.starts(with: byteOrderMark) ? data.dropFirst(3) : data[...])
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
      throw ConfigurationError.notUTF8(path: file, line: 1 + valid.utf8.count { $0 == UInt8(ascii: "\n") })
    }
    self.file = file
    self.text = text
    fixedPlace = nil
  }

  init(text: String, file: String, place: SourcePlace? = nil) {
    self.file = file
    self.text = text
    fixedPlace = place
  }

  /// The document's root; nil for a text without any value.
  func root() throws -> ConfigurationNode? {
    try YAMLPrescan(text: text, place: place(line:column:)).check()
    let node: Node?
    do {
      node = try compose(yaml: text, .default, .default, .utf8)
    } catch let error as YamlError {
      throw configurationError(error)
    }
    guard let node else { return nil }
    return try convert(node, depth: 0)
  }

  private func place(line: Int, column: Int) -> SourcePlace { fixedPlace ?? .file(file, line: line, column: column) }

  private func place(_ mark: Mark?) -> SourcePlace { place(line: mark?.line ?? 1, column: mark?.column ?? 1) }

  private func convert(_ node: Node, depth: Int) throws -> ConfigurationNode {
    let place = place(node.mark)
    guard depth <= Self.depthLimit else { throw ConfigurationError.tooDeep(place, limit: Self.depthLimit) }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return ConfigurationNode(content: .scalar(scalar.string, isPlain: isPlain), place: place)
    case .sequence(let sequence):
      return ConfigurationNode(
        content: .sequence(try sequence.map { try convert($0, depth: depth + 1) }), place: place)
    case .mapping(let mapping):
      var entries: [ConfigurationNode.Entry] = []
      for (key, value) in mapping {
        let keyPlace = self.place(key.mark)
        guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
          throw ConfigurationError.keyIsNotText(keyPlace, found: try convert(key, depth: depth + 1).quoted)
        }
        guard !entries.contains(where: { $0.key == scalar.string }) else {
          throw ConfigurationError.duplicateKey(keyPlace, key: oneLine(scalar.string))
        }
        entries.append(
          ConfigurationNode.Entry(
            key: scalar.string, place: keyPlace, value: try convert(value, depth: depth + 1)))
      }
      return ConfigurationNode(content: .mapping(entries), place: place)
    case .alias(let alias): throw ConfigurationError.anchor(place, name: oneLine("*" + alias.anchor.rawValue))
    }
  }

  private func configurationError(_ error: YamlError) -> ConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .syntax(place(mark), problem: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return .duplicateKey(place(context.mark), key: oneLine(duplicates.first ?? ""))
    case .reader(let problem, let offset, _, _):
      let line = 1 + text.prefix(offset ?? 0).count { $0.isNewline }
      return .syntax(place(line: line, column: 1), problem: problem)
    case .memory:
      return .tooDeep(place(line: 1, column: 1), limit: Self.depthLimit)
    case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return .syntax(place(line: 1, column: 1), problem: oneLine("\(error)"))
    }
  }
}

/// Looks for what must be found before the YAML is composed: tabs, for which the parser's own message is obscure, and
/// anchors, whose aliases can make a small file take for ever.
struct YAMLPrescan {
  let text: String
  let place: (_ line: Int, _ column: Int) -> SourcePlace

  private enum State { case start, plain, single, double, comment }

  func check() throws {
    var state = State.start
    var line = 1
    var column = 0
    var isIndentation = true
    var isEscaped = false
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      column += 1
      if scalar == "\n" {
        line += 1
        column = 0
        isIndentation = true
        isEscaped = false
        if state == .comment || state == .plain { state = .start }
        continue
      }
      switch state {
      case .comment: break
      case .double:
        if isEscaped {
          isEscaped = false
        } else if scalar == "\\" {
          isEscaped = true
        } else if scalar == "\"" {
          state = .plain
        }
      case .single:
        if isEscaped {
          isEscaped = false
        } else if scalar == "'" {
          if next == "'" { isEscaped = true } else { state = .plain }
        }
      case .start, .plain:
        let place = place(line, column)
        if isIndentation, scalar == "\t", next.map({ $0 != "\n" && $0 != "#" }) ?? false {
          throw ConfigurationError.tabIndentation(place)
        }
        if scalar != " " && scalar != "\t" { isIndentation = false }
        switch scalar {
        case " ", "\t", "\r": state = .start
        case "[", "]", "{", "}", ",": state = .start
        case "#" where state == .start: state = .comment
        case "'" where state == .start: state = .single
        case "\"" where state == .start: state = .double
        case "&" where state == .start && isName(next), "*" where state == .start && isName(next):
          throw ConfigurationError.anchor(place, name: "\(scalar)\(next.map(String.init) ?? "")...")
        default: state = .plain
        }
      }
    }
  }

  private func isName(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return !scalar.properties.isWhitespace
  }
}
