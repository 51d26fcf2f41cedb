import Foundation
import GRDB
import Telemetry

/// A run's journal as any process may read it, also while another one writes.
public final class JournalReader {
  private let database: JournalDatabase
  private let path: String
  /// A copy for a folder in which SQLite may not make the files that reading takes.
  private var copy: String?

  /// What is kept of a metric over some steps, and when they were done.
  public struct Scalar: Sendable, Equatable {
    public var metric: MetricID
    public var bucket: Bucket
    /// Seconds since 1970 at the end of its steps.
    public var time: Double
    /// Seconds of training at the end of its steps.
    public var elapsed: Double
  }

  /// A checkpoint as the journal knows it.
  public struct CheckpointRow: Sendable, Equatable {
    public var step: Int
    /// Seconds since 1970.
    public var time: Double
    /// The newest entry of the ledger that it holds.
    public var ledger: Int?
    /// What the measure of `schedule.keep-best` says about it, measured at step `measuredStep`; nil where nothing was.
    public var measured: Double?
    public var measuredStep: Int?
  }

  /// - Throws: `RunStoreError.readFailed`, with ENOENT where there is none; `RunStoreError.journalDamaged`.
  public init(path: String) throws(RunStoreError) {
    self.path = path
    do throws(RunStoreError) {
      database = try JournalDatabase(reading: path)
    } catch {
      guard case .readFailed(_, EACCES) = error, access(path, R_OK) == 0 else { throw error }
      let copied = try Self.copied(path)
      do throws(RunStoreError) {
        database = try JournalDatabase(reading: copied + "/journal.sqlite")
      } catch {
        try? FileManager.default.removeItem(atPath: copied)
        throw error
      }
      copy = copied
    }
  }

  deinit {
    database.close()
    if let copy { try? FileManager.default.removeItem(atPath: copy) }
  }

