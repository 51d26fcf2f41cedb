import Foundation
import Telemetry
import TerminalKit

/// Data that a person draws in the samples pane.
struct Sketch: Sendable, Equatable {
  var points: [DrawnPoint] = []
  /// In the plane.
  var cursor = (x: 0.0, y: 0.0)
  /// The brush's radius in cells' heights; 0 is a single point.
  var brush = 0
  /// The pane that filled the screen before.
  var fullScreen: Pane?
  /// The cell where the mouse was last with its button down.
  var stroke: (x: Int, y: Int)?

  /// What can be drawn on: from -reach to reach along both axes.
  static let reach = 1.5
  static let mostBrush = 4
  /// The configuration's limit.
  static let limit = 2000

  static func == (a: Sketch, b: Sketch) -> Bool {
    a.points == b.points && a.cursor == b.cursor && a.brush == b.brush && a.fullScreen == b.fullScreen
  }

  /// The plane as it is drawn, for the way from cells to points.
  func plot(_ points: [(Float, Float)] = [], color: Color = .standard) -> ScatterPlot {
    let reach = Float(Self.reach)
    return ScatterPlot(
      minimum: (-reach, -reach), maximum: (reach, reach), layers: [(points: points, color: color, glyph: nil)])
  }

  /// Puts points under the brush; a place that has one becomes heavier.
  mutating func paint(_ x: Double, _ y: Double, cell: (width: Double, height: Double)) {
    for (dx, dy) in Self.stamp(brush) {
      // Four digits: a configuration holds them, and people read it.
      let (px, py) = (Self.rounded(x + dx * cell.height), Self.rounded(y + dy * cell.height))
      guard abs(px) <= Self.reach, abs(py) <= Self.reach else { continue }
      if let index = points.firstIndex(where: { abs($0.x - px) < cell.width / 4 && abs($0.y - py) < cell.height / 4 }) {
        points[index].weight = min(100, points[index].weight + 1)
      } else if points.count < Self.limit {
        points.append(DrawnPoint(x: px, y: py))
      }
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

  /// Takes away what is under the brush.
  mutating func erase(_ x: Double, _ y: Double, cell: (width: Double, height: Double)) {
    let reach = cell.height * (Double(brush) / 2 + 0.6)
    points.removeAll { point in
      let (dx, dy) = (point.x - x, point.y - y)
      return dx * dx + dy * dy <= reach * reach
    }
  }

  /// The middle, and rings about it.
  private static func stamp(_ brush: Int) -> [(Double, Double)] {
    var result = [(0.0, 0.0)]
    for ring in 0..<max(0, brush) {
      let count = 6 * (ring + 1)
      for index in 0..<count {
        let angle = 2 * Double.pi * Double(index) / Double(count)
        result.append((0.5 * Double(ring + 1) * cos(angle), 0.5 * Double(ring + 1) * sin(angle)))
      }
    }
    return result
  }
}

extension DashboardState {
  /// Where a person draws on the screen; nil while nobody does.
  var sketchArea: Rect? {
    guard lab.sketch != nil,
      let place = layout(size: size).panes.first(where: {
        $0.pane == .samples
      })
    else { return nil }
    return Self.sketchArea(inside: Self.inside(place.rect))
  }

  /// The place inside a pane's frame, as `Painter.pane` has it.
  private static func inside(_ rect: Rect) -> Rect {
    let inside = rect.inset(by: 1)
    return inside.width >= 32
      ? Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: inside.height) : inside
  }

  /// The last row of the pane is for words.
  static func sketchArea(inside: Rect) -> Rect {
    Rect(x: inside.x, y: inside.y, width: inside.width, height: max(0, inside.height - 1))
  }

  /// The size of a cell in the plane.
  private var sketchCell: (width: Double, height: Double) {
    guard let area = sketchArea, let plot = lab.sketch?.plot().plotRect(in: area), !plot.isEmpty else {
      return (0.05, 0.1)
    }
    return (2 * Sketch.reach / Double(plot.width), 2 * Sketch.reach / Double(plot.height))
  }

  /// Puts points under a cell of the screen, or takes them away, as a mouse does. Without a drawing, or outside of it,
  /// nothing happens.
  /// - Returns: whether the cell is one that can be drawn on.
  @discardableResult
  public mutating func paint(at place: (x: Int, y: Int), erases: Bool = false) -> Bool {
    guard var sketch = lab.sketch, let area = sketchArea,
      let (x, y) = sketch.plot().point(atX: place.x, y: place.y, in: area)
    else { return false }
    let cell = sketchCell
    sketch.cursor = (Double(x), Double(y))
    if erases {
      sketch.erase(Double(x), Double(y), cell: cell)
    } else {
      sketch.paint(Double(x), Double(y), cell: cell)
    }
    lab.sketch = sketch
    return true
  }

  /// The mouse draws: the left button puts points along its way, the right one takes them away, the wheel changes the
  /// brush. The words of the bottom row stay buttons.
  mutating func sketch(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .press:
      notice = nil
      if event.y == size.height - 1 { return event.isRight ? [] : clickKeyLine(event.x) }
      paint(at: (event.x, event.y), erases: event.isRight)
      lab.sketch?.stroke = (event.x, event.y)
    case .drag:
      // Reports are fewer than cells where the mouse is fast.
      let from = lab.sketch?.stroke ?? (event.x, event.y)
      let count = max(abs(event.x - from.x), abs(event.y - from.y))
      for index in 0..<min(count, size.width + size.height) {
        func along(_ start: Int, _ end: Int) -> Int {
          start + Int((Double((end - start) * (index + 1)) / Double(count)).rounded())
        }
        paint(at: (along(from.x, event.x), along(from.y, event.y)), erases: event.isRight)
      }
      lab.sketch?.stroke = (event.x, event.y)
    case .release: lab.sketch?.stroke = nil
    case .wheelUp, .wheelDown: return draw(.brush(event.kind == .wheelUp ? 1 : -1))
    }
    if !event.isRight, let sketch = lab.sketch, sketch.points.count >= Sketch.limit { sayEnough() }
    return []
  }

