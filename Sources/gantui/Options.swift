import ArgumentParser
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
    for warning in resolved.warnings { FileHandle.standardError.write(Data("gantui: \(warning)\n".utf8)) }
    return resolved.configuration
  }
}

/// With which characters the dashboard is drawn.
struct GlyphOptions: ParsableArguments {
  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  /// What was asked for; nil leaves it to the terminal.
  var set: GlyphSet? { ascii ? .ascii : nil }
}

/// How the dashboard looks.
struct DisplayOptions: ParsableArguments {
  @Option(help: "The colours: dark, light, ansi, or a theme file.")
  var theme: String?

  @OptionGroup var glyphs: GlyphOptions

  /// The theme that was asked for; nil leaves it to the terminal.
  func resolveTheme() throws -> Theme? { try Self.theme(named: theme) }

  /// The theme of a name or a file; nil of nil.
  static func theme(named name: String?) throws -> Theme? {
    guard let name else { return nil }
    if let known = Theme.builtIn[name] { return known }
    guard name.contains("/") || name.hasSuffix(".yaml") else {
      throw Failure(
        "--theme \(name): expected \(Theme.builtIn.keys.sorted().joined(separator: ", ")) or the path of a theme file",
        code: ExitCode.usage)
    }
    guard let text = try? String(contentsOfFile: name, encoding: .utf8) else {
      throw Failure("\(name): the theme cannot be read", code: ExitCode.inputOutput)
    }
    do {
      return try Theme.load(yaml: text, file: name)
    } catch {
      throw Failure("\(error)", code: ExitCode.data)
    }
  }
}
