import ArgumentParser
import Dashboard
import Foundation
import Models
import Runs
import TerminalKit

/// Where runs are kept and what comes with gantui.
struct StoreOptions: ParsableArguments {
  @Option(name: .customLong("runs-dir"), help: "The folder of runs. [default: $GANTUI_RUNS, else ./runs]")
  var runsDirectory: String?

  @OptionGroup var data: DataOptions

  var store: RunStore { RunStore(option: runsDirectory) }
  var search: ConfigurationSearch { data.search }
}

/// Which of a run's checkpoints.
struct CheckpointOptions: ParsableArguments {
  @Option(name: .customLong("at"), help: "The step: the newest checkpoint at or before it. [default: the newest]")
  var step: Int?

  func validate() throws {
    if let step, step < 0 { throw ValidationError("--at takes a whole number, 0 or more") }
  }

  /// Says on the standard error where another step than the asked one was taken.
  func tell(of taken: Int, in run: String) {
    guard let step, step != taken else { return }
    warn("\(run) has no checkpoint of step \(step); step \(taken) before it is taken")
  }
}

/// What a run without the dashboard does when there is no room on the disk.
struct DiskOptions: ParsableArguments {
  @Option(
    name: .customLong("on-disk-full"),
    help: "Without the dashboard: pause until there is room, or exit with code \(ExitCode.inputOutput).")
  var onDiskFull = OnDiskFull.pause

  enum OnDiskFull: String, ExpressibleByArgument, CaseIterable {
    case pause, exit
  }

  var waitsForRoom: Bool { onDiskFull == .pause }
}

/// Where what comes with gantui lies.
struct DataOptions: ParsableArguments {
  @Option(name: .customLong("data-dir"), help: "The folder that holds sample-configs.")
  var dataDirectory: String?

  var search: ConfigurationSearch { .current(dataDirectory: dataDirectory) }
}

/// A configuration, and what of it is changed on the command line.
struct ConfigurationOptions: ParsableArguments {
  @Argument(help: "A YAML file, or the name of a sample configuration.")
  var config: String

  @Option(help: "The key of every random stream.")
  var seed: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a key of the configuration.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "Steps of the whole run.")
  var steps: String?

  @Option(help: "The run's name.")
  var name: String?

  @Option(help: "Threads of the engine.")
  var threads: String?

  func resolve(_ search: ConfigurationSearch) throws -> RunConfiguration {
    let resolved = try search.resolve(
      config, overrides: overrides, seed: seed, steps: steps, name: name, threads: threads)
    for warning in resolved.warnings { warn(warning) }
    return resolved.configuration
  }
}

/// With which characters the dashboard is drawn.
struct GlyphOptions: ParsableArguments {
  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Option(help: "Draw with braille, block or ascii characters.")
  var glyphs: String?

  func validate() throws {
    if let glyphs, GlyphSet(rawValue: glyphs) == nil {
      throw ValidationError("--glyphs takes braille, block or ascii, not \"\(glyphs)\"")
    }
  }

  /// What was asked for; nil leaves it to the settings and the terminal.
  var set: GlyphSet? { ascii ? .ascii : glyphs.flatMap { GlyphSet(rawValue: $0) } }
}

/// In which colours the dashboard is drawn.
struct ColorOptions: ParsableArguments {
  @Option(help: "The colours: the name of a theme, or the path of a theme file, btop's too.")
  var theme: String?

  @Option(help: "How many colours: truecolor, 256, 16 or none.")
  var colors: String?

  private static let depths: [String: ColorDepth] = [
    "truecolor": .truecolor, "256": .indexed256, "16": .ansi16, "none": .monochrome,
  ]

  func validate() throws {
    if let colors, Self.depths[colors] == nil {
      throw ValidationError("--colors takes truecolor, 256, 16 or none, not \"\(colors)\"")
    }
  }

  /// What was asked for; nil leaves it to the settings and the terminal.
  var depth: ColorDepth? { colors.flatMap { Self.depths[$0] } }

  /// The theme that was asked for; nil leaves it to the settings and the terminal.
  func resolveTheme(_ files: ViewFiles = ViewFiles()) throws -> Theme? {
    guard let theme else { return nil }
    return try Self.theme(theme, files, source: "--theme")
  }

  /// The theme of a name or a path.
  static func theme(_ name: String, _ files: ViewFiles, source: String) throws -> Theme {
    if let known = Theme.builtIn[name] { return known }
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".theme") {
      let path = name.hasPrefix("~/") ? NSString(string: name).expandingTildeInPath : name
      do {
        return try ViewFiles.load(path)
      } catch let error as ThemeError {
        throw Failure("\(error)", code: ExitCode.data)
      }
    }
    let (themes, problems) = files.themes()
    if let own = themes[name] { return own }
    if let problem = problems.first(where: { $0.contains("/\(name).") }) { throw Failure(problem, code: ExitCode.data) }
    throw Failure(
      "\(source) \(name): expected \(themes.keys.sorted().joined(separator: ", ")) or the path of a theme file",
      code: ExitCode.usage)
  }
}

/// Which panels the dashboard shows.
struct LayoutOptions: ParsableArguments {
  @Option(help: "The layout, such as overview, images, chart or compact.")
  var preset: String?

  /// Takes the layout that was asked for.
  /// - Throws: a `Failure` for a layout that there is not.
  func choose(in settings: inout Settings) throws {
    guard let preset else { return }
    let names = settings.presets.map(\.name)
    guard names.contains(preset) else {
      throw Failure("--preset \(preset): expected \(names.joined(separator: ", "))", code: ExitCode.usage)
    }
    settings.preset = preset
  }
}

/// How the dashboard looks.
struct DisplayOptions: ParsableArguments {
  @OptionGroup var colors: ColorOptions
  @OptionGroup var glyphs: GlyphOptions

  @OptionGroup var layout: LayoutOptions

  @Option(help: "Pictures as pixels: off, auto, kitty or sixel.")
  var pixels: String?

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  @Option(help: ArgumentHelp("Record what is shown into an asciinema file.", valueName: "file"))
  var record: String?

  func validate() throws {
    if let pixels, PixelWish(rawValue: pixels) == nil {
      throw ValidationError(
        "--pixels takes \(PixelWish.allCases.map(\.rawValue).joined(separator: ", ")), not \"\(pixels)\"")
    }
  }

  var pixelWish: PixelWish? { pixels.flatMap { PixelWish(rawValue: $0) } }

  func resolveTheme() throws -> Theme? { try colors.resolveTheme() }

  /// The settings of the file with what the command line says instead.
  /// - Throws: a `Failure` for a layout that there is not.
  func settings(_ files: ViewFiles) throws -> (settings: Settings, problems: [String]) {
    var (settings, problems) = files.readSettings()
    if let set = glyphs.set { settings.glyphs = set }
    if let depth = colors.depth { settings.colors = depth }
    if noMouse { settings.usesMouse = false }
    if let pixelWish { settings.pixels = pixelWish }
    try layout.choose(in: &settings)
    return (settings, problems)
  }
}
