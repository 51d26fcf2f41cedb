/// A picture of coloured dots, several to a cell: 2x4 in braille, 1x2 in half blocks, 1x1 in ASCII.
///
/// A cell has one foreground colour: the last dot set in it decides, except in half blocks with colours, where the upper
/// and the lower dot keep their own.
public struct Canvas: Sendable {
  /// Size in cells.
  public let size: Size
  public let glyphs: GlyphSet
  public var dotsPerCell: (x: Int, y: Int) {
    switch glyphs {
    case .braille: (2, 4)
    case .block: (1, 2)
    case .ascii: (1, 1)
    }
  }
  /// Size in dots.
  public var width: Int { size.width * dotsPerCell.x }
  public var height: Int { size.height * dotsPerCell.y }

  /// - Parameters:
  ///   - width: columns of cells.
  ///   - height: rows of cells.
  public init(width: Int, height: Int, glyphs: GlyphSet) {
    size = Size(width: width, height: height)
    self.glyphs = glyphs
  }

  /// Sets the dot in column `x` and row `y`, counted in dots from the top left; outside is ignored.
  public mutating func set(_ x: Int, _ y: Int, _ color: Color) {}

  /// Sets the dots of a straight line.
  public mutating func line(from: (x: Int, y: Int), to: (x: Int, y: Int), _ color: Color) {}

  /// Draws the cells that have dots into `rect`; the others stay as they are.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, background: Color? = nil) {}
}
