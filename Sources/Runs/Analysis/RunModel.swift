import Datasets
import Execution
import Models
import Tensors

/// A run's networks at one step, ready for programs that differentiate through them. It belongs to one thread.
///
/// In f32 whatever the training's precision.
public final class RunModel {
  public let configuration: RunConfiguration
  public let dataset: any Dataset
  /// The step whose weights these are.
  public let step: Int
  /// The networks and losses, to be called inside `trace { }`.
  public let functions: AdversarialFunctions
  let store: CPUStore
  let backend: CPUBackend
  let latents: LatentLayout
  private let hyperparameters: [String: Double]
  /// Whose weights programs get copies of when they are compiled; nil where the store's own are the run's.
  private let weights: CPUStore?

  /// A checkpoint of a run.
  ///
  /// - Parameter limit: the newest checkpoint at or before this step is taken; nil for the newest of all.
  /// - Throws: `RunStoreError`, `SafetensorsError`, `CheckpointError`, `ConfigurationError`, `DatasetError`.
  public convenience init(_ folder: RunFolder, at limit: Int? = nil, threads: Int = 1) throws {
    let loaded = try folder.newestCheckpoint(atMost: limit)
    let checkpoint = try Checkpoint(loaded.file, path: loaded.path)
    try self.init(try folder.configuration(), threads: threads, step: checkpoint.step) { session in
      try session.restore(checkpoint, path: loaded.path)
    }
  }

  /// A configuration after some steps of training, nothing of which is kept.
  ///
  /// - Throws: `DatasetError`, `AnalysisError.notFinite` where training fails, what the engine throws.
  public convenience init(_ configuration: RunConfiguration, steps: Int, threads: Int = 1) throws {
    try self.init(configuration, threads: threads) { session in
      for step in 0..<max(0, steps) {
        if case .notFinite(let player) = try session.takeTurn() {
          throw AnalysisError.notFinite(player: player, step: step)
        }
        _ = try session.grow()
      }
    }
  }

  private init(
    _ given: RunConfiguration, threads: Int, step start: Int = 0, preparing: (TrainingSession) throws -> Void
  ) throws {
    var given = given
    guard given.model.kind == .gan else { throw SystemError.otherModel(given.model.kind, wanted: .gan) }
    given.precision = .f32
    CPUProgram.prepareThread(threads: max(1, threads))
    dataset = try DatasetFactory.dataset(given.data)
    let session = try TrainingSession(given, dataset: dataset, threads: threads, step: start)
    try preparing(session)
    configuration = session.configuration
    step = session.step
    store = session.store
    backend = CPUBackend(threads: threads)
    latents = session.system.latents
    hyperparameters = session.system.inputValues(configuration, step: step)
    weights = nil
    functions = try AdversarialFunctions(
      configuration, sample: sampleShape(dataset), classes: dataset.classCount, step: step)
  }

  /// The networks that somebody else looks at, whose store stays as it is.
  ///
  /// - Parameter inputs: the scalar inputs of the networks' programs.
  init(
    _ system: TrainableSystem, functions: AdversarialFunctions, dataset: any Dataset, configuration: RunConfiguration,
    step: Int, inputs: [String: Double], weights: CPUStore
  ) throws {
    self.configuration = configuration
    self.dataset = dataset
    self.step = step
    self.functions = functions
    self.weights = weights
    backend = CPUBackend()
    store = try backend.makeCPUStore(seed: configuration.seed)
    latents = system.latents
    hyperparameters = inputs
  }

  /// The value of a hyperparameter at the step, its schedule applied; nil for one that the run does not have.
  public func hyperparameter(_ id: String) -> Double? { hyperparameters[id] }

  /// Compiles what `body` traces on the run's weights, its hyperparameters set.
  func compile(_ body: () throws -> Program) throws -> CPUProgram {
    let program = try trace(body)
    try program.verify()
    let compiled = try backend.compile(program, store: store)
    if let weights { store.copyValues(from: weights) }
    for (id, value) in hyperparameters where !compiled.input(id).isEmpty { compiled.input(id)[0] = Float(value) }
    return compiled
  }

  /// G(z) of latents `[count, latents]`, `[count] + sample`, in the networks' units.
  ///
  /// - Parameter classes: of each sample, where the networks are told classes.
  func samples(of z: [Float], classes: [Int32] = []) throws -> [Float] {
    let count = latents.count > 0 ? z.count / latents.count : 0
    guard count > 0 else { return [] }
    let program = try compile {
      var program = Program(name: "samples")
      program.output(ProgramPort.samples, functions.samples(of: latentInput(count), classes: classInput(count)))
      return program
    }
    program.fill(ProgramPort.latents, z)
    writeOneHot(classes, classes: functions.classes ?? 0, into: program.input(ProgramPort.classes))
    program.run(counter: 0, substep: 0)
    return Array(try program.outputElements(ProgramPort.samples))
  }

  func latentInput(_ count: Int) -> Tensor { Input(name: ProgramPort.latents, shape: [count, latents.count]).value }

  func classInput(_ count: Int) -> Tensor? {
    functions.classes.map { Input(name: ProgramPort.classes, shape: [count, $0]).value }
  }

  /// Latents as a sampler draws them, `[count, latents]`.
  func drawLatents(count: Int, seed: UInt64, stream: String) -> [Float] {
    var values = [Float](repeating: 0, count: count * latents.count)
    values.withUnsafeMutableBufferPointer {
      LatentDrawer(latents, seed: seed, stream: stream).fill($0, firstSample: 0, counter: 0)
    }
    return values
  }

  /// The class of sample i where classes take turns; empty where the networks are told none.
  func drawClasses(count: Int, first: Int = 0) -> [Int32] {
    functions.classes.map { classes in (0..<count).map { Int32((first + $0) % classes) } } ?? []
  }
}

extension CPUProgram {
  /// Writes the values that an input has room for.
  func fill(_ name: String, _ values: some Sequence<Float>) {
    let input = input(name)
    for (index, value) in zip(input.indices, values) { input[index] = value }
  }
}

/// Why a run cannot be analysed so.
public enum AnalysisError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case notFinite(player: String, step: Int)
  case tooManyParameters(found: Int, limit: Int)
  case noLatents
  case notImages(data: String)
  case unknownClass(Int, classes: Int)
  case noLabels(data: String)
  case oneSided(normal: Int, found: Int, what: String)
  case badIndex(Int, count: Int)

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .notFinite(let player, let step): "the \(player)'s gradient is not finite after \(step) steps"
    case .tooManyParameters(let found, let limit):
      "the game has \(found) parameters; a basis of as many coordinates is kept for games of up to \(limit)"
    case .noLatents: "the generator has no latents to move"
    case .notImages(let data): "\(data) data are no images, and this looks at images"
    case .unknownClass(let found, let classes): "there is no class \(found): classes are 0 to \(classes - 1)"
    case .noLabels(let data): "\(data) data have no labels, so nobody knows which samples are normal"
    case .oneSided(let normal, let found, let what):
      "the test set has \(found) \(what) samples where class \(normal) is normal; both kinds are needed"
    case .badIndex(let index, let count): "there is no sample \(index): the test set has 0 to \(count - 1)"
    }
  }
}
