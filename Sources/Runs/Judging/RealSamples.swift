import Datasets

/// The real samples that generated ones are compared with, in the units of measures: points in the data's own, images in
/// −1...1.
struct RealSamples {
  /// The most samples that a floor is made of.
  static let limit = 60_000
  /// Samples that are read at a time.
  static let block = 2_048
  /// Fresh draws for a floor begin here.
  private static let floorPosition: UInt64 = 1 << 40

  let dataset: any Dataset
  /// The part that is compared with; of endless data there are only fresh draws.
  let split: DatasetSplit

  /// The split of data that have fewer parts falls back to the training samples.
  init(_ dataset: any Dataset, against split: DatasetSplit) {
    self.dataset = dataset
    let hasTest = (dataset as? any IndexedDataset).map { $0.count(of: .test) > 0 } ?? false
    self.split = split == .test && hasTest ? .test : .training
  }

  /// Such as `training samples`.
  var what: String { dataset is any IndexedDataset ? "\(split.rawValue) samples" : "fresh draws of the data" }

  /// What the test split is, or what stands for it.
  var testName: String {
    guard let indexed = dataset as? any IndexedDataset else { return "fresh draws of the data" }
    return indexed.count(of: .test) > 0 ? "test samples" : "training samples, for there is no test split"
  }

  /// At most `count` samples.
  func draw(_ count: Int, seed: UInt64) throws -> SampleSet {
    guard let indexed = dataset as? any IndexedDataset else { return try fresh(count, seed: seed, position: 0) }
    return inDataUnits(try indexed.samples(of: split, count: count, seed: seed))
  }

  /// At most `count` of the test split, or what stands for it.
  func test(_ count: Int, seed: UInt64) throws -> SampleSet {
    inDataUnits(try dataset.evaluationSamples(count: count, seed: seed))
  }

  /// Hands out the samples that a floor is made of in blocks: all training samples, or `2 * count` fresh draws.
  func forEachBlock(count: Int, seed: UInt64, _ body: (SampleSet) throws -> Void) throws {
    let indexed = dataset as? any IndexedDataset
    let total = min(indexed?.count(of: .training) ?? 2 * count, Self.limit)
    for first in stride(from: 0, to: total, by: Self.block) {
      let rows = min(Self.block, total - first)
      if let indexed {
        try body(inDataUnits(try indexed.samples(of: .training, in: first..<first + rows)))
      } else {
        try body(try fresh(rows, seed: seed, position: Self.floorPosition + UInt64(first)))
      }
    }
  }

  private func fresh(_ count: Int, seed: UInt64, position: UInt64) throws -> SampleSet {
    inDataUnits(
      try dataset.samples(BatchRequest(seed: seed, position: position, size: count, stream: .evaluation)))
  }

  private func inDataUnits(_ samples: SampleSet) -> SampleSet {
    guard !dataset.shape.isImage else { return samples }
    var samples = samples
    samples.values = dataset.normalization.inverted(samples.values)
    return samples
  }
}
