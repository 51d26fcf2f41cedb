import Foundation

/// A sustained oscillation in two series of a run: the players' losses, or projections of their parameters.
///
/// Players of a zero-sum game tend to circle the equilibrium instead of reaching it: near it simultaneous gradient steps of
/// size h on eigenvalues +-i w turn by about h w a step and grow by sqrt(1 + h^2 w^2); alternating ones circle; a gradient
/// penalty or averaging makes them shrink. In the players' parameters the two series are then a quarter period apart.
///
/// Reference: Mescheder, Geiger, Nowozin, "Which training methods for GANs do actually converge?", arXiv:1801.04406,
/// section 2.
public struct Oscillation: Sendable, Equatable, Codable {
  public enum Trend: String, Sendable, Codable { case growing, steady, decaying }

  /// Steps of one turn.
  public let period: Double
  /// By how much of a period the second series comes after the first, in -0.5...0.5: 0 for swinging together, +-0.5 for
  /// swinging against each other, +-0.25 for a rotation.
  public let lag: Double
  /// Coherence of the two at this frequency, 0...1; without it the lag means nothing.
  public let coherence: Double
  /// The lesser of the two series' shares of power at this frequency, 0...1, the slow drift taken out.
  public let share: Double
  /// Amplitudes of the two series at the end of the window, in their own units.
  public let firstAmplitude: Double
  public let secondAmplitude: Double
  /// d ln(amplitude) / d step: e^(growth) is the factor of a step.
  public let growth: Double
  /// Standard error of `growth`.
  public let growthError: Double
  /// Whether the amplitude changes by more than a quarter over the window, and by more than twice the standard error.
  public let trend: Trend

  /// By which factor the amplitude changes in one period.
  public var growthPerPeriod: Double { exp(growth * period) }

  /// Whether the two circle each other: coherent, and a quarter period apart, give or take a tenth of a period.
  public var isRotation: Bool { Self.isRotation(lag: lag, coherence: coherence) }

  static func isRotation(lag: Double, coherence: Double) -> Bool { coherence >= 0.5 && abs(abs(lag) - 0.25) <= 0.1 }

  /// A growing oscillation ends in divergence; a steady one only wastes the steps. A decaying one needs no verdict.
  public var severity: VerdictSeverity? {
    switch trend {
    case .growing: .critical
    case .steady: .warning
    case .decaying: nil
    }
  }

  /// A sentence such as "rotation: the players circle each other every 126 steps, and the amplitude grows by 17 % a turn".
  public var message: String {
    let percent = String(format: "%.0f %%", abs(growthPerPeriod - 1) * 100)
    let course =
      switch trend {
      case .growing: "and the amplitude grows by \(percent) a turn"
      case .steady: "and the amplitude stays"
      case .decaying: "and the amplitude shrinks by \(percent) a turn"
      }
    let motion =
      isRotation
      ? "rotation: the players circle each other"
      : coherence < 0.5
        ? "oscillation: both players swing"
        : abs(lag) < 0.25
          ? "oscillation: the players swing together" : "oscillation: the players swing against each other"
    return "\(motion) every \(figure(period)) steps, \(course)"
  }

  /// The figures behind it, such as "82 % of the power at a period of 126 steps, 0.25 of it apart, coherence 0.99".
  public var rule: String {
    "\(String(format: "%.0f %%", share * 100)) of the power at a period of \(figure(period)) steps, "
      + "\(figure(abs(lag))) of it apart, coherence \(figure(coherence))"
  }
}

/// Looks for a sustained oscillation in the two series.
///
/// What is slower than a fifth of the window is taken out by a moving average, the growth of the amplitude by the slope of its
/// logarithm. Then there is a rotation if one narrow band of frequencies, with at least five turns in the window and four
/// samples a turn, holds 40 % of the power of each series, and 30 % in each half of the window, stands out by a factor of 4
/// from slower and from faster frequencies, and is a quarter period apart. Oscillations of another phase need 60 %, 50 % and a
/// factor of 10: both series may have the same noise.
///
/// Of 36,000 simulated pairs of noise without a period (white to random walk, independent to equal, 64 to 1,500 samples) 5 were
/// taken for a rotation and 7 for another oscillation. Of rotations under noise of 0.5 amplitudes 99 % were found, of 0.7
/// from 85 % (64 samples) to nearly all (1,500), of 1 amplitude few.
///
/// - Parameters:
///   - first: evenly sampled, finite; by convention the discriminator's.
///   - second: as many; the generator's.
///   - stepsPerSample: training steps from one sample to the next.
/// - Returns: nil where there is none, or with fewer than `OscillationSearch.shortest` samples.
/// - Throws: `MeasureError.countMismatch`, `.nonFinite` or `.rangeNotPositive`.
public func sustainedOscillation(
  _ first: [Double], _ second: [Double], stepsPerSample: Double = 1
) throws(MeasureError) -> Oscillation? {
  guard first.count == second.count else {
    throw .countMismatch(what: "samples", expected: first.count, found: second.count)
  }
  guard stepsPerSample > 0, stepsPerSample.isFinite else {
    throw .rangeNotPositive(what: "steps of a sample", value: stepsPerSample)
  }
  try requireFinite(first, "samples")
  try requireFinite(second, "samples")
  return OscillationSearch(first, second)?.oscillation(stepsPerSample: stepsPerSample)
}
