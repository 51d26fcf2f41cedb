import Datasets
import Execution
import Foundation
import Models
import Telemetry
import Tensors

/// Everything that a run's next step depends on: variables, counters, live hyperparameters, and what decides its bits.
///
/// On disk it is a safetensors file: a tensor for each variable under its name, and metadata for the rest.
public struct Checkpoint: Sendable {
  public var counters: TrainingCounters
  /// Live hyperparameters by id, as they were turned.
  public var hyperparameters: [String: Double]
  /// Seconds of training.
  public var elapsed: Double
  public var threads: Int
  public var instructionSet: String
  /// What its training computed in; the tensors are f32 in either case.
  public var precision: PrecisionKind
  public var seed: UInt64
  /// The number of the newest entry of the run's ledger that it holds; nil in checkpoints of older versions.
  public var ledger: Int?
  /// The steps of the whole run, which rate schedules go by.
  public var totalSteps: Int?
  /// From points as the networks have them to the data's own units, for other programs; nil for images and where both
  /// are the same.
  public var normalization: Normalization?
  public var tensors: [String: StoredTensor]

  public var step: Int { counters.step }

  static let format = "gantui 1"

  /// The state of a session between two steps.
  ///
  /// - Parameters:
  ///   - ledger: the number of the newest entry of the run's ledger.
  ///   - twin: a checkpoint of the same counters, whose tensors are the same too.
  init(_ session: TrainingSession, elapsed: Double, ledger: Int, sharing twin: Checkpoint? = nil) throws {
    self.ledger = ledger
    totalSteps = session.configuration.schedule.steps
    normalization = Self.normalization(of: session.dataset)
    counters = session.counters
    var values: [String: Double] = [:]
    for parameter in HyperparameterSpecification.hyperparameters(of: session.configuration) {
      values[parameter.id] = parameter.value
    }
    hyperparameters = values
    self.elapsed = elapsed
    threads = session.backend.threads
    instructionSet = CPUBackend.instructionSet
    precision = session.configuration.precision
    seed = session.configuration.seed
    if let twin {
      tensors = twin.tensors
      return
    }
    tensors = [:]
    for variable in session.system.variables {
      let elements = try session.store.elements(of: variable.name)
      tensors[variable.name] = StoredTensor(Array(elements), shape: variable.shape.dimensions)
    }
  }

  /// Takes a checkpoint out of a file that was read.
  ///
  /// - Parameter path: how messages name the file.
  /// - Throws: a `CheckpointError` for a file that is not a run's.
  public init(_ file: Safetensors, path: String) throws {
    func field(_ name: String) throws(CheckpointError) -> String {
      guard let value = file.metadata[name] else { throw .missingField(path: path, field: name) }
      return value
    }
    func decoded<T: Decodable>(_ name: String, _ type: T.Type) throws -> T {
      let text = try field(name)
      guard let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
        throw CheckpointError.malformedField(path: path, field: name)
      }
      return value
    }
    let found = try field("format")
    guard found == Self.format else {
      throw CheckpointError.unknownFormat(path: path, found: found, accepted: Self.format)
    }
    counters = try decoded("counters", TrainingCounters.self)
    hyperparameters = try decoded("hyperparameters", [String: Double].self)
    elapsed = try decoded("elapsed", Double.self)
    threads = max(1, try decoded("threads", Int.self))
    seed = try decoded("seed", UInt64.self)
    instructionSet = try field("instruction_set")
    // Older checkpoints have none: there was one precision.
    guard let precision = PrecisionKind(rawValue: file.metadata["precision"] ?? PrecisionKind.f32.rawValue) else {
      throw CheckpointError.malformedField(path: path, field: "precision")
    }
    self.precision = precision
    ledger = file.metadata["ledger"].flatMap { Int($0) }.flatMap { (0...(1 << 50)).contains($0) ? $0 : nil }
    totalSteps = file.metadata["total_steps"].flatMap { Int($0) }
    normalization = file.metadata["normalization"]
      .flatMap { try? JSONDecoder().decode(Normalization.self, from: Data($0.utf8)) }
    tensors = file.tensors
  }

  static func normalization(of dataset: any Dataset) -> Normalization? {
    dataset.shape.isImage || dataset.normalization.isIdentity ? nil : dataset.normalization
  }

  func file() throws -> Safetensors {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var metadata = [
      "format": Self.format, "counters": try text(counters), "hyperparameters": try text(hyperparameters),
      "elapsed": try text(elapsed), "threads": try text(threads), "seed": try text(seed),
      "instruction_set": instructionSet, "precision": precision.rawValue, "step": "\(step)",
    ]
    metadata["ledger"] = ledger.map(String.init)
    metadata["total_steps"] = totalSteps.map(String.init)
    metadata["normalization"] = try normalization.map(text)
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// Puts the values of variables into a store that has them.
  ///
  /// - Throws: `CheckpointError` when one is missing or of another shape; nothing is changed then.
  func fill(_ store: CPUStore, _ variables: [Variable], path: String) throws {
    let values = try variables.map { variable in
      guard let tensor = tensors[variable.name] else {
        throw CheckpointError.missingTensor(path: path, name: variable.name)
      }
      guard tensor.shape == variable.shape.dimensions, let elements = tensor.values(of: Float.self) else {
        throw CheckpointError.wrongShape(
          path: path, name: variable.name, expected: variable.shape.dimensions, found: tensor.shape)
      }
      return (variable.name, elements)
    }
    for (name, elements) in values {
      let target = try store.elements(of: name)
      for index in target.indices { target[index] = elements[index] }
    }
  }
}

extension RunConfiguration {
  /// Takes the live hyperparameters of a checkpoint: what a person turned. Values of the configuration itself may lie
  /// outside of the range of the keys.
  mutating func take(_ hyperparameters: [String: Double]) {
    for (id, value) in hyperparameters where hyperparameter(id) != value { setHyperparameter(id, to: value) }
  }
}

/// Why a file is not a checkpoint that a run can go on from.
public enum CheckpointError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case missingField(path: String, field: String)
  case malformedField(path: String, field: String)
  case unknownFormat(path: String, found: String, accepted: String)
  case missingTensor(path: String, name: String)
  case wrongShape(path: String, name: String, expected: [Int], found: [Int])

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .missingField(let path, let field): "\(path): not a checkpoint of a run: its metadata has no \(field)"
    case .malformedField(let path, let field): "\(path): the metadata's \(field) cannot be read"
    case .unknownFormat(let path, let found, let accepted):
      "\(path): format \"\(found)\" is not known; \"\(accepted)\" is accepted"
    case .missingTensor(let path, let name):
      "\(path): the checkpoint has no tensor \(name), which the configuration asks for"
    case .wrongShape(let path, let name, let expected, let found):
      "\(path): tensor \(name) has shape \(found) where the configuration asks for \(expected)"
    }
  }
}
