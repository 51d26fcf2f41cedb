import Foundation
import Models
import Telemetry

/// The folder that holds all runs.
public struct RunStore: Sendable, Equatable {
  /// Absolute.
  public let folder: String

  /// - Parameters:
  ///   - option: the value of `--runs-dir`; nil takes `GANTUI_RUNS`, and else `runs` in the working directory.
  public init(
    option: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
    workingDirectory: String = FileManager.default.currentDirectoryPath
  ) {
    let chosen = option ?? environment["GANTUI_RUNS"].flatMap { $0.isEmpty ? nil : $0 } ?? "runs"
    folder = PathBase(file: workingDirectory).resolve(chosen, writtenAt: .file("", line: 1, column: 1))
  }

  /// Makes a run's folder and takes its lock. A name that is taken gets a number: `ring8`, `ring8-2`, ...
  /// - Throws: `RunStoreError`; nothing is left behind then.
  public func create(_ configuration: RunConfiguration) throws(RunStoreError) -> (run: RunFolder, lock: RunLock) {
    guard isRunName(configuration.name) else { throw .badName(configuration.name) }
    try makeFolder()
    var run = RunFolder(path: "\(folder)/\(configuration.name)")
    var number = 1
    while mkdir(run.path, 0o755) != 0 {
      guard errno == EEXIST else { throw .cannotCreate(path: run.path, errno: errno) }
      number += 1
      guard number < 100_000 else { throw .noFreeName(configuration.name, folder: folder) }
      run = RunFolder(path: "\(folder)/\(configuration.name)-\(number)")
    }
    do throws(RunStoreError) {
      let lock = try RunLock(folder: run.path, run: run.name)
      for path in [run.checkpointsPath, run.samplesPath] where mkdir(path, 0o755) != 0 {
        throw RunStoreError.cannotCreate(path: path, errno: errno)
      }
      // The configuration is last: a folder without one is no run.
      try run.writeConfiguration(configuration)
      try DurableFile.syncFolder(folder)
      return (run, lock)
    } catch {
      try? FileManager.default.removeItem(atPath: run.path)
      throw error
    }
  }

  private func makeFolder() throws(RunStoreError) {
    var path = ""
    for component in folder.split(separator: "/") {
      path += "/" + component
      if mkdir(path, 0o755) == 0 { continue }
      let code = errno
      if code == EEXIST || code == EISDIR {
        guard Self.isFolder(path) else { throw .notAFolder(path: path) }
      } else if !Self.isFolder(path) {
        throw .cannotCreate(path: path, errno: code)
      }
    }
  }

  /// The run of a name, or of a folder's path.
  /// - Throws: `RunStoreError.noSuchRun`.
  public func run(
    _ nameOrPath: String, workingDirectory: String = FileManager.default.currentDirectoryPath
  ) throws(RunStoreError) -> RunFolder {
    let isPath = nameOrPath.contains("/") || nameOrPath == "." || nameOrPath == ".."
    let path =
      isPath
      ? PathBase(file: workingDirectory).resolve(nameOrPath, writtenAt: .file("", line: 1, column: 1))
      : "\(folder)/\(nameOrPath)"
    let run = RunFolder(path: URL(fileURLWithPath: path).standardizedFileURL.path)
    guard !nameOrPath.isEmpty, FileManager.default.fileExists(atPath: run.configurationPath) else {
      throw .noSuchRun(
        nameOrPath, folder: folder,
        suggestion: spellingSuggestion(for: nameOrPath, among: ((try? folders()) ?? []).map(\.name)))
    }
    return run
  }

