import Dashboard
import Foundation
import Runs
import TerminalKit

/// Where the dashboard's settings and what it remembers are kept, by the XDG base directories.
struct ViewFiles {
  private let environment: [String: String]

  init(environment: [String: String] = ProcessInfo.processInfo.environment) { self.environment = environment }

  private func folder(_ variable: String, _ standard: String) -> String? {
    // The standard says that a path that is not absolute is to be ignored.
    if let path = environment[variable], path.hasPrefix("/") { return path }
    return environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/\(standard)" }
  }

  private var configurationFolder: String? { folder("XDG_CONFIG_HOME", ".config") }

  /// `$XDG_CONFIG_HOME/gantui/config.yaml`.
  var settings: String? { configurationFolder.map { "\($0)/gantui/config.yaml" } }

  /// `$XDG_STATE_HOME/gantui/view.yaml`.
  var remembered: String? { folder("XDG_STATE_HOME", ".local/state").map { "\($0)/gantui/view.yaml" } }

  /// Folders of theme files: gantui's, then btop's.
  var themeFolders: [String] {
    let own = configurationFolder.map { ["\($0)/gantui/themes", "\($0)/btop/themes"] } ?? []
    return own + ["/usr/local/share/btop/themes", "/usr/share/btop/themes"]
  }

  // MARK: reading

  func readSettings() -> (settings: Settings, problems: [String]) {
    guard let path = settings, FileManager.default.fileExists(atPath: path) else { return (Settings(), []) }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      return (Settings(), ["\(path): the settings cannot be read; the standard ones are taken"])
    }
    return SettingsFile.read(text, file: path)
  }

  func readRemembered() -> RememberedView {
    guard let path = remembered, let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      return RememberedView()
    }
    return SettingsFile.readRemembered(text)
  }

  // MARK: writing

  /// Changes the lines of settings in the file, or writes a new one.
  /// - Returns: a sentence where that could not be done.
  func write(_ settings: Settings) -> String? {
    guard let path = self.settings else { return "there is no home folder to keep settings in" }
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    if text.isEmpty, FileManager.default.fileExists(atPath: path), !FileManager.default.isReadableFile(atPath: path) {
      return "\(path): the settings cannot be read, so that they are not written either"
    }
    guard let changed = SettingsFile.updating(text, to: settings) else {
      return "\(path): this file is not valid, so that the setting is not kept in it"
    }
    return Self.write(changed, to: path)
  }

  func write(_ view: RememberedView) -> String? {
    guard let path = remembered else { return nil }
    return Self.write(SettingsFile.text(of: view), to: path)
  }

  /// Writes a file as a whole or not at all.
  private static func write(_ text: String, to path: String) -> String? {
    // A link to a file elsewhere stays one.
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
      return nil
    } catch {
      return "\(path): this file cannot be written"
    }
  }

  // MARK: themes

  /// Every theme by name: the compiled-in ones, and those of the folders, of which the first of a name counts.
  /// - Returns: the themes, and a sentence for each file that is none.
  func themes() -> (themes: [String: Theme], problems: [String]) {
    var themes = Theme.builtIn
    var problems: [String] = []
    for folder in themeFolders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for file in names.sorted() where file.hasSuffix(".yaml") || file.hasSuffix(".theme") {
        do {
          var theme = try Self.load("\(folder)/\(file)")
          let name = String(file.prefix(upTo: file.lastIndex(of: ".") ?? file.endIndex))
          theme.name = name
          if themes[name] == nil { themes[name] = theme }
        } catch {
          problems.append("\(error)")
        }
      }
    }
    return (themes, problems)
  }

  /// A theme file, ours or btop's.
  static func load(_ path: String) throws -> Theme {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Failure("\(path): the theme cannot be read", code: ExitCode.inputOutput)
    }
    return path.hasSuffix(".theme")
      ? try Theme.load(btop: text, file: path) : try Theme.load(yaml: text, file: path)
  }
}
