import Foundation
import GRDB
import Telemetry

/// A run's journal as its one writer sees it: it gathers what is told to it, and `flush` puts all of it into the file in
/// one transaction.
///
/// What cannot be written stays until it can. A file that turns out to be damaged is put aside under another name, a
/// fresh one takes its place, and a sentence in `warnings` says so.
public final class JournalWriter {
  public let path: String
  /// Sentences about the journal that the run's log should have.
  public private(set) var warnings: [String] = []
  /// The number of the newest entry of the ledger; 0 where there is none.
  public private(set) var ledgerNumber: Int

  private var database: JournalDatabase
  private var reports: [JournalReport] = []
  private var changes: [Change] = []
  private var isDurabilityOwed = false
  private var pyramid: JournalPyramid
  private var eventsSinceTrim = 0

  private enum Change {
    case event(JournalRecord)
    case ledger(LedgerEntry)
    case checkpoint(step: Int, time: Double, ledger: Int)
    case measured(step: Int, value: Double, at: Int)
    case removed(step: Int)
    case fact(String, String)
  }

  /// The most reports that wait for room on the disk; more are merged two by two.
  private static let pendingCapacity = 4096
  /// The most records that are kept of what happened; the oldest go.
  static let eventCapacity = 20_000

  /// Opens a journal, or makes one.
  /// - Throws: `RunStoreError.writeFailed`. A damaged journal is no error but a warning.
  public init(path: String) throws(RunStoreError) {
    self.path = path
    var damage: (reason: String, saved: SavedFacts, kept: String?)?
    let opened: Opened
    do throws(RunStoreError) {
      opened = try Self.open(path)
    } catch {
      guard case .journalDamaged(_, let reason) = error else { throw error }
      let saved = SavedFacts(path)
      damage = (reason, saved, try Self.putAside(path))
      opened = try Self.open(path)
    }
    (database, pyramid, ledgerNumber) = (opened.database, opened.pyramid, opened.ledgerNumber)
    if let damage { restore(damage.saved, reason: damage.reason, kept: damage.kept) }
    if database.isOnNetwork {
      warnings.append(
        "\(path): lies on a network file system, where no write-ahead log works: who reads the journal may wait a moment"
      )
    }
  }

  deinit { database.close() }

  private struct Opened {
    var database: JournalDatabase
    var pyramid: JournalPyramid
    var ledgerNumber: Int
  }

  private static func open(_ path: String) throws(RunStoreError) -> Opened {
    let database = try JournalDatabase(writing: path)
    do throws(RunStoreError) {
      let (pyramid, number) = try state(of: database)
      return Opened(database: database, pyramid: pyramid, ledgerNumber: number)
    } catch {
      database.close()
      throw error
    }
  }

  /// Where a writer goes on.
  private static func state(of database: JournalDatabase) throws(RunStoreError) -> (JournalPyramid, Int) {
    var (pyramid, number) = (JournalPyramid(), 0)
    try database.read { db in
      pyramid = try JournalPyramid(db)
      try db.forEachRow("SELECT max(number) FROM ledger") { number = $0.integer(0) }
      try db.forEachRow("SELECT value FROM fact WHERE name = 'ledger_lost'") { row in
        number = max(number, Int(row.text(0)) ?? 0)
      }
    }
    guard (0..<(1 << 50)).contains(number) else {
      throw .journalDamaged(path: database.path, reason: "the ledger has an entry of number \(number)")
    }
    return (pyramid, number)
  }

  // MARK: What is told

  /// Takes in a report of metrics.
  public func append(_ report: MetricReport, time: Double) {
    let new = JournalReport(report, time: time)
    guard !new.buckets.isEmpty else { return }
    // A measurement beside the training shares a row of reports with it.
    if let last = reports.indices.last, reports[last].takes(new) { return }
    reports.append(new)
    if reports.count > Self.pendingCapacity { reports = JournalReport.merged(reports) }
  }

  public func append(_ record: JournalRecord) {
    changes.append(.event(record))
    if changes.count > Self.eventCapacity { forgetEvents() }
  }

  /// Takes in a change of the run's bits. It must not be lost once it is applied: flush it at once.
  public func append(_ change: LedgerEntry.Change, origin: EditOrigin, step: Int, time: Double) -> LedgerEntry {
    ledgerNumber += 1
    let entry = LedgerEntry(number: ledgerNumber, time: time, step: step, change: change, origin: origin)
    changes.append(.ledger(entry))
    isDurabilityOwed = true
    return entry
  }

