import CCurses
import TerminalKit
import Testing

@testable import CursesTerminal

@Suite struct KeyDecoderTests {
  /// The keys of characters that come in one go.
  private func keys(_ text: String) -> [Key] {
    var decoder = KeyDecoder()
    return text.unicodeScalars.flatMap { decoder.read(scalar: $0.value) } + decoder.end()
  }

  @Test func characters() {
    #expect(keys("aÄ漢 ?") == [.character("a"), .character("Ä"), .character("漢"), .character(" "), .character("?")])
    #expect(keys("\t\r\n") == [.tab, .enter, .enter])
    #expect(keys("\u{7F}\u{8}") == [.backspace, .backspace])
    #expect(keys("\u{1}\u{C}\u{1A}") == [.control("a"), .control("l"), .control("z")])
    #expect(keys("\u{0}\u{1C}\u{1F}") == [.control(" "), .control("\\"), .control("_")])
    #expect(keys("\u{80}\u{9B}") == [])
  }

  @Test func escapeAloneIsAKey() {
    #expect(keys("\u{1B}") == [.escape])
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}q") == [.escape, .character("q")])
  }

  @Test func unknownSequencesAreSwallowed() {
    // Ctrl-up, a mouse report, a focus event, F-keys of another terminal: none of their letters is typed.
    #expect(keys("\u{1B}[1;5A") == [])
    #expect(keys("\u{1B}[<0;10;20M\u{1B}[I\u{1B}OP") == [])
    #expect(keys("\u{1B}[200~q\u{1B}[201~") == [.character("q")])
    #expect(keys("\u{1B}[1;5\rx") == [.enter, .character("x")])
  }

  @Test func sequencesMayComeInPieces() {
    var decoder = KeyDecoder()
    #expect(decoder.read(scalar: 27).isEmpty)
    #expect(decoder.read(scalar: 91).isEmpty)
    #expect(decoder.end().isEmpty)
    #expect(decoder.read(scalar: 53).isEmpty)
    #expect(decoder.read(scalar: 68).isEmpty)
    #expect(decoder.read(scalar: 100) == [.character("d")])
  }

  @Test func theMouseIsReported() {
    var decoder = KeyDecoder()
    func read(_ text: String) -> [Key] {
      text.unicodeScalars.flatMap { decoder.read(scalar: $0.value) } + decoder.end()
    }
    #expect(read("a\u{1B}[<0;10;20Mb\u{1B}[<0;11;20m\u{1B}[<64;1;1M") == [.character("a"), .character("b")])
    #expect(
      decoder.takeMouse() == [
        MouseEvent(.press, x: 9, y: 19), MouseEvent(.release, x: 10, y: 19), MouseEvent(.wheelUp, x: 0, y: 0),
      ])
    #expect(decoder.takeMouse() == [])
    // Broken and endless ones are nothing.
    #expect(read("\u{1B}[<0;1M\u{1B}[<M\u{1B}[0;1;1M\u{1B}[<" + String(repeating: "1", count: 200) + "M") == [])
    #expect(decoder.takeMouse() == [])
  }

  @Test func functionKeys() {
    var decoder = KeyDecoder()
    let codes: [(Int32, Key)] = [
      (KEY_UP, .up), (KEY_SR, .shiftUp), (KEY_SF, .shiftDown), (KEY_SLEFT, .shiftLeft), (KEY_SRIGHT, .shiftRight),
      (KEY_BTAB, .backTab), (KEY_NPAGE, .pageDown), (KEY_DC, .delete), (curses_key_f0() + 12, .function(12)),
    ]
    for (code, key) in codes { #expect(decoder.read(code: code) == [key]) }
    #expect(decoder.read(code: KEY_RESIZE).isEmpty)
    #expect(decoder.read(scalar: 27).isEmpty)
    #expect(decoder.read(code: KEY_LEFT) == [.escape, .left])
  }
}
