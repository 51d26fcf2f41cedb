/// The squared Fréchet distance of two normal distributions, in squared units of the features.
///
///     d^2 = |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1^{1/2} S_2 S_1^{1/2})^{1/2})
///
/// Covariances have ddof = 1. The root is of a symmetric matrix, by its eigenvalues: tr of it is the sum of their square roots,
/// which a singular covariance (fewer samples than features) leaves defined. Rounding below 0 counts as 0.
///
/// Only distances in the same features and of about the same number of samples compare: the estimate is biased upward,
/// by about (d^2 / 2 + 2 d) / N for N samples each of d independent features of variance 1. It may be called FID only in the features of the Inception network.
///
/// Reference: D. C. Dowson, B. V. Landau, "The Fréchet distance between multivariate normal distributions" (1982);
/// Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash equilibrium", arXiv:1706.08500,
/// equation 6.
///
/// - Throws: `MeasureError.dimensionMismatch`, `.tooFewPoints` with fewer than 2 samples in a set, or `.lapack`.
public func frechetDistance(
  _ first: GaussianStatistics, _ second: GaussianStatistics
) throws(MeasureError) -> Double {
  guard first.dimension == second.dimension else {
    throw .dimensionMismatch(expected: first.dimension, found: second.dimension)
  }
  let fewest = min(first.count, second.count)
  guard fewest >= 2 else { throw .tooFewPoints(needed: 2, found: fewest) }
  let size = first.dimension
  let covariances = (first.covariance, second.covariance)
  let root = try LinearAlgebra.symmetricSquareRoot(covariances.0, size: size)
  let half = LinearAlgebra.multiply(root, rows: size, covariances.1, columns: size, inner: size)
  let product = LinearAlgebra.multiply(half, rows: size, root, columns: size, inner: size)
  let eigenvalues = try LinearAlgebra.symmetricEigenpairs(product, size: size, vectors: false).values

  // The square root of an eigenvalue that is only rounding would be far larger than the rounding.
  let smallest = (eigenvalues.last ?? 0) * Double(size) * 0x1p-52
  var distance = 0.0
  for eigenvalue in eigenvalues where eigenvalue > smallest { distance -= 2 * eigenvalue.squareRoot() }
  for axis in 0..<size { distance += covariances.0[axis * size + axis] + covariances.1[axis * size + axis] }
  for axis in 0..<size {
    let difference = first.mean[axis] - second.mean[axis]
    distance += difference * difference
  }
  return max(0, distance)
}

/// The squared Fréchet distance of two sets of features, see `frechetDistance(_:_:)` of their statistics.
///
/// - Throws: `MeasureError.dimensionMismatch`, `.tooFewPoints`, `.nonFinite` or `.lapack`.
public func frechetDistance(generated: PointSet, real: PointSet) throws(MeasureError) -> Double {
  try frechetDistance(GaussianStatistics(of: generated), GaussianStatistics(of: real))
}

/// The squared Fréchet distance in the space of principal components of the real data, in squared units of the points.
///
/// - Parameter space: fitted once on real data.
/// - Throws: `MeasureError.dimensionMismatch`, `.tooFewPoints`, `.nonFinite` or `.lapack`.
public func frechetDistance(
  generated: PointSet, real: PointSet, in space: PrincipalComponents
) throws(MeasureError) -> Double {
  try frechetDistance(generated: space.project(generated), real: space.project(real))
}

/// The distance that no generator can be expected to pass: of two disjoint sets of real samples, drawn at random.
///
/// - Parameters:
///   - real: features of real samples, in any order.
///   - samples: in each of the two sets, as many as will be generated; nil for one half of all. At most one half.
///   - seed: of the draw.
/// - Throws: `MeasureError.tooFewPoints` with fewer than 4 samples or than 2 sets of `samples`, `.countNotPositive`,
///   `.nonFinite` or `.lapack`.
public func frechetFloor(of real: PointSet, samples: Int? = nil, seed: UInt64 = 1) throws(MeasureError) -> Double {
  let size = samples ?? real.count / 2
  guard size > 0 || samples == nil else { throw .countNotPositive(what: "samples", value: size) }
  let needed = 2 * max(2, min(size, Int.max / 2))
  guard real.count >= needed else { throw .tooFewPoints(needed: needed, found: real.count) }
  var generator = CounterGenerator(seed: seed)
  var rows = Array(0..<real.count)
  // Fisher and Yates's shuffle, as far as it is needed.
  for index in 0..<2 * size { rows.swapAt(index, index + generator.integer(below: real.count - index)) }
  return try frechetDistance(generated: real.rows(rows[..<size]), real: real.rows(rows[size..<2 * size]))
}

extension PointSet {
  /// The rows listed, which must exist.
  func rows(_ list: ArraySlice<Int>) -> PointSet {
    var chosen: [Float] = []
    chosen.reserveCapacity(list.count * dimension)
    for row in list { chosen.append(contentsOf: values[row * dimension..<(row + 1) * dimension]) }
    return PointSet(rows: list.count, dimension: dimension, values: chosen)
  }
}