  /// Takes in that a checkpoint was written, with the newest entry of the ledger that it holds.
  public func appendCheckpoint(step: Int, time: Double, ledger: Int) {
    changes.append(.checkpoint(step: step, time: time, ledger: ledger))
  }

  /// Takes in what the measure that checkpoints are chosen by says about one.
  public func appendMeasured(checkpoint step: Int, value: Double, at measuredStep: Int) {
    changes.append(.measured(step: step, value: value, at: measuredStep))
  }

  /// Takes in that a checkpoint was deleted.
  public func appendRemoval(checkpoint step: Int) { changes.append(.removed(step: step)) }

  /// Takes in a small fact about the run, such as its parent.
  public func setFact(_ name: String, _ value: String) { changes.append(.fact(name, value)) }

  public var hasPending: Bool { !reports.isEmpty || !changes.isEmpty }

  /// Sentences that were not taken yet.
  public func takeWarnings() -> [String] {
    defer { warnings = [] }
    return warnings
  }

  /// Messages can wait for room in any number; the newest are worth more.
  private func forgetEvents() {
    var surplus = Self.eventCapacity / 2
    changes.removeAll { change in
      guard case .event = change, surplus > 0 else { return false }
      surplus -= 1
      return true
    }
  }

  // MARK: What is written

  /// Writes everything that was told, in one transaction.
  /// - Throws: `RunStoreError.writeFailed`; nothing is written then, and everything stays.
  public func flush() throws(RunStoreError) {
    guard hasPending else { return }
    guard access(path, F_OK) == 0 else {
      try beginAnew(reason: "the file is gone")
      return try write()
    }
    do throws(RunStoreError) {
      try write()
    } catch {
      guard case .journalDamaged(_, let reason) = error else { throw error }
      try beginAnew(reason: reason)
      try write()
    }
  }

  private func write() throws(RunStoreError) {
    let (reports, changes, encoder) = (reports, changes, JournalJSON.encoder)
    var pyramid = pyramid
    try database.write(isDurable: isDurabilityOwed) { db in
      for report in reports { try pyramid.append(report, db) }
      for change in changes { try Self.write(change, db, encoder) }
      let events = changes.count { if case .event = $0 { true } else { false } }
      if events > 0, eventsSinceTrim + events > 1000 {
        try db.run("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", [Self.eventCapacity])
      }
    }
    let events = changes.count { if case .event = $0 { true } else { false } }
    eventsSinceTrim = eventsSinceTrim + events > 1000 ? 0 : eventsSinceTrim + events
    self.pyramid = pyramid
    self.reports = []
    self.changes = []
    isDurabilityOwed = false
  }

  private static func write(_ change: Change, _ db: Database, _ encoder: JSONEncoder) throws {
    switch change {
    case .event(let record):
      let fields = String(decoding: try encoder.encode(record.entry), as: UTF8.self)
      try db.run(
        "INSERT INTO event (time, step, kind, fields) VALUES (?, ?, ?, ?)",
        [record.time, record.step, record.entry.kind.rawValue, fields])
    case .ledger(let entry): try entry.insert(db)
    case .checkpoint(let step, let time, let ledger):
      try db.run("INSERT OR REPLACE INTO checkpoint (step, time, ledger) VALUES (?, ?, ?)", [step, time, ledger])
    case .measured(let step, let value, let at):
      try db.run("UPDATE checkpoint SET measured = ?, measured_step = ? WHERE step = ?", [value, at, step])
    case .removed(let step): try db.run("DELETE FROM checkpoint WHERE step = ?", [step])
    case .fact(let name, let value): try db.run("INSERT OR REPLACE INTO fact VALUES (?, ?)", [name, value])
    }
  }

  /// Forgets what came after a checkpoint, because the run goes on from it.
  ///
  /// - Parameters:
  ///   - step: the checkpoint's.
  ///   - ledger: the newest entry of the ledger that the checkpoint holds; nil keeps those of its step and before.
  /// - Throws: `RunStoreError.writeFailed`.
  public func goBack(toStep step: Int, ledger: Int?) throws(RunStoreError) {
    reports.removeAll { $0.step > step }
    try flush()
    do throws(RunStoreError) {
      try truncate(after: step, ledger: ledger)
    } catch {
      guard case .journalDamaged(_, let reason) = error else { throw error }
      try beginAnew(reason: reason)
      try truncate(after: step, ledger: ledger)
    }
  }

