/// Points less their mean, handed out in double precision a block at a time: a set of images is large.
struct CentredPoints {
  private static let block = 256

  let points: PointSet
  let mean: [Double]

  init(_ points: PointSet) {
    self.points = points
    var sums = Array(repeating: 0.0, count: points.dimension)
    points.values.withUnsafeBufferPointer { values in
      for row in 0..<points.count {
        for axis in 0..<points.dimension { sums[axis] += Double(values[row * points.dimension + axis]) }
      }
    }
    mean = sums.map { $0 / Double(points.count) }
  }

  /// X^T X of the centred rows, [dimension, dimension], lower triangle.
  func scatterMatrix() -> [Double] {
    var matrix = Array(repeating: 0.0, count: points.dimension * points.dimension)
    for start in stride(from: 0, to: points.count, by: Self.block) {
      let rows = start..<min(start + Self.block, points.count)
      LinearAlgebra.addInnerSquare(
        centred(rows: rows, axes: 0..<points.dimension), size: points.dimension, inner: rows.count, to: &matrix)
    }
    return matrix
  }

  /// X X^T of the centred rows, [count, count], lower triangle.
  func gramMatrix() -> [Double] {
    var matrix = Array(repeating: 0.0, count: points.count * points.count)
    for start in stride(from: 0, to: points.dimension, by: Self.block) {
      let axes = start..<min(start + Self.block, points.dimension)
      LinearAlgebra.addOuterSquare(
        centred(rows: 0..<points.count, axes: axes), size: points.count, inner: axes.count, to: &matrix)
    }
    return matrix
  }

  /// X^T u: the direction in the points' space that belongs to an eigenvector of the Gram matrix.
  func combination(of weights: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: points.dimension)
    points.values.withUnsafeBufferPointer { values in
      for row in 0..<points.count {
        let weight = weights[row]
        for axis in 0..<points.dimension {
          result[axis] += weight * (Double(values[row * points.dimension + axis]) - mean[axis])
        }
      }
    }
    return result
  }

  private func centred(rows: Range<Int>, axes: Range<Int>) -> [Double] {
    Array(unsafeUninitializedCapacity: rows.count * axes.count) { target, initialized in
      points.values.withUnsafeBufferPointer { values in
        var index = 0
        for row in rows {
          for axis in axes {
            target.initializeElement(at: index, to: Double(values[row * points.dimension + axis]) - mean[axis])
            index += 1
          }
        }
        initialized = index
      }
    }
  }
}
