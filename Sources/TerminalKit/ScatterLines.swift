extension ScatterPlot {
  /// A grid of points, neighbours joined by lines: the image of a regular grid under a map.
  ///
  /// Each cell stands for the same mass, so that small cells are dense: their lines are drawn stronger.
  public struct Mesh: Sendable {
    public var columns: Int
    public var rows: Int
    /// Row by row.
    public var points: [(Float, Float)]
    public var color: Color

    public init(columns: Int, rows: Int, points: [(Float, Float)], color: Color) {
      self.columns = columns
      self.rows = rows
      self.points = points
      self.color = color
    }

    struct Edge {
      var from: Int
      var to: Int
      /// 0...1 of the densest.
      var strength: Double
    }

    /// The lines between neighbours, the weakest first; none where there are fewer points than the mesh says.
    var edges: [Edge] {
      guard columns > 0, rows > 0, columns <= points.count, rows <= points.count, points.count >= columns * rows,
        points.count > 1
      else { return [] }
      let strengths = self.strengths
      func strength(_ row: Int, _ column: Int) -> Double? {
        row >= 0 && column >= 0 && row < max(1, rows - 1) && column < max(1, columns - 1)
          ? strengths[row * max(1, columns - 1) + column] : nil
      }
      func mean(_ a: Double?, _ b: Double?) -> Double {
        let known = [a, b].compactMap { $0 }
        return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
      }
      var edges: [Edge] = []
      for row in 0..<rows {
        for column in 0..<columns {
          let place = row * columns + column
          if column + 1 < columns {
            edges.append(
              Edge(from: place, to: place + 1, strength: mean(strength(row, column), strength(row - 1, column))))
          }
          if row + 1 < rows {
            edges.append(
              Edge(from: place, to: place + columns, strength: mean(strength(row, column), strength(row, column - 1))))
          }
        }
      }
      return edges.sorted { $0.strength < $1.strength }
    }

    /// The root of each cell's density over that of a dense one, 0...1. Of a single row, lengths stand for areas.
    private var strengths: [Double] {
      var densities: [Double] = []
      for row in 0..<max(1, rows - 1) {
        for column in 0..<max(1, columns - 1) {
          let first = row * columns + column
          let size =
            rows == 1 || columns == 1
            ? length(first, min(points.count - 1, first + 1))
            : area(first, first + 1, first + columns + 1, first + columns)
          densities.append(size > 0 ? 1 / size : .infinity)
        }
      }
      let sorted = densities.filter(\.isFinite).sorted()
      guard let dense = sorted.isEmpty ? nil : sorted[sorted.count * 9 / 10], dense > 0 else {
        return densities.map { _ in 1 }
      }
      return densities.map { min(1, $0 / dense).squareRoot() }
    }

    private func length(_ a: Int, _ b: Int) -> Double {
      let (dx, dy) = (Double(points[a].0 - points[b].0), Double(points[a].1 - points[b].1))
      return (dx * dx + dy * dy).squareRoot()
    }

    /// By the shoelace formula.
    private func area(_ corners: Int...) -> Double {
      var sum = 0.0
      for (index, corner) in corners.enumerated() {
        let (a, b) = (points[corner], points[corners[(index + 1) % corners.count]])
        sum += Double(a.0) * Double(b.1) - Double(b.0) * Double(a.1)
      }
      return abs(sum) / 2
    }
  }

  /// An arrow at a point; the longest is as long as a tenth of the view.
  public struct Arrow: Sendable {
    public var at: (Float, Float)
    public var dx: Float
    public var dy: Float
    public init(at: (Float, Float), dx: Float, dy: Float) {
      self.at = at
      self.dx = dx
      self.dy = dy
    }
  }

  /// The character that goes along a direction, y upwards.
  static func stroke(_ dx: Double, _ dy: Double) -> Character {
    if abs(dx) > 2 * abs(dy) { return "-" }
    if abs(dy) > 2 * abs(dx) { return "|" }
    return dx * dy > 0 ? "/" : "\\"
  }

  func drawMesh(
    in plot: Rect, _ view: ScatterView, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities
  ) {
    guard let mesh else { return }
    let glyphs = capabilities.glyphs == .block ? .braille : capabilities.glyphs
    var canvas = Canvas(width: plot.width, height: plot.height, glyphs: glyphs)
    let ground = theme.background.background
    for edge in mesh.edges {
      let (a, b) = (mesh.points[edge.from], mesh.points[edge.to])
      let share = 0.3 + 0.7 * edge.strength
      let mixed = mesh.color.mixed(with: ground, share: share)
      // Colours that cannot be mixed: thin lines are dashed instead.
      let dash: (on: Int, period: Int)? = mixed == nil && edge.strength < 0.4 ? (1, 3) : nil
      let start = view.dot(a, on: canvas)
      let end = view.dot(b, on: canvas)
      canvas.line(
        from: start, to: end, mixed ?? mesh.color,
        ascii: Self.stroke((end.x - start.x), (start.y - end.y) * 2), dash: dash)
    }
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors)
  }

  func drawTrails(in plot: Rect, _ view: ScatterView, into buffer: inout CellBuffer, capabilities: Capabilities) {
    guard !trails.isEmpty else { return }
    let glyphs = capabilities.glyphs == .block ? .braille : capabilities.glyphs
    var canvas = Canvas(width: plot.width, height: plot.height, glyphs: glyphs)
    for trail in trails {
      let (start, end) = (view.dot(trail.from, on: canvas), view.dot(trail.to, on: canvas))
      canvas.line(from: start, to: end, trailColor, ascii: ".")
    }
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors)
  }

  func drawArrows(in plot: Rect, _ view: ScatterView, into buffer: inout CellBuffer, capabilities: Capabilities) {
    guard !arrows.isEmpty else { return }
    let isText = capabilities.glyphs == .ascii || capabilities.colors == .monochrome
    var canvas = Canvas(width: plot.width, height: plot.height, glyphs: isText ? .ascii : .braille)
    let lengths = arrows.map { Double(($0.dx * $0.dx + $0.dy * $0.dy).squareRoot()) }
    // A few long ones must not make dots of the others.
    let sorted = lengths.filter(\.isFinite).sorted()
    let longest = sorted.isEmpty ? 0 : sorted[sorted.count * 95 / 100]
    guard longest > 0 else { return }
    let reach = 0.1 * Double(max(canvas.width, canvas.height))
    for (arrow, length) in zip(arrows, lengths) where length.isFinite && length > 0 {
      guard view.place(arrow.at) != nil else { continue }
      let start = view.dot(arrow.at, on: canvas)
      // The direction on the screen, where both axes may have other scales.
      let way = view.direction(Double(arrow.dx), Double(arrow.dy), on: canvas)
      let scale = (way.x * way.x + way.y * way.y).squareRoot()
      guard scale > 0 else { continue }
      let (ux, uy) = (way.x / scale, way.y / scale)
      if isText {
        canvas.set(Int(start.x.rounded()), Int(start.y.rounded()), arrowColor, ascii: Self.head(ux, -uy * 2))
        continue
      }
      let size = max(2, reach * min(1, length / longest))
      let tip = (x: start.x + size * ux, y: start.y + size * uy)
      canvas.line(from: start, to: tip, arrowColor)
      let barb = max(1.5, size * 0.35)
      for side in [-1.0, 1] {
        // 150 degrees from the way it points.
        let (cosine, sine) = (-0.866, 0.5 * side)
        let back = (x: ux * cosine - uy * sine, y: ux * sine + uy * cosine)
        canvas.line(from: tip, to: (x: tip.x + barb * back.x, y: tip.y + barb * back.y), arrowColor)
      }
    }
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors, attributes: .bold)
  }

  /// A letter that points along a direction, y upwards.
  private static func head(_ dx: Double, _ dy: Double) -> Character {
    if abs(dx) > 2 * abs(dy) { return dx > 0 ? ">" : "<" }
    if abs(dy) > 2 * abs(dx) { return dy > 0 ? "^" : "v" }
    return dx * dy > 0 ? "/" : "\\"
  }

  /// Where the plot stands in a rectangle that it is drawn in.
  public func plotRect(in rect: Rect) -> Rect { ScatterView(minimum: minimum, maximum: maximum).fitted(in: rect) }

  /// The point under a cell of a plot that is drawn in `rect`; nil outside of the plot.
  public func point(atX x: Int, y: Int, in rect: Rect) -> (Float, Float)? {
    let view = ScatterView(minimum: minimum, maximum: maximum)
    let plot = view.fitted(in: rect)
    guard x >= plot.x, y >= plot.y, x < plot.maxX, y < plot.maxY else { return nil }
    return view.point(
      (Double(x - plot.x) + 0.5) / Double(plot.width), 1 - (Double(y - plot.y) + 0.5) / Double(plot.height))
  }

  /// The cell of a point in a plot that is drawn in `rect`; nil outside of the view.
  public func cell(of point: (Float, Float), in rect: Rect) -> (x: Int, y: Int)? {
    let view = ScatterView(minimum: minimum, maximum: maximum)
    let plot = view.fitted(in: rect)
    guard !plot.isEmpty, let (x, y) = view.place(point) else { return nil }
    return (
      plot.x + min(plot.width - 1, Int(x * Double(plot.width))),
      plot.y + min(plot.height - 1, Int((1 - y) * Double(plot.height)))
    )
  }
}

extension ScatterView {
  /// A point in dots of a canvas that covers the view, also outside of it.
  func dot(_ point: (Float, Float), on canvas: Canvas) -> (x: Double, y: Double) {
    let (x, y) = share(of: point)
    return (x * Double(canvas.width) - 0.5, (1 - y) * Double(canvas.height) - 0.5)
  }

  /// A step in the plane as one in dots, y downwards.
  func direction(_ dx: Double, _ dy: Double, on canvas: Canvas) -> (x: Double, y: Double) {
    let step = stepShare(dx, dy)
    return (step.x * Double(canvas.width), -step.y * Double(canvas.height))
  }
}
