/// Decides whether the next measurement may run, so that measuring takes at most a share of the CPU time.
///
/// Pure arithmetic on seconds that the caller measures:
///
///     allowed  <=>  spent + expected <= share * (training + spent + expected)
///
/// `expected` is the larger of the last cost and the mean. The first measurement, whose cost nobody knows, is always allowed;
/// later ones then wait until training has caught up with it.
public struct MeasurementBudget: Sendable, Equatable, Codable {
  /// Largest share of all CPU time, 0...1.
  public let share: Double
  /// CPU seconds of all measurements so far.
  public private(set) var spent = 0.0
  /// Measurements so far.
  public private(set) var count = 0
  private var last = 0.0

  /// - Parameter share: clamped to 0.0001...1.
  public init(share: Double = 0.02) {
    self.share = share.isFinite ? min(1, max(0.0001, share)) : 0.02
  }

  /// CPU seconds that the next measurement is expected to take; 0 before the first.
  public var expected: Double { count > 0 ? max(last, spent / Double(count)) : 0 }

  /// CPU seconds of training that must have passed before the next measurement may run; 0 for the first.
  public var requiredTraining: Double { count > 0 ? (spent + expected) * (1 - share) / share : 0 }

  /// - Parameter training: CPU seconds of training so far.
  public func allows(afterTraining training: Double) -> Bool { training >= requiredTraining }

  /// Whether a measurement is due and may run.
  ///
  /// - Parameters:
  ///   - step: the current one.
  ///   - lastStep: of the previous measurement; nil before the first.
  ///   - interval: steps between measurements that the configuration asks for.
  ///   - training: CPU seconds of training so far.
  public func isDue(at step: Int, lastStep: Int?, interval: Int, afterTraining training: Double) -> Bool {
    guard allows(afterTraining: training) else { return false }
    guard let lastStep else { return true }
    return step < lastStep || step - lastStep >= max(1, interval)
  }

  /// Records what a measurement took, in CPU seconds. Negative and non-finite values count as 0.
  public mutating func record(cost seconds: Double) {
    last = seconds.isFinite ? max(0, seconds) : 0
    spent += last
    count += 1
  }
}
