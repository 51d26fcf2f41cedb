import Foundation
import Telemetry

/// What is kept of a run, on the disk and in memory.
extension TrainingLoop {
  func checkpoint(isPassing: Bool = false) throws {
    try whenThereIsRoom { try writeCheckpoint(isPassing: isPassing) }
  }

  /// Writes; a full disk pauses the run until there is room.
  ///
  /// - Throws: what `write` throws; the full disk's error when the run is to stop while it waits.
  func whenThereIsRoom(_ write: () throws -> Void) throws {
    do {
      try write()
    } catch let error as RunStoreError where error.isDiskFull {
      try waitForRoom(error, write)
    }
  }

  func writeCheckpoint(isPassing: Bool = false) throws {
    // The journal tells of all that led to a checkpoint, to a tenth of a second where they come that often.
    let now = Clock.monotonic()
    if case .training = state, now - reportedAt >= Self.reportInterval / 2 { report(now) }
    let record = try storing {
      keep { try archive.flush(after: Self.reportInterval) }
      return try archive.write(
        Checkpoint(session, elapsed: currentElapsed, ledger: archive.ledgerNumber), isPassing: isPassing)
    }
    lastCheckpoint = record
    publish(.checkpointed(record))
  }

  var currentElapsed: Double {
    if case .training = state { elapsed + Clock.monotonic() - resumedAt } else { elapsed }
  }

  func waitForRoom(_ full: RunStoreError, _ write: () throws -> Void) throws {
    guard options.waitsForRoom else { throw full }
    let state = state
    let reason = "\(full); training goes on when there is room"
    pause(reason)
    while !mustStop {
      wait(1)
      obey()
      // Whoever resumes the run by hand is told again why it waits.
      if case .training = self.state { pause(reason) }
      do {
        try write()
        if case .stopping = state { announce(state) } else { resume() }
        return
      } catch let error as RunStoreError where error.isDiskFull {
        continue
      }
    }
    throw full
  }

  /// Writes down that part of a turn was done: the turn that follows begins anew.
  func recordBrokenTurn() throws {
    try whenThereIsRoom {
      try archive.record(.data(kind: LedgerNote.brokenTurn, payload: Data()), at: session.step, origin: .key)
    }
  }

  // MARK: Moments in memory

  /// Steps between two moments, or seconds where those are more.
  private static let momentSteps = 250
  private static let momentSeconds = 1.0
  /// The share of the time that keeping them may take.
  private static let momentShare = 0.0025

  /// The state as it is; nil where no memory is given to it.
  func moment() throws -> Checkpoint? {
    guard !ring.isOff else { return nil }
    return try Checkpoint(
      session, elapsed: currentElapsed, ledger: archive.ledgerNumber, sharing: ring.twin(of: session.counters))
  }

  func isMomentDue(_ now: Double) -> Bool {
    (session.step - keptStep >= Self.momentSteps || now - keptAt >= Self.momentSeconds) && now >= keepDueAt
      && !ring.isOff
  }

  /// Keeps the state in memory.
  func keepMoment() throws {
    let start = Clock.monotonic()
    try storing { if let checkpoint = try moment() { ring.append(RewindPoint(checkpoint)) } }
    let end = Clock.monotonic()
    keptStep = session.step
    keptAt = end
    keepDueAt = end + (end - start) / Self.momentShare
  }
}
