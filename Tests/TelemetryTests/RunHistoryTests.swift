import Foundation
import Telemetry
import Testing

@Suite struct RunHistoryTests {
  private func verdict(_ step: Int, _ kind: Verdict.Kind, _ severity: Verdict.Severity, active: Bool) -> Verdict {
    Verdict(step: step, kind: kind, severity: severity, isActive: active, message: "m", rule: "r")
  }

  @Test func eventsFillIt() {
    var history = RunHistory()
    history.take(.metrics(MetricReport(step: 10, elapsed: 2, buckets: [.generatorLoss: Bucket(step: 10, value: 1)])))
    history.take(.edited(Edit(step: 11, id: "rate", oldValue: 1, newValue: 2)))
    history.take(.checkpointed(CheckpointRecord(step: 12, path: "p")))
    history.take(.state(.training, step: 13))
    history.take(.message(LogMessage(level: .info, text: "t"), step: 13))
    #expect(history.step == 13)
    #expect(history.elapsed == 2)
    #expect(history[.generatorLoss].last?.last == 1)
    #expect(history[.discriminatorLoss].isEmpty)
    #expect(history.edits.count == 1 && history.checkpoints.count == 1)
  }

  @Test func aLateMeasurementDoesNotTurnTheClockBack() {
    var history = RunHistory()
    history.take(.metrics(MetricReport(step: 50, elapsed: 5, buckets: [.generatorLoss: Bucket(step: 50, value: 1)])))
    history.take(.metrics(MetricReport(step: 40, elapsed: 4, buckets: [.modeEntropy: Bucket(step: 40, value: 2)])))
    #expect(history.step == 50 && history.elapsed == 5)
    #expect(history[.generatorLoss].lastStep == 50)
    #expect(history[.modeEntropy].lastStep == 40)
  }

  @Test func verdictsHoldUntilTheyAreLifted() {
    var history = RunHistory()
    history.take(.verdict(verdict(1, .modeCollapse, .warning, active: true)))
    history.take(.verdict(verdict(2, .divergence, .critical, active: true)))
    history.take(.verdict(verdict(3, .vanishingGradients, .warning, active: true)))
    #expect(history.activeVerdicts.map(\.kind) == [.divergence, .vanishingGradients, .modeCollapse])
    history.take(.verdict(verdict(4, .modeCollapse, .warning, active: false)))
    history.take(.verdict(verdict(5, .divergence, .critical, active: false)))
    #expect(history.activeVerdicts.map(\.kind) == [.vanishingGradients])
    #expect(history.verdicts.count == 5)
  }

  @Test func goingBackForgetsTheMarks() {
    var history = RunHistory()
    for step in 1...100 {
      history.take(
        .metrics(MetricReport(step: step, elapsed: 0, buckets: [.realScore: Bucket(step: step, value: 1)])))
      history.take(.edited(Edit(step: step, id: "rate", oldValue: 0, newValue: 1)))
    }
    history.truncate(after: 60)
    #expect(history.step == 60)
    #expect(history.edits.last?.step == 60)
    #expect(history[.realScore].lastStep == 60)
  }

  @Test func marksAreBounded() {
    var history = RunHistory()
    for step in 0..<(RunHistory.markCapacity * 3) {
      history.take(.edited(Edit(step: step, id: "rate", oldValue: 0, newValue: 1)))
    }
    #expect(history.edits.count <= RunHistory.markCapacity)
    #expect(history.edits.last?.step == RunHistory.markCapacity * 3 - 1)
  }

  @Test func itIsStoredAndRestored() throws {
    var history = RunHistory(capacity: 32)
    for step in 1...200 {
      let buckets: [MetricID: Bucket] = [
        .generatorLoss: Bucket(step: step, value: Double(step)), .modesCovered: Bucket(step: step, value: 8),
      ]
      history.take(.metrics(MetricReport(step: step, elapsed: Double(step) / 10, buckets: buckets)))
    }
    history.take(.edited(Edit(step: 150, id: "rate", oldValue: 1e-4, newValue: 2e-4)))
    history.take(.verdict(verdict(160, .modeCollapse, .critical, active: true)))
    let copy = try JSONDecoder().decode(RunHistory.self, from: JSONEncoder().encode(history))
    #expect(copy == history)
    #expect(copy.activeVerdicts.count == 1)
  }

  @Test func clocksAreKeptForEveryReport() throws {
    var history = RunHistory(capacity: 32)
    for step in stride(from: 100, through: 5_000, by: 100) {
      history.take(
        .metrics(MetricReport(step: step, elapsed: Double(step) / 10, buckets: [:], time: 1e9 + Double(step))))
    }
    // A measurement that took long, and a clock that is none.
    history.take(.metrics(MetricReport(step: 4_000, elapsed: 600, buckets: [:])))
    history.take(.metrics(MetricReport(step: 5_100, elapsed: .nan, buckets: [:])))
    #expect(history.clock.lastStep == 5_000 && history.clock.last?.last == 500)
    #expect(history.wallClock.last?.last == 1e9 + 5_000)
    #expect(try JSONDecoder().decode(RunHistory.self, from: JSONEncoder().encode(history)) == history)
    history.truncate(after: 3_000)
    #expect(history.clock.last?.last == 300 && history.wallClock.lastStep == 3_000)
  }

  @Test func historiesWithoutClocksAreRead() throws {
    var history = RunHistory(capacity: 32)
    history.take(.metrics(MetricReport(step: 1, elapsed: 2, buckets: [.realScore: Bucket(step: 1, value: 1)])))
    var object = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(history)) as? [String: Any])
    object["clock"] = nil
    object["wallClock"] = nil
    let copy = try JSONDecoder().decode(RunHistory.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(copy.clock.isEmpty && copy.wallClock.isEmpty)
    #expect(copy.elapsed == 2 && copy[.realScore] == history[.realScore])
  }
}
