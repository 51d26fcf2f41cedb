import Datasets
import Execution
import Foundation
import Measures
import Models
import Synchronization
import Telemetry

/// The loop of a training run: step, obey, report. Everything here runs on the trainer's thread.
final class TrainingLoop {
  private let session: TrainingSession
  private let observer: Observer
  private let archive: RunArchive
  private let link: Link
  private let options: Trainer.Options
  private let totalSteps: Int
  /// Sleeps until a command comes, or for so many seconds.
  private let wait: (Double?) -> Void
  /// Whether somebody is there who can decide what a gradient means that is not finite.
  private let isAttended: () -> Bool
  private let findings: FindingsBox

  private var recorder: MetricRecorder
  private var monitor: VerdictMonitor
  private var history: RunHistory
  private var state = RunState.preparing
  private var elapsed: Double
  private var trainingCPU = 0.0
  private var resumedAt: Double
  private var cpuAtResume = 0.0
  private var reportedAt = 0.0
  private var reportedStep: Int
  private var measuredStep: Int?
  private var picturedAt = 0.0
  /// Whether the observer was busy when a picture was wanted in any case.
  private var owesPicture = false
  private var lastCheckpoint: CheckpointRecord?
  private var mustStop = false
  private var stepsPerSecond = 0.0
  private var hasJournalFailed = false
  private var historyDueAt = 0.0
  /// What viewers want pictures to show.
  private var shown = PictureRequest()

  /// Seconds between two reports, and between two pictures.
  private static let reportInterval = 0.1
  private static let pictureInterval = 0.2

  /// - Parameters:
  ///   - isAttended: whether somebody watches the run now.
  ///   - wait: sleeps until a command comes or `wake` is called, or for so many seconds.
  ///   - wake: called by the observer's thread when it has found something.
  init(
    _ configuration: RunConfiguration, archive: RunArchive, link: Link, options: Trainer.Options,
    isAttended: @escaping () -> Bool,
    wait: @escaping (Double?) -> Void, wake: @escaping @Sendable () -> Void
  ) throws {
    self.archive = archive
    self.link = link
    self.wait = wait
    self.isAttended = isAttended
    self.options = options
    link.events.send(.state(.preparing, step: 0))
    let dataset = try DatasetFactory.dataset(configuration.data)
    let stored = try archive.newestCheckpoint()
    var configuration = configuration
    configuration.take(stored?.checkpoint.hyperparameters ?? [:])
    let threads =
      try stored?.checkpoint.threads ?? configuration.threads
      ?? threadCount(
        // Of a run that grows, for its largest networks.
        for: TrainableSystem(
          configuration, of: SampleDescription(dataset), step: configuration.schedule.steps
        ).turn,
        cores: ProcessInfo.processInfo.activeProcessorCount)
    CPUProgram.prepareThread(threads: threads)
    session = try TrainingSession(
      configuration, dataset: dataset, threads: threads, step: stored?.checkpoint.step ?? 0)
    totalSteps = configuration.schedule.steps
    let box = FindingsBox()
    findings = box
    observer = try Observer(
      session.system, dataset: dataset, configuration: configuration, step: stored?.checkpoint.step ?? 0,
      isAttended: options.isAttended,
      publish: { link.events.send($0) },
      found: { box.add($0) }, becameIdle: wake)
    recorder = MetricRecorder(session.metrics)
    monitor = VerdictMonitor(rules: VerdictRules(totalSteps: totalSteps))
    history = archive.storedHistory() ?? RunHistory()
    elapsed = stored?.checkpoint.elapsed ?? 0
    resumedAt = Clock.monotonic()
    if let stored {
      try stored.checkpoint.restore(into: session, path: stored.path)
      lastCheckpoint = CheckpointRecord(step: stored.checkpoint.step, path: stored.path)
    }
    reportedStep = session.step
    history.truncate(after: session.step)
    if options.startsPaused { state = .paused(reason: nil) }
    describe(dataset, threads: threads)
    for warning in stored?.warnings ?? [] { message(.warning, warning) }
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
    try archive.recordSession(
      [
        "threads": "\(threads)", "instruction_set": CPUBackend.instructionSet,
        "precision": configuration.precision.rawValue, "resumed": "\(stored != nil)",
      ],
      step: session.step)
  }

