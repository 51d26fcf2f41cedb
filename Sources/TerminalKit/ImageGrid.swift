/// How pictures become cells.
public enum ImageMode: String, Sendable, CaseIterable {
  /// One character a pixel, by brightness.
  case ascii
  /// Two pixels a cell, in colour.
  case halfBlock
  /// Four pixels a cell, of which each takes the nearer of two colours.
  case quadrant
  /// Six pixels a cell, as quadrants; fonts before Unicode 13 lack the characters.
  case sextant
  /// The symbols that libchafa finds nearest.
  case symbols
  /// Pixels where the terminal takes them and a person asked for them; else half blocks where the terminal has them and
  /// enough colours for the pictures, else ASCII: 16 colours have fewer grays than the ramp of characters.
  case auto
}

extension CellBuffer {
  /// Draws as many pictures as fit, left to right and top to bottom, each scaled to its place by area averages.
  ///
  /// Pictures shrink from their own size so that more of them fit, but not below `smallest`; they grow to at most twice
  /// their size where there is room.
  /// - Parameter smallest: the least width of one picture in cells, by default 7 for pixels, 14 for half blocks and 16
  ///   for ASCII.
  /// - Returns: how many were drawn.
  @discardableResult
  public mutating func drawImages(
    _ images: [PixelImage], in rect: Rect, mode: ImageMode = .auto, smallest: Int? = nil, theme: Theme,
    capabilities: Capabilities
  ) -> Int {
    let isASCII = Self.isASCII(mode, images.first, capabilities)
    let isPixels = mode == .auto && capabilities.drawsPixels
    guard let first = images.first, !rect.isEmpty else { return 0 }
    func layout(_ smallest: Int) -> ImageLayout? {
      ImageLayout(
        count: images.count, width: first.width, height: first.height, rect: rect, smallest: smallest,
        isSpaced: isPixels)
    }
    let usual = smallest ?? (isPixels ? 7 : isASCII ? 16 : 14)
    // Two small ones tell more than a large one beside nothing.
    let wide = layout(usual)
    let isLonely = smallest == nil && wide?.places.count == 1 && images.count > 1
    guard let grid = isLonely ? layout(12) ?? wide : wide else { return 0 }
    for (place, image) in zip(grid.places, images) {
      drawImage(image, in: place, mode: mode, theme: theme, capabilities: capabilities)
    }
    return min(grid.places.count, images.count)
  }

  /// Draws a picture over a whole rectangle.
  mutating func drawImage(
    _ image: PixelImage, in place: Rect, mode: ImageMode, theme: Theme, capabilities: Capabilities
  ) {
    if mode == .auto, capabilities.drawsPixels, bounds.intersection(place) == place {
      self.place(image, in: place, style: theme.background)
    } else if mode == .symbols {
      drawSymbols(image, in: place, theme: theme, capabilities: capabilities)
    } else if Self.isASCII(mode, image, capabilities) {
      drawCharacters(image, in: place, theme: theme, isColored: capabilities.colors != .monochrome)
    } else if capabilities.glyphs != .ascii, mode == .quadrant || mode == .sextant {
      drawPatterns(image, in: place, rows: mode == .quadrant ? 2 : 3, capabilities: capabilities)
    } else {
      drawHalfBlocks(image, in: place, capabilities: capabilities)
    }
  }

  private static func isASCII(_ mode: ImageMode, _ image: PixelImage?, _ capabilities: Capabilities) -> Bool {
    let isGray = (image?.channels ?? 1) < 3
    let hasShades = capabilities.colors != .monochrome && !(isGray && capabilities.colors == .ansi16)
    let isASCII = capabilities.glyphs == .ascii
    return mode == .ascii || (mode == .symbols && isASCII) || (mode == .auto && (isASCII || !hasShades))
      || ((mode == .quadrant || mode == .sextant) && isASCII && !hasShades)
  }

  private mutating func drawSymbols(_ image: PixelImage, in place: Rect, theme: Theme, capabilities: Capabilities) {
    var known = capabilities
    known.drawsPixels = false
    let cells = SymbolPicture.cells(
      image, width: place.width, height: place.height, style: theme.text, capabilities: known)
    guard cells.count == place.width * place.height else { return }
    for y in 0..<place.height {
      for x in 0..<place.width { self[place.x + x, place.y + y] = cells[y * place.width + x] }
    }
  }

  /// Two columns of pixels and two or three rows in each cell.
  private mutating func drawPatterns(_ image: PixelImage, in place: Rect, rows: Int, capabilities: Capabilities) {
    let scaled = ScaledImage(image, width: place.width * 2, height: place.height * rows)
    var pixels: [ScaledImage.Pixel] = []
    for y in 0..<place.height {
      for x in 0..<place.width {
        pixels.removeAll(keepingCapacity: true)
        for row in 0..<rows { for column in 0..<2 { pixels.append(scaled[2 * x + column, rows * y + row]) } }
        let cell: Cell
        if capabilities.colors == .monochrome {
          var mask = 0
          for (index, pixel) in pixels.enumerated()
          where Self.isLit(pixel.lightness, x: 2 * x + index % 2, y: rows * y + index / 2) { mask |= 1 << index }
          cell = Cell(CellPatterns.character(mask, rows: rows))
        } else {
          let best = CellPatterns.best(pixels)
          cell = Cell(
            CellPatterns.character(best.mask, rows: rows),
            style: Style(foreground: best.ink.color, background: best.ground.color))
        }
        self[place.x + x, place.y + y] = cell
      }
    }
  }

