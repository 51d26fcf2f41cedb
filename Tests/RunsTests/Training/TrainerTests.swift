import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

/// A trainer in this process, and what it said.
final class Training {
  /// Nil after the end: with it goes the run's lock.
  private var trainer: Trainer?
  let link = Link()
  let folder: RunFolder
  private(set) var events: [Event] = []
  private var lastRequest: UInt64 = 0

  init(_ store: RunStore, _ configuration: RunConfiguration, options: Trainer.Options = Trainer.Options()) throws {
    let (folder, lock) = try store.create(configuration)
    self.folder = folder
    let trainer = Trainer(configuration, folder: folder, lock: lock, link: link, options: options)
    self.trainer = trainer
    trainer.start()
  }

  /// Goes on with a run.
  init(resuming folder: RunFolder, steps: Int? = nil, options: Trainer.Options = Trainer.Options()) throws {
    self.folder = folder
    let configuration = try folder.configuration(steps: steps)
    let trainer = Trainer(configuration, folder: folder, lock: try folder.lock(), link: link, options: options)
    self.trainer = trainer
    trainer.start()
  }

  /// Waits for an event; fails after a minute.
  @discardableResult
  func wait(_ what: String, until isWanted: (Event) -> Bool) throws -> Event {
    for _ in 0..<60_000 {
      let new = link.events.receive()
      events += new
      if let event = new.first(where: isWanted) { return event }
      usleep(1000)
    }
    throw Missing(what: what)
  }

  struct Missing: Error {
    var what: String
  }

  /// Sends a command and waits for its reply.
  @discardableResult
  func command(_ command: Command) throws -> (text: String, failed: Bool) {
    lastRequest += 1
    let id = lastRequest
    link.commands.send(Request(id: id, command: command))
    let reply = try wait("reply to \(command)") { event in
      if case .reply(id, _, _) = event { true } else { false }
    }
    guard case .reply(_, let text, let failed) = reply else { throw Missing(what: "reply") }
    return (text, failed)
  }

  func waitForPause() throws {
    try wait("pause") { event in
      if case .state(.paused, _) = event { true } else { false }
    }
  }

  /// Waits for the end and takes the last events.
  func end() -> Trainer.Ending? {
    let ending = trainer?.wait()
    trainer = nil
    events += link.events.receive()
    return ending
  }

  var edits: [Edit] {
    events.compactMap { event in
      if case .edited(let edit) = event { edit } else { nil }
    }
  }

  func checkpoint(_ step: Int) throws -> Checkpoint {
    let loaded = try folder.checkpoint(step: step)
    return try Checkpoint(loaded.file, path: loaded.path)
  }
}

extension Trainer.Ending? {
  fileprivate var isFinished: Bool { if case .finished? = self { true } else { false } }
  fileprivate var isStopped: Bool { if case .stopped? = self { true } else { false } }
}

@Suite(.serialized) struct TrainerTests {
  private let temporary: TemporaryFolder
  private let store: RunStore

  init() throws {
    temporary = try TemporaryFolder()
    store = RunStore(option: temporary.path + "/runs", environment: [:])
  }