  private mutating func sayEnough() { say("\(Sketch.limit) points are enough for a drawing", .warning) }

  mutating func draw(_ action: LabAction) -> [Effect] {
    guard var sketch = lab.sketch else {
      if action == .draw { beginSketch() }
      return []
    }
    let cell = sketchCell
    switch action {
    case .move(let x, let y):
      func moved(_ place: Double, _ by: Double) -> Double { min(Sketch.reach, max(-Sketch.reach, place + by)) }
      sketch.cursor = (
        moved(sketch.cursor.x, Double(x) * cell.width), moved(sketch.cursor.y, Double(y) * cell.height)
      )
    case .paint:
      if sketch.points.count >= Sketch.limit { sayEnough() }
      sketch.paint(sketch.cursor.x, sketch.cursor.y, cell: cell)
    case .erase: sketch.erase(sketch.cursor.x, sketch.cursor.y, cell: cell)
    case .wipe: sketch.points = []
    case .brush(let offset):
      sketch.brush = min(Sketch.mostBrush, max(0, sketch.brush + offset))
      say(
        sketch.brush == 0 ? "the brush is a point" : "the brush has \(1 + 3 * sketch.brush * (sketch.brush + 1)) points"
      )
    case .trainOnDrawing:
      guard !sketch.points.isEmpty else {
        say("nothing is drawn yet: space puts a point", .warning)
        return []
      }
      let points = sketch.points
      endSketch()
      say("a new run trains on the drawing; this one is kept")
      return [.trainOnDrawing(points)]
    case .leaveDrawing:
      endSketch()
      return []
    default: break
    }
    lab.sketch = sketch
    return []
  }

  private mutating func beginSketch() {
    guard run?.pictures?.isPlanar == true else {
      say(
        run == nil
          ? lackOfModel : "only runs on points in the plane can be made anew on a drawing", .warning)
      return
    }
    lab.sketch = Sketch(fullScreen: fullScreen)
    fill(with: .samples)
  }

  private mutating func endSketch() {
    let before = lab.sketch?.fullScreen
    lab.sketch = nil
    fill(with: before)
    focus = .samples
  }
}
