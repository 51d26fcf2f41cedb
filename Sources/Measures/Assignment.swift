/// The one-to-one assignment of rows to columns with the greatest sum: which cluster is which class.
///
///     max over injections π of the fewer into the more  Σ value[i][π(i)]
///
/// By the Hungarian method with potentials: rows are added one by one, each along the cheapest path that keeps all reduced
/// costs at 0 or above. O(rows²·columns).
///
/// Reference: J. Munkres, "Algorithms for the assignment and transportation problems", 1957.
public struct Assignment: Sendable, Hashable {
  /// The column of each row; nil for a row that is left over where there are more rows than columns.
  public let columns: [Int?]
  /// The sum of the assigned values.
  public let sum: Double

  /// - Parameter values: rows of one length, finite.
  /// - Throws: `MeasureError.countNotPositive`, `.countMismatch` or `.nonFinite`.
  public init(maximizing values: [[Double]]) throws(MeasureError) {
    let width = values.first?.count ?? 0
    guard width > 0 else { throw .countNotPositive(what: "columns", value: 0) }
    for row in values {
      guard row.count == width else { throw .countMismatch(what: "columns", expected: width, found: row.count) }
      let wrong = row.count { !$0.isFinite }
      guard wrong == 0 else { throw .nonFinite(what: "values", count: wrong) }
    }
    var assigned = [Int?](repeating: nil, count: values.count)
    if values.count <= width {
      for (column, row) in Self.solve(values).enumerated() { if let row { assigned[row] = column } }
    } else {
      let turned = (0..<width).map { column in values.map { $0[column] } }
      for (row, column) in Self.solve(turned).enumerated() { assigned[row] = column }
    }
    columns = assigned
    sum = zip(values, assigned).reduce(0.0) { sum, pair in
      pair.1.map { sum + pair.0[$0] } ?? sum
    }
  }

  /// The row of each column, for no more rows than columns.
  private static func solve(_ values: [[Double]]) -> [Int?] {
    let (rows, width) = (values.count, values[0].count)
    var rowPotential = [Double](repeating: 0, count: rows)
    // One column more, where a row waits for its place.
    var columnPotential = [Double](repeating: 0, count: width + 1)
    var owner = [Int?](repeating: nil, count: width + 1)
    for row in 0..<rows {
      var column = width
      owner[column] = row
      var distance = [Double](repeating: .infinity, count: width)
      var previous = [Int](repeating: width, count: width)
      var isDone = [Bool](repeating: false, count: width + 1)
      while let current = owner[column] {
        isDone[column] = true
        var (step, next) = (Double.infinity, column)
        for other in 0..<width where !isDone[other] {
          let cost = -values[current][other] - rowPotential[current] - columnPotential[other]
          if cost < distance[other] { (distance[other], previous[other]) = (cost, column) }
          if distance[other] < step { (step, next) = (distance[other], other) }
        }
        for other in 0...width {
          if isDone[other], let owned = owner[other] {
            rowPotential[owned] += step
            columnPotential[other] -= step
          } else if other < width {
            distance[other] -= step
          }
        }
        column = next
      }
      // Everyone on the path moves on by one.
      while column != width {
        owner[column] = owner[previous[column]]
        column = previous[column]
      }
    }
    return Array(owner.dropLast())
  }
}
