import Foundation
import Telemetry
import Testing

@testable import Runs

/// Journals that were damaged in random ways: a sentence at most, and nothing else is lost.
@Suite struct JournalFuzzTests {
  /// How many; more in `make soak`.
  private static let count = ProcessInfo.processInfo.environment["GANTUI_FUZZ"].flatMap { Int($0) } ?? 500

  private let folder: TemporaryFolder
  private let run: RunFolder
  /// The files of a journal whose process was killed: the database and its log.
  private var database = Data()
  private var log = Data()

  init() throws {
    folder = try TemporaryFolder()
    run = RunFolder(path: folder.path + "/run")
    try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
    let first = try run.openJournal()
    for step in 1...1500 { first.append(report(step, loss: Double(step)), time: 0) }
    for step in 1...5 {
      _ = first.append(.edit(id: "a", old: 0, new: 1), origin: .key, step: step * 100, time: 0)
      first.append(JournalRecord(time: 0, step: step, entry: .state(.training)))
      first.appendCheckpoint(step: step * 100, time: 0, ledger: step)
    }
    first.setFact("parent", "ring8")
    try first.flush()
    first.close()
    let second = try run.openJournal()
    for step in 1501...1700 { second.append(report(step, loss: Double(step)), time: 0) }
    second.append(JournalRecord(time: 0, step: 1700, entry: .state(.paused(reason: nil))))
    try second.flush()
    database = try Data(contentsOf: URL(fileURLWithPath: run.journalPath))
    log = try Data(contentsOf: URL(fileURLWithPath: run.journalPath + "-wal"))
    second.close()
  }

  private func damaged(_ data: Data, _ random: inout SystemRandomNumberGenerator) -> Data {
    var data = data
    func place() -> Int { Int.random(in: 0..<max(1, data.count), using: &random) }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      for _ in 0..<Int.random(in: 1...64, using: &random) where !data.isEmpty {
        data[place()] = UInt8.random(in: 0...255, using: &random)
      }
    case 1: data = data.prefix(place())
    case 2:
      let start = place()
      let end = min(data.count, start + Int.random(in: 1...8192, using: &random))
      data.replaceSubrange(start..<end, with: Data(count: end - start))
    case 3:
      // The header and the schema, which decide how the rest is read.
      for _ in 0..<4 where data.count > 4096 {
        data[Int.random(in: 0..<4096, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
    case 4:
      // A page in the place of another.
      let pages = data.count / 4096
      guard pages > 1 else { break }
      let (from, to) = (Int.random(in: 0..<pages, using: &random), Int.random(in: 0..<pages, using: &random))
      let page = data.subdata(in: (from * 4096)..<((from + 1) * 4096))
      data.replaceSubrange((to * 4096)..<((to + 1) * 4096), with: page)
    default:
      data.append(contentsOf: (0..<place()).map { _ in UInt8.random(in: 0...255, using: &random) }.prefix(10_000))
    }
    return data
  }

  /// What anybody reads of a run. Every error is a sentence about the journal.
  private func readEverything() throws {
    do throws(RunStoreError) {
      let reader = try run.openReader()
      let history = try reader.history(of: run)
      for curve in history.metrics.values { _ = curve.columns(steps: 1...2000, count: 100) }
      _ = try reader.records()
      _ = try reader.facts()
      _ = try reader.checkpoints()
    } catch {
      switch error {
      case .journalDamaged, .readFailed: #expect(!error.description.contains("\n"))
      default: Issue.record("\(error)")
      }
    }
    do {
      _ = try MetricExport(run).write(as: .jsonl) { _ in }
    } catch {
      #expect(error is RunStoreError || error is MetricExportError)
    }
    _ = RunSummary(run)
  }

  @Test func aDamagedJournalIsReadOrRefusedAndTheRunGoesOn() throws {
    var random = SystemRandomNumberGenerator()
    var anew = 0
    for number in 0..<Self.count {
      try FileManager.default.removeItem(atPath: run.path)
      try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
      let isLog = number.isMultiple(of: 4)
      let files = (isLog ? database : damaged(database, &random), isLog ? damaged(log, &random) : log)
      let path = run.journalPath
      do {
        try files.0.write(to: URL(fileURLWithPath: path))
        // Sometimes the process had closed it.
        if isLog || number.isMultiple(of: 2) { try files.1.write(to: URL(fileURLWithPath: path + "-wal")) }
        try readEverything()

        let writer = try run.openJournal()
        try writer.goBack(toStep: 500, ledger: 3)
        writer.append(report(501, loss: -5), time: 0)
        let entry = writer.append(.singleStep(player: nil), origin: .key, step: 501, time: 0)
        writer.append(JournalRecord(time: 0, step: 501, entry: .state(.stopped)))
        try writer.flush()
        let warnings = writer.takeWarnings()
        for warning in warnings {
          anew += 1
          #expect(warning.contains("a new journal begins here") && !warning.contains("\n"), "\(warning)")
        }
        writer.close()
        let reader = try run.openReader()
        #expect(try reader.lastState()?.state == .stopped)
        #expect(entry.number == 4, "\(entry.number)")
        // A new journal holds what it is told. In one whose damage no check of SQLite's can see, a page may still lead nowhere.
        var isKept = false
        try reader.scalars(of: ["loss/generator"]) {
          isKept = isKept || ($0.bucket.lastStep == 501 && $0.bucket.last == -5)
        }
        #expect(isKept || warnings.isEmpty)
        _ = try reader.history(of: run)
      } catch {
        let kept = FileManager.default.temporaryDirectory.appendingPathComponent("gantui-fuzz-\(number).sqlite")
        try files.0.write(to: kept)
        try files.1.write(to: URL(fileURLWithPath: kept.path + "-wal"))
        Issue.record("\(error); the files are kept as \(kept.path)")
      }
    }
    print("\(Self.count) damaged journals, \(anew) begun anew")
  }
}
