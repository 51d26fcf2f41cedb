import Foundation
import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

/// What part of a run the charts show, along which axis.
@Suite struct ChartViewTests {
  /// A run of so many reports, 10 steps and 2 seconds apart, with two updates of D a step.
  private func run(reports: Int, from first: Int = 0, _ state: DashboardState? = nil) -> DashboardState {
    var state = state ?? DashboardState(runName: "run")
    for report in first..<(first + reports) {
      let step = (report + 1) * 10
      var bucket = Bucket(step: step - 9, value: 1)
      bucket.merge(Bucket(step: step, value: Double(report % 7)))
      let updates = Bucket(step: step, value: Double(2 * step))
      _ = state.hear(
        .metrics(
          MetricReport(
            step: step, elapsed: Double(report + 1) * 2,
            buckets: [.generatorLoss: bucket, .discriminatorLoss: bucket, .discriminatorUpdates: updates],
            time: 1e9 + Double(report + 1) * 4)))
    }
    return state
  }

  @Test func zoomHalvesAndDoubles() {
    var state = run(reports: 100)
    #expect(state.chartRange == 1...1000)
    _ = state.press(.character(")"))
    #expect(state.chartRange == 501...1000)
    #expect(state.notice?.text == "steps 501 to 1,000")
    _ = state.press(.character(")"))
    #expect(state.charts.window == .newest(249))
    _ = state.press(.character("("), .character("("), .character("("))
    #expect(state.charts.window == .all && state.notice?.text == "all steps")
    for _ in 0..<100 { _ = state.press(.character(")")) }
    #expect(state.chartRange.count >= 9 && state.chartRange.count <= 17)
    _ = state.press(.character("a"))
    #expect(state.charts.window == .all)
    // In a chart the arrows do it too; escape shows all again.
    _ = state.press(.tab)
    #expect(state.focus == .losses)
    _ = state.press(.up, .up, .down)
    #expect(state.charts.window == .newest(498))
    _ = state.press(.escape)
    #expect(state.charts.window == .all)
  }

  @Test func aViewThatFollowsMovesAndOneThatWasPannedStays() {
    var state = run(reports: 100)
    _ = state.press(.tab, .character(")"), .character(")"))
    state = run(reports: 10, from: 100, state)
    #expect(state.chartRange == 851...1100)
    _ = state.press(.shiftLeft)
    let range = state.chartRange
    #expect(range.upperBound < 1100 && range.count == 250)
    #expect(state.notice?.text.contains("e follows the newest") == true)
    state = run(reports: 10, from: 110, state)
    #expect(state.chartRange == range)
    _ = state.press(.character(","), .character(";"))
    #expect(state.chartRange == range)
    _ = state.press(.character("e"))
    #expect(state.chartRange.upperBound == 1200 && state.chartRange.count == 250)
    // Back at the end it follows by itself; before the beginning there is nothing.
    _ = state.press(.character(","), .character(";"))
    #expect(state.charts.window == .newest(249))
    for _ in 0..<50 { _ = state.press(.character(",")) }
    #expect(state.chartRange == 1...250)
    _ = state.press(.character("a"), .character(","))
    #expect(state.charts.window == .all && state.notice?.text == "all steps are in view already: ) zooms in")
  }

  @Test func theCursorIsTheMiddleOfTheZoom() {
    var state = run(reports: 100)
    _ = state.press(.tab)
    for _ in 0..<25 { _ = state.press(.left) }
    let cursor = state.charts.cursor ?? 0
    #expect(abs(cursor - 500) < 5)
    _ = state.press(.character(")"), .character(")"))
    #expect(state.chartRange.contains(cursor) && state.chartRange.count == 250)
    #expect(abs(state.chartRange.lowerBound + 125 - cursor) < 3)
    _ = state.press(.escape)
    #expect(state.charts.cursor == nil)
    // One step at a time where a fiftieth is less than one.
    for _ in 0..<12 { _ = state.press(.character(")")) }
    _ = state.press(.left)
    let here = state.charts.cursor ?? 0
    _ = state.press(.left)
    #expect(state.charts.cursor == here - 1)
    _ = state.press(.right, .right, .right)
    #expect(state.charts.cursor == nil)
  }

