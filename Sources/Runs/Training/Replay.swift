import Datasets
import Execution
import Foundation
import Models
import Tensors

/// Trains a run again from seed, configuration and ledger, and compares every stored checkpoint bit for bit.
///
/// A branch is trained again from the state that it began with. Nothing of the run's folder is changed.
public struct Replay {
  /// How far a replay has come.
  public struct Progress: Sendable, Equatable {
    public var step: Int
    /// The step of the last checkpoint that is compared.
    public var lastStep: Int
    /// Checkpoints that were the same.
    public var same: Int
  }

  /// The first place where a stored checkpoint is not what the run computes.
  public enum Difference: Sendable, Equatable, CustomStringConvertible {
    case tensor(step: Int, name: String, element: Int, stored: Double, replayed: Double)
    case shape(step: Int, name: String, stored: [Int], replayed: [Int])
    case missingTensor(step: Int, name: String)
    case surplusTensor(step: Int, name: String)
    case hyperparameter(step: Int, id: String)
    /// The run never comes to the stored counters, such as by a single step that the ledger does not know.
    case unreached(step: Int)
    case unreadable(step: Int, reason: String)

    public var description: String {
      switch self {
      case .tensor(let step, let name, let element, let stored, let replayed):
        "step \(step): tensor \(name) differs from element \(element) on: stored \(stored), replayed \(replayed)"
      case .shape(let step, let name, let stored, let replayed):
        "step \(step): tensor \(name) is stored as \(stored) and is \(replayed) in the replay"
      case .missingTensor(let step, let name): "step \(step): tensor \(name) is not stored"
      case .surplusTensor(let step, let name): "step \(step): tensor \(name) is stored and not in the replay"
      case .hyperparameter(let step, let id): "step \(step): hyperparameter \(id) differs"
      case .unreached(let step): "step \(step): the replay does not come to the counters of the checkpoint"
      case .unreadable(let step, let reason): "step \(step): \(reason)"
      }
    }
  }

  public struct Report: Sendable, Equatable {
    /// The steps of the checkpoints that are the same.
    public var same: [Int]
    public var difference: Difference?
    /// The step that was trained to.
    public var step: Int
  }

  private let folder: RunFolder
  private let start: Checkpoint?
  private let session: TrainingSession
  private let ledger: [LedgerEntry]
  private let steps: [Int]
  /// What decides bits and is not as it was, in sentences.
  public let warnings: [String]

  /// - Parameters:
  ///   - folder: the run's; it may be in training.
  ///   - limit: no checkpoint of a later step is compared; nil for all.
  /// - Throws: `RunStoreError.noCheckpoint` where there is none to compare; what opening the run throws.
  public init(_ folder: RunFolder, until limit: Int? = nil) throws {
    try self.init(folder, until: limit, ledger: folder.openReader().ledger())
  }

  init(_ folder: RunFolder, until limit: Int? = nil, ledger: [LedgerEntry]) throws {
    self.folder = folder
    self.ledger = ledger
    steps = folder.checkpointSteps().filter { $0 <= limit ?? .max }
    start = try folder.start()
    let readable = steps.lazy.compactMap { step -> Checkpoint? in
      guard let loaded = try? folder.checkpoint(step: step) else { return nil }
      return try? Checkpoint(loaded.file, path: loaded.path)
    }.first
    guard let known = start ?? readable else {
      throw RunStoreError.noCheckpoint(run: folder.name, skipped: steps.count)
    }
    var configuration = try folder.configuration()
    for entry in ledger {
      guard case .data(LedgerNote.steps, let payload) = entry.change, let numbers = LedgerNote.steps(payload) else {
        continue
      }
      // It began with the steps from before the first change.
      configuration.schedule.steps = numbers.old
      break
    }
    var warnings: [String] = []
    if known.instructionSet != CPUBackend.instructionSet {
      warnings.append(
        "the run was trained with \(known.instructionSet) instructions and is replayed with \(CPUBackend.instructionSet): the last bits will differ"
      )
    }
    self.warnings = warnings
    CPUProgram.prepareThread(threads: known.threads)
    session = try TrainingSession(
      configuration, dataset: try DatasetFactory.dataset(configuration.data), threads: known.threads,
      step: start?.step ?? 0)
    if let start { try session.restore(start, path: folder.startPath) }
  }

