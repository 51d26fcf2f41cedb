/// Exact neighbour distances in any dimension, by blocks of a matrix product.
///
/// |x - y|^2 = |x|^2 + |y|^2 - 2 x.y turns N^2 distances into one matrix product, but loses the small ones to cancellation.
/// The product therefore only nominates: every pair that its rounding error leaves in the running is measured again
/// by its differences.
enum BlockedNeighbours {
  private static let block = 64

  /// Squared distance of every point to its k-th nearest other point.
  ///
  /// - Parameters:
  ///   - values: [count, dimension], finite, of magnitude about 1.
  ///   - k: 1..<count.
  static func squaredDistances(values: [Float], count: Int, dimension: Int, toNeighbour k: Int) -> [Float] {
    var result = Array(repeating: Float(0), count: count)
    var products = Array(repeating: Float(0), count: block * count)
    var best = SmallestValues(capacity: k)
    values.withUnsafeBufferPointer { points in
      guard let base = points.baseAddress else { return }
      let norms = (0..<count).map { row in
        (0..<dimension).reduce(Float(0)) { $0 + points[row * dimension + $1] * points[row * dimension + $1] }
      }
      let largestNorm = norms.max() ?? 0
      products.withUnsafeMutableBufferPointer { products in
        guard let target = products.baseAddress else { return }
        for start in stride(from: 0, to: count, by: block) {
          let rows = min(block, count - start)
          LinearAlgebra.multiplyTransposed(
            base + start * dimension, rows: rows, base, columns: count, inner: dimension, into: target)
          for row in 0..<rows {
            let query = start + row
            let line = target + row * count
            // Forward error of a dot product: d units in the last place of the norms (Higham 2002, section 3.1).
            let error = Float(dimension + 8) * 0x1p-23 * (norms[query] + largestNorm)
            for other in 0..<count { line[other] = norms[query] + norms[other] - 2 * line[other] }
            line[query] = .infinity
            best.removeAll()
            for other in 0..<count where line[other] < best.largest { best.insert(line[other]) }
            let limit = best.largest + 2 * error
            best.removeAll()
            for other in 0..<count where line[other] <= limit {
              var sum: Float = 0
              for axis in 0..<dimension {
                let difference = points[query * dimension + axis] - points[other * dimension + axis]
                sum += difference * difference
              }
              if sum < best.largest { best.insert(sum) }
            }
            result[query] = best.largest
          }
        }
      }
    }
    return result
  }
}

/// The smallest few of a stream of values, ascending.
private struct SmallestValues {
  private var values: [Float]

  init(capacity: Int) { values = Array(repeating: .infinity, count: max(1, capacity)) }

  /// The largest that is kept; infinite until there are enough.
  var largest: Float { values[values.count - 1] }

  mutating func removeAll() {
    for slot in values.indices { values[slot] = .infinity }
  }

  /// - Parameter value: smaller than `largest`.
  mutating func insert(_ value: Float) {
    var slot = values.count - 1
    while slot > 0, values[slot - 1] > value {
      values[slot] = values[slot - 1]
      slot -= 1
    }
    values[slot] = value
  }
}
