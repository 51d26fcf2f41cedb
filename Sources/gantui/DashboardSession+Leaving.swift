import Attach
import CursesTerminal
import Dashboard
import Foundation
import Runs
import Telemetry

extension DashboardSession {
  /// The terminal went away. A run of this process does not, until a signal or a gradient that nobody can judge stops it.
  func loseTerminal(_ wakeUp: WakeUp) throws {
    screen.terminal.close()
    switch source {
    case .trainer(let trainer, let server): try trainOn(trainer, server, wakeUp)
    case .viewer(let viewer):
      viewer.hangUp()
      Process.end(Signal.hangup.exitCode)
    }
  }

  private func trainOn(_ trainer: Trainer, _ server: AttachServer, _ wakeUp: WakeUp) throws {
    defer { server.close() }
    trainer.leaveUnattended()
    server.dashboardLeft()
    StandardOutput.fallBack(to: folder)
    StandardOutput.moveToLog()
    printLine("\(folder.name): the terminal is gone; process \(getpid()) trains on")
    // Of this process, whoever has the wheel.
    // Nobody looks at an earlier moment any more, which would keep the run paused.
    trainer.link.commands.send(Request(id: 0, command: .look(.newest)))
    trainer.link.commands.send(Request(id: 0, command: .resume))
    var reporter = TextReporter(
      totalSteps: state.run?.totalSteps ?? 0, isTerminal: false, interval: DetachedProcess.logInterval)
    let descriptors = [wakeUp.fileDescriptor] + (Process.signals.map { [$0.fileDescriptor] } ?? [])
    while true {
      let isOver = server.isOver
      for event in link.events.receive() { reporter.take(event) }
      if isOver { break }
      _ = FileDescriptors.wait(for: descriptors, timeoutMilliseconds: nil)
      wakeUp.drain()
      for signal in Process.signals?.pending() ?? [] where signal == .interrupt || signal == .terminate {
        trainer.link.commands.send(Request(id: 0, command: .stop))
      }
    }
    let ending = trainer.wait()
    reporter.finish(run: folder.path, checkpoint: folder.checkpointSteps().last.map(folder.checkpointPath))
    if case .failed(let error) = ending { throw Failure(error) }
  }

  /// Gives the terminal back, and says what was and how to go on.
  func leave() throws {
    // The screen stays for the run that follows.
    if drawing != nil, case .trainer(let trainer, let server) = source {
      defer { server.close() }
      if case .failed(let error) = trainer.wait() { throw Failure(error) }
      return
    }
    screen.terminal.close()
    switch source {
    case .trainer(let trainer, let server): try leave(trainer, server)
    case .viewer(let viewer): try leave(viewer)
    }
    if exitCode != 0 { Process.end(exitCode) }
  }

  private func leave(_ trainer: Trainer, _ server: AttachServer) throws {
    defer { server.close() }
    // A run that has finished stays open until it is told that nobody looks at it any more.
    if state.isOver {
      trainer.link.commands.send(Request(id: 0, command: .stop))
      _ = trainer.wait()
    }
    if isNew, trainer.isEnded, case .failed(let error) = trainer.wait(), folder.removeIfUntrained(closing: server) {
      throw Failure(error)
    }
    tellSummary()
    // A run that says it is over may still be closing its files.
    if !trainer.isEnded, !state.isOver {
      printLine("left without a last checkpoint; gantui resume \(folder.name) goes on from the newest one")
    } else if case .failed(let error) = trainer.wait() {
      throw Failure(error)
    } else if case .stopped = trainer.wait() {
      guard isDetaching, exitCode == 0 else {
        printLine("gantui resume \(folder.name) goes on")
        return
      }
      // Its socket makes room for the new process's.
      server.close()
      try DetachedProcess(resuming: folder).introduce()
    }
  }

  private func leave(_ viewer: Viewer) throws {
    viewer.hangUp()
    tellSummary()
    if let loss = source.loss {
      // The lock of a process that dies goes a moment after its socket.
      for _ in 0..<50 where folder.activity != .idle { usleep(20_000) }
      let advice =
        switch folder.activity {
        case .idle: "gantui resume \(folder.name) goes on from the newest checkpoint"
        case .training: "it is being trained; gantui attach \(folder.name) comes back to it"
        }
      throw Failure("\(folder.name): the connection is lost: \(loss); \(advice)", code: ExitCode.inputOutput)
    }
    guard !state.isOver else {
      if case .stopped = state.runState { printLine("gantui resume \(folder.name) goes on") }
      return
    }
    printLine("the run goes on; gantui attach \(folder.name) comes back to it")
  }

  private func tellSummary() {
    let summary = state.summary()
    for line in summary { printLine(line) }
    if !summary.contains(where: { $0.contains(folder.path) }) { printLine("  run folder: \(folder.path)") }
  }
}