  @Test func cursorsMoveEvenlyOnALogarithmicAxis() {
    var state = run(reports: 1000)
    _ = state.press(.character("X"), .tab, .left)
    let first = state.charts.cursor ?? 0
    #expect(abs(Double(first) - 10_000 / pow(10_000, 0.02)) < 3)
    for _ in 0..<200 { _ = state.press(.left) }
    #expect(state.charts.cursor == 1)
    _ = state.press(.right)
    #expect(state.charts.cursor == 2)
  }

  @Test func aRunThatWentBackIsStillSeen() {
    var state = run(reports: 100)
    _ = state.press(.character(")"), .tab, .character(","))
    state.history.truncate(after: 200)
    #expect(state.chartRange.upperBound <= 750 && state.chartRange.lowerBound < 500)
    state.charts.window = .fixed(800...900)
    #expect(state.chartRange == 100...200)
    _ = state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille)
  }

  @Test func theXAxisCountsWhatTheRunTells() {
    var state = run(reports: 100)
    func chart() -> LineChart { state.chart(of: [.generatorLoss], columns: 50, theme: .dark) }
    #expect(chart().xRange == 1...1000)
    _ = state.press(.character("x"))
    #expect(state.charts.xAxis == .updates && state.notice?.text == "the x axis counts the discriminator's updates")
    #expect(chart().xRange == 2...2000)
    _ = state.press(.character("x"))
    #expect(state.charts.xAxis == .relative)
    #expect(chart().xUnit == .seconds)
    #expect(abs((chart().xRange?.upperBound ?? 0) - 200) < 1e-9)
    _ = state.press(.character("x"))
    #expect(state.charts.xAxis == .wall)
    state.charts.secondsFromGMT = 3600
    #expect(chart().xUnit == .date(secondsFromGMT: 3600))
    #expect(abs((chart().xRange?.upperBound ?? 0) - (1e9 + 400)) < 1e-3)
    // The same points, elsewhere.
    let columns = chart().series[0].columns
    #expect(columns.map(\.x) == columns.map(\.x).sorted())
    #expect(columns.map(\.maximum).max() == 6)
    _ = state.press(.character("x"))
    #expect(state.charts.xAxis == .step)
    // A run that tells neither.
    var bare = DashboardState(runName: "bare")
    _ = bare.press(.character("x"))
    #expect(bare.charts.xAxis == .step && bare.notice?.text.contains("steps only") == true)
  }

  @Test func anUnevenClockKeepsEveryExtreme() {
    // Ten times slower in the second half: it takes ten elevenths of the axis.
    var state = DashboardState(runName: "run")
    var elapsed = 0.0
    for step in 1...20_000 {
      elapsed += step > 10_000 ? 0.1 : 0.01
      let value = step == 3_333 ? 50 : step == 17_777 ? -50 : 0.0
      _ = state.hear(
        .metrics(
          MetricReport(step: step, elapsed: elapsed, buckets: [.generatorLoss: Bucket(step: step, value: value)])))
    }
    state.charts.xAxis = .relative
    for isLogarithmic in [false, true] {
      state.charts.isLogarithmicX = isLogarithmic
      let columns = state.chart(of: [.generatorLoss], columns: 200, theme: .dark).series[0].columns
      #expect(columns.count > 100 && columns.count < 300)
      #expect(columns.map(\.maximum).max() == 50 && columns.map(\.minimum).min() == -50)
      let spike = columns.first { $0.maximum == 50 }?.x ?? 0
      #expect(abs(spike - 33.33) < 8)
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $0.x < $1.x })
    }
  }

  /// One outlier in a million steps, at every zoom, over every axis.
  @Test(arguments: [1_000, 437_211, 999_990]) func aSpikeIsVisibleAtAnyZoom(spike: Int) {
    var state = DashboardState(runName: "run")
    for report in 0..<100_000 {
      let step = (report + 1) * 10
      var bucket = Bucket(step: step - 9, value: 0.5)
      bucket.merge(Bucket(step: step, value: 0.6))
      if bucket.firstStep <= spike && spike <= step { bucket.maximum = 100 }
      _ = state.hear(
        .metrics(MetricReport(step: step, elapsed: Double(step) / 1000, buckets: [.generatorLoss: bucket])))
    }
    let size = Size(width: 60, height: 12)
    func topHasInk() -> Bool {
      var painter = Painter(size: size, theme: .dark, capabilities: Scenes.braille)
      painter.chart(
        [(id: MetricID.generatorLoss, color: Theme.dark.seriesColor(0))], in: painter.buffer.bounds, state: state)
      // The topmost rows below the legend.
      return (1...3).contains { y in
        (0..<size.width).contains { x in
          painter.buffer[x, y].character.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }
        }
      }
    }
    #expect(topHasInk())
    var span = 800_000
    while span > 20 {
      let start = max(1, min(spike - span / 3, 1_000_000 - span))
      state.charts.window = .fixed(start...(start + span))
      #expect(topHasInk(), "steps \(state.chartRange)")
      span /= 3
    }
    state.charts.window = .all
    for axis in [ChartView.XAxis.step, .relative] {
      for isLogarithmic in [false, true] {
        state.charts.xAxis = axis
        state.charts.isLogarithmicX = isLogarithmic
        #expect(topHasInk(), "\(axis) \(isLogarithmic)")
      }
    }
  }

  @Test func smoothingBeginsBeforeTheView() {
    var state = run(reports: 400)
    let whole = state.chart(of: [.generatorLoss], columns: 400, theme: .dark)
    state.charts.window = .fixed(3001...4000)
    let part = state.chart(of: [.generatorLoss], columns: 100, theme: .dark)
    let lead = part.series[0].columns.filter { $0.x < 3001 }
    #expect(lead.count >= 20 && lead.count <= 40)
    let all = Dictionary(
      uniqueKeysWithValues: zip(
        whole.series[0].columns.map(\.x), LineChart.smooth(whole.series[0].columns.map(\.last), weight: 0.6)))
    let smoothed = zip(part.series[0].columns, LineChart.smooth(part.series[0].columns.map(\.last), weight: 0.6))
    for (point, value) in smoothed where point.x >= 3001 {
      #expect(abs((all[point.x] ?? .nan) - value) < 1e-4)
    }
  }

  @Test func backdropsAndAxesAreSaid() {
    var state = run(reports: 50)
    _ = state.press(.character("E"))
    #expect(state.charts.backdrop == .rawLine && state.notice?.text == "smoothed lines over the raw ones")
    _ = state.press(.character("E"), .character("E"))
    #expect(state.charts.backdrop == .envelope)
    _ = state.press(.character("y"), .character("X"), .character("o"), .character("x"), .character(")"))
    let text = state.view(size: Size(width: 200, height: 50), theme: .dark, capabilities: Scenes.braille).text
    #expect(text.contains("smooth 0.6 log x y no outliers x: D updates newest 249"))
  }

  @Test func fullScreensHaveATableOfValues() {
    var state = Scenes.ring
    state.open(.losses)
    let size = Size(width: 100, height: 30)
    func text() -> String { state.view(size: size, theme: .dark, capabilities: Scenes.braille).text }
    #expect(text().contains("smoothed") && text().contains("highest") && text().contains("last"))
    _ = state.press(.left)
    #expect(text().contains("at cursor") && text().contains("@ step 5,880"))
    _ = state.press(.escape, .escape)
    #expect(!text().contains("highest"))
  }
}
