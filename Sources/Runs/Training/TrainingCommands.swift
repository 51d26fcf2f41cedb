import Models
import Telemetry

/// What viewers ask of a run, at step boundaries.
extension TrainingLoop {
  func obey() {
    guard !link.commands.isEmpty else { return }
    let requests = link.commands.receive()
    for (index, request) in requests.enumerated() {
      do {
        reply(request, try obey(request))
      } catch {
        reply(request, "\(error)", failed: true)
      }
      guard branch == nil else {
        // What was asked after a branch is meant for it, before what has been asked since.
        link.commands.putBack(requests[(index + 1)...])
        return
      }
    }
  }

  func obey(_ request: Request) throws -> String {
    // Nothing comes after a stop: a branch would train on.
    if mustStop, request.command != .stop { throw TrainerError.stopping }
    if state == .finished, request.command.changesRun { throw TrainerError.finished }
    switch request.command {
    case .pause:
      guard case .training = state else { return "already paused" }
      pause(nil)
      return "paused"
    case .resume:
      guard case .paused = state else { return "already training" }
      try requireNewest()
      resume()
      return "training goes on"
    case .step(let player):
      try requireNewest()
      if case .training = state { pause(nil) }
      if let player, !session.system.players.contains(where: { $0.name == player }) {
        throw TrainerError.unknownPlayer(player, known: session.system.players.map(\.name))
      }
      // Key presses come in faster than steps are done.
      guard session.step < totalSteps else { return "step \(session.step)" }
      reportedAt = 0
      try archive.recordStep(of: player, at: session.step, origin: request.origin)
      try step(player, isByHand: true)
      // Who goes step by step looks at each.
      owesPicture = true
      return "step \(session.step)"
    case .set(let id, let value): return try set(id, value, origin: request.origin)
    case .checkpoint:
      try writeCheckpoint()
      return "checkpoint at step \(session.step)"
    case .saveSamples: return try saveSamples()
    case .stop:
      mustStop = true
      return "stopping"
    case .look(let move): return try look(move)
    case .branch(let changes): return try branchOff(changes)
    case .undo: return try undo(origin: request.origin)
    case .show(let pictures):
      self.pictures = pictures
      if shown == nil { look(force: true) } else { showMoment() }
      return ""
    case .takeWheel, .releaseWheel: throw TrainerError.noWheel
    }
  }

  /// Changes a live hyperparameter from the next step on, after the moment before was kept.
  func set(_ id: String, _ value: Double, origin: EditOrigin) throws -> String {
    try requireNewest()
    guard let old = session.configuration.hyperparameter(id) else { throw TrainerError.unknownHyperparameter(id) }
    var changed = session.configuration
    guard let new = changed.setHyperparameter(id, to: value) else { throw TrainerError.valueNotFinite(id, value) }
    guard new != old else { return "\(id) is \(new)" }
    let edit = Edit(step: session.step, id: id, oldValue: old, newValue: new, origin: origin)
    let before = try moment()
    // Into the ledger before it is done.
    publish(.edited(edit))
    if let before { ring.append(RewindPoint(before, edit: edit, editNumber: archive.ledgerNumber)) }
    edits.append((archive.ledgerNumber, edit))
    _ = session.set(id, to: new)
    return "\(id) is \(new)"
  }

  func saveSamples() throws -> String {
    observer.wait()
    if shown == nil {
      observer.look(request(measures: false, pictures: true, samples: 0), at: session.store)
      observer.wait()
    }
    guard let image = try observer.lastPicture() else { throw TrainerError.noPicture }
    let path = try archive.save(image, step: shown?.checkpoint.step ?? session.step)
    message(.info, "samples saved as \(path)")
    return path
  }

  func reply(_ request: Request, _ text: String, failed: Bool = false) {
    link.events.send(.reply(request: request.id, text: text, failed: failed))
  }
}

extension Command {
  /// Whether there must be steps left to train for it.
  fileprivate var changesRun: Bool {
    switch self {
    case .pause, .resume, .step, .set, .checkpoint, .undo: true
    case .saveSamples, .stop, .look, .branch, .show, .takeWheel, .releaseWheel: false
    }
  }
}
