import Foundation

/// A checkpoint that could not be read, and why.
public struct SkippedCheckpoint: Sendable, Equatable, CustomStringConvertible {
  public var step: Int
  public var error: SafetensorsError
  /// A sentence for the log.
  public var description: String { "the checkpoint of step \(step) was skipped: \(error)" }
}

/// A checkpoint with the damaged ones that were passed over on the way to it.
public struct LoadedCheckpoint: Sendable, Equatable {
  public var step: Int
  public var path: String
  public var file: Safetensors
  public var skipped: [SkippedCheckpoint]
}

extension RunFolder {
  /// The path of the checkpoint of a step.
  public func checkpointPath(step: Int) -> String { "\(checkpointsPath)/\(Self.stem(step)).safetensors" }

  /// The steps that have a checkpoint, ascending.
  public func checkpointSteps() -> [Int] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: checkpointsPath)) ?? []
    return files.compactMap { file in
      guard file.hasPrefix("step-"), file.hasSuffix(".safetensors") else { return nil }
      let digits = file.dropFirst("step-".count).dropLast(".safetensors".count)
      guard digits.count >= 8, let step = Int(digits), step >= 0, Self.stem(step) == "step-" + digits else {
        return nil
      }
      return step
    }.sorted()
  }

  /// Writes a checkpoint as a whole.
  /// - Returns: its path.
  /// - Throws: `RunStoreError.writeFailed`; no checkpoint is lost then.
  @discardableResult
  func writeCheckpoint(_ file: Safetensors, step: Int, isDurable: Bool = true) throws(RunStoreError) -> String {
    if mkdir(checkpointsPath, 0o755) != 0, errno != EEXIST {
      throw .writeFailed(path: checkpointsPath, errno: errno)
    }
    let path = checkpointPath(step: step)
    try file.write(to: path, isDurable: isDurable)
    return path
  }

  /// Deletes a checkpoint; one file too many does no harm.
  func removeCheckpoint(step: Int) { unlink(checkpointPath(step: step)) }

  /// Which checkpoints go: of those beyond the newest `keep`, each doubling of the age keeps every second one.
  ///
  /// A checkpoint of step s = interval * 2^level * odd survives to an age of keep * 2^level intervals, so that a run of n
  /// checkpoints keeps about keep * (1 + log2(n / keep) / 2), the newest dense and the oldest sparse.
  static func thinned(_ steps: [Int], keep: Int, interval: Int) -> [Int] {
    guard let newest = steps.last, interval > 0, keep > 0 else { return [] }
    return steps.dropLast(keep).filter { step in
      let age = Double(newest - step) / Double(interval)
      let index = step.isMultiple(of: interval) ? step / interval : 1
      let level = index == 0 ? 62 : index.trailingZeroBitCount
      return age >= Double(keep) * Double(1 << min(level, 62))
    }
  }

  /// The newest checkpoint that can be read.
  ///
  /// - Parameter limit: no later step than this; nil for any.
  /// - Throws: `RunStoreError.noCheckpoint` where none can be read, `.unknownStep` where all are later.
  public func newestCheckpoint(atMost limit: Int? = nil) throws(RunStoreError) -> LoadedCheckpoint {
    let all = checkpointSteps()
    if let limit, let first = all.first, first > limit {
      throw .unknownStep(run: name, step: limit, available: all)
    }
    var skipped: [SkippedCheckpoint] = []
    for step in all.reversed() where limit.map({ step <= $0 }) ?? true {
      let path = checkpointPath(step: step)
      do {
        return LoadedCheckpoint(step: step, path: path, file: try Safetensors(contentsOf: path), skipped: skipped)
      } catch {
        skipped.append(SkippedCheckpoint(step: step, error: error))
      }
    }
    throw .noCheckpoint(run: name, skipped: skipped.count)
  }

  /// The checkpoint of one step.
  /// - Throws: `RunStoreError.unknownStep`, `SafetensorsError`.
  public func checkpoint(step: Int) throws -> LoadedCheckpoint {
    let steps = checkpointSteps()
    guard steps.contains(step) else {
      throw RunStoreError.unknownStep(run: name, step: step, available: steps)
    }
    let path = checkpointPath(step: step)
    return LoadedCheckpoint(step: step, path: path, file: try Safetensors(contentsOf: path), skipped: [])
  }
}
