import EventFiles
import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

@Suite struct EventLogTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func configuration(_ more: String = "") throws -> RunConfiguration {
    let text = """
      name: ring
      data: { kind: ring }
      model:
        kind: gan
        latent: { dimension: 2 }
        generator: { kind: mlp, hidden: [16, 8], activation: relu }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
      penalties: [{ kind: r1, weight: 3 }]
      schedule: { batch: 16, steps: 60, checkpoint-every: 20 }
      measures: { every: 20, samples: 100 }
      threads: 1
      \(more)
      """
    return try RunConfiguration(contentsOf: try folder.write("ring.yaml", text))
  }

  private func report(_ step: Int, _ values: [MetricID: Double], elapsed: Double = 0) -> Event {
    .metrics(
      MetricReport(step: step, elapsed: elapsed, buckets: values.mapValues { Bucket(step: step, value: $0) }))
  }

  private func read(_ path: String) -> EventIncrement {
    var reader = EventFolderReader(folder: path)
    return reader.read()
  }

  @Test func theConfigurationIsFlat() throws {
    let values = try configuration().hyperparameterValues
    #expect(values["name"] == nil)
    #expect(values["data.kind"] == .text("ring"))
    #expect(values["model.generator.hidden"] == .text("16, 8"))
    #expect(values["model.share-fakes"] == .flag(false))
    #expect(values["schedule.batch"] == .number(16))
    #expect(values["penalties"] == .text("r1"))
    #expect(values["penalties.r1.weight"] == .number(3))
    #expect(values["event-files"] == .flag(true))
    #expect(try configuration("event-files: false").hyperparameterValues["event-files"] == .flag(false))
  }

  @Test func theLastValueOfAnIntervalIsKept() throws {
    let run = RunFolder(path: folder.path)
    let log = EventLog(run, configuration: try configuration(), step: 0, elapsed: nil)
    #expect(log.take(report(1, ["loss/generator": 1, "loss/discriminator": 2])) == nil)
    #expect(log.take(report(2, ["loss/generator": 3])) == nil)
    #expect(log.take(report(1, ["entropy/gap": .nan])) == nil)
    #expect(read(folder.path).isEmpty)
    #expect(log.take(.state(.paused(reason: nil), step: 2)) == nil)
    let found = read(folder.path)
    #expect(
      found.scalars.mapValues { $0.map(\.step) } == [
        "loss/generator": [2], "loss/discriminator": [1], "entropy/gap": [1],
      ])
    #expect(found.scalars["loss/generator"]?.last?.value == 3)
    #expect(found.restarts == ["": 1])
    #expect(found.hyperparameters[""]?["schedule.batch"] == .number(16))
    #expect(found.endings == [:])
    #expect(log.take(.state(.finished, step: 2)) == nil)
    #expect(read(folder.path).endings == ["": .success])
  }

  @Test func aRunThatGoesBackSaysSo() throws {
    let run = RunFolder(path: folder.path)
    let log = EventLog(run, configuration: try configuration(), step: 0, elapsed: nil)
    for step in 1...4 {
      _ = log.take(report(step, ["loss/generator": Double(step)]))
      _ = log.take(.state(.paused(reason: nil), step: step))
    }
    var history = RunHistory()
    history.take(report(2, [:]))
    _ = log.take(.history(history))
    _ = log.take(report(3, ["loss/generator": 30]))
    _ = log.take(.state(.stopped, step: 3))
    #expect(read(folder.path).scalars["loss/generator"]?.map(\.value) == [1, 2, 30])
  }

  @Test func aFolderThatCannotBeWrittenIsToldOnce() throws {
    let run = RunFolder(path: folder.path + "/none")
    let log = EventLog(run, configuration: try configuration(), step: 0, elapsed: nil)
    _ = log.take(report(1, ["loss/generator": 1]))
    #expect(log.take(.state(.paused(reason: nil), step: 1))?.contains("cannot be created") == true)
    #expect(log.take(.state(.paused(reason: nil), step: 1)) == nil)
    try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
    #expect(log.take(.state(.paused(reason: nil), step: 1)) == nil)
    #expect(read(run.path).scalars["loss/generator"]?.map(\.value) == [1])
  }

  @Test func aRunBringsItsEventFiles() throws {
    let store = RunStore(option: folder.path + "/runs")
    let configuration = try self.configuration()
    var options = Trainer.Options()
    options.isAttended = false
    let training = try Training(store, configuration, options: options)
    guard case .finished = training.end() else {
      Issue.record("the run did not finish")
      return
    }
    let found = read(training.folder.path)
    #expect(found.problems == [])
    #expect(found.scalars["loss/generator"]?.last?.step == 60)
    #expect(found.scalars["modes/covered"] != nil)
    #expect(found.images["samples"]?.step == 60 && found.images["samples"]?.image.width == 512)
    #expect(found.endings == ["": .success])
    // Every value is one that was reported.
    for (tag, points) in found.scalars {
      let buckets = training.events.compactMap { event -> Bucket? in
        if case .metrics(let report) = event { report.buckets[MetricID(rawValue: tag)] } else { nil }
      }
      for point in points {
        #expect(buckets.contains { $0.lastStep == point.step && Float($0.last) == Float(point.value) }, "\(tag)")
      }
    }
    // A prolonged run goes on in a second file.
    let again = try Training(resuming: training.folder, steps: 80, options: options)
    _ = again.end()
    let files = try FileManager.default.contentsOfDirectory(atPath: training.folder.path)
    #expect(files.count { $0.contains("tfevents") } == 2)
    // The first session's values are still there: the second goes on after its last step.
    let steps = read(training.folder.path).scalars["loss/generator"]?.map(\.step) ?? []
    #expect(steps == steps.sorted() && steps.contains(60) && steps.last == 80)
  }

  @Test func aFailedRunSaysSo() throws {
    let store = RunStore(option: folder.path + "/runs")
    var options = Trainer.Options()
    options.isAttended = false
    // Weights overflow in the first steps.
    let wild = try configuration("optimizers: { generator: { kind: sgd, rate: 1e30 } }")
    let training = try Training(store, wild, options: options)
    guard case .failed = training.end() else {
      Issue.record("the run did not fail")
      return
    }
    #expect(read(training.folder.path).endings == ["": .failure])
    // What goes on has not ended.
    let run = RunFolder(path: training.folder.path)
    let log = EventLog(run, configuration: try configuration(), step: 1, elapsed: nil)
    _ = log.take(report(2, ["loss/generator": 1]))
    _ = log.take(.state(.stopped, step: 2))
    #expect(read(training.folder.path).endings == [:])
  }

  @Test func aRunCanDoWithoutThem() throws {
    let store = RunStore(option: folder.path + "/runs")
    let training = try Training(store, try configuration("event-files: false"))
    _ = training.end()
    let files = try FileManager.default.contentsOfDirectory(atPath: training.folder.path)
    #expect(!files.contains { $0.contains("tfevents") })
  }

  @Test func anExportHoldsTheValues() throws {
    let values = (1...100).map { ScalarPoint(step: $0, wallTime: 1000 + Double($0) / 10, value: Double($0) / 2) }
    let export = TensorBoardExport(
      scalars: ["loss/generator": values], samples: [], configuration: try configuration(), start: 1000)
    try export.write(to: folder.path + "/out/deep")
    let found = read(folder.path + "/out/deep")
    let points = found.scalars["loss/generator"] ?? []
    #expect(points.map(\.step) == Array(1...100))
    #expect(points.map(\.value) == (1...100).map { Double($0) / 2 })
    #expect(points.last?.wallTime == 1010)
    #expect(found.hyperparameters[""]?["seed"] == .number(1))
    var damaged = export
    damaged.samples = [TensorBoardExport.Sample(step: 1, path: try folder.write("step-1.png", "no picture"))]
    #expect(throws: (any Error).self) { try damaged.write(to: folder.path + "/bad") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/bad") == [])
    #expect(throws: EventFileError.self) { try export.write(to: folder.path + "/ring.yaml/x") }
  }
}
