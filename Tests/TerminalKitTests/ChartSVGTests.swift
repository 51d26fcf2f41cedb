import TerminalKit
import Testing

@Suite struct ChartSVGTests {
  /// The names of elements that are open at the end, and whether every other one was closed in its order.
  private func unclosed(_ text: String) -> [String] {
    var open: [String] = []
    for part in text.split(separator: "<").map(String.init) {
      let tag = part.prefix { $0 != ">" }
      let name = String(tag.prefix { $0.isLetter || $0 == "/" })
      if name.hasPrefix("/") {
        guard open.popLast() == String(name.dropFirst()) else { return ["</" + name] }
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    return open
  }

  @Test func itIsAWellFormedPicture() {
    var chart = FrameSamples.chart()
    chart.smoothing = 0.6
    chart.cursor = 500
    let text = chartSVG(chart, width: 800, height: 400, title: "ring8 <losses> & more")
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"400\""))
    #expect(unclosed(text).isEmpty)
    #expect(text.contains("ring8 &lt;losses&gt; &amp; more"))
    for part in ["discriminator", "generator", "2 ln 2", ">e<", ">c<", ">!<", "×", "stroke-dasharray"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("nan") && !text.contains("inf"))
    // Each line with its raw one behind it, and the band of the one that has extremes.
    #expect(text.components(separator: "fill-opacity=\"0.2\"") == 1)
    #expect(text.components(separator: "stroke-opacity=\"0.35\"") >= 2)
    #expect(text.components(separator: "stroke-width=\"1.8\"") >= 2)
  }

  @Test func theSpikeReachesTheTop() {
    let points = (0..<200).map { ChartPoint(x: Double($0), minimum: 0, maximum: $0 == 77 ? 100 : 1, last: 0.5) }
    let chart = LineChart(series: [ChartSeries(label: "a", color: .ansi(2), columns: points)])
    let text = chartSVG(chart, width: 400, height: 300)
    let band = text.split(separator: "\n").first { $0.contains("fill-opacity") } ?? ""
    let heights = band.split { "ML\"Z".contains($0) }.compactMap { part in
      part.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(heights.count > 300)
    // The plot begins at 36 pixels; 4 % of it are margin.
    #expect((heights.min() ?? 999) < 50)
  }

  @Test func anythingBecomesAPicture() {
    let strange: [Double] = [.nan, .infinity, -.infinity, 0, -1e308, 1e308, .leastNonzeroMagnitude]
    for first in strange {
      for second in strange {
        var chart = LineChart(
          series: [
            ChartSeries(
              label: "a\u{0}\u{FFFE}\"", color: .standard,
              columns: [
                ChartPoint(x: first, value: second), ChartPoint(x: 1, minimum: first, maximum: second, last: 0),
                ChartPoint(x: second, value: first),
              ])
          ],
          marks: [ChartMark(x: first, kind: .edit)], references: [(value: second, label: "r")], smoothing: 0.5,
          cursor: first)
        for scale in [LineChart.Scale.linear, .logarithmic] {
          (chart.xScale, chart.yScale) = (scale, scale)
          let text = chartSVG(chart, width: 0, height: -5, theme: .plain)
          #expect(unclosed(text).isEmpty && !text.contains("\u{0}"))
        }
      }
    }
    #expect(chartSVG(LineChart(series: [])).contains("no finite values in view"))
  }
}

extension String {
  /// How often a text is in it.
  fileprivate func components(separator: String) -> Int { ranges(of: separator).count }
}
