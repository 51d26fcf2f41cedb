import Models
import Telemetry
import Testing

@testable import Runs

@Suite struct AlertKeyTests {
  @Test func rulesAreReadAndWritten() throws {
    let rules = [
      "entropy/modes < 1 for 500 steps -> pause", "judge/frechet > 200 -> notify \"worse\", bell",
      "loss/generator is not finite -> set optimizers.generator.rate=0.0001, checkpoint",
    ]
    let listed = rules.map { "'\($0)'" }.joined(separator: ", ")
    let configuration = try RunConfiguration(yaml: "data: ring\nalerts: [ \(listed) ]", file: "x.yaml", overrides: [])
    #expect(configuration.alerts.map(\.description) == rules)
    let again = try RunConfiguration(yaml: configuration.yaml, file: "y.yaml", overrides: [])
    #expect(again.alerts == configuration.alerts)
  }

  @Test(arguments: [
    (
      "alerts: now",
      "x.yaml:2: alerts: expected a list of rules such as [\"entropy/modes < 1.0 for 500 steps -> pause\"], or [], found \"now\""
    ),
    ("alerts: [ 'a < b -> pause' ]", "x.yaml:2: alerts: \"b\" is not a number to compare with"),
    (
      "alerts:\n  - 'a < 1 -> pause'\n  - 'a < 1 -> jump'",
      "x.yaml:4: alerts: \"jump\" is not an action: expected pause, checkpoint, branch, set KEY=VALUE, bell or notify [TEXT]"
    ),
  ])
  func brokenRulesAreToldByTheirPart(yaml: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try RunConfiguration(yaml: "data: ring\n" + yaml, file: "x.yaml", overrides: [])
    }
    #expect(error?.description == sentence)
  }

  @Test func aRuleSetsOnlyWhatTheRunHas() {
    let error = #expect(throws: ConfigurationError.self) {
      try RunConfiguration(yaml: "data: ring\nalerts: [ 'a < 1 -> set rate=1' ]", file: "x.yaml", overrides: [])
    }
    #expect(
      error?.description.hasPrefix("x.yaml:2: alerts: a rule sets rate, which this run does not have; it has ") == true)
  }

  @Test func aDryRunFindsWhereRulesWouldHaveFired() throws {
    var history = RunHistory()
    for step in stride(from: 10, through: 5_000, by: 10) {
      let value = (2_000..<3_000).contains(step) ? 0.5 : 2.0
      var bucket = Bucket(step: step - 9, value: value)
      bucket.merge(Bucket(step: step, value: value))
      history.take(.metrics(MetricReport(step: step, elapsed: 0, buckets: [.modeEntropy: bucket])))
    }
    let rules = [
      try AlertRule(parsing: "entropy/modes < 1 for 500 steps -> pause"),
      try AlertRule(parsing: "entropy/modes < 1 -> bell"), try AlertRule(parsing: "entropy/modes > 5 -> bell"),
      try AlertRule(parsing: "loss/unheard < 5 -> bell"),
    ]
    let alerts = AlertDryRun.alerts(of: rules, in: history)
    #expect(alerts.map(\.step) == [2_000, 2_490])
    #expect(alerts.map(\.rule) == [rules[1], rules[0]])
    #expect(AlertDryRun.unknown(among: rules, in: history) == [rules[3]])
  }
}
