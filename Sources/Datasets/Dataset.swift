/// Which samples of a dataset's endless stream are wanted.
///
/// The stream is a pure function of the seed: sample `position` is the same whatever the batch size, the order of
/// requests, the number of threads, or how often the run was interrupted.
public struct BatchRequest: Hashable, Sendable {
  /// Independent streams of one seed.
  public enum Stream: UInt32, Hashable, Sendable, Codable {
    case training = 0x7472_6169
    /// What measures compare generated samples with; never overlaps the training stream of synthetic data.
    case evaluation = 0x6576_616C
  }

  public var seed: UInt64
  public var stream: Stream
  /// The position of the first sample in the stream.
  public var position: UInt64
  /// The number of samples.
  public var size: Int

  public init(seed: UInt64, position: UInt64, size: Int, stream: Stream = .training) {
    self.seed = seed
    self.position = position
    self.size = size
    self.stream = stream
  }

  /// Batch number `batch` of batches of `size` samples: positions `batch * size` and on.
  public init(seed: UInt64, batch: UInt64, size: Int, stream: Stream = .training) {
    self.init(seed: seed, position: batch &* UInt64(max(0, size)), size: size, stream: stream)
  }
}

/// A source of training samples.
///
/// Batches are pure functions of the request, so a resumed run draws the same data and nothing but a counter goes into
/// a checkpoint. Finite data is drawn without replacement, epoch by epoch, in an order that depends on seed and epoch
/// only; a batch may straddle epochs and no sample is ever dropped. Synthetic data never repeats.
public protocol Dataset: Sendable {
  /// The kind as in a configuration, such as `ring` or `mnist`.
  var name: String { get }
  /// One line for people, such as `ring of 8 Gaussians, radius 2, deviation 0.02`.
  var summary: String { get }
  var shape: SampleShape { get }
  /// The number of training samples; nil for an endless synthetic stream.
  var count: Int? { get }
  /// The number of classes that labels run over (0 ..< classCount); nil when there are no labels.
  var classCount: Int? { get }
  /// What the classes are called, in their order; empty where that is not known.
  var classNames: [String] { get }
  /// How the samples that `fill` writes relate to the data's own units.
  var normalization: Normalization { get }
  /// The modes of a mixture whose components are known, in data units.
  var modes: MixtureModes? { get }
  /// The differential entropy in nats, in data units, where it is known.
  var entropy: Double? { get }
  /// True when a batch takes so long (files are decoded) that it must be made ahead of the trainer.
  var isSlow: Bool { get }

  /// `ln p(x)` in nats for a point in data units; nil where the density is not known.
  func logDensity(at point: [Double]) -> Double?

  /// Writes `request.size` samples, and their labels where asked.
  ///
  /// - Parameters:
  ///   - samples: `request.size * shape.size` floats, `[samples, ...shape]`, normalized.
  ///   - labels: `request.size` integers, or nil; 0 for data without labels.
  /// - Throws: `DatasetError` when a file can no longer be read; synthetic and in-memory data never throw.
  func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError)

  /// Real samples for measures, apart from the training stream: another stream of synthetic data, the test split of
  /// files that have one, else a random subset. At most `count` of them, all different where data is finite.
  func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet
}

extension Dataset {
  public var classNames: [String] { [] }
  public var modes: MixtureModes? { nil }
  public var entropy: Double? { nil }
  public var isSlow: Bool { false }
  public func logDensity(at point: [Double]) -> Double? { nil }

  /// `ln p'(x')` in nats for a point in normalized units, as the networks see it; nil where the density is not known.
  ///
  /// With x' = (x - offset) / scale: `ln p'(x') = ln p(x) + sum of ln |scale|`, the change of variables.
  public func logDensity(atNormalized point: [Double]) -> Double? {
    logDensity(at: normalization.inverted(point)).map { $0 + normalization.entropyShift(size: shape.size) }
  }

  /// `ln p'(x')` for samples in normalized units, `[samples, ...shape]` flat; nil where the density is not known.
  public func logDensities(ofNormalized values: [Float]) -> [Double]? {
    let size = shape.size
    guard size > 0 else { return nil }
    var densities: [Double] = []
    densities.reserveCapacity(values.count / size)
    for sample in 0..<values.count / size {
      let point = values[sample * size..<(sample + 1) * size].map(Double.init)
      guard let density = logDensity(atNormalized: point) else { return nil }
      densities.append(density)
    }
    return densities
  }

  /// The samples of a request in a fresh array.
  public func samples(_ request: BatchRequest) throws(DatasetError) -> SampleSet {
    let size = max(0, request.size)
    var values = [Float](repeating: 0, count: size * shape.size)
    var labels = [Int32](repeating: 0, count: classCount == nil ? 0 : size)
    var failure: DatasetError?
    values.withUnsafeMutableBufferPointer { values in
      labels.withUnsafeMutableBufferPointer { labels in
        do throws(DatasetError) {
          try fill(request, into: values, labels: classCount == nil ? nil : labels)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return SampleSet(shape: shape, count: size, values: values, labels: classCount == nil ? nil : labels)
  }
}

/// The components of a mixture of equal isotropic Gaussians, as mode counts need them.
public struct MixtureModes: Hashable, Sendable, Codable {
  /// One point per mode, in data units.
  public var means: [[Double]]
  /// The standard deviation of each component, along each axis.
  public var deviation: Double
  /// The share of each mode; sums to 1.
  public var weights: [Double]

  public init(means: [[Double]], deviation: Double, weights: [Double]) {
    self.means = means
    self.deviation = deviation
    self.weights = weights
  }
}
