import Foundation
import Measures
import Models
import Telemetry

/// Earlier moments of a run: looking at them, going back, branching off.
extension TrainingLoop {
  /// A moment that can be shown.
  private struct Place {
    var step: Int
    /// Updates of the first player since the last player's, which order the moments of a step.
    var substep: UInt32
    /// Where it is in the ring; nil for a checkpoint on the disk.
    var point: RewindPoint?

    func isBefore(_ other: (step: Int, substep: UInt32)) -> Bool { (step, substep) < (other.step, other.substep) }
    func isAfter(_ other: (step: Int, substep: UInt32)) -> Bool { (step, substep) > (other.step, other.substep) }
  }

  /// - Throws: `TrainerError.momentShown` while an earlier moment is looked at.
  func requireNewest() throws {
    if let shown { throw TrainerError.momentShown(step: shown.checkpoint.step) }
  }

  /// All moments before the newest, oldest first: those in memory, and those on the disk of other steps.
  private func places() -> [Place] {
    var result = ring.moments.map { range in
      var point = ring.points[range.lowerBound]
      point.edit = ring.points[range].last { $0.edit != nil }?.edit
      return Place(step: point.checkpoint.step, substep: point.checkpoint.counters.sinceLast, point: point)
    }
    let inMemory = Set(result.lazy.filter { $0.substep == 0 }.map(\.step))
    result += archive.folder.checkpointSteps().filter { !inMemory.contains($0) }
      .map { Place(step: $0, substep: 0, point: nil) }
    let newest = (step: session.step, substep: session.counters.sinceLast)
    return result.filter { $0.isBefore(newest) }.sorted { $0.isBefore((step: $1.step, substep: $1.substep)) }
  }

  private func load(_ place: Place) throws -> RewindPoint {
    if let point = place.point { return point }
    let loaded = try archive.folder.checkpoint(step: place.step)
    return RewindPoint(try Checkpoint(loaded.file, path: loaded.path))
  }

  /// Shows another moment while the run is paused.
  func look(_ move: RewindMove) throws -> String {
    if move == .newest { return showNewest() }
    if case .training = state { pause(nil) }
    let places = places()
    let here = shown == nil ? nil : shownPlace
    var index: Int?
    switch move {
    case .newest: index = nil
    case .earlier:
      index = here.map { here in places.lastIndex { $0.isBefore(here) } } ?? places.indices.last
      guard index != nil else { throw TrainerError.noEarlierMoment }
    case .later: index = here.flatMap { here in places.firstIndex { $0.isAfter(here) } }
    case .step(let step):
      guard step < session.step else { return showNewest() }
      index = places.lastIndex { $0.step <= step }
      guard index != nil else { throw TrainerError.noEarlierMoment }
    }
    while let found = index {
      let place = places[found]
      do {
        let point = try load(place)
        shownPlace = (place.step, place.substep)
        return show(
          point,
          Moment(
            step: place.step, number: found + 1, count: places.count, newestStep: session.step,
            place: place.point == nil ? .disk : .memory, edit: point.edit,
            hyperparameters: point.checkpoint.hyperparameters))
      } catch {
        // A damaged file must not stop the walk.
        message(.warning, "the checkpoint of step \(place.step) was skipped: \(error)")
        let next = found + (move == .later ? 1 : -1)
        index = places.indices.contains(next) ? next : nil
        if index == nil, move != .later { throw TrainerError.noEarlierMoment }
      }
    }
    return showNewest()
  }

  private func show(_ point: RewindPoint, _ moment: Moment) -> String {
    shown = point
    link.events.send(.moment(moment))
    showMoment()
    return "step \(moment.step)"
  }

  /// Ends the look at an earlier moment.
  @discardableResult
  func showNewest() -> String {
    if shown != nil {
      shown = nil
      owesMoment = false
      link.events.send(.moment(nil))
      observeStage(session.system)
      look(force: true)
    }
    return "step \(session.step)"
  }

  /// Lends a moment's weights to the observer, now or when it is idle.
  func showMoment() {
    guard let point = shown else { return }
    guard observer.isIdle else {
      owesMoment = true
      return
    }
    owesMoment = false
    let configuration = session.configuration(of: point.checkpoint)
    let step = point.checkpoint.step
    do {
      let system = try session.system(at: step, configuration)
      observeStage(system, step: step)
      var request = self.request(measures: true, pictures: options.isAttended, samples: configuration.measures.samples)
      request.step = step
      request.inputs = system.inputValues(configuration, step: step)
      request.isOfThePast = true
      try observer.look(request, at: point.checkpoint)
    } catch {
      message(.warning, "step \(step) cannot be shown: \(error)")
    }
  }

