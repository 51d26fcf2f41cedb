/// What gradient steps of a growing size do to a small distance from a stationary point.
///
/// Eigenvalues that are 0, along which the point is not isolated (two networks that are one function), are left out.
public struct StepLimit: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Steps below the limit bring the players nearer.
    case contracting
    /// Steps below the limit keep the distance: the players circle.
    case neutral
    /// Small steps lead away already.
    case growing
  }
  public let kind: Kind
  /// The first size, as a factor of the rates, from which steps lead away; nil where small ones do already, or where
  /// none does that was looked at.
  public let factor: Double?

  public init(kind: Kind, factor: Double?) {
    self.kind = kind
    self.factor = factor
  }
}

extension StepLimit {
  /// The limit of simultaneous steps by their closed form.
  ///
  ///     |1 + s·λ| < 1  for all λ   ⟺   Re λ < 0 and s < 2·|Re λ|/|λ|²  for all λ
  ///
  /// Reference: [Mescheder et al. 2017](https://arxiv.org/abs/1705.10461), section 3.
  ///
  /// - Parameters:
  ///   - eigenvalues: of R·v′ with the rates R; of v′ where the factor is the rate itself.
  ///   - tolerance: what counts as 0, relative to the greatest modulus: 1e-7 for f64, 1e-3 for f32.
  public static func simultaneous(eigenvalues: [Eigenvalue], tolerance: Double = 1e-7) -> StepLimit {
    let zero = tolerance * eigenvalues.spectralRadius
    let moving = eigenvalues.filter { $0.modulus > zero }
    guard !moving.isEmpty else { return StepLimit(kind: .neutral, factor: nil) }
    // Without damping, |1 + s·λ| > 1 for every s.
    guard moving.allSatisfy({ $0.real < -zero }) else { return StepLimit(kind: .growing, factor: nil) }
    return StepLimit(kind: .contracting, factor: moving.map { -2 * $0.real / ($0.modulus * $0.modulus) }.min())
  }

  /// The limit of any steps at a stationary point, by bisection on the dense operator.
  ///
  /// - Parameters:
  ///   - steps: rates and order; the factor multiplies both rates.
  ///   - jacobian: v′ at the point.
  ///   - tolerance: what counts as 0, relative to the greatest modulus of R·v′.
  /// - Throws: `StabilityError.notFinite`, `.lapack`.
  public static func searched(
    _ steps: GradientSteps, jacobian: SquareMatrix, generatorCount: Int, tolerance: Double = 1e-7
  ) throws(StabilityError) -> StepLimit {
    let rates = GradientSteps(
      generatorRate: steps.generatorRate, discriminatorRate: steps.discriminatorRate, order: .simultaneous)
    let eigenvalues = try rates.displacement(jacobian: jacobian, generatorCount: generatorCount).eigenvalues()
    let scale = eigenvalues.spectralRadius
    // The kernel of v′ is that of N as well, so as many of its eigenvalues are 0.
    let zeroCount = eigenvalues.filter { $0.modulus <= tolerance * scale }.count
    return try searched(scale: scale, tolerance: tolerance) { factor throws(StabilityError) in
      let displacement = steps.scaled(by: factor).displacement(jacobian: jacobian, generatorCount: generatorCount)
      return Array(try ((1 / factor) * displacement).eigenvalues().dropLast(zeroCount))
    }
  }

  /// Looks at factors from 10⁻³/scale to 10³/scale, each `ratio` times the one before, and then between the last that
  /// does not lead away and the first that does.
  ///
  /// With the operator M(s) = I + s·N(s) and an eigenvalue ν of N, |1 + s·ν|² − 1 = s·(2·Re ν + s·|ν|²); the bracket is
  /// what grows. It has no cancellation, however small s is.
  ///
  /// - Parameters:
  ///   - scale: the greatest modulus of R·v′.
  ///   - precision: of the factor, relative.
  ///   - spectrum: the eigenvalues of N at a factor, without those that are 0 at each.
  static func searched<Failure: Error>(
    scale: Double, tolerance: Double, ratio: Double = 2.0.squareRoot(), precision: Double = 1e-10,
    spectrum: (Double) throws(Failure) -> [Eigenvalue]
  ) throws(Failure) -> StepLimit {
    guard scale > 0 else { return StepLimit(kind: .neutral, factor: nil) }
    let zero = tolerance * scale
    func growth(_ factor: Double) throws(Failure) -> Double {
      try spectrum(factor).map { 2 * $0.real + factor * $0.modulus * $0.modulus }.max() ?? 0
    }
    var factor = 1e-3 / scale
    let first = try growth(factor)
    guard first <= zero else { return StepLimit(kind: .growing, factor: nil) }
    let kind = first < -zero ? Kind.contracting : .neutral
    // Rounding must not end a circle; damping ends where the bracket is 0, but for rounding.
    let bar = kind == .contracting ? 1e-12 * scale : zero
    while factor < 1e3 / scale {
      var (low, high) = (factor, factor * ratio)
      if try growth(high) > bar {
        while high - low > precision * high {
          let middle = (low + high) / 2
          if try growth(middle) > bar { high = middle } else { low = middle }
        }
        return StepLimit(kind: kind, factor: low)
      }
      factor = high
    }
    return StepLimit(kind: kind, factor: nil)
  }
}
