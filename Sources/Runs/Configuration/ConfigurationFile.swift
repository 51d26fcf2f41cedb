import Foundation
import Models

/// A configuration with all that was found on the way to it.
public struct ResolvedConfiguration: Sendable, Equatable {
  public var configuration: RunConfiguration
  /// The file's path, or the sample's name where the compiled-in copy was used.
  public var source: String
  public var warnings: [ConfigurationWarning]
}

extension RunConfiguration {
  /// The configuration that a YAML text describes.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: how messages name it; without its extension, the run's name where the text has none.
  ///   - overrides: `key=value` each, applied in order.
  ///   - processor: what it is to be trained on.
  /// - Throws: `ConfigurationError`.
  public init(yaml: String, file: String, overrides: [String] = [], processor: Processor = .current) throws {
    self = try ConfigurationLoader(
      text: ConfigurationText(text: yaml, file: file), pathBase: PathBase(),
      overrides: overrides.map { try ConfigurationOverride($0) }, processor: processor
    ).load().configuration
  }

  /// The configuration of a file, as it stands.
  ///
  /// - Parameter processor: what it is to be trained on.
  /// - Throws: `ConfigurationError`.
  public init(contentsOf path: String, processor: Processor = .current) throws {
    self = try ConfigurationLoader(
      text: ConfigurationText(data: readConfiguration(path), file: path),
      pathBase: PathBase(file: URL(fileURLWithPath: path).deletingLastPathComponent().path), overrides: [],
      processor: processor
    ).load().configuration
  }
}

/// Decodes a text with its overrides.
struct ConfigurationLoader {
  let text: ConfigurationText
  let pathBase: PathBase
  let overrides: [ConfigurationOverride]
  var processor = Processor.current

  func load() throws -> ResolvedConfiguration {
    guard var root = try text.root() else { throw ConfigurationError.empty(path: text.file) }
    var warnings: [ConfigurationWarning] = []
    if !overrides.isEmpty {
      guard root.entries != nil else {
        throw ConfigurationError.wrongValue(
          root.place, key: "the configuration", found: root.quoted, accepted: ValueType.section(kinds: []).accepted)
      }
      for override in overrides { warnings += try override.apply(to: &root) }
    }
    let configuration = try ConfigurationDecoder(
      root, defaultName: defaultName, pathBase: pathBase, processor: processor
    ).decode()
    return ResolvedConfiguration(
      configuration: configuration, source: text.file,
      warnings: warnings + ConfigurationWarning.warnings(about: configuration))
  }

  /// The file's name without its extension, with what a run's name cannot have replaced.
  private var defaultName: String {
    let stem = URL(fileURLWithPath: text.file).deletingPathExtension().lastPathComponent
    let allowed = stem.unicodeScalars.map { scalar -> Character in
      isRunName("a" + String(scalar)) ? Character(scalar) : "-"
    }
    let name = String(String(allowed).drop { !isRunName(String($0)) }.prefix(64))
    return isRunName(name) ? name : "run"
  }
}

/// The bytes of a configuration file, or of a pipe.
/// - Throws: `ConfigurationError`.
func readConfiguration(_ path: String) throws -> Data {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw ConfigurationError.unreadable(path: path, errno: errno) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw ConfigurationError.unreadable(path: path, errno: errno) }
  guard status.st_mode & S_IFMT != S_IFDIR else { throw ConfigurationError.isDirectory(path: path) }
  var data = Data()
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw ConfigurationError.unreadable(path: path, errno: errno)
    }
    if count == 0 { return data }
    data.append(contentsOf: buffer[..<count])
    guard data.count <= ConfigurationText.sizeLimit else {
      throw ConfigurationError.tooLarge(path: path, limit: ConfigurationText.sizeLimit)
    }
  }
}
