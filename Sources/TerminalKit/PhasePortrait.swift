/// Two quantities against each other: a trail whose newest point is marked, such as the loss of D against that of G.
public struct PhasePortrait: Sendable {
  /// Oldest first.
  public var points: [(x: Double, y: Double)]
  public var xLabel: String
  public var yLabel: String
  /// Where the game would rest.
  public var rest: (x: Double, y: Double)?
  public var color: Color

  public init(
    points: [(x: Double, y: Double)], xLabel: String, yLabel: String, rest: (x: Double, y: Double)? = nil, color: Color
  ) {
    self.points = points
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.rest = rest
    self.color = color
  }

  /// Draws a framed map; the older the trail the fainter.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard rect.width >= 8, rect.height >= 4 else { return }
    buffer.fill(rect, with: Cell(" ", style: theme.background))
    let inside = Borders.drawBox(
      rect, title: "\(yLabel) over \(xLabel)".prefix(columns: max(0, rect.width - 4)), style: theme.border,
      titleStyle: theme.faint, glyphs: capabilities.glyphs, into: &buffer)
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    guard let newest = finite.last, !inside.isEmpty else { return }
    let all = finite + (rest.map { [$0] } ?? [])
    let (left, width) = Self.span(all.map(\.x))
    let (bottom, height) = Self.span(all.map(\.y))
    let isText = capabilities.glyphs == .ascii || capabilities.colors == .monochrome
    var canvas = Canvas(
      width: inside.width, height: inside.height, glyphs: isText ? .ascii : .braille)
    func dot(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (
        (point.x - left) / width * Double(canvas.width - 1),
        (1 - (point.y - bottom) / height) * Double(canvas.height - 1)
      )
    }
    for index in finite.indices.dropFirst() {
      let share = 0.25 + 0.75 * Double(index) / Double(finite.count)
      let ink = color.mixed(with: theme.background.background, share: share) ?? color
      canvas.line(from: dot(finite[index - 1]), to: dot(finite[index]), ink, ascii: ".")
    }
    canvas.draw(in: inside, into: &buffer, colors: capabilities.colors)
    func mark(_ point: (x: Double, y: Double), _ glyph: Character, _ style: Style) {
      let place = dot(point)
      // Extremes of the numbers have no width between them.
      guard place.x.isFinite, place.y.isFinite, place.x >= 0, place.y >= 0 else { return }
      let dots = Canvas.dotsPerCell(canvas.glyphs)
      buffer[
        inside.x + min(inside.width - 1, Int(min(place.x, 1e6).rounded()) / dots.x),
        inside.y + min(inside.height - 1, Int(min(place.y, 1e6).rounded()) / dots.y)] = Cell(glyph, style: style)
    }
    if let rest { mark(rest, "+", theme.style(theme.reference, .bold)) }
    mark(newest, isText ? "@" : "●", theme.style(color, .bold))
  }

  /// The least value and the width of a range with a margin, never empty.
  private static func span(_ values: [Double]) -> (low: Double, width: Double) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = max((high - low) * 0.05, max(abs(low), abs(high)) * 1e-3, 1e-9)
    return (low - margin, high - low + 2 * margin)
  }
}
