import Foundation
import Telemetry

/// Why a configuration was refused.
public enum ConfigurationError: Error, Sendable, Equatable {
  // The file.
  case unreadable(path: String, errno: Int32)
  case isDirectory(path: String)
  case tooLarge(path: String, limit: Int)
  case notUTF8(path: String, line: Int)
  case empty(path: String)
  case unknownName(String, suggestion: String?, known: [String])
  case missingDataDirectory(path: String)

  // Its YAML.
  case syntax(SourcePlace, problem: String)
  case tabIndentation(SourcePlace)
  case anchor(SourcePlace, name: String)
  case tooDeep(SourcePlace, limit: Int)
  case duplicateKey(SourcePlace, key: String)
  case keyIsNotText(SourcePlace, found: String)

  // Keys and values.
  case wrongValue(SourcePlace, key: String, found: String, accepted: String)
  case missingKey(SourcePlace, key: String, accepted: String)
  case unknownKey(SourcePlace, key: String, suggestion: String?, accepted: [String])
  /// A key that other kinds of the same section have.
  case misplacedKey(SourcePlace, key: String, kind: String, belongsTo: [String])
  case conflict(SourcePlace, key: String, ConfigurationConflict)
  case badRule(SourcePlace, key: String, AlertRuleError)

  // The command line.
  case malformedOverride(String)
  /// An override goes into a value that has no keys.
  case notASection(SourcePlace, key: String)

  /// The parser asked for a key that the catalog does not list: an error of the program.
  case unlistedKey(String)
}

extension ConfigurationError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .unreadable, .missingDataDirectory: ExitCode.inputOutput
    case .unknownName, .malformedOverride, .notASection: ExitCode.usage
    case .unlistedKey: ExitCode.software
    default: ExitCode.data
    }
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One sentence: the place, the key, what was found and what would be accepted.
  public var description: String {
    switch self {
    case .unreadable(let path, let code): "\(path): cannot be read: \(systemMessage(code))"
    case .isDirectory(let path): "\(path): is a folder; a configuration is a YAML file"
    case .tooLarge(let path, let limit): "\(path): is larger than \(limit) bytes, too large for a configuration"
    case .notUTF8(let path, let line): "\(path):\(line): is not UTF-8 text; a configuration is YAML in UTF-8"
    case .empty(let path): "\(path): is empty; the shortest configuration is \"data: ring\""
    case .unknownName(let name, let suggestion, let known):
      if let suggestion {
        "\(name): no such configuration; did you mean \(suggestion)?"
      } else {
        "\(name): no such configuration; give the path of a YAML file or one of \(known.joined(separator: ", "))"
      }
    case .missingDataDirectory(let path): "--data-dir \(path): is not a folder"
    case .syntax(let place, let problem): "\(place): is not valid YAML: \(problem)"
    case .tabIndentation(let place): "\(place): is indented with a tab; YAML is indented with spaces"
    case .anchor(let place, let name):
      "\(place): anchors and aliases (\(name)) are not accepted in a configuration; write the value out"
    case .tooDeep(let place, let limit): "\(place): is nested more than \(limit) levels deep"
    case .duplicateKey(let place, let key): "\(place): \(key): is given twice"
    case .keyIsNotText(let place, let found): "\(place): expected a key, found \(found)"
    case .wrongValue(let place, let key, let found, let accepted):
      "\(heading(place, key)): expected \(accepted), found \(found)"
    case .missingKey(let place, let key, let accepted): "\(heading(place, key)): is missing; expected \(accepted)"
    case .unknownKey(let place, let key, let suggestion, let accepted):
      if let suggestion {
        "\(heading(place, key)): unknown key; did you mean \"\(suggestion)\"?"
      } else if accepted.isEmpty {
        "\(heading(place, key)): unknown key; none is accepted here"
      } else {
        "\(heading(place, key)): unknown key; accepted are \(accepted.joined(separator: ", "))"
      }
    case .misplacedKey(let place, let key, let kind, let owners):
      "\(heading(place, key)): belongs to the kind \(listed(owners, "or")), not to \(kind)"
    case .conflict(let place, let key, let conflict): "\(heading(place, key)): \(conflict)"
    case .badRule(let place, let key, let error): "\(heading(place, key)): \(error)"
    case .malformedOverride(let text): "--set \(text): expected key=value, such as --set schedule.batch=64"
    case .notASection(let place, let key): "\(place): \(key) is a value without keys of its own; set it whole"
    case .unlistedKey(let key): "\(key): is missing in the catalog of configuration keys; this is an error of gantui"
    }
  }

  /// The place and the key's path, which an option names already.
  private func heading(_ place: SourcePlace, _ key: String) -> String {
    if case .option(let text) = place, text.hasPrefix("--set \(key)=") || !text.hasPrefix("--set ") { return text }
    return "\(place): \(key)"
  }
}

/// What `strerror` says of a system error, "no such file or directory".
func systemMessage(_ code: Int32) -> String {
  let text = String(cString: strerror(code))
  return text.prefix(1).lowercased() + text.dropFirst()
}

/// "a, b or c".
func listed(_ words: [String], _ conjunction: String) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
