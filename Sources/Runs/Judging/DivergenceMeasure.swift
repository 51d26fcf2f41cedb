import Datasets
import Execution
import Foundation
import Measures
import Models
import Optimizers
import Tensors

/// The Jensen-Shannon divergence that a run's discriminator sees once it is trained to its optimum.
///
/// D goes on from the checkpoint by the run's own update, G untouched, its rate falling to 0 along a cosine; then V(D, G) is
/// estimated on samples that D never saw. What keeps D from its optimum (penalties, noise, batch norm that differs
/// between training and sampling) lowers the estimate, which is a lower bound as it is. So does weight averaging: D learns
/// against the generator as it trains, and is tested on what its average makes.
extension Measurer {
  /// D as a probability is f32: nearer to 0 and 1 it is no longer told from them.
  private static let smallest = 1e-7

  func jensenShannonLines() throws -> [MeasureLine] {
    guard let run = subject.run else { return [] }
    let trainee = try FrozenGame(run, threads: threads, seed: parameters.seed)
    let fakes = try subject.samples(count: parameters.count, seed: parameters.seed &+ 2)
    let test = try dataset.evaluationSamples(count: parameters.count, seed: parameters.seed)
    let generated = normalized(fakes.values)
    func estimate() throws -> JensenShannonEstimate {
      let real = try trainee.scores(test.values, labels: test.labels)
      let fake = try trainee.scores(generated, labels: fakes.classes)
      return try JensenShannonEstimate(
        logReal: real.map { log(max(Self.smallest, Double($0))) },
        logFake: fake.map { log(max(Self.smallest, 1 - Double($0))) })
    }
    let before = try estimate()
    let steps = parameters.discriminatorSteps
    for step in 0..<steps {
      try trainee.update(step: step, of: steps)
      if (step + 1) % 200 == 0 { report("discriminator: step \(step + 1) of \(steps)") }
    }
    let after = try estimate()
    let note = "n \(fakes.count), against \(test.count) \(real.testName)"
    return [
      MeasureLine(
        "divergence", title: "Jensen-Shannon divergence, at least", .number(max(0, after.divergence)), unit: "nats",
        note: "\(note), D after \(steps) updates more; at most ln 2, 0.6931"
          + (after.divergence < 0 ? "; D is worse than a guess on what it has not seen" : "")),
      MeasureLine("standard_error", title: "  standard error", .number(after.standardError), unit: "nats"),
      MeasureLine("value", title: "  V(D, G)", .number(after.value), unit: "nats", note: "-1.3863 where D cannot tell"),
      MeasureLine(
        "before", title: "  by the discriminator as it was", .number(max(0, before.divergence)), unit: "nats",
        note: note),
    ]
  }

  /// Samples in the units of measures as the networks see them.
  private func normalized(_ values: [Float]) -> [Float] {
    guard !dataset.shape.isImage else { return values }
    var values = values
    values.withUnsafeMutableBufferPointer { dataset.normalization.apply(to: $0) }
    return values
  }
}

/// A run of which only the first player moves.
private final class FrozenGame {
  private static let block = 256

  private let run: RunSampler
  private let seed: UInt64
  private let backend: CPUBackend
  private let player: TrainableSystem.Player
  private let program: CPUProgram
  private let scorer: CPUProgram
  private var rate: (place: UnsafeMutableBufferPointer<Float>, value: Float)?

  init(_ run: RunSampler, threads: Int, seed: UInt64) throws {
    self.run = run
    self.seed = seed
    backend = CPUBackend(threads: threads)
    guard let first = run.system.players.first else {
      throw MeasuringError.unfit(.jensenShannon, reason: "the run has no discriminator")
    }
    player = first
    // The seed of the latents: others than the run's own.
    let store = try backend.makeCPUStore(seed: run.configuration.seed &+ 0x9E37_79B9 &* (seed &+ 1))
    program = try backend.compile(first.update, store: store)
    scorer = try backend.compile(try run.system.scorer(Self.block), store: store)
    try run.checkpoint.fill(store, store.variables, path: run.checkpointPath)
    applyHyperparameters()
  }

  /// As the checkpoint has them; schedules stand still.
  private func applyHyperparameters() {
    var configuration = run.configuration
    for (id, value) in run.checkpoint.hyperparameters { _ = configuration.setHyperparameter(id, to: value) }
    for input in run.system.hyperparameterInputs {
      let place = program.input(input.id)
      guard !place.isEmpty, let base = input.constant ?? configuration.hyperparameter(input.id) else { continue }
      let isRate = input.id == "optimizers.discriminator.rate"
      let factor = isRate ? 1 : input.multiplier?(run.step, configuration.schedule.steps) ?? 1
      place[0] = Float(base * factor)
      if isRate { rate = (place, place[0]) }
    }
  }

  func update(step: Int, of steps: Int) throws {
    CPUProgram.prepareThread(threads: backend.threads)
    let batch = try run.dataset.samples(
      BatchRequest(seed: seed, batch: UInt64(step), size: run.system.batchSamples))
    let target = program.input(ProgramPort.batch)
    for index in 0..<min(target.count, batch.values.count) { target[index] = batch.values[index] }
    fillClasses(program, batch.labels ?? [])
    if let rate {
      rate.place[0] = rate.value * Float(Optimizers.RateSchedule.cosine(final: 0).multiplier(step: step, of: steps))
    }
    program.run(counter: UInt64(step), substep: 0)
    guard try program.outputElements(ProgramPort.isFinite(player.name))[0] != 0 else {
      throw MeasuringError.diverged(step: step)
    }
  }

  /// D(x) of samples `[count, ...]`, normalized.
  func scores(_ values: [Float], labels: [Int32]?) throws -> [Float] {
    CPUProgram.prepareThread(threads: backend.threads)
    let size = run.dataset.shape.size
    let count = values.count / max(1, size)
    let points = scorer.input(ProgramPort.points)
    var result: [Float] = []
    result.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: Self.block) {
      let rows = min(Self.block, count - first)
      for index in points.indices { points[index] = index < rows * size ? values[first * size + index] : 0 }
      fillClasses(scorer, labels.map { Array($0[first..<min($0.count, first + rows)]) } ?? [])
      scorer.run(counter: 0, substep: 0)
      result.append(contentsOf: try scorer.outputElements(ProgramPort.scores).prefix(rows))
    }
    return result
  }

  private func fillClasses(_ program: CPUProgram, _ labels: [Int32]) {
    guard let classes = run.system.latents.classes else { return }
    writeOneHot(labels, classes: classes, into: program.input(ProgramPort.classes))
  }
}
