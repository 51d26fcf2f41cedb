/// Exact neighbour distances in any dimension, by blocks of a matrix product; see `PairDistances`.
enum BlockedNeighbours {
  /// Squared distance of every point to its k-th nearest other point, in squared units of the points.
  ///
  /// - Parameters:
  ///   - points: finite.
  ///   - k: 1..<count. A point at the same place is a neighbour at distance 0; a point is none of itself.
  static func squaredDistances(_ points: PointSet, toNeighbour k: Int) -> [Double] {
    let pairs = PairDistances(from: points, to: points)
    var result = Array(repeating: 0.0, count: points.count)
    var nominated = SmallestValues<Float>(capacity: k)
    var best = SmallestValues<Double>(capacity: k)
    pairs.forEachQuery { query, line, slack in
      line[query] = .infinity
      nominated.removeAll()
      for other in line.indices where line[other] < nominated.largest { nominated.insert(line[other]) }
      // One of the true k nearest may look a slack farther, and one that is not among them a slack nearer.
      let limit = nominated.largest + 2 * slack
      best.removeAll()
      for other in line.indices where line[other] <= limit {
        let square = pairs.exactSquare(query, other)
        if square < best.largest { best.insert(square) }
        // Many points at one place: none can be nearer.
        if best.largest == 0 { break }
      }
      result[query] = best.largest
    }
    return result
  }

  /// For every query its nearest point and their squared distance, in squared units of the points; the first of equals.
  ///
  /// - Parameters:
  ///   - queries: finite.
  ///   - points: at least one, of the same dimension, finite.
  static func nearest(of queries: PointSet, in points: PointSet) -> [(index: Int, square: Double)] {
    let pairs = PairDistances(from: queries, to: points)
    var result = Array(repeating: (index: 0, square: Double.infinity), count: queries.count)
    pairs.forEachQuery { query, line, slack in
      var smallest = Float.infinity
      for value in line { smallest = value < smallest ? value : smallest }
      let limit = smallest + 2 * slack
      var best = (index: 0, square: Double.infinity)
      for point in line.indices where line[point] <= limit {
        let square = pairs.exactSquare(query, point)
        if square < best.square { best = (point, square) }
        if square == 0 { break }
      }
      result[query] = best
    }
    return result
  }
}

/// The smallest few of a stream of values, ascending.
private struct SmallestValues<Value: BinaryFloatingPoint> {
  private var values: [Value]

  init(capacity: Int) { values = Array(repeating: .infinity, count: max(1, capacity)) }

  /// The largest that is kept; infinite until there are enough.
  var largest: Value { values[values.count - 1] }

  mutating func removeAll() {
    for slot in values.indices { values[slot] = .infinity }
  }

  /// - Parameter value: smaller than `largest`.
  mutating func insert(_ value: Value) {
    var slot = values.count - 1
    while slot > 0, values[slot - 1] > value {
      values[slot] = values[slot - 1]
      slot -= 1
    }
    values[slot] = value
  }
}
