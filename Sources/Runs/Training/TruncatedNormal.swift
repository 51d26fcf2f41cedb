import Foundation

/// The standard normal distribution between −limit and limit, by its inverse distribution function.
///
///     z′ = F⁻¹(Φ(z)),    F(x) = (Φ(x) − Φ(−t)) / (Φ(t) − Φ(−t)),    so that  erf(z′/√2) = erf(t/√2)·erf(z/√2)
///
/// for z from N(0, 1): no draw is thrown away, so that a latent moves towards 0 as the limit does.
///
/// Reference: [Brock et al. 2019](https://arxiv.org/abs/1809.11096), section 3.1, which resamples what lies outside.
struct TruncatedNormal {
  let limit: Double
  /// Φ(t) − Φ(−t).
  private let mass: Double

  /// - Parameter limit: t, above 0.
  init(limit: Double) {
    self.limit = max(limit, .leastNormalMagnitude)
    mass = erf(self.limit / 2.0.squareRoot())
  }

  /// The truncated value of a standard normal one.
  func callAsFunction(_ z: Double) -> Double {
    let value = 2.0.squareRoot() * Self.inverseErf(mass * erf(z / 2.0.squareRoot()))
    return min(max(value, -limit), limit)
  }

  /// x with erf(x) = y, infinite for y = ±1: from a closed form that is good to 0.2 %, by Newton's steps.
  static func inverseErf(_ y: Double) -> Double {
    guard abs(y) < 1 else { return y.isNaN ? y : y < 0 ? -.infinity : .infinity }
    // ln(1 − y²) without cancellation near ±1 and near 0.
    let logarithm = log1p(-abs(y)) + log1p(abs(y))
    // Where the closed form 1 − exp(−x²·(4/π + a·x²)/(1 + a·x²)) of erf(x)² has its root.
    let a = 0.147
    let half = 2 / (.pi * a) + logarithm / 2
    let square = (half * half - logarithm / a).squareRoot() - half
    var x = square > 0 ? square.squareRoot() : 0
    for _ in 0..<4 {
      let slope = 2 / Double.pi.squareRoot() * exp(-x * x)
      guard slope > 0 else { break }
      // The tail is compared with the tail, which keeps its digits.
      x += (x > 0.5 ? erfc(x) - (1 - abs(y)) : erf(x) - abs(y)) * (x > 0.5 ? 1 : -1) / slope
    }
    return y < 0 ? -x : x
  }
}

/// Why samples cannot be truncated as asked.
public enum TruncationError: Error, Equatable, CustomStringConvertible, ExitCoded {
  /// Latents without tails.
  case uniformLatents
  case noLatents(model: String)
  case outOfRange(Double, most: Double)

  public var exitCode: Int32 { ExitCode.usage }

  public var description: String {
    switch self {
    case .uniformLatents: "the run's latents are uniform on [-1, 1), and truncation cuts off the tails of normal ones"
    case .noLatents(let model): "\(model) runs have no truncation: it is of the latents of gan runs"
    case .outOfRange(let value, let most):
      "truncation \(decimal(value)) is not above 0 and at most \(decimal(most))"
    }
  }
}
