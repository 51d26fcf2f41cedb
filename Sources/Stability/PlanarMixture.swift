import Foundation

/// A mixture of round Gaussians in the plane, whose density is known: Σ w_i·N(x; μ_i, σ²·I).
public struct PlanarMixture: Sendable, Hashable {
  /// x and y in turn, as a batch `[count, 2]` has them.
  public let centers: [Double]
  public let deviation: Double
  /// Normalized to a sum of 1.
  public let weights: [Double]

  /// - Parameters:
  ///   - centers: x and y in turn.
  ///   - weights: nil for equal ones.
  /// - Throws: `StabilityError.notPositive` for a deviation or weight that is not, `.wrongCount` without centres, with an
  ///   odd number of coordinates or another number of weights.
  public init(centers: [Double], deviation: Double, weights: [Double]? = nil) throws(StabilityError) {
    guard !centers.isEmpty, centers.count % 2 == 0 else {
      throw .wrongCount(what: "a mixture", expected: centers.count + (centers.isEmpty ? 2 : 1), found: centers.count)
    }
    guard deviation.isFinite, deviation > 0 else { throw .notPositive(what: "deviation", value: deviation) }
    let given = weights ?? Array(repeating: 1, count: centers.count / 2)
    guard given.count == centers.count / 2 else {
      throw .wrongCount(what: "the weights", expected: centers.count / 2, found: given.count)
    }
    for weight in given where !(weight.isFinite && weight > 0) { throw .notPositive(what: "weight", value: weight) }
    let sum = given.reduce(0, +)
    self.centers = centers
    self.deviation = deviation
    self.weights = given.map { $0 / sum }
  }

  public func density(x: Double, y: Double) -> Double {
    let precision = 1 / (deviation * deviation)
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      let (dx, dy) = (x - centers[2 * index], y - centers[2 * index + 1])
      sum += weight * exp(-0.5 * precision * (dx * dx + dy * dy))
    }
    return sum * precision / (2 * Double.pi)
  }
}

extension PlanarMixture {
  /// The kernel density estimate of points: a round Gaussian at each.
  ///
  /// - Parameters:
  ///   - points: x and y in turn, as a batch `[count, 2]` has them.
  ///   - bandwidth: the kernels' deviation; nil for `scottBandwidth`, which blurs narrow modes that lie far apart: give
  ///     about a mode's own deviation times count^(−1/6) there.
  /// - Throws: `StabilityError.wrongCount` for fewer than two points or an odd number of values, `.notPositive` where
  ///   the bandwidth comes out as 0.
  public static func kernelDensity(
    of points: [Double], bandwidth: Double? = nil
  ) throws(StabilityError) -> PlanarMixture {
    guard points.count % 2 == 0, points.count >= 4 else {
      throw .wrongCount(what: "a kernel density", expected: max(4, points.count + 1), found: points.count)
    }
    return try PlanarMixture(centers: points, deviation: bandwidth ?? scottBandwidth(of: points))
  }

  /// Scott's rule in the plane, σ·count^(−1/6), σ² the mean of both coordinates' variances.
  ///
  /// Reference: Scott, Multivariate Density Estimation, 2nd edition 2015, chapter 6.
  public static func scottBandwidth(of points: [Double]) -> Double {
    let count = Double(points.count / 2)
    var variance = 0.0
    for axis in 0..<2 {
      let values = stride(from: axis, to: points.count, by: 2).map { points[$0] }
      let mean = values.reduce(0, +) / count
      variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / 2
    }
    return variance.squareRoot() * pow(count, -1.0 / 6)
  }
}
