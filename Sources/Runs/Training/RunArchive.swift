import Datasets
import Foundation
import Models
import Telemetry

/// What a training run writes into its folder: journal, checkpoints, history, pictures. It holds the run's lock.
public final class RunArchive {
  public let folder: RunFolder
  private let lock: RunLock
  private let journal: JournalWriter
  private let ledger: RunLedger
  private let keep: Int
  private let interval: Int
  private var metricsRecordedAt = -Double.infinity
  private var pending: [JournalRecord] = []

  /// Seconds between two lines of metrics in the journal.
  private static let metricsInterval = 1.0

  /// - Parameter lock: the folder's, kept until the archive goes.
  /// - Throws: `RunStoreError.writeFailed`.
  public init(_ folder: RunFolder, lock: RunLock, schedule: ScheduleConfiguration) throws(RunStoreError) {
    self.folder = folder
    self.lock = lock
    journal = try folder.openJournal()
    ledger = try RunLedger(folder)
    keep = schedule.keepCheckpoints
    interval = schedule.checkpointEvery
  }

  /// Writes an event into the journal; metrics at most once a second. What cannot be written stays until it can.
  func record(_ event: Event) throws(RunStoreError) {
    let now = Date().timeIntervalSince1970
    if case .metrics = event {
      guard now - metricsRecordedAt >= Self.metricsInterval else { return }
      metricsRecordedAt = now
    }
    guard let record = JournalRecord(event, time: now) else { return }
    pending.append(record)
    if pending.count > 10_000 { pending.removeFirst(5_000) }
    let records = pending
    try journal.append(records)
    pending = []
  }

  /// The number of the newest entry of the ledger, which checkpoints keep.
  var ledgerNumber: Int { ledger.number }

  /// Writes down what changes the run's bits, before it is done.
  func record(_ edit: Edit) throws(RunStoreError) {
    try ledger.append(
      .edit(id: edit.id, old: edit.oldValue, new: edit.newValue), step: edit.step, origin: edit.origin)
  }

  /// Writes down a single step by hand, of one player or of all.
  func recordStep(of player: String?, at step: Int, origin: EditOrigin) throws(RunStoreError) {
    try ledger.append(.singleStep(player: player), step: step, origin: origin)
    let entry = JournalRecord.Entry.singleStep(player: player)
    try journal.append([JournalRecord(time: Date().timeIntervalSince1970, step: step, entry: entry)])
  }

  func record(data kind: String, payload: Data, at step: Int, origin: EditOrigin) throws(RunStoreError) {
    try ledger.append(.data(kind: kind, payload: payload), step: step, origin: origin)
  }

  /// Forgets what the ledger has of the time after a checkpoint.
  func goBack(toStep step: Int, ledger number: Int?) throws(RunStoreError) { try ledger.goBack(to: number ?? 0) }

  func recordSession(_ facts: [String: String], step: Int) throws(RunStoreError) {
    try journal.append([JournalRecord(time: Date().timeIntervalSince1970, step: step, entry: .session(facts))])
  }

  /// The newest checkpoint that can be read, and sentences about those that cannot; nil for a run that has none yet.
  ///
  /// - Throws: `RunStoreError.noCheckpoint` where there are checkpoints and all are damaged.
  func newestCheckpoint() throws -> (checkpoint: Checkpoint, path: String, warnings: [String])? {
    guard !folder.checkpointSteps().isEmpty else { return nil }
    let loaded = try folder.newestCheckpoint()
    return (try Checkpoint(loaded.file, path: loaded.path), loaded.path, loaded.skipped.map(\.description))
  }

  func write(_ checkpoint: Checkpoint) throws -> CheckpointRecord {
    try ledger.sync()
    let path = try folder.writeCheckpoint(
      try checkpoint.file(), step: checkpoint.step, keep: keep, interval: interval)
    return CheckpointRecord(step: checkpoint.step, path: path)
  }

  func storedHistory() -> RunHistory? { Self.storedHistory(of: folder) }

  /// What a run remembers, whoever trains it; nil where nothing can be read.
  static func storedHistory(of folder: RunFolder) -> RunHistory? {
    guard let data = try? folder.history() else { return nil }
    return try? JSONDecoder().decode(RunHistory.self, from: data)
  }

  /// Takes away the checkpoints of steps after one, the newest first: whatever ends this in between, those that are left
  /// are a run's.
  func removeCheckpoints(after step: Int) {
    for later in folder.checkpointSteps().reversed() where later > step { unlink(folder.checkpointPath(step: later)) }
  }

  func store(_ history: RunHistory) throws {
    try folder.writeHistory(try JSONEncoder().encode(history))
  }

  /// Saves images as one sheet, or points as a picture, and returns the path.
  func save(_ image: PixelImage, step: Int) throws -> String {
    let path = folder.samplePath(step: step)
    try FileManager.default.createDirectory(atPath: folder.samplesPath, withIntermediateDirectories: true)
    try PNG.write(image, to: path)
    return path
  }
}
