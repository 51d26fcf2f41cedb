import Foundation
import Testing

@testable import Measures

/// Runs as they happen: a report every ten steps, a measurement every 250.
@Suite struct VerdictTests {
  private struct Run {
    var monitor: VerdictMonitor
    var changes: [VerdictChange] = []
    var sampler = Sampler(seed: 1)

    init(rules: VerdictRules = VerdictRules()) { monitor = VerdictMonitor(rules: rules) }

    mutating func train(_ steps: Range<Int>, _ fill: (Int, inout Sampler, inout Observation) -> Void) {
      for step in stride(from: steps.lowerBound, to: steps.upperBound, by: 10) {
        var observation = Observation(step: step)
        fill(step, &sampler, &observation)
        changes += monitor.observe(observation)
      }
    }

    var raised: [VerdictKind] { changes.filter(\.isActive).map(\.kind) }
  }

  /// A non-saturating game near its equilibrium, noisy.
  private static func healthy(_ step: Int, _ sampler: inout Sampler, _ observation: inout Observation) {
    let noise = sampler.normal()
    observation.realScore = 0.55 + 0.04 * noise
    observation.fakeScore = 0.45 + 0.04 * sampler.normal()
    observation.realAccuracy = 0.6 + 0.05 * sampler.normal()
    observation.fakeAccuracy = 0.6 + 0.05 * sampler.normal()
    observation.generatorLoss = log(2.0) + 0.3 * abs(sampler.normal())
    observation.discriminatorLoss = 2 * log(2.0) + 0.2 * sampler.normal()
    observation.generatorGradient = exp(0.7 * sampler.normal())
    observation.discriminatorGradient = exp(0.7 * sampler.normal())
  }

  private static func modes(_ held: Int, of modes: Int, quality: Double, _ observation: inout Observation) {
    observation.modes = modes
    observation.modesCovered = held
    observation.modesWithMass = held
    observation.highQuality = quality
    observation.entropyGap = log(Double(modes) / Double(max(1, held)))
    observation.dimension = 2
    observation.effectiveClusters = Double(held)
    observation.realEffectiveClusters = Double(modes)
  }

  @Test func healthyRunsAreLeftAlone() {
    // Finds 25 modes one after the other until step 9,000, starting out at a point.
    var known = Run()
    known.train(0..<20_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      guard step % 250 == 0 else { return }
      Self.modes(min(25, 1 + step / 370), of: 25, quality: min(0.95, Double(step) / 4000), &observation)
      if step < 1500 { observation.entropyGap = 12 }
    }
    #expect(known.changes.isEmpty, "\(known.changes)")

    // Unknown modes: a gap that closes slowly, then wobbles.
    var unknown = Run()
    unknown.train(0..<20_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      guard step % 250 == 0 else { return }
      observation.dimension = 8
      observation.entropyGap = 8 * (3 * exp(-Double(step) / 1500) + 0.1 * sampler.normal())
      observation.effectiveClusters = 14 + sampler.normal()
      observation.realEffectiveClusters = 18
    }
    #expect(unknown.changes.isEmpty, "\(unknown.changes)")
  }

  /// In the first thousand steps a discriminator is nearly always perfect; later it may be for moments.
  @Test func shortVictoriesAreLeftAlone() {
    var run = Run()
    run.train(0..<10_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      if step < 1200 || step % 2000 < 300 {
        (observation.realAccuracy, observation.fakeAccuracy) = (1, 1)
        (observation.realScore, observation.fakeScore) = (0.999, 0.001)
      }
    }
    #expect(run.changes.isEmpty, "\(run.changes)")
  }

  @Test func aCriticsDriftIsHealthy() {
    var run = Run()
    run.train(0..<20_000) { step, sampler, observation in
      let drift = 0.5 * Double(step)
      observation.isCritic = true
      observation.realScore = drift + 6 * exp(-Double(step) / 4000) + 0.2 * sampler.normal()
      observation.fakeScore = drift
      observation.generatorLoss = -drift
      observation.discriminatorLoss = -6 * exp(-Double(step) / 4000) + 0.5 * abs(sampler.normal())
      observation.generatorGradient = exp(sampler.normal())
      observation.realAccuracy = 1
      observation.fakeAccuracy = 1
    }
    #expect(run.changes.isEmpty, "\(run.changes)")
  }

