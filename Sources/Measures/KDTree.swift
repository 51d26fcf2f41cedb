/// A k-d tree over finite points, for exact neighbour distances in low dimension (Bentley 1975; Arya and Mount 1993).
///
/// Median splits along the widest side, implicit heap order: node i has the children 2i + 1 and 2i + 2, and its range of
/// points follows from the way down, so a node is only a dimension and a value.
struct KDTree {
  private static let leafSize = 8

  let count: Int
  let dimension: Int
  /// The points in tree order, row-major.
  private var points: [Float]
  /// The row in the caller's order of each point in tree order.
  private var rows: [Int32]
  private var splitDimension: [Int32]
  private var splitValue: [Float]

  /// - Parameter values: [count, dimension], finite.
  init(values: [Float], count: Int, dimension: Int) {
    self.count = count
    self.dimension = dimension
    rows = (0..<count).map { Int32($0) }
    var levels = 0
    while (count >> levels) > Self.leafSize / 2 { levels += 1 }
    let nodes = (1 << (levels + 1)) - 1
    splitDimension = Array(repeating: 0, count: nodes)
    splitValue = Array(repeating: 0, count: nodes)
    points = Array(repeating: 0, count: values.count)
    values.withUnsafeBufferPointer { source in
      rows.withUnsafeMutableBufferPointer { order in
        splitDimension.withUnsafeMutableBufferPointer { dimensions in
          splitValue.withUnsafeMutableBufferPointer { splits in
            let builder = Builder(
              source: source, dimension: dimension, order: order, splitDimension: dimensions, splitValue: splits)
            builder.build(node: 0, lower: 0, upper: count)
          }
        }
        points.withUnsafeMutableBufferPointer { target in
          for position in 0..<count {
            let row = Int(order[position])
            for axis in 0..<dimension { target[position * dimension + axis] = source[row * dimension + axis] }
          }
        }
      }
    }
  }

  /// Squared distance of every point to its k-th nearest other point, in the caller's order.
  ///
  /// - Parameter k: 1..<count. A point at the same place is a neighbour at distance 0; a point is none of itself.
  func squaredDistances(toNeighbour k: Int) -> [Float] {
    var result = Array(repeating: Float(0), count: count)
    var best = Array(repeating: Float.infinity, count: k)
    var offsets = Array(repeating: Float(0), count: dimension)
    points.withUnsafeBufferPointer { points in
      splitDimension.withUnsafeBufferPointer { dimensions in
        splitValue.withUnsafeBufferPointer { splits in
          best.withUnsafeMutableBufferPointer { best in
            offsets.withUnsafeMutableBufferPointer { offsets in
              let search = Search(
                points: points, dimension: dimension, splitDimension: dimensions, splitValue: splits, best: best,
                offsets: offsets)
              // Neighbours in the tree are asked one after the other, so their leaves are still in the cache.
              for position in 0..<count {
                best.update(repeating: .infinity)
                offsets.update(repeating: 0)
                search.visit(node: 0, lower: 0, upper: count, query: position, distance: 0)
                result[Int(rows[position])] = best[k - 1]
              }
            }
          }
        }
      }
    }
    return result
  }

  fileprivate static func isLeaf(_ lower: Int, _ upper: Int) -> Bool { upper - lower <= leafSize }
}

extension KDTree {
  private struct Builder {
    let source: UnsafeBufferPointer<Float>
    let dimension: Int
    let order: UnsafeMutableBufferPointer<Int32>
    let splitDimension: UnsafeMutableBufferPointer<Int32>
    let splitValue: UnsafeMutableBufferPointer<Float>

    func coordinate(_ position: Int, _ axis: Int) -> Float { source[Int(order[position]) * dimension + axis] }

