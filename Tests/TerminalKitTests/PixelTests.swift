import Testing

@testable import TerminalKit

/// A terminal that understands cells, the cursor and the two protocols of pixels, and remembers what they did.
private struct FakeTerminal {
  struct Image: Equatable {
    var x, y, columns, rows, width, height: Int
    var number: Int?
  }
  var images: [Image] = []
  /// What was said that no such terminal knows.
  var garbage = ""
  private var cursor = (x: 0, y: 0)
  private var saved = (x: 0, y: 0)

  mutating func write(_ text: String) {
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix("\u{1B}7") {
        saved = cursor
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("\u{1B}8") {
        cursor = saved
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("\u{1B}["), let end = rest.firstIndex(of: "H") {
        let numbers = rest[rest.index(rest.startIndex, offsetBy: 2)..<end].split(separator: ";").compactMap { Int($0) }
        cursor = (x: numbers[1] - 1, y: numbers[0] - 1)
        rest = rest[rest.index(after: end)...]
      } else if rest.hasPrefix("\u{1B}_G"), let end = rest.firstRange(of: "\u{1B}\\") {
        kitty(rest[rest.index(rest.startIndex, offsetBy: 3)..<end.lowerBound])
        rest = rest[end.upperBound...]
      } else if rest.hasPrefix("\u{1B}P"), let end = rest.firstRange(of: "\u{1B}\\") {
        sixel(rest[..<end.lowerBound])
        rest = rest[end.upperBound...]
      } else {
        garbage.append(first)
        rest = rest.dropFirst()
      }
    }
  }

  private mutating func kitty(_ text: Substring) {
    let head = text.prefix { $0 != ";" }
    let keys = Dictionary(
      head.split(separator: ",").map { pair in
        let parts = pair.split(separator: "=")
        return (String(parts[0]), String(parts.last ?? ""))
      }, uniquingKeysWith: { $1 })
    let number = keys["i"].flatMap { Int($0) }
    func value(_ key: String) -> Int { keys[key].flatMap { Int($0) } ?? 0 }
    switch keys["a"] {
    case "T":
      if keys["q"] != "2" || keys["C"] != "1" { garbage += "it answers or moves the cursor" }
      images.removeAll { $0.number == number }
      images.append(
        Image(
          x: cursor.x, y: cursor.y, columns: value("c"), rows: value("r"), width: value("s"), height: value("v"),
          number: number))
    case "d": images.removeAll { $0.number == number }
    case nil: break
    default: garbage += text
    }
  }

  private mutating func sixel(_ text: Substring) {
    guard let start = text.firstIndex(of: "\"") else { return }
    let numbers = text[text.index(after: start)...].prefix { $0 == ";" || $0.isNumber }.split(separator: ";")
      .compactMap { Int($0) }
    images.append(
      Image(x: cursor.x, y: cursor.y, columns: 0, rows: 0, width: numbers[2], height: numbers[3], number: nil))
  }
}

@Suite struct PixelTests {
  private let capabilities = Capabilities(glyphs: .braille, colors: .truecolor, drawsPixels: true)

  private func frame(
    _ images: [PixelImage], at x: Int = 2, _ y: Int = 1, size: Size = Size(width: 60, height: 20)
  ) -> CellBuffer {
    var buffer = CellBuffer(size: size)
    buffer.drawImages(
      images, in: Rect(x: x, y: y, width: 40, height: 10), theme: .dark, capabilities: capabilities)
    return buffer
  }

  @Test func picturesLeaveTheirCellsBlank() {
    let two = frame([FrameSamples.ring(16), FrameSamples.ring(16)])
    #expect(two.pictures.count == 2 && two.visiblePictures == two.pictures)
    #expect(two.text.allSatisfy { $0 == " " || $0 == "\n" || $0 == "\u{A0}" })
    // In characters nothing is left to the terminal; nor are pictures that a person wants in characters.
    var plain = CellBuffer(size: Size(width: 60, height: 20))
    for (mode, isPixels) in [(ImageMode.auto, false), (.halfBlock, true), (.symbols, true)] {
      plain.drawImages(
        [FrameSamples.ring(16)], in: plain.bounds, mode: mode, theme: .dark,
        capabilities: Capabilities(glyphs: .braille, colors: .truecolor, drawsPixels: isPixels))
      #expect(plain.pictures.isEmpty)
    }
  }

