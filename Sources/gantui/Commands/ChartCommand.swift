import ArgumentParser
import Dashboard
import Foundation
import Runs
import Telemetry
import TerminalKit

struct ChartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart", abstract: "Draw metrics of a run as a picture (SVG) or as text.",
    discussion: """
      The curves are those of the dashboard: the smallest and largest value of every column, the raw line, and the \
      smoothed line over them, with edits, checkpoints and verdicts on the axis and the objective's equilibrium as a \
      dashed line. Without --out the chart is printed as text.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String
  @Option(help: "Metrics or groups of them, such as loss or loss/generator,score/real.")
  var metrics = "loss"
  @Option(help: "Where it goes: FILE.svg, or FILE.txt for text. [default: text, to the terminal]")
  var out: String?
  @Option(help: "Pixels, or columns and rows of text. [default: 960x540, 100x30]")
  var size: FrameSize?
  @Option(help: "The weight of the past in the smoothed lines, 0 to 0.999.")
  var smoothing = 0.6
  @Option(help: "What the x axis counts: step, updates, relative or wall.")
  var x = ChartView.XAxis.step
  @Option(help: "The steps in view, such as 1000-5000. [default: all]")
  var steps: StepRange?
  @Flag(help: "A logarithmic y axis.")
  var logY = false
  @Flag(help: "A logarithmic x axis.")
  var logX = false
  @Flag(help: "The y axis spans the 5th to the 95th percentile only.")
  var robust = false
  @Option(name: .customLong("with"), help: ArgumentHelp("Draw another run too, dashed.", valueName: "run"))
  var others: [String] = []
  @Option(help: "The colours: dark, light, ansi, or a theme file.")
  var theme: String?
  @OptionGroup var glyphs: GlyphOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let out, !out.hasSuffix(".svg"), !out.hasSuffix(".txt") {
      throw ValidationError("--out \(out): expected a name that ends in .svg or .txt")
    }
    guard (0...0.999).contains(smoothing) else { throw ValidationError("--smoothing takes a number from 0 to 0.999") }
  }

  func run() throws {
    let colors = try theme.map { try ColorOptions.theme($0, ViewFiles(), source: "--theme") } ?? .dark
    let folder = try store.store.run(runName)
    let history = try folder.runHistory()
    let chosen = try chosenMetrics(history, run: folder.name)
    var view = ChartView()
    view.xAxis = x
    view.isLogarithmic = logY
    view.isLogarithmicX = logX
    view.isRobust = robust
    view.secondsFromGMT = TimeZone.current.secondsFromGMT()
    view.overlays = try others.map { name in
      let other = try store.store.run(name)
      return RunOverlay(name: other.name, history: try other.runHistory())
    }
    if let steps { view.window = .fixed(steps.range) }
    var state = DashboardState(runName: folder.name, history: history, charts: view)
    _ = state.update(.telemetry(.described(description(of: folder))))
    let title =
      "\(folder.name): " + (chosen.count <= 3 ? chosen.map { state.title(of: $0) }.joined(separator: ", ") : metrics)
    guard let out else {
      print(text(state, chosen, title: title, isPlain: isatty(STDOUT_FILENO) == 0, theme: colors))
      return
    }
    let written =
      out.hasSuffix(".txt")
      ? text(state, chosen, title: title, isPlain: true, theme: colors) + "\n"
      : picture(state, chosen, title: title, theme: colors)
    do {
      try Data(written.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw Failure("\(out) cannot be written", code: ExitCode.inputOutput)
    }
    print("\(chosen.count) metric\(chosen.count == 1 ? "" : "s") of \(folder.name) to step \(history.step) in \(out)")
  }

  /// The run with the titles of its metrics and the lines of its equilibrium; without them where its data are gone.
  private func description(of folder: RunFolder) -> RunDescription {
    var metrics: [MetricDescriptor] = []
    do {
      metrics = try folder.metricDescriptors()
    } catch {
      let reason = Failure(error).message
      warn("metrics have their short names, since \(reason)")
    }
    return RunDescription(
      name: folder.name, folder: folder.path, seed: 0, summary: [], totalSteps: 0, players: [], metrics: metrics,
      hyperparameters: [], modes: nil)
  }

  private func picture(_ state: DashboardState, _ metrics: [MetricID], title: String, theme: Theme) -> String {
    let size = size?.size ?? Size(width: 960, height: 540)
    var chart = state.chart(of: metrics, columns: max(100, size.width / 2), theme: theme)
    chart.smoothing = smoothing
    return chartSVG(chart, width: size.width, height: size.height, theme: theme, title: title)
  }

  /// - Parameter isPlain: without colours, and with letters on the lines instead.
  private func text(
    _ state: DashboardState, _ metrics: [MetricID], title: String, isPlain: Bool, theme: Theme
  ) -> String {
    let size = size?.size ?? Size(width: 100, height: 30)
    let isColored = !isPlain && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    let depth: ColorDepth = isColored ? .indexed256 : .monochrome
    let set = glyphs.set ?? .braille
    // The terminal's own background is kept.
    let shown = isColored && self.theme != nil ? theme.adapted(to: depth) : Theme.plain
    let palette = isColored ? theme.adapted(to: depth) : shown
    var chart = state.chart(of: metrics, columns: size.width * (set == .braille ? 2 : 1), theme: palette)
    chart.smoothing = smoothing
    var buffer = CellBuffer(size: size, style: shown.background)
    let area = Rect(x: 0, y: 0, width: size.width, height: size.height)
    let (head, rest) = area.splitTop(size.height > 6 ? 1 : 0)
    if !head.isEmpty { buffer.write(title, x: 0, y: 0, style: shown.title, width: size.width) }
    chart.draw(
      in: rest, into: &buffer, theme: shown, capabilities: Capabilities(glyphs: set, colors: depth))
    return isColored ? buffer.ansi(colors: depth) : buffer.text
  }

  /// The metrics that were named, alone or by their group.
  private func chosenMetrics(_ history: RunHistory, run: String) throws -> [MetricID] {
    let known = history.metrics.keys.sorted { $0.rawValue < $1.rawValue }
    guard !known.isEmpty else {
      throw Failure("\(run) has no curves yet: they are kept with its first checkpoint", code: ExitCode.data)
    }
    var chosen: [MetricID] = []
    for name in metrics.split(separator: ",").map(String.init) {
      let found = known.filter { $0.rawValue == name || $0.rawValue.hasPrefix(name + "/") }
      guard !found.isEmpty else {
        throw Failure(
          "--metrics \(name): \(run) has \(known.map(\.rawValue).joined(separator: ", "))", code: ExitCode.usage)
      }
      for id in found where !chosen.contains(id) { chosen.append(id) }
    }
    guard !chosen.isEmpty else { throw Failure("--metrics names no metric", code: ExitCode.usage) }
    return chosen
  }
}

extension ChartView.XAxis: ExpressibleByArgument {}

/// `1000-5000`.
struct StepRange: ExpressibleByArgument {
  var range: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = Int(parts[0]), let last = Int(parts[1]), first >= 0, first < last else {
      return nil
    }
    range = first...last
  }
}
