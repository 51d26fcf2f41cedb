import Datasets
import Foundation
import Models
import Telemetry

/// What a training run writes into its folder: journal, checkpoints, pictures. It holds the run's lock.
public final class RunArchive {
  public let folder: RunFolder
  private let lock: RunLock
  private let journal: JournalWriter
  private var retention: CheckpointRetention
  private var flushedAt = -Double.infinity

  /// The newest checkpoint that outlives the machine's going down, and when it was written.
  private var synced: (step: Int, time: Double)?

  /// Seconds between two such checkpoints while training goes on.
  private static let syncInterval = 1.0
  /// Seconds between two transactions of the journal.
  private static let flushInterval = 1.0

  /// - Parameter lock: the folder's, kept until the archive goes.
  /// - Throws: `RunStoreError.writeFailed`.
  public init(_ folder: RunFolder, lock: RunLock, schedule: ScheduleConfiguration) throws(RunStoreError) {
    self.folder = folder
    self.lock = lock
    journal = try folder.openJournal()
    retention = CheckpointRetention(schedule)
    if schedule.keepBest != nil, let rows = try? folder.openReader().checkpoints() { retention.restore(rows) }
  }

  /// The number of the newest entry of the run's ledger; 0 where there is none.
  var ledgerNumber: Int { journal.ledgerNumber }

  /// Sentences about the journal that the log should have, such as that the old one was damaged.
  func takeWarnings() -> [String] { journal.takeWarnings() }

  // MARK: The journal

  /// Takes an event into the journal: metrics go to the disk once a second, with all that came since, and other events
  /// at once. What cannot be written stays until it can.
  func record(_ event: Event) throws(RunStoreError) {
    let now = Date().timeIntervalSince1970
    switch event {
    case .metrics(let report):
      journal.append(report, time: now)
      measure(report)
      try flushInTime()
    case .edited(let edit):
      let change = LedgerEntry.Change.edit(id: edit.id, old: edit.oldValue, new: edit.newValue)
      _ = journal.append(change, origin: edit.origin, step: edit.step, time: now)
      try flush()
    case .checkpointed: try flushInTime()
    default:
      guard let record = JournalRecord(event, time: now) else { return }
      journal.append(record)
      if case .state = event { try flush() } else { try flushInTime() }
    }
  }

  /// Records a single step by hand, of one player or of all: part of what decides the run's bits.
  func recordStep(of player: String?, at step: Int, origin: EditOrigin = .key) throws(RunStoreError) {
    try record(.singleStep(player: player), at: step, origin: origin)
  }

  /// Records anything that changes the run's bits from a step on; it is on the disk when this returns.
  func record(_ change: LedgerEntry.Change, at step: Int, origin: EditOrigin) throws(RunStoreError) {
    _ = journal.append(change, origin: origin, step: step, time: Date().timeIntervalSince1970)
    try flush()
  }

  func recordSession(_ facts: [String: String], step: Int) throws(RunStoreError) {
    journal.append(JournalRecord(time: Date().timeIntervalSince1970, step: step, entry: .session(facts)))
    try flush()
  }

  /// Keeps a small fact about the run, such as its parent.
  func setFact(_ name: String, _ value: String) { journal.setFact(name, value) }

  private func flushInTime() throws(RunStoreError) { try flush(after: Self.flushInterval) }

  /// Writes what it can and closes the journal, before the lock goes.
  func close() {
    try? flush()
    journal.close()
  }

  /// Writes all that was recorded where that was last done so many seconds ago.
  /// - Throws: `RunStoreError.writeFailed`; everything stays until it can be written.
  func flush(after seconds: Double) throws(RunStoreError) {
    if Clock.monotonic() - flushedAt >= seconds { try flush() }
  }

  /// Whether something that was recorded is not on the disk.
  var hasUnwritten: Bool { journal.hasPending }

  /// Writes all that was recorded.
  /// - Throws: `RunStoreError.writeFailed`; everything stays until it can be written.
  func flush() throws(RunStoreError) {
    flushedAt = Clock.monotonic()
    try journal.flush()
  }

  /// Forgets what the journal tells of the time after a checkpoint, because the run goes on from it.
  ///
  /// - Parameters:
  ///   - step: the checkpoint's.
  ///   - ledger: the newest entry of the ledger that it holds; nil keeps those of its step and before.
  ///   - deletesCheckpoints: whether later checkpoints go too, damaged ones included: else a run that is killed now goes
  ///     on from one of them.
  /// - Throws: `RunStoreError.writeFailed`.
  func goBack(toStep step: Int, ledger: Int?, deletesCheckpoints: Bool = false) throws(RunStoreError) {
    // The later checkpoints away before the ledger forgets, the newest first: whatever ends the process in between, the
    // newest checkpoint is one that the ledger knows the way to.
    if deletesCheckpoints {
      for later in folder.checkpointSteps().reversed() where later > step { folder.removeCheckpoint(step: later) }
    }
    try journal.goBack(toStep: step, ledger: ledger)
    retention.truncate(after: step)
  }

