import Foundation

/// The discriminator that is best against a generator of known density, on the cells of a grid.
///
///     D*(x) = p_data(x)/(p_data(x) + p_g(x))
///     C(G) = E_data ln D* + E_g ln(1 − D*) = −ln 4 + 2·JSD(p_data, p_g)
///
/// Integrals are sums over the cells' middles. What lies outside of the grid counts as if both densities were equal there:
/// see `dataMass` and `generatedMass`.
///
/// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), proposition 1 and theorem 1.
public struct OptimalDiscriminator: Sendable, Hashable, Codable {
  /// D* in each cell; ½ where both densities are 0, and any value is optimal.
  public let values: [Double]
  /// C(G), −ln 4 for p_g = p_data, 0 where they do not overlap; in nats.
  public let criterion: Double
  /// C(G) + ln 4 = 2·JSD, in 0 ... ln 4.
  public let distance: Double
  /// The integrals of the densities over the grid; 1 when it is wide and fine enough.
  public let dataMass: Double
  public let generatedMass: Double
  /// What a sample of the mixture ½·(p_data + p_g) is found in each cell by; sums to 1.
  private let shares: [Double]

  /// - Parameters:
  ///   - data: p_data at each cell's middle, at least 0.
  ///   - generated: p_g there.
  ///   - cellArea: of the grid.
  /// - Throws: `StabilityError.wrongCount` for densities of two grids, `.notPositive` for an area or a total density that
  ///   is not, `.notFinite` for densities that are negative or not finite.
  public init(data: [Double], generated: [Double], cellArea: Double) throws(StabilityError) {
    guard data.count == generated.count else {
      throw .wrongCount(what: "the generated density", expected: data.count, found: generated.count)
    }
    guard cellArea.isFinite, cellArea > 0 else { throw .notPositive(what: "cell's area", value: cellArea) }
    guard (data + generated).allSatisfy({ $0.isFinite && $0 >= 0 }) else { throw .notFinite(what: "density") }
    var divergence = 0.0
    for (p, q) in zip(data, generated) where p + q > 0 {
      // p·ln(2p/(p + q)) + q·ln(2q/(p + q)); a density of 0 adds 0.
      if p > 0 { divergence += p * log(2 * (p / (p + q))) }
      if q > 0 { divergence += q * log(2 * (q / (p + q))) }
    }
    let total = zip(data, generated).reduce(0) { $0 + $1.0 + $1.1 }
    guard total > 0 else { throw .notPositive(what: "total density", value: total) }
    values = zip(data, generated).map { $0 + $1 > 0 ? $0 / ($0 + $1) : 0.5 }
    // Rounding of equal densities may fall below 0.
    distance = max(0, divergence * cellArea)
    criterion = distance - log(4)
    dataMass = data.reduce(0, +) * cellArea
    generatedMass = generated.reduce(0, +) * cellArea
    shares = zip(data, generated).map { ($0 + $1) / total }
  }

  /// p_data and p_g as functions, on a grid.
  public init(
    on grid: PlanarGrid, data: (_ x: Double, _ y: Double) -> Double, generated: (_ x: Double, _ y: Double) -> Double
  ) throws(StabilityError) {
    try self.init(data: grid.values(of: data), generated: grid.values(of: generated), cellArea: grid.cellArea)
  }

  /// The mean of |D − D*| over the mixture ½·(p_data + p_g): how far a discriminator is from the best, where samples are.
  ///
  /// - Parameter judged: D in each cell, probabilities.
  /// - Throws: `StabilityError.wrongCount` for another number of cells.
  public func meanDifference(to judged: [Double]) throws(StabilityError) -> Double {
    guard judged.count == values.count else {
      throw .wrongCount(what: "the discriminator", expected: values.count, found: judged.count)
    }
    return zip(shares, zip(judged, values)).reduce(0) { $0 + $1.0 * abs($1.1.0 - $1.1.1) }
  }

  /// V(D, G) = E_data ln D + E_g ln(1 − D) of a discriminator, at most C(G), on the grid's masses.
  ///
  /// - Parameters:
  ///   - judged: D in each cell, probabilities. Values of 0 and 1 give −∞ where they are wrong.
  ///   - data: p_data in each cell.
  ///   - generated: p_g in each cell.
  /// - Throws: `StabilityError.wrongCount` for arrays of another length.
  public static func value(
    of judged: [Double], data: [Double], generated: [Double], cellArea: Double
  ) throws(StabilityError) -> Double {
    guard data.count == judged.count, generated.count == judged.count else {
      throw .wrongCount(what: "the densities", expected: judged.count, found: min(data.count, generated.count))
    }
    var sum = 0.0
    for (d, (p, q)) in zip(judged, zip(data, generated)) {
      if p > 0 { sum += p * log(d) }
      if q > 0 { sum += q * log1p(-d) }
    }
    return sum * cellArea
  }
}