  /// All runs, by name. A missing folder has none.
  /// - Throws: `RunStoreError.notAFolder`, `RunStoreError.readFailed`.
  public func folders() throws(RunStoreError) -> [RunFolder] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    guard Self.isFolder(folder) else { throw .notAFolder(path: folder) }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .readFailed(path: folder, errno: EACCES)
    }
    return names.sorted().map { RunFolder(path: "\(folder)/\($0)") }
      .filter { FileManager.default.fileExists(atPath: $0.configurationPath) }
  }

  /// What is known of all runs, the latest first.
  /// - Throws: `RunStoreError.notAFolder`, `RunStoreError.readFailed`.
  public func list() throws(RunStoreError) -> [RunSummary] {
    try folders().map { RunSummary($0) }.sorted { ($1.lastActivity, $0.run.name) < ($0.lastActivity, $1.run.name) }
  }

  /// Deletes a run with all that it holds.
  /// - Throws: `RunStoreError.locked` while it trains; `RunStoreError.writeFailed`.
  public func remove(_ run: RunFolder) throws(RunStoreError) {
    let lock = try RunLock(folder: run.path, run: run.name)
    defer { withExtendedLifetime(lock) {} }
    // Without its configuration a folder is no run: a removal that is interrupted leaves none that looks whole.
    unlink(run.configurationPath)
    do {
      try FileManager.default.removeItem(atPath: run.path)
    } catch {
      throw .writeFailed(path: run.path, errno: errno == 0 ? EIO : errno)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}

/// What is known of a run without loading it.
public struct RunSummary: Sendable, Equatable {
  /// What the folder's facts say: its lock, its checkpoints, the last state in its journal.
  public enum Status: Sendable, Equatable {
    /// A process holds the lock; its id where it is known.
    case training(process: Int32?)
    /// A process holds the lock and waits; the reason is nil where a person paused it.
    case paused(process: Int32?, reason: String?)
    /// All steps are done.
    case finished
    /// Stopped by a person before its end.
    case stopped
    /// The process ended without a word: killed, or the machine went down.
    case killed
    case failed(message: String)
    /// The configuration cannot be read.
    case unreadable(message: String)

    /// One word or two for a list.
    public var word: String {
      switch self {
      case .training: "training"
      case .paused: "paused"
      case .finished: "finished"
      case .stopped: "stopped"
      case .killed: "killed"
      case .failed: "failed"
      case .unreadable: "unreadable"
      }
    }

    /// Why it waits or does not go on, where it says so.
    public var reason: String? {
      switch self {
      case .paused(_, let reason): reason
      case .failed(let message), .unreadable(let message): message
      case .training, .finished, .stopped, .killed: nil
      }
    }

    /// The process that trains it, where it is known.
    public var process: Int32? {
      switch self {
      case .training(let process), .paused(let process, _): process
      case .finished, .stopped, .killed, .failed, .unreadable: nil
      }
    }
  }

  public var run: RunFolder
  public var status: Status
  public var configuration: RunConfiguration?
  /// The step of the newest checkpoint; nil where there is none.
  public var checkpointStep: Int?
  public var totalSteps: Int?
  /// The last step that anything tells of: the journal's newest report, or the newest checkpoint.
  public var step: Int?
  /// What is wrong with the journal, where something is.
  public var warning: String?
  /// Seconds since 1970 of the last sign of life.
  public var lastActivity: Double

  /// Whether the run can be continued.
  public var isResumable: Bool {
    switch status {
    case .training, .paused, .finished, .unreadable: false
    case .stopped, .killed, .failed: checkpointStep != nil
    }
  }

  public init(_ run: RunFolder) {
    self.run = run
    checkpointStep = run.checkpointSteps().last
    lastActivity =
      [run.journalPath, run.journalPath + "-wal", run.configurationPath, run.checkpointsPath].map(Self.modified).max()
      ?? 0
    var lastState: RunState?
    do throws(RunStoreError) {
      let journal = try run.openReader()
      lastState = try journal.lastState()?.state
      step = try journal.lastStep()
    } catch {
      // A run that has only begun has none.
      if error != .readFailed(path: run.journalPath, errno: ENOENT) { warning = "\(error)" }
    }
    step = [step, checkpointStep].compactMap(\.self).max()
    do {
      let configuration = try run.configuration()
      self.configuration = configuration
      totalSteps = configuration.schedule.steps
      status = Self.status(lastState, checkpointStep: checkpointStep, totalSteps: configuration.schedule.steps)
    } catch {
      configuration = nil
      totalSteps = nil
      status = .unreadable(message: "\(error)")
    }
    if case .process(let process) = RunLock.holder(folder: run.path) {
      if case .paused(let reason)? = lastState {
        status = .paused(process: process, reason: reason)
      } else if status == .finished, lastState == .finished {
        // Somebody still looks at it.
      } else {
        status = .training(process: process)
      }
    }
  }

  private static func status(_ lastState: RunState?, checkpointStep: Int?, totalSteps: Int) -> Status {
    let isComplete = checkpointStep.map { $0 >= totalSteps } ?? false
    switch lastState {
    // With the last checkpoint there, it is a damaged one of before.
    case .stopped: return .stopped
    case .failed(let message): return .failed(message: message)
    case _ where isComplete: return .finished
    // A run that was finished and then given more steps waits for them.
    case .finished: return .stopped
    case .preparing, .training, .paused, .stopping, nil: return .killed
    }
  }

  /// When something was written; 0 for what is empty, such as the log that SQLite makes where somebody only reads.
  private static func modified(_ path: String) -> Double {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return 0 }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }
}
