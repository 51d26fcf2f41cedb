/// Points of a plane over a scalar field: the field as cell backgrounds in a diverging palette, the points as dots.
public struct ScatterPlot: Sendable {
  /// What is in view: x to the right, y upwards.
  public var minimum: (Float, Float)
  public var maximum: (Float, Float)
  /// Drawn in order, the last on top. A layer without a glyph is drawn in the dots of the terminal's glyph set.
  public var layers: [(points: [(Float, Float)], color: Color, glyph: Character?)]
  /// Values row by row from the top left; `middle` is drawn in the middle of the palette.
  public var field: (columns: Int, rows: Int, values: [Float], middle: Float)?
  /// The distance from `middle` at which the palette ends; by default the largest in the field.
  public var fieldSpan: Float?
  /// A warped grid under the points.
  public var mesh: Mesh?
  /// Lines over the points.
  public var trails: [(from: (Float, Float), to: (Float, Float))] = []
  public var trailColor = Color.standard
  /// Arrows over everything.
  public var arrows: [Arrow] = []
  public var arrowColor = Color.standard

  public init(
    minimum: (Float, Float), maximum: (Float, Float),
    layers: [(points: [(Float, Float)], color: Color, glyph: Character?)],
    field: (columns: Int, rows: Int, values: [Float], middle: Float)? = nil, fieldSpan: Float? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.layers = layers
    self.field = field
    self.fieldSpan = fieldSpan
  }

  /// Draws into the largest centred part of `rect` in which both axes have nearly the same scale.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let view = ScatterView(minimum: minimum, maximum: maximum)
    let plot = view.fitted(in: rect)
    guard !plot.isEmpty else { return }
    drawField(in: plot, into: &buffer, theme: theme, capabilities: capabilities)
    drawMesh(in: plot, view, into: &buffer, theme: theme, capabilities: capabilities)
    for (index, layer) in layers.enumerated() {
      let ascii = layer.glyph ?? ["o", "x", "+", "#"][index % 4]
      // A canvas for each layer: where two meet in a cell the upper one shows its own dots only.
      // Without colours only letters tell the layers apart.
      let isText = layer.glyph != nil || capabilities.glyphs == .ascii || capabilities.colors == .monochrome
      var canvas = Canvas(width: plot.width, height: plot.height, glyphs: isText ? .ascii : capabilities.glyphs)
      for point in layer.points {
        guard let (x, y) = view.place(point) else { continue }
        let column = Int((x * Double(canvas.width)).rounded(.down))
        let row = Int(((1 - y) * Double(canvas.height)).rounded(.down))
        canvas.set(min(column, canvas.width - 1), min(row, canvas.height - 1), layer.color, ascii: ascii)
      }
      let isBold = capabilities.colors == .monochrome && field != nil
      canvas.draw(in: plot, into: &buffer, colors: capabilities.colors, attributes: isBold ? .bold : [])
    }
    drawTrails(in: plot, view, into: &buffer, capabilities: capabilities)
    drawArrows(in: plot, view, into: &buffer, capabilities: capabilities)
  }

  private func drawField(in plot: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard let field, let heat = HeatMap(field, span: fieldSpan) else { return }
    for row in 0..<plot.height {
      for column in 0..<plot.width {
        let x = (Double(column) + 0.5) / Double(plot.width)
        func place(_ fraction: Double) -> Double? { heat.place(x, (Double(row) + fraction) / Double(plot.height)) }
        func color(_ fraction: Double) -> Color {
          place(fraction).map { theme.diverging.color(at: $0) } ?? theme.background.background
        }
        let cell: Cell
        switch (capabilities.colors, capabilities.glyphs) {
        case (.monochrome, _):
          cell = Cell(place(0.5).map(Shading.glyph) ?? "?", style: theme.faint)
        case (_, .ascii):
          cell = Cell(" ", style: Style(foreground: theme.text.foreground, background: color(0.5)))
        default:
          cell = Cell.pixels(upper: color(0.25), lower: color(0.75), text: theme.text.foreground)
        }
        buffer[plot.x + column, plot.y + row] = cell
      }
    }
  }
}

extension ScatterPlot {
  /// The values at the ends of the field's palette; nil where there is no field.
  public var fieldEnds: (low: Float, high: Float)? { field.flatMap { HeatMap($0, span: fieldSpan)?.ends } }
}

/// A field's values as places in a diverging palette.
private struct HeatMap {
  private let columns: Int
  private let rows: Int
  private let values: [Float]
  private let middle: Float
  private let span: Float
  /// What the palette's ends stand for.
  var ends: (low: Float, high: Float) { (middle - span, middle + span) }

  /// Nil where the field has fewer values than it says.
  init?(_ field: (columns: Int, rows: Int, values: [Float], middle: Float), span: Float?) {
    guard field.columns > 0, field.rows > 0 else { return nil }
    let (count, overflow) = field.columns.multipliedReportingOverflow(by: field.rows)
    guard !overflow, field.values.count >= count, field.middle.isFinite else { return nil }
    columns = field.columns
    rows = field.rows
    values = field.values
    middle = field.middle
    let largest = field.values.reduce(Float(0)) { $1.isFinite ? max($0, abs($1 - field.middle)) : $0 }
    let chosen = span ?? largest
    self.span = chosen > 0 && chosen.isFinite ? chosen : 1
  }

  /// The palette's place, 0...1, at a place of the view from its top left; nil where the field is not a number there.
  func place(_ x: Double, _ y: Double) -> Double? {
    // Bilinear between the centres of the field's cells.
    let u = min(max(x * Double(columns) - 0.5, 0), Double(columns - 1))
    let v = min(max(y * Double(rows) - 0.5, 0), Double(rows - 1))
    let (column, row) = (min(Int(u), max(0, columns - 2)), min(Int(v), max(0, rows - 2)))
    let (fx, fy) = (u - Double(column), v - Double(row))
    let right = min(column + 1, columns - 1)
    let below = min(row + 1, rows - 1)
    func value(_ column: Int, _ row: Int) -> Double { Double(values[row * columns + column]) }
    let top = value(column, row) * (1 - fx) + value(right, row) * fx
    let bottom = value(column, below) * (1 - fx) + value(right, below) * fx
    let mixed = top * (1 - fy) + bottom * fy
    if mixed.isNaN { return nil }
    return min(max(0.5 + (mixed - Double(middle)) / (2 * Double(span)), 0), 1)
  }
}
