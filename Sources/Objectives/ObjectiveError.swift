/// Why an objective cannot be made.
public enum ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A critic's scores are compared with each other, not with labels.
  case noLabels(objective: String)
  case labelsOutOfOrder(real: Double, fake: Double)
  case flipProbabilityOutOfRange(Double)

  public var description: String {
    switch self {
    case .noLabels(let objective):
      "\(objective) has no labels to smooth; Minimax, NonSaturating and LeastSquares have"
    case .labelsOutOfOrder(let real, let fake):
      "labels need 0 <= fake < real <= 1, found fake \(fake) and real \(real)"
    case .flipProbabilityOutOfRange(let probability):
      "a probability of flipped labels is in 0 ..< 0.5, found \(probability)"
    }
  }
}