  /// A small GAN on a ring, with weight averaging, a cosine schedule and two discriminator updates in a step.
  private func configuration(steps: Int = 40, extra: String = "") throws -> RunConfiguration {
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
      schedule: { batch: 8, discriminator-steps: 2, steps: \(steps), checkpoint-every: 20 }
      measures: { every: 1000, samples: 100 }
      \(extra)
      """)
    return try RunConfiguration(contentsOf: path)
  }

  private func paused(at step: Int) -> Trainer.Options {
    var options = Trainer.Options()
    options.pausesAt = step
    return options
  }

  private var startsPaused: Trainer.Options {
    var options = Trainer.Options()
    options.startsPaused = true
    return options
  }

  private func whole(steps: Int = 40) throws -> Checkpoint {
    let training = try Training(store, configuration(steps: steps))
    #expect(training.end().isFinished)
    return try training.checkpoint(steps)
  }

  private func expectSame(_ found: Checkpoint, _ expected: Checkpoint, _ location: SourceLocation = #_sourceLocation) {
    let names = Set(found.tensors.keys).union(expected.tensors.keys)
    #expect(names.filter { found.tensors[$0] != expected.tensors[$0] } == [], sourceLocation: location)
    #expect(found.counters == expected.counters, sourceLocation: location)
  }

  @Test func stoppedAndResumedAnywhere() throws {
    let expected = try whole()
    for step in [1, 7, 20, 39] {
      let training = try Training(store, configuration(), options: paused(at: step))
      try training.waitForPause()
      #expect(try training.command(.stop).text == "stopping")
      #expect(training.end().isStopped)
      #expect(training.folder.checkpointSteps().last == step)
      let resumed = try Training(resuming: training.folder)
      #expect(resumed.end().isFinished)
      expectSame(try resumed.checkpoint(40), expected)
    }
  }

  @Test func stoppedInTheMiddleOfAStep() throws {
    let expected = try whole()
    let training = try Training(store, configuration(), options: paused(at: 10))
    try training.waitForPause()
    try training.command(.step(player: "discriminator"))
    try training.command(.stop)
    #expect(training.end().isStopped)
    let resumed = try Training(resuming: training.folder, options: startsPaused)
    try resumed.waitForPause()
    try resumed.command(.step(player: "generator"))
    try resumed.command(.resume)
    #expect(resumed.end().isFinished)
    expectSame(try resumed.checkpoint(40), expected)
  }

  @Test func aPlayerAfterTheOtherIsAStep() throws {
    let expected = try whole(steps: 5)
    let training = try Training(store, configuration(steps: 5), options: startsPaused)
    try training.waitForPause()
    for _ in 0..<2 {
      try training.command(.step(player: "discriminator"))
      #expect(try training.command(.step(player: "generator")).failed == false)
    }
    #expect(try training.command(.step(player: nil)).text == "step 3")
    try training.command(.resume)
    #expect(training.end().isFinished)
    expectSame(try training.checkpoint(5), expected)
  }

  @Test func aCheckpointNamesItsPrecision() throws {
    let training = try Training(store, configuration(steps: 2))
    #expect(training.end().isFinished)
    var file = try training.folder.checkpoint(step: 2).file
    let path = "c.safetensors"
    #expect(file.metadata["precision"] == "f32")
    // Those of older versions have none.
    file.metadata["precision"] = nil
    #expect(try Checkpoint(file, path: path).precision == .f32)
    file.metadata["precision"] = "bf16"
    #expect(try Checkpoint(file, path: path).precision == .bf16)
    file.metadata["precision"] = "f8"
    #expect(throws: CheckpointError.malformedField(path: path, field: "precision")) {
      try Checkpoint(file, path: path)
    }
  }

  @Test func noMoreStepsThanTheRunHas() throws {
    let training = try Training(store, configuration(steps: 2), options: startsPaused)
    try training.waitForPause()
    for id in 1...5 { training.link.commands.send(Request(id: UInt64(100 + id), command: .step(player: nil))) }
    #expect(training.end().isFinished)
    #expect(training.folder.checkpointSteps().last == 2)
  }

  @Test func aTurnedRateIsTheSameEverywhere() throws {
    let training = try Training(store, configuration(), options: paused(at: 10))
    try training.waitForPause()
    let id = "optimizers.generator.rate"
    #expect(try training.command(.set(id: id, value: 5e-3)).failed == false)
    #expect(training.edits == [Edit(step: 10, id: id, oldValue: 1e-3, newValue: 5e-3)])
    try training.command(.checkpoint)
    #expect(try training.checkpoint(10).hyperparameters[id] == 5e-3)
    #expect(try training.folder.openReader().ledger().compactMap(\.edit) == training.edits)
    // Beyond the range: clamped, and said so. Unknown, and no number: refused.
    #expect(try training.command(.set(id: id, value: 5)).failed == false)
    #expect(training.edits.last?.newValue == 1)
    #expect(try training.command(.set(id: id, value: .nan)).failed)
    #expect(try training.command(.set(id: "optimizers.nobody.rate", value: 1)).failed)
    try training.command(.set(id: id, value: 5e-3))
    try training.command(.stop)
    #expect(training.end().isStopped)

    // The same as a run that had the value from that step on, through a checkpoint; and not as one without.
    let resumed = try Training(resuming: training.folder)
    #expect(resumed.end().isFinished)
    let straight = try Training(store, configuration(), options: paused(at: 10))
    try straight.waitForPause()
    try straight.command(.set(id: id, value: 5e-3))
    try straight.command(.resume)
    #expect(straight.end().isFinished)
    expectSame(try resumed.checkpoint(40), try straight.checkpoint(40))
    let plain = try whole()
    #expect(try resumed.checkpoint(40).tensors != plain.tensors)
  }

  /// The next step's update is of the new rate: with plain descent it is the rate times the gradient.
  @Test func theOptimizerMeetsTheRateAtTheNextStep() throws {
    func generator(rate: Double) throws -> [String: [Float]] {
      var configuration = try configuration(steps: 2)
      configuration.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0), rate: 1e-3)
      let training = try Training(store, configuration, options: paused(at: 1))
      try training.waitForPause()
      if rate != 1e-3 { try training.command(.set(id: "optimizers.generator.rate", value: rate)) }
      try training.command(.checkpoint)
      try training.command(.resume)
      #expect(training.end().isFinished)
      let (before, after) = (try training.checkpoint(1), try training.checkpoint(2))
      var moves: [String: [Float]] = [:]
      for (name, tensor) in before.tensors
      where name.hasPrefix("generator/") && (name.hasSuffix("/weight") || name.hasSuffix("/bias")) {
        guard let old = tensor.values(of: Float.self), let new = after.tensors[name]?.values(of: Float.self) else {
          continue
        }
        moves[name] = zip(new, old).map { $0 - $1 }
      }
      return moves
    }
    let (slow, fast) = (try generator(rate: 1e-3), try generator(rate: 0.25))
    #expect(!slow.isEmpty)
    var largest: Float = 0
    for (name, moves) in slow {
      for (one, other) in zip(moves, try #require(fast[name])) {
        largest = max(largest, abs(other))
        #expect(abs(other - 250 * one) <= 250 * 2e-7 + 1e-2 * abs(other), "\(name)")
      }
    }
    #expect(largest > 1e-4)
  }

  /// Values of a configuration may lie outside of the range that keys can reach.
  @Test func valuesBeyondTheKeysSurviveACheckpoint() throws {
    var configuration = try configuration(steps: 20)
    configuration.penalties = [.gradientPenalty(weight: 2e4, target: 1)]
    let expected = try Training(store, configuration)
    #expect(expected.end().isFinished)
    let training = try Training(store, configuration, options: paused(at: 10))
    try training.waitForPause()
    try training.command(.stop)
    #expect(training.end().isStopped)
    let resumed = try Training(resuming: training.folder)
    #expect(resumed.end().isFinished)
    expectSame(try resumed.checkpoint(20), try expected.checkpoint(20))
    #expect(try resumed.checkpoint(20).hyperparameters["penalties.gradient-penalty.weight"] == 2e4)
  }

  @Test func aGradientThatIsNotFinitePausesAndCanBeMended() throws {
    var configuration = try configuration(steps: 60)
    configuration.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0), rate: 1e30)
    let training = try Training(store, configuration)
    let event = try training.wait("a pause with a reason") { event in
      if case .state(.paused(reason: .some), _) = event { true } else { false }
    }
    guard case .state(.paused(let reason?), let step) = event else { return }
    #expect(reason.contains("gradient is not finite in ") && reason.hasSuffix("its update was not applied"))
    try training.command(.checkpoint)
    let kept = try training.checkpoint(step)
    for (name, tensor) in kept.tensors {
      #expect(tensor.values(of: Float.self)?.allSatisfy { $0.isFinite } == true, "\(name)")
    }
    try training.command(.stop)
    #expect(training.end().isStopped)
  }

  @Test func whoNobodyWatchesFailsThere() throws {
    var configuration = try configuration(steps: 60)
    configuration.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0), rate: 1e30)
    var options = Trainer.Options()
    options.isAttended = false
    let training = try Training(store, configuration, options: options)
    guard case .failed(let error)? = training.end() else {
      Issue.record("the run did not fail")
      return
    }
    #expect((error as? TrainerError)?.exitCode == ExitCode.data)
    let summary = try store.list().first
    #expect(summary?.status == .failed(message: "\(error)"))
    #expect(summary?.isResumable == true)
  }

  @Test func commandsInTheWrongState() throws {
    let training = try Training(store, configuration(), options: startsPaused)
    try training.waitForPause()
    #expect(try training.command(.pause).text == "already paused")
    #expect(try training.command(.step(player: "referee")).failed)
    #expect(try training.command(.saveSamples).failed == false)
    #expect(FileManager.default.fileExists(atPath: training.folder.samplesPath + "/step-00000000.png"))
    try training.command(.resume)
    #expect(training.end().isFinished)
    // Nobody is there any more, and nobody minds.
    training.link.commands.send(Request(id: 99, command: .pause))
  }

  @Test func speedIsToldFromTheFirstReportOn() throws {
    let training = try Training(store, configuration(steps: 30))
    #expect(training.end().isFinished)
    let speeds = training.events.compactMap { event -> Double? in
      guard case .metrics(let report) = event else { return nil }
      return report.buckets[.stepsPerSecond]?.last
    }
    #expect(!speeds.isEmpty && speeds.allSatisfy { $0 > 1 }, "\(speeds)")
  }
}
