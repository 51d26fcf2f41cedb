import Datasets
import Execution
import Models
import Telemetry
import Tensors

/// Where a run stands: all that its next step depends on beside the variables.
public struct TrainingCounters: Codable, Sendable, Equatable {
  /// Updates of each player, in turn order.
  public var updates: [UInt64]
  /// Updates of the first player since the last player's.
  public var sinceLast: UInt32
  /// Batches of data drawn.
  public var batches: UInt64

  /// Steps done: a step ends with the last player's update.
  public var step: Int { Int(clamping: updates.last ?? 0) }
}

/// A run in memory: variables, compiled programs and counters. It belongs to one thread.
final class TrainingSession {
  /// What happened in a step.
  enum Outcome: Equatable {
    case done
    /// A player's gradient was not finite, so the update did not take place.
    case notFinite(player: String)
  }

  /// Where a program takes data; empty for what it does not take.
  private struct DataInputs {
    let samples: UnsafeMutableBufferPointer<Float>
    let sources: UnsafeMutableBufferPointer<Float>
    let classes: UnsafeMutableBufferPointer<Float>

    init(_ program: CPUProgram) {
      samples = program.input(ProgramPort.batch)
      sources = program.input(ProgramPort.sources)
      classes = program.input(ProgramPort.classes)
    }
  }

  private struct CompiledPlayer {
    let name: String
    let update: CPUProgram
    let finite: UnsafePointer<Float>
    let data: DataInputs
    let takesBatch: Bool
  }

  /// Everything that is made anew where a growing run's networks change.
  private struct CompiledPrograms {
    let players: [CompiledPlayer]
    let turn: CPUProgram
    let turnData: DataInputs
    let turnFinite: [UnsafePointer<Float>]
    let turnSources: [(index: Int, source: UnsafePointer<Float>)]
    let playerSources: [[(index: Int, source: UnsafePointer<Float>)]]
    let inputs: [(input: TrainableSystem.HyperparameterInput, places: [UnsafeMutablePointer<Float>])]
    let scheduled: [Int]

    init(_ system: TrainableSystem, metrics: [MetricID], backend: CPUBackend, store: CPUStore) throws {
      func pointer(_ program: CPUProgram, _ name: String) throws -> UnsafePointer<Float> {
        guard let start = try program.outputElements(name).baseAddress else {
          throw ExecutionError.unknownOutput(name, program: program.program.name)
        }
        return start
      }
      func sources(_ program: CPUProgram) -> [(index: Int, source: UnsafePointer<Float>)] {
        metrics.enumerated().compactMap { index, id in
          (try? pointer(program, id.rawValue)).map { (index: index, source: $0) }
        }
      }
      let turn = try backend.compile(system.turn, store: store)
      let players = try system.players.map { player in
        let update = try backend.compile(player.update, store: store)
        return CompiledPlayer(
          name: player.name, update: update, finite: try pointer(update, ProgramPort.isFinite(player.name)),
          data: DataInputs(update), takesBatch: player.seesData)
      }
      let programs = [turn] + players.map(\.update)
      let inputs = system.hyperparameterInputs.map { input in
        (input: input, places: programs.compactMap { $0.input(input.id).baseAddress })
      }
      self.turn = turn
      self.players = players
      self.inputs = inputs
      turnData = DataInputs(turn)
      turnFinite = try system.players.map { try pointer(turn, ProgramPort.isFinite($0.name)) }
      turnSources = sources(turn)
      playerSources = players.map { sources($0.update) }
      scheduled = inputs.indices.filter { inputs[$0].input.multiplier != nil }
    }
  }

  /// That of the stage under way, where the run grows while it trains.
  private(set) var system: TrainableSystem
  let store: CPUStore
  let backend: CPUBackend
  let dataset: any Dataset
  private(set) var configuration: RunConfiguration
  /// As it was before anything was turned: values of a file may lie outside of the range of the keys.
  private var original: RunConfiguration
  private(set) var counters: TrainingCounters
  /// The metrics of the last step, in the order of `metrics`; NaN until the first.
  private(set) var values: [Float]
  let metrics: [MetricID]

  private let loader: BatchLoader
  private var programs: CompiledPrograms
  private var players: [CompiledPlayer] { programs.players }

