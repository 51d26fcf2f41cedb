import Foundation
import Telemetry

/// The ledger of a run that is being trained: `ledger.jsonl` in its folder, an entry a line, by one process at a time.
final class RunLedger {
  private let path: String
  private let descriptor: Int32
  private var isSynced = true
  /// The number of the newest entry; 0 for none.
  private(set) var number: Int

  /// - Throws: `RunStoreError`.
  init(_ folder: RunFolder) throws(RunStoreError) {
    path = folder.ledgerPath
    number = try folder.ledger().last?.number ?? 0
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writeFailed(path: path, errno: errno) }
  }

  deinit { close(descriptor) }

  /// Writes an entry down, before what it tells of is done.
  /// - Throws: `RunStoreError.writeFailed`; nothing of it is left then.
  func append(_ change: LedgerEntry.Change, step: Int, origin: EditOrigin) throws(RunStoreError) {
    let entry = LedgerEntry(
      number: number + 1, time: Date().timeIntervalSince1970, step: step, change: change, origin: origin)
    guard let line = try? Journal.encoder.encode(entry) else { return }
    let end = lseek(descriptor, 0, SEEK_END)
    // A line of its own, whatever a crash has left of the one before.
    let code = DurableFile.write(Array("\n".utf8) + line + Array("\n".utf8), to: descriptor)
    guard code == 0 else {
      if end >= 0 { ftruncate(descriptor, end) }
      throw .writeFailed(path: path, errno: code)
    }
    isSynced = false
    number = entry.number
  }

  /// Brings everything to the disk: a checkpoint must not know of more than the ledger.
  /// - Throws: `RunStoreError.writeFailed`.
  func sync() throws(RunStoreError) {
    guard !isSynced else { return }
    guard fdatasync(descriptor) == 0 else { throw .writeFailed(path: path, errno: errno) }
    isSynced = true
  }

  /// Forgets the entries after a number, as when a run goes back to a checkpoint.
  /// - Throws: `RunStoreError`.
  func goBack(to last: Int) throws(RunStoreError) {
    guard number > last else { return }
    let entries = RunFolder.ledger(try readWhole(path) ?? Data()).filter { $0.number <= last }
    var bytes: [UInt8] = []
    for entry in entries {
      guard let line = try? Journal.encoder.encode(entry) else { continue }
      bytes += line + Array("\n".utf8)
    }
    // In place: the descriptor stays that of the file.
    guard ftruncate(descriptor, 0) == 0 else { throw .writeFailed(path: path, errno: errno) }
    let code = DurableFile.write(bytes, to: descriptor)
    guard code == 0 else { throw .writeFailed(path: path, errno: code) }
    isSynced = false
    number = last
    try sync()
  }
}

extension RunFolder {
  var ledgerPath: String { path + "/ledger.jsonl" }

  /// What changed the run's bits, in the order in which it took effect; empty for a run that nobody touched.
  /// - Throws: `RunStoreError.readFailed`.
  public func ledger() throws(RunStoreError) -> [LedgerEntry] { Self.ledger(try readWhole(ledgerPath) ?? Data()) }

  fileprivate static func ledger(_ data: Data) -> [LedgerEntry] {
    let decoder = Journal.decoder
    return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
      // A line that was cut off by a crash tells of something that was not done.
      try? decoder.decode(LedgerEntry.self, from: Data(line))
    }
  }
}

/// What the ledger's data entries tell of.
enum LedgerNote {
  /// A process went on from a checkpoint; changes no bits.
  static let resumed = "resume"
  /// The run went back to before an edit; the payload is the edit. Changes no bits that follow.
  static let undone = "undo"
  /// The steps of the whole run became others, which its rate schedules go by: `old new` in decimal.
  static let steps = "steps"
  /// A turn that a gradient ended which was not finite: part of the updates were done.
  static let brokenTurn = "broken-turn"

  static func payload(steps old: Int, _ new: Int) -> Data { Data("\(old) \(new)".utf8) }

  static func steps(_ payload: Data) -> (old: Int, new: Int)? {
    let numbers = String(decoding: payload, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }
}
