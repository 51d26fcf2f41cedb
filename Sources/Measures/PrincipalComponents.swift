import Foundation

/// The leading principal components of a set of points.
///
/// The unit eigenvectors w_i of the covariance S = 1/(N-1) sum_n (x_n - m)(x_n - m)^T with the largest eigenvalues. Where the
/// points are fewer than their coordinates, they come from the Gram matrix of the centred rows, which has the same
/// nonzero eigenvalues and is smaller. Signs are fixed: the largest coordinate of each component is positive.
///
/// Reference: I. T. Jolliffe, "Principal Component Analysis", 2nd edition, sections 3.1 and 3.5.
public struct PrincipalComponents: Sendable, Equatable {
  /// Coordinates of the original points.
  public let dimension: Int
  /// Components kept: as many as asked for, but no more than the rank of the centred points.
  public let count: Int
  /// Shape [dimension].
  public let mean: [Float]
  /// Shape [count, dimension], row-major, orthonormal rows in descending order of variance.
  public let components: [Float]
  /// Variance of the points along each component, in squared units of the points. Shape [count].
  public let variances: [Double]
  /// Sum of the variances of all coordinates.
  public let totalVariance: Double
  /// Points left out of the fit for a coordinate that is NaN or infinite.
  public let nonFinite: Int

  /// Shares of the total variance that the components explain, in 0...1. Shape [count].
  public var explainedVariance: [Double] {
    variances.map { totalVariance > 0 ? $0 / totalVariance : 0 }
  }

  /// Fits the `components` leading ones. Costs O(N d min(N, d)) plus an eigenvalue problem of size min(N, d): once a run.
  ///
  /// - Throws: `MeasureError.countNotPositive`, `.tooFewPoints` with fewer than two finite points, or `.lapack`.
  public init(fitting points: PointSet, components requested: Int) throws(MeasureError) {
    guard requested > 0 else { throw .countNotPositive(what: "components", value: requested) }
    let (finite, nonFinite) = points.finite()
    guard finite.count >= 2 else { throw .tooFewPoints(needed: 2, found: finite.count) }
    let rows = finite.count
    let dimension = finite.dimension
    let centred = CentredPoints(finite)
    let usesGram = rows < dimension
    let size = usesGram ? rows : dimension
    let scatter = usesGram ? centred.gramMatrix() : centred.scatterMatrix()
    var trace = 0.0
    for index in 0..<size { trace += scatter[index * size + index] }
    let leading = min(requested, size)
    let (eigenvalues, eigenvectors) = try LinearAlgebra.eigenpairs(scatter, size: size, leading: leading)

    // Below this the eigenvalue is rounding; its Gram vector would be noise divided by almost nothing.
    let smallest = max(eigenvalues.first ?? 0, 0) * Double(size) * 0x1p-45
    let kept = eigenvalues.prefix { $0 > smallest }.count
    var components: [Float] = []
    components.reserveCapacity(kept * dimension)
    for index in 0..<kept {
      let vector = Array(eigenvectors[index * size..<(index + 1) * size])
      let direction = usesGram ? centred.combination(of: vector) : vector
      components.append(contentsOf: Self.normalized(direction).map { Float($0) })
    }
    self.dimension = dimension
    self.count = kept
    mean = centred.mean.map { Float($0) }
    self.components = components
    variances = eigenvalues.prefix(kept).map { $0 / Double(rows - 1) }
    totalVariance = trace / Double(rows - 1)
    self.nonFinite = nonFinite
  }

  /// Coordinates along the components: y = W (x - m), [N, dimension] -> [N, count]. A non-finite row stays non-finite.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`, or `.tooFewPoints` when the fit found no variance and so no component.
  public func project(_ points: PointSet) throws(MeasureError) -> PointSet {
    guard points.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: points.dimension)
    }
    guard count > 0 else { throw .tooFewPoints(needed: 2, found: 1) }
    guard points.count > 0 else { return PointSet(rows: 0, dimension: count, values: []) }
    var projected = Array(repeating: Float(0), count: points.count * count)
    // Centred before the product: a collapsed generator's tiny spread must not drown in the rounding of the mean.
    var centred = points.values
    centred.withUnsafeMutableBufferPointer { values in
      mean.withUnsafeBufferPointer { mean in
        for row in 0..<points.count {
          for axis in 0..<dimension { values[row * dimension + axis] -= mean[axis] }
        }
      }
    }
    LinearAlgebra.multiplyTransposed(
      centred, rows: points.count, components, columns: count, inner: dimension, into: &projected)
    return PointSet(rows: points.count, dimension: count, values: projected)
  }

  /// Unit length, and the coordinate of the largest magnitude positive.
  private static func normalized(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let largest = vector.max { abs($0) < abs($1) } ?? 1
    let factor = (largest < 0 ? -1 : 1) / max(length, .leastNormalMagnitude)
    return vector.map { $0 * factor }
  }
}
