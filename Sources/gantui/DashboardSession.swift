import Attach
import CursesTerminal
import Dashboard
import Foundation
import Models
import Runs
import Telemetry
import TerminalKit

/// A run with the dashboard: the one thread that touches the terminal, between keys and the run's events.
struct DashboardSession {
  /// Trains a new run.
  static func start(
    _ configuration: RunConfiguration, display: DisplayOptions, store: StoreOptions, screen: Screen? = nil
  ) throws {
    // An unknown theme must not leave the folder of a run that never was.
    _ = try display.resolveTheme()
    let (folder, lock) = try store.store.create(configuration)
    try start(configuration, folder: folder, lock: lock, display: display, screen: screen, isNew: true)
  }

  /// Trains a run whose folder is there; without a usable terminal, headless with a line a report.
  ///
  /// - Parameter recording: that of the run before on the same screen, which goes on; nil begins one where one is asked for.
  static func start(
    _ configuration: RunConfiguration, folder: RunFolder, lock: RunLock, display: DisplayOptions, screen: Screen? = nil,
    isNew: Bool = false, recording: Recording? = nil
  ) throws {
    let opened: Screen
    do {
      opened = try screen ?? Screen(display)
    } catch let error as TerminalError {
      warn("\(error); training without the dashboard")
      try HeadlessSession(configuration, folder: folder, lock: lock, format: .text, isNew: isNew).run()
      return
    }
    let link = Link()
    let server = try AttachServer.serve(folder, trainer: link, hasDashboard: true)
    var options = Trainer.Options()
    options.wentOver = server.follow
    options.staysOpen = true
    let trainer = Trainer(configuration, folder: folder, lock: lock, link: link, options: options)
    var session = DashboardSession(
      screen: opened, source: .trainer(trainer, server), link: server.local, run: folder, isNew: isNew)
    do {
      session.recording =
        try recording ?? Recording(display.record, opened.size, opened.capabilities, title: folder.name)
    } catch {
      opened.terminal.close()
      if isNew { _ = folder.removeIfUntrained() }
      throw error
    }
    try session.run()
    guard let drawing = session.drawing else { return }
    do {
      try start(
        configuration.onDrawing(drawing), beside: folder, display: display, screen: opened, recording: session.recording
      )
    } catch {
      opened.terminal.close()
      throw error
    }
  }

  /// Trains a new run on the same screen, its folder beside that of the run before.
  private static func start(
    _ configuration: RunConfiguration, beside folder: RunFolder, display: DisplayOptions, screen: Screen,
    recording: Recording
  ) throws {
    let store = RunStore(option: URL(fileURLWithPath: folder.path).deletingLastPathComponent().path)
    let (folder, lock) = try store.create(configuration)
    try start(
      configuration, folder: folder, lock: lock, display: display, screen: screen, isNew: true, recording: recording)
  }

  /// Looks on at a run of another process.
  static func attach(_ viewer: Viewer, to folder: RunFolder, screen: Screen, record: String?) throws {
    var session = DashboardSession(
      screen: screen, source: .viewer(viewer), link: viewer.link, run: folder, isNew: false)
    do {
      session.recording = try Recording(record, screen.size, screen.capabilities, title: folder.name)
    } catch {
      screen.terminal.close()
      throw error
    }
    try session.run()
  }

  /// Where the run is.
  enum Source {
    /// In this process, open to viewers.
    case trainer(Trainer, AttachServer)
    /// In another one.
    case viewer(Viewer)

    func start(_ wake: @escaping @Sendable () -> Void) {
      switch self {
      case .trainer(let trainer, let server):
        server.start()
        trainer.start { server.trainerEnded() }
      case .viewer(let viewer): viewer.start(ended: wake)
      }
    }

    /// Whether no event will come that is not there already.
    var isEnded: Bool {
      switch self {
      case .trainer(_, let server): server.isOver
      case .viewer(let viewer): viewer.end != nil
      }
    }

    /// How the connection broke, where it did.
    var loss: String? {
      if case .viewer(let viewer) = self, case .lost(let reason) = viewer.end { reason } else { nil }
    }
  }

