import CursesTerminal
import Dashboard
import Foundation
import Runs
import Telemetry
import TerminalKit

/// What opens without arguments: sample configurations, and runs to resume, attach to or look at.
struct StartSession {
  let display: DisplayOptions
  let store: StoreOptions

  func run() throws {
    let screen: Screen
    do {
      screen = try Screen(display)
    } catch let error as TerminalError {
      throw Failure("\(error); gantui train CONFIG trains without the dashboard", code: ExitCode.usage)
    }
    do {
      switch try choose(on: screen) {
      case .open(let name):
        let configuration = try store.search.resolve(name).configuration
        try DashboardSession.start(configuration, display: display, store: store, screen: screen)
      case .run(let name, _):
        let folder = try store.store.run(name)
        // It may have ended, or begun, since the list was made.
        switch Self.way(of: RunSummary(folder)) {
        // Going on from an earlier checkpoint would cost what came after it: who only looks sees the curves.
        case .look where folder.checkpointSteps().last.map { (try? folder.checkpoint(step: $0)) == nil } ?? true:
          try WatchSession.start(folder: folder.path, screen: screen, record: display.record)
        case .resume, .look:
          let configuration = try folder.configuration(steps: nil)
          try DashboardSession.start(
            configuration, folder: folder, lock: try folder.lock(), display: display, screen: screen)
        case .attach:
          let viewer = try AttachCommand.connect(to: folder)
          try DashboardSession.attach(viewer, to: folder, screen: screen, record: display.record)
        }
      case .quit, .suspend, .redraw, .nextTheme: screen.terminal.close()
      }
    } catch {
      screen.terminal.close()
      throw error
    }
  }

  private static func way(of run: RunSummary) -> EarlierRun.Way {
    switch run.status {
    case .training, .paused: .attach
    // Its dashboard may be open still.
    case .finished: run.run.activity == .idle ? .look : .attach
    case .stopped, .killed, .failed, .unreadable: run.isResumable ? .resume : .look
    }
  }

  /// Seconds between two looks at the store.
  private static let interval = 2.0

  private func runs() throws -> [EarlierRun] {
    let now = Date().timeIntervalSince1970
    return try store.store.list().map { run in
      EarlierRun(
        name: run.run.name, step: run.step ?? 0, totalSteps: run.totalSteps ?? 0, state: run.status.word,
        age: max(0, now - run.lastActivity), way: Self.way(of: run))
    }
  }

  private func choose(on screen: Screen) throws -> StartScreen.Effect {
    let samples = try store.search.samples().map { StartItem(name: $0.name, line: $0.summary) }
    var listed = Screen.now()
    var start = StartScreen(configurations: samples, runs: try runs())
    // A store of many runs is read more rarely.
    var interval = max(Self.interval, 20 * (Screen.now() - listed))
    _ = start.update(.resized(screen.size))
    while true {
      screen.terminal.draw(start.view(size: screen.size, theme: screen.theme, capabilities: screen.capabilities))
      let wake = screen.wait(for: [], seconds: max(0, listed + interval - Screen.now()))
      if wake.isLost || !wake.signals.isEmpty { return .quit }
      if Screen.now() >= listed + interval, wake.keys.isEmpty {
        listed = Screen.now()
        // What cannot be read now may be there again at the next look.
        if let runs = try? runs() { start.take(runs) }
        interval = max(Self.interval, 20 * (Screen.now() - listed))
      }
      if wake.resized { _ = start.update(.resized(screen.size)) }
      for input in wake.keys.map(StartScreen.Input.key) + wake.mouse.map(StartScreen.Input.mouse) {
        for effect in start.update(input) {
          switch effect {
          case .open, .run, .quit: return effect
          case .suspend: screen.suspend()
          case .redraw: screen.terminal.redraw()
          case .nextTheme: screen.nextTheme()
          }
        }
      }
    }
  }
}
