import Testing

@testable import TerminalKit

/// Axes, patterns and numbers of charts.
@Suite struct LineChartOptionTests {
  private func series(_ count: Int, _ value: (Double) -> Double = { $0 }) -> ChartSeries {
    ChartSeries(
      label: "a", color: .ansi(1), columns: (1...count).map { ChartPoint(x: Double($0), value: value(Double($0))) })
  }

  @Test func aPowerIsAStraightLineOnTwoLogarithmicAxes() {
    var chart = LineChart(series: [series(1000) { 3 * $0 * $0 }], yScale: .logarithmic)
    chart.xScale = .logarithmic
    let data = ChartData(chart)
    #expect(data.x.isLogarithmic && data.x.lower == 1 && data.x.upper == 1000)
    for x in [1.0, 7, 100, 999] {
      guard let place = data.x.place(x), let y = data.y?.place(3 * x * x), let start = data.y?.place(3),
        let end = data.y?.place(3e6)
      else {
        Issue.record("no place for \(x)")
        continue
      }
      #expect(abs(y - (start + place * (end - start))) < 1e-9)
    }
    #expect(data.x.ticks(atMost: 6).map(\.label) == ["1", "10", "100", "1k"])
  }

  @Test func aLogarithmicAxisBeginsAtTheFirstPositivePlace() {
    var chart = LineChart(series: [series(50)], xRange: 0...50)
    chart.xScale = .logarithmic
    #expect(ChartData(chart).x.lower == 1)
    chart.xRange = -20 ... -1
    #expect(!FrameSamples.chartFrame(chart, 30, 8, .braille).isEmpty)
    chart.xRange = nil
    chart.series = []
    #expect(FrameSamples.chartFrame(chart, 30, 8, .braille).contains("no data yet"))
  }

  @Test func withoutColoursLinesHaveLetters() {
    let chart = LineChart(series: (0..<3).map { _ in series(100) })
    let text = FrameSamples.frame(60, 14) {
      chart.draw(in: $0, into: &$1, theme: .plain, capabilities: FrameSamples.capabilities(.braille, .monochrome))
    }.text
    let rows = text.split(separator: "\n")
    #expect(rows[0].hasPrefix("A a 100  B a 100  C a 100"))
    for letter in "ABC" { #expect(rows.dropFirst().contains { $0.contains(letter) }, "\(letter)") }
    // A line alone needs none; colours tell lines apart by themselves.
    let alone = LineChart(series: [series(100)])
    let frame = FrameSamples.frame(60, 14) {
      alone.draw(in: $0, into: &$1, theme: .plain, capabilities: FrameSamples.capabilities(.braille, .monochrome))
    }.text
    #expect(!frame.contains("A") && !FrameSamples.chartFrame(chart, 60, 14, .braille).contains("B"))
  }

  @Test func patternsDiffer() {
    let dashes = (0..<5).map { LineChart.dash($0, isFaint: false, .monochrome).map { "\($0)" } ?? "" }
    #expect(Set(dashes).count == 5)
    #expect(LineChart.dash(7, isFaint: false, .truecolor) == nil)
    // The ninth line has the first one's colour.
    #expect(LineChart.dash(8, isFaint: false, .truecolor) != nil)
    #expect(LineChart.dash(0, isFaint: true, .truecolor) != nil)
    #expect(Set((0..<30).map(LineChart.asciiGlyph)).count == 30)
    #expect((0..<99).allSatisfy { LineChart.asciiGlyph($0) != "X" && LineChart.letter($0).isLetter })
  }

  @Test func linesOfOtherRunsAreBehindAndDashed() {
    var faint = series(100) { 50 - $0 / 4 }
    faint.isFaint = true
    faint.label = "other"
    let chart = LineChart(series: [faint, series(100)], smoothing: 0.5)
    #expect(ChartData(chart).lines.map(\.index) == [0, 1])
    #expect(ChartData(LineChart(series: [series(9), faint])).lines.map(\.index) == [1, 0])
    #expect(FrameSamples.chartFrame(chart, 40, 10, .braille).hasPrefix("╍ other 25  ━ a 100"))
  }

  @Test func theBackdropCanBeTakenAway() {
    var chart = FrameSamples.chart()
    chart.smoothing = 0.9
    func dots() -> Int {
      FrameSamples.chartFrame(chart, 60, 14, .ascii).count { $0 == ":" }
    }
    let band = dots()
    chart.backdrop = .rawLine
    let line = dots()
    chart.backdrop = .nothing
    #expect(band > line && line > dots())
  }

  @Test func selectionFindsWhatSortingWould() {
    var state: UInt64 = 3
    for count in [1, 2, 3, 10, 101, 500] {
      let values = (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 60)
      }
      for index in [0, count / 20, count / 2, count - 1] {
        var copy = values
        #expect(copy.select(index) == values.sorted()[index])
      }
    }
  }

  @Test func theTableHasTheNumbersOfTheView() throws {
    var chart = FrameSamples.chart()
    chart.xRange = 900...1600
    chart.cursor = 1480
    chart.smoothing = 0.6
    let values = chart.values
    #expect(values.map(\.label) == ["discriminator", "generator"])
    #expect(values[0].maximum == 3)
    #expect(try abs(#require(values[0].value) - 0.8) < 1e-12)
    #expect(values[0].smoothed != values[0].value)
    // The generator's only NaN is the column at 1500.
    #expect(values[1].value?.isNaN == true && values[1].maximum.isFinite && values[1].mean.isFinite)
    let text = FrameSamples.frame(70, 3) {
      chart.drawTable(in: $0, into: &$1, theme: .dark, capabilities: FrameSamples.capabilities(.braille))
    }.text
    let rows = text.split(separator: "\n")
    #expect(rows.count == 3)
    #expect(rows[0].contains("at cursor") && rows[0].contains("highest"))
    #expect(rows[1].hasPrefix("━ discriminator") && rows[1].hasSuffix("3"))
    #expect(rows[2].contains("nan"))
    for (width, height) in [(0, 0), (1, 1), (5, 2), (20, 9), (33, 1)] {
      _ = FrameSamples.frame(width, height) {
        chart.drawTable(in: $0, into: &$1, theme: .dark, capabilities: FrameSamples.capabilities(.ascii))
      }
    }
  }

  @Test func theCursorMayBeCalledSomethingElse() {
    var chart = FrameSamples.chart()
    chart.cursor = 1000
    chart.cursorLabel = "step 1,000, 3m20s"
    #expect(FrameSamples.chartFrame(chart, 80, 12, .braille).hasPrefix("@ step 1,000, 3m20s  ━ discriminator 1.2"))
  }

  @Test func aFullScreenHasMoreTicks() {
    var chart = FrameSamples.chart()
    func ticks() -> Int { FrameSamples.chartFrame(chart, 120, 40, .braille).count { $0 == "┤" || $0 == "┬" } }
    let few = ticks()
    chart.isDetailed = true
    #expect(ticks() > few)
  }
}
