import Testing

@testable import Telemetry

@Suite("Alert rules")
struct AlertTests {
  @Test(
    "rules are read and written back",
    arguments: [
      "entropy/modes < 1 for 500 steps -> pause", "loss/generator is not finite -> checkpoint, pause",
      "judge/frechet >= 200.5 -> notify it gets worse, bell",
      "accuracy/real > 0.99 for 1 step -> set optimizers.discriminator.rate=1e-05, branch", "a <= -2 -> notify",
    ])
  func roundTrip(text: String) throws {
    #expect(try AlertRule(parsing: text).description == text)
  }

  @Test("spaces and fractions are as people write them")
  func spaces() throws {
    let rule = try AlertRule(parsing: "  entropy/modes<1.0   for 500 steps->pause ")
    #expect(rule.metric == .modeEntropy)
    #expect(rule.threshold == 1)
    #expect(rule.steps == 500)
    #expect(rule.actions == [.pause])
  }

  @Test(
    "what is not a rule is told by its part",
    arguments: [
      ("entropy/modes < 1", AlertRuleError.noAction("entropy/modes < 1")),
      ("entropy/modes < 1 ->", .noAction("entropy/modes < 1 ->")),
      ("entropy/modes = 1 -> pause", .noComparison("entropy/modes = 1")),
      ("< 1 -> pause", .noMetric("< 1")), ("a b < 1 -> pause", .noMetric("a b < 1")),
      ("a < x -> pause", .badNumber("x")), ("a < nan -> pause", .badNumber("nan")), ("a < -> pause", .badNumber("")),
      ("a < 1 for 0 steps -> pause", .badDuration("for 0 steps")),
      ("a < 1 for long -> pause", .badDuration("for long")), ("a < 1 -> stop", .badAction("stop")),
      ("a < 1 -> pause,", .badAction("")), ("a < 1 -> set rate", .badAction("set rate")),
      ("a < 1 -> set rate=fast", .badAction("set rate=fast")), ("a < 1 -> pause now", .badAction("pause now")),
    ])
  func refusals(text: String, error: AlertRuleError) {
    #expect(throws: error) { try AlertRule(parsing: text) }
  }

  private func report(_ steps: ClosedRange<Int>, _ values: [Double]) throws -> MetricReport {
    var bucket = try #require(values.first.map { Bucket(step: steps.lowerBound, value: $0) })
    for value in values.dropFirst() { bucket.merge(Bucket(step: steps.upperBound, value: value)) }
    bucket.lastStep = steps.upperBound
    return MetricReport(step: steps.upperBound, elapsed: 0, buckets: [.modeEntropy: bucket])
  }

  @Test("a rule with a time fires once the condition has held that long, once, and again after a break")
  func duration() throws {
    var monitor = AlertMonitor([try AlertRule(parsing: "entropy/modes < 1 for 100 steps -> pause")])
    #expect(monitor.observe(try report(1...50, [0.5, 0.7])).isEmpty)
    #expect(monitor.observe(try report(51...100, [0.5])).map(\.step) == [100])
    #expect(monitor.observe(try report(101...200, [0.5])).isEmpty)
    #expect(monitor.observe(try report(201...250, [0.5, 1.5])).isEmpty)
    #expect(monitor.observe(try report(251...349, [0.5])).isEmpty)
    #expect(monitor.observe(try report(350...400, [0.5])).map(\.step) == [400])
  }

  @Test("a rule without a time fires at a single value of a bucket")
  func single() throws {
    var monitor = AlertMonitor([
      try AlertRule(parsing: "entropy/modes > 2 -> bell"),
      try AlertRule(parsing: "entropy/modes is not finite -> pause"),
    ])
    #expect(monitor.observe(try report(1...9, [0.5, 2.5, 0.1])).map(\.rule.actions) == [[.bell]])
    #expect(monitor.observe(try report(10...19, [0.5, .nan])).map(\.rule.actions) == [[.pause]])
    #expect(monitor.observe(try report(20...29, [3])).map(\.rule.actions) == [[.bell]])
  }

  @Test("going back begins all counts anew; other metrics change nothing")
  func rewind() throws {
    var monitor = AlertMonitor([try AlertRule(parsing: "entropy/modes < 1 for 20 steps -> pause")])
    #expect(monitor.observe(try report(1...19, [0.5])).isEmpty)
    #expect(monitor.observe(MetricReport(step: 20, elapsed: 0, buckets: [:])).isEmpty)
    #expect(monitor.observe(try report(5...10, [0.5])).isEmpty)
    #expect(monitor.observe(try report(11...24, [0.5])).map(\.step) == [24])
  }
}
