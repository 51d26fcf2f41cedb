import Foundation
import Telemetry
import Testing

@testable import Runs

/// The journal of a run of 5 million steps, as slow as they come: a report for every ten steps, twenty metrics. Takes
/// minutes: for `make soak`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GANTUI_SOAK"] != nil)) struct LongJournalTests {
  @Test func fiveMillionStepsFitIn50MB() throws {
    let folder = try TemporaryFolder()
    let run = RunFolder(path: folder.path)
    let writer = try run.openJournal()
    let metrics = (0..<20).map { MetricID(rawValue: "group/metric_\($0)") }
    var cpu = -Clock.process()
    for report in 1...500_000 {
      let step = 10 * report
      var buckets: [MetricID: Bucket] = [:]
      for (index, id) in metrics.enumerated() {
        var bucket = Bucket(step: step - 9, value: sin(Double(step * (index + 1))))
        bucket.merge(Bucket(step: step, value: report == 1234 ? 1e9 : cos(Double(step))))
        buckets[id] = bucket
      }
      writer.append(MetricReport(step: step, elapsed: Double(report) / 10, buckets: buckets), time: Double(report) / 10)
      if report.isMultiple(of: 10) { try writer.flush() }
    }
    cpu += Clock.process()
    writer.close()
    let bytes = try FileManager.default.attributesOfItem(atPath: run.journalPath)[.size] as? Int ?? .max
    #expect(bytes < 50_000_000)
    let start = Clock.monotonic()
    let history = try run.openReader().history(of: run)
    let seconds = Clock.monotonic() - start
    #expect(history.metrics.count == 20 && history.step == 5_000_000)
    for curve in history.metrics.values { #expect(curve.maximum == 1e9 && curve.firstStep == 1) }
    print(
      "\(bytes / 1000) kB; read in \(Int(seconds * 1000)) ms; \(Int(cpu / 50_000 * 1e6)) us of CPU for a second of reports"
    )
  }
}