  /// - Parameter step: of a growing run: where it goes on.
  init(_ configuration: RunConfiguration, dataset: any Dataset, threads: Int, step: Int = 0) throws {
    self.configuration = configuration
    original = configuration
    self.dataset = dataset
    let system = try TrainableSystem(configuration, of: SampleDescription(dataset), step: step)
    self.system = system
    backend = CPUBackend(threads: threads, precision: Precision(configuration.precision))
    store = try backend.makeCPUStore(seed: configuration.seed)
    loader = BatchLoader(dataset: dataset, seed: configuration.seed, batchSize: system.batchSamples)
    metrics = system.metrics.map(\.id)
    values = Array(repeating: .nan, count: metrics.count)
    programs = try CompiledPrograms(system, metrics: metrics, backend: backend, store: store)
    counters = TrainingCounters(updates: system.players.map { _ in 0 }, sinceLast: 0, batches: 0)
    applyHyperparameters()
  }

  var step: Int { counters.step }

  // MARK: Hyperparameters

  /// Sets a live hyperparameter and returns the value in force; nil when the run has none of that name.
  func set(_ id: String, to value: Double) -> Double? {
    let accepted = configuration.setHyperparameter(id, to: value)
    applyHyperparameters()
    return accepted
  }

  /// Changes the steps of the whole run, which rate schedules go by.
  func setTotalSteps(_ steps: Int) {
    configuration.schedule.steps = steps
    original.schedule.steps = steps
    applyHyperparameters()
  }

  /// Puts a checkpoint of the same configuration back: variables, counters and live hyperparameters, and the networks of
  /// its step's stage where the run grows.
  ///
  /// - Parameter path: how messages name the checkpoint.
  /// - Throws: `CheckpointError` when a variable is missing or of another shape; no variable is changed then.
  func restore(_ checkpoint: Checkpoint, path: String) throws {
    guard checkpoint.counters.updates.count == counters.updates.count else {
      throw CheckpointError.malformedField(path: path, field: "counters")
    }
    counters = checkpoint.counters
    configuration = configuration(of: checkpoint)
    _ = try grow()
    try checkpoint.fill(store, system.variables, path: path)
    applyHyperparameters()
  }

  /// The configuration with the live hyperparameters of a checkpoint.
  func configuration(of checkpoint: Checkpoint) -> RunConfiguration {
    var configuration = original
    configuration.take(checkpoint.hyperparameters)
    return configuration
  }

  /// The system of a step: another than the session's only where the run grows.
  func system(at step: Int, _ configuration: RunConfiguration) throws -> TrainableSystem {
    guard let stage = system.stage,
      try TrainableSystem.growthStage(configuration, sample: sampleShape(dataset), step: step) != stage
    else { return system }
    return try TrainableSystem(configuration, of: SampleDescription(dataset), step: step)
  }

  private func applyHyperparameters() { for index in programs.inputs.indices { applyHyperparameter(index) } }

  private func applyHyperparameter(_ index: Int) {
    let (input, places) = programs.inputs[index]
    guard !places.isEmpty, let value = input.value(configuration, step: step) else { return }
    for place in places { place.pointee = Float(value) }
  }

  // MARK: Growth

  /// Goes over to the networks of the step's stage, where it has others than the step before: called between two steps.
  ///
  /// Variables that were there keep their values, new ones start from seed and name. At a new resolution the optimizers
  /// start anew, as in the authors' code: Adam's correction counts steps of all weights together, and would give the new
  /// ones first steps of 1/√(1 − β₂) times the rate.
  ///
  /// - Returns: the new stage; nil where nothing changes.
  func grow() throws -> GrowthStage? {
    let sample = sampleShape(dataset)
    guard let old = system.stage,
      let stage = try TrainableSystem.growthStage(configuration, sample: sample, step: step), stage != old
    else { return nil }
    let grown = try TrainableSystem(configuration, of: SampleDescription(dataset), step: step)
    programs = try CompiledPrograms(grown, metrics: metrics, backend: backend, store: store)
    system = grown
    if stage.resolution != old.resolution {
      for variable in grown.optimizerVariables {
        try store.setValues(variable.initial(configuration.seed), of: variable.name)
      }
    }
    applyHyperparameters()
    return stage
  }