  private mutating func drawCharacters(_ image: PixelImage, in place: Rect, theme: Theme, isColored: Bool) {
    let scaled = ScaledImage(image, width: place.width, height: place.height)
    // On a light background ink is dark: bright pixels get little of it.
    let isLight =
      theme.background.background.components.map { Int($0.red) + Int($0.green) + Int($0.blue) > 384 } ?? false
    for y in 0..<place.height {
      for x in 0..<place.width {
        let pixel = scaled[x, y]
        let level = pixel.lightness
        var style = theme.text
        if isColored, image.channels >= 3 { style.foreground = pixel.color }
        self[place.x + x, place.y + y] = Cell(Shading.glyph(isLight ? 1 - level : level), style: style)
      }
    }
  }

  private mutating func drawHalfBlocks(_ image: PixelImage, in place: Rect, capabilities: Capabilities) {
    let scaled = ScaledImage(image, width: place.width, height: place.height * 2)
    for y in 0..<place.height {
      for x in 0..<place.width {
        let (upper, lower) = (scaled[x, 2 * y], scaled[x, 2 * y + 1])
        let cell: Cell
        if capabilities.colors == .monochrome {
          cell = Self.dithered(upper.lightness, lower.lightness, x: x, y: y, isASCII: capabilities.glyphs == .ascii)
        } else if capabilities.glyphs == .ascii || upper == lower {
          let mean = ScaledImage.Pixel(
            red: (upper.red + lower.red) / 2, green: (upper.green + lower.green) / 2,
            blue: (upper.blue + lower.blue) / 2)
          cell = Cell(" ", style: Style(background: mean.color))
        } else {
          cell = Cell("▀", style: Style(foreground: upper.color, background: lower.color))
        }
        self[place.x + x, place.y + y] = cell
      }
    }
  }

  private static func isLit(_ level: Double, x: Int, y: Int) -> Bool {
    let matrix = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    return level > (Double(matrix[y % 4 * 4 + x % 4]) + 0.5) / 16
  }

  /// Black and white by the thresholds of a 4x4 ordered dither (B. E. Bayer, 1973).
  private static func dithered(_ upper: Double, _ lower: Double, x: Int, y: Int, isASCII: Bool) -> Cell {
    let (top, bottom) = (isLit(upper, x: x, y: 2 * y), isLit(lower, x: x, y: 2 * y + 1))
    if isASCII { return Cell(top && bottom ? "#" : top ? "^" : bottom ? "_" : " ") }
    return Cell(top && bottom ? "█" : top ? "▀" : bottom ? "▄" : " ")
  }
}

/// Where the pictures of a grid stand.
private struct ImageLayout {
  let places: [Rect]

  /// - Parameters:
  ///   - width: of one picture in pixels; a cell is one pixel wide and two high.
  ///   - isSpaced: whether a free row between rows of pictures may cost some of them.
  init?(count: Int, width: Int, height: Int, rect: Rect, smallest: Int, isSpaced: Bool) {
    guard count > 0, width > 0, height > 0 else { return nil }
    func rows(_ columns: Int) -> Int { max(1, Int((Double(columns) * Double(height) / Double(width) / 2).rounded())) }
    func across(_ columns: Int) -> Int { (rect.width + 1) / (columns + 1) }
    func down(_ columns: Int) -> Int {
      isSpaced ? (rect.height + 1) / (rows(columns) + 1) : rect.height / rows(columns)
    }
    func capacity(_ columns: Int) -> Int { across(columns) * down(columns) }

    // The widest one picture can be.
    var widest = min(rect.width, 2 * width)
    while widest > 1, rows(widest) > rect.height { widest -= 1 }
    let least = max(1, min(smallest, width, widest))
    var columns = widest
    while columns > least, capacity(columns) < count { columns -= 1 }
    // Where not all of them fit, the size is the largest that shows as many as the smallest does.
    if capacity(columns) < count {
      while columns < widest, capacity(columns + 1) >= capacity(least) { columns += 1 }
    }
    let shown = min(count, capacity(columns))
    guard shown > 0, rows(columns) <= rect.height else { return nil }
    let perRow = min(across(columns), shown)
    let used = (shown + perRow - 1) / perRow
    // Otherwise a free row between rows of pictures where that costs none of them.
    let gap = used * rows(columns) + used - 1 <= rect.height ? 1 : 0
    places = (0..<shown).map { index in
      Rect(
        x: rect.x + index % perRow * (columns + 1), y: rect.y + index / perRow * (rows(columns) + gap), width: columns,
        height: rows(columns))
    }
  }
}
