import Telemetry
import TerminalKit

extension DashboardState {
  /// Takes in what happened.
  /// - Returns: what is to be done about it, in order.
  public mutating func update(_ input: Input) -> [Effect] {
    switch input {
    case .key(let key):
      revision += 1
      return press(key) + askForPictures()
    case .mouse(let event):
      revision += 1
      return point(event) + askForPictures()
    case .telemetry(let event):
      revision += 1
      return take(event)
    case .system(let report):
      shell.system.take(report)
      revision += 1
      return []
    case .resized(let size):
      revision += 1
      resize(size)
      return askForPictures()
    case .runs(let runs):
      revision += 1
      take(runs: runs)
      return []
    case .overlay(let name, let history):
      revision += 1
      take(overlay: name, history)
      return []
    case .overlayFailed(let name, let reason):
      revision += 1
      take(overlayFailure: reason, of: name)
      return []
    case .tick(let seconds):
      now = seconds
      if let notice, seconds >= notice.expires {
        self.notice = nil
        revision += 1
      }
      return tickSlowMotion()
    }
  }

  mutating func say(_ text: String, _ kind: LogLine.Kind = .info) {
    notice = Notice(text: text, kind: kind, expires: now + 6)
  }

  mutating func note(_ text: String, _ kind: LogLine.Kind = .info, step: Int? = nil) {
    log.append(LogLine(step: step ?? history.step, kind: kind, text: text))
  }

  mutating func send(_ command: Command) -> Effect {
    lastRequest += 1
    // A trainer that answers nothing must not cost memory.
    if commands.count >= 1024 { commands.removeAll() }
    commands[lastRequest] = command
    return .send(Request(id: lastRequest, command: command))
  }

  // MARK: telemetry

  private mutating func take(_ event: Event) -> [Effect] {
    remember(event)
    switch event {
    case .described(let description): describe(description)
    case .history: activeVerdicts = history.activeVerdicts
    case .state(let state, let step): return take(state, step: step)
    case .metrics(let report): pace.take(step: report.step, elapsed: report.elapsed)
    case .panel(let panel):
      keep(panel)
      show(panel)
    case .edited(let edit):
      hyperparameters.confirm(edit)
      note(words(of: edit), .edit, step: edit.step)
    case .checkpointed(let record):
      note("checkpoint kept", .checkpoint, step: record.step)
    case .verdict(let verdict):
      activeVerdicts = history.activeVerdicts
      let text = verdict.isActive ? "\(verdict.message) (\(verdict.rule))" : "over: \(verdict.message)"
      let active: LogLine.Kind = verdict.severity == .critical ? .error : .verdict
      note(text, verdict.isActive ? active : .good, step: verdict.step)
    case .alert(let alert): return answer(alert)
    case .message(let message, let step):
      let kind: LogLine.Kind =
        switch message.level {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
      note(message.text, kind, step: step)
      if kind != .info { say(message.text, kind) }
    case .moment(let moment): show(moment)
    case .branched(let origin, let parent): take(origin, parent: parent)
    case .reply(let request, let text, let failed):
      take(reply: text, to: request, failed: failed)
    case .wheel(let wheel): take(wheel)
    }
    return []
  }

  private mutating func describe(_ description: RunDescription) {
    // The same run again has other hyperparameters, as after an undo.
    let isNews = run?.folder != description.folder
    if run != nil, isNews { beginBranch() }
    run = description
    runName = description.name
    hyperparameters.describe(description.hyperparameters)
    guard isNews else { return }
    // Of another program's run, neither its length nor its seed is known.
    note(description.totalSteps > 0 ? "\(description.name), seed \(description.seed)" : description.name)
    for line in description.summary { note(line) }
  }

  private mutating func take(_ state: RunState, step: Int) -> [Effect] {
    let isNews = state != runState
    runState = state
    pauseWish = nil
    if isNews {
      switch state {
      case .preparing: break
      case .training: note("training")
      case .paused(nil): note("paused")
      case .paused(let reason?):
        note("paused: \(reason)", .warning)
        say("paused: \(reason)", .warning)
      case .stopping: note("stopping")
      case .finished: note("finished", .good)
      case .stopped: note("stopped, with a checkpoint", .good)
      case .failed(let message): note("failed: \(message)", .error)
      }
    }
    guard isOver else { return [] }
    if rewind.moment != nil { show(nil) }
    if dialog == .quit { dialog = nil }
    hyperparameters.endEntry()
    return isLeaving ? [.quit] : []
  }

  private mutating func take(reply text: String, to request: UInt64, failed: Bool) {
    let command = commands.removeValue(forKey: request)
    if failed {
      hyperparameters.settle(request: request)
      if let command, [.pause, .resume, .look(.earlier)].contains(command) { pauseWish = nil }
      note(text, .error)
      say(text, .error)
      return
    }
    switch command {
    case .saveSamples:
      // The trainer's message is in the log already.
      say("samples saved: \(text)", .good)
    case .checkpoint: say(text.isEmpty ? "checkpoint kept" : text, .good)
    // A value that was what it is already changes nothing, so that no edit will come.
    case .set: hyperparameters.settle(request: request)
    case .branch, .undo: say(text, .good)
    // Of half a step no number tells.
    case .step(let player?): say("the \(player)'s part of a step is done")
    case .pause, .resume, .step, .stop, .look, .show, .takeWheel, .releaseWheel, nil: break
    }
  }
}