  // MARK: The loop

  var step: Int { session.step }

  func run() throws -> Trainer.Ending {
    cpuAtResume = Clock.process()
    reportedAt = Clock.monotonic()
    if case .paused = state { announce(state) } else { announce(.training) }
    if session.step == 0, lastCheckpoint == nil { try checkpoint() }
    look(force: true)
    while !mustStop, session.step < totalSteps {
      obey()
      if mustStop { break }
      if case .paused = state {
        rest()
        continue
      }
      try step(nil)
      if session.step % session.configuration.schedule.checkpointEvery == 0, case .training = state { try checkpoint() }
      if session.step == options.pausesAt, case .training = state { pause(nil) }
    }
    return try end()
  }

  private func step(_ player: String?) throws {
    let outcome = try player.map { try session.take($0) } ?? session.takeTurn()
    recorder.record(step: max(1, session.step), session.values)
    if case .notFinite(let player) = outcome { try stopAtNonFinite(player) }
    try grow()
    let now = Clock.monotonic()
    if now - reportedAt >= Self.reportInterval {
      report(now)
      look(force: false)
    }
  }

  /// Goes over to the next stage of a run that grows, where it begins.
  private func grow() throws {
    guard let stage = try session.grow() else { return }
    try observer.take(session.system, step: session.step)
    let size = "\(stage.resolution)x\(stage.resolution)"
    message(.info, stage.isFading ? "grew to \(size), fading in" : "\(size) has faded in")
  }

