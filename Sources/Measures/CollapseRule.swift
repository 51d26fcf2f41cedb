/// Mode collapse: the generator makes less variety than the data has.
///
/// With known modes the modes that hold mass decide; else the entropy gap and the effective clusters.
struct CollapseRule: Sendable, Equatable, Codable {
  /// What the latest measurement says of the samples, for the rule of a generator that has won.
  enum Samples: String, Sendable, Equatable, Codable { case unknown, good, bad }

  private(set) var samples = Samples.unknown
  private var bestModes = 0
  private var bestQuality = 0.0
  private var bestGap: Double?
  private var bestRatio: Double?

  /// After a rewind the best counts of the future are not known.
  mutating func restart() {
    bestModes = 0
    bestQuality = 0
    bestGap = nil
    bestRatio = nil
    samples = .unknown
  }

  mutating func finding(_ observation: Observation, rules: VerdictRules) -> Finding {
    let finding = byModes(observation, rules: rules) ?? byDistribution(observation, rules: rules)
    guard let finding else { return .unknown }
    judgeSamples(observation, finding, rules: rules)
    return observation.step < rules.modeGraceSteps ? .unknown : finding
  }

  private mutating func byModes(_ observation: Observation, rules: VerdictRules) -> Finding? {
    guard let modes = observation.modes, modes > 0, let held = observation.modesWithMass else { return nil }
    if let quality = observation.highQuality, quality < rules.judgeableHighQuality { return nil }
    let quality = observation.highQuality ?? 0
    let isBetter = quality > bestQuality + rules.improvement
    if isBetter { bestQuality = quality }
    guard held < modes else {
      bestModes = max(bestModes, held)
      return .clear(
        message: "the modes are back: all \(modes) hold at least a fifth of their share",
        rule: "modes/with_mass \(held) = \(modes)")
    }
    // More modes, or better samples, than ever before: the generator is still finding them.
    if held > bestModes || isBetter {
      bestModes = max(bestModes, held)
      return .between
    }
    return .holds(
      severity: 2 * held <= modes ? .critical : .warning,
      message: "mode collapse: \(held) of \(modes) modes hold at least a fifth of their share",
      rule: "modes/with_mass \(held) < \(modes)")
  }

  private mutating func byDistribution(_ observation: Observation, rules: VerdictRules) -> Finding? {
    let gap = observation.gapPerDimension
    let ratio = observation.clusterRatio
    guard gap != nil || ratio != nil else { return nil }
    let isImproving = improves(gap: gap, ratio: ratio, by: rules.improvement)
    let covers = ratio.map { $0 >= rules.coveringRatio } ?? false
    let threshold = covers ? rules.gapPerDimensionWhenCovering : rules.gapPerDimension

    if let gap, gap > threshold {
      if isImproving { return .between }
      return .holds(
        severity: gap > 2 * threshold ? .critical : .warning,
        message: "mode collapse: generated samples vary less than the data, by \(figure(gap)) nats a dimension",
        rule: "entropy/gap / dimension \(figure(gap)) > \(figure(threshold))")
    }
    if let ratio, ratio < rules.clusterRatio {
      if isImproving { return .between }
      let made = figure(observation.effectiveClusters ?? 0)
      let real = figure(observation.realEffectiveClusters ?? 0)
      return .holds(
        severity: ratio < rules.clusterRatio / 2 ? .critical : .warning,
        message: "mode collapse: generated samples fill \(made) effective clusters, the data \(real)",
        rule: "entropy/effective_clusters \(made) < \(figure(rules.clusterRatio)) x \(real)")
    }
    let gapIsClosed = gap.map { $0 <= rules.closedGapPart * threshold } ?? true
    let ratioIsBack = ratio.map { $0 >= rules.recoveredRatio } ?? true
    guard gapIsClosed, ratioIsBack else { return .between }
    let figures = [
      gap.map { "entropy/gap / dimension \(figure($0)) <= \(figure(rules.closedGapPart * threshold))" },
      ratio.map { "effective clusters \(figure($0)) x the data's" },
    ]
    return .clear(
      message: "the variety is back: generated samples vary about as much as the data",
      rule: figures.compactMap { $0 }.joined(separator: ", "))
  }

  /// Whether a value is better than ever before by a margin; the first of its kind is not.
  private mutating func improves(gap: Double?, ratio: Double?, by margin: Double) -> Bool {
    var result = false
    if let gap {
      if let best = bestGap, gap <= best - margin { result = true }
      // Only a clear step moves the mark, so that many small ones add up to one.
      if bestGap.map({ gap <= $0 - margin }) ?? true { bestGap = gap }
    }
    if let ratio {
      if let best = bestRatio, ratio >= best + margin { result = true }
      if bestRatio.map({ ratio >= $0 + margin }) ?? true { bestRatio = ratio }
    }
    return result
  }

  private mutating func judgeSamples(_ observation: Observation, _ finding: Finding, rules: VerdictRules) {
    var isBad = false
    if case .holds = finding { isBad = true }
    if observation.modes != nil, let quality = observation.highQuality {
      if quality < rules.badHighQuality { isBad = true }
    } else if let gap = observation.gapPerDimension, abs(gap) > rules.gapPerDimension {
      isBad = true
    }
    samples = isBad ? .bad : .good
  }
}
