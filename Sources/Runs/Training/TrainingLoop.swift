import Datasets
import Execution
import Foundation
import Measures
import Models
import Synchronization
import Telemetry

/// The loop of a training run: step, obey, report. Everything here runs on the trainer's thread.
final class TrainingLoop {
  let session: TrainingSession
  let observer: Observer
  let archive: RunArchive
  let link: Link
  let options: Trainer.Options
  let totalSteps: Int
  /// Whether the run had finished before it was opened: it is looked at, and nothing is written down of that.
  let wasFinished: Bool
  /// Where the run came from, where it began as a branch.
  let origin: BranchOrigin?
  /// Sleeps until a command comes, or for so many seconds.
  let wait: (Double?) -> Void
  /// Whether somebody is there who can decide what a gradient means that is not finite.
  let isAttended: () -> Bool
  let findings: FindingsBox
  /// Nil where the configuration wants no event files.
  let eventLog: EventLog?
  /// CPU seconds that storing took so far: see `storing`.
  var storingCPU = 0.0
  var isStoring = false

  var recorder: MetricRecorder
  var monitor: VerdictMonitor
  /// The configuration's rules, and what those that fired ask for, which is done before the next step.
  var alerts: AlertMonitor
  var dueActions: [(action: AlertRule.Action, rule: AlertRule)] = []
  var state = RunState.preparing
  var elapsed: Double
  var trainingCPU = 0.0
  var resumedAt: Double
  var cpuAtResume = 0.0
  var reportedAt = 0.0
  var reportedStep: Int
  var measuredStep: Int?
  var picturedAt = 0.0
  var wasWatched = false
  /// Whether the observer was busy when a picture was wanted in any case.
  var owesPicture = false
  var lastCheckpoint: CheckpointRecord?
  var mustStop = false
  var stepsPerSecond = 0.0
  /// What viewers want pictures to show.
  var pictures = PictureRequest()
  /// Why the journal could not be written when that was last tried.
  var journalFailure: (any Error)?
  /// Moments in memory, and when the next one is due.
  var ring: CheckpointRing
  var keptStep = 0
  var keptAt = 0.0
  var keepDueAt = 0.0
  /// When the next step is due, where the run has a pace.
  private var paceDue = 0.0
  /// The edits that are not undone, also those of earlier sessions, with their numbers in the ledger.
  var edits: [(number: Int, edit: Edit)] = []
  /// The earlier moment that is looked at.
  var shown: RewindPoint?
  /// Where it is in the order of moments.
  var shownPlace: (step: Int, substep: UInt32)?
  /// Whether the observer was busy when the moment's pictures were wanted.
  var owesMoment = false
  /// The run that goes on in place of this one.
  var branch: RunBranch?

  /// Seconds between two reports, and between two pictures.
  static let reportInterval = 0.1
  static let pictureInterval = 0.2
  /// Shorter sleeps are put together.
  private static let leastSleep = 0.004

  /// How a loop ended.
  enum Outcome {
    case ended(Trainer.Ending)
    /// Another run is to be trained now.
    case branched(RunBranch, dataset: any Dataset, alerts: AlertMonitor, isPaused: Bool)
  }