    func build(node: Int, lower: Int, upper: Int) {
      if KDTree.isLeaf(lower, upper) { return }
      let axis = widestAxis(lower, upper)
      let middle = (lower + upper) / 2
      select(middle, lower, upper, axis)
      splitDimension[node] = Int32(axis)
      splitValue[node] = coordinate(middle, axis)
      build(node: 2 * node + 1, lower: lower, upper: middle)
      build(node: 2 * node + 2, lower: middle, upper: upper)
    }

    func widestAxis(_ lower: Int, _ upper: Int) -> Int {
      var widest = 0
      var widestExtent: Float = -1
      for axis in 0..<dimension {
        var smallest = Float.infinity
        var largest = -Float.infinity
        for position in lower..<upper {
          let value = coordinate(position, axis)
          smallest = value < smallest ? value : smallest
          largest = value > largest ? value : largest
        }
        if largest - smallest > widestExtent {
          widestExtent = largest - smallest
          widest = axis
        }
      }
      return widest
    }

    /// Hoare's quickselect: afterwards nothing before `target` is larger, nothing after it smaller. Swapping equal keys
    /// keeps it linear where many points share a coordinate.
    func select(_ target: Int, _ lower: Int, _ upper: Int, _ axis: Int) {
      var low = lower
      var high = upper - 1
      while low < high {
        let first = coordinate(low, axis)
        let middle = coordinate((low + high) / 2, axis)
        let last = coordinate(high, axis)
        let pivot = max(min(first, middle), min(max(first, middle), last))
        var left = low
        var right = high
        while left <= right {
          while coordinate(left, axis) < pivot { left += 1 }
          while coordinate(right, axis) > pivot { right -= 1 }
          if left <= right {
            order.swapAt(left, right)
            left += 1
            right -= 1
          }
        }
        if target <= right {
          high = right
        } else if target >= left {
          low = left
        } else {
          return
        }
      }
    }
  }

  private struct Search {
    let points: UnsafeBufferPointer<Float>
    let dimension: Int
    let splitDimension: UnsafeBufferPointer<Int32>
    let splitValue: UnsafeBufferPointer<Float>
    /// The k smallest squared distances so far, ascending.
    let best: UnsafeMutableBufferPointer<Float>
    /// For each axis the distance from the query to the region being visited.
    let offsets: UnsafeMutableBufferPointer<Float>

    /// - Parameter distance: squared distance from the query to the node's region.
    func visit(node: Int, lower: Int, upper: Int, query: Int, distance: Float) {
      if KDTree.isLeaf(lower, upper) {
        scan(lower, upper, query)
        return
      }
      let axis = Int(splitDimension[node])
      let difference = points[query * dimension + axis] - splitValue[node]
      let middle = (lower + upper) / 2
      let offset = offsets[axis]
      let farther = distance - offset * offset + difference * difference
      let isLeft = difference < 0
      if isLeft {
        visit(node: 2 * node + 1, lower: lower, upper: middle, query: query, distance: distance)
      } else {
        visit(node: 2 * node + 2, lower: middle, upper: upper, query: query, distance: distance)
      }
      // The slack covers the rounding of the running distance, so that no neighbour is lost to it.
      guard farther * 0.9999 < best[best.count - 1] else { return }
      offsets[axis] = difference
      if isLeft {
        visit(node: 2 * node + 2, lower: middle, upper: upper, query: query, distance: farther)
      } else {
        visit(node: 2 * node + 1, lower: lower, upper: middle, query: query, distance: farther)
      }
      offsets[axis] = offset
    }

    func scan(_ lower: Int, _ upper: Int, _ query: Int) {
      let origin = query * dimension
      let last = best.count - 1
      for position in lower..<upper where position != query {
        let start = position * dimension
        var sum: Float = 0
        for axis in 0..<dimension {
          let difference = points[origin + axis] - points[start + axis]
          sum += difference * difference
        }
        guard sum < best[last] else { continue }
        var slot = last
        while slot > 0, best[slot - 1] > sum {
          best[slot] = best[slot - 1]
          slot -= 1
        }
        best[slot] = sum
      }
    }
  }
}
