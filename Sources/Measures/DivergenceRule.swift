/// Divergence: a value that is no number, or a loss that has left every scale it had.
///
/// A critic's raw scores, and with them its generator's loss, may drift by any constant without harm; for critics the
/// difference of the scores is watched instead.
struct DivergenceRule: Sendable, Equatable, Codable {
  private static let needed = 20
  private var magnitudes: [String: RunningMedian] = [:]

  mutating func finding(_ observation: Observation, rules: VerdictRules) -> Finding {
    let all = [
      ("loss/generator", observation.generatorLoss), ("loss/discriminator", observation.discriminatorLoss),
      ("score/real", observation.realScore), ("score/fake", observation.fakeScore),
      ("gradient/generator", observation.generatorGradient),
      ("gradient/discriminator", observation.discriminatorGradient),
    ]
    if let (name, value) = all.first(where: { $0.1.map { !$0.isFinite } ?? false }) {
      let text = (value ?? .nan).isNaN ? "not a number" : "infinite"
      return .holds(
        severity: .critical, message: "divergence: \(name) is \(text)",
        rule: "losses, scores and gradients have to be finite", isImmediate: true)
    }
    let watched =
      observation.isCritic
      ? [("score/difference", observation.scoreDifference), ("loss/discriminator", observation.discriminatorLoss)]
      : [("loss/generator", observation.generatorLoss), ("loss/discriminator", observation.discriminatorLoss)]
    let known = watched.compactMap { name, value in value.map { (name, $0) } }
    guard !known.isEmpty else { return .unknown }

    var isSettled = true
    var explosion: Finding?
    for (name, value) in known {
      let magnitude = abs(value)
      let history = magnitudes[name]
      let median = history.flatMap { $0.count >= Self.needed ? $0.median : nil }
      let isTooLarge =
        magnitude > rules.absoluteLimit
        || observation.step >= rules.graceSteps && magnitude > rules.explosionFloor
          && median.map { magnitude > rules.explosionRatio * $0 } ?? false
      if isTooLarge {
        let reason =
          magnitude > rules.absoluteLimit
          ? "> \(figure(rules.absoluteLimit))"
          : "> \(figure(rules.explosionRatio)) x its median \(figure(median ?? 0))"
        explosion = .holds(
          severity: .critical, message: "divergence: \(name) has exploded to \(figure(value))",
          rule: "|\(name)| \(figure(magnitude)) \(reason)")
      } else {
        magnitudes[name, default: RunningMedian()].append(magnitude)
      }
      if magnitude > rules.explosionFloor, let median, magnitude > rules.settledRatio * median { isSettled = false }
    }
    if let explosion { return explosion }
    return isSettled
      ? .clear(message: "losses are back at their usual size", rule: "all values finite and of usual size") : .between
  }
}
