import Foundation
import Telemetry
import Testing

@testable import Runs

private let records: [JournalRecord.Entry] = [
  .session(["process": "12", "threads": "2"]),
  .state(.preparing), .state(.training), .state(.paused(reason: nil)), .state(.paused(reason: "disk full")),
  .state(.stopping), .state(.finished), .state(.stopped), .state(.failed(message: "NaN in a \"tensor\"\nhere")),
  .verdict(
    Verdict(
      step: 7, kind: .modeCollapse, severity: .critical, isActive: true, message: "mode collapse", rule: "modes < 8")),
  .message(LogMessage(level: .warning, text: "é\u{2028}\t")),
]

private let changes: [(LedgerEntry.Change, EditOrigin)] = [
  (.edit(id: "measures.every", old: 1e-300, new: 0.1), .key),
  (.singleStep(player: nil), .attach), (.singleStep(player: "generator"), .rule("halve D \"late\"")),
  (.data(kind: "points", payload: Data([0, 255, 10])), .commandLine), (.edit(id: "a", old: -0.0, new: 1e-300), .undo),
]

/// A report of one step or more of two metrics, one of them with a spike.
func report(_ step: Int, steps: Int = 1, loss: Double, spike: Double? = nil) -> MetricReport {
  var bucket = Bucket(step: step, value: loss)
  for next in (step + 1)..<max(step + 1, step + steps) { bucket.merge(Bucket(step: next, value: loss + 0.5)) }
  if let spike { bucket.merge(Bucket(step: step + steps - 1, value: spike)) }
  let last = step + steps - 1
  return MetricReport(
    step: last, elapsed: Double(last) / 10,
    buckets: ["loss/generator": bucket, "speed/steps_per_second": Bucket(step: last, value: 10)])
}

