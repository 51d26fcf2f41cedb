import Foundation
import Models
import Synchronization
import Telemetry
import Testing

@testable import Runs

/// Folders of small runs for rewinds, branches and replays.
final class SmallRuns {
  let temporary: TemporaryFolder
  let store: RunStore

  init() throws {
    temporary = try TemporaryFolder()
    store = RunStore(option: temporary.path + "/runs", environment: [:])
  }

  /// A small GAN on a ring, with weight averaging, a cosine schedule, two discriminator updates in a step, and a
  /// checkpoint every five steps, all of which are kept.
  func configuration(steps: Int = 40, extra: String = "") throws -> RunConfiguration {
    let path = try temporary.write(
      "run-\(UUID().uuidString).yaml",
      """
      name: run
      data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
      model:
        kind: gan
        latent: { dimension: 2 }
        generator: { kind: mlp, hidden: [8] }
        discriminator: { kind: mlp, hidden: [8], activation: leaky-relu }
        average: { decay: 0.99 }
      penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
      optimizers:
        generator: { kind: adam, rate: 1e-3, rate-schedule: { kind: cosine, final: 0.1 } }
        discriminator: { kind: adam, rate: 1e-3, rate-schedule: { kind: cosine, final: 0.1 } }
      schedule: { batch: 8, discriminator-steps: 2, steps: \(steps), checkpoint-every: 5, keep-checkpoints: 100 }
      measures: { every: 1000, samples: 100 }
      \(extra)
      """)
    return try RunConfiguration(contentsOf: path)
  }

  /// The last checkpoint of a run that nobody touches.
  func untouched(steps: Int = 40) throws -> Checkpoint {
    let training = try Training(store, configuration(steps: steps))
    _ = training.end()
    return try training.checkpoint(steps)
  }

  static func pausing(at step: Int) -> Trainer.Options {
    var options = Trainer.Options()
    options.pausesAt = step
    return options
  }

  static let headless: Trainer.Options = {
    var options = Trainer.Options()
    options.isAttended = false
    return options
  }()
}

extension Checkpoint {
  /// Whether both hold the same state, but for what the ledger knows of them.
  func isSame(as other: Checkpoint) -> Bool {
    counters == other.counters && hyperparameters == other.hyperparameters && tensors == other.tensors
  }
}

@Suite struct CheckpointRingTests {
  private func checkpoint(_ step: Int, bytes: Int = 1000) throws -> Checkpoint {
    let tensor = try #require(StoredTensor(Array(repeating: Float(step), count: bytes / 4), shape: [bytes / 4]))
    return try Checkpoint(
      Safetensors(
        tensors: ["w": tensor],
        metadata: [
          "format": "gantui 1", "counters": "{\"updates\":[\(step),\(step)],\"sinceLast\":0,\"batches\":\(step)}",
          "hyperparameters": "{}", "elapsed": "0", "threads": "1", "seed": "1", "instruction_set": "any",
        ]), path: "test")
  }

  @Test func gapsGrowWithTheAge() throws {
    var ring = CheckpointRing(budget: 24_500)
    for step in stride(from: 10, through: 20_480, by: 10) { ring.append(RewindPoint(try checkpoint(step))) }
    let steps = ring.points.map(\.checkpoint.step)
    #expect(ring.byteCount <= 24_500)
    #expect(steps.count == 24)
    #expect(steps.first == 10 && steps.last == 20_480)
    // Every doubling of the age keeps some, and none keeps most.
    for age in [40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240] {
      let count = steps.count { (age..<2 * age).contains(20_480 - $0) }
      #expect((1...6).contains(count), "\(count) of the ages \(age) to \(2 * age)")
    }
  }