  @Test func kittyShowsReplacesMovesAndRemoves() {
    var terminal = FakeTerminal()
    var painter = PixelPainter(.kitty, cell: nil)
    let first = frame([FrameSamples.ring(16)])
    let place = first.pictures[0].place
    terminal.write(painter.sequence(after: first, isRepainted: false))
    #expect(
      terminal.images.map { [$0.x, $0.y, $0.columns, $0.rows] } == [[place.x, place.y, place.width, place.height]])
    // At the picture's own resolution, or a whole multiple of a cell's share: the terminal scales.
    #expect(terminal.images[0].width <= 2 * 16 && terminal.images[0].height <= 2 * 16)
    // The same again is not written again, unless the screen was.
    #expect(painter.sequence(after: first, isRepainted: false).isEmpty)
    #expect(!painter.sequence(after: first, isRepainted: true).isEmpty)
    // Another picture, another place.
    let moved = painter.sequence(after: frame([FrameSamples.ring(12)], at: 9, 3), isRepainted: false)
    terminal.write(moved)
    #expect(terminal.images.count == 1 && terminal.images[0].x == 9 && terminal.images[0].y == 3)
    // A frame without pictures, then the end.
    let gone = painter.sequence(after: CellBuffer(size: first.size), isRepainted: false)
    #expect(gone == PixelPainter.removal(of: .kitty))
    terminal.write(gone)
    #expect(terminal.images.isEmpty && terminal.garbage.isEmpty)
    #expect(painter.removal().isEmpty)
    terminal.write(painter.sequence(after: first, isRepainted: false) + painter.removal())
    #expect(terminal.images.isEmpty && terminal.garbage.isEmpty)
  }

  @Test func sixelIsMadeForTheCells() {
    var terminal = FakeTerminal()
    var painter = PixelPainter(.sixel, cell: CellPixels(width: 9, height: 18))
    let shown = frame([FrameSamples.ring(16), FrameSamples.ring(16)])
    terminal.write(painter.sequence(after: shown, isRepainted: false))
    let places = shown.pictures.map(\.place)
    let width = (places.map(\.maxX).max() ?? 0) - places[0].x
    #expect(terminal.images.count == 1 && terminal.garbage.isEmpty)
    #expect(terminal.images[0].x == places[0].x && terminal.images[0].y == places[0].y)
    // Rows of six pixels: what does not fill one is left out, so that nothing below is painted over.
    #expect(terminal.images[0].width == 9 * width)
    #expect((0..<6).contains(18 * places[0].height - terminal.images[0].height))
    // Cells are written over it, so that nothing has to be said.
    #expect(painter.sequence(after: CellBuffer(size: shown.size), isRepainted: false).isEmpty)
    #expect(!painter.sequence(after: shown, isRepainted: false).isEmpty)
    #expect(PixelPainter.removal(of: .sixel).isEmpty)
  }

  @Test func whatIsCoveredIsNotShown() {
    var painter = PixelPainter(.kitty, cell: nil)
    let whole = frame([FrameSamples.ring(16)])
    #expect(!painter.sequence(after: whole, isRepainted: false).isEmpty)
    var covered = whole
    let place = whole.pictures[0].place
    // A dialog's blank inside is no picture either.
    covered.fill(Rect(x: place.x + 2, y: place.y + 2, width: 1, height: 1), with: Cell(" "))
    #expect(covered.visiblePictures.isEmpty)
    #expect(painter.sequence(after: covered, isRepainted: false) == PixelPainter.removal(of: .kitty))
    #expect(!painter.sequence(after: whole, isRepainted: false).isEmpty)
    // A picture in the last row would scroll the screen; one that is cut off is not drawn as pixels.
    let low = frame([FrameSamples.ring(16)], size: Size(width: 60, height: place.maxY))
    #expect(low.visiblePictures.isEmpty)
    #expect(frame([FrameSamples.ring(16)], at: -3, -2).pictures.isEmpty)
  }

  @Test func damagedPicturesDoNoHarm() {
    for kind in PixelProtocol.allCases {
      var painter = PixelPainter(kind, cell: CellPixels(width: 1, height: 1))
      for image in [
        PixelImage(width: 4, height: 4, channels: 3, pixels: [1, 2]),
        PixelImage(width: 3000, height: 2, channels: 1, pixels: []),
        PixelImage(width: 1, height: 1, channels: 0, pixels: [9]),
      ] {
        var terminal = FakeTerminal()
        terminal.write(painter.sequence(after: frame([image]), isRepainted: true))
        #expect(terminal.garbage.isEmpty)
      }
    }
  }

