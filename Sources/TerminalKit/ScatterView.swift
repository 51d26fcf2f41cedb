/// The rectangle of the plane that a plot shows.
struct ScatterView {
  private let left, bottom, width, height: Double

  init(minimum: (Float, Float), maximum: (Float, Float)) {
    func bounds(_ a: Float, _ b: Float) -> (Double, Double) {
      let (low, high) = (Double(a.isFinite ? a : -1), Double(b.isFinite ? b : 1))
      return low < high ? (low, high - low) : (min(low, high) - 1, abs(low - high) + 2)
    }
    (left, width) = bounds(minimum.0, maximum.0)
    (bottom, height) = bounds(minimum.1, maximum.1)
  }

  /// A point's place from the bottom left, nil outside the view.
  func place(_ point: (Float, Float)) -> (x: Double, y: Double)? {
    let x = (Double(point.0) - left) / width
    let y = (Double(point.1) - bottom) / height
    guard x >= 0, x <= 1, y >= 0, y <= 1 else { return nil }
    return (x, y)
  }

  /// A point as shares of the view from the bottom left, also outside of it.
  func share(of point: (Float, Float)) -> (x: Double, y: Double) {
    ((Double(point.0) - left) / width, (Double(point.1) - bottom) / height)
  }

  func stepShare(_ dx: Double, _ dy: Double) -> (x: Double, y: Double) { (dx / width, dy / height) }

  /// The point at a place from the bottom left.
  func point(_ x: Double, _ y: Double) -> (Float, Float) { (Float(left + x * width), Float(bottom + y * height)) }

  /// The centred part of a rectangle with the view's proportions, at least half as wide and as high as the rectangle:
  /// a long and thin view is rather stretched than lost.
  func fitted(in rect: Rect) -> Rect {
    // A cell is about twice as high as wide.
    let scale = min(Double(rect.width) / width, Double(rect.height) * 2 / height)
    let columns = min(max(Int((width * scale).rounded()), (rect.width + 1) / 2), rect.width)
    let rows = min(max(Int((height * scale / 2).rounded()), (rect.height + 1) / 2), rect.height)
    return Rect(
      x: rect.x + (rect.width - columns) / 2, y: rect.y + (rect.height - rows) / 2, width: columns, height: rows)
  }
}
