/// Watches a run's observations and says in words when it has gone wrong, and when it has recovered.
///
/// A pure state machine on scalars: the same observations give the same verdicts. The thresholds are `VerdictRules`;
/// `CollapseRule`, `GradientRule`, `BalanceRules`, `DivergenceRule` and `OscillationRule` hold the conditions.
public struct VerdictMonitor: Sendable, Equatable, Codable {
  public let rules: VerdictRules
  private var lastStep = Int.min
  private var collapse = CollapseRule()
  private var gradients = GradientRule()
  private var divergence = DivergenceRule()
  private var oscillation = OscillationRule()
  private var latches: [Latch]

  public init(rules: VerdictRules = VerdictRules()) {
    self.rules = rules
    latches = [
      Latch(kind: .divergence, unit: "reports", persistence: rules.divergence),
      Latch(kind: .modeCollapse, unit: "measurements", persistence: rules.modeCollapse),
      Latch(kind: .vanishingGradients, unit: "reports", persistence: rules.vanishingGradients),
      Latch(kind: .discriminatorWon, unit: "reports", persistence: rules.discriminatorWon),
      Latch(kind: .generatorWon, unit: "reports", persistence: rules.generatorWon),
      Latch(kind: .oscillation, unit: "reports", persistence: rules.oscillation),
    ]
  }

  /// The verdicts that stand, and how bad each is.
  public var active: [VerdictKind: VerdictSeverity] {
    latches.reduce(into: [:]) { result, latch in result[latch.kind] = latch.active }
  }

  /// Takes in one observation; returns the verdicts that it begins, worsens or ends.
  ///
  /// Steps may repeat (a report and a measurement of the same step); a step that goes back, as after a rewind, ends all counts.
  public mutating func observe(_ observation: Observation) -> [VerdictChange] {
    if observation.step < lastStep {
      for index in latches.indices { latches[index].restart() }
      collapse.restart()
    }
    lastStep = observation.step
    let modeCollapse = collapse.finding(observation, rules: rules)
    let findings: [VerdictKind: Finding] = [
      .divergence: divergence.finding(observation, rules: rules),
      .modeCollapse: modeCollapse,
      .vanishingGradients: gradients.finding(observation, rules: rules),
      .discriminatorWon: BalanceRules.discriminatorWon(observation, rules: rules),
      .generatorWon: BalanceRules.generatorWon(observation, samples: collapse.samples, rules: rules),
      .oscillation: oscillation.finding(observation),
    ]
    var changes: [VerdictChange] = []
    for index in latches.indices {
      let finding = findings[latches[index].kind] ?? .unknown
      if let change = latches[index].update(finding, step: observation.step) { changes.append(change) }
    }
    return changes
  }
}