  /// Where the run grows, the observer's networks are those of the step that it looks at.
  private func observeStage(_ system: TrainableSystem, step: Int? = nil) {
    guard observer.stage != system.stage else { return }
    do {
      try observer.take(system, step: step ?? session.step)
    } catch {
      message(.warning, "\(error)")
    }
  }

  // MARK: Undo

  /// Goes back to before the last edit, and forgets what came after.
  ///
  /// The state right before it is in memory in the session of the edit. Else the newest checkpoint on the disk serves from
  /// which nothing but training led to the edit: the steps between are trained anew, with the same bits.
  func undo(origin: EditOrigin) throws -> String {
    try requireNewest()
    guard let (number, edit) = edits.last else { throw TrainerError.nothingToUndo }
    let kept = ring.lastEdit.flatMap { $0.editNumber == number ? $0.checkpoint : nil }
    guard let checkpoint = try kept ?? archive.checkpoint(before: number) else {
      throw TrainerError.editNotKept(step: edit.step)
    }
    let from = session.step
    try goBack(to: checkpoint, origin: origin, undoing: edit)
    ring.goBack(beforeEdit: number)
    ring.truncate(after: checkpoint)
    edits.removeLast()
    forgetLater(than: checkpoint)
    let title = HyperparameterSpecification.hyperparameters(of: session.configuration).first { $0.id == edit.id }?.title
    let change = "\(title ?? edit.id) is \(decimal(edit.oldValue)) again, no more \(decimal(edit.newValue))"
    var way = from == session.step ? "" : ", back from step \(from) to \(session.step)"
    if session.step < edit.step {
      way += ", the checkpoint on the disk before it: the steps up to \(edit.step) are trained anew"
    }
    message(.info, "undone: \(change)\(way)")
    return "undone: \(change)\(way)"
  }

  /// Puts a checkpoint back, on the disk first: whatever ends the process then, the run goes on from it.
  private func goBack(to checkpoint: Checkpoint, origin: EditOrigin, undoing edit: Edit) throws {
    let kept = try archive.write(checkpoint)
    try archive.goBack(toStep: checkpoint.step, ledger: checkpoint.ledger, deletesCheckpoints: true)
    try session.restore(checkpoint, path: kept.path)
    let payload = try JSONEncoder().encode(edit)
    try archive.record(.data(kind: LedgerNote.undone, payload: payload), at: session.step, origin: origin)
    try recordSteps(since: checkpoint)
    lastCheckpoint = kept
  }

  /// Begins again after a checkpoint that was put back.
  private func forgetLater(than checkpoint: Checkpoint) {
    observer.wait()
    _ = findings.take()
    observeStage(session.system)
    recorder = MetricRecorder(session.metrics)
    monitor = VerdictMonitor(rules: VerdictRules(totalSteps: totalSteps))
    (elapsed, measuredStep) = (checkpoint.elapsed, nil)
    resumedAt = Clock.monotonic()
    cpuAtResume = Clock.process()
    (reportedAt, reportedStep) = (resumedAt, session.step)
    (keptStep, keptAt) = (session.step, resumedAt)
    let past = archive.past()
    link.events.send(.history(past.history))
    if let warning = past.warning { message(.warning, warning) }
    describe()
    // Why it was paused may be undone too.
    if case .paused = state { announce(.paused(reason: nil)) } else { announce(state) }
    look(force: true)
  }

  // MARK: Branches

  /// Makes a run of its own of the moment that is shown, or of the newest; the loop goes over to it.
  func branchOff(_ changes: [String]) throws -> String {
    // The parent stays where it is, for a resume.
    report(Clock.monotonic())
    if lastCheckpoint?.step != session.step || session.counters.sinceLast != 0 { try writeCheckpoint() }
    let source =
      try shown?.checkpoint ?? Checkpoint(session, elapsed: currentElapsed, ledger: archive.ledgerNumber)
    let made = try RunBranch(from: source, of: archive.folder, changes: changes, opened: session)
    branch = made
    return "\(made.folder.name) branches at step \(source.step)"
  }

  /// Leaves the run as it is to train its branch.
  func leave(for branch: RunBranch) throws -> Outcome {
    observer.wait()
    takeFindings()
    report(Clock.monotonic())
    session.stop()
    try whenThereIsRoom { try archive.flush() }
    // Viewers stay: for them nothing is over.
    if state != .finished { try? archive.record(.state(.stopped, step: session.step)) }
    let isPaused = if case .paused = state { shown == nil } else { false }
    return .branched(branch, dataset: session.dataset, alerts: alerts, isPaused: isPaused)
  }
}