  @Test func lostModesAreModeCollapseAndComeBack() throws {
    var run = Run()
    run.train(0..<12_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      guard step % 250 == 0 else { return }
      Self.modes((5000..<8000).contains(step) ? 3 : 8, of: 8, quality: 0.9, &observation)
    }
    #expect(run.changes.map(\.step) == [5500, 8500])
    let raised = try #require(run.changes.first)
    #expect(raised.kind == .modeCollapse && raised.isActive && raised.severity == .critical)
    #expect(raised.message == "mode collapse: 3 of 8 modes hold at least a fifth of their share")
    #expect(raised.rule == "modes/with_mass 3 < 8 for 3 measurements in a row")
    let cleared = try #require(run.changes.last)
    #expect(!cleared.isActive && cleared.message == "the modes are back: all 8 hold at least a fifth of their share")
    #expect(run.monitor.active.isEmpty)
  }

  /// Hops from mode to mode from the beginning, and never leaves the best it had.
  @Test func neverFindingTheModesIsModeCollapse() {
    var run = Run()
    run.train(0..<6000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      guard step % 250 == 0 else { return }
      Self.modes(1 + (step / 250) % 3, of: 8, quality: step % 1000 == 0 ? 0.01 : 0.7, &observation)
    }
    #expect(run.raised == [.modeCollapse])
    #expect((2000...3000).contains(run.changes.first?.step ?? 0))
    #expect(run.monitor.active == [.modeCollapse: .critical])
  }

  @Test func aWarningGrowsToCritical() {
    var run = Run()
    run.train(0..<8000) { step, _, observation in
      guard step % 250 == 0 else { return }
      Self.modes(step < 4000 ? 8 : step < 6000 ? 7 : 2, of: 8, quality: 0.9, &observation)
    }
    #expect(run.changes.map(\.severity) == [.warning, .critical])
    // A warning takes five measurements, a critical verdict three.
    #expect(run.changes.map(\.step) == [5000, 6500])
  }

  @Test func collapseWithoutKnownModes() throws {
    var byGap = Run()
    byGap.train(0..<8000) { step, sampler, observation in
      guard step % 250 == 0 else { return }
      observation.dimension = 8
      observation.entropyGap = step < 4000 ? 0.5 : 6
    }
    let gap = try #require(byGap.changes.first)
    #expect(gap.step == 5000 && gap.kind == .modeCollapse && gap.severity == .warning)
    #expect(gap.message == "mode collapse: generated samples vary less than the data, by 0.75 nats a dimension")
    #expect(gap.rule == "entropy/gap / dimension 0.75 > 0.5 for 5 measurements in a row")

    var byClusters = Run()
    byClusters.train(0..<8000) { step, _, observation in
      guard step % 250 == 0 else { return }
      observation.effectiveClusters = (4000..<6000).contains(step) ? 4 : 16
      observation.realEffectiveClusters = 18
    }
    #expect(byClusters.changes.map(\.step) == [4500, 6500])
    #expect(byClusters.changes.first?.severity == .critical)
    #expect(
      byClusters.changes.first?.rule
        == "entropy/effective_clusters 4 < 0.5 x 18 for 3 measurements in a row")

