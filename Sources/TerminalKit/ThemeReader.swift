import Yams

extension Theme {
  /// Reads a theme from YAML text.
  ///
  /// A colour is `"#rrggbb"`, `default`, `ansi0` to `ansi15`, or a name such as `red` or `bright-red`. A style is a
  /// colour or a mapping with `color`, `background`, `bold`, `dim`, `underline` and `reverse`.
  /// - Parameter file: the name that errors mention.
  /// - Throws: `ThemeError` for text that is not YAML, unknown or missing keys, and values that are no colours.
  public static func load(yaml: String, file: String) throws(ThemeError) -> Theme {
    try ThemeReader(yaml: yaml, file: file).theme()
  }
}

/// The keys of one theme file with the lines they stand on.
private struct ThemeReader {
  private static let styleKeys = [
    "background", "text", "faint", "title", "border", "border-focused", "key", "value", "good", "warning", "critical",
    "selected",
  ]
  private static let colorKeys = [
    "envelope", "mark", "checkpoint-mark", "verdict-mark", "reference", "real", "generated",
  ]
  /// Keys of lists, with the number of colours that each needs.
  private static let listKeys = [("series", 8), ("diverging", 3), ("gradient", 2)]
  private static let accepted = ["name"] + styleKeys + colorKeys + listKeys.map(\.0)

  private let file: String
  private var nodes: [String: Node] = [:]

  init(yaml: String, file: String) throws(ThemeError) {
    self.file = file
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch {
      throw Self.malformed(error, file: file)
    }
    guard let mapping = root?.mapping else { throw .notAMapping(file: file, line: root?.mark?.line ?? 1) }
    for (key, value) in mapping {
      let name = key.string ?? ""
      guard Self.accepted.contains(name) else {
        throw .unknownKey(file: file, line: key.mark?.line ?? 1, key: name, accepted: Self.accepted)
      }
      nodes[name] = value
    }
  }

  private static func malformed(_ error: any Error, file: String) -> ThemeError {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      .malformed(file: file, line: mark.line, problem: problem)
    case YamlError.reader(let problem, _, _, _):
      .malformed(file: file, line: 1, problem: problem)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      .malformed(file: file, line: context.mark.line, problem: "the key \(keys.joined(separator: ", ")) stands twice")
    default:
      .malformed(file: file, line: 1, problem: "\(error)")
    }
  }

  func theme() throws(ThemeError) -> Theme {
    let base = try style("background", over: .plain, isBackground: true)
    var theme = Theme.plain
    theme.name = nodes["name"]?.string ?? file
    theme.background = base
    theme.text = try style("text", over: base)
    theme.background.foreground = theme.text.foreground
    theme.faint = try style("faint", over: base)
    theme.title = try style("title", over: base)
    theme.border = try style("border", over: base)
    theme.borderFocused = try style("border-focused", over: base)
    theme.key = try style("key", over: base)
    theme.value = try style("value", over: base)
    theme.good = try style("good", over: base)
    theme.warning = try style("warning", over: base)
    theme.critical = try style("critical", over: base)
    theme.selected = try style("selected", over: base)
    theme.envelope = try color("envelope")
    theme.mark = try color("mark")
    theme.checkpointMark = try color("checkpoint-mark")
    theme.verdictMark = try color("verdict-mark")
    theme.reference = try color("reference")
    theme.real = try color("real")
    theme.generated = try color("generated")
    theme.series = try colors("series", atLeast: 8)
    theme.diverging = try colors("diverging", atLeast: 3)
    theme.gradient = try colors("gradient", atLeast: 2)
    return theme
  }

  private func node(_ key: String) throws(ThemeError) -> Node {
    guard let node = nodes[key] else { throw .missingKey(file: file, key: key) }
    return node
  }

  private func color(_ key: String) throws(ThemeError) -> Color { try color(node(key), key: key) }

  private func color(_ node: Node, key: String) throws(ThemeError) -> Color {
    guard let text = node.scalar?.string, let color = Color(named: text) else {
      throw .invalidColor(file: file, line: node.mark?.line ?? 1, key: key, found: node.scalar?.string ?? "a list")
    }
    return color
  }

  private func colors(_ key: String, atLeast needed: Int) throws(ThemeError) -> [Color] {
    let node = try node(key)
    guard let sequence = node.sequence else {
      throw .tooFewColors(file: file, line: node.mark?.line ?? 1, key: key, found: 1, needed: needed)
    }
    var colors: [Color] = []
    for item in sequence { colors.append(try color(item, key: key)) }
    guard colors.count >= needed else {
      throw .tooFewColors(file: file, line: node.mark?.line ?? 1, key: key, found: colors.count, needed: needed)
    }
    return colors
  }

  private func style(_ key: String, over base: Style, isBackground: Bool = false) throws(ThemeError) -> Style {
    let node = try node(key)
    if node.scalar != nil {
      let color = try color(node, key: key)
      return isBackground ? Style(background: color) : Style(foreground: color, background: base.background)
    }
    guard let mapping = node.mapping else { throw .invalidStyle(file: file, line: node.mark?.line ?? 1, key: key) }
    var style = Style(foreground: base.foreground, background: base.background)
    for (part, value) in mapping {
      let name = part.string ?? ""
      switch name {
      case "color": style.foreground = try color(value, key: "\(key).color")
      case "background": style.background = try color(value, key: "\(key).background")
      case "bold": if try flag(value, key: "\(key).bold") { style.attributes.insert(.bold) }
      case "dim": if try flag(value, key: "\(key).dim") { style.attributes.insert(.dim) }
      case "underline": if try flag(value, key: "\(key).underline") { style.attributes.insert(.underline) }
      case "reverse": if try flag(value, key: "\(key).reverse") { style.attributes.insert(.reverse) }
      default: throw .invalidStyle(file: file, line: part.mark?.line ?? 1, key: key)
      }
    }
    return style
  }

  private func flag(_ node: Node, key: String) throws(ThemeError) -> Bool {
    switch node.scalar?.string {
    case "true": true
    case "false": false
    default:
      throw .invalidFlag(file: file, line: node.mark?.line ?? 1, key: key, found: node.scalar?.string ?? "a list")
    }
  }
}
