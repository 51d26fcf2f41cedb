import Glibc
import TerminalKit
import Testing

@testable import CursesTerminal

/// Curses on a pseudo-terminal; one at a time, as curses is.
@Suite(.serialized) struct CursesTerminalTests {
  private func open(
    _ terminal: PseudoTerminal, _ environment: [String: String] = [:], glyphs: GlyphSet? = nil
  ) throws -> CursesTerminal {
    try CursesTerminal(
      options: TerminalOptions(
        glyphs: glyphs, environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"].merging(environment) { $1 },
        input: terminal.slave, output: terminal.slave))
  }

  private func frame(_ text: String, _ size: Size, style: Style = .plain) -> CellBuffer {
    var buffer = CellBuffer(size: size)
    buffer.write(text, x: 0, y: 0, style: style)
    return buffer
  }

  /// Waits until typed keys have come through the line discipline.
  private func keys(_ terminal: CursesTerminal) -> [Key] {
    _ = FileDescriptors.wait(for: [terminal.inputDescriptor], timeoutMilliseconds: 2000)
    return terminal.readKeys()
  }

  @Test func theScreenIsTakenAndGivenBack() throws {
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 5))
    let before = pseudo.modes
    let terminal = try open(pseudo)
    #expect(terminal.size == Size(width: 20, height: 5))
    #expect(pseudo.modes != before)
    terminal.draw(frame("loss 漢 ⠿", terminal.size))
    let shown = pseudo.output()
    #expect(shown.contains("\u{1B}[?1049h"))
    #expect(shown.contains("\u{1B}[?25l"))
    #expect(shown.contains("\u{1B}[?2026h") && shown.contains("\u{1B}[?2026l"))
    #expect(shown.contains("loss 漢 ⠿"))
    terminal.close()
    terminal.close()
    let after = pseudo.output()
    #expect(after.contains("\u{1B}[?1049l"))
    #expect(after.contains("\u{1B}[?25h") || after.contains("\u{1B}[34h\u{1B}[?25h"))
    #expect(pseudo.modes == before)
    terminal.draw(frame("nothing", terminal.size))
    #expect(terminal.readKeys().isEmpty)
    #expect(pseudo.output().isEmpty)
  }

  @Test func theMouseIsTakenAndGivenBack() throws {
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 5))
    let terminal = try open(pseudo)
    _ = pseudo.output()
    terminal.setMouse(true)
    #expect(terminal.reportsMouse && pseudo.output().contains("\u{1B}[?1002h\u{1B}[?1006h"))
    pseudo.type("\u{1B}[<0;3;2Mx\u{1B}[<0;3;2m")
    #expect(keys(terminal) == [.character("x")])
    #expect(terminal.takeMouse() == [MouseEvent(.press, x: 2, y: 1), MouseEvent(.release, x: 2, y: 1)])
    terminal.copy("hello")
    #expect(pseudo.output() == "\u{1B}]52;c;aGVsbG8=\u{7}")
    terminal.close()
    #expect(pseudo.output().contains("\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"))
    // A terminal without a mouse is not asked for it.
    let old = try #require(PseudoTerminal(columns: 20, rows: 5))
    let plain = try open(old, ["TERM": "vt100"])
    plain.setMouse(true)
    #expect(!plain.reportsMouse && !old.output().contains("1002"))
    plain.close()
    #expect(!old.output().contains("1002"))
  }

  @Test func picturesAsPixels() throws {
    let pseudo = try #require(PseudoTerminal(columns: 40, rows: 12))
    let terminal = try open(pseudo)
    #expect(terminal.cellPixels == nil)
    pseudo.resize(columns: 40, rows: 12, cell: (9, 18))
    #expect(terminal.cellPixels == CellPixels(width: 9, height: 18))
    func frame(_ level: UInt8, isCovered: Bool = false) -> CellBuffer {
      var buffer = CellBuffer(size: terminal.size)
      let image = PixelImage(width: 4, height: 4, channels: 1, pixels: Array(repeating: level, count: 16))
      buffer.drawImages(
        [image], in: Rect(x: 2, y: 1, width: 8, height: 4), theme: .dark,
        capabilities: Capabilities(glyphs: .braille, colors: .indexed256, drawsPixels: true))
      if isCovered { buffer.write("help", x: 3, y: 2, style: .plain) }
      return buffer
    }
    // Off, nothing is said of pictures.
    terminal.draw(frame(10))
    #expect(!pseudo.output().contains("\u{1B}_G"))
    terminal.setPixels(.kitty)
    terminal.draw(frame(10))
    let shown = pseudo.output()
    #expect(shown.contains("\u{1B}7\u{1B}[2;3H\u{1B}_Ga=T,q=2,C=1") && shown.contains("\u{1B}8"))
    terminal.draw(frame(10))
    #expect(pseudo.output().isEmpty)
    terminal.draw(frame(20))
    #expect(pseudo.output().contains("\u{1B}_Ga=T"))
    // A dialog over it takes it away, and gives it back.
    terminal.draw(frame(20, isCovered: true))
    let covered = pseudo.output()
    #expect(covered.contains("help") && covered.contains("\u{1B}_Ga=d"))
    terminal.draw(frame(20))
    #expect(pseudo.output().contains("\u{1B}_Ga=T"))
    terminal.redraw()
    #expect(pseudo.output().contains("\u{1B}_Ga=T"))
    terminal.setPixels(.sixel)
    #expect(pseudo.output().contains("\u{1B}_Ga=d"))
    terminal.draw(frame(20))
    #expect(pseudo.output().contains("\u{1B}P"))
    terminal.setPixels(.kitty)
    terminal.draw(frame(20))
    _ = pseudo.output()
    terminal.close()
    let end = pseudo.output()
    let removed = try #require(end.firstRange(of: "\u{1B}_Ga=d"))
    let left = try #require(end.firstRange(of: "\u{1B}[?1049l"))
    #expect(removed.lowerBound < left.lowerBound)
    terminal.setPixels(.sixel)
    #expect(pseudo.output().isEmpty)
  }

  @Test func fewerColoursWhenAskedFor() throws {
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 5))
    let terminal = try open(pseudo)
    defer { terminal.close() }
    let red = Style(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 80))
    terminal.draw(frame("red", terminal.size, style: red))
    #expect(pseudo.output().contains("38;5;"))
    terminal.limit(colors: .monochrome)
    let plain = pseudo.output()
    #expect(plain.contains("red") && !plain.contains("38;5;"))
    terminal.limit(colors: nil)
    #expect(pseudo.output().contains("38;5;"))
  }

  @Test func onlyWhatChangedIsWritten() throws {
    let pseudo = try #require(PseudoTerminal(columns: 40, rows: 4))
    let terminal = try open(pseudo)
    defer { terminal.close() }
    terminal.draw(frame("step 1000 of 20000", terminal.size))
    #expect(pseudo.output().contains("step 1000 of 20000"))
    terminal.draw(frame("step 1000 of 20000", terminal.size))
    #expect(pseudo.output().isEmpty)
    terminal.draw(frame("step 1001 of 20000", terminal.size))
    let change = pseudo.output()
    #expect(change.contains("1"))
    #expect(!change.contains("step") && change.utf8.count < 40)
    terminal.redraw()
    #expect(pseudo.output().contains("step 1001 of 20000"))
  }

  @Test func wideCharactersAreReplacedWhole() throws {
    let pseudo = try #require(PseudoTerminal(columns: 10, rows: 2))
    let terminal = try open(pseudo)
    defer { terminal.close() }
    terminal.draw(frame("漢字ab", terminal.size))
    #expect(pseudo.output().contains("漢字ab"))
    terminal.draw(frame("漢xyab", terminal.size))
    let change = pseudo.output()
    #expect(change.contains("xy") && !change.contains("字"))
    terminal.draw(frame("漢字ab", terminal.size))
    #expect(pseudo.output().contains("字"))
  }

  @Test func coloursAreTheNearestThereAre() throws {
    let pseudo = try #require(PseudoTerminal(columns: 10, rows: 2))
    let red = Style(foreground: .rgb(255, 0, 0), background: .ansi(4), attributes: .bold)
    for (environment, sequence) in [
      ([:], "38;5;196"), (["TERM": "xterm"], "31"), (["TERM": "linux"], "31"),
    ] as [([String: String], String)] {
      let terminal = try open(pseudo, environment)
      terminal.draw(frame("x", terminal.size, style: red))
      let shown = pseudo.output()
      #expect(shown.contains(sequence) && shown.contains("44"), "\(environment): \(shown.debugDescription)")
      terminal.close()
      _ = pseudo.output()
    }
    let plain = try open(pseudo, ["NO_COLOR": "1"])
    defer { plain.close() }
    plain.draw(frame("x", plain.size, style: red))
    let shown = pseudo.output()
    #expect(!shown.contains("38;5") && !shown.contains("[44") && shown.contains("x"))
  }

  @Test func moreColoursThanPairs() throws {
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 8))
    let terminal = try open(pseudo, ["TERM": "xterm"])
    defer { terminal.close() }
    #expect(terminal.capabilities.colors == .ansi16)
    for shift in 0..<4 {
      var buffer = CellBuffer(size: terminal.size)
      for y in 0..<8 {
        for x in 0..<20 {
          let style = Style(foreground: .ansi(UInt8((x + shift) % 16)), background: .ansi(UInt8((y + x) % 16)))
          buffer[x, y] = Cell("▀", style: style)
        }
      }
      terminal.draw(buffer)
      #expect(pseudo.output().contains("▀"))
    }
  }

  @Test func keysAreRead() throws {
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 5))
    let terminal = try open(pseudo)
    defer { terminal.close() }
    #expect(terminal.readKeys().isEmpty)
    pseudo.type("q")
    #expect(keys(terminal) == [.character("q")])
    pseudo.type("\u{1B}[1;2D")
    #expect(keys(terminal) == [.shiftLeft])
    pseudo.type("\u{1B}[A\u{1B}OB")
    #expect(keys(terminal) == [.up, .down])
    // Ctrl-S would freeze the screen, Ctrl-V quote the next key.
    pseudo.type("\u{13}\u{11}\u{16}é")
    #expect(keys(terminal) == [.control("s"), .control("q"), .control("v"), .character("é")])
    pseudo.type("\u{1B}")
    #expect(keys(terminal) == [.escape])
    pseudo.type("\u{1B}[1;5C.")
    #expect(keys(terminal) == [.character(".")])
  }

  @Test func sizesChangeDownToOneCell() throws {
    let pseudo = try #require(PseudoTerminal(columns: 30, rows: 6))
    let terminal = try open(pseudo)
    defer { terminal.close() }
    for (columns, rows) in [(UInt16(1), UInt16(1)), (2, 1), (1, 3), (80, 24), (3, 2), (200, 50), (1, 1), (40, 5)] {
      pseudo.resize(columns: columns, rows: rows)
      terminal.resize()
      #expect(terminal.size == Size(width: Int(columns), height: Int(rows)))
      var buffer = CellBuffer(size: terminal.size)
      buffer.fill(buffer.bounds, with: Cell("#"))
      terminal.draw(buffer)
      // A frame that was made for another size.
      terminal.draw(frame("漢字", Size(width: 33, height: 7)))
      terminal.draw(frame("", Size(width: 0, height: 0)))
      _ = pseudo.output()
      #expect(!terminal.resize())
    }
    terminal.draw(frame("and still here", terminal.size))
    #expect(pseudo.output().contains("and still here"))
  }

  @Test func aTerminalWithoutUTF8GetsASCII() throws {
    let pseudo = try #require(PseudoTerminal(columns: 30, rows: 3))
    let terminal = try open(pseudo, ["LANG": "C"])
    #expect(terminal.capabilities.glyphs == .ascii)
    terminal.draw(frame("╭─ ⠿█│ 漢 é", terminal.size))
    #expect(pseudo.output().contains("+- *#| ?? ?"))
    terminal.close()
    let asked = try open(pseudo, ["LANG": "C"], glyphs: .braille)
    defer { asked.close() }
    asked.draw(frame("⠿", asked.size))
    #expect(pseudo.output().contains("⠿"))
  }

  @Test func aTerminalThatGoesAwayIsNoticed() throws {
    var pseudo = PseudoTerminal(columns: 20, rows: 5)
    let slave = try #require(pseudo.map { dup($0.slave) })
    let terminal = try CursesTerminal(
      options: TerminalOptions(environment: ["TERM": "xterm", "LANG": "C.UTF-8"], input: slave, output: slave))
    #expect(!terminal.isGone)
    pseudo = nil
    #expect(terminal.isGone)
    #expect(terminal.readKeys().isEmpty)
    terminal.draw(frame("into the void", terminal.size))
    terminal.close()
    Glibc.close(slave)
  }

  @Test func filesArePolitelyRefused() throws {
    let file = Glibc.open("/dev/null", O_RDWR)
    defer { Glibc.close(file) }
    #expect(throws: TerminalError.notATerminal) {
      try CursesTerminal(options: TerminalOptions(environment: ["TERM": "xterm"], input: file, output: file))
    }
    let pseudo = try #require(PseudoTerminal(columns: 20, rows: 5))
    let before = pseudo.modes
    #expect(throws: TerminalError.unknownType(type: "no-such-terminal")) {
      try open(pseudo, ["TERM": "no-such-terminal"])
    }
    #expect(throws: TerminalError.tooSimple(type: "dumb")) { try open(pseudo, ["TERM": "dumb"]) }
    #expect(pseudo.modes == before)
    #expect(pseudo.output().isEmpty)
  }
}
