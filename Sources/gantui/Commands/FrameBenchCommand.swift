import ArgumentParser
import Dashboard
import Foundation
import Telemetry
import TerminalKit

/// What a frame costs: a long run with every panel, a new report before each frame.
struct FrameBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frames", abstract: "Time the frames of the dashboard, without a terminal: CPU time of each.",
    discussion: "A run of a million steps with 24 metrics and a picture; a report before every frame changes it.")

  @Option(help: "Columns and rows, such as 200x50.")
  var size = FrameSize(size: Size(width: 200, height: 50))
  @Option(help: "How many frames.")
  var frames = 2000
  // The same group as the root command's, which takes its options first.
  @OptionGroup var layout: LayoutOptions

  private var preset: String { layout.preset ?? "everything" }

  func validate() throws {
    if !(10...1_000_000).contains(frames) { throw ValidationError("--frames takes a whole number from 10 to 1000000") }
    if !Preset.builtIn.contains(where: { $0.name == preset }) {
      throw ValidationError("--preset takes \(Preset.builtIn.map(\.name).joined(separator: ", "))")
    }
  }

  func run() throws {
    var state = DashboardState(runName: "benchmark")
    var settings = Settings()
    settings.preset = preset
    state.apply(settings)
    _ = state.update(.resized(size.size))
    for event in Self.past(steps: 1_000_000) { _ = state.update(.telemetry(event)) }
    let capabilities = Capabilities(glyphs: .braille, colors: .truecolor)
    var times: [Double] = []
    var step = 1_000_000
    for frame in 0..<frames {
      step += 10
      _ = state.update(.telemetry(Self.report(step: step)))
      let start = Self.threadSeconds()
      let buffer = state.view(size: size.size, theme: .dark, capabilities: capabilities)
      let end = Self.threadSeconds()
      // The first ones fill caches.
      if frame >= frames / 10, buffer.size == size.size { times.append((end - start) * 1e3) }
    }
    times.sort()
    func quantile(_ share: Double) -> Double { times[min(times.count - 1, Int(Double(times.count) * share))] }
    let mean = times.reduce(0, +) / Double(max(1, times.count))
    print(
      String(
        format: "%dx%d %@: mean %.3f ms, median %.3f ms, p99 %.3f ms, worst %.3f ms of %d frames", size.size.width,
        size.size.height, preset, mean, quantile(0.5), quantile(0.99), quantile(1), times.count))
  }

  /// CPU seconds of this thread: what else the machine does is not the frame's.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static let ids: [MetricID] = [
    .generatorLoss, .discriminatorLoss, .discriminatorRealLoss, .discriminatorFakeLoss, .penalty, .realScore,
    .fakeScore,
    .scoreDifference, .realAccuracy, .fakeAccuracy, .generatorGradient, .discriminatorGradient, .modesCovered,
    .modesWithMass, .highQuality, .modeEntropy, .generatedEntropy, .realEntropy, .entropyGap, .effectiveClusters,
    .judgeFrechet, .judgePrecision, .judgeRecall, .stepsPerSecond,
  ]

  private static func report(step: Int) -> Event {
    var buckets: [MetricID: Bucket] = [:]
    for (index, id) in ids.enumerated() {
      let phase = Double(step) * 1e-4 + Double(index)
      var bucket = Bucket(step: step - 9, value: 0.6 + 0.3 * sin(phase))
      bucket.merge(Bucket(step: step, value: 0.6 + 0.3 * sin(phase * 17)))
      buckets[id] = bucket
    }
    return .metrics(MetricReport(step: step, elapsed: Double(step) / 2000, buckets: buckets))
  }

  private static func past(steps: Int) -> [Event] {
    let description = RunDescription(
      name: "benchmark", folder: "/tmp/benchmark", seed: 1, summary: ["a run to be drawn"], totalSteps: 2_000_000,
      players: ["discriminator", "generator"], metrics: ids.map { MetricDescriptor(id: $0, title: $0.rawValue) },
      hyperparameters: (0..<12).map {
        Hyperparameter(
          id: "optimizers.player\($0).rate", title: "rate \($0)", value: 1e-3, minimum: 1e-8, maximum: 1,
          scale: .logarithmic, explanation: "a learning rate")
      }, modes: 25)
    func point(_ index: Int) -> PointsPanel.Point {
      PointsPanel.Point(x: Float(sin(Double(index) * 0.7)) * 2, y: Float(cos(Double(index) * 1.3)) * 2)
    }
    let points = PointsPanel(
      minimum: PointsPanel.Point(x: -3, y: -3), maximum: PointsPanel.Point(x: 3, y: 3), real: (0..<512).map(point),
      generated: (512..<1024).map(point),
      field: Field(
        columns: 32, rows: 32, values: (0..<1024).map { Float(sin(Double($0) * 0.1)) * 0.5 + 0.5 }, middle: 0.5,
        label: "D(x)"))
    let bars = BarsPanel(bars: (0..<25).map { BarsPanel.Bar(label: "\($0)", value: 0.04, reference: 0.04) })
    return [.described(description), .state(.training, step: 0)]
      + stride(from: 10, through: steps, by: 10).map(report)
      + [
        .panel(Panel(id: Panel.samples, title: "samples", step: steps, content: .points(points))),
        .panel(Panel(id: Panel.modes, title: "modes", step: steps, content: .bars(bars))),
      ]
  }
}
