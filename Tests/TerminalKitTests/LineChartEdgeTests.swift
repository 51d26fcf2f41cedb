import Testing

@testable import TerminalKit

/// What a chart says of data that is hardly any.
@Suite struct LineChartEdgeTests {
  private func frame(_ values: [Double], scale: LineChart.Scale = .linear, width: Int = 30, height: Int = 8) -> String {
    let points = values.enumerated().map { ChartPoint(x: Double($0.offset), value: $0.element) }
    let chart = LineChart(series: [ChartSeries(label: "a", color: .standard, columns: points)], yScale: scale)
    return FrameSamples.chartFrame(chart, width, height, .braille)
  }

  @Test func noSeries() {
    #expect(
      FrameSamples.chartFrame(LineChart(series: []), 30, 8, .braille)
        == #"""



                 no data yet


        ──────────────────────────────

        """#)
  }

  @Test func noPoints() {
    #expect(
      FrameSamples.chartFrame(
        LineChart(series: [ChartSeries(label: "a", color: .standard, columns: [])]), 30, 8, .ascii)
          == #"""
          * a --


                   no data yet


          ------------------------------

          """#)
  }

  @Test func onePoint() {
    let series = ChartSeries(label: "a", color: .standard, columns: [ChartPoint(x: 1000, value: 0.5)])
    #expect(
      FrameSamples.chartFrame(LineChart(series: [series]), 30, 8, .braille)
        == #"""
        ━ a 0.5
        0.52┤
            │
         0.5┤⣤
            │
        0.48┤
            ╰┬───────────────────────┬
            1k                   1.01k
        """#)
  }

  @Test func constant() {
    #expect(
      frame(Array(repeating: 0.25, count: 10))
        == #"""
        ━ a 0.25
        0.26┤
            │
        0.25┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
            │
        0.24┤
            ╰┬────────────┬───────────
             0            5
        """#)
  }

  @Test func allNaN() {
    #expect(
      frame(Array(repeating: .nan, count: 10))
        == #"""
        ━ a nan
        ×  ×  ×   ×  ×  ×  ×   ×  ×  ×

               no finite values


        ┬───────────────┬─────────────
        0               5
        """#)
  }

  @Test func noPositiveValuesOnALogarithmicAxis() {
    #expect(
      frame(Array(repeating: -1, count: 10), scale: .logarithmic)
        == #"""
        ━ a -1


              no positive values


        ┬───────────────┬─────────────
        0               5
        """#)
  }

  @Test func asWideAsAllNumbers() {
    let points = [
      ChartPoint(x: 0, value: -.greatestFiniteMagnitude), ChartPoint(x: 1e12, value: .greatestFiniteMagnitude),
    ]
    #expect(
      FrameSamples.chartFrame(
        LineChart(series: [ChartSeries(label: "a", color: .standard, columns: points)]), 40, 10, .braille)
          == #"""
          ━ a 1.798e308
                │                            ⢀⡠⠤⠒⠉
           1e308┤                       ⢀⣀⠤⠒⠊⠁
                │                   ⣀⠤⠔⠊⠁
               0┤              ⣀⡠⠔⠊⠉
                │         ⢀⡠⠔⠒⠉
          -1e308┤    ⢀⡠⠤⠒⠉⠁
                │⣀⠤⠒⠊⠁
                ╰┬───────────────────────────────┬
                 0                              1T
          """#)
  }

  @Test func neighboursOfALargeNumberKeepTheirDigits() {
    let points = [ChartPoint(x: 1_000_000, value: 1000.0001), ChartPoint(x: 1_000_001, value: 1000.0004)]
    #expect(
      FrameSamples.chartFrame(
        LineChart(series: [ChartSeries(label: "a", color: .standard, columns: points)]), 40, 10, .braille)
          == #"""
          ━ a 1k
          1000.0004┤                           ⣀⠤⠒
                   │                      ⣀⡠⠔⠊⠉
                   │                 ⢀⡠⠔⠒⠉
                   │            ⢀⣀⠤⠒⠉⠁
          1000.0002┤        ⣀⠤⠔⠊⠁
                   │   ⣀⡠⠔⠊⠉
                   │⠤⠒⠉
                   ╰┬────────────────────────────┬
                   1000000                 1000001
          """#)
  }

  @Test func tinyNumbers() {
    #expect(
      frame([1e-300, 3e-300], width: 40, height: 10)
        == #"""
        ━ a 3e-300
        3e-300┤                             ⢀⣀⠤⠒
              │                        ⢀⡠⠤⠒⠉⠁
              │                   ⣀⡠⠔⠒⠉⠁
        2e-300┤              ⣀⠤⠔⠒⠉
              │        ⢀⣀⠤⠔⠊⠉
              │   ⢀⣀⠤⠒⠊⠁
        1e-300┤⠤⠒⠉⠁
              ╰┬───────────────────────────────┬
               0                               1
        """#)
  }

  @Test func everySizeInEveryCapabilityIsDrawnInsideItsRectangle() {
    var chart = FrameSamples.chart()
    chart.smoothing = 0.6
    chart.cursor = 700
    for colors in ColorDepth.allCases {
      for glyphs in GlyphSet.allCases {
        let capabilities = Capabilities(glyphs: glyphs, colors: colors)
        for (width, height) in [(0, 0), (1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (5, 4), (7, 12), (13, 5), (31, 9)] {
          for theme in Theme.builtIn.values {
            var buffer = CellBuffer(size: Size(width: width + 2, height: height + 2), style: theme.background)
            buffer.fill(buffer.bounds, with: Cell("@"))
            let rect = Rect(x: 1, y: 1, width: width, height: height)
            chart.draw(in: rect, into: &buffer, theme: theme, capabilities: capabilities)
            for x in 0..<(width + 2) {
              #expect(buffer[x, 0].character == "@" && buffer[x, height + 1].character == "@")
            }
            for y in 0..<(height + 2) {
              #expect(buffer[0, y].character == "@" && buffer[width + 1, y].character == "@")
            }
            if glyphs == .ascii {
              #expect(buffer.cells.allSatisfy { $0.character.isASCII }, "\(width)x\(height)")
            }
          }
        }
      }
    }
  }

  @Test func strangeNumbersAreSurvived() {
    let strange: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1,
    ]
    for scale in [LineChart.Scale.linear, .logarithmic] {
      for first in strange {
        for second in strange {
          let points = [
            ChartPoint(x: first, value: second), ChartPoint(x: 0, minimum: first, maximum: second, last: first),
            ChartPoint(x: second, value: first),
          ]
          let chart = LineChart(
            series: [ChartSeries(label: "a", color: .standard, columns: points)],
            marks: [ChartMark(x: first, kind: .edit)], references: [(value: second, label: "r")], yScale: scale,
            smoothing: second, robust: true, cursor: first)
          #expect(!FrameSamples.chartFrame(chart, 30, 10, .braille).isEmpty)
        }
      }
    }
  }

  @Test func aSpikeInOneBucketReachesItsHeight() {
    // A thousand buckets of 0.5, one of which rose to 100 between its neighbours.
    let points = (0..<200).map {
      ChartPoint(x: Double($0), minimum: 0.5, maximum: $0 == 120 ? 100 : 0.5, last: 0.5)
    }
    let chart = LineChart(series: [ChartSeries(label: "loss", color: Theme.dark.seriesColor(0), columns: points)])
    for glyphs in GlyphSet.allCases {
      let rows = FrameSamples.chartFrame(chart, 80, 12, glyphs).split(separator: "\n", omittingEmptySubsequences: false)
      // From the top of the plot to its bottom, in one column right of the middle.
      let column = rows[1].lastIndex { $0 != " " }.map { rows[1].distance(from: rows[1].startIndex, to: $0) } ?? 0
      #expect(column > 44 && column < 56, "\(glyphs)")
      for row in rows[1..<10] {
        let cells = Array(row)
        #expect(cells.count > column && cells[column] != " ")
      }
    }
  }

  @Test func aLineOutOfViewCostsNothingAndDrawsNothing() {
    let points = [ChartPoint(x: -1e15, value: 0), ChartPoint(x: 1e15, value: 1)]
    let chart = LineChart(
      series: [ChartSeries(label: "a", color: .standard, columns: points)], xRange: 0...10)
    #expect(FrameSamples.chartFrame(chart, 30, 8, .braille).contains("no data in view"))
  }

  @Test func marksHaveTheirColours() {
    let chart = FrameSamples.chart()
    let buffer = FrameSamples.frame(60, 14) {
      chart.draw(in: $0, into: &$1, theme: .dark, capabilities: FrameSamples.capabilities(.braille))
    }
    let axis = (0..<60).map { buffer[$0, 12] }
    #expect(axis.first { $0.character == "e" }?.style.foreground == Theme.dark.mark)
    #expect(axis.first { $0.character == "c" }?.style.foreground == Theme.dark.checkpointMark)
    #expect(axis.first { $0.character == "!" }?.style.foreground == Theme.dark.verdictMark)
    #expect(buffer[46, 1].character == "×")
    #expect(buffer[46, 1].style == Theme.dark.critical)
    #expect(buffer.cells.contains { $0.style.foreground == Theme.dark.seriesColor(0) && $0.character != "━" })
  }
}
