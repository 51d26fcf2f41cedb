import CursesTerminal
import Dashboard
import Foundation
import Runs
import Telemetry
import TerminalKit

/// The dashboard over a folder of event files that another program writes: everything can be looked at, nothing changed.
struct WatchSession {
  private let screen: Screen
  private var follower: EventFolderFollower
  private var state: DashboardState
  private var drawnRevision: UInt64?
  private var pace = FramePace(now: 0, spent: 0)
  private var pollAt = 0.0
  private var isDone = false
  private var recording: Recording

  /// Seconds between two looks at the folder.
  private static let interval = 0.5

  /// - Parameters:
  ///   - folder: an absolute path.
  ///   - record: where what is shown is recorded; nil for nowhere.
  /// - Throws: a `Failure` where that file cannot be written.
  static func start(folder: String, screen: Screen, record: String?) throws {
    let recording: Recording
    do {
      recording = try Recording(
        record, screen.size, screen.capabilities, title: URL(fileURLWithPath: folder).lastPathComponent)
    } catch {
      screen.terminal.close()
      throw error
    }
    var session = WatchSession(folder: folder, screen: screen, recording: recording)
    session.run()
  }

  private init(folder: String, screen: Screen, recording: Recording) {
    self.screen = screen
    self.recording = recording
    follower = EventFolderFollower(folder: folder)
    state = DashboardState(runName: URL(fileURLWithPath: folder).lastPathComponent, isForeign: true)
    screen.prepare(&state)
  }

  private mutating func run() {
    _ = state.update(.resized(screen.size))
    draw()
    while !isDone {
      poll()
      let wake = screen.wait(for: [], seconds: timeToWait())
      if wake.isLost || !wake.signals.isEmpty { break }
      perform(state.update(.tick(now())))
      if wake.resized { perform(state.update(.resized(screen.size))) }
      for key in wake.keys { press(key) }
      for event in wake.mouse { perform(state.update(.mouse(event))) }
      let isUrgent = !wake.keys.isEmpty || !wake.mouse.isEmpty || wake.resized
      if drawnRevision != state.revision, isUrgent || pace.remaining(now: now()) <= 0 { draw() }
    }
    screen.terminal.close()
    for line in state.summary() { printLine(line) }
  }

  private mutating func poll() {
    guard now() >= pollAt else { return }
    for event in follower.poll() { perform(state.update(.telemetry(event))) }
    pollAt = follower.isBehind ? 0 : now() + Self.interval
  }

  /// Leaving stops nothing, so that nobody is asked.
  private mutating func press(_ key: Key) {
    if key == .control("c") {
      isDone = true
    } else if key == .character("q"), case .pane = state.keyContext {
      isDone = true
    } else {
      perform(state.update(.key(key)))
    }
  }

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      if let isAnew = screen.perform(effect, &state) {
        if isAnew { drawnRevision = nil }
        continue
      }
      switch effect {
      case .send(let request):
        perform(
          state.update(.telemetry(.reply(request: request.id, text: DashboardState.foreignRefusal, failed: true))))
      case .quit: isDone = true
      case .listRuns: perform(state.update(.runs([])))
      default: state.warn(DashboardState.foreignRefusal)
      }
    }
  }

  private mutating func draw() {
    let frame = screen.draw(state, isRecorded: recording.isOn)
    drawnRevision = state.revision
    if let problem = recording.take(frame, at: now()) { state.warn(problem) }
    pace.drew(now: now(), spent: Screen.threadSeconds())
  }

  private func timeToWait() -> Double {
    let untilPoll = max(0, pollAt - now())
    return drawnRevision != state.revision ? min(untilPoll, max(0, pace.remaining(now: now()))) : untilPoll
  }

  private func now() -> Double { Screen.now() }
}
