/// Oscillation: both losses swing at one period, and the swing does not decay.
///
/// Reports feed the detector; measurements, which carry no losses, leave it as it is. A decaying oscillation counts as none:
/// the players are on their way to where they circle.
struct OscillationRule: Sendable, Equatable, Codable {
  private var detector = OscillationDetector()

  mutating func finding(_ observation: Observation) -> Finding {
    guard let discriminator = observation.discriminatorLoss, let generator = observation.generatorLoss else {
      return .unknown
    }
    guard let found = detector.observe(step: observation.step, first: discriminator, second: generator) else {
      return .clear(message: "the losses no longer oscillate", rule: "no period stands out in both losses")
    }
    guard let severity = found.severity else {
      return .clear(message: "the oscillation of the losses decays", rule: found.rule)
    }
    return .holds(severity: severity, message: found.message, rule: found.rule)
  }
}
