import ArgumentParser
import Dashboard
import Foundation
import Telemetry
import TerminalKit

struct ChartBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart", abstract: "Time a chart: from the histories of a long run to the cells of the screen.",
    discussion: "Every series is noise, so that bands and lines cover most of the chart: the dearest that there is.")

  @Option(help: "Steps of the run.")
  var steps = 10_000_000
  @Option(help: "Lines of the chart.")
  var series = 6
  @Option(help: "Columns and rows, such as 200x25.")
  var size = FrameSize(size: Size(width: 200, height: 25))
  @Option(help: "How often it is drawn.")
  var count = 1000
  @Flag(help: "One JSON object a line.")
  var json = false

  func validate() throws {
    if !(100...1_000_000_000).contains(steps) { throw ValidationError("--steps takes 100 to 1000000000") }
    if !(1...64).contains(series) { throw ValidationError("--series takes 1 to 64") }
    if !(1...1_000_000).contains(count) { throw ValidationError("--count takes 1 to 1000000") }
  }

  func run() throws {
    let ids = (0..<series).map { MetricID(rawValue: "loss/\($0)") }
    let state = DashboardState(runName: "bench", history: history(ids))
    for glyphs in GlyphSet.allCases {
      let capabilities = Capabilities(glyphs: glyphs, colors: .truecolor)
      var buffer = CellBuffer(size: size.size, style: Theme.dark.background)
      let points = size.size.width * Canvas.dotsPerCell(glyphs).x
      var times: [Double] = []
      for _ in 0..<count {
        let start = DispatchTime.now().uptimeNanoseconds
        let chart = state.chart(of: ids, columns: points, theme: .dark)
        chart.draw(in: buffer.bounds, into: &buffer, theme: .dark, capabilities: capabilities)
        times.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-6)
      }
      times.sort()
      report(glyphs, median: times[count / 2], p99: times[min(count - 1, count * 99 / 100)])
    }
  }

  private func report(_ glyphs: GlyphSet, median: Double, p99: Double) {
    if json {
      print(
        "{\"glyphs\":\"\(glyphs.rawValue)\",\"steps\":\(steps),\"series\":\(series),\"columns\":\(size.size.width),"
          + "\"rows\":\(size.size.height),\"median_ms\":\(median),\"p99_ms\":\(p99)}")
    } else {
      let name = glyphs.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
      let text = name + String(format: "median %.3f ms, p99 %.3f ms", median, p99)
      print("\(text)  (\(steps) steps, \(series) series, \(size.size.width)x\(size.size.height))")
    }
  }

  /// A run that reported every hundred steps.
  private func history(_ ids: [MetricID]) -> RunHistory {
    var state: UInt64 = 1
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    var history = RunHistory()
    for last in stride(from: 100, through: steps, by: 100) {
      var buckets: [MetricID: Bucket] = [:]
      for (index, id) in ids.enumerated() {
        var bucket = Bucket(step: last - 99, value: noise() + Double(index) / 3)
        for step in [last - 66, last - 33, last] {
          bucket.merge(Bucket(step: step, value: noise() + Double(index) / 3))
        }
        buckets[id] = bucket
      }
      history.take(.metrics(MetricReport(step: last, elapsed: Double(last) / 1000, buckets: buckets)))
    }
    return history
  }
}