  /// Whether the run did all its steps, and said so: nothing is left to do but to look at it.
  func hasFinished(steps: Int) -> Bool {
    guard let newest = folder.checkpointSteps().last, newest >= steps else { return false }
    return (try? folder.openReader().lastState())?.state == .finished
  }

  /// What the journal tells of the run so far.
  struct Past {
    /// All metrics and marks.
    var history = RunHistory()
    /// The newest edits that are not undone, in their order, with their numbers in the ledger.
    var edits: [(number: Int, edit: Edit)] = []
    /// A sentence where they cannot be read.
    var warning: String?
  }

  func past() -> Past {
    do {
      let reader = try folder.openReader()
      let entries = try reader.ledger(newest: RunHistory.markCapacity)
      return Past(
        history: try reader.history(of: folder),
        edits: entries.compactMap { entry in entry.edit.map { (entry.number, $0) } })
    } catch {
      return Past(warning: "\(error)")
    }
  }

  // MARK: Checkpoints

  /// The newest checkpoint on the disk from which nothing but training led to an entry of the ledger; nil where none is
  /// left.
  func checkpoint(before number: Int) throws(RunStoreError) -> Checkpoint? {
    let earlier = try folder.openReader().ledger().filter { $0.number < number }
    let last = earlier.last(where: \.changesBits)?.number ?? 0
    for step in folder.checkpointSteps().reversed() {
      guard let loaded = try? folder.checkpoint(step: step),
        let checkpoint = try? Checkpoint(loaded.file, path: loaded.path), let held = checkpoint.ledger, held < number
      else { continue }
      return held >= last ? checkpoint : nil
    }
    return nil
  }

  /// The newest checkpoint that can be read, and sentences about those that cannot; nil for a run that has none yet.
  ///
  /// - Throws: `RunStoreError.noCheckpoint` where there are checkpoints and all are damaged.
  func newestCheckpoint() throws -> (checkpoint: Checkpoint, path: String, warnings: [String])? {
    guard !folder.checkpointSteps().isEmpty else {
      // A run that has trained and lost them would begin anew, and its curves would go.
      if let last = try? folder.openReader().lastStep(), last > 0 {
        throw RunStoreError.noCheckpoint(run: folder.name, skipped: 0)
      }
      return nil
    }
    let loaded = try folder.newestCheckpoint()
    return (try Checkpoint(loaded.file, path: loaded.path), loaded.path, loaded.skipped.map(\.description))
  }

  /// Writes a checkpoint, and deletes those that are not worth keeping any more.
  ///
  /// - Parameter isPassing: whether training goes on at once. Of such checkpoints, which fast runs pass many times a second,
  ///   only some are synced, and of those the newest stays: a machine that goes down costs no more than that time.
  /// - Throws: `RunStoreError.writeFailed`; no checkpoint is lost then.
  func write(_ checkpoint: Checkpoint, isPassing: Bool = false) throws -> CheckpointRecord {
    let step = checkpoint.step
    let start = Clock.monotonic()
    let isDurable = !isPassing || synced.map { start - $0.time >= Self.syncInterval } ?? true
    let path = try folder.writeCheckpoint(try checkpoint.file(), step: step, isDurable: isDurable)
    if isDurable { synced = (step, start) }
    let now = Date().timeIntervalSince1970
    journal.appendCheckpoint(step: step, time: now, ledger: checkpoint.ledger ?? ledgerNumber)
    if let known = retention.add(step) {
      journal.appendMeasured(checkpoint: step, value: known.value, at: known.step)
    }
    for old in retention.superfluous(among: folder.checkpointSteps()) where old != step && old != synced?.step {
      folder.removeCheckpoint(step: old)
      journal.appendRemoval(checkpoint: old)
    }
    return CheckpointRecord(step: step, path: path)
  }

  /// Tells the checkpoints' retention what was measured.
  private func measure(_ report: MetricReport) {
    guard let best = retention.best, let bucket = report.buckets[best.metric] else { return }
    let measurement = CheckpointRetention.Measurement(value: bucket.last, step: bucket.lastStep)
    guard let checkpoint = retention.take(measurement, checkpoints: folder.checkpointSteps()) else { return }
    journal.appendMeasured(checkpoint: checkpoint, value: measurement.value, at: measurement.step)
  }

  // MARK: Pictures

  /// Saves images as one sheet, or points as a picture, and returns the path.
  func save(_ image: PixelImage, step: Int) throws -> String {
    let path = folder.samplePath(step: step)
    try FileManager.default.createDirectory(atPath: folder.samplesPath, withIntermediateDirectories: true)
    try PNG.write(image, to: path)
    return path
  }
}
