import Foundation

/// Why a run's folder cannot be made, read, locked or written.
public enum RunStoreError: Error, Sendable, Equatable {
  case writeFailed(path: String, errno: Int32)
  case readFailed(path: String, errno: Int32)
  case notAFolder(path: String)
  case cannotCreate(path: String, errno: Int32)
  case noSuchRun(String, folder: String, suggestion: String?)
  /// Another process trains the run; its process id where it is known.
  case locked(run: String, process: Int32?)
  case noFreeName(String, folder: String)
  case badName(String)
  case noCheckpoint(run: String, skipped: Int)
  case unknownStep(run: String, step: Int, available: [Int])
  /// A run was asked to be shorter than it is already.
  case fewerSteps(run: String, steps: Int, done: Int)
  /// The journal's file is none, or SQLite cannot make sense of it.
  case journalDamaged(path: String, reason: String)
}

extension RunStoreError {
  /// Whether there is no room on the disk, or none left for this user: waiting can help.
  public var isDiskFull: Bool {
    switch self {
    case .writeFailed(_, let code), .cannotCreate(_, let code): code == ENOSPC || code == EDQUOT
    default: false
    }
  }
}

extension RunStoreError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .writeFailed, .readFailed, .notAFolder, .cannotCreate, .noFreeName: ExitCode.inputOutput
    case .noSuchRun, .badName, .locked, .unknownStep, .fewerSteps: ExitCode.usage
    case .noCheckpoint, .journalDamaged: ExitCode.data
    }
  }
}

extension RunStoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .writeFailed(let path, let code): "\(path): cannot be written: \(systemMessage(code))"
    case .readFailed(let path, let code): "\(path): cannot be read: \(systemMessage(code))"
    case .notAFolder(let path): "\(path): is not a folder; runs are kept in a folder, chosen by --runs-dir"
    case .cannotCreate(let path, let code): "\(path): cannot be created: \(systemMessage(code))"
    case .noSuchRun(let name, let folder, let suggestion):
      "\(oneLine(name)): no such run in \(folder)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
    case .locked(let run, let process):
      "\(run): " + (process.map { "process \($0)" } ?? "another process")
        + " has it open; gantui attach \(run) looks on"
    case .noFreeName(let name, let folder): "\(folder): has too many runs named \(name); choose another with --name"
    case .badName(let name): "\"\(oneLine(name))\": expected \(ValueType.name.accepted)"
    case .noCheckpoint(let run, let skipped):
      "\(run): has no checkpoint to continue from" + (skipped > 0 ? "; \(skipped) are damaged" : "")
    case .unknownStep(let run, let step, let available):
      available.isEmpty
        ? "\(run): has no checkpoint of step \(step)"
        : "\(run): has no checkpoint of step \(step); there are \(listed(available.map(String.init), "and"))"
    case .fewerSteps(let run, let steps, let done):
      "--steps \(steps): \(run) has done \(done) steps already; expected at least as many"
    case .journalDamaged(let path, let reason): "\(path): the journal is damaged: \(reason)"
    }
  }
}
