import TerminalKit

/// Everything that a person may set of the dashboard, as the configuration file has it.
public struct Settings: Sendable, Equatable {
  /// A theme's name; empty leaves it to the terminal.
  public var theme = ""
  /// Nil leaves it to the terminal.
  public var colors: ColorDepth?
  public var glyphs: GlyphSet?
  public var usesMouse = true
  /// A layout's name; empty takes up the last run's.
  public var preset = ""
  /// Of curves, 0...0.999.
  public var smoothing = 0.6
  public var isLogarithmic = false
  public var isRobust = false
  public var imageMode = ImageMode.auto
  public var pixels = PixelWish.off
  /// Seconds between two frames that telemetry asks for; keys are answered at once.
  public var refresh = 0.1
  /// Layouts of a person's own, by name, as text.
  public var layouts: [String: String] = [:]
  /// Keys of actions, in the order of the file.
  public var keys: [(name: String, keys: [String])] = []

  public init() {}

  /// The presets that come with gantui, with a person's own instead of those of their names or behind them.
  public var presets: [Preset] {
    var presets = Preset.builtIn
    for (name, text) in layouts.sorted(by: { $0.key < $1.key }) {
      guard let tree = try? LayoutTree(text: text) else { continue }
      let own = Preset(name: name, tree: tree)
      if let index = presets.firstIndex(where: { $0.name == name }) {
        presets[index] = own
      } else {
        presets.append(own)
      }
    }
    return presets
  }

  public static func == (first: Settings, second: Settings) -> Bool {
    Setting.all.allSatisfy { $0.text(first) == $0.text(second) } && first.layouts == second.layouts
      && first.keys.elementsEqual(second.keys) { $0.name == $1.name && $0.keys == $1.keys }
  }
}

/// One setting: a line of the options screen and of the configuration file.
public struct Setting: Sendable {
  /// The key of the file.
  public var key: String
  public var title: String
  /// One line, for the screen and as a comment in the file.
  public var explanation: String
  /// What it takes, where that does not depend on what is there.
  public var accepted: [String]
  /// The value as the file has it.
  public var text: @Sendable (Settings) -> String
  /// Sets it; false where the text is no value.
  public var set: @Sendable (inout Settings, String) -> Bool

  /// Every one of them, in the order of the screen and the file.
  public static let all: [Setting] = [
    Setting(
      key: "theme", title: "theme",
      explanation: "colours: the name of a theme, the path of a theme file, or auto, which suits the terminal",
      accepted: [], text: { $0.theme.isEmpty ? "auto" : $0.theme },
      set: {
        $0.theme = $1 == "auto" ? "" : $1
        return !$1.isEmpty
      }),
    choice(
      "colors", "colours", "how many colours: auto, truecolor, 256, 16 or none", \.colors,
      [("auto", nil), ("truecolor", .truecolor), ("256", .indexed256), ("16", .ansi16), ("none", .monochrome)]),
    choice(
      "glyphs", "characters", "with what charts are drawn: auto, braille, block or ascii", \.glyphs,
      [("auto", nil), ("braille", .braille), ("block", .block), ("ascii", .ascii)]),
    choice(
      "mouse", "mouse", "whether clicks, drags and the wheel reach the dashboard; shift selects text all the same",
      \.usesMouse, [("true", true), ("false", false)]),
    Setting(
      key: "preset", title: "layout", explanation: "the layout at the start; last takes up that of the last run",
      accepted: [], text: { $0.preset.isEmpty ? "last" : $0.preset },
      set: {
        $0.preset = $1 == "last" ? "" : $1
        return !$1.isEmpty
      }),
    choice(
      "smoothing", "smoothing", "of curves, as TensorBoard's: 0 for none up to 0.999", \.smoothing,
      ChartView.smoothings.map { (decimalText($0), $0) }),
    choice(
      "logarithmic", "logarithmic y", "whether charts begin with a logarithmic y axis", \.isLogarithmic,
      [("false", false), ("true", true)]),
    choice(
      "robust", "without outliers", "whether charts begin with a y axis that leaves outliers out", \.isRobust,
      [("false", false), ("true", true)]),
    choice(
      "images", "pictures",
      "with what pictures are drawn: auto, half-block, ascii, quadrant, sextant, or symbols, which libchafa chooses",
      \.imageMode,
      [
        ("auto", .auto), ("half-block", .halfBlock), ("ascii", .ascii), ("quadrant", .quadrant), ("sextant", .sextant),
        ("symbols", .symbols),
      ]),
    choice(
      "pixels", "pixels",
      "whether auto pictures are true pixels: off, kitty, sixel, or auto, which asks the terminal's name",
      \.pixels, PixelWish.allCases.map { ($0.rawValue, $0) }),
    choice(
      "refresh", "refresh", "seconds between two frames while nobody presses a key: 0.1 to 2", \.refresh,
      [0.1, 0.2, 0.5, 1, 2].map { (decimalText($0), $0) }),
  ]

  private static func choice<Value: Sendable & Equatable>(
    _ key: String, _ title: String, _ explanation: String, _ path: any WritableKeyPath<Settings, Value> & Sendable,
    _ values: [(String, Value)]
  ) -> Setting {
    Setting(
      key: key, title: title, explanation: explanation, accepted: values.map(\.0),
      text: { settings in values.first { $0.1 == settings[keyPath: path] }?.0 ?? values.first?.0 ?? "" },
      set: { settings, text in
        guard let value = values.first(where: { $0.0 == text })?.1 else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  /// What it takes here.
  func choices(_ state: DashboardState) -> [String] {
    switch key {
    case "theme": ["auto"] + state.shell.themes
    case "preset": ["last"] + state.shell.presets.map(\.name)
    default: accepted
    }
  }
}
