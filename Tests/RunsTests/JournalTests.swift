import Foundation
import Telemetry
import Testing

@testable import Runs

private let entries: [JournalRecord.Entry] = [
  .session(["process": "12", "threads": "2"]),
  .state(.preparing), .state(.training), .state(.paused(reason: nil)), .state(.paused(reason: "disk full")),
  .state(.stopping), .state(.finished), .state(.stopped), .state(.failed(message: "NaN in a \"tensor\"\nhere")),
  .edited(Edit(step: 7, id: "measures.every", oldValue: 1e-300, newValue: 0.1)),
  .singleStep(player: nil), .singleStep(player: "generator"),
  .checkpointed(CheckpointRecord(step: 7, path: "/a/b c.safetensors")),
  .verdict(
    Verdict(
      step: 7, kind: .modeCollapse, severity: .critical, isActive: true, message: "mode collapse", rule: "modes < 8")),
  .message(LogMessage(level: .warning, text: "é\u{2028}\t")),
  .metrics(["loss/generator": 0.5, "speed/steps_per_second": .infinity], elapsed: 3.25),
]

@Suite struct JournalTests {
  @Test func everyRecordReadsBackAsItWasWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/journal.jsonl"
    let records = entries.enumerated().map { JournalRecord(time: 1e9 + Double($0) / 8, step: 7, entry: $1) }
    try JournalWriter(path: path).append(Array(records.prefix(3)))
    try JournalWriter(path: path).append(Array(records.dropFirst(3)), sync: true)
    let journal = try Journal(contentsOf: path)
    #expect(journal.records == records)
    #expect(journal.damagedLines == [] && !journal.hasTornEnd)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == records.count)
    #expect(lines[1] == "{\"kind\":\"state\",\"state\":\"preparing\",\"step\":7,\"time\":1000000000.125}")
  }

  @Test func notANumberIsKept() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/journal.jsonl"
    try JournalWriter(path: path).append([
      JournalRecord(time: 0, step: 1, entry: .metrics(["loss/generator": .nan], elapsed: 0))
    ])
    guard case .metrics(let values, _)? = try Journal(contentsOf: path).records.first?.entry else {
      Issue.record("no metrics")
      return
    }
    #expect(values["loss/generator"]?.isNaN == true)
  }

  @Test func aTornLineAndDamageAreSteppedOver() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/journal.jsonl"
    let record = JournalRecord(time: 0, step: 1, entry: .state(.training))
    try JournalWriter(path: path).append([record, record, record])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let line = whole.count / 3
    for count in 0..<whole.count {
      try folder.write("cut", whole.prefix(count))
      let cut = try Journal(contentsOf: folder.path + "/cut")
      #expect(cut.records.count == (count + 1) / line)
      #expect(cut.damagedLines == [])
      #expect(cut.hasTornEnd == (count % line != 0 && count % line != line - 1))
      // A new session's record is not lost behind the torn line.
      try JournalWriter(path: folder.path + "/cut").append([record])
      #expect(try Journal(contentsOf: folder.path + "/cut").records.count == cut.records.count + 1)
    }
    try folder.write(
      "damaged", Data([0xFF, 0x0A]) + whole + Data("\n{\"kind\":\"later\",\"step\":1,\"time\":0}\n".utf8))
    let damaged = try Journal(contentsOf: folder.path + "/damaged")
    #expect(damaged.records.count == 3)
    #expect(damaged.damagedLines == [1, 6])
  }

  @Test func aMissingJournalIsEmptyAndAFolderIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect(try Journal(contentsOf: folder.path + "/none").records == [])
    #expect(throws: RunStoreError.readFailed(path: folder.path, errno: EISDIR)) { try Journal(contentsOf: folder.path) }
    #expect(throws: RunStoreError.writeFailed(path: folder.path, errno: EISDIR)) {
      try JournalWriter(path: folder.path)
    }
    #expect(throws: RunStoreError.writeFailed(path: "/dev/full", errno: ENOSPC)) {
      try JournalWriter(path: "/dev/full").append([JournalRecord(time: 0, step: 0, entry: .state(.training))])
    }
  }

  @Test func eventsThatMatterAreKept() {
    #expect(
      JournalRecord(.state(.training, step: 3), time: 1) == JournalRecord(time: 1, step: 3, entry: .state(.training)))
    #expect(
      JournalRecord(
        .metrics(MetricReport(step: 3, elapsed: 2, buckets: ["loss/generator": Bucket(step: 3, value: 0.5)])), time: 1)
        == JournalRecord(time: 1, step: 3, entry: .metrics(["loss/generator": 0.5], elapsed: 2)))
    #expect(JournalRecord(.reply(request: 1, text: "", failed: false), time: 1) == nil)
    #expect(JournalRecord(.panel(Panel(id: "a", title: "", step: 1, content: .text([]))), time: 1) == nil)
  }
}
