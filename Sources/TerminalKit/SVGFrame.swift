extension CellBuffer {
  /// The frame as a drawing (SVG 1.1) in a theme's colours, for documents: text as text, backgrounds, half blocks and
  /// frames as shapes, so that they meet whatever the font.
  public func svg(theme: Theme) -> String {
    var writer = SVGWriter(size: size, theme: theme)
    for y in 0..<size.height {
      writer.backgrounds(cells[(y * size.width)..<((y + 1) * size.width)], y: y)
    }
    for y in 0..<size.height { writer.text(cells[(y * size.width)..<((y + 1) * size.width)], y: y) }
    return writer.finished
  }
}

private struct SVGWriter {
  /// Pixels of a cell, of which a font of 14 takes 8.4 by 17.
  private static let width = 8.4
  private static let height = 17.0
  private static let baseline = 13.0

  private let size: Size
  private let ground: String
  private let ink: String
  private var body = ""

  init(size: Size, theme: Theme) {
    self.size = size
    ground = theme.background.background.components.map(Self.hex) ?? "#101010"
    ink = theme.text.foreground.components.map(Self.hex) ?? "#d0d0d0"
  }

  private static func hex(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> String {
    func two(_ value: UInt8) -> String {
      let text = String(value, radix: 16)
      return text.count < 2 ? "0" + text : text
    }
    return "#" + two(color.red) + two(color.green) + two(color.blue)
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private func colors(_ style: Style) -> (foreground: String, background: String) {
    let foreground = style.foreground.components.map(Self.hex) ?? ink
    let background = style.background.components.map(Self.hex) ?? ground
    return style.attributes.contains(.reverse) ? (background, foreground) : (foreground, background)
  }

  private mutating func rectangle(x: Double, y: Double, width: Double, height: Double, _ color: String) {
    body +=
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
      + "height=\"\(Self.number(height))\" fill=\"\(color)\"/>\n"
  }

  /// Neighbours of one background are one rectangle.
  mutating func backgrounds(_ row: ArraySlice<Cell>, y: Int) {
    var start = 0
    let cells = Array(row)
    while start < cells.count {
      let color = colors(cells[start].style).background
      var end = start + 1
      while end < cells.count, colors(cells[end].style).background == color { end += 1 }
      if color != ground {
        rectangle(
          x: Double(start) * Self.width, y: Double(y) * Self.height, width: Double(end - start) * Self.width,
          height: Self.height, color)
      }
      start = end
    }
  }

  mutating func text(_ row: ArraySlice<Cell>, y: Int) {
    let cells = Array(row)
    var x = 0
    while x < cells.count {
      let cell = cells[x]
      guard cell.scalar != " ", !cell.isContinuation else {
        x += 1
        continue
      }
      if block(cell, x: x, y: y) {
        x += 1
        continue
      }
      var text = String(cell.character)
      var end = x + 1
      // Text runs on over spaces of its style.
      while end < cells.count, cells[end].style == cell.style, !cells[end].isContinuation, !Self.isBlock(cells[end]) {
        text.append(cells[end].character)
        end += 1
      }
      while text.last == " " { text.removeLast() }
      let columns = text.reduce(0) { $0 + $1.columns }
      let style = cell.style
      var attributes = ""
      if style.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
      if style.attributes.contains(.dim) { attributes += " opacity=\"0.6\"" }
      if style.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
      body +=
        "<text x=\"\(Self.number(Double(x) * Self.width))\" y=\"\(Self.number(Double(y) * Self.height + Self.baseline))\" "
        + "textLength=\"\(Self.number(Double(columns) * Self.width))\" fill=\"\(colors(style).foreground)\"\(attributes)>"
        + Self.escaped(text) + "</text>\n"
      x = end
    }
  }

  private static func isBlock(_ cell: Cell) -> Bool { "█▀▄".contains(cell.character) }

  /// Draws blocks as rectangles; false for other characters.
  private mutating func block(_ cell: Cell, x: Int, y: Int) -> Bool {
    let (left, top) = (Double(x) * Self.width, Double(y) * Self.height)
    let color = colors(cell.style).foreground
    switch cell.character {
    case "█": rectangle(x: left, y: top, width: Self.width, height: Self.height, color)
    case "▀": rectangle(x: left, y: top, width: Self.width, height: Self.height / 2, color)
    case "▄": rectangle(x: left, y: top + Self.height / 2, width: Self.width, height: Self.height / 2, color)
    default: return false
    }
    return true
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case " ": result += "\u{A0}"
      default:
        // XML has no control characters.
        if character.unicodeScalars.allSatisfy({ $0.value >= 32 }) { result.append(character) }
      }
    }
  }

  var finished: String {
    let (width, height) = (Double(size.width) * Self.width, Double(size.height) * Self.height)
    return
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" "
      + "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" font-size=\"14\" "
      + "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"\(ground)\"/>\n" + body + "</svg>\n"
  }
}