  private func truncate(after step: Int, ledger: Int?) throws(RunStoreError) {
    var kept = 0
    try database.write { db in
      try JournalPyramid.truncate(after: step, db)
      try db.run("DELETE FROM event WHERE step > ?", [step])
      try db.run("DELETE FROM checkpoint WHERE step > ?", [step])
      if let ledger {
        try db.run("DELETE FROM ledger WHERE number > ?", [ledger])
      } else {
        try db.run("DELETE FROM ledger WHERE step > ?", [step])
      }
      try db.forEachRow("SELECT max(number) FROM ledger") { kept = $0.integer(0) }
      // Entries that a damaged journal took with it: their numbers are not used again.
      if let ledger, kept < ledger {
        try db.run("INSERT OR REPLACE INTO fact VALUES ('ledger_lost', ?)", ["\(ledger)"])
      }
    }
    (pyramid, ledgerNumber) = try Self.state(of: database)
  }

  /// Closes the file: from then on it is one file.
  public func close() { database.close() }

  // MARK: Damage

  /// What a damaged journal may still tell: facts, and the ledger where it is whole.
  private struct SavedFacts {
    var facts: [String: String] = [:]
    var ledger: [LedgerEntry]?

    init(_ path: String) {
      guard let reader = try? JournalReader(path: path) else { return }
      facts = (try? reader.facts()) ?? [:]
      if let entries = try? reader.ledger(), entries.map(\.number) == Array(1..<(entries.count + 1)) {
        ledger = entries
      }
    }
  }

  private func beginAnew(reason: String) throws(RunStoreError) {
    let saved = SavedFacts(path)
    database.close()
    let kept = try Self.putAside(path)
    let known = ledgerNumber
    let opened = try Self.open(path)
    (database, pyramid) = (opened.database, opened.pyramid)
    // Numbers that were given stay given.
    ledgerNumber = known
    let waiting = changes.lazy.compactMap { if case .ledger(let entry) = $0 { entry.number } else { nil } }.min()
    let lost = (waiting ?? known + 1) - 1
    if lost > 0, saved.ledger?.count != lost { changes.insert(.fact("ledger_lost", "\(lost)"), at: 0) }
    restore(saved, reason: reason, kept: kept)
  }

  private func restore(_ saved: SavedFacts, reason: String, kept: String?) {
    for (name, value) in saved.facts { changes.insert(.fact(name, value), at: 0) }
    if let ledger = saved.ledger {
      changes.insert(contentsOf: ledger.map(Change.ledger), at: 0)
      ledgerNumber = max(ledgerNumber, ledger.count)
    }
    let file = URL(fileURLWithPath: path).lastPathComponent
    warnings.append(
      "\(path): \(reason); a new journal begins here"
        + (kept.map { ", and what is left of the old \(file) is kept as \($0)" } ?? ""))
  }

  /// Renames a journal with what belongs to it.
  /// - Returns: its new name; nil where there was none.
  private static func putAside(_ path: String) throws(RunStoreError) -> String? {
    let url = URL(fileURLWithPath: path)
    let (folder, stem) = (url.deletingLastPathComponent().path, url.deletingPathExtension().lastPathComponent)
    var number = 1
    func name() -> String { "\(stem)-damaged-\(number).\(url.pathExtension)" }
    while ["", "-wal"].contains(where: { access("\(folder)/\(name())\($0)", F_OK) == 0 }) { number += 1 }
    var isThere = true
    if rename(path, "\(folder)/\(name())") != 0 {
      guard errno == ENOENT else { throw .writeFailed(path: path, errno: errno) }
      isThere = false
    }
    for ending in ["-wal", "-journal"] { _ = rename(path + ending, "\(folder)/\(name())\(ending)") }
    unlink(path + "-shm")
    return isThere ? name() : nil
  }
}

extension LedgerEntry {
  fileprivate func insert(_ db: Database) throws {
    var (name, old, new, payload): (String?, Double?, Double?, Data?) = (nil, nil, nil, nil)
    let kind: String
    switch change {
    case .edit(let id, let before, let after): (kind, name, old, new) = ("edit", id, before, after)
    case .singleStep(let player): (kind, name) = ("single-step", player)
    case .data(let content, let bytes): (kind, name, payload) = ("data", content, bytes)
    }
    try db.run(
      "INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [number, time, step, kind, name, old, new, origin.description, payload])
  }
}
