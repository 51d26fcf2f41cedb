/// How a cell looks.
public struct Style: Hashable, Sendable {
  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let underline = Attributes(rawValue: 4)
    public static let reverse = Attributes(rawValue: 8)
  }
  public var foreground: Color
  public var background: Color
  public var attributes: Attributes
  public init(foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
  public static let plain = Style()
  public func with(_ attributes: Attributes) -> Style {
    var style = self
    style.attributes.formUnion(attributes)
    return style
  }
  public func on(_ background: Color) -> Style {
    var style = self
    style.background = background
    return style
  }
}

/// The glyphs that charts and pictures may use.
public enum GlyphSet: String, Sendable, CaseIterable { case braille, block, ascii }

/// The colours that a terminal shows.
public enum ColorDepth: String, Sendable, CaseIterable { case truecolor, indexed256, ansi16, monochrome }

/// What a view needs to know of the terminal that will show it.
public struct Capabilities: Hashable, Sendable {
  public var glyphs: GlyphSet
  public var colors: ColorDepth
  /// Whether pictures may be left to a protocol of pixels.
  public var drawsPixels: Bool
  public init(glyphs: GlyphSet, colors: ColorDepth, drawsPixels: Bool = false) {
    self.glyphs = glyphs
    self.colors = colors
    self.drawsPixels = drawsPixels
  }
}
