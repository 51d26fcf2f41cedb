/// The baseline of anomaly detection: how badly the leading principal components of normal data reconstruct a sample.
///
///     score(x) = |x - m - W^T W (x - m)|^2
///
/// in squared units of the points, 0 and up. Strong on images: a learned detector's `areaUnderROC` means little without it.
///
/// Reference: I. T. Jolliffe, "Principal Component Analysis", 2nd edition, section 10.1.
public struct ReconstructionAnomaly: Sendable, Equatable {
  public let components: PrincipalComponents

  /// - Parameters:
  ///   - normal: samples without anomalies.
  ///   - count: components kept; fewer than the coordinates of a sample, or every sample is reconstructed.
  /// - Throws: `MeasureError.countNotPositive`, `.tooFewPoints`, `.nonFinite` or `.lapack`.
  public init(fitting normal: PointSet, components count: Int) throws(MeasureError) {
    try normal.requireFinite("normal samples")
    components = try PrincipalComponents(fitting: normal, components: count)
  }

  /// The scores of samples. Shape [samples].
  ///
  /// - Throws: `MeasureError.dimensionMismatch` or `.nonFinite`.
  public func scores(of points: PointSet) throws(MeasureError) -> [Double] {
    let dimension = components.dimension
    guard points.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: points.dimension)
    }
    try points.requireFinite("samples")
    guard points.count > 0 else { return [] }
    var reconstructed = Array(repeating: Float(0), count: points.values.count)
    // Constant normal data has no component: the mean reconstructs it.
    if components.count > 0 {
      reconstructed = LinearAlgebra.multiply(
        try components.project(points).values, rows: points.count, components.components, columns: dimension,
        inner: components.count)
    }
    return (0..<points.count).map { row in
      var sum = 0.0
      for axis in 0..<dimension {
        let index = row * dimension + axis
        let residual = Double(points.values[index] - components.mean[axis]) - Double(reconstructed[index])
        sum += residual * residual
      }
      return sum
    }
  }
}
