import Testing

@testable import TerminalKit

@Suite struct CellTests {
  @Test(arguments: ["a", " ", "█", "⣿", "é", "e\u{301}", "🇨🇭", "👩‍🚀"] as [Character]) func keepsItsCharacter(
    character: Character
  ) {
    var cell = Cell(character)
    #expect(cell.character == character)
    #expect(cell == Cell(character))
    cell.character = "x"
    #expect(cell == Cell("x") && cell != Cell(character))
    #expect(Cell(character).scalar.map { Character($0) } == (character.unicodeScalars.count == 1 ? character : nil))
  }

  @Test func plainTextIsWrittenAsItsCharactersAre() {
    for text in ["plain", "tabs\tand é ┃ 漢字", "e\u{301}!", ""] {
      var buffer = CellBuffer(size: Size(width: 20, height: 1))
      let used = buffer.write(text, x: 1, y: 0, style: .plain)
      #expect(used == text.columns)
      #expect(text.columns == text.reduce(0) { $0 + $1.columns })
      #expect(buffer.text == (text.isEmpty ? "" : " " + text.filter { $0.columns > 0 }))
    }
    var buffer = CellBuffer(size: Size(width: 4, height: 1))
    #expect(buffer.write("abcdef", x: -1, y: 0, style: .plain, width: 3) == 3)
    #expect(buffer.text == "bc")
  }
}
