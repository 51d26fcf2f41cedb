/// Distances of every query to every point, a block of queries at a time: fast ones with bounds, exact ones on demand.
///
/// |x - y|^2 = |x|^2 + |y|^2 - 2 x.y turns all distances into one matrix product, but loses the small ones to cancellation.
/// The product therefore only nominates; what its error bound leaves undecided is measured again by differences in double
/// precision. Memory is bounded by `block` rows of distances beside a copy of both sets.
struct PairDistances {
  private static let block = 64

  private let queries: PointSet
  private let points: PointSet
  /// Moved to the middle of the points and scaled by a power of two, so that squares neither overflow nor underflow.
  private let left: [Float]
  private let right: [Float]
  /// Squared lengths of the moved and scaled rows.
  private let leftNorms: [Float]
  private let rightNorms: [Float]
  private let largestNorm: Float
  /// From squares of the original units to those of the copies.
  private let factor: Double

  /// - Parameters: of the same dimension, finite.
  init(from queries: PointSet, to points: PointSet) {
    self.queries = queries
    self.points = points
    let centre = CentredPoints(points.count > 0 ? points : queries).mean
    var extent = 0.0
    for set in [queries, points] {
      set.values.withUnsafeBufferPointer { values in
        for row in 0..<set.count {
          for axis in 0..<set.dimension {
            extent = max(extent, abs(Double(values[row * set.dimension + axis]) - centre[axis]))
          }
        }
      }
    }
    let scale = extent > 0 ? 1 / extent.binade : 1
    factor = scale * scale
    (left, leftNorms) = Self.moved(queries, by: centre, scale: scale)
    (right, rightNorms) = Self.moved(points, by: centre, scale: scale)
    largestNorm = rightNorms.max() ?? 0
  }

  /// |x - y|^2 in double precision, in original squared units; the same bits with x and y exchanged.
  func exactSquare(_ query: Int, _ point: Int) -> Double {
    let dimension = points.dimension
    return queries.values.withUnsafeBufferPointer { queries in
      points.values.withUnsafeBufferPointer { points in
        // Four sums at once: one alone would wait for itself.
        var sums = SIMD4<Double>.zero
        let first = query * dimension
        let second = point * dimension
        var axis = 0
        while axis + 4 <= dimension {
          let x = SIMD4(
            queries[first + axis], queries[first + axis + 1], queries[first + axis + 2], queries[first + axis + 3])
          let y = SIMD4(
            points[second + axis], points[second + axis + 1], points[second + axis + 2], points[second + axis + 3])
          let difference = SIMD4<Double>(x) - SIMD4<Double>(y)
          sums += difference * difference
          axis += 4
        }
        var sum = sums.sum()
        while axis < dimension {
          let difference = Double(queries[first + axis]) - Double(points[second + axis])
          sum += difference * difference
          axis += 1
        }
        return sum
      }
    }
  }

  /// Squares of the original units in those of the rows that `forEachQuery` hands out.
  func inCopies(_ square: Double) -> Float { Float(square * factor) }

  /// Calls the body for each query with its approximate squared distances to all points, in units of the copies, and with
  /// the most that each of them, and a value of `inCopies`, may be off.
  func forEachQuery(_ body: (_ query: Int, _ line: UnsafeMutableBufferPointer<Float>, _ slack: Float) -> Void) {
    let count = points.count
    let dimension = points.dimension
    guard count > 0, queries.count > 0 else { return }
    var products = Array(repeating: Float(0), count: min(Self.block, queries.count) * count)
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        rightNorms.withUnsafeBufferPointer { norms in
          products.withUnsafeMutableBufferPointer { products in
            guard let left = left.baseAddress, let right = right.baseAddress, let target = products.baseAddress
            else { return }
            for start in stride(from: 0, to: queries.count, by: Self.block) {
              let rows = min(Self.block, queries.count - start)
              LinearAlgebra.multiplyTransposed(
                left + start * dimension, rows: rows, right, columns: count, inner: dimension, into: target)
              for row in 0..<rows {
                let norm = leftNorms[start + row]
                let line = UnsafeMutableBufferPointer(start: target + row * count, count: count)
                for point in 0..<count { line[point] = norm + norms[point] - 2 * line[point] }
                // Forward error of a dot product: d units in the last place of the norms (Higham 2002, section 3.1),
                // and some for the rounding of the copies and of the norms; the last term is for underflow.
                let slack =
                  Float(dimension + 16) * (0x1p-23 * (norm + largestNorm) + Float.leastNormalMagnitude)
                body(start + row, line, slack)
              }
            }
          }
        }
      }
    }
  }

  private static func moved(_ set: PointSet, by centre: [Double], scale: Double) -> (values: [Float], norms: [Float]) {
    var norms = Array(repeating: Float(0), count: set.count)
    let values = [Float](unsafeUninitializedCapacity: set.values.count) { target, initialized in
      set.values.withUnsafeBufferPointer { source in
        for row in 0..<set.count {
          var norm = 0.0
          for axis in 0..<set.dimension {
            let index = row * set.dimension + axis
            let value = Float((Double(source[index]) - centre[axis]) * scale)
            target.initializeElement(at: index, to: value)
            norm += Double(value) * Double(value)
          }
          norms[row] = Float(norm)
        }
      }
      initialized = set.values.count
    }
    return (values, norms)
  }
}
