import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

@Suite struct CheckpointRetentionTests {
  private func retention(_ best: BestMeasure?, keep: Int = 2) -> CheckpointRetention {
    CheckpointRetention(
      ScheduleConfiguration(steps: 10_000, checkpointEvery: 100, keepCheckpoints: keep, keepBest: best))
  }

  /// Writes checkpoints and measurements as a run does, and says what stays.
  private func kept(_ best: BestMeasure?, _ value: (Int) -> Double?) -> [Int] {
    var retention = retention(best)
    var steps: [Int] = []
    for step in stride(from: 100, through: 3200, by: 100) {
      steps.append(step)
      _ = retention.add(step)
      if let value = value(step) { _ = retention.take(.init(value: value, step: step + 30), checkpoints: steps) }
      let gone = retention.superfluous(among: steps)
      steps.removeAll(where: gone.contains)
    }
    return steps
  }

  @Test func theBestStaysHoweverOldItIs() {
    let plain = kept(nil) { _ in 1 }
    #expect(plain.suffix(2) == [3100, 3200] && !plain.contains(500))
    // Low distances are best; one that comes later and is as good takes its place.
    #expect(Set(kept(.judgeFrechet) { $0 == 500 ? 1 : 2 }) == Set(plain + [500]))
    #expect(!kept(.judgeFrechet) { $0 == 500 || $0 == 3200 ? 1 : 2 }.contains(500))
    #expect(Set(kept(.modesCovered) { $0 == 700 ? 8 : 2 }) == Set(plain + [700]))
    #expect(Set(kept(.entropyGap) { $0 == 700 ? -0.1 : ($0 == 500 ? -2 : 1) }) == Set(plain + [700]))
    #expect(kept(.modesCovered) { _ in .nan } == plain)
    #expect(kept(.modesCovered) { _ in nil } == plain)
  }

  @Test func aMeasurementIsTheNearestCheckpoints() {
    var retention = retention(.judgeFrechet)
    #expect(retention.take(.init(value: 3, step: 30), checkpoints: []) == nil)
    // The one before it, unless a nearer one comes.
    #expect(retention.add(100) == .init(value: 3, step: 30))
    #expect(retention.take(.init(value: 2, step: 140), checkpoints: [100]) == 100)
    #expect(retention.add(200) == .init(value: 2, step: 140))
    #expect(retention.take(.init(value: 1, step: 210), checkpoints: [100, 200]) == 200)
    #expect(retention.take(.init(value: 0, step: 160), checkpoints: [100, 200]) == nil)
    #expect(retention.measurements == [100: .init(value: 2, step: 140), 200: .init(value: 1, step: 210)])
    #expect(retention.best(of: [100, 200]) == 200 && retention.best(of: [100]) == 100 && retention.best(of: []) == nil)
    // Too far away to say anything.
    #expect(retention.add(500) == nil)
    retention.truncate(after: 205)
    #expect(retention.measurements.keys.sorted() == [100])
  }

  @Test func everyMeasureIsAMetricOfARun() throws {
    let configuration = try RunConfiguration(
      yaml: "data: ring", file: "x.yaml", overrides: ["schedule.keep-best=judge/frechet"])
    #expect(configuration.schedule.keepBest == .judgeFrechet)
    #expect(try RunConfiguration(yaml: configuration.yaml, file: "y.yaml").schedule == configuration.schedule)
    #expect(try RunConfiguration(yaml: "data: ring", file: "x.yaml").schedule.keepBest == nil)
    #expect(throws: ConfigurationError.self) {
      try RunConfiguration(yaml: "data: ring", file: "x.yaml", overrides: ["schedule.keep-best=judge/frechte"])
    }
    let known: [MetricID] = [
      .judgeFrechet, .judgePrecision, .judgeRecall, .judgeClasses, .judgeClassEntropy, .modesCovered, .modesWithMass,
      .highQuality, .modeEntropy, .effectiveClusters, .entropyGap, .heldOutDistance, .heldOutCycle,
      .heldOutReconstruction,
    ]
    #expect(Set(BestMeasure.allCases.map(\.metric)) == Set(known))
  }
}
