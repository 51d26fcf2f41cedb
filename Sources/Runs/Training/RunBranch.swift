import Datasets
import Execution
import Foundation
import Models
import Optimizers
import Telemetry
import Tensors

/// A run that begins with a moment of another: a folder of its own, with the parent's name and step in it.
///
/// Weights, moments of the optimizers and counters are the parent's. What the changed configuration has and the parent
/// had not, such as the state of another optimizer, begins anew, an average at the weights; all networks must be the
/// parent's.
public struct RunBranch: Sendable {
  public let configuration: RunConfiguration
  public let folder: RunFolder
  public let lock: RunLock
  public let origin: BranchOrigin
  /// What a person should know of the changes.
  public let warnings: [ConfigurationWarning]

  /// Branches off a checkpoint on the disk.
  ///
  /// - Parameters:
  ///   - step: the newest checkpoint at or before it is taken; nil for the newest of all.
  ///   - changes: `key=value` each, over the parent's configuration with the live hyperparameters of that step.
  ///   - name: of the new run; nil for the parent's name and the step.
  /// - Throws: `RunStoreError`, `ConfigurationError`, `CheckpointError`, `TrainerError`; no folder is left then.
  public init(
    of parent: RunFolder, at step: Int?, changes: [String] = [], name: String? = nil, in store: RunStore
  ) throws {
    let loaded = try parent.newestCheckpoint(atMost: step)
    try self.init(
      from: try Checkpoint(loaded.file, path: loaded.path), path: loaded.path, of: parent, changes: changes, name: name,
      in: store, opened: nil)
  }

  /// Branches off a checkpoint of a run that is being trained, into the same folder of runs.
  init(from checkpoint: Checkpoint, of parent: RunFolder, changes: [String], opened: TrainingSession) throws {
    let store = RunStore(
      option: URL(fileURLWithPath: parent.path).deletingLastPathComponent().path, environment: [:])
    try self.init(
      from: checkpoint, path: parent.checkpointPath(step: checkpoint.step), of: parent, changes: changes, name: nil,
      in: store, opened: (opened.configuration.data, opened.dataset))
  }

  private init(
    from checkpoint: Checkpoint, path: String, of parent: RunFolder, changes: [String], name: String?,
    in store: RunStore, opened: (data: DataConfiguration, dataset: any Dataset)?
  ) throws {
    var base = try parent.configuration(on: .current)
    base.take(checkpoint.hyperparameters)
    base.name = Self.name(of: parent.name, at: checkpoint.step)
    var overrides = try changes.map { try ConfigurationOverride($0) }
    if let name { overrides.append(ConfigurationOverride(key: "name", value: name, option: "--name")) }
    let resolved = try ConfigurationLoader(
      text: ConfigurationText(text: base.yaml, file: parent.configurationPath),
      pathBase: PathBase(file: parent.path, commandLine: FileManager.default.currentDirectoryPath),
      overrides: overrides
    ).load()
    configuration = resolved.configuration
    warnings = resolved.warnings
    guard checkpoint.step < configuration.schedule.steps else {
      throw TrainerError.branchHasNoSteps(step: checkpoint.step, steps: configuration.schedule.steps)
    }
    origin = BranchOrigin(run: parent.name, path: parent.path, step: checkpoint.step, changes: changes)
    let dataset =
      try opened.flatMap { $0.data == resolved.configuration.data ? $0.dataset : nil }
      ?? DatasetFactory.dataset(configuration.data)
    let first = try checkpoint.adapted(to: configuration, dataset: dataset, path: path)
    (folder, lock) = try store.create(configuration)
    do {
      try folder.begin(with: first, origin: origin)
    } catch {
      try? FileManager.default.removeItem(atPath: folder.path)
      throw error
    }
  }

  /// `ring8-at-4000`, of branches of branches too; a long name is cut.
  static func name(of parent: String, at step: Int) -> String {
    let ending = "-at-\(step)"
    let root = parent.replacing(/(-at-[0-9]+(-[0-9]+)?)+$/, with: "")
    return String(root.prefix(64 - ending.count)) + ending
  }
}

extension Checkpoint {
  /// The state with which a run of another configuration goes on.
  ///
  /// - Throws: `CheckpointError` where a network's weights are missing or of another shape.
  func adapted(to configuration: RunConfiguration, dataset: any Dataset, path: String) throws -> Checkpoint {
    let system = try TrainableSystem(configuration, of: SampleDescription(dataset), step: step)
    guard system.players.count == counters.updates.count else { throw TrainerError.branchPlayers }
    let learned = Set(system.players.flatMap { $0.parameters.map(\.name) })
    var result = self
    result.tensors = [:]
    for variable in system.variables {
      let shape = variable.shape.dimensions
      // A new average begins at the parent's weights, not at those of a run's beginning.
      let averaged = WeightAverage.parameter(averagedIn: variable.name)
      if let tensor = tensors[variable.name] ?? averaged.flatMap({ tensors[$0] }) {
        guard tensor.shape == shape else {
          throw CheckpointError.wrongShape(path: path, name: variable.name, expected: shape, found: tensor.shape)
        }
        result.tensors[variable.name] = tensor
      } else {
        guard !learned.contains(variable.name) else {
          throw CheckpointError.missingTensor(path: path, name: variable.name)
        }
        let values = variable.initial(configuration.seed).map { Float($0) }
        result.tensors[variable.name] = StoredTensor(values, shape: shape)
      }
    }
    result.hyperparameters = Dictionary(
      HyperparameterSpecification.hyperparameters(of: configuration).map { ($0.id, $0.value) }
    ) { first, _ in first }
    result.threads = configuration.threads ?? threads
    result.instructionSet = CPUBackend.instructionSet
    result.precision = configuration.precision
    result.seed = configuration.seed
    result.ledger = 0
    result.totalSteps = configuration.schedule.steps
    result.normalization = Self.normalization(of: dataset)
    return result
  }
}

extension RunFolder {
  /// What a branch began with, kept for as long as the run: a replay starts here.
  var startPath: String { path + "/start.safetensors" }
  var branchPath: String { path + "/branch.json" }

  /// Where the run came from; nil for one that began at its first step.
  public func branchOrigin() -> BranchOrigin? {
    guard let data = FileManager.default.contents(atPath: branchPath) else { return nil }
    return try? JSONDecoder().decode(BranchOrigin.self, from: data)
  }

  /// The state that a branch began with; nil for a run that began at its first step.
  func start() throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: startPath) else { return nil }
    return try Checkpoint(try Safetensors(contentsOf: startPath), path: startPath)
  }

  fileprivate func begin(with first: Checkpoint, origin: BranchOrigin) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.replace(branchPath, with: try encoder.encode(origin))
    let file = try first.file()
    let checkpoint = try writeCheckpoint(file, step: first.step)
    // The same bytes under two names; file systems without links get them twice.
    if link(checkpoint, startPath) != 0 { try file.write(to: startPath) }
  }
}