  @Test func theMomentBeforeTheLastEditStays() throws {
    var ring = CheckpointRing(budget: 8_000)
    func edit(_ step: Int) -> Edit { Edit(step: step, id: "rate", oldValue: 1, newValue: 2) }
    for step in 1...500 {
      if step == 100 { ring.append(RewindPoint(try checkpoint(step), edit: edit(step), editNumber: 1)) }
      ring.append(RewindPoint(try checkpoint(step)))
    }
    #expect(ring.lastEdit?.checkpoint.step == 100)
    #expect(ring.byteCount <= 8_000)
    ring.goBack(beforeEdit: 1)
    #expect(ring.points.last?.checkpoint.step == 100)
    #expect(ring.lastEdit == nil)
  }

  @Test func pointsOfOneMomentShareTheirBytes() throws {
    var ring = CheckpointRing(budget: 8_000)
    for number in 1...200 {
      ring.append(
        RewindPoint(
          try checkpoint(7), edit: Edit(step: 7, id: "rate", oldValue: 1, newValue: 2), editNumber: number))
    }
    #expect(ring.byteCount == 1000)
    #expect(ring.points.count == CheckpointRing.editCapacity)
    #expect(ring.lastEdit?.editNumber == 200)
  }

  @Test func withoutRoomNothingIsKept() throws {
    var small = CheckpointRing(budget: 500)
    small.append(RewindPoint(try checkpoint(1)))
    #expect(small.points.isEmpty)
    var off = CheckpointRing(budget: 0)
    off.append(RewindPoint(try checkpoint(1)))
    #expect(off.isOff && off.points.isEmpty)
  }
}

@Suite(.serialized) struct RewindTests {
  private let runs: SmallRuns
  init() throws { runs = try SmallRuns() }

  private func moments(_ training: Training) -> [Moment?] {
    training.events.compactMap { event -> Moment?? in
      if case .moment(let moment) = event { .some(moment) } else { nil }
    }
  }

