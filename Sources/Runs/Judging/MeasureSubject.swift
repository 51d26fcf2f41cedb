import Datasets
import Models

/// Whose samples are measured: a run's, from a checkpoint, or those of a file.
public struct MeasureSubject {
  /// Samples in the units of measures: points in the data's own, images in −1...1.
  struct Samples {
    var count: Int
    var values: [Float]
    /// The classes that were asked for; nil where nothing was.
    var classes: [Int32]?
    /// The categories of InfoGAN's code that were asked for; nil for runs without them.
    var categories: [Int32]?
  }

  let dataset: any Dataset
  let run: RunSampler?
  private let source: [String: MeasureValue]
  private let given: SampleSet?

  /// A run.
  ///
  /// - Parameters:
  ///   - limit: the newest checkpoint at or before this step is taken; nil for the newest of all.
  ///   - truncation: how far its latents may be from 0, or of a style generator ψ; nil for what the run has.
  /// - Throws: `RunStoreError`, `SafetensorsError`, `CheckpointError`, `ConfigurationError`, `DatasetError`,
  ///   `TruncationError`.
  public init(_ folder: RunFolder, at limit: Int? = nil, threads: Int, truncation: Double? = nil) throws {
    let sampler = try RunSampler(folder, at: limit, threads: threads, truncation: truncation)
    run = sampler
    dataset = sampler.dataset
    given = nil
    var source: [String: MeasureValue] = [
      "run": .text(folder.name), "folder": .text(folder.path), "step": .integer(sampler.step),
    ]
    if let truncation { source["truncation"] = .number(truncation) }
    self.source = source
  }

  /// Somebody's samples, to be measured against data.
  ///
  /// - Parameters:
  ///   - file: NPY, as `SampleFile.load` reads it.
  ///   - channelsLast: whether images of four axes are `[n, h, w, c]`.
  ///   - range: what images' values stand for.
  /// - Throws: `DatasetError`.
  public init(
    samples file: String, data: DataConfiguration, channelsLast: Bool = false, range: PixelRange = .automatic
  ) throws {
    let dataset = try DatasetFactory.dataset(data)
    let samples = try SampleFile.load(file, expecting: dataset.shape, channelsLast: channelsLast, range: range)
    self.init(samples, from: file, dataset: dataset)
  }

  init(_ samples: SampleSet, from file: String, dataset: any Dataset) {
    self.dataset = dataset
    run = nil
    given = samples
    source = ["samples": .text(file), "count": .integer(samples.count)]
  }

  /// The step whose samples these are; nil for those of a file.
  public var step: Int? { run?.step }

  /// Classes that its samples can be asked for; nil for none.
  var classes: Int? { run?.system.latents.classes }

  /// Values of its code's categorical element; 0 for none.
  var categories: Int { run?.system.latents.categories ?? 0 }

  /// What it is, for reports.
  var description: [String: MeasureValue] {
    source.merging(["data": .text(dataset.summary)]) { first, _ in first }
  }

  /// At most `count` samples, fewer only where a file has fewer.
  func samples(count: Int, seed: UInt64) throws -> Samples {
    let size = dataset.shape.size
    if let given {
      let rows = min(count, given.count)
      return Samples(count: rows, values: Array(given.values.prefix(rows * size)), classes: nil)
    }
    let values = try run?.samples(count: count, seed: seed) ?? []
    // As `LatentDrawer` has it: classes take turns.
    func turns(_ number: Int) -> [Int32] { (0..<count).map { Int32($0 % max(1, number)) } }
    return Samples(
      count: values.count / size, values: values, classes: classes.map(turns),
      categories: categories > 0 ? turns(categories) : nil)
  }
}
