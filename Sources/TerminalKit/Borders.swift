/// The characters of a frame.
public struct BorderGlyphs: Sendable, Hashable {
  public var horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: Character

  public static let rounded = BorderGlyphs(
    horizontal: "─", vertical: "│", topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯")
  public static let ascii = BorderGlyphs(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+")

  public init(
    horizontal: Character, vertical: Character, topLeft: Character, topRight: Character, bottomLeft: Character,
    bottomRight: Character
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.topLeft = topLeft
    self.topRight = topRight
    self.bottomLeft = bottomLeft
    self.bottomRight = bottomRight
  }
}

public enum Borders {
  public static func glyphs(for set: GlyphSet) -> BorderGlyphs { set == .ascii ? .ascii : .rounded }

  /// The ellipsis that a glyph set has.
  public static func ellipsis(for set: GlyphSet) -> String { set == .ascii ? ".." : "…" }

  /// Draws a frame with a title at the left of its top edge and `trailing` at the right.
  /// - Returns: the rectangle inside the frame, empty where the frame has no room.
  @discardableResult
  public static func drawBox(
    _ rect: Rect, title: String, trailing: String = "", style: Style, titleStyle: Style, trailingStyle: Style? = nil,
    glyphs: GlyphSet, into buffer: inout CellBuffer
  ) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else { return Rect(x: rect.x, y: rect.y, width: 0, height: 0) }
    let line = Self.glyphs(for: glyphs)
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    for x in (rect.x + 1)..<right {
      buffer[x, rect.y] = Cell(line.horizontal, style: style)
      buffer[x, bottom] = Cell(line.horizontal, style: style)
    }
    for y in (rect.y + 1)..<bottom {
      buffer[rect.x, y] = Cell(line.vertical, style: style)
      buffer[right, y] = Cell(line.vertical, style: style)
    }
    buffer[rect.x, rect.y] = Cell(line.topLeft, style: style)
    buffer[right, rect.y] = Cell(line.topRight, style: style)
    buffer[rect.x, bottom] = Cell(line.bottomLeft, style: style)
    buffer[right, bottom] = Cell(line.bottomRight, style: style)

    // One piece of line on either side, and a space around each text.
    let room = rect.width - 6
    let ellipsis = Self.ellipsis(for: glyphs)
    var used = 0
    if !title.isEmpty, room > 0 {
      let text = " " + title.truncated(to: room, ellipsis: ellipsis) + " "
      used = buffer.write(text, x: rect.x + 2, y: rect.y, style: titleStyle)
    }
    if !trailing.isEmpty, room - used - 1 >= trailing.columns {
      let text = " " + trailing + " "
      buffer.write(text, x: right - 1 - text.columns, y: rect.y, style: trailingStyle ?? style)
    }
    return rect.inset(by: 1)
  }
}

extension CellBuffer {
  /// Draws a frame in a theme's colours and returns the rectangle inside it.
  @discardableResult
  public mutating func box(
    _ rect: Rect, title: String, trailing: String = "", theme: Theme, capabilities: Capabilities, focused: Bool = false
  ) -> Rect {
    Borders.drawBox(
      rect, title: title, trailing: trailing, style: focused ? theme.borderFocused : theme.border,
      titleStyle: theme.title, trailingStyle: theme.faint, glyphs: capabilities.glyphs, into: &self)
  }
}