  private static func copied(_ path: String) throws(RunStoreError) -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gantui-journal-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for ending in ["", "-wal"] where access(path + ending, R_OK) == 0 {
        try FileManager.default.copyItem(atPath: path + ending, toPath: folder.path + "/journal.sqlite" + ending)
      }
      return folder.path
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw .readFailed(path: path, errno: EACCES)
    }
  }

  /// All metrics and marks, for the charts of a run that is resumed or looked at.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func history(of run: RunFolder, capacity: Int = History.defaultCapacity) throws(RunStoreError) -> RunHistory {
    var history = RunHistory(capacity: capacity)
    for entry in try ledger(newest: RunHistory.markCapacity) {
      if let edit = entry.edit { history.take(.edited(edit)) }
    }
    for row in try checkpoints() {
      history.take(.checkpointed(CheckpointRecord(step: row.step, path: run.checkpointPath(step: row.step))))
    }
    for record in try records(of: .verdict) {
      if case .verdict(let verdict) = record.entry { history.take(.verdict(verdict)) }
    }
    try database.read { db in
      try JournalPyramid.forEachReport(db) { stored in
        let report = stored.report
        history.take(
          .metrics(
            MetricReport(step: report.step, elapsed: report.elapsed, buckets: report.buckets, time: report.time)))
      }
    }
    return history
  }

  /// What changed the run's bits, in the order in which it took effect.
  /// - Parameter newest: at most so many, the newest ones.
  /// - Throws: `RunStoreError.journalDamaged` also for an entry that says nothing known; `RunStoreError.readFailed`.
  public func ledger(newest: Int = .max) throws(RunStoreError) -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    let path = path
    try database.read { db in
      try db.forEachRow(
        """
        SELECT number, time, step, kind, name, old, new, origin, payload FROM
          (SELECT * FROM ledger ORDER BY number DESC LIMIT ?) ORDER BY number
        """, [newest]
      ) { row in
        let (number, step, name) = (row.integer(0), row.integer(2), row.isNull(4) ? nil : row.text(4))
        let change: LedgerEntry.Change? =
          switch (row.text(3), name) {
          case ("edit", let id?): .edit(id: id, old: row.number(5), new: row.number(6))
          case ("single-step", _): .singleStep(player: name)
          case ("data", let kind?): .data(kind: kind, payload: row.data(8))
          default: nil
          }
        guard let change, let origin = EditOrigin(row.text(7)), number > 0, step >= 0, step < 1 << 50 else {
          throw RunStoreError.journalDamaged(path: path, reason: "entry \(number) of the ledger says nothing known")
        }
        entries.append(LedgerEntry(number: number, time: row.number(1), step: step, change: change, origin: origin))
      }
    }
    return entries
  }

  /// What happened, oldest first: sessions, states, verdicts, messages. A record that makes no sense is left out.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func records() throws(RunStoreError) -> [JournalRecord] { try records(of: nil) }

  private func records(of kind: JournalRecord.Entry.Kind?) throws(RunStoreError) -> [JournalRecord] {
    var records: [JournalRecord] = []
    try database.read { db in
      let filter = kind.map { "WHERE kind = '\($0.rawValue)'" } ?? ""
      try db.forEachRow("SELECT time, step, fields FROM event \(filter) ORDER BY id") { row in
        if let record = Self.record(row) { records.append(record) }
      }
    }
    return records
  }

  private static func record(_ row: JournalRow) -> JournalRecord? {
    let step = row.integer(1)
    guard step >= 0, step < 1 << 50,
      let entry = try? JournalJSON.decoder.decode(JournalRecord.Entry.self, from: row.data(2))
    else { return nil }
    return JournalRecord(time: row.number(0), step: step, entry: entry)
  }

  /// The last state that the run told, and when; nil where it told none.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func lastState() throws(RunStoreError) -> (state: RunState, step: Int, time: Double)? {
    var found: (state: RunState, step: Int, time: Double)?
    try database.read { db in
      let sql = "SELECT time, step, fields FROM event WHERE kind = 'state' ORDER BY id DESC LIMIT 1"
      try db.forEachRow(sql) { row in
        guard let record = Self.record(row), case .state(let state) = record.entry else { return }
        found = (state, record.step, record.time)
      }
    }
    return found
  }

  /// The last step that a report of metrics tells of; nil where there is none.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func lastStep() throws(RunStoreError) -> Int? {
    var found: Int?
    try database.read { db in
      // The newest of each level is found by the key alone.
      let sql = "SELECT step FROM report WHERE level = ? ORDER BY number DESC LIMIT 1"
      for level in 0..<JournalPyramid.levels where found == nil {
        try db.forEachRow(sql, [level]) { if (0..<(1 << 50)).contains($0.integer(0)) { found = $0.integer(0) } }
      }
    }
    return found
  }

  /// Small facts about the run, such as its parent.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func facts() throws(RunStoreError) -> [String: String] {
    var facts: [String: String] = [:]
    try database.read { db in try db.forEachRow("SELECT name, value FROM fact") { facts[$0.text(0)] = $0.text(1) } }
    return facts
  }

  /// The checkpoints that were written and not deleted since, ascending.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func checkpoints() throws(RunStoreError) -> [CheckpointRow] {
    var rows: [CheckpointRow] = []
    try database.read { db in
      try db.forEachRow("SELECT step, time, ledger, measured, measured_step FROM checkpoint ORDER BY step") { row in
        guard row.integer(0) >= 0, row.integer(0) < 1 << 50 else { return }
        rows.append(
          CheckpointRow(
            step: row.integer(0), time: row.number(1), ledger: row.isNull(2) ? nil : row.integer(2),
            measured: row.isNull(3) ? nil : row.number(3), measuredStep: row.isNull(4) ? nil : row.integer(4)))
      }
    }
    return rows
  }

  /// The names of all metrics that were reported, in the order in which they came.
  /// - Throws: `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func metrics() throws(RunStoreError) -> [MetricID] {
    var names: [MetricID] = []
    try database.read { db in
      try db.forEachRow("SELECT name FROM metric ORDER BY id") { names.append(MetricID(rawValue: $0.text(0))) }
    }
    return names
  }

  /// Calls a closure for what is kept of metrics, oldest first, metrics of the same steps by name.
  ///
  /// - Parameter metrics: which; nil for all.
  /// - Throws: what the closure throws; `RunStoreError.readFailed`, `RunStoreError.journalDamaged`.
  public func scalars(of metrics: Set<MetricID>? = nil, _ body: (Scalar) throws -> Void) throws {
    var failure: (any Error)?
    try database.read { db in
      try JournalPyramid.forEachReport(of: metrics, db) { stored in
        guard failure == nil else { return }
        let report = stored.report
        for (id, bucket) in report.buckets.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
          do {
            try body(Scalar(metric: id, bucket: bucket, time: report.time, elapsed: report.elapsed))
          } catch {
            failure = error
            return
          }
        }
      }
    }
    if let failure { throw failure }
  }
}
