/// Images in pairs, to learn a translation from: each sample is a source and a target.
///
/// As a `Dataset` it is its targets, which are what a generator makes: `shape`, `fill` without sources and
/// `evaluationSamples` are of the targets alone, and `count` is theirs.
public protocol PairedDataset: Dataset {
  /// The shape of a source, `[channels, height, width]`; `shape` is that of a target.
  var sourceShape: SampleShape { get }
  /// Whether batches hold partners; false: source and target are drawn independently, each in its own order.
  var isAligned: Bool { get }
  /// Whether `pairs` gives partners: whether the files know which source belongs to which target.
  var hasPartners: Bool { get }

  /// Writes `request.size` sources and as many targets, both in -1...1.
  ///
  /// - Parameters:
  ///   - sources: `[samples, ...sourceShape]`.
  ///   - targets: `[samples, ...shape]`.
  /// - Throws: `DatasetError` when a file can no longer be read.
  func fill(
    _ request: BatchRequest, sources: UnsafeMutableBufferPointer<Float>, targets: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError)

  /// The number of pairs of a split that `pairs` can give; 0 where it has none.
  func count(of split: DatasetSplit) -> Int

  /// At most `count` pairs of a split, all different, as they are: neither jittered nor mirrored. They are partners
  /// wherever the files know partners, even where batches are drawn unaligned.
  func pairs(of split: DatasetSplit, count: Int, seed: UInt64) throws(DatasetError) -> PairSet
}

extension PairedDataset {
  /// Pairs for measures and pictures: held out, or of the training samples where nothing is.
  public func evaluationPairs(count: Int, seed: UInt64) throws(DatasetError) -> PairSet {
    try pairs(of: self.count(of: .test) > 0 ? .test : .training, count: count, seed: seed)
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    let pairs = try evaluationPairs(count: count, seed: seed)
    return SampleSet(shape: shape, count: pairs.count, values: pairs.targets)
  }
}

/// Pairs in two flat arrays, in -1...1.
public struct PairSet: Sendable, Equatable {
  /// Of a source, and of a target.
  public var sourceShape: SampleShape
  public var shape: SampleShape
  public var count: Int
  /// `[count, ...sourceShape]`.
  public var sources: [Float]
  /// `[count, ...shape]`.
  public var targets: [Float]

  public init(sourceShape: SampleShape, shape: SampleShape, count: Int, sources: [Float], targets: [Float]) {
    self.sourceShape = sourceShape
    self.shape = shape
    self.count = count
    self.sources = sources
    self.targets = targets
  }
}

/// Which of the two images is translated into the other.
public enum PairDirection: String, Hashable, Sendable, Codable, CaseIterable {
  case aToB = "a-to-b"
  case bToA = "b-to-a"
}

/// How the two images of a pair lie in files.
public enum PairLayout: String, Hashable, Sendable, Codable, CaseIterable {
  /// One file holds both: A is the left half, B the right.
  case sideBySide = "side-by-side"
  /// Folders `A` and `B`.
  case folders
}

/// What is held out of the training pairs, for measures.
public enum PairHoldOut: Hashable, Sendable, Codable {
  /// The files' own test folder where there is one, else a tenth.
  case automatic
  case nothing
  /// The last files, in the order of their names.
  case last(Int)
  /// A share, chosen by a hash of the names: it does not depend on the order, and hardly changes as files are added.
  case share(Double)

  /// Of `automatic`, where there is no test folder.
  public static let usualShare = 0.1
}
