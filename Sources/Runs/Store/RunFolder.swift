import Foundation
import Models

/// A run on the disk: a folder with its configuration, journal, checkpoints and samples.
///
///     configuration.yaml   the resolved configuration
///     journal.sqlite       metrics, what happened, what changed the bits: one writer, any number of readers
///     checkpoints/         step-00001000.safetensors
///     samples/             step-00001000.png
///     events.out.tfevents. one for each session, for TensorBoard
///     lock                 held by the process that trains
public struct RunFolder: Sendable, Equatable {
  /// The folder's name, by which commands name the run.
  public var name: String
  /// Absolute.
  public var path: String

  public var configurationPath: String { path + "/configuration.yaml" }
  public var journalPath: String { path + "/journal.sqlite" }
  public var checkpointsPath: String { path + "/checkpoints" }
  public var samplesPath: String { path + "/samples" }

  /// A folder that may be a run's.
  public init(path: String) {
    self.path = path
    name = URL(fileURLWithPath: path).lastPathComponent
  }

  /// The configuration to look at, or to train on a processor.
  /// - Throws: `ConfigurationError`.
  public func configuration(on processor: Processor = .any) throws -> RunConfiguration {
    try RunConfiguration(contentsOf: configurationPath, processor: processor)
  }

  /// The configuration to go on with on this processor, with another number of steps where one is given; that number is
  /// kept.
  /// - Throws: `ConfigurationError`, `RunStoreError.writeFailed`, `RunStoreError.fewerSteps` where more are done.
  public func configuration(steps: Int?) throws -> RunConfiguration {
    var configuration = try configuration(on: .current)
    if let steps, steps != configuration.schedule.steps {
      if let done = checkpointSteps().last, done > steps {
        throw RunStoreError.fewerSteps(run: name, steps: steps, done: done)
      }
      configuration.schedule.steps = steps
      try writeConfiguration(configuration)
    }
    return configuration
  }

  /// - Throws: `RunStoreError.writeFailed`.
  public func writeConfiguration(_ configuration: RunConfiguration) throws(RunStoreError) {
    try DurableFile.replace(configurationPath, with: [Array(configuration.yaml.utf8)])
  }

  /// The journal to read, also while the run trains.
  /// - Throws: `RunStoreError.readFailed`, with ENOENT where there is none; `RunStoreError.journalDamaged`.
  public func openReader() throws(RunStoreError) -> JournalReader { try JournalReader(path: journalPath) }

  /// The journal to write; the lock must be held.
  /// - Throws: `RunStoreError.writeFailed`.
  public func openJournal() throws(RunStoreError) -> JournalWriter { try JournalWriter(path: journalPath) }

  /// Takes the right to train the run, and sweeps up what a killed process left half written.
  /// - Throws: `RunStoreError.locked`, `RunStoreError.writeFailed`.
  public func lock() throws(RunStoreError) -> RunLock {
    let lock = try RunLock(folder: path, run: name)
    for folder in [path, checkpointsPath, samplesPath] {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where file.hasSuffix(".partial")
      {
        unlink(folder + "/" + file)
      }
    }
    return lock
  }

  /// Deletes the folder of a run that could not begin, such as one without its data; its lock must be held.
  /// - Returns: whether there was nothing in it that could be lost.
  @discardableResult
  public func removeIfUntrained() -> Bool {
    guard checkpointSteps().isEmpty else { return false }
    unlink(configurationPath)
    try? FileManager.default.removeItem(atPath: path)
    return true
  }

  /// A path for a picture of a step that no file has yet.
  public func samplePath(step: Int) -> String {
    let stem = samplesPath + "/" + Self.stem(step)
    var path = stem + ".png"
    var number = 2
    while FileManager.default.fileExists(atPath: path) {
      path = "\(stem)-\(number).png"
      number += 1
    }
    return path
  }

  /// Puts a file into the run's folder as a whole, such as a picture.
  /// - Parameter path: an absolute path, as `samplePath` gives it.
  /// - Throws: `RunStoreError.writeFailed`.
  public func write(_ data: Data, to path: String) throws(RunStoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if mkdir(folder, 0o755) != 0, errno != EEXIST { throw .writeFailed(path: folder, errno: errno) }
    try DurableFile.replace(path, with: data)
  }

  /// `step-00001000`.
  static func stem(_ step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