  /// - Parameters:
  ///   - opened: the run's data, where somebody has them open.
  ///   - watched: what the run that this one branched off knows of its rules: one that made the branch has fired.
  ///   - isAttended: whether somebody watches the run now.
  ///   - wait: sleeps until a command comes or `wake` is called, or for so many seconds.
  ///   - wake: called by the observer's thread when it has found something.
  init(
    _ configuration: RunConfiguration, archive: RunArchive, link: Link, options: Trainer.Options,
    dataset opened: (any Dataset)? = nil, alerts watched: AlertMonitor? = nil, isAttended: @escaping () -> Bool,
    wait: @escaping (Double?) -> Void,
    wake: @escaping @Sendable () -> Void
  ) throws {
    self.archive = archive
    self.link = link
    self.wait = wait
    self.isAttended = isAttended
    self.options = options
    link.events.send(.state(.preparing, step: 0))
    let dataset = try opened ?? DatasetFactory.dataset(configuration.data)
    let stored = try archive.newestCheckpoint()
    var live = configuration
    live.take(stored?.checkpoint.hyperparameters ?? [:])
    let threads =
      try stored?.checkpoint.threads ?? configuration.threads
      ?? threadCount(
        // Of a run that grows, for its largest networks.
        for: TrainableSystem(
          live, of: SampleDescription(dataset), step: live.schedule.steps
        ).turn,
        cores: ProcessInfo.processInfo.activeProcessorCount)
    CPUProgram.prepareThread(threads: threads)
    session = try TrainingSession(
      configuration, dataset: dataset, threads: threads, step: stored?.checkpoint.step ?? 0)
    totalSteps = configuration.schedule.steps
    wasFinished = (stored?.checkpoint.step ?? 0) >= totalSteps && archive.hasFinished(steps: totalSteps)
    let box = FindingsBox()
    findings = box
    observer = try Observer(
      session.system, dataset: dataset, configuration: live, step: stored?.checkpoint.step ?? 0,
      isAttended: options.isAttended,
      publish: { link.events.send($0) },
      found: { box.add($0) }, becameIdle: wake)
    eventLog =
      configuration.eventFiles && !wasFinished
      ? EventLog(
        archive.folder, configuration: configuration, step: stored?.checkpoint.step ?? 0,
        elapsed: stored?.checkpoint.elapsed) : nil
    observer.keep = eventLog?.keep
    recorder = MetricRecorder(session.metrics)
    monitor = VerdictMonitor(rules: VerdictRules(totalSteps: totalSteps))
    alerts = watched.flatMap { $0.rules == configuration.alerts ? $0 : nil } ?? AlertMonitor(configuration.alerts)
    // What a killed process did after its last checkpoint never was.
    try archive.goBack(
      toStep: stored?.checkpoint.step ?? 0, ledger: stored.map(\.checkpoint.ledger) ?? 0)
    let past = archive.past()
    edits = past.edits
    origin = archive.folder.branchOrigin()
    ring = CheckpointRing(budget: configuration.schedule.rewindMemory * 1_000_000)
    elapsed = stored?.checkpoint.elapsed ?? 0
    resumedAt = Clock.monotonic()
    if let stored {
      try session.restore(stored.checkpoint, path: stored.path)
      lastCheckpoint = CheckpointRecord(step: stored.checkpoint.step, path: stored.path)
    }
    reportedStep = session.step
    if options.startsPaused { state = .paused(reason: nil) }
    describe()
    if !wasFinished { warnOfUnknownMetrics() }
    tell(past.history)
    if let stored, wasFinished {
      try recordSteps(since: stored.checkpoint)
    } else if let stored, !isNewBranch(stored.checkpoint, past.history) {
      try recordResume(stored.checkpoint)
    }
    for warning in (stored?.warnings ?? []) + [past.warning].compactMap(\.self) { message(.warning, warning) }
    if let found = stored?.checkpoint.instructionSet, found != CPUBackend.instructionSet {
      message(
        .warning,
        "this run was trained with \(found) instructions and goes on with \(CPUBackend.instructionSet): the last bits will differ"
      )
    }
    if let found = stored?.checkpoint.precision, found != configuration.precision {
      message(
        .warning,
        "this run was trained in \(found.rawValue) and goes on in \(configuration.precision.rawValue), as its configuration now says: its numbers will differ"
      )
    }
    let facts = [
      "threads": "\(threads)", "instruction_set": CPUBackend.instructionSet,
      "precision": configuration.precision.rawValue, "resumed": "\(stored != nil)",
    ]
    if let origin {
      archive.setFact(RunFact.parent, origin.path)
      archive.setFact(RunFact.parentStep, "\(origin.step)")
    }
    if !wasFinished { try archive.recordSession(facts, step: session.step) }
  }

  /// Whether nothing was done yet since the run branched off.
  func isNewBranch(_ checkpoint: Checkpoint, _ past: RunHistory) -> Bool {
    origin != nil && past.step == 0 && checkpoint.ledger == 0 && checkpoint.step == origin?.step
  }

  /// Writes down what a resume changes: nothing but the number of steps, where another was asked for.
  func recordResume(_ checkpoint: Checkpoint) throws {
    try archive.record(.data(kind: LedgerNote.resumed, payload: Data()), at: session.step, origin: .commandLine)
    try recordSteps(since: checkpoint)
  }

  /// Writes down that the run has another number of steps than a checkpoint knows of, where that is so.
  func recordSteps(since checkpoint: Checkpoint) throws {
    guard let old = checkpoint.totalSteps, old != totalSteps else { return }
    let payload = LedgerNote.payload(steps: old, totalSteps)
    try archive.record(.data(kind: LedgerNote.steps, payload: payload), at: session.step, origin: .commandLine)
  }

  // MARK: The loop

  var step: Int { session.step }

  func run() throws -> Outcome {
    if wasFinished {
      state = .finished
      link.events.send(.state(.finished, step: session.step))
      return try stayOpen()
    }
    cpuAtResume = Clock.process()
    reportedAt = Clock.monotonic()
    if case .paused = state { announce(state) } else { announce(.training) }
    if session.step == 0, lastCheckpoint == nil { try checkpoint() }
    look(force: true)
    try keepMoment()
    while !mustStop, branch == nil, session.step < totalSteps {
      obey()
      performDueActions()
      if mustStop || branch != nil { break }
      if case .paused = state {
        rest()
        continue
      }
      if let error = journalFailure as? RunStoreError, error.isDiskFull {
        try whenThereIsRoom { try archive.flush() }
        journalFailure = nil
        continue
      }
      try step(nil)
      keepPace()
      if session.step % session.configuration.schedule.checkpointEvery == 0, case .training = state {
        try checkpoint(isPassing: session.step < totalSteps)
      }
      if session.step == options.pausesAt, case .training = state { pause(nil) }
    }
    if let branch { return try leave(for: branch) }
    showNewest()
    switch try end() {
    case .finished: return try stayOpen()
    case let ending: return .ended(ending)
    }
  }

