import Testing

@testable import TerminalKit

@Suite struct CellBufferTests {
  @Test func drawingOutsideIsClipped() {
    var buffer = CellBuffer(size: Size(width: 4, height: 2))
    buffer.write("abcdef", x: -2, y: 0, style: .plain)
    buffer.write("xyz", x: 2, y: 1, style: .plain)
    buffer.write("no", x: 0, y: 2, style: .plain)
    buffer.write("no", x: 0, y: -1, style: .plain)
    #expect(buffer.text == "cdef\n  xy")
    #expect(buffer[9, 9] == Cell())
    buffer.fill(Rect(x: -5, y: 1, width: 100, height: 100), with: Cell("#"))
    #expect(buffer.text == "cdef\n####")
  }

  @Test func writeSaysHowManyColumnsItUsed() {
    var buffer = CellBuffer(size: Size(width: 10, height: 1))
    #expect(buffer.write("hello", x: 0, y: 0, style: .plain) == 5)
    #expect(buffer.write("hello", x: 0, y: 0, style: .plain, width: 3) == 3)
    #expect(buffer.write("漢字", x: 0, y: 0, style: .plain, width: 3) == 2)
    #expect(buffer.write("", x: 0, y: 0, style: .plain) == 0)
  }

  @Test func controlCharactersNeverReachTheScreen() {
    var buffer = CellBuffer(size: Size(width: 12, height: 1))
    buffer.write("a\u{1B}[31mb\n\tc\r\u{7}\u{9B}d\u{200B}", x: 0, y: 0, style: .plain)
    #expect(buffer.text == "a[31mbcd")
  }

  @Test func wideCharactersTakeTwoCellsOrNone() {
    var buffer = CellBuffer(size: Size(width: 5, height: 1))
    buffer.write("漢字ab", x: 0, y: 0, style: .plain)
    #expect(buffer.text == "漢字a")
    #expect(buffer[1, 0].isContinuation)
    // Over the right half of the first and the left half of the second.
    buffer.write("xy", x: 1, y: 0, style: .plain)
    #expect(buffer.text == " xy a")
    #expect(!buffer.cells.contains { $0.isContinuation })
    // The last column has no room for two.
    buffer.write("漢", x: 4, y: 0, style: .plain)
    #expect(buffer.text == " xy")
    buffer.write("漢", x: -1, y: 0, style: .plain)
    #expect(buffer[0, 0].character == " ")
  }

  @Test func fillCutsWideCharactersCleanly() {
    var buffer = CellBuffer(size: Size(width: 8, height: 1))
    buffer.write("漢漢漢漢", x: 0, y: 0, style: .plain)
    buffer.fill(Rect(x: 1, y: 0, width: 4, height: 1), with: Cell("."))
    #expect(buffer.text == " .... 漢")
  }

  @Test func widthsOfCharacters() {
    let widths: [(Character, Int)] = [
      ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("한", 2), ("Ａ", 2), ("😀", 2), ("🚀", 2), ("⠿", 1), ("█", 1),
      ("╭", 1), ("\u{301}", 0), ("\u{200D}", 0), ("\u{0}", 0), ("\u{7F}", 0), ("\u{2028}", 0), ("ß", 1), ("−", 1),
    ]
    for (character, width) in widths { #expect(character.columns == width, "\(character)") }
  }

  @Test func emptyBuffers() {
    var buffer = CellBuffer(size: Size(width: 0, height: 5))
    buffer.write("a", x: 0, y: 0, style: .plain)
    buffer.fill(buffer.bounds, with: Cell("x"))
    #expect(buffer.cells.isEmpty)
    #expect(CellBuffer(size: Size(width: -3, height: -1)).cells.isEmpty)
  }

  @Test func rectanglesNeverHaveNegativeSizes() {
    let rect = Rect(x: 2, y: 3, width: 4, height: 2)
    #expect(rect.inset(by: 2).isEmpty)
    #expect(rect.intersection(Rect(x: 50, y: 50, width: 1, height: 1)).isEmpty)
    #expect(rect.splitTop(9).rest.isEmpty)
    #expect(rect.splitTop(-1).top.isEmpty)
    #expect(rect.splitLeft(1) == (Rect(x: 2, y: 3, width: 1, height: 2), Rect(x: 3, y: 3, width: 3, height: 2)))
  }
}
