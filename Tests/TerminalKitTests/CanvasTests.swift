import Testing

@testable import TerminalKit

@Suite struct CanvasTests {
  private func text(_ canvas: Canvas, colors: ColorDepth = .truecolor) -> String {
    FrameSamples.frame(canvas.size.width, canvas.size.height) { canvas.draw(in: $0, into: &$1, colors: colors) }.text
  }

  @Test func everyBrailleDotHasItsPlace() {
    let dots: [(Int, Int, Character)] = [
      (0, 0, "⠁"), (0, 1, "⠂"), (0, 2, "⠄"), (0, 3, "⡀"), (1, 0, "⠈"), (1, 1, "⠐"), (1, 2, "⠠"), (1, 3, "⢀"),
    ]
    for (x, y, character) in dots {
      var canvas = Canvas(width: 1, height: 1, glyphs: .braille)
      canvas.set(x, y, .standard)
      #expect(text(canvas) == String(character))
    }
  }

  @Test func dotsOutsideAreIgnored() {
    for glyphs in GlyphSet.allCases {
      var canvas = Canvas(width: 2, height: 2, glyphs: glyphs)
      for (x, y) in [(-1, 0), (0, -1), (100, 0), (0, 100), (.min, .max)] { canvas.set(x, y, .standard) }
      canvas.line(from: (x: -5, y: -5), to: (x: -1, y: -9), .standard)
      canvas.line(from: (x: Double.nan, y: 0), to: (x: 1, y: 1), .standard)
      #expect(text(canvas).allSatisfy { $0 == " " || $0 == "\n" })
    }
  }

  @Test func linesRunFromCornerToCorner() {
    var canvas = Canvas(width: 4, height: 2, glyphs: .braille)
    canvas.line(from: (x: 0, y: 0), to: (x: 7, y: 7), .standard)
    #expect(text(canvas) == "⠑⢄\n  ⠑⢄")
    var ascii = Canvas(width: 4, height: 4, glyphs: .ascii)
    ascii.line(from: (x: 3, y: 0), to: (x: 0, y: 3), .standard, ascii: "o")
    #expect(text(ascii) == "   o\n  o\n o\no")
    var block = Canvas(width: 3, height: 2, glyphs: .block)
    block.line(from: (x: 0, y: 3), to: (x: 2, y: 0), .standard)
    #expect(text(block) == " ▄▀\n▄▀")
  }

  @Test func endsFarOutsideAreClipped() {
    var canvas = Canvas(width: 4, height: 2, glyphs: .ascii)
    canvas.line(from: (x: -1e300, y: 0), to: (x: 1e300, y: 0), .standard)
    canvas.line(from: (x: 2, y: -1e18), to: (x: 2, y: 1e18), .standard)
    #expect(text(canvas) == "****\n  *")
  }

  @Test func dashesGoOnAcrossShortPieces() {
    var whole = Canvas(width: 6, height: 1, glyphs: .braille)
    whole.line(from: (x: 0.0, y: 1.0), to: (x: 11, y: 1), .standard, dash: (on: 2, period: 4))
    var pieces = Canvas(width: 6, height: 1, glyphs: .braille)
    for x in 0..<11 {
      pieces.line(from: (x: Double(x), y: 1.0), to: (x: Double(x + 1), y: 1), .standard, dash: (on: 2, period: 4))
    }
    #expect(text(whole) == "⠒ ⠒ ⠒")
    #expect(text(pieces) == text(whole))
  }

  @Test func columnsEqualSingleDots() {
    for glyphs in GlyphSet.allCases {
      var fast = Canvas(width: 2, height: 4, glyphs: glyphs)
      var slow = fast
      fast.column(1, from: 13, to: 1, .ansi(3))
      for y in 1...13 { slow.set(1, y, .ansi(3)) }
      #expect(text(fast) == text(slow))
      fast.column(-1, from: 0, to: 9, .standard)
      fast.column(99, from: -50, to: 50, .standard)
      #expect(text(fast) == text(slow))
    }
  }

  @Test func halvesOfABlockKeepTheirColours() {
    var lower = Canvas(width: 1, height: 1, glyphs: .block)
    lower.set(0, 1, .ansi(1))
    var upper = Canvas(width: 1, height: 1, glyphs: .block)
    upper.set(0, 0, .ansi(2))
    var buffer = CellBuffer(size: Size(width: 1, height: 1), style: Style(background: .ansi(0)))
    lower.draw(in: buffer.bounds, into: &buffer, colors: .ansi16)
    #expect(buffer[0, 0] == Cell("▄", style: Style(foreground: .ansi(1), background: .ansi(0))))
    upper.draw(in: buffer.bounds, into: &buffer, colors: .ansi16)
    #expect(buffer[0, 0] == Cell("▀", style: Style(foreground: .ansi(2), background: .ansi(1))))
    var both = CellBuffer(size: Size(width: 1, height: 1))
    lower.draw(in: both.bounds, into: &both, colors: .monochrome)
    upper.draw(in: both.bounds, into: &both, colors: .monochrome)
    #expect(both.text == "█")
  }

  @Test func theTerminalsOwnBackgroundIsNeverTakenForAForeground() {
    #expect(
      Cell.pixels(upper: .standard, lower: .ansi(1), text: .ansi(7))
        == Cell("▄", style: Style(foreground: .ansi(1), background: .standard)))
    #expect(
      Cell.pixels(upper: .ansi(1), lower: .standard, text: .ansi(7))
        == Cell("▀", style: Style(foreground: .ansi(1), background: .standard)))
    #expect(Cell.pixels(upper: .standard, lower: .standard, text: .ansi(7)).character == " ")
    // A dot in the text's colour below one in red.
    var buffer = CellBuffer(size: Size(width: 1, height: 1))
    for (row, color) in [(0, Color.ansi(1)), (1, .standard)] {
      var canvas = Canvas(width: 1, height: 1, glyphs: .block)
      canvas.set(0, row, color)
      canvas.draw(in: buffer.bounds, into: &buffer, colors: .ansi16)
    }
    #expect(buffer[0, 0] == Cell("▄", style: Style(foreground: .standard, background: .ansi(1))))
  }

  @Test func brailleOverAHeatMapTakesTheMeanOfItsColours() {
    var canvas = Canvas(width: 1, height: 1, glyphs: .braille)
    canvas.set(0, 0, .ansi(7))
    var buffer = CellBuffer(size: Size(width: 1, height: 1))
    buffer[0, 0] = Cell("▀", style: Style(foreground: .rgb(100, 0, 0), background: .rgb(0, 100, 0)))
    canvas.draw(in: buffer.bounds, into: &buffer, colors: .truecolor)
    #expect(buffer[0, 0].style == Style(foreground: .ansi(7), background: .rgb(50, 50, 0)))
  }
}
