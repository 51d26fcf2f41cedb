import ArgumentParser
import Dashboard
import Foundation
import Models
import Runs
import Telemetry
import TerminalKit

struct FrameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frame", abstract: "Train some steps and print one frame of the dashboard.",
    discussion: "The run is kept nowhere. --steps says how many steps are trained, not how long the run would be.")

  @Argument(help: "A YAML file, or the name of a sample configuration.")
  var config: String
  @Option(help: "Columns and rows, such as 120x40.")
  var size = FrameSize(size: Size(width: 120, height: 40))
  @Option(help: "Steps to train before the frame.")
  var steps = 1000
  @Option(help: "The key of every random stream.")
  var seed: String?
  @Option(name: .customLong("set"), help: ArgumentHelp("Override a key of the configuration.", valueName: "key=value"))
  var overrides: [String] = []
  // The same groups as the root command's, which takes their options first.
  @OptionGroup var data: DataOptions
  @OptionGroup var glyphs: GlyphOptions
  @OptionGroup var colors: ColorOptions
  @Option(help: "text, ansi (with colours) or svg.")
  var format = "text"
  @OptionGroup var layout: LayoutOptions

  func validate() throws {
    if !["text", "ansi", "svg"].contains(format) { throw ValidationError("--format takes text, ansi or svg") }
    if steps < 1 { throw ValidationError("--steps takes a whole number above 0") }
  }

  func run() throws {
    let configuration = try data.search.resolve(config, overrides: overrides, seed: seed).configuration
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("gantui-frame-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let (folder, lock) = try RunStore(option: scratch).create(configuration)
    let link = Link()
    var options = Trainer.Options()
    options.pausesAt = min(steps, configuration.schedule.steps)
    let trainer = Trainer(configuration, folder: folder, lock: lock, link: link, options: options)
    let theme = try colors.resolveTheme()
    var state = DashboardState(runName: folder.name)
    var settings = Settings()
    settings.layouts = ViewFiles().readSettings().settings.layouts
    try layout.choose(in: &settings)
    state.apply(settings)
    _ = state.update(.resized(size.size))
    let arrived = DispatchSemaphore(value: 0)
    link.events.onSend { arrived.signal() }
    trainer.start { arrived.signal() }
    var isPaused = false
    var hasPicture = false
    while !trainer.isEnded, !(isPaused && hasPicture) {
      _ = arrived.wait(timeout: .now() + 5)
      for event in link.events.receive() {
        _ = state.update(.telemetry(event))
        if case .state(.paused, _) = event { isPaused = true }
        if case .panel(let panel) = event, panel.id == Panel.samples { hasPicture = isPaused || panel.step >= steps }
      }
    }
    if trainer.isEnded, case .failed(let error) = trainer.wait() { throw Failure(error) }
    let depth = format == "text" ? .monochrome : colors.depth ?? .truecolor
    let capabilities = Capabilities(glyphs: glyphs.set ?? .braille, colors: depth)
    let shown = (theme ?? (format == "text" ? .plain : Theme.preferred(for: capabilities))).adapted(to: depth)
    let frame = state.view(size: size.size, theme: shown, capabilities: capabilities)
    switch format {
    case "svg": print(frame.svg(theme: shown), terminator: "")
    case "ansi": print(frame.ansi(colors: depth))
    default: print(frame.text)
    }
    link.commands.send(Request(id: 0, command: .stop))
    _ = trainer.wait()
  }
}

/// `120x40`.
struct FrameSize: ExpressibleByArgument {
  var size: Size

  init(size: Size) { self.size = size }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]), (1...1000).contains(width),
      (1...1000).contains(height)
    else { return nil }
    size = Size(width: width, height: height)
  }

  var defaultValueDescription: String { "\(size.width)x\(size.height)" }
}
