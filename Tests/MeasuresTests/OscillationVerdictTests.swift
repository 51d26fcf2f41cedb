import Foundation
import Testing

@testable import Measures

/// Losses that swing raise a verdict; those that do not, or that settle, do not.
@Suite struct OscillationVerdictTests {
  /// Reports every ten steps; losses turn by `period` reports with an amplitude that is a function of the report.
  private func run(
    reports: Int, period: Double, noise: Double = 0.1, amplitude: (Int) -> Double
  ) -> (monitor: VerdictMonitor, changes: [VerdictChange]) {
    var monitor = VerdictMonitor()
    var sampler = Sampler(seed: 3)
    var changes: [VerdictChange] = []
    for report in 0..<reports {
      var observation = Observation(step: 10 * report)
      let angle = 2 * Double.pi * Double(report) / period
      observation.discriminatorLoss = 1.4 + amplitude(report) * cos(angle) + noise * sampler.normal()
      observation.generatorLoss = 0.7 + amplitude(report) * sin(angle) + noise * sampler.normal()
      changes += monitor.observe(observation)
      // Measurements carry no losses.
      var measurement = Observation(step: 10 * report)
      measurement.effectiveClusters = 7
      changes += monitor.observe(measurement)
    }
    return (monitor, changes)
  }

  @Test func steadyRotationIsAWarning() throws {
    let (monitor, changes) = run(reports: 400, period: 20) { _ in 0.4 }
    #expect(monitor.active[.oscillation] == .warning)
    let change = try #require(changes.first { $0.kind == .oscillation })
    #expect(change.isActive && change.message.hasPrefix("rotation: the players circle each other every 2"))
    #expect(change.rule.hasSuffix("for 20 reports in a row over 500 steps"))
  }

  @Test func growingRotationIsCritical() {
    let (monitor, _) = run(reports: 400, period: 20) { 0.2 * exp(0.01 * Double($0)) }
    #expect(monitor.active[.oscillation] == .critical)
  }

  @Test func decayIsNoVerdictAndEndsOne() {
    let decaying = run(reports: 300, period: 20, noise: 0.001) { exp(-0.02 * Double($0)) }
    #expect(!decaying.changes.contains { $0.kind == .oscillation })
    let ended = run(reports: 1200, period: 20) { $0 < 400 ? 0.4 : 0 }
    #expect(ended.changes.filter { $0.kind == .oscillation }.map(\.isActive) == [true, false])
    #expect(ended.monitor.active[.oscillation] == nil)
  }

  @Test func noiseIsNoOscillation() {
    let (_, changes) = run(reports: 1000, period: 20) { _ in 0 }
    #expect(!changes.contains { $0.kind == .oscillation })
  }
}