  let screen: Screen
  let source: Source
  let link: Link
  private let started: RunFolder
  let isNew: Bool
  var state: DashboardState
  var exitCode: Int32 = 0
  /// Whether the run goes on in another process when it has stopped in this one.
  private(set) var isDetaching = false
  private let otherRuns: RunReader
  private var drawnRevision: UInt64?
  private var drawnAt = -Double.infinity
  private var pace = FramePace(now: 0, spent: 0)
  private var sampler = SystemSampler()
  private var sampledAt = -Double.infinity
  private var recording = Recording()
  private var isDone = false
  /// What the next run is to be trained on, once this one has stopped.
  private(set) var drawing: [DrawnPoint]?

  /// The run's folder: after a branch that of the branch.
  var folder: RunFolder {
    switch source {
    case .trainer(let trainer, _): trainer.folder
    case .viewer: state.run.flatMap { try? RunStore().run($0.folder) } ?? started
    }
  }

  private init(screen: Screen, source: Source, link: Link, run folder: RunFolder, isNew: Bool) {
    self.screen = screen
    self.source = source
    self.link = link
    started = folder
    self.isNew = isNew
    let isAttached = if case .viewer = source { true } else { false }
    otherRuns = RunReader(beside: folder)
    var charts = ChartView()
    charts.secondsFromGMT = TimeZone.current.secondsFromGMT()
    state = DashboardState(runName: folder.name, charts: charts, isAttached: isAttached)
    screen.prepare(&state)
  }

  private mutating func run() throws {
    let wakeUp = try WakeUp()
    link.events.onSend { wakeUp.wake() }
    otherRuns.onAnswer { wakeUp.wake() }
    _ = state.update(.resized(screen.size))
    // The first frame is there before the model is built.
    draw()
    source.start { wakeUp.wake() }
    while !isDone {
      let wake = screen.wait(for: [wakeUp.fileDescriptor], seconds: timeToNextFrame())
      wakeUp.drain()
      if wake.isLost || wake.signals.contains(.hangup) {
        try loseTerminal(wakeUp)
        return
      }
      if wake.signals.contains(.terminate) {
        exitCode = 143
        if case .viewer = source { break }
        perform(state.update(.key(.control("c"))))
      }
      perform(state.update(.tick(now())))
      if wake.resized { perform(state.update(.resized(screen.size))) }
      for key in wake.keys { perform(state.update(.key(key))) }
      for event in wake.mouse { perform(state.update(.mouse(event))) }
      sampleSystem()
      let hasEnded = source.isEnded
      for event in link.events.receive() { perform(state.update(.telemetry(event))) }
      if hasEnded, state.isLeaving || exitCode != 0 || drawing != nil || source.loss != nil { isDone = true }
      for answer in otherRuns.answers() { perform(state.update(answer)) }
      let isUrgent = !wake.keys.isEmpty || !wake.mouse.isEmpty || wake.resized
      if drawnRevision != state.revision, isUrgent || timeOfFrame() <= 0 { draw() }
    }
    try leave()
  }

  private func now() -> Double { Screen.now() }

  private func timeToNextFrame() -> Double? {
    if drawnRevision != state.revision { return max(0, timeOfFrame()) }
    if let seconds = state.secondsToNextMoment { return seconds }
    // A notice leaves the screen on its own; the machine is measured while its panel is seen.
    return state.notice != nil || state.showsSystem ? Self.systemInterval : nil
  }

  /// Seconds until telemetry may draw.
  private func timeOfFrame() -> Double {
    max(pace.remaining(now: now()), drawnAt + screen.settings.refresh - now())
  }

  private static let systemInterval = 1.0

  private mutating func sampleSystem() {
    let time = now()
    guard time - sampledAt >= Self.systemInterval, state.showsSystem else { return }
    sampledAt = time
    if let report = sampler.sample(at: time) { perform(state.update(.system(report))) }
  }

  private mutating func draw() {
    let frame = screen.draw(state, isRecorded: recording.isOn)
    drawnRevision = state.revision
    drawnAt = now()
    if let problem = recording.take(frame, at: drawnAt) { state.warn(problem) }
    pace.drew(now: now(), spent: Screen.threadSeconds())
  }

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      if let isAnew = screen.perform(effect, &state) {
        if isAnew { drawnRevision = nil }
        continue
      }
      switch effect {
      case .send(let request): link.commands.send(request)
      case .quit: isDone = true
      case .trainOnDrawing(let points):
        drawing = points
        link.commands.send(Request(id: 0, command: .stop))
      case .detach: isDetaching = true
      case .listRuns: otherRuns.list()
      case .loadRun(let name): otherRuns.load(name)
      default: break
      }
    }
  }
}
