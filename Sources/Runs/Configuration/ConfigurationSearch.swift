import Foundation

/// Where sample configurations are looked for, nearest first.
///
/// `--data-dir`, beside the binary, `gantui` in each folder of `XDG_DATA_DIRS`, the source checkout around the binary;
/// and else the copies that are compiled in.
public struct ConfigurationSearch: Sendable {
  static let folderName = "sample-configs"

  private let dataDirectory: String?
  /// The binary's path; nil where it is unknown.
  private let executable: String?
  private let environment: [String: String]
  let workingDirectory: String

  public init(
    dataDirectory: String? = nil, executable: String?, environment: [String: String], workingDirectory: String
  ) {
    self.dataDirectory = dataDirectory
    self.executable = executable
    self.environment = environment
    self.workingDirectory = workingDirectory
  }

  /// The search of this process.
  public static func current(dataDirectory: String? = nil) -> ConfigurationSearch {
    let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ConfigurationSearch(
      dataDirectory: dataDirectory, executable: executable, environment: ProcessInfo.processInfo.environment,
      workingDirectory: FileManager.default.currentDirectoryPath)
  }

  /// The folders that exist, each once.
  /// - Throws: `ConfigurationError.missingDataDirectory` where `--data-dir` names no folder.
  public func folders() throws -> [String] {
    var candidates: [URL] = []
    if let dataDirectory {
      let folder = URL(
        fileURLWithPath: dataDirectory, relativeTo: URL(fileURLWithPath: workingDirectory, isDirectory: true))
      guard isFolder(folder) else { throw ConfigurationError.missingDataDirectory(path: dataDirectory) }
      candidates.append(folder)
    }
    let beside = executable.map { URL(fileURLWithPath: $0).deletingLastPathComponent().standardizedFileURL }
    if let beside { candidates.append(beside) }
    let shared = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
    candidates += shared.split(separator: ":").filter { $0.hasPrefix("/") }
      .map { URL(fileURLWithPath: String($0), isDirectory: true).appendingPathComponent("gantui") }
    if var above = beside {
      while above.path != "/" {
        above.deleteLastPathComponent()
        candidates.append(above)
      }
    }
    var seen: Set<String> = []
    return candidates.map { $0.appendingPathComponent(Self.folderName).standardizedFileURL }
      .filter { isFolder($0) && seen.insert($0.path).inserted }.map(\.path)
  }

  private func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}

/// A configuration that comes with gantui, or lies where its own do.
public struct SampleConfiguration: Sendable, Equatable {
  public var name: String
  /// The first comment line of the file.
  public var summary: String
  /// The file, or nil for the compiled-in copy.
  public var path: String?

  /// The comment on the first line of a text, or nothing.
  static func summary(of text: String) -> String {
    let line = text.prefix { !$0.isNewline }
    guard line.hasPrefix("#") else { return "" }
    return oneLineSummary(String(line.drop { $0 == "#" || $0 == " " }))
  }

  private static func oneLineSummary(_ text: String) -> String {
    String(text.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init))
  }
}

extension ConfigurationSearch {
  /// All sample configurations by name: each from the first folder that has it, else compiled in.
  /// - Throws: `ConfigurationError.missingDataDirectory`.
  public func samples() throws -> [SampleConfiguration] {
    var samples: [String: SampleConfiguration] = [:]
    for folder in try folders() {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where file.hasSuffix(".yaml") {
        let name = String(file.dropLast(5))
        guard isRunName(name), samples[name] == nil else { continue }
        let path = folder + "/" + file
        guard let data = try? readConfiguration(path) else { continue }
        samples[name] = SampleConfiguration(
          name: name, summary: SampleConfiguration.summary(of: String(decoding: data, as: UTF8.self)), path: path)
      }
    }
    for (name, text) in EmbeddedSamples.texts where samples[name] == nil {
      samples[name] = SampleConfiguration(name: name, summary: SampleConfiguration.summary(of: text), path: nil)
    }
    return samples.values.sorted { ($0.order, $0.name) < ($1.order, $1.name) }
  }

  /// The configuration that a command names.
  ///
  /// - Parameters:
  ///   - nameOrPath: the path of a file, or the name of a sample configuration. A path has a slash or ends in `.yaml` or
  ///     `.yml`; a plain word is a sample's name first and a file in the working directory second.
  ///   - overrides: the `--set` options, `key=value` each, in order.
  ///   - seed, steps, name, threads: the options of that name, as they were given.
  /// - Throws: `ConfigurationError`.
  public func resolve(
    _ nameOrPath: String, overrides: [String] = [], seed: String? = nil, steps: String? = nil, name: String? = nil,
    threads: String? = nil
  ) throws -> ResolvedConfiguration {
    var all = try overrides.map { try ConfigurationOverride($0) }
    let options = [
      ("seed", "--seed", seed), ("schedule.steps", "--steps", steps), ("name", "--name", name),
      ("threads", "--threads", threads),
    ]
    for (key, option, value) in options {
      if let value { all.append(ConfigurationOverride(key: key, value: value, option: option)) }
    }
    let (text, folder) = try find(nameOrPath)
    return try ConfigurationLoader(
      text: text, pathBase: PathBase(file: folder, commandLine: workingDirectory), overrides: all
    ).load()
  }

  /// The text of a configuration, and the folder that its relative paths start from.
  private func find(_ nameOrPath: String) throws -> (text: ConfigurationText, folder: String) {
    let isYAML = nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml")
    let url = URL(
      fileURLWithPath: nameOrPath, relativeTo: URL(fileURLWithPath: workingDirectory, isDirectory: true))
    func file() throws -> (ConfigurationText, String) {
      do {
        let text = try ConfigurationText(data: readConfiguration(url.path), file: nameOrPath)
        return (text, url.deletingLastPathComponent().standardizedFileURL.path)
      } catch ConfigurationError.unreadable(_, let code) {
        throw ConfigurationError.unreadable(path: nameOrPath, errno: code)
      } catch ConfigurationError.isDirectory {
        throw ConfigurationError.isDirectory(path: nameOrPath)
      } catch ConfigurationError.tooLarge(_, let limit) {
        throw ConfigurationError.tooLarge(path: nameOrPath, limit: limit)
      }
    }
    if nameOrPath.contains("/") { return try file() }
    if isYAML {
      if FileManager.default.fileExists(atPath: url.path) { return try file() }
      let stem = nameOrPath[..<(nameOrPath.lastIndex(of: ".") ?? nameOrPath.endIndex)]
      if let sample = try sample(String(stem)) { return sample }
      return try file()
    }
    if let sample = try sample(nameOrPath) { return sample }
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), !isDirectory.boolValue {
      return try file()
    }
    let known = try samples().map(\.name)
    throw ConfigurationError.unknownName(
      oneLine(nameOrPath), suggestion: spellingSuggestion(for: nameOrPath, among: known), known: known)
  }

  private func sample(_ name: String) throws -> (ConfigurationText, String)? {
    for folder in try folders() {
      let path = "\(folder)/\(name).yaml"
      guard isRunName(name), FileManager.default.fileExists(atPath: path) else { continue }
      return (try ConfigurationText(data: readConfiguration(path), file: path), folder)
    }
    return EmbeddedSamples.texts[name].map { (ConfigurationText(text: $0, file: "\(name).yaml"), workingDirectory) }
  }
}

extension SampleConfiguration {
  /// gantui's own come first, from easy to hard; others follow by name.
  fileprivate var order: Int { EmbeddedSamples.names.firstIndex(of: name) ?? EmbeddedSamples.names.count }
}
