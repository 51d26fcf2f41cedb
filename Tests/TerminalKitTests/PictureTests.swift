import Testing

@testable import TerminalKit

@Suite struct PictureTests {
  private func gray(_ values: [UInt8], width: Int) -> PixelImage {
    PixelImage(width: width, height: values.count / max(1, width), channels: 1, pixels: values)
  }

  @Test func atItsOwnSizeAPictureIsItself() {
    let image = gray([0, 50, 100, 150, 200, 255], width: 3)
    let scaled = ScaledImage(image, width: 3, height: 2)
    #expect(scaled.pixels.map(\.color) == [0, 50, 100, 150, 200, 255].map { Color.rgb($0, $0, $0) })
  }

  @Test func areasAreAveragedInLinearLight() {
    // Black and white in equal parts give half of the light, sRGB 188, not 128.
    let checkers = gray([0, 255, 255, 0], width: 2)
    #expect(ScaledImage(checkers, width: 1, height: 1).pixels.first?.color == .rgb(188, 188, 188))
    // Two thirds of the first pixel's neighbour: 3 pixels onto 2, the middle one shared by halves.
    let row = gray([255, 0, 255], width: 3)
    let scaled = ScaledImage(row, width: 2, height: 1).pixels
    #expect(abs(scaled[0].red - 2 / 3) < 1e-3)
    #expect(abs(scaled[1].red - 2 / 3) < 1e-3)
  }

  @Test func averagesKeepTheLightOfTheWhole() {
    let image = FrameSamples.ring(28)
    let light = ScaledImage(image, width: 28, height: 28).pixels.reduce(0) { $0 + $1.red } / 784
    for (width, height) in [(14, 14), (9, 5), (1, 1), (27, 3), (56, 40)] {
      let pixels = ScaledImage(image, width: width, height: height).pixels
      let mean = pixels.reduce(0) { $0 + $1.red } / Float(width * height)
      #expect(pixels.count == width * height)
      #expect(abs(mean - light) < 0.01, "\(width)x\(height)")
    }
  }

  @Test func coloursKeepTheirChannels() {
    let image = PixelImage(width: 1, height: 1, channels: 3, pixels: [255, 128, 0])
    #expect(
      ScaledImage(image, width: 2, height: 2).pixels.map(\.color) == Array(repeating: .rgb(255, 128, 0), count: 4))
    // Green is brighter to the eye than blue.
    let green = ScaledImage(
      PixelImage(width: 1, height: 1, channels: 3, pixels: [0, 255, 0]), width: 1, height: 1)
    let blue = ScaledImage(PixelImage(width: 1, height: 1, channels: 3, pixels: [0, 0, 255]), width: 1, height: 1)
    #expect((green.pixels.first?.lightness ?? 0) > 2 * (blue.pixels.first?.lightness ?? 1))
  }

  @Test func truncatedAndEmptyPicturesAreBlack() {
    let short = PixelImage(width: 4, height: 4, channels: 3, pixels: [255, 255])
    #expect(ScaledImage(short, width: 2, height: 2).pixels.allSatisfy { $0.color == .rgb(0, 0, 0) })
    let empty = PixelImage(width: 0, height: 0, channels: 1, pixels: [])
    #expect(ScaledImage(empty, width: 2, height: 2).pixels.count == 4)
    #expect(ScaledImage(FrameSamples.ring(4), width: 0, height: 3).pixels.isEmpty)
  }

  private func count(
    _ images: [PixelImage], _ width: Int, _ height: Int, mode: ImageMode = .auto,
    _ capabilities: Capabilities = FrameSamples.capabilities(.braille)
  ) -> Int {
    var buffer = CellBuffer(size: Size(width: width, height: height))
    return buffer.drawImages(images, in: buffer.bounds, mode: mode, theme: .dark, capabilities: capabilities)
  }

  @Test func asManyAsFit() {
    let images = Array(repeating: FrameSamples.ring(28), count: 16)
    // At 14x7 cells with a column between them: 5 in each of 3 rows.
    #expect(count(images, 74, 21) == 15)
    #expect(count(images, 200, 60) == 16)
    #expect(count(images, 14, 7) == 1)
    // A rectangle smaller than that still gets one, smaller.
    #expect(count(images, 6, 3) == 1)
    #expect(count(images, 1, 1) == 1)
    #expect(count(images, 0, 5) == 0)
    #expect(count([], 40, 20) == 0)
    #expect(count([PixelImage(width: 0, height: 3, channels: 1, pixels: [])], 40, 20) == 0)
  }

  @Test func drawsInEveryCapability() {
    for glyphs in GlyphSet.allCases {
      for colors in ColorDepth.allCases {
        for mode in ImageMode.allCases {
          var buffer = CellBuffer(size: Size(width: 20, height: 10))
          let capabilities = Capabilities(glyphs: glyphs, colors: colors)
          #expect(
            buffer.drawImages(
              [FrameSamples.ring(28)], in: buffer.bounds, mode: mode, theme: .dark, capabilities: capabilities) == 1)
          #expect(buffer != CellBuffer(size: buffer.size), "\(glyphs) \(colors) \(mode)")
          if glyphs == .ascii { #expect(buffer.cells.allSatisfy { $0.character.isASCII }) }
        }
      }
    }
  }

  @Test func halfBlocksShowTwoPixelsACell() {
    var buffer = CellBuffer(size: Size(width: 1, height: 1))
    let image = PixelImage(width: 1, height: 2, channels: 3, pixels: [255, 0, 0, 0, 0, 255])
    buffer.drawImages([image], in: buffer.bounds, theme: .dark, capabilities: FrameSamples.capabilities(.braille))
    #expect(buffer[0, 0] == Cell("▀", style: Style(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 255))))
  }

  @Test func inkIsInvertedOnALightBackground() throws {
    let light = try #require(Theme.builtIn["light"])
    let white = gray([255], width: 1)
    var onDark = CellBuffer(size: Size(width: 1, height: 1))
    var onLight = onDark
    let capabilities = FrameSamples.capabilities(.ascii)
    onDark.drawImages([white], in: onDark.bounds, theme: .dark, capabilities: capabilities)
    onLight.drawImages([white], in: onLight.bounds, theme: light, capabilities: capabilities)
    #expect(onDark[0, 0].character == "@")
    #expect(onLight[0, 0].character == " ")
  }
}