@Suite struct JournalTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/journal.sqlite"
  }

  private var run: RunFolder { RunFolder(path: folder.path) }

  private func scalars(_ metrics: Set<MetricID>? = nil) throws -> [JournalReader.Scalar] {
    var found: [JournalReader.Scalar] = []
    try JournalReader(path: path).scalars(of: metrics) { found.append($0) }
    return found
  }

  @Test func everythingReadsBackAsItWasWritten() throws {
    let written = records.enumerated().map { JournalRecord(time: 1e9 + Double($0) / 8, step: 7, entry: $1) }
    var entries: [LedgerEntry] = []
    for half in [0, 1] {
      let writer = try JournalWriter(path: path)
      #expect(writer.warnings == [] && writer.ledgerNumber == entries.count)
      for record in written where (record.time < 1e9 + 0.5) == (half == 0) { writer.append(record) }
      for (index, change) in changes.enumerated() where (index < 2) == (half == 0) {
        entries.append(writer.append(change.0, origin: change.1, step: index, time: 1e9))
      }
      writer.setFact("parent", "ring'8")
      writer.appendCheckpoint(step: half * 10, time: 5, ledger: writer.ledgerNumber)
      writer.appendMeasured(checkpoint: 10, value: 0.25, at: 11)
      try writer.flush()
      // Another process reads while this one writes on.
      #expect(try JournalReader(path: path).ledger() == entries)
      writer.close()
    }
    let reader = try JournalReader(path: path)
    #expect(try reader.records() == written)
    #expect(entries.map(\.number) == [1, 2, 3, 4, 5])
    #expect(try reader.ledger() == entries)
    #expect(try reader.ledger(newest: 2) == Array(entries.suffix(2)))
    #expect(try reader.lastState()?.state == .failed(message: "NaN in a \"tensor\"\nhere"))
    #expect(try reader.facts() == ["parent": "ring'8"])
    #expect(
      try reader.checkpoints() == [
        JournalReader.CheckpointRow(step: 0, time: 5, ledger: 2, measured: nil, measuredStep: nil),
        JournalReader.CheckpointRow(step: 10, time: 5, ledger: 5, measured: 0.25, measuredStep: 11),
      ])
    // What is deleted goes; the edits' marks come back with their origin.
    let writer = try JournalWriter(path: path)
    writer.appendRemoval(checkpoint: 0)
    try writer.flush()
    let history = try reader.history(of: run)
    #expect(history.checkpoints == [CheckpointRecord(step: 10, path: run.checkpointPath(step: 10))])
    #expect(history.edits.map(\.origin) == [.key, .undo] && history.edits.first?.newValue == 0.1)
    #expect(history.verdicts.count == 1)
  }

  @Test func aJournalThatWasClosedIsOneFile() throws {
    let writer = try JournalWriter(path: path)
    writer.append(report(1, loss: 1), time: 0)
    try writer.flush()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    writer.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["journal.sqlite"])
    #expect(try scalars().count == 2)
  }

  @Test func bucketsAreExact() throws {
    let writer = try JournalWriter(path: path)
    var bucket = Bucket(step: 3, value: 0.1)
    for value in [-.infinity, 1e300, .nan, 1e300] { bucket.merge(Bucket(step: 4, value: value)) }
    let nan = Bucket(step: 4, value: .nan)
    let infinite = Bucket(step: 4, value: .infinity)
    writer.append(MetricReport(step: 4, elapsed: 0.5, buckets: ["a": bucket, "b\"/,": nan, "c": infinite]), time: 9)
    try writer.flush()
    let found = try scalars()
    #expect(found.map(\.metric) == ["a", "b\"/,", "c"])
    #expect(found.first?.bucket == bucket && found.first?.time == 9 && found.first?.elapsed == 0.5)
    #expect(found.last?.bucket.last == .infinity && found.last?.bucket.nonFiniteCount == 1)
    #expect(found[1].bucket.last.isNaN && found[1].bucket.minimum.isNaN && found[1].bucket.count == 0)
  }

  /// However long the run: the newest reports as they came, older ones merged, and nothing lost.
  @Test func theJournalIsThinnedAndNoSpikeIsLost() throws {
    let writer = try JournalWriter(path: path)
    let count = 9000
    for step in 1...count {
      writer.append(report(step, loss: 1, spike: step == 17 ? 1000 : nil), time: Double(step))
      // Now and then, as a process that is stopped and goes on does.
      if step.isMultiple(of: 500) { try writer.flush() }
    }
    try writer.flush()
    let found = try scalars(["loss/generator"])
    #expect(found.count < 5 * JournalPyramid.capacity && found.count > 3 * JournalPyramid.capacity)
    #expect(found.map(\.bucket.count).reduce(0, +) == count + 1)
    #expect(found.map(\.bucket.maximum).max() == 1000)
    #expect(found.filter { $0.bucket.maximum == 1000 }.count == 1)
    // In order and without a gap, wide at the beginning and one by one at the end.
    var next = 1
    for scalar in found {
      #expect(scalar.bucket.firstStep == next)
      next = scalar.bucket.lastStep + 1
    }
    #expect(next == count + 1)
    let widths = found.map { $0.bucket.lastStep - $0.bucket.firstStep + 1 }
    #expect(zip(widths, widths.dropFirst()).allSatisfy { $0 >= $1 && ($0 & ($0 - 1)) == 0 })
    #expect(widths.last == 1 && widths.filter { $0 == 1 }.count >= JournalPyramid.capacity)
    // The charts' history has the same.
    let history = try JournalReader(path: path).history(of: run)
    let curve = history["loss/generator"]
    #expect(curve.maximum == 1000 && curve.minimum == 1 && curve.lastStep == count && curve.firstStep == 1)
    #expect(history.step == count && history.elapsed == Double(count) / 10)
    #expect(curve.columns(steps: 1...count, count: 50).map(\.count).reduce(0, +) == count + 1)
  }

  @Test func goingBackForgetsWhatCameAfter() throws {
    let writer = try JournalWriter(path: path)
    for step in 1...5000 {
      writer.append(report(step, loss: Double(step)), time: 0)
      if step == 1000 || step == 4000 {
        _ = writer.append(.edit(id: "a", old: 1, new: Double(step)), origin: .key, step: step, time: 0)
        writer.append(JournalRecord(time: 0, step: step, entry: .message(LogMessage(level: .info, text: "\(step)"))))
        writer.appendCheckpoint(step: step, time: 0, ledger: writer.ledgerNumber)
        // After the checkpoint, at the same step.
        _ = writer.append(.edit(id: "b", old: 1, new: 2), origin: .key, step: step, time: 0)
      }
    }
    try writer.flush()
    // Told, but not yet written.
    writer.append(report(5001, loss: 1), time: 0)
    try writer.goBack(toStep: 4000, ledger: 3)
    var history = try JournalReader(path: path).history(of: run)
    #expect(history["loss/generator"].lastStep == 4000 && history["loss/generator"].maximum == 4000)
    #expect(try JournalReader(path: path).ledger().map(\.number) == [1, 2, 3] && writer.ledgerNumber == 3)
    #expect(try JournalReader(path: path).records().count == 2)
    for step in 4001...9000 { writer.append(report(step, loss: -1), time: 0) }
    try writer.flush()
    try writer.goBack(toStep: 1000, ledger: nil)
    history = try JournalReader(path: path).history(of: run)
    #expect(history["loss/generator"].lastStep ?? 0 <= 1000 && history["loss/generator"].lastStep ?? 0 > 990)
    #expect(try JournalReader(path: path).ledger().map(\.number) == [1, 2])
    #expect(try JournalReader(path: path).checkpoints().map(\.step) == [1000])
    for step in 1001...3000 { writer.append(report(step, loss: 0), time: 0) }
    try writer.flush()
    let found = try scalars(["loss/generator"])
    #expect(found.map(\.bucket.lastStep) == found.map(\.bucket.lastStep).sorted())
    #expect(found.last?.bucket.lastStep == 3000)
    // Entries that went with a damaged journal leave their numbers.
    try writer.goBack(toStep: 3000, ledger: 7)
    #expect(writer.ledgerNumber == 7)
    #expect(try JournalWriter(path: path).append(.singleStep(player: nil), origin: .key, step: 1, time: 0).number == 8)
  }

  @Test func messagesAreBounded() throws {
    let writer = try JournalWriter(path: path)
    let message = JournalRecord(time: 0, step: 1, entry: .message(LogMessage(level: .info, text: "again")))
    for _ in 0..<30 {
      for _ in 0..<1100 { writer.append(message) }
      try writer.flush()
    }
    let count = try JournalReader(path: path).records().count
    #expect(count <= JournalWriter.eventCapacity + 1100 && count >= JournalWriter.eventCapacity)
  }

  @Test func aFullDiskLosesNothing() throws {
    guard geteuid() == 0, let disk = SmallRunDisk(folder.path + "/disk", kilobytes: 512) else { return }
    let path = disk.path + "/journal.sqlite"
    let writer = try JournalWriter(path: path)
    writer.append(report(1, loss: 1), time: 0)
    try writer.flush()
    try disk.fill()
    // There may be room left inside of the file and its log, but not for this.
    for step in 2...3000 { writer.append(report(step, loss: Double(step)), time: 0) }
    let entry = writer.append(.singleStep(player: nil), origin: .key, step: 3000, time: 0)
    let error = #expect(throws: RunStoreError.self) { try writer.flush() }
    #expect(error?.isDiskFull == true, "\(String(describing: error))")
    #expect(try JournalReader(path: path).history(of: run)["loss/generator"].lastStep == 1)
    try disk.empty()
    try writer.flush()
    let reader = try JournalReader(path: path)
    #expect(try reader.ledger() == [entry])
    #expect(try reader.history(of: run)["loss/generator"].maximum == 3000)
    #expect(writer.warnings == [])
  }

  @Test func networksAreKnownByTheirMounts() {
    let mounts = """
      /dev/sda / ext4 rw 0 0
      server:/home /home nfs4 rw 0 0
      x /home/local\\040disk ext4 rw 0 0
      u@h:/ /mnt/h fuse.sshfs rw 0 0
      """
    for (folder, kind) in [
      ("/homes/x", "ext4"), ("/home", "nfs4"), ("/home/a/runs", "nfs4"), ("/home/local disk/runs", "ext4"),
      ("/mnt/h/r", "fuse.sshfs"), ("/", "ext4"),
    ] {
      #expect(JournalDatabase.fileSystem(of: folder, mounts: mounts) == kind, "\(folder)")
    }
    #expect(JournalDatabase.fileSystem(of: "/x", mounts: "") == "")
  }

  @Test func aMissingJournalAndOneThatIsNone() throws {
    #expect(throws: RunStoreError.readFailed(path: path, errno: ENOENT)) { try JournalReader(path: path) }
    for text in ["hello", "", String(repeating: "{\"kind\":\"state\"}\n", count: 1000)] {
      try folder.write("journal.sqlite", text)
      if !text.isEmpty { #expect(throws: RunStoreError.self) { try JournalReader(path: path) } }
      let writer = try JournalWriter(path: path)
      #expect(writer.warnings.count == (text.isEmpty ? 0 : 1), "\(writer.warnings)")
      writer.append(JournalRecord(time: 0, step: 1, entry: .state(.training)))
      try writer.flush()
      #expect(try JournalReader(path: path).lastState()?.state == .training)
    }
    #expect(try String(contentsOfFile: folder.path + "/journal-damaged-1.sqlite", encoding: .utf8) == "hello")
    // A folder in its place is put aside, too.
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: RunStoreError.self) { try JournalReader(path: path) }
    #expect(try JournalWriter(path: path).warnings.count == 1)
  }

  @Test func aJournalThatGoesAwayOrBreaksWhileItIsWritten() throws {
    let writer = try JournalWriter(path: path)
    let entry = writer.append(.singleStep(player: nil), origin: .key, step: 1, time: 0)
    try writer.flush()
    for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
    writer.append(report(1, loss: 1), time: 0)
    try writer.flush()
    #expect(writer.takeWarnings().count == 1)
    #expect(try scalars().count == 2)
    _ = entry
    #expect(writer.ledgerNumber <= 1)
  }
}

/// A file system of some kilobytes in memory; it takes root to make one.
final class SmallRunDisk {
  let path: String

  init?(_ path: String, kilobytes: Int) {
    self.path = path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let mount = Process()
    mount.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    mount.arguments = ["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path]
    mount.standardError = FileHandle.nullDevice
    guard (try? mount.run()) != nil else { return nil }
    mount.waitUntilExit()
    guard mount.terminationStatus == 0 else {
      print("no small file system can be mounted here: a test of full disks is skipped")
      return nil
    }
  }

  // MNT_DETACH: what is still open goes with its last descriptor.
  deinit { umount2(path, 2) }

  func fill() throws {
    let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 1, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
  }

  func empty() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }
}