  @Test func wishesAndTerminals() {
    let cell = CellPixels(width: 10, height: 20)
    func kind(_ wish: PixelWish, _ environment: [String: String], _ cell: CellPixels? = nil) -> PixelProtocol? {
      wish.resolve(environment: environment, cell: cell).kind
    }
    #expect(kind(.off, ["TERM": "xterm-kitty"], cell) == nil)
    #expect(kind(.auto, ["TERM": "xterm-kitty"]) == .kitty)
    #expect(kind(.auto, ["TERM": "xterm-ghostty"]) == .kitty)
    #expect(kind(.auto, ["TERM": "foot"], cell) == .sixel)
    // Sixel needs the size of a cell, which a person who asked for it is told.
    #expect(kind(.auto, ["TERM": "foot"]) == nil)
    #expect(kind(.sixel, ["TERM": "foot"]) == nil)
    #expect(PixelWish.sixel.resolve(environment: ["TERM": "foot"], cell: nil).refusal?.contains("size") == true)
    #expect(kind(.sixel, ["TERM": "xterm-256color"], cell) == .sixel)
    #expect(kind(.kitty, ["TERM": "xterm-256color"]) == .kitty)
    #expect(kind(.auto, ["TERM": "xterm-256color"], cell) == nil)
    // A multiplexer passes nothing on.
    for environment in [["TERM": "xterm-kitty", "TMUX": "/tmp/x,1,0"], ["TERM": "tmux-256color"], ["TERM": "screen"]] {
      #expect(kind(.auto, environment, cell) == nil)
      let (refused, sentence) = PixelWish.kitty.resolve(environment: environment, cell: cell)
      #expect(refused == nil && sentence?.contains("kitty") == true)
    }
  }
}

@Suite struct SymbolPictureTests {
  private func draw(_ image: PixelImage, _ glyphs: GlyphSet, _ colors: ColorDepth, theme: Theme = .dark) -> CellBuffer {
    var buffer = CellBuffer(size: Size(width: 28, height: 14))
    buffer.drawImages(
      [image], in: buffer.bounds, mode: .symbols, theme: theme,
      capabilities: Capabilities(glyphs: glyphs, colors: colors))
    return buffer
  }

  @Test func everyDepthAndEveryGlyphSet() {
    var pixels: [UInt8] = []
    for y in 0..<28 { for x in 0..<28 { pixels += [UInt8(9 * x), UInt8(9 * y), 128] } }
    let image = PixelImage(width: 28, height: 28, channels: 3, pixels: pixels)
    for glyphs in GlyphSet.allCases {
      for colors in ColorDepth.allCases {
        let buffer = draw(image, glyphs, colors)
        #expect(buffer == draw(image, glyphs, colors))
        for cell in buffer.cells {
          #expect(cell.character.columns == 1 && (glyphs != .ascii || cell.character.isASCII))
          #expect(isShown(cell.style.foreground, colors) && isShown(cell.style.background, colors))
        }
        // Dark, bright, and a shade between them at least, which dithering makes where there are no colours.
        #expect(buffer[0, 0] != buffer[27, 13] && Set(buffer.cells).count >= 3, "\(glyphs) \(colors)")
      }
    }
  }

  /// Whether a terminal of a depth shows just this colour, of the palette its own nearest.
  private func isShown(_ color: Color, _ depth: ColorDepth) -> Bool {
    if [Theme.dark.text.foreground, Theme.dark.text.background].contains(color) { return true }
    switch (depth, color) {
    case (_, .standard), (.truecolor, .rgb), (.ansi16, .ansi): return true
    case (.indexed256, .rgb(let red, let green, let blue)):
      return ColorPalette.components(Int(ColorPalette.nearest256(red, green, blue))) == (red, green, blue)
    default: return false
    }
  }

  /// The pixels' light comes back from symbols and colours, within what a cell can tell.
  @Test func symbolsAreNearThePicture() throws {
    let image = FrameSamples.ring(28)
    let half = PixelImage(
      width: 28, height: 28, channels: 1, pixels: (0..<784).map { (index: Int) -> UInt8 in index % 28 < 14 ? 0 : 255 })
    let cells = draw(half, .braille, .truecolor)
    #expect(cells[2, 5].style.background == .rgb(0, 0, 0) || cells[2, 5].style.foreground == .rgb(0, 0, 0))
    let bright = cells[25, 5]
    #expect([bright.style.background, bright.style.foreground].contains(.rgb(255, 255, 255)))
    #expect(draw(image, .ascii, .monochrome).text.contains { $0 != " " && $0 != "\n" })
    // Ink is bright on a dark screen and dark on a light one.
    let white = PixelImage(width: 4, height: 4, channels: 1, pixels: Array(repeating: 255, count: 16))
    func ink(_ theme: Theme) -> Int {
      draw(white, .braille, .monochrome, theme: theme).cells.count { $0.character != " " }
    }
    let light = try #require(Theme.builtIn["light"])
    #expect(ink(.dark) > 4 * ink(light))
  }

  @Test func damagedPicturesAreBlank() {
    #expect(
      draw(PixelImage(width: 0, height: 3, channels: 1, pixels: []), .braille, .truecolor).text.allSatisfy {
        $0 == "\n"
      })
    let short = draw(PixelImage(width: 4, height: 4, channels: 3, pixels: [255]), .braille, .truecolor)
    #expect(short.cells.contains { $0.style.background == .rgb(0, 0, 0) || $0.style.foreground == .rgb(0, 0, 0) })
  }
}