    // Thin samples that reach every region need twice the gap.
    var thin = Run()
    thin.train(0..<8000) { step, _, observation in
      guard step % 250 == 0 else { return }
      (observation.dimension, observation.entropyGap) = (2, 1.6)
      (observation.effectiveClusters, observation.realEffectiveClusters) = (17, 18)
    }
    #expect(thin.changes.isEmpty)
  }

  @Test func aPerfectDiscriminatorWithASaturatingLoss() throws {
    var run = Run()
    run.train(0..<8000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      guard step >= 3000 else { return }
      (observation.realAccuracy, observation.fakeAccuracy) = (1, 1)
      (observation.realScore, observation.fakeScore) = (0.9995, 0.0005)
      observation.generatorGradient = 0.0005 * exp(0.3 * sampler.normal())
      observation.generatorLoss = -0.0005
    }
    #expect(Set(run.raised) == [.vanishingGradients, .discriminatorWon] && run.changes.count == 2)
    let vanished = try #require(run.changes.first { $0.kind == .vanishingGradients })
    #expect(vanished.step == 3190)
    #expect(vanished.rule.hasPrefix("gradient/generator 0.000"))
    #expect(vanished.rule.hasSuffix("score/fake 0.0005 for 20 reports in a row over 100 steps"))
    #expect(run.changes.first { $0.kind == .discriminatorWon }?.step == 3500)
  }

  /// A gradient that decays over thousands of steps must not take its own median along.
  @Test func slowlyVanishingGradients() {
    var run = Run()
    run.train(0..<20_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      (observation.realAccuracy, observation.fakeAccuracy) = (1, 1)
      (observation.realScore, observation.fakeScore) = (0.995, 0.005)
      observation.generatorGradient = exp(-Double(step) / 2000)
    }
    #expect(run.raised.contains(.vanishingGradients))
    #expect(run.monitor.active.keys.contains(.vanishingGradients))
  }

  @Test func aDeadGenerator() {
    var run = Run()
    run.train(0..<2000) { step, _, observation in
      observation.isCritic = true
      observation.generatorGradient = step < 500 ? 1 : 0
    }
    #expect(run.raised == [.vanishingGradients] && run.changes.first?.severity == .critical)
  }

  @Test func aGeneratorThatWonWithBadSamples() {
    for isBad in [true, false] {
      var run = Run()
      run.train(0..<8000) { step, sampler, observation in
        Self.healthy(step, &sampler, &observation)
        (observation.realScore, observation.fakeScore) = (0.5, 0.5)
        (observation.realAccuracy, observation.fakeAccuracy) = (0.5, 0.5)
        guard step % 250 == 0 else { return }
        Self.modes(8, of: 8, quality: isBad && step < 6000 ? 0.3 : 0.95, &observation)
      }
      #expect(run.changes.map(\.kind) == (isBad ? [.generatorWon, .generatorWon] : []))
      #expect(run.changes.map(\.isActive) == (isBad ? [true, false] : []))
    }
    var fooled = Run()
    fooled.train(0..<4000) { step, _, observation in
      (observation.realScore, observation.fakeScore) = (0.4, 0.97)
    }
    #expect(fooled.raised == [.generatorWon])
  }

  @Test func divergence() throws {
    for poison in [Double.nan, .infinity] {
      var run = Run()
      run.train(0..<500) { step, sampler, observation in
        Self.healthy(step, &sampler, &observation)
        if step == 250 { observation.discriminatorLoss = poison }
      }
      // Said at once, in the grace period too; and gone ten reports later.
      #expect(run.changes.map(\.step) == [250, 350])
      let text = poison.isNaN ? "not a number" : "infinite"
      #expect(run.changes.first?.message == "divergence: loss/discriminator is \(text)")
      #expect(run.changes.first?.severity == .critical)
    }
    var critic = Run()
    critic.train(0..<20_000) { step, _, observation in
      observation.isCritic = true
      observation.realScore = exp(Double(step) / 1000)
      observation.fakeScore = -exp(Double(step) / 1000)
    }
    #expect(critic.raised == [.divergence])
    #expect(critic.changes.first?.message.hasPrefix("divergence: score/difference has exploded to") == true)

    var loss = Run()
    loss.train(0..<6000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      if step >= 4000 { observation.generatorLoss = 900 }
    }
    #expect(loss.changes.map(\.step) == [4020])
    #expect(loss.changes.first?.rule.contains("> 100 x its median") == true)
  }

  @Test func conditionsOnTheEdgeDoNotFlap() {
    var run = Run()
    run.train(0..<40_000) { step, sampler, observation in
      Self.healthy(step, &sampler, &observation)
      (observation.realAccuracy, observation.fakeAccuracy) = (0.995, 0.99 + 0.003 * sampler.normal())
      (observation.realScore, observation.fakeScore) = (0.995, 0.01 + 0.002 * sampler.normal())
      guard step % 250 == 0 else { return }
      observation.dimension = 8
      observation.entropyGap = 8 * (0.5 + 0.05 * sampler.normal())
    }
    #expect(run.changes.filter { $0.kind == .discriminatorWon }.count <= 1)
    #expect(run.changes.filter { $0.kind == .modeCollapse }.count <= 1)
  }

  @Test func reportsMustSpanStepsToo() {
    var monitor = VerdictMonitor()
    var raised: [Int] = []
    for step in 1000..<2000 {
      var observation = Observation(step: step)
      (observation.realAccuracy, observation.fakeAccuracy) = (1, 1)
      raised += monitor.observe(observation).map(\.step)
    }
    #expect(raised == [1500])
  }

  @Test func rewindsAndOddInput() {
    var monitor = VerdictMonitor()
    func measured(_ step: Int, _ held: Int) -> Observation {
      var observation = Observation(step: step)
      Self.modes(held, of: 8, quality: 0.9, &observation)
      return observation
    }
    #expect(monitor.observe(measured(3000, 8)).isEmpty)
    #expect(monitor.observe(measured(3100, 2)).isEmpty)
    #expect(monitor.observe(measured(3200, 2)).isEmpty)
    // Back to 2,900: the two do not count, and the best is found anew.
    #expect(monitor.observe(measured(2900, 2)).isEmpty)
    #expect(monitor.observe(measured(3000, 2)).isEmpty)
    #expect(monitor.observe(measured(3100, 2)).isEmpty)
    #expect(monitor.observe(measured(3200, 2)).map(\.kind) == [.modeCollapse])

    var odd = Observation(step: 9000)
    (odd.modes, odd.modesWithMass, odd.dimension, odd.entropyGap) = (0, 0, 0, .nan)
    (odd.effectiveClusters, odd.realEffectiveClusters) = (.nan, 0)
    (odd.realAccuracy, odd.fakeAccuracy) = (.nan, .nan)
    #expect(monitor.observe(odd).isEmpty)
    #expect(monitor.observe(Observation(step: .max)).isEmpty)
    #expect(monitor.observe(Observation(step: .min)).isEmpty)
  }

  @Test func theSameObservationsGiveTheSameVerdicts() throws {
    var first = VerdictMonitor()
    var sampler = Sampler(seed: 4)
    for step in 0..<500 {
      var observation = Observation(step: step * 10)
      Self.healthy(step, &sampler, &observation)
      _ = first.observe(observation)
    }
    // A monitor that went through a checkpoint goes on as the one that did not.
    var second = try JSONDecoder().decode(VerdictMonitor.self, from: JSONEncoder().encode(first))
    #expect(first == second)
    for step in 500..<1500 {
      var observation = Observation(step: step * 10)
      Self.healthy(step, &sampler, &observation)
      (observation.realAccuracy, observation.fakeAccuracy) = (1, 1)
      (observation.realScore, observation.fakeScore) = (1, 0)
      #expect(first.observe(observation) == second.observe(observation))
    }
    #expect(first == second && first.active == [.discriminatorWon: .warning])
  }

  @Test func measurementsFillObservations() throws {
    let ring = try ringModes()
    let generated = try samples(of: ring, count: 1000, modes: [0, 1], seed: 1)
    var observation = Observation(step: 1)
    observation.include(try ModeCoverage(of: generated, modes: ring))
    observation.include(try DistributionJudge(real: samples(of: ring, count: 1000, seed: 2)).measure(generated))
    #expect(observation.modes == 8 && observation.modesWithMass == 2 && observation.dimension == 2)
    #expect(try #require(observation.gapPerDimension) > 0.5)
    #expect(try #require(observation.clusterRatio) < 0.5)
  }

  @Test func gracePeriodsFitTheRun() {
    #expect(VerdictRules(totalSteps: 3000).modeGraceSteps == 600)
    #expect(VerdictRules(totalSteps: 20_000) == VerdictRules())
    #expect(VerdictRules(totalSteps: -1).graceSteps == 300)
  }

  @Test func runningMedian() {
    var median = RunningMedian()
    #expect(median.median == nil)
    median.append(.nan)
    #expect(median.median == nil && median.count == 0)
    for value in 1...100_000 { median.append(Double(value)) }
    #expect(abs((median.median ?? 0) / 50_000 - 1) < 0.05)
  }
}
