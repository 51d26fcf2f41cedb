/// Points of a plane over a scalar field: the field as cell backgrounds in a diverging palette, the points as dots.
public struct ScatterPlot: Sendable {
  /// What is in view: x to the right, y upwards.
  public var minimum: (Float, Float)
  public var maximum: (Float, Float)
  /// Drawn in order, the last on top. A layer without a glyph is drawn in the dots of the terminal's glyph set.
  public var layers: [(points: [(Float, Float)], color: Color, glyph: Character?)]
  /// Values row by row from the top left; `middle` is drawn in the middle of the palette.
  public var field: (columns: Int, rows: Int, values: [Float], middle: Float)?

  public init(
    minimum: (Float, Float), maximum: (Float, Float),
    layers: [(points: [(Float, Float)], color: Color, glyph: Character?)],
    field: (columns: Int, rows: Int, values: [Float], middle: Float)? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.layers = layers
    self.field = field
  }

  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {}
}
