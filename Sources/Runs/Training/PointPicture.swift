import Datasets
import Telemetry

/// Points in the plane as a picture: the field as shades, real points blue, generated ones orange.
enum PointPicture {
  static let side = 512

  static func image(_ panel: PointsPanel) -> PixelImage? {
    var pixels = [UInt8](repeating: 255, count: side * side * 3)
    if let field = panel.field { draw(field, into: &pixels) }
    for point in panel.real { dot(point, panel, (52, 101, 164), into: &pixels) }
    for point in panel.generated { dot(point, panel, (230, 97, 1), into: &pixels) }
    return PixelImage(width: side, height: side, channels: 3, pixels: pixels)
  }

  private static func draw(_ field: Field, into pixels: inout [UInt8]) {
    let finite = field.values.filter(\.isFinite)
    let reach = finite.reduce(Float(1e-12)) { max($0, abs($1 - field.middle)) }
    for y in 0..<side {
      for x in 0..<side {
        let index = y * field.rows / side * field.columns + x * field.columns / side
        guard index < field.values.count, field.values[index].isFinite else { continue }
        // High values bluish, low ones brownish, the middle white.
        let share = (field.values[index] - field.middle) / reach
        let fade = UInt8(255 - min(1, abs(share)) * 70)
        let place = 3 * (y * side + x)
        (pixels[place], pixels[place + 1], pixels[place + 2]) =
          share > 0 ? (fade, fade, 255) : (255, fade, fade - min(fade, 20))
      }
    }
  }

  private static func dot(
    _ point: PointsPanel.Point, _ panel: PointsPanel, _ color: (UInt8, UInt8, UInt8), into pixels: inout [UInt8]
  ) {
    let x = (point.x - panel.minimum.x) / (panel.maximum.x - panel.minimum.x) * Float(side)
    let y = (panel.maximum.y - point.y) / (panel.maximum.y - panel.minimum.y) * Float(side)
    guard x.isFinite, y.isFinite, x >= 1, y >= 1, x < Float(side - 1), y < Float(side - 1) else { return }
    for row in Int(y) - 1...Int(y) {
      for column in Int(x) - 1...Int(x) {
        let place = 3 * (row * side + column)
        (pixels[place], pixels[place + 1], pixels[place + 2]) = color
      }
    }
  }
}
