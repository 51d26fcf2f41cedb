import Telemetry

/// A measurement by which the best checkpoint of a run is chosen.
public enum BestMeasure: String, Sendable, CaseIterable {
  case judgeFrechet = "judge/frechet"
  case judgePrecision = "judge/precision"
  case judgeRecall = "judge/recall"
  case judgeClasses = "judge/classes"
  case judgeClassEntropy = "judge/entropy_classes"
  case modesCovered = "modes/covered"
  case modesWithMass = "modes/with_mass"
  case highQuality = "modes/high_quality"
  case modeEntropy = "entropy/modes"
  case effectiveClusters = "entropy/effective_clusters"
  case entropyGap = "entropy/gap"
  case heldOutDistance = "held_out/l1"
  case heldOutCycle = "held_out/cycle"
  case heldOutReconstruction = "held_out/reconstruction"

  /// The metric as a run reports it.
  public var metric: MetricID { MetricID(rawValue: rawValue) }

  /// Whether one value is better than another: distances are best at 0, a gap of entropies at 0 from either side, all
  /// others are best high.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    switch self {
    case .judgeFrechet, .heldOutDistance, .heldOutCycle, .heldOutReconstruction: value < other
    case .entropyGap: abs(value) < abs(other)
    case .judgePrecision, .judgeRecall, .judgeClasses, .judgeClassEntropy, .modesCovered, .modesWithMass,
      .highQuality, .modeEntropy, .effectiveClusters:
      value > other
    }
  }
}
