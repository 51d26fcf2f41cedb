import Foundation
import Testing

@testable import TerminalKit

@Suite struct CellPatternTests {
  @Test func quadrantsAndSextantsByMask() {
    // Bits row by row from the top left.
    let quadrants: [(Int, Character)] = [
      (0, " "), (1, "▘"), (2, "▝"), (3, "▀"), (5, "▌"), (6, "▞"), (9, "▚"), (15, "█"),
    ]
    for (mask, character) in quadrants { #expect(CellPatterns.character(mask, rows: 2) == character) }
    // Unicode's BLOCK SEXTANT-1, -12, -3, -2345 and -23456, the last of the range.
    let sextants: [(Int, UInt32)] = [
      (0b000001, 0x1FB00), (0b000011, 0x1FB02), (0b000100, 0x1FB03), (0b011110, 0x1FB1C), (0b111110, 0x1FB3B),
    ]
    for (mask, scalar) in sextants {
      #expect(CellPatterns.character(mask, rows: 3).unicodeScalars.first?.value == scalar, "\(mask)")
    }
    #expect([0, 21, 42, 63].map { CellPatterns.character($0, rows: 3) } == [" ", "▌", "▐", "█"])
    let all = Set((0..<64).map { CellPatterns.character($0, rows: 3) })
    #expect(all.count == 64)
    #expect(all.allSatisfy { $0.columns == 1 })
  }

  @Test func theBestPatternIsThePicture() {
    func pixel(_ value: Float) -> ScaledImage.Pixel { ScaledImage.Pixel(red: value, green: value, blue: value) }
    for mask in 1..<32 {
      let best = CellPatterns.best((0..<6).map { pixel(mask >> $0 & 1 == 1 ? 0.9 : 0.1) })
      #expect(best.mask == mask)
      #expect(abs(best.ink.red - 0.9) < 1e-6 && abs(best.ground.red - 0.1) < 1e-6)
    }
    #expect(CellPatterns.best(Array(repeating: pixel(0.5), count: 4)).mask == 0)
  }

  @Test(arguments: [ImageMode.quadrant, .sextant], ColorDepth.allCases)
  func picturesInPatterns(mode: ImageMode, colors: ColorDepth) {
    // Left half black, right half white: on a cell's border, so that no cell is mixed.
    let pixels = (0..<64).map { UInt8($0 % 8 < 4 ? 0 : 255) }
    let image = PixelImage(width: 8, height: 8, channels: 1, pixels: pixels)
    var buffer = CellBuffer(size: Size(width: 8, height: 4))
    let drawn = buffer.drawImages(
      [image], in: buffer.bounds, mode: mode, theme: .dark, capabilities: Capabilities(glyphs: .braille, colors: colors)
    )
    #expect(drawn == 1)
    if colors == .monochrome {
      #expect(buffer[0, 0].character == " " && buffer[7, 3].character == "█")
    } else {
      #expect(buffer[0, 0].style.background == .rgb(0, 0, 0) && buffer[7, 3].style.background == .rgb(255, 255, 255))
    }
  }
}

@Suite struct ScatterLineTests {
  private let plain = Capabilities(glyphs: .ascii, colors: .monochrome)

  @Test func denseCellsOfAMeshAreStrong() {
    // Two cells side by side, the right one four times as wide.
    let points: [(Float, Float)] = [(0, 0), (1, 0), (5, 0), (0, 1), (1, 1), (5, 1)]
    let mesh = ScatterPlot.Mesh(columns: 3, rows: 2, points: points, color: .standard)
    let edges = mesh.edges
    #expect(edges.count == 7)
    func strength(_ from: Int, _ to: Int) -> Double? { edges.first { $0.from == from && $0.to == to }?.strength }
    #expect(strength(0, 3) == 1)
    #expect(strength(2, 5) == 0.5)
    #expect(strength(1, 4) == 0.75)
    #expect(edges.first?.strength == 0.5)
    let cut = ScatterPlot.Mesh(columns: 3, rows: 3, points: points, color: .standard)
    #expect(cut.edges.isEmpty)
  }