  /// Trains to the last checkpoint, or to the first that differs.
  ///
  /// - Parameter progress: called now and then, and at the end.
  /// - Throws: `ReplayError`, what a step throws.
  public func run(progress: (Progress) -> Void = { _ in }) throws -> Report {
    defer { session.stop() }
    let last = steps.last ?? 0
    var report = Report(same: [], difference: nil, step: session.step)
    var pending = steps[...].drop { $0 < session.step }
    var entries = ledger[...]
    var number = start?.ledger ?? 0
    var stored: (step: Int, checkpoint: Checkpoint)?
    var toldAt = Clock.monotonic()
    func tell() { progress(Progress(step: session.step, lastStep: last, same: report.same.count)) }
    while let step = pending.first, report.difference == nil {
      if step < session.step {
        report.difference = .unreached(step: step)
        break
      }
      if step == session.step {
        if stored?.step != step {
          do {
            let loaded = try folder.checkpoint(step: step)
            stored = (step, try Checkpoint(loaded.file, path: loaded.path))
          } catch {
            report.difference = .unreadable(step: step, reason: "\(error)")
            break
          }
        }
        if let checkpoint = stored?.checkpoint, checkpoint.counters == session.counters,
          checkpoint.ledger ?? number == number
        {
          report.difference = try difference(checkpoint)
          if report.difference == nil { report.same.append(step) }
          pending.removeFirst()
          continue
        }
      }
      if let entry = entries.first, entry.step <= session.step {
        guard entry.step == session.step else { throw ReplayError.missedEntry(number: entry.number, step: entry.step) }
        try apply(entry)
        number = entry.number
        entries.removeFirst()
      } else {
        try takeTurn()
      }
      let now = Clock.monotonic()
      if now - toldAt >= 0.1 {
        toldAt = now
        tell()
      }
    }
    report.step = session.step
    tell()
    return report
  }

  private func takeTurn() throws {
    _ = try session.takeTurn()
    _ = try session.grow()
  }

  private func apply(_ entry: LedgerEntry) throws {
    switch entry.change {
    case .edit(let id, _, let new):
      guard session.set(id, to: new) != nil else { throw ReplayError.unknownChange(number: entry.number, id) }
    case .singleStep(nil): try takeTurn()
    case .singleStep(let player?):
      guard session.system.players.contains(where: { $0.name == player }) else {
        throw ReplayError.unknownChange(number: entry.number, player)
      }
      _ = try session.take(player)
      _ = try session.grow()
    case .data(LedgerNote.resumed, _), .data(LedgerNote.undone, _): break
    case .data(LedgerNote.brokenTurn, _): try takeTurn()
    case .data(LedgerNote.steps, let payload):
      guard let numbers = LedgerNote.steps(payload) else {
        throw ReplayError.unknownChange(number: entry.number, LedgerNote.steps)
      }
      session.setTotalSteps(numbers.new)
    case .data(let kind, _): throw ReplayError.unknownChange(number: entry.number, kind)
    }
  }

  /// The first difference of a stored checkpoint, in the order in which the networks are made.
  private func difference(_ stored: Checkpoint) throws -> Difference? {
    let replayed = try Checkpoint(session, elapsed: stored.elapsed, ledger: stored.ledger ?? 0)
    let step = stored.step
    for variable in session.system.variables {
      let name = variable.name
      guard let made = replayed.tensors[name] else { continue }
      guard let kept = stored.tensors[name] else { return .missingTensor(step: step, name: name) }
      guard kept.shape == made.shape, kept.type == made.type else {
        return .shape(step: step, name: name, stored: kept.shape, replayed: made.shape)
      }
      guard kept.bytes != made.bytes else { continue }
      let (first, second) = (kept.values(of: Float.self) ?? [], made.values(of: Float.self) ?? [])
      let element = zip(first, second).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }?.offset ?? 0
      guard first.indices.contains(element), second.indices.contains(element) else {
        return .missingTensor(step: step, name: name)
      }
      return .tensor(
        step: step, name: name, element: element, stored: Double(first[element]), replayed: Double(second[element]))
    }
    if let name = stored.tensors.keys.sorted().first(where: { replayed.tensors[$0] == nil }) {
      return .surplusTensor(step: step, name: name)
    }
    let ids = Set(stored.hyperparameters.keys).union(replayed.hyperparameters.keys)
    let changed = ids.sorted().first {
      stored.hyperparameters[$0]?.bitPattern != replayed.hyperparameters[$0]?.bitPattern
    }
    return changed.map { .hyperparameter(step: step, id: $0) }
  }
}

/// Why a run cannot be replayed.
public enum ReplayError: Error, Sendable, Equatable, CustomStringConvertible, ExitCoded {
  /// The ledger has a change of a kind or an id that this program does not know.
  case unknownChange(number: Int, String)
  /// The replay has passed the step of an entry.
  case missedEntry(number: Int, step: Int)

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .unknownChange(let number, let name):
      "entry \(number) of the ledger changes \(oneLine(name)), which is not known"
    case .missedEntry(let number, let step):
      "entry \(number) of the ledger is of step \(step), which the replay has passed: the ledger is damaged"
    }
  }
}
