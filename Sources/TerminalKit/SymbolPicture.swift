import CChafa
import Synchronization

/// A picture as characters that libchafa chooses: in each cell the symbol and the two colours that come nearest to what
/// the cell covers.
enum SymbolPicture {
  private struct Request: Hashable {
    var image: PixelImage
    var width: Int
    var height: Int
    var capabilities: Capabilities
    var style: Style
  }

  /// The newest pictures, and those before them. To choose symbols takes some microseconds a cell, and a picture is drawn
  /// ten times a second as long as it is on the screen.
  private struct Memory {
    var new: [Request: [Cell]] = [:]
    var old: [Request: [Cell]] = [:]
    var cells = 0
    /// More than a screen has.
    static let limit = 1 << 15

    mutating func cells(of request: Request) -> [Cell]? {
      if let known = new[request] { return known }
      guard let known = old[request] else { return nil }
      keep(known, of: request)
      return known
    }

    mutating func keep(_ made: [Cell], of request: Request) {
      if cells + made.count > Self.limit {
        (old, new, cells) = (new, [:], 0)
      }
      new[request] = made
      cells += made.count
    }
  }
  private static let memory = Mutex(Memory())

  /// - Parameters:
  ///   - width: in cells, as `height`.
  ///   - style: of text, where the terminal has no colours to choose from.
  /// - Returns: the cells row by row; empty where there is no picture.
  static func cells(
    _ image: PixelImage, width: Int, height: Int, style: Style, capabilities: Capabilities
  ) -> [Cell] {
    guard width > 0, height > 0, let pixels = ChafaPixels(image) else { return [] }
    let request = Request(image: image, width: width, height: height, capabilities: capabilities, style: style)
    if let known = memory.withLock({ $0.cells(of: request) }) { return known }
    let made = choose(pixels, width: width, height: height, style: style, capabilities: capabilities)
    memory.withLock { $0.keep(made, of: request) }
    return made
  }

  private static func choose(
    _ pixels: ChafaPixels, width: Int, height: Int, style: Style, capabilities: Capabilities
  ) -> [Cell] {
    let colors = capabilities.colors
    return pixels.withCanvas(width: width, height: height) { configuration in
      let symbols = chafa_symbol_map_new()
      defer { chafa_symbol_map_unref(symbols) }
      chafa_symbol_map_add_by_tags(symbols, tags(capabilities))
      chafa_symbol_map_remove_by_tags(
        symbols, ChafaSymbolTags(CHAFA_SYMBOL_TAG_WIDE.rawValue | CHAFA_SYMBOL_TAG_BAD.rawValue))
      chafa_canvas_config_set_symbol_map(configuration, symbols)
      chafa_canvas_config_set_canvas_mode(configuration, mode(colors))
      if colors == .monochrome {
        // Grays by the share of ink, which on a light screen is dark.
        chafa_canvas_config_set_dither_mode(configuration, CHAFA_DITHER_MODE_ORDERED)
        // Of pure black and white: any other paper would be dithered, too.
        let isLight = style.background.components.map { Int($0.red) + Int($0.green) + Int($0.blue) > 384 } ?? false
        chafa_canvas_config_set_fg_color(configuration, isLight ? 0 : 0xFFFFFF)
        chafa_canvas_config_set_bg_color(configuration, isLight ? 0xFFFFFF : 0)
      }
    } read: { canvas in
      var cells: [Cell] = []
      cells.reserveCapacity(width * height)
      for y in 0..<Int32(height) {
        for x in 0..<Int32(width) {
          let symbol = Unicode.Scalar(chafa_canvas_get_char_at(canvas, x, y)) ?? " "
          // Braille without a dot is a space, too.
          let character = symbol != "\u{2800}" && Character(symbol).columns == 1 ? symbol : " "
          cells.append(Cell(scalar: character, style: look(canvas, x, y, style, colors)))
        }
      }
      return cells
    }
  }

  private static func look(
    _ canvas: OpaquePointer, _ x: Int32, _ y: Int32, _ style: Style, _ colors: ColorDepth
  ) -> Style {
    var (ink, ground): (Int32, Int32) = (-1, -1)
    switch colors {
    case .monochrome: return style
    case .ansi16:
      chafa_canvas_get_raw_colors_at(canvas, x, y, &ink, &ground)
      func color(_ index: Int32, _ standard: Color) -> Color {
        index < 0 || index > 15 ? standard : .ansi(UInt8(index))
      }
      return Style(foreground: color(ink, style.foreground), background: color(ground, style.background))
    case .indexed256, .truecolor:
      chafa_canvas_get_colors_at(canvas, x, y, &ink, &ground)
      func color(_ packed: Int32, _ standard: Color) -> Color {
        packed < 0
          ? standard : .rgb(UInt8(packed >> 16 & 255), UInt8(packed >> 8 & 255), UInt8(packed & 255))
      }
      return Style(foreground: color(ink, style.foreground), background: color(ground, style.background))
    }
  }

  private static func mode(_ colors: ColorDepth) -> ChafaCanvasMode {
    switch colors {
    case .truecolor: CHAFA_CANVAS_MODE_TRUECOLOR
    // The other 16 look different on every terminal.
    case .indexed256: CHAFA_CANVAS_MODE_INDEXED_240
    case .ansi16: CHAFA_CANVAS_MODE_INDEXED_16
    case .monochrome: CHAFA_CANVAS_MODE_FGBG
    }
  }

  /// What the terminal's font has. Braille is for pictures without colours, where its dots are the finest ink.
  private static func tags(_ capabilities: Capabilities) -> ChafaSymbolTags {
    let tags: [ChafaSymbolTags] =
      switch capabilities.glyphs {
      case .ascii: [CHAFA_SYMBOL_TAG_ASCII]
      case .block: [CHAFA_SYMBOL_TAG_SPACE, CHAFA_SYMBOL_TAG_SOLID, CHAFA_SYMBOL_TAG_BLOCK]
      case .braille:
        [CHAFA_SYMBOL_TAG_SPACE, CHAFA_SYMBOL_TAG_SOLID, CHAFA_SYMBOL_TAG_BLOCK]
          + (capabilities.colors == .monochrome ? [CHAFA_SYMBOL_TAG_BRAILLE] : [CHAFA_SYMBOL_TAG_BORDER])
      }
    return ChafaSymbolTags(tags.reduce(0) { $0 | $1.rawValue })
  }
}
