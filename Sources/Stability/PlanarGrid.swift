/// The middles of equal cells that tile a rectangle, the lowest row first.
public struct PlanarGrid: Sendable, Hashable {
  public let x: ClosedRange<Double>
  public let y: ClosedRange<Double>
  public let columns: Int
  public let rows: Int

  /// - Throws: `StabilityError.notPositive` for a range or a number of cells that is not, `.tooManyCells`.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int) throws(StabilityError) {
    for (what, value) in [
      ("grid's width", x.upperBound - x.lowerBound), ("grid's height", y.upperBound - y.lowerBound),
      ("number of columns", Double(columns)), ("number of rows", Double(rows)),
    ] where !(value.isFinite && value > 0) { throw .notPositive(what: what, value: value) }
    let (count, overflow) = columns.multipliedReportingOverflow(by: rows)
    guard !overflow, count <= 100_000_000 else { throw .tooManyCells(columns: columns, rows: rows) }
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
  }

  public var count: Int { columns * rows }
  public var cellArea: Double {
    (x.upperBound - x.lowerBound) / Double(columns) * (y.upperBound - y.lowerBound) / Double(rows)
  }
  /// The cells' middles, `[rows · columns, 2]`, to be judged by a discriminator.
  public var points: [Double] {
    let width = (x.upperBound - x.lowerBound) / Double(columns)
    let height = (y.upperBound - y.lowerBound) / Double(rows)
    var result: [Double] = []
    result.reserveCapacity(2 * count)
    for row in 0..<rows {
      for column in 0..<columns {
        result.append(x.lowerBound + (Double(column) + 0.5) * width)
        result.append(y.lowerBound + (Double(row) + 0.5) * height)
      }
    }
    return result
  }

  /// A function at the cells' middles.
  public func values(of function: (_ x: Double, _ y: Double) -> Double) -> [Double] {
    let points = points
    return stride(from: 0, to: points.count, by: 2).map { function(points[$0], points[$0 + 1]) }
  }
}
