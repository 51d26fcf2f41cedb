import Attach
import CursesTerminal
import Foundation
import Models
import Runs
import Telemetry
import TerminalKit

/// A run without the dashboard: progress on stdout, signals as commands.
struct HeadlessSession {
  let trainer: Trainer
  let link: Link
  private let server: AttachServer
  private let totalSteps: Int
  private let format: LogFormat
  private let interval: Double?
  private let isNew: Bool

  /// - Parameters:
  ///   - interval: seconds between two lines of progress; nil leaves it to the output.
  ///   - isNew: whether the run was made by this command: if it cannot begin, nothing is left of it.
  ///   - waitsForRoom: whether a full disk pauses the run; otherwise it ends there.
  init(
    _ configuration: RunConfiguration, folder: RunFolder, lock: RunLock, format: LogFormat, interval: Double? = nil,
    isNew: Bool, waitsForRoom: Bool = true
  ) throws {
    link = Link()
    let server = try AttachServer.serve(folder, trainer: link, hasDashboard: false)
    self.server = server
    self.interval = interval
    var options = Trainer.Options()
    options.isAttended = false
    options.waitsForRoom = waitsForRoom
    options.isWatched = { server.isWatched }
    options.wentOver = server.follow
    trainer = Trainer(configuration, folder: folder, lock: lock, link: link, options: options)
    totalSteps = configuration.schedule.steps
    self.format = format
    self.isNew = isNew
  }

  /// Trains to the end, or until a signal stops it.
  ///
  /// - Throws: a `Failure` with exit code 130 after Ctrl-C, 143 after SIGTERM.
  func run() throws {
    let wakeUp = try WakeUp()
    server.local.events.onSend { wakeUp.wake() }
    server.start()
    defer { server.close() }
    StandardOutput.fallBack(to: trainer.folder)
    var reporter: any ProgressReporter =
      format == .json
      ? JSONReporter(interval: interval)
      : TextReporter(totalSteps: totalSteps, isTerminal: isatty(STDOUT_FILENO) == 1, interval: interval)
    var stopSignal: Signal?
    trainer.start { server.trainerEnded() }
    let descriptors = [wakeUp.fileDescriptor] + (Process.signals.map { [$0.fileDescriptor] } ?? [])
    while true {
      let ended = server.isOver
      for event in server.local.events.receive() { reporter.take(event) }
      if ended { break }
      _ = FileDescriptors.wait(for: descriptors, timeoutMilliseconds: nil)
      wakeUp.drain()
      for signal in Process.signals?.pending() ?? [] {
        switch signal {
        case .interrupt, .terminate:
          // A second signal does not wait for the checkpoint.
          if stopSignal != nil { throw Failure("stopped without a checkpoint", code: signal.exitCode) }
          stopSignal = signal
          link.commands.send(Request(id: 0, command: .stop))
        case .stop:
          kill(getpid(), SIGSTOP)
        case .hangup:
          if StandardOutput.moveToLog(), format == .text {
            reporter = TextReporter(totalSteps: totalSteps, isTerminal: false, interval: DetachedProcess.logInterval)
          }
        case .windowChanged, .continued: break
        }
      }
    }
    let ending = trainer.wait()
    let folder = trainer.folder
    if case .failed(let error) = ending, isNew, folder.removeIfUntrained(closing: server) { throw Failure(error) }
    reporter.finish(run: folder.path, checkpoint: folder.checkpointSteps().last.map(folder.checkpointPath))
    if case .failed(let error) = ending { throw Failure(error) }
    if case .stopped = ending, let stopSignal {
      throw Failure("stopped; gantui resume \(folder.name) goes on", code: stopSignal.exitCode)
    }
  }
}

extension RunFolder {
  /// `removeIfUntrained`, after its socket: who deletes a folder stops at a file that goes meanwhile.
  func removeIfUntrained(closing server: AttachServer) -> Bool {
    server.close()
    return removeIfUntrained()
  }
}

extension Signal {
  /// What a shell reports for a program that the signal ended.
  var exitCode: Int32 {
    switch self {
    case .interrupt: 130
    case .terminate: 143
    case .hangup: 129
    case .windowChanged, .continued, .stop: 0
    }
  }
}
