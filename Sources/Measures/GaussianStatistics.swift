/// The mean and covariance of a set of features: all that a Fréchet distance needs of it.
///
/// Computed once, it can be cached (it is `Codable`), and merged with the statistics of more samples of the same features.
public struct GaussianStatistics: Sendable, Equatable, Codable {
  /// Samples.
  public let count: Int
  /// Features of a sample.
  public let dimension: Int
  /// Shape [dimension].
  public let mean: [Double]
  /// sum_n (x_n - m)(x_n - m)^T, symmetric. Shape [dimension, dimension].
  public let scatter: [Double]

  /// The unbiased covariance, ddof = 1: the scatter over `count - 1`; 0 for one sample. Shape [dimension, dimension].
  public var covariance: [Double] {
    let divisor = Double(max(1, count - 1))
    return scatter.map { $0 / divisor }
  }

  /// - Parameter features: one row a sample; any positive number of them, also fewer than features.
  /// - Throws: `MeasureError.tooFewPoints` without a sample, `.nonFinite`.
  public init(of features: PointSet) throws(MeasureError) {
    guard features.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    try features.requireFinite("features")
    let centred = CentredPoints(features)
    count = features.count
    dimension = features.dimension
    mean = centred.mean
    var scatter = centred.scatterMatrix()
    LinearAlgebra.mirrorLowerTriangle(&scatter, size: features.dimension)
    self.scatter = scatter
  }

  /// - Parameters:
  ///   - mean: shape [dimension].
  ///   - covariance: with ddof = 1, symmetric; the lower triangle counts. Shape [dimension, dimension].
  ///   - count: of the samples that they come from; at least 2.
  /// - Throws: `MeasureError.dimensionNotPositive`, `.tooFewPoints`, `.countMismatch` or `.nonFinite`.
  public init(mean: [Double], covariance: [Double], count: Int) throws(MeasureError) {
    guard !mean.isEmpty else { throw .dimensionNotPositive(0) }
    guard count >= 2 else { throw .tooFewPoints(needed: 2, found: count) }
    guard covariance.count == mean.count * mean.count else {
      throw .countMismatch(what: "covariances", expected: mean.count * mean.count, found: covariance.count)
    }
    let nonFinite = mean.count { !$0.isFinite } + covariance.count { !$0.isFinite }
    guard nonFinite == 0 else { throw .nonFinite(what: "mean and covariance", count: nonFinite) }
    var scatter = covariance.map { $0 * Double(count - 1) }
    LinearAlgebra.mirrorLowerTriangle(&scatter, size: mean.count)
    self.init(count: count, mean: mean, scatter: scatter)
  }

  private init(count: Int, mean: [Double], scatter: [Double]) {
    self.count = count
    self.dimension = mean.count
    self.mean = mean
    self.scatter = scatter
  }

  /// The statistics of both sets of samples together, as if computed at once.
  ///
  ///     m = m_a + n_b/n (m_b - m_a),   M = M_a + M_b + n_a n_b / n (m_b - m_a)(m_b - m_a)^T
  ///
  /// Reference: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
  ///
  /// - Throws: `MeasureError.dimensionMismatch`.
  public func merged(with other: GaussianStatistics) throws(MeasureError) -> GaussianStatistics {
    guard other.dimension == dimension else { throw .dimensionMismatch(expected: dimension, found: other.dimension) }
    let total = Double(count + other.count)
    let share = Double(other.count) / total
    let weight = Double(count) * share
    let difference = zip(other.mean, mean).map { $0 - $1 }
    var scatter = self.scatter
    for row in 0..<dimension {
      for column in 0..<dimension {
        let index = row * dimension + column
        scatter[index] += other.scatter[index] + weight * (difference[row] * difference[column])
      }
    }
    return GaussianStatistics(
      count: count + other.count, mean: zip(mean, difference).map { $0 + share * $1 }, scatter: scatter)
  }
}

extension GaussianStatistics {
  private enum CodingKeys: CodingKey { case count, mean, scatter }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .count)
    let mean = try container.decode([Double].self, forKey: .mean)
    let scatter = try container.decode([Double].self, forKey: .scatter)
    guard count > 0, !mean.isEmpty, scatter.count == mean.count * mean.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .scatter, in: container,
        debugDescription: "\(mean.count) means and \(scatter.count) scatters of \(count) samples do not belong together"
      )
    }
    self.init(count: count, mean: mean, scatter: scatter)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(mean, forKey: .mean)
    try container.encode(scatter, forKey: .scatter)
  }
}

extension PointSet {
  /// - Throws: `MeasureError.nonFinite` with the number of values that are NaN or infinite.
  func requireFinite(_ what: String) throws(MeasureError) {
    guard finite().nonFinite > 0 else { return }
    throw .nonFinite(what: what, count: values.count { !$0.isFinite })
  }
}