  @Test func theLongestArrowPointsAlongItsSlope() {
    var plot = ScatterPlot(minimum: (-1, -1), maximum: (1, 1), layers: [])
    plot.arrows = [
      ScatterPlot.Arrow(at: (0, 0), dx: 1, dy: 0), ScatterPlot.Arrow(at: (-0.5, 0.5), dx: 0, dy: -1),
      ScatterPlot.Arrow(at: (5, 0), dx: 1, dy: 0), ScatterPlot.Arrow(at: (0.5, 0.5), dx: .nan, dy: 0),
    ]
    var buffer = CellBuffer(size: Size(width: 20, height: 10))
    plot.draw(in: buffer.bounds, into: &buffer, theme: .plain, capabilities: plain)
    #expect(buffer.text.filter { $0 == ">" }.count == 1)
    #expect(buffer.text.filter { $0 == "v" }.count == 1)
    #expect(buffer.text.filter { !$0.isWhitespace }.count == 2)
  }

  @Test func cellsAndPointsBelongToEachOther() throws {
    let plot = ScatterPlot(minimum: (-1.5, -1.5), maximum: (1.5, 1.5), layers: [])
    let rect = Rect(x: 3, y: 2, width: 41, height: 17)
    let place = plot.plotRect(in: rect)
    for y in place.y..<place.maxY {
      for x in place.x..<place.maxX {
        let point = try #require(plot.point(atX: x, y: y, in: rect))
        let cell = try #require(plot.cell(of: point, in: rect))
        #expect(cell.x == x && cell.y == y)
      }
    }
    #expect(plot.point(atX: place.x - 1, y: place.y, in: rect) == nil)
    #expect(plot.cell(of: (2, 0), in: rect) == nil)
  }

  @Test func aPhasePortraitOfExtremes() {
    for values in [[1.0, 2, 3], [1, 1], [.nan, 1], [1e308, -1e308], []] {
      var buffer = CellBuffer(size: Size(width: 20, height: 8))
      PhasePortrait(points: values.map { ($0, -$0) }, xLabel: "D", yLabel: "G", rest: (0, 0), color: .standard)
        .draw(in: buffer.bounds, into: &buffer, theme: .plain, capabilities: plain)
      #expect(buffer.size.width == 20)
    }
  }

  @Test func aHistogramKeepsItsMass() {
    let histogram = Histogram((0..<24).map { Double($0) }, color: .standard)
    #expect(abs(histogram.columns(12).reduce(0, +) - 276) < 1e-9)
    #expect(histogram.columns(24) == (0..<24).map { Double($0) })
    #expect(histogram.columns(48).count == 48)
    #expect(Histogram([], color: .standard).columns(5).isEmpty)
  }

  @Test func aSheetHasItsLabels() {
    let image = PixelImage(width: 8, height: 8, channels: 1, pixels: Array(repeating: 255, count: 64))
    let sheet = ImageSheetView(
      Array(repeating: image, count: 6), columns: 3, rowLabels: ["a", "b"], columnLabels: ["-1", "0", "+1"],
      labels: ["", "", "", "0.12", "0.50", "1.00"])
    var buffer = CellBuffer(size: Size(width: 40, height: 14))
    #expect(sheet.draw(in: buffer.bounds, mode: .ascii, into: &buffer, theme: .plain, capabilities: plain) == 6)
    for word in ["a", "b", "-1", "+1", "0.12", "1.00"] { #expect(buffer.text.contains(word), "\(word)") }
    for size in [(1, 1), (3, 200), (500, 3), (0, 0)] {
      var small = CellBuffer(size: Size(width: size.0, height: size.1))
      sheet.draw(in: small.bounds, mode: .auto, into: &small, theme: .plain, capabilities: plain)
    }
  }
}
