import Yams

/// The configuration file of the dashboard.
public enum SettingsFile {
  private static let mappings = [
    (
      key: "layouts",
      explanation:
        "layouts of your own: panels side by side with |, one above the other with /, shares with :, groups in ( )",
      example: ["  mine: \"(losses:60 | samples:40):3 / (hyperparameters | log):1\""]
    ),
    (
      key: "keys", explanation: "other keys for commands; : and tab list their names",
      example: ["  pause: p", "  freeze: [F, F5]"]
    ),
  ]

  /// Reads settings; what cannot be used stays as it is by default.
  /// - Parameter file: the name that sentences mention.
  /// - Returns: the settings, and a sentence for each line that cannot be used.
  public static func read(_ text: String, file: String) -> (settings: Settings, problems: [String]) {
    var settings = Settings()
    var problems: [String] = []
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      return (settings, ["\(file): this is not valid YAML, so that no setting is taken from it: \(line(of: error))"])
    }
    // An empty file, or one of comments only.
    guard let root, root.null == nil || root.mapping != nil else { return (settings, []) }
    guard let mapping = root.mapping else {
      return (settings, ["\(file): settings are written as \"name: value\", so that none is taken from it"])
    }
    // Where names stand, for what can be checked only when all is read.
    var lines: [String: Int] = [:]
    for (key, value) in mapping {
      let name = key.string ?? ""
      let place = "\(file):\(key.mark?.line ?? 1)"
      lines[name] = key.mark?.line
      if let setting = Setting.all.first(where: { $0.key == name }) {
        if let found = value.scalar?.string, setting.set(&settings, found) { continue }
        let found = value.scalar?.string ?? "a list or mapping"
        let accepted = setting.accepted.isEmpty ? "a name" : setting.accepted.joined(separator: ", ")
        problems.append(
          "\(place): \(name): expected \(accepted), found \"\(found)\"; \(setting.text(settings)) is taken")
      } else if name == "layouts" {
        for (own, layout) in value.mapping ?? [:] {
          let place = "\(file):\(own.mark?.line ?? 1)"
          guard let own = own.string, let text = layout.scalar?.string else {
            problems.append("\(place): layouts: expected a name and a text, such as \"losses | samples\"")
            continue
          }
          do throws(LayoutError) {
            _ = try LayoutTree(text: text)
            settings.layouts[own] = text
          } catch {
            problems.append("\(place): layouts: \(own): \(error)")
          }
        }
        if value.mapping == nil { problems.append("\(place): layouts: expected names with layouts") }
      } else if name == "keys" {
        for (action, keys) in value.mapping ?? [:] {
          let texts = keys.sequence.map { $0.map { $0.scalar?.string ?? "" } } ?? [keys.scalar?.string ?? ""]
          settings.keys.append((action.string ?? "", texts))
          lines["keys " + (action.string ?? "")] = action.mark?.line
        }
        if value.mapping == nil { problems.append("\(place): keys: expected commands with keys") }
      } else if !others.contains(name) {
        let accepted = Setting.all.map(\.key) + mappings.map(\.key)
        problems.append("\(place): there is no setting \"\(name)\"; accepted are \(accepted.joined(separator: ", "))")
      }
    }
    for problem in KeyMap.rebound(settings.keys).problems {
      problems.append("\(file):\(lines["keys " + problem.name] ?? 1): \(problem.text)")
    }
    let presets = settings.presets.map(\.name)
    if !settings.preset.isEmpty, !presets.contains(settings.preset) {
      problems.append(
        "\(file):\(lines["preset"] ?? 1): preset: expected last, \(presets.joined(separator: ", ")), found "
          + "\"\(settings.preset)\"; last is taken")
      settings.preset = ""
    }
    return (settings, problems)
  }

  /// Keys that other parts of gantui read from the same file.
  static let others: Set<String> = ["alerts"]

  /// The file's text with other values of settings; everything else stays as it is.
  /// - Returns: nil where the text is not such that a line could be changed safely.
  public static func updating(_ text: String, to settings: Settings) -> String? {
    guard !text.trimmed.isEmpty else { return template(settings) }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    let standard = Settings()
    for setting in Setting.all {
      let value = setting.text(settings)
      if let index = lines.firstIndex(where: { $0.hasPrefix(setting.key + ":") }) {
        let line = lines[index]
        let before = line.dropFirst(setting.key.count + 1)
        // What stands behind the value stays.
        let comment = before.firstRange(of: " #").map { " " + before[$0.lowerBound...].drop { $0 == " " } } ?? ""
        lines[index] = "\(setting.key): \(scalar(value))\(comment)"
      } else if value != setting.text(standard) {
        lines += ["", "# " + setting.explanation, "\(setting.key): \(scalar(value))"]
      }
    }
    let result = lines.joined(separator: "\n") + "\n"
    let (read, problems) = read(result, file: "")
    // Only a file that says afterwards what it shall say is written.
    let isRight = Setting.all.allSatisfy { $0.text(read) == $0.text(settings) }
    return isRight && !problems.contains { $0.contains("not valid YAML") } ? result : nil
  }

  /// A new file: every setting with what it means.
  public static func template(_ settings: Settings = Settings()) -> String {
    var lines = ["# Settings of gantui's dashboard. The options screen (O) changes the values here and nothing else."]
    for setting in Setting.all {
      lines += ["", "# " + setting.explanation, "\(setting.key): \(scalar(setting.text(settings)))"]
    }
    for mapping in mappings {
      lines += ["", "# " + mapping.explanation, "# \(mapping.key):"] + mapping.example.map { "# " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value as YAML has it: in quotes where it is no plain word or number.
  private static func scalar(_ text: String) -> String {
    let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    guard !isPlain || text.isEmpty else { return text }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func line(of error: any Error) -> String {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      "line \(mark.line): \(problem)"
    default: "it cannot be read"
    }
  }

  // MARK: what is remembered

  /// Reads what an earlier run left; nothing of a file that is damaged.
  public static func readRemembered(_ text: String) -> RememberedView {
    guard let mapping = (try? Yams.compose(yaml: text))?.mapping else { return RememberedView() }
    var view = RememberedView()
    for (key, value) in mapping {
      switch key.string {
      case "preset": view.preset = value.scalar?.string ?? ""
      case "layouts":
        for (name, layout) in value.mapping ?? [:] {
          if let name = name.string, let text = layout.scalar?.string { view.layouts[name] = text }
        }
      case "commands": view.commands = value.sequence?.compactMap { $0.scalar?.string } ?? []
      default: break
      }
    }
    return view
  }

  public static func text(of view: RememberedView) -> String {
    var lines = ["# What gantui's dashboard looked like when it was left; gantui writes it anew.", ""]
    lines.append("preset: \(scalar(view.preset))")
    if !view.layouts.isEmpty {
      lines.append("layouts:")
      lines += view.layouts.sorted { $0.key < $1.key }.map { "  \(scalar($0.key)): \(scalar($0.value))" }
    }
    if !view.commands.isEmpty {
      lines.append("commands:")
      lines += view.commands.map { "  - \(scalar($0))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