  // MARK: Steps

  /// One turn: every update of the first player, then one of the last.
  func takeTurn() throws -> Outcome {
    for index in programs.scheduled { applyHyperparameter(index) }
    let repeats = configuration.discriminatorSteps(at: step)
    for _ in 1..<repeats {
      let outcome = try updateFirst()
      if outcome != .done { return outcome }
    }
    try draw(into: programs.turnData)
    programs.turn.run(counter: counters.updates[players.count - 1], substep: counters.sinceLast)
    for (index, source) in programs.turnSources { values[index] = source.pointee }
    counters.batches += 1
    counters.updates[0] += 1
    counters.sinceLast += 1
    for (player, finite) in zip(players, programs.turnFinite) where finite.pointee == 0 {
      return .notFinite(player: player.name)
    }
    finishTurn()
    return .done
  }

  /// A turn's part of one player.
  func take(_ player: String) throws -> Outcome {
    for index in programs.scheduled { applyHyperparameter(index) }
    if player == players[0].name {
      for _ in 0..<configuration.discriminatorSteps(at: step) {
        let outcome = try updateFirst()
        if outcome != .done { return outcome }
      }
      return .done
    }
    let last = players.count - 1
    let program = players[last]
    // The last player meets the noise and the data of the first one's last update, as in a whole turn.
    if program.takesBatch { try draw(into: program.data, index: counters.batches > 0 ? counters.batches - 1 : 0) }
    program.update.run(counter: counters.updates[last], substep: counters.sinceLast > 0 ? counters.sinceLast - 1 : 0)
    for (index, source) in programs.playerSources[last] { values[index] = source.pointee }
    if program.finite.pointee == 0 { return .notFinite(player: program.name) }
    finishTurn()
    return .done
  }

  private func updateFirst() throws -> Outcome {
    let player = players[0]
    try draw(into: player.data)
    player.update.run(counter: counters.updates[players.count - 1], substep: counters.sinceLast)
    for (index, source) in programs.playerSources[0] { values[index] = source.pointee }
    counters.batches += 1
    counters.updates[0] += 1
    counters.sinceLast += 1
    return player.finite.pointee == 0 ? .notFinite(player: player.name) : .done
  }

  private func finishTurn() {
    counters.updates[players.count - 1] += 1
    counters.sinceLast = 0
  }

  private func draw(into data: DataInputs, index: UInt64? = nil) throws {
    guard !data.samples.isEmpty || !data.sources.isEmpty || !data.classes.isEmpty else { return }
    let classes = system.latents.classes ?? 0
    try loader.next(index ?? counters.batches) { batch in
      if let target = data.samples.baseAddress, let source = batch.samples.baseAddress {
        target.update(from: source, count: min(data.samples.count, batch.samples.count))
      }
      if let target = data.sources.baseAddress, let sources = batch.sources, let source = sources.baseAddress {
        target.update(from: source, count: min(data.sources.count, sources.count))
      }
      if let labels = batch.labels { writeOneHot(labels, classes: classes, into: data.classes) }
    }
  }

  /// Names the parameters whose gradients are not finite, by running the step's gradients again with the same counters.
  func diagnose(_ player: String) throws -> [String] {
    guard let index = players.firstIndex(where: { $0.name == player }) else { return [] }
    let program = try backend.compile(system.players[index].diagnosis, store: store)
    program.setInputs(system.inputValues(configuration, step: step))
    if counters.batches > 0 { try draw(into: DataInputs(program), index: counters.batches - 1) }
    program.run(
      counter: counters.updates[players.count - 1], substep: counters.sinceLast > 0 ? counters.sinceLast - 1 : 0)
    return try program.program.outputs.map(\.name).filter { name in
      try program.outputElements(name).contains { !$0.isFinite }
    }
  }

  func stop() { loader.stop() }
}

extension CPUProgram {
  /// Sets those of the scalars that the program reads.
  func setInputs(_ values: [String: Double]) {
    for (name, value) in values { input(name).baseAddress?.pointee = Float(value) }
  }
}

extension Precision {
  init(_ kind: PrecisionKind) {
    switch kind {
    case .f32: self = .f32
    case .bf16: self = .bf16
    }
  }
}
