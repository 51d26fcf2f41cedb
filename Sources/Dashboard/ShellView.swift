import Telemetry
import TerminalKit

/// Everything around the panels: which are shown and where, lists and lines that open over them, and the settings.
public struct ShellView: Sendable {
  public internal(set) var settings = Settings()
  /// The keys in use.
  var keys = KeyMap.standard

  /// The layouts to choose from: those that come with gantui, then a person's own.
  public internal(set) var presets = Preset.builtIn
  public internal(set) var preset = "overview"
  /// Layouts as a person changed them, by `preset/variant`.
  public internal(set) var customLayouts: [String: LayoutTree] = [:]
  var isMovingBorders = false
  /// The border that the mouse holds, and where it was taken.
  var drag: (border: LayoutBorder, x: Int, y: Int)?

  var palette: Palette?
  var paletteHistory: [String] = []
  var filter = MetricFilter()
  /// What came in while the view was frozen.
  var frozen: FrozenView?
  /// Names of themes, for the list.
  public internal(set) var themes: [String] = []
  public internal(set) var theme = ""
  var themeList: ThemeList?
  var options: OptionsView?
  /// What the help is searched for; nil for all of it.
  var helpSearch: String?
  var isSearchingHelp = false
  var system = SystemHistory()

  /// The layer that has the keys.
  var layer: Layer? {
    if palette != nil { return .palette }
    if themeList != nil { return .themes }
    if options != nil { return .options }
    if isSearchingHelp { return .search }
    if filter.isTyping { return .filter }
    return isMovingBorders ? .borders : nil
  }
}

/// What is kept between runs of what was done to the layout; not worth a line in the configuration.
public struct RememberedView: Sendable, Equatable {
  public var preset: String
  /// Layouts by `preset/variant`, as text.
  public var layouts: [String: String]
  /// Commands, oldest first.
  public var commands: [String]

  public init(preset: String = "", layouts: [String: String] = [:], commands: [String] = []) {
    self.preset = preset
    self.layouts = layouts
    self.commands = commands
  }
}

extension DashboardState {
  /// Takes over settings, as at the start; what of them cannot be used is as it is by default, and `SettingsFile.read`
  /// has said so.
  public mutating func apply(_ settings: Settings) {
    shell.settings = settings
    charts.smoothingIndex = ChartView.smoothings.firstIndex(of: settings.smoothing) ?? charts.smoothingIndex
    charts.isLogarithmic = settings.isLogarithmic
    charts.isRobust = settings.isRobust
    imageMode = settings.imageMode
    shell.presets = settings.presets
    shell.keys = KeyMap.rebound(settings.keys).map
    if shell.presets.contains(where: { $0.name == settings.preset }) { shell.preset = settings.preset }
    revision += 1
  }

  /// Takes over what an earlier run left; what does not fit is left out.
  public mutating func apply(_ remembered: RememberedView) {
    if shell.settings.preset.isEmpty, shell.presets.contains(where: { $0.name == remembered.preset }) {
      shell.preset = remembered.preset
    }
    for (key, text) in remembered.layouts {
      if let tree = try? LayoutTree(text: text) { shell.customLayouts[key] = tree }
    }
    shell.paletteHistory = Array(remembered.commands.suffix(Palette.historyLimit))
    keepFocusVisible()
    revision += 1
  }

  /// What the next run shall know.
  public var remembered: RememberedView {
    RememberedView(
      preset: shell.preset, layouts: shell.customLayouts.mapValues(\.text), commands: shell.paletteHistory)
  }

  /// Tells the names of the themes, the one in use and the sentence for what could not be read.
  public mutating func offer(themes: [String], current: String) {
    shell.themes = themes
    shell.theme = current
  }

  /// A sentence that the session has to say, such as about a setting that cannot be used.
  public mutating func warn(_ text: String) {
    note(text, .warning)
    say(text, .warning)
    revision += 1
  }

  /// Does what the keys of the shell mean.
  mutating func performShell(_ action: Action) -> [Effect] {
    switch action {
    case .togglePane(let pane): return toggle(pane)
    case .nextPreset: return nextPreset()
    case .moveBorders: beginMovingBorders()
    case .palette: shell.palette = Palette()
    case .filterMetrics:
      if case .help = dialog {
        shell.helpSearch = shell.helpSearch ?? ""
        shell.isSearchingHelp = true
        dialog = .help(0)
      } else {
        shell.filter.isTyping = true
      }
    case .freeze: toggleFreeze()
    case .options: shell.options = OptionsView()
    case .themeList: openThemeList()
    case .copyValue: return copyValue()
    case .layer(let action): return perform(action)
    default: break
    }
    return []
  }

  private mutating func perform(_ action: LayerAction) -> [Effect] {
    switch shell.layer {
    case .palette: return pressPalette(action)
    case .themes: return pressThemes(action)
    case .options: return pressOptions(action)
    case .filter: pressFilter(action)
    case .search: pressSearch(action)
    case .borders: return pressBorders(action)
    case nil: break
    }
    return []
  }

  /// A character that is typed into a layer of text.
  mutating func type(_ character: Character, into layer: Layer) {
    guard character.columns > 0 else { return }
    switch layer {
    case .palette: typePalette(character)
    case .filter: typeFilter(character)
    case .search:
      if let text = shell.helpSearch, text.count < 40 { shell.helpSearch = text + String(character) }
      dialog = .help(0)
    case .themes, .options, .borders: break
    }
  }

  private mutating func pressSearch(_ action: LayerAction) {
    dialog = .help(0)
    switch action {
    case .erase: shell.helpSearch = shell.helpSearch.map { String($0.dropLast()) }
    case .eraseWord, .eraseAll: shell.helpSearch = ""
    case .accept:
      shell.isSearchingHelp = false
      if shell.helpSearch == "" { shell.helpSearch = nil }
    default:
      shell.isSearchingHelp = false
      shell.helpSearch = nil
    }
  }
}

extension String {
  /// Without its last word.
  var withoutLastWord: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    while let last = text.last, last != " " { text.removeLast() }
    return String(text)
  }
}
