import Foundation
import Telemetry
import Testing

@testable import Runs

@Suite struct MetricExportTests {
  private let folder: TemporaryFolder
  private let run: RunFolder

  init() throws {
    folder = try TemporaryFolder()
    run = RunFolder(path: folder.path)
    let journal = try run.openJournal()
    journal.append(report(1, steps: 10, loss: 0.25, spike: .nan), time: 1.5)
    try journal.flush()
    journal.append(
      MetricReport(step: 12, elapsed: 2, buckets: ["a,\"b": Bucket(step: 12, value: -.infinity)]), time: 2.5)
    journal.append(JournalRecord(time: 2, step: 12, entry: .state(.paused(reason: "why"))))
    _ = journal.append(.edit(id: "x", old: 1, new: .nan), origin: .rule("r"), step: 11, time: 1)
    journal.appendCheckpoint(step: 10, time: 3, ledger: 0)
    try journal.flush()
  }

  private func text(_ format: MetricExport.Format, _ metrics: [String] = []) throws -> [String] {
    var text = ""
    try MetricExport(run, metrics: metrics).write(as: format) { text += $0 }
    return text.split(separator: "\n").map(String.init)
  }

  @Test func linesOfText() throws {
    #expect(
      try text(.csv) == [
        MetricExport.columns.joined(separator: ","),
        "loss/generator,1,10,1.5,1.0,0.25,0.75,0.7,nan,10,1",
        "speed/steps_per_second,10,10,1.5,1.0,10.0,10.0,10.0,10.0,1,0",
        "\"a,\"\"b\",12,12,2.5,2.0,,,,-inf,0,1",
      ])
    let lines = try text(.jsonl, ["loss", "a,\"b"])
    #expect(
      lines == [
        #"{"kind":"metric","metric":"loss/generator","first_step":1,"step":10,"time":1.5,"elapsed":1.0,"minimum":0.25,"maximum":0.75,"mean":0.7,"last":"nan","count":10,"not_finite":1}"#,
        #"{"kind":"metric","metric":"a,\"b","first_step":12,"step":12,"time":2.5,"elapsed":2.0,"last":"-inf","count":0,"not_finite":1}"#,
      ])
    for line in lines { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
    var events: [String] = []
    try MetricExport(run).writeEvents { events.append($0) }
    #expect(
      events == [
        #"{"id":"x","kind":"edit","new":"nan","number":1,"old":1,"origin":"rule r","step":11,"time":1}"# + "\n",
        #"{"kind":"state","reason":"why","state":"paused","step":12,"time":2}"# + "\n",
        #"{"kind":"checkpoint","ledger":0,"path":"\#(run.checkpointPath(step: 10))","step":10,"time":3}"# + "\n",
      ])
  }

  @Test func aMetricThatIsUnknown() throws {
    let error = #expect(throws: MetricExportError.self) { try text(.csv, ["loss/generatr"]) }
    #expect(error?.description == "\(run.name): has no metric loss/generatr; did you mean loss/generator?")
    #expect(error?.exitCode == ExitCode.usage)
    let empty = RunFolder(path: folder.path + "/none")
    #expect(throws: MetricExportError.noJournal(run: "none")) { try MetricExport(empty) }
  }
}
