import Datasets
import Execution
import Measures
import Models
import Synchronization
import Telemetry

/// What a run tells its viewers and its journal.
extension TrainingLoop {
  func publish(_ event: Event) {
    // Sent at last: whoever hears of the end may leave, and the journal must know of it then.
    defer { link.events.send(event) }
    storing {
      if let problem = eventLog?.take(event) {
        link.events.send(.message(LogMessage(level: .warning, text: problem), step: session.step))
      }
      keep { try archive.record(event) }
    }
  }

  /// Counts the CPU time of what writes, or keeps moments in memory.
  func storing<Value>(_ body: () throws -> Value) rethrows -> Value {
    // What stores may have something else stored.
    guard !isStoring else { return try body() }
    isStoring = true
    let start = Clock.thread()
    defer {
      storingCPU += Clock.thread() - start
      isStoring = false
    }
    return try body()
  }

  /// Writes into the journal, which catches up later where it cannot be written: a full disk pauses the run before its
  /// next step, and of anything else the screen says it once.
  func keep(_ write: () throws -> Void) {
    do {
      try write()
      // What only waits for its turn has not been written.
      if !archive.hasUnwritten { journalFailure = nil }
    } catch {
      let isNews = journalFailure == nil
      journalFailure = error
      if isNews, (error as? RunStoreError)?.isDiskFull != true {
        link.events.send(.message(LogMessage(level: .error, text: "\(error)"), step: session.step))
      }
    }
    for warning in archive.takeWarnings() { message(.warning, warning) }
  }

  func announce(_ new: RunState) {
    state = new
    publish(.state(new, step: session.step))
  }

  func message(_ level: LogMessage.Level, _ text: String) {
    publish(.message(LogMessage(level: level, text: text), step: session.step))
  }

  func report(_ now: Double) {
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
    watch(metrics)
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

  func takeFindings() {
    for finding in findings.take() {
      // The verdict is of now, though the samples are some steps old: time must not run backwards for the monitor.
      var observation = finding.observation
      observation.step = session.step
      judge(observation)
      let report = recorder.report(step: finding.step, elapsed: elapsed, adding: finding.metrics)
      publish(.metrics(report))
      watch(report)
    }
  }

  func judge(_ observation: Observation) {
    for change in monitor.observe(observation) { publish(.verdict(Verdict(change))) }
  }

  /// Lends the weights to the observer when something is due and its budget allows it.
  func look(force isWanted: Bool) {
    // Who looks at an earlier moment keeps it in view.
    guard shown == nil else { return }
    let now = Clock.monotonic()
    let isWatched = options.isAttended || options.isWatched()
    // Who comes to a run that waits sees a picture too.
    let isWanted = isWanted || (isWatched && !wasWatched)
    wasWatched = isWatched
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
    let keepsPicture =
      eventLog?.wantsPicture(elapsed: currentElapsed) == true && observer.mayDraw(afterTraining: trainingCPU)
    let isPictureDue =
      keepsPicture
      || isWatched
        && (force || (now - picturedAt >= Self.pictureInterval && observer.mayDraw(afterTraining: trainingCPU)))
    guard isMeasureDue || isPictureDue else { return }
    if isMeasureDue { measuredStep = step }
    if isPictureDue { picturedAt = now }
    var request = self.request(
      measures: isMeasureDue, pictures: isPictureDue, samples: session.configuration.measures.samples, isForced: force)
    request.keepsPicture = keepsPicture
    observer.look(request, at: session.store)
  }

  func request(measures: Bool, pictures: Bool, samples: Int, isForced: Bool = true) -> Observer.Request {
    Observer.Request(
      step: session.step, measures: measures, pictures: pictures, samples: samples,
      inputs: session.system.inputValues(session.configuration, step: session.step), shown: self.pictures,
      isForced: isForced)
  }

  /// Says what the run is, with its hyperparameters as they are now.
  func describe() {
    let configuration = session.configuration
    let dataset = session.dataset
    var description = RunDescription(
      name: archive.folder.name, folder: archive.folder.path, seed: configuration.seed,
      summary: RunHeadline.lines(configuration, dataset: dataset, threads: session.backend.threads),
      totalSteps: totalSteps, players: session.system.players.map(\.name),
      metrics: session.system.metrics + observer.comparisonDescriptors
        + MeasureDescriptors.all(
          modes: dataset.modes?.means.count, judged: JudgeStore().has(dataset) ? dataset.classCount : nil),
      hyperparameters: HyperparameterSpecification.hyperparameters(of: configuration),
      modes: dataset.modes?.means.count)
    description.pictures = observer.abilities
    description.keys = configuration.keys
    publish(.described(description))
  }

  /// Says what happened before this session, to the run and to the one that it branched from.
  func tell(_ past: RunHistory) {
    if past.step > 0 { link.events.send(.history(past)) }
    guard let origin else { return }
    let parent = RunFolder(path: origin.path)
    let parents = try? parent.openReader().history(of: parent)
    link.events.send(.branched(origin, parent: parents ?? RunHistory()))
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
