import Datasets
import Execution
import Foundation
import Models
import Tensors

/// The judges of labelled data: each trained once, kept as safetensors in the cache, shared by all runs and measures.
///
/// In `$XDG_CACHE_HOME/gantui/judges`, else `~/.cache/gantui/judges`.
public struct JudgeStore: Sendable {
  /// Passes over the training data.
  private let epochs: Int
  static let seed: UInt64 = 1
  static let format = "gantui judge 2"

  public let folder: String

  public init(folder: String? = nil) { self.init(folder: folder, epochs: 6) }

  init(folder: String?, epochs: Int) {
    self.epochs = epochs
    self.folder = folder ?? URL(fileURLWithPath: DataCache.folder).deletingLastPathComponent().path + "/judges"
  }

  /// How well a judge does on data that it has not seen.
  public struct Report: Sendable {
    /// The share of the test set's labels that it gets right.
    public var accuracy: Double
    public var path: String
    public var wasTrained: Bool
  }

  /// The file of a dataset's judge.
  func path(_ dataset: any Dataset) -> String {
    let shape = dataset.shape.axes.map(String.init).joined(separator: "x")
    return "\(folder)/\(dataset.name)-\(shape)\(fingerprint(dataset)).safetensors"
  }

  /// What tells data of one's own apart, whose names are those of their kinds: a hash of the first samples.
  private func fingerprint(_ dataset: any Dataset) -> String {
    guard !["mnist", "fashion-mnist", "digits"].contains(dataset.name), let indexed = dataset as? any IndexedDataset,
      let first = try? indexed.samples(of: .training, in: 0..<64)
    else { return "" }
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func take(_ word: UInt32) { hash = (hash ^ UInt64(word)) &* 0x100_0000_01b3 }
    for value in first.values { take(value.bitPattern) }
    for label in first.labels ?? [] { take(UInt32(bitPattern: label)) }
    return "-" + String(hash, radix: 16)
  }

  /// The data that a judge learns: all of it, whatever part a run takes.
  private func whole(_ dataset: any Dataset) -> any Dataset { (dataset as? DatasetSubset)?.base ?? dataset }

  /// Whether the dataset's judge is there already.
  public func has(_ dataset: any Dataset) -> Bool {
    dataset.shape.isImage && dataset.classCount != nil
      && FileManager.default.fileExists(atPath: path(whole(dataset)))
  }

  /// The judge of a dataset where it is there already; nil where it would have to be trained, or cannot be.
  ///
  /// - Throws: errors of files.
  func cached(of dataset: any Dataset, threads: Int) throws -> Classifier? {
    let dataset = whole(dataset)
    guard dataset.shape.isImage, let classes = dataset.classCount, dataset.count != nil, has(dataset) else {
      return nil
    }
    let classifier = try Classifier(
      sample: Shape(dataset.shape.axes), classes: classes, seed: Self.seed, threads: threads)
    return try load(classifier, from: path(dataset)).map { _ in classifier }
  }

  /// The judge of a dataset: from the cache, else trained now.
  ///
  /// - Parameter progress: is told step, number of steps and loss while it trains.
  /// - Throws: `JudgeError` for data without labels or that are no images; errors of files.
  public func judge(
    of dataset: any Dataset, threads: Int, progress: (Int, Int, Double) -> Void = { _, _, _ in }
  ) throws -> (classifier: Classifier, report: Report) {
    let dataset = whole(dataset)
    guard dataset.shape.isImage else { throw JudgeError.notImages(data: dataset.name) }
    guard let classes = dataset.classCount, let count = dataset.count else {
      throw JudgeError.noLabels(data: dataset.name)
    }
    let classifier = try Classifier(
      sample: Shape(dataset.shape.axes), classes: classes, seed: Self.seed, threads: threads)
    let path = path(dataset)
    if FileManager.default.fileExists(atPath: path), let report = try load(classifier, from: path) {
      return (classifier, report)
    }
    let steps = max(1, epochs * count / Classifier.batch)
    try classifier.train(steps: steps) { step, samples, labels in
      try dataset.fill(
        BatchRequest(seed: Self.seed, batch: UInt64(step), size: Classifier.batch), into: samples, labels: labels)
      shift(samples, shape: dataset.shape, step: step)
    } progress: {
      progress($0, steps, $1)
    }
    let test = try dataset.evaluationSamples(count: 10_000, seed: Self.seed)
    let accuracy = try classifier.accuracy(on: test.values, labels: test.labels ?? [])
    try store(classifier, accuracy: accuracy, at: path)
    return (classifier, Report(accuracy: accuracy, path: path, wasTrained: true))
  }

  /// Moves each image by up to two pixels along each axis, so that the judge does not mind where a shape lies.
  private func shift(_ samples: UnsafeMutableBufferPointer<Float>, shape: SampleShape, step: Int) {
    guard case .image(let channels, let height, let width) = shape, height >= 16 else { return }
    let size = channels * height * width
    let draws = Tensors.Philox(seed: Self.seed, stream: "judge/shift")
    var moved = [Float](repeating: 0, count: size)
    for row in 0..<(samples.count / size) {
      let draw = draws.draw(.uniform, count: 2, sample: row, counter: UInt64(step), substep: 0)
      let (down, right) = (Int(draw[0] * 5) - 2, Int(draw[1] * 5) - 2)
      guard down != 0 || right != 0 else { continue }
      let start = row * size
      for channel in 0..<channels {
        for y in 0..<height {
          for x in 0..<width {
            let (fromY, fromX) = (min(max(y - down, 0), height - 1), min(max(x - right, 0), width - 1))
            moved[(channel * height + y) * width + x] = samples[start + (channel * height + fromY) * width + fromX]
          }
        }
      }
      for index in 0..<size { samples[start + index] = moved[index] }
    }
  }

  /// Nil for a file of another version, which is trained anew.
  private func load(_ classifier: Classifier, from path: String) throws -> Report? {
    let file = try Safetensors(contentsOf: path)
    guard file.metadata["format"] == Self.format, let accuracy = file.metadata["accuracy"].flatMap(Double.init) else {
      return nil
    }
    for variable in classifier.variables {
      let values: [Float] = try file.values(variable.name, shape: variable.shape.dimensions, path: path)
      try classifier.store.setValues(values.map(Double.init), of: variable.name)
    }
    return Report(accuracy: accuracy, path: path, wasTrained: false)
  }

  private func store(_ classifier: Classifier, accuracy: Double, at path: String) throws {
    var tensors: [String: StoredTensor] = [:]
    for variable in classifier.variables {
      tensors[variable.name] = StoredTensor(
        Array(try classifier.store.elements(of: variable.name)), shape: variable.shape.dimensions)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Safetensors(tensors: tensors, metadata: ["format": Self.format, "accuracy": "\(accuracy)"]).write(to: path)
  }
}

/// Why data have no judge.
public enum JudgeError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case notImages(data: String)
  case noLabels(data: String)

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .notImages(let data): "\(data) data are no images, and a judge looks at images"
    case .noLabels(let data): "\(data) data have no labels, and a judge learns from labels"
    }
  }
}