  private func stopAtNonFinite(_ player: String) throws {
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

  private func end() throws -> Trainer.Ending {
    let isFinished = session.step >= totalSteps
    report(Clock.monotonic())
    announce(.stopping)
    observer.wait()
    report(Clock.monotonic())
    if lastCheckpoint?.step != session.step || session.counters.sinceLast != 0 || !isFinished { try checkpoint() }
    if isFinished {
      let samples = session.dataset.modes == nil ? session.configuration.measures.samples : 25_000
      observer.look(
        request(measures: true, pictures: true, samples: samples), at: session.store)
      observer.wait()
      takeFindings()
      report(Clock.monotonic())
    }
    session.stop()
    try whenThereIsRoom { try archive.store(history) }
    announce(isFinished ? .finished : .stopped)
    return isFinished ? .finished : .stopped
  }

  // MARK: Commands

  private func obey() {
    guard !link.commands.isEmpty else { return }
    for request in link.commands.receive() {
      do {
        reply(request, try obey(request.command))
      } catch {
        reply(request, "\(error)", failed: true)
      }
    }
  }

  private func obey(_ command: Command) throws -> String {
    switch command {
    case .pause:
      guard case .training = state else { return "already paused" }
      pause(nil)
      return "paused"
    case .resume:
      guard case .paused = state else { return "already training" }
      resume()
      return "training goes on"
    case .step(let player):
      if case .training = state { pause(nil) }
      if let player, !session.system.players.contains(where: { $0.name == player }) {
        throw TrainerError.unknownPlayer(player, known: session.system.players.map(\.name))
      }
      // Key presses come in faster than steps are done.
      guard session.step < totalSteps, !mustStop else { return "step \(session.step)" }
      reportedAt = 0
      try archive.recordStep(of: player, at: session.step)
      try step(player)
      return "step \(session.step)"
    case .set(let id, let value): return try set(id, value)
    case .checkpoint:
      historyDueAt = 0
      try writeCheckpoint()
      return "checkpoint at step \(session.step)"
    case .saveSamples: return try saveSamples()
    case .stop:
      mustStop = true
      return "stopping"
    case .show(let pictures):
      shown = pictures
      look(force: true)
      return ""
    }
  }

  private func set(_ id: String, _ value: Double) throws -> String {
    guard let old = session.configuration.hyperparameter(id) else { throw TrainerError.unknownHyperparameter(id) }
    guard let new = session.set(id, to: value) else { throw TrainerError.valueNotFinite(id, value) }
    let edit = Edit(step: session.step, id: id, oldValue: old, newValue: new)
    publish(.edited(edit))
    return "\(id) is \(new)"
  }

  private func saveSamples() throws -> String {
    observer.wait()
    observer.look(request(measures: false, pictures: true, samples: 0), at: session.store)
    observer.wait()
    guard let image = try observer.lastPicture() else { throw TrainerError.noPicture }
    let path = try archive.save(image, step: session.step)
    message(.info, "samples saved as \(path)")
    return path
  }

  private func reply(_ request: Request, _ text: String, failed: Bool = false) {
    link.events.send(.reply(request: request.id, text: text, failed: failed))
  }

  // MARK: Pausing

  private func pause(_ reason: String?) {
    report(Clock.monotonic())
    state = .paused(reason: reason)
    look(force: true)
    announce(state)
  }

  private func resume() {
    state = .training
    resumedAt = Clock.monotonic()
    cpuAtResume = Clock.process()
    reportedAt = resumedAt
    reportedStep = session.step
    announce(state)
  }

  /// Waits for a command while paused.
  private func rest() {
    takeFindings()
    look(force: owesPicture || observer.takeDebt())
    wait(nil)
  }

  private func accountTime() {
    let now = Clock.monotonic()
    if case .training = state {
      elapsed += now - resumedAt
      trainingCPU += max(0, Clock.process() - cpuAtResume)
    }
    resumedAt = now
    cpuAtResume = Clock.process()
  }

  // MARK: Reports

  private func publish(_ event: Event) {
    history.take(event)
    // Sent at last: whoever hears of the end may leave, and the journal must know of it then.
    defer { link.events.send(event) }
    do {
      try archive.record(event)
      hasJournalFailed = false
    } catch {
      // The journal catches up when it can be written again; the screen says it once.
      if !hasJournalFailed {
        link.events.send(.message(LogMessage(level: .error, text: "\(error)"), step: session.step))
      }
      hasJournalFailed = true
    }
  }

  private func announce(_ new: RunState) {
    state = new
    publish(.state(new, step: session.step))
  }

  private func message(_ level: LogMessage.Level, _ text: String) {
    publish(.message(LogMessage(level: level, text: text), step: session.step))
  }

  private func report(_ now: Double) {
    accountTime()
    // The first report after a start or a single step has nothing to measure from.
    if case .training = state, reportedAt > 0, now > reportedAt, session.step > reportedStep {
      stepsPerSecond = Double(session.step - reportedStep) / (now - reportedAt)
    }
    var extra: [MetricID: Double] = [:]
    if stepsPerSecond > 0 { extra[.stepsPerSecond] = stepsPerSecond }
    if session.step > reportedStep, session.counters.updates.count > 1 {
      extra[.discriminatorUpdates] = session.counters.updates.first.map { Double($0) }
    }
    let metrics = recorder.report(step: session.step, elapsed: elapsed, adding: extra)
    reportedAt = now
    reportedStep = session.step
    guard !metrics.buckets.isEmpty else { return }
    publish(.metrics(metrics))
    var observation = Observation(step: session.step, isCritic: session.system.isCritic)
    func last(_ id: MetricID) -> Double? { metrics.buckets[id]?.last }
    observation.realScore = last(.realScore)
    observation.fakeScore = last(.fakeScore)
    observation.realAccuracy = last(.realAccuracy)
    observation.fakeAccuracy = last(.fakeAccuracy)
    observation.generatorGradient = last(.generatorGradient)
    observation.discriminatorGradient = last(.discriminatorGradient)
    observation.generatorLoss = last(.generatorLoss)
    observation.discriminatorLoss = last(.discriminatorLoss)
    judge(observation)
    takeFindings()
  }

  private func takeFindings() {
    for finding in findings.take() {
      // The verdict is of now, though the samples are some steps old: time must not run backwards for the monitor.
      var observation = finding.observation
      observation.step = session.step
      judge(observation)
      let report = recorder.report(step: finding.step, elapsed: elapsed, adding: finding.metrics)
      publish(.metrics(report))
    }
  }

  private func judge(_ observation: Observation) {
    for change in monitor.observe(observation) { publish(.verdict(Verdict(change))) }
  }

  /// Lends the weights to the observer when something is due and its budget allows it.
  private func look(force isWanted: Bool) {
    let now = Clock.monotonic()
    guard observer.isIdle else {
      // The observer wakes the trainer when it is done; a paused run must not keep an old picture.
      owesPicture = owesPicture || isWanted
      return
    }
    let force = isWanted || owesPicture
    owesPicture = false
    let step = session.step
    let interval = session.configuration.measures.every
    let isMeasureDue =
      step > 0 && (measuredStep.map { step < $0 || step - $0 >= interval } ?? (step >= interval))
      && (force || observer.mayMeasure(afterTraining: trainingCPU))
    // Without a viewer, pictures would only take the measurements' share of the time.
    let isPictureDue =
      options.isAttended
      && (force || (now - picturedAt >= Self.pictureInterval && observer.mayDraw(afterTraining: trainingCPU)))
    guard isMeasureDue || isPictureDue else { return }
    if isMeasureDue { measuredStep = step }
    if isPictureDue { picturedAt = now }
    observer.look(
      request(
        measures: isMeasureDue, pictures: isPictureDue, samples: session.configuration.measures.samples,
        isForced: force),
      at: session.store)
  }

  private func request(measures: Bool, pictures: Bool, samples: Int, isForced: Bool = true) -> Observer.Request {
    Observer.Request(
      step: session.step, measures: measures, pictures: pictures, samples: samples,
      inputs: session.system.inputValues(session.configuration, step: session.step), shown: shown, isForced: isForced)
  }

  private func describe(_ dataset: any Dataset, threads: Int) {
    let configuration = session.configuration
    var description = RunDescription(
      name: archive.folder.name, folder: archive.folder.path, seed: configuration.seed,
      summary: RunHeadline.lines(configuration, dataset: dataset, threads: threads),
      totalSteps: totalSteps, players: session.system.players.map(\.name),
      metrics: session.system.metrics + observer.comparisonDescriptors
        + MeasureDescriptors.all(
          modes: dataset.modes?.means.count, judged: JudgeStore().has(dataset) ? dataset.classCount : nil),
      hyperparameters: HyperparameterSpecification.hyperparameters(of: configuration),
      modes: dataset.modes?.means.count)
    description.pictures = observer.abilities
    publish(.described(description))
    if history.step > 0 { link.events.send(.history(history)) }
  }

  // MARK: Checkpoints

  private func checkpoint() throws { try whenThereIsRoom { try writeCheckpoint() } }

  /// Writes; a full disk pauses the run until there is room.
  ///
  /// - Throws: what `write` throws; the full disk's error when the run is to stop while it waits.
  private func whenThereIsRoom(_ write: () throws -> Void) throws {
    do {
      try write()
    } catch let error as RunStoreError where error.isDiskFull {
      try waitForRoom(error, write)
    }
  }

  private func writeCheckpoint() throws {
    let record = try archive.write(Checkpoint(session, elapsed: currentElapsed))
    lastCheckpoint = record
    publish(.checkpointed(record))
    try storeHistory()
  }

  /// Stores the history beside a checkpoint, unless steps are so short that this would take more than a hundredth of the
  /// time: a run that is killed then lacks the newest part of its charts. The end, and a checkpoint asked for, store all of it.
  private func storeHistory() throws {
    let start = Clock.monotonic()
    if case .training = state, start < historyDueAt { return }
    try archive.store(history)
    let end = Clock.monotonic()
    historyDueAt = end + 99 * (end - start)
  }

  private var currentElapsed: Double {
    if case .training = state { elapsed + Clock.monotonic() - resumedAt } else { elapsed }
  }

  private func waitForRoom(_ full: RunStoreError, _ write: () throws -> Void) throws {
    let state = state
    let reason = "\(full); training goes on when there is room"
    pause(reason)
    while !mustStop {
      wait(1)
      obey()
      // Whoever resumes the run by hand is told again why it waits.
      if case .training = self.state { pause(reason) }
      do {
        try write()
        if case .stopping = state { announce(state) } else { resume() }
        return
      } catch let error as RunStoreError where error.isDiskFull {
        continue
      }
    }
    throw full
  }
}

/// Findings of the observer on their way to the trainer's thread.
final class FindingsBox: Sendable {
  private let findings = Mutex<[Observer.Findings]>([])
  func add(_ finding: Observer.Findings) { findings.withLock { $0.append(finding) } }
  func take() -> [Observer.Findings] {
    findings.withLock { found in
      defer { found = [] }
      return found
    }
  }
}