  /// Answers what can be asked of a run that has finished, until it is told to stop.
  private func stayOpen() throws -> Outcome {
    // What there is to measure has been.
    measuredStep = session.step
    // The end has drawn its picture.
    if wasFinished, options.staysOpen { look(force: true) }
    while options.staysOpen, isAttended(), !mustStop, branch == nil {
      rest()
      obey()
    }
    if let branch { return try leave(for: branch) }
    observer.wait()
    session.stop()
    return .ended(.finished)
  }

  /// - Parameter isByHand: whether the ledger knows of the step.
  func step(_ player: String?, isByHand: Bool = false) throws {
    let outcome = try player.map { try session.take($0) } ?? session.takeTurn()
    recorder.record(step: max(1, session.step), session.values)
    if case .notFinite(let player) = outcome {
      if !isByHand { try recordBrokenTurn() }
      try stopAtNonFinite(player)
    }
    try grow()
    let now = Clock.monotonic()
    if isMomentDue(now) { try keepMoment() }
    if now - reportedAt >= Self.reportInterval {
      report(now)
      look(force: false)
    }
  }

  /// Sleeps where steps come faster than the configuration wants them, until a command comes.
  private func keepPace() {
    guard let pace = session.configuration.schedule.pace else { return }
    let now = Clock.monotonic()
    // What was lost while the run was paused is not made up for.
    paceDue = max(paceDue, now - Self.reportInterval) + 1 / pace
    guard paceDue - now >= Self.leastSleep else { return }
    while link.commands.isEmpty {
      let left = paceDue - Clock.monotonic()
      guard left > 0 else { break }
      wait(left)
    }
  }

  /// Goes over to the next stage of a run that grows, where it begins.
  func grow() throws {
    guard let stage = try session.grow() else { return }
    try observer.take(session.system, step: session.step)
    let size = "\(stage.resolution)x\(stage.resolution)"
    message(.info, stage.isFading ? "grew to \(size), fading in" : "\(size) has faded in")
  }

  func stopAtNonFinite(_ player: String) throws {
    let names = try session.diagnose(player)
    let first = names.first ?? "its loss"
    let others = names.count > 1 ? " and \(names.count - 1) more" : ""
    let reason = "the \(player)'s gradient is not finite in \(first)\(others); its update was not applied"
    guard isAttended() else {
      try checkpoint()
      throw TrainerError.notFinite(reason)
    }
    pause(reason)
  }

  func end() throws -> Trainer.Ending {
    let isFinished = session.step >= totalSteps
    report(Clock.monotonic())
    announce(.stopping)
    observer.wait()
    report(Clock.monotonic())
    if lastCheckpoint?.step != session.step || session.counters.sinceLast != 0 || !isFinished { try checkpoint() }
    if isFinished {
      let samples = session.dataset.modes == nil ? session.configuration.measures.samples : 25_000
      var last = request(measures: true, pictures: true, samples: samples)
      last.keepsPicture = eventLog != nil
      observer.look(last, at: session.store)
      observer.wait()
      takeFindings()
      report(Clock.monotonic())
    }
    if !isFinished { session.stop() }
    archive.setFact(RunFact.processorTime, String(format: "%.3f", Clock.process()))
    archive.setFact(RunFact.storingTime, String(format: "%.3f", storingCPU))
    try whenThereIsRoom { try archive.flush() }
    announce(isFinished ? .finished : .stopped)
    return isFinished ? .finished : .stopped
  }

  // MARK: Pausing

  func pause(_ reason: String?) {
    report(Clock.monotonic())
    state = .paused(reason: reason)
    look(force: true)
    announce(state)
  }

  func resume() {
    state = .training
    resumedAt = Clock.monotonic()
    cpuAtResume = Clock.process()
    reportedAt = resumedAt
    reportedStep = session.step
    announce(state)
  }

  /// Waits for a command while paused.
  func rest() {
    takeFindings()
    if owesMoment { showMoment() }
    look(force: owesPicture || observer.takeDebt())
    wait(nil)
  }

  func accountTime() {
    let now = Clock.monotonic()
    if case .training = state {
      elapsed += now - resumedAt
      trainingCPU += max(0, Clock.process() - cpuAtResume)
    }
    resumedAt = now
    cpuAtResume = Clock.process()
  }
}
