import Testing

@testable import TerminalKit

@Suite struct ScatterPlotTests {
  private func buffer(
    _ plot: ScatterPlot, _ width: Int, _ height: Int, glyphs: GlyphSet = .braille, colors: ColorDepth = .truecolor
  ) -> CellBuffer {
    FrameSamples.frame(width, height) {
      plot.draw(in: $0, into: &$1, theme: .dark, capabilities: Capabilities(glyphs: glyphs, colors: colors))
    }
  }

  private func field(_ values: [Float], columns: Int, rows: Int, middle: Float = 0.5) -> ScatterPlot {
    ScatterPlot(
      minimum: (0, 0), maximum: (1, 1), layers: [],
      field: (columns: columns, rows: rows, values: values, middle: middle), fieldSpan: 0.5)
  }

  @Test func theFieldIsDrawnWithItsFirstRowOnTop() {
    let theme = Theme.dark
    let frame = buffer(field([1, 1, 0, 0], columns: 2, rows: 2), 4, 2)
    let (low, high) = (theme.diverging.first ?? .standard, theme.diverging.last ?? .standard)
    #expect(frame[0, 0].style.background == high || frame[0, 0].style.foreground == high)
    #expect(frame[0, 1].style.background == low)
  }

  @Test func theMiddleOfThePaletteIsTheMiddleValue() {
    let frame = buffer(field([0.5, 0.5, 0.5, 0.5], columns: 2, rows: 2), 4, 2)
    let middle = Theme.dark.diverging[Theme.dark.diverging.count / 2]
    #expect(frame.cells.allSatisfy { $0.character == " " && $0.style.background == middle })
  }

  @Test func fieldsThatAreNotWhatTheySayAreLeftOut() {
    for plot in [
      field([1, 1], columns: 2, rows: 2), field([], columns: 0, rows: 0), field([1], columns: -1, rows: -1),
      field([1], columns: .max, rows: .max), field([1], columns: 1, rows: 1, middle: .nan),
    ] {
      #expect(buffer(plot, 6, 3).cells.allSatisfy { $0.style.background == Theme.dark.background.background })
    }
    // Where the field is not a number, the background shows, and everything else is drawn.
    let frame = buffer(field([.nan, .infinity, -.infinity, 0.5], columns: 2, rows: 2), 8, 4)
    #expect(frame.size == Size(width: 8, height: 4))
  }

  @Test func pointsOnTheEdgesAreInView() {
    let plot = ScatterPlot(
      minimum: (-1, -1), maximum: (1, 1),
      layers: [(points: [(-1, -1), (1, 1), (-1, 1), (1, -1)], color: .standard, glyph: nil)])
    #expect(buffer(plot, 4, 2).text == "⠁  ⠈\n⡀  ⢀")
  }

  @Test func othersThanNumbersAndPointsOutsideAreLeftOut() {
    let plot = ScatterPlot(
      minimum: (-1, -1), maximum: (1, 1),
      layers: [
        (
          points: [(.nan, 0), (0, .nan), (.infinity, 0), (2, 0), (0, -2)], color: .standard, glyph: "o"
        )
      ])
    #expect(buffer(plot, 8, 4).text == "\n\n\n")
  }

  @Test func bothAxesHaveTheSameScale() {
    let plot = ScatterPlot(
      minimum: (-1, -1), maximum: (1, 1), layers: [(points: [(-1, 1), (1, -1)], color: .standard, glyph: "o")])
    // 10 rows of cells twice as high as wide: 20 columns in the middle of 40.
    let frame = buffer(plot, 40, 10)
    #expect(frame[10, 0].character == "o")
    #expect(frame[29, 9].character == "o")
    // A view a hundred times as wide as high is stretched to half of the height.
    let flat = ScatterPlot(
      minimum: (-100, -1), maximum: (100, 1), layers: [(points: [(-100, 1), (100, -1)], color: .standard, glyph: "o")])
    let stretched = buffer(flat, 40, 10)
    #expect(stretched[0, 2].character == "o")
    #expect(stretched[39, 6].character == "o")
  }

  @Test func viewsWithoutAnExtentAreSurvived() {
    for (low, high) in [(Float(1), Float(1)), (.nan, .nan), (-.infinity, .infinity), (3, -3)] {
      let plot = ScatterPlot(
        minimum: (low, low), maximum: (high, high), layers: [(points: [(1, 1)], color: .standard, glyph: nil)],
        field: (columns: 2, rows: 2, values: [0, 1, 2, 3], middle: 1))
      for (width, height) in [(0, 0), (1, 1), (2, 9), (30, 3)] {
        for glyphs in GlyphSet.allCases {
          for colors in ColorDepth.allCases { _ = buffer(plot, width, height, glyphs: glyphs, colors: colors) }
        }
      }
    }
  }

  @Test func theUpperLayerShowsItsOwnDotsOnly() {
    let plot = ScatterPlot(
      minimum: (0, 0), maximum: (1, 1),
      layers: [
        (points: [(0, 1)], color: .ansi(1), glyph: nil), (points: [(0, 0)], color: .ansi(2), glyph: nil),
      ])
    let cell = buffer(plot, 2, 1)[0, 0]
    #expect(cell.character == "⡀")
    #expect(cell.style.foreground == .ansi(2))
  }
}
