import Foundation

/// The modes of data that is a mixture of round Gaussians of one deviation.
public struct MixtureModes: Sendable, Equatable {
  /// Shape [K, dimension].
  public let means: PointSet
  /// The deviation of each coordinate within a mode, in the points' units.
  public let deviation: Double
  /// Shares of the mass, summing to 1. Shape [K].
  public let weights: [Double]

  /// - Parameter weights: relative masses; nil for equal ones.
  /// - Throws: `MeasureError.noModes`, `.deviationNotPositive` or `.weights`.
  public init(means: PointSet, deviation: Double, weights: [Double]? = nil) throws(MeasureError) {
    guard means.count > 0, means.finite().nonFinite == 0 else { throw .noModes }
    guard deviation > 0, deviation.isFinite else { throw .deviationNotPositive(deviation) }
    let masses = weights ?? Array(repeating: 1, count: means.count)
    let total = masses.reduce(0, +)
    guard masses.count == means.count, masses.allSatisfy({ $0 > 0 }), total.isFinite else {
      throw .weights(modes: means.count, found: masses)
    }
    self.means = means
    self.deviation = deviation
    self.weights = masses.map { $0 / total }
  }

  /// K.
  public var count: Int { means.count }

  /// The share of high-quality samples of a perfect sampler of modes far apart: P(chi^2_d < 9), 1 - e^-4.5 = 98.889 % for
  /// d = 2. A generator with a higher share has shrunken modes.
  public var perfectShare: Double {
    // Regularized lower incomplete gamma P(d/2, 4.5) by its recurrence in a: P(a + 1, x) = P(a, x) - x^a e^-x / Gamma(a + 1).
    let x = ModeCoverage.radius * ModeCoverage.radius / 2
    let isEven = means.dimension.isMultiple(of: 2)
    var a = isEven ? 1.0 : 0.5
    var share = isEven ? 1 - exp(-x) : erf(x.squareRoot())
    var term = isEven ? x * exp(-x) : 2 * (x / Double.pi).squareRoot() * exp(-x)
    while a < Double(means.dimension) / 2 {
      share -= term
      a += 1
      term *= x / a
    }
    return max(0, share)
  }
}

/// How a generator's samples spread over the known modes of its data.
///
/// A sample is of high quality when it lies within 3 deviations of the nearest mean (Euclidean distance over deviation < 3).
/// Only those are counted into the histogram. The tables of the literature use 2,500 samples, on which the share has a
/// standard error of up to half a point; use 25,000 for a claim.
///
/// Reference: Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in generative adversarial networks",
/// arXiv:1712.04086, section 4.1; Srivastava et al., "VEEGAN", arXiv:1705.07761, section 5.1.
public struct ModeCoverage: Sendable, Equatable {
  /// Deviations from the mean within which a sample counts.
  public static let radius = 3.0
  /// A mode has mass when it holds at least this part of its share.
  public static let massPart = 0.2

  /// K.
  public let modes: Int
  /// All samples, the non-finite ones included.
  public let samples: Int
  /// Samples with a coordinate that is NaN or infinite: never of high quality.
  public let nonFinite: Int
  /// High-quality samples by nearest mode. Shape [K].
  public let histogram: [Int]
  /// Modes with at least one high-quality sample: "modes" in the literature's tables.
  public let covered: Int
  /// Modes that hold at least a fifth of their share of the mass, among the high-quality samples: n_k / n >= w_k / 5.
  /// How many samples are of high quality at all is `highQuality`'s to say.
  public let withMass: Int
  /// Entropy of the histogram p_k = n_k / n over the modes, nats: -sum p_k ln p_k, in 0...ln K. Nil with no high-quality sample.
  ///
  /// The plug-in estimate: low by about (m - 1) / (2 n) with m covered modes (Miller and Madow), see `entropyBias`.
  public let entropy: Double?
  /// KL(p || w) = sum p_k ln(p_k / w_k) against the modes' weights, nats; what PacGAN's tables call reverse KL. A perfect
  /// sampler has about (K - 1) / (2 n). Nil with no high-quality sample.
  public let reverseKL: Double?

  /// Samples within 3 deviations of the nearest mean.
  public var highQualityCount: Int { histogram.reduce(0, +) }
  /// Share of the high-quality samples among all, 0...1; 0 without samples.
  public var highQuality: Double { samples > 0 ? Double(highQualityCount) / Double(samples) : 0 }
  /// ln K, nats: the entropy over modes when all weigh the same.
  public var maximumEntropy: Double { log(Double(modes)) }
  /// The Miller-Madow correction (m - 1) / (2 n), nats: add it to `entropy` for an estimate of less bias.
  public var entropyBias: Double {
    highQualityCount > 0 ? Double(max(0, covered - 1)) / Double(2 * highQualityCount) : 0
  }

  /// - Throws: `MeasureError.dimensionMismatch`.
  public init(of points: PointSet, modes mixture: MixtureModes) throws(MeasureError) {
    let means = mixture.means
    guard points.dimension == means.dimension else {
      throw .dimensionMismatch(expected: means.dimension, found: points.dimension)
    }
    let (finite, nonFinite) = points.finite()
    let reach = Self.radius * mixture.deviation
    var histogram = Array(repeating: 0, count: means.count)
    finite.values.withUnsafeBufferPointer { points in
      means.values.withUnsafeBufferPointer { centres in
        for row in 0..<finite.count {
          let (mode, square) = nearest(points, row, centres, count: means.count, dimension: means.dimension)
          if square < reach * reach { histogram[mode] += 1 }
        }
      }
    }
    modes = means.count
    samples = points.count
    self.nonFinite = nonFinite
    self.histogram = histogram
    covered = histogram.count { $0 > 0 }
    let total = Double(histogram.reduce(0, +))
    withMass = zip(histogram, mixture.weights).count { held, weight in
      held > 0 && Double(held) >= Self.massPart * weight * total
    }
    entropy = histogramEntropy(histogram)
    reverseKL =
      total > 0
      ? relativeEntropy(histogram.map { Double($0) / total }, to: mixture.weights) : nil
  }
}

/// -sum p ln p of a histogram's shares, nats; nil for an empty one. The plug-in estimate.
func histogramEntropy(_ histogram: [Int]) -> Double? {
  let total = histogram.reduce(0, +)
  guard total > 0 else { return nil }
  // 0 - x rather than -x: one full bin has entropy 0, not minus 0.
  return 0
    - histogram.reduce(0.0) { sum, count in
      let share = Double(count) / Double(total)
      return count > 0 ? sum + share * log(share) : sum
    }
}

/// The centre nearest to a row, and the squared distance to it. The first of equals.
@inline(__always)
func nearest(
  _ points: UnsafeBufferPointer<Float>, _ row: Int, _ centres: UnsafeBufferPointer<Float>, count: Int, dimension: Int
) -> (index: Int, square: Double) {
  var best = 0
  var bestSquare = Double.infinity
  for centre in 0..<count {
    var square = 0.0
    for axis in 0..<dimension {
      let difference = Double(points[row * dimension + axis]) - Double(centres[centre * dimension + axis])
      square += difference * difference
    }
    if square < bestSquare {
      bestSquare = square
      best = centre
    }
  }
  return (best, bestSquare)
}