  @Test func anUndoneEditLeavesNoTrace() throws {
    let whole = try runs.untouched()
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 12))
    try training.waitForPause()
    #expect(try training.command(.undo).failed)
    try training.command(.set(id: "optimizers.generator.rate", value: 0.01))
    for _ in 0..<9 { try training.command(.step(player: nil)) }
    try training.command(.step(player: "discriminator"))
    try training.command(.checkpoint)
    #expect(training.folder.checkpointSteps().contains(21))
    let undone = try training.command(.undo)
    #expect(undone.text.contains("back from step 21 to 12"))
    #expect(training.folder.checkpointSteps().last == 12)
    let ledger = try training.folder.openReader().ledger()
    #expect(ledger.count == 1)
    guard case .data(LedgerNote.undone, let payload)? = ledger.first?.change else {
      Issue.record("the ledger does not know of the undo")
      return
    }
    #expect(try JSONDecoder().decode(Edit.self, from: payload).newValue == 0.01)
    // There is only one edit to undo.
    #expect(try training.command(.undo).failed)
    try training.command(.resume)
    _ = training.end()
    #expect(try training.checkpoint(40).isSame(as: whole))
    let histories = training.events.compactMap { if case .history(let history) = $0 { history } else { nil } }
    #expect(histories.last?.edits.isEmpty == true)
    #expect(histories.last?.step == 12)
  }

  @Test func editsAreUndoneOneAfterTheOther() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 6))
    try training.waitForPause()
    let id = "optimizers.discriminator.rate"
    for value in [0.002, 0.003] { try training.command(.set(id: id, value: value)) }
    try training.command(.step(player: nil))
    try training.command(.set(id: id, value: 0.004))
    try training.command(.undo)
    #expect(try training.checkpoint(7).hyperparameters[id] == 0.003)
    try training.command(.undo)
    #expect(try training.checkpoint(6).hyperparameters[id] == 0.002)
    try training.command(.undo)
    #expect(try training.checkpoint(6).hyperparameters[id] == 0.001)
    #expect(training.folder.checkpointSteps().last == 6)
    try training.command(.stop)
    _ = training.end()
  }

  @Test func anEditIsUndoneAfterAResume() throws {
    let whole = try runs.untouched()
    let id = "optimizers.generator.rate"
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 12))
    try training.waitForPause()
    try training.command(.set(id: id, value: 0.01))
    for _ in 0..<9 { try training.command(.step(player: nil)) }
    try training.command(.stop)
    _ = training.end()

    // Nothing is in memory: the checkpoint of step 10 is the newest before the edit.
    var options = Trainer.Options()
    options.startsPaused = true
    let resumed = try Training(resuming: training.folder, options: options)
    try resumed.waitForPause()
    let undone = try resumed.command(.undo)
    #expect(undone.text.contains("back from step 21 to 10"), "\(undone)")
    #expect(undone.text.contains("the steps up to 12 are trained anew"), "\(undone)")
    #expect(training.folder.checkpointSteps().last == 10)
    #expect(try training.folder.openReader().ledger().allSatisfy { $0.edit == nil })
    let none = try resumed.command(.undo)
    #expect(none.failed && none.text == "there is no edit to undo")
    try resumed.command(.resume)
    _ = resumed.end()
    #expect(try resumed.checkpoint(40).isSame(as: whole))
    #expect(try Replay(training.folder).run().difference == nil)
  }

  @Test func anUndoBeyondAProlongationReplays() throws {
    let training = try Training(runs.store, runs.configuration(steps: 20), options: SmallRuns.pausing(at: 12))
    try training.waitForPause()
    try training.command(.set(id: "optimizers.generator.rate", value: 0.01))
    try training.command(.resume)
    _ = training.end()
    var options = Trainer.Options()
    options.startsPaused = true
    let longer = try Training(resuming: training.folder, steps: 30, options: options)
    try longer.waitForPause()
    #expect(try longer.command(.undo).text.contains("back from step 20 to 10"))
    try longer.command(.resume)
    _ = longer.end()
    let report = try Replay(training.folder).run()
    #expect(report.difference == nil, "\(report.difference?.description ?? "")")
    #expect(report.same.last == 30)
  }

  @Test func anEditWithoutACheckpointBeforeItStays() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 12))
    try training.waitForPause()
    try training.command(.set(id: "optimizers.generator.rate", value: 0.01))
    try training.command(.set(id: "optimizers.discriminator.rate", value: 0.02))
    try training.command(.stop)
    _ = training.end()
    var options = Trainer.Options()
    options.startsPaused = true
    let resumed = try Training(resuming: training.folder, options: options)
    try resumed.waitForPause()
    // Between the two edits nothing was kept, and an undo of both was not asked for.
    let reply = try resumed.command(.undo)
    #expect(reply.failed && reply.text.contains("no checkpoint is left from before the last edit, of step 12"))
    #expect(try training.folder.openReader().ledger().count { $0.edit != nil } == 2)
    try resumed.command(.stop)
    _ = resumed.end()
  }

  @Test func aTrainerTellsThatItGoesOver() throws {
    let told = Mutex<[String]>([])
    var options = SmallRuns.pausing(at: 8)
    options.wentOver = { folder in told.withLock { $0.append(folder.name) } }
    let training = try Training(runs.store, runs.configuration(), options: options)
    try training.waitForPause()
    let refused = try training.command(.branch(changes: ["penalties.r1.wait=1"]))
    #expect(refused.failed && refused.text.contains("penalties.r1.wait"), "\(refused)")
    #expect(told.withLock { $0 } == [])
    let reply = try training.command(.branch(changes: ["penalties.gradient-penalty.weight=2"]))
    #expect(!reply.failed)
    try training.wait("the branch") { if case .branched = $0 { true } else { false } }
    #expect(told.withLock { $0 } == ["run-at-8"])
    #expect(try runs.store.run("run-at-8").configuration().penalties.first?["weight"] == 2)
    try training.command(.stop)
    _ = training.end()
  }

  @Test func nothingComesAfterAStop() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 8))
    try training.waitForPause()
    // All at once, as keys come to a busy machine.
    let commands: [Command] = [.branch(changes: []), .stop, .branch(changes: []), .resume]
    for (id, command) in zip(UInt64(100)..., commands) {
      training.link.commands.send(Request(id: id, command: command))
    }
    guard case .stopped? = training.end() else {
      Issue.record("the run went on")
      return
    }
    #expect(try runs.store.folders().map(\.name).sorted() == ["run", "run-at-8"])
    let refusals = training.events.compactMap { event -> String? in
      if case .reply(_, let text, true) = event { text } else { nil }
    }
    #expect(Set(refusals).isSubset(of: ["the run is stopping"]), "\(refusals)")
  }

  @Test(arguments: [
    ("ring8", "ring8-at-12"), ("ring8-at-4000", "ring8-at-12"), ("ring8-at-7-at-9-2", "ring8-at-12"),
    ("at-3", "at-3-at-12"),
  ]) func branchesOfBranchesHaveShortNames(_ parent: String, _ name: String) {
    #expect(RunBranch.name(of: parent, at: 12) == name)
  }

  @Test func aRuleBranchesOnce() throws {
    let rule = "alerts: [ \"gradient/generator >= 0 -> branch\" ]"
    let training = try Training(runs.store, runs.configuration(extra: rule), options: SmallRuns.pausing(at: 8))
    try training.wait("the branch") { if case .branched = $0 { true } else { false } }
    // Its condition holds all the time, in the branch too.
    for _ in 0..<3 { try training.command(.step(player: nil)) }
    try training.command(.stop)
    _ = training.end()
    let names = try runs.store.folders().map(\.name)
    #expect(names.count == 2 && names[1].hasPrefix("run-at-"), "\(names)")
  }

  @Test func lookingBackChangesNothing() throws {
    let whole = try runs.untouched()
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 33))
    try training.waitForPause()
    #expect(try training.command(.look(.earlier)).text == "step 30")
    #expect(try training.command(.look(.earlier)).text == "step 25")
    func isPicture(_ event: Event) -> Bool {
      if case .panel(let panel) = event { panel.id == Panel.samples && panel.step == 25 } else { false }
    }
    // It may have come with the reply.
    if !training.events.contains(where: isPicture) { try training.wait("the picture of step 25", until: isPicture) }
    #expect(try training.command(.look(.step(12))).text == "step 10")
    #expect(try training.command(.look(.later)).text == "step 15")
    // Nothing is done to a run that is looked at elsewhere.
    for command in [Command.resume, .step(player: nil), .undo, .set(id: "optimizers.generator.rate", value: 1)] {
      let reply = try training.command(command)
      #expect(reply.failed && reply.text.contains("step 15"), "\(reply)")
    }
    #expect(try training.command(.look(.step(99))).text == "step 33")
    #expect(moments(training).map { $0?.step } == [30, 25, 10, 15, nil])
    #expect(moments(training).compactMap { $0?.newestStep }.allSatisfy { $0 == 33 })
    #expect(
      moments(training).compactMap { $0?.hyperparameters?["optimizers.generator.rate"] }
        == Array(repeating: 1e-3, count: 4))
    try training.command(.resume)
    _ = training.end()
    #expect(try training.checkpoint(40).isSame(as: whole))
  }

  @Test func aDamagedCheckpointIsPassedOver() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 13))
    try training.waitForPause()
    try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: training.folder.checkpointPath(step: 10)))
    #expect(try training.command(.look(.earlier)).text == "step 5")
    #expect(try training.command(.look(.earlier)).text == "step 0")
    #expect(try training.command(.look(.earlier)).failed)
    try training.command(.stop)
    _ = training.end()
  }

  @Test func aCheckpointInTheMiddleOfAStepIsOneMoment() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 6))
    try training.waitForPause()
    try training.command(.step(player: "discriminator"))
    try training.command(.checkpoint)
    for _ in 0..<3 { try training.command(.step(player: nil)) }
    // Of another session, so that it is on the disk alone.
    try training.command(.stop)
    _ = training.end()
    var options = Trainer.Options()
    options.startsPaused = true
    let resumed = try Training(resuming: training.folder, options: options)
    try resumed.waitForPause()
    #expect(try resumed.command(.look(.step(6))).text == "step 6")
    #expect(try resumed.command(.look(.earlier)).text == "step 5")
    #expect(try resumed.command(.look(.later)).text == "step 6")
    try resumed.command(.stop)
    _ = resumed.end()
  }

  @Test func aBranchWithoutChangesIsTheSameRun() throws {
    let whole = try runs.untouched()
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.pausing(at: 33))
    try training.waitForPause()
    try training.command(.set(id: "optimizers.generator.rate", value: 0.01))
    try training.command(.look(.step(20)))
    let reply = try training.command(.branch(changes: []))
    #expect(reply.text == "run-2-at-20 branches at step 20", "\(reply)")
    guard case .finished? = training.end() else {
      Issue.record("the branch did not finish")
      return
    }
    let branch = try runs.store.run("run-2-at-20")
    #expect(try Checkpoint(branch.checkpoint(step: 40).file, path: "").isSame(as: whole))
    #expect(branch.branchOrigin() == BranchOrigin(run: "run-2", path: training.folder.path, step: 20, changes: []))
    // The parent is where it was, and can go on.
    let parent = RunSummary(training.folder)
    #expect(parent.isResumable && parent.checkpointStep == 33)
    let pasts = training.events.compactMap { event -> RunHistory? in
      if case .branched(_, let parent) = event { parent } else { nil }
    }
    #expect(pasts.first?.step == 33)
    #expect(try Replay(branch).run() == Replay.Report(same: [20, 25, 30, 35, 40], difference: nil, step: 40))
  }

  @Test func aBranchFromTheDiskTakesChanges() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.headless)
    _ = training.end()
    let branch = try RunBranch(
      of: training.folder, at: 23,
      changes: ["penalties.gradient-penalty=none", "penalties.r1.weight=0.5", "optimizers.generator.kind=rmsprop"],
      name: "other", in: runs.store)
    #expect(branch.origin.step == 20 && branch.folder.name == "other")
    #expect(branch.configuration.penalties.map(\.kind.rawValue) == ["r1"])
    let first = try Checkpoint(branch.folder.checkpoint(step: 20).file, path: "")
    let parent = try training.checkpoint(20)
    // Weights and the discriminator's moments are the parent's.
    let shared = first.tensors.filter { parent.tensors[$0.key] != nil }
    #expect(!shared.isEmpty && shared.allSatisfy { parent.tensors[$0.key] == $0.value })
    let trainer = Trainer(
      branch.configuration, folder: branch.folder, lock: branch.lock, link: Link(), options: SmallRuns.headless)
    trainer.start()
    _ = trainer.wait()
    #expect(branch.folder.checkpointSteps().last == 40)
    #expect(try Replay(branch.folder).run().difference == nil)
  }

  /// Else pictures and measures would be of an untrained generator for as long as the average remembers.
  @Test func aNewAverageBeginsAtTheParentsWeights() throws {
    var configuration = try runs.configuration()
    guard case .gan(var gan) = configuration.model else { throw Training.Missing(what: "gan") }
    gan.average = nil
    configuration.model = .gan(gan)
    let training = try Training(runs.store, configuration, options: SmallRuns.headless)
    _ = training.end()
    let branch = try RunBranch(of: training.folder, at: 20, changes: ["model.average={}"], in: runs.store)
    let tensors = try Checkpoint(branch.folder.checkpoint(step: 20).file, path: "").tensors
    let averages = tensors.filter { $0.key.hasPrefix("average/") }
    #expect(averages.count == 4)
    for (name, value) in averages { #expect(value == tensors[String(name.dropFirst("average/".count))], "\(name)") }
  }

  @Test func impossibleBranchesAreSentences() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.headless)
    _ = training.end()
    func refusal(_ step: Int?, _ changes: [String]) -> String {
      do {
        _ = try RunBranch(of: training.folder, at: step, changes: changes, in: runs.store)
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal(nil, []).contains("schedule.steps"))
    #expect(refusal(20, ["model.generator.hidden=[16]"]).contains("shape"))
    #expect(refusal(20, ["model.generator.hiden=[16]"]).contains("hidden"))
    #expect(try runs.store.folders().map(\.name) == ["run"])
  }
}
