/// A finite dataset in memory: images as bytes, points as floats.
public struct StoredDataset: Dataset {
  /// Samples of one shape, one after the other, in data units.
  public struct Split: Sendable {
    public enum Values: Sendable {
      case bytes([UInt8])
      case floats([Float])

      var count: Int {
        switch self {
        case .bytes(let values): values.count
        case .floats(let values): values.count
        }
      }
    }
    public var values: Values
    public var labels: [Int32]?

    public init(values: Values, labels: [Int32]? = nil) {
      self.values = values
      self.labels = labels
    }
  }

  public let name: String
  public let summary: String
  public let shape: SampleShape
  public let classes: Int?
  public let normalization: Normalization
  private let training: Split
  private let test: Split?
  private let trainingCount: Int
  private let testCount: Int

  /// - Parameters:
  ///   - training: whole samples of `shape`; a rest that fills no sample is ignored.
  ///   - test: samples for measures; nil or empty: a random subset of the training samples serves.
  ///   - classes: nil: one more than the largest label.
  public init(
    name: String, summary: String? = nil, shape: SampleShape, training: Split, test: Split? = nil, classes: Int? = nil,
    normalization: Normalization
  ) {
    self.name = name
    self.shape = shape
    self.normalization = normalization
    self.training = training
    trainingCount = Self.count(training, shape)
    testCount = test.map { Self.count($0, shape) } ?? 0
    self.test = testCount > 0 ? test : nil
    self.classes = classes ?? training.labels.map { Int($0.max() ?? 0) + 1 }
    self.summary = summary ?? "\(name): \(trainingCount) \(shape)"
  }

  public var count: Int? { trainingCount }
  /// The number of samples of the test split, 0 when there is none.
  public var testSamples: Int { testCount }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) {
    guard trainingCount > 0, shape.size > 0 else { return }
    let size = min(request.size, samples.count / shape.size)
    var order = EpochOrder(count: trainingCount, request: request)
    for sample in 0..<max(0, size) {
      let source = order.next()
      copy(source, of: training, to: samples, at: sample * shape.size)
      if let labels, sample < labels.count { labels[sample] = label(source, of: training) }
    }
  }

  public func evaluationSamples(count: Int, seed: UInt64) -> SampleSet {
    let split = test ?? training
    let available = test == nil ? trainingCount : testCount
    let size = max(0, min(count, available))
    let order = Permutation(
      count: available, seed: seed, epoch: 0, purpose: BatchRequest.Stream.evaluation.rawValue)
    var values = [Float](repeating: 0, count: size * shape.size)
    values.withUnsafeMutableBufferPointer { values in
      for sample in 0..<size { copy(order[sample], of: split, to: values, at: sample * shape.size) }
    }
    let labels = classes == nil ? nil : (0..<size).map { label(order[$0], of: split) }
    return SampleSet(shape: shape, count: size, values: values, labels: labels)
  }

  private static func count(_ split: Split, _ shape: SampleShape) -> Int {
    let samples = shape.size > 0 ? split.values.count / shape.size : 0
    return min(samples, split.labels?.count ?? samples)
  }

  private func label(_ sample: Int, of split: Split) -> Int32 {
    guard let labels = split.labels, sample < labels.count else { return 0 }
    return labels[sample]
  }

  private func copy(_ sample: Int, of split: Split, to target: UnsafeMutableBufferPointer<Float>, at start: Int) {
    let size = shape.size
    let slice = UnsafeMutableBufferPointer(rebasing: target[start..<start + size])
    switch split.values {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { bytes in
        PixelConversion.convert(
          UnsafeBufferPointer(rebasing: bytes[sample * size..<(sample + 1) * size]), into: slice, normalization)
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { floats in
        for index in 0..<size { slice[index] = floats[sample * size + index] }
      }
      if !normalization.isIdentity { normalization.apply(to: slice) }
    }
  }
}

/// The order in which a request walks through finite data, from epoch to epoch.
struct EpochOrder {
  private let count: UInt64
  private let seed: UInt64
  private let purpose: UInt32
  private var epoch: UInt64
  private var place: UInt64
  private var permutation: Permutation

  init(count: Int, request: BatchRequest) {
    self.count = UInt64(max(1, count))
    seed = request.seed
    purpose = request.stream.rawValue
    epoch = request.position / self.count
    place = request.position % self.count
    permutation = Permutation(count: count, seed: seed, epoch: epoch, purpose: purpose)
  }

  /// The index of the next sample.
  mutating func next() -> Int {
    if place == count {
      place = 0
      epoch &+= 1
      permutation = Permutation(count: Int(count), seed: seed, epoch: epoch, purpose: purpose)
    }
    defer { place += 1 }
    return permutation[Int(place)]
  }
}

enum PixelConversion {
  /// Bytes to normalized floats.
  static func convert(
    _ bytes: UnsafeBufferPointer<UInt8>, into values: UnsafeMutableBufferPointer<Float>,
    _ normalization: Normalization
  ) {
    let count = min(bytes.count, values.count)
    if normalization.offset.count == 1 {
      let offset = normalization.offset[0], scale = normalization.scale[0]
      for index in 0..<count { values[index] = (Float(bytes[index]) - offset) / scale }
    } else {
      for index in 0..<count { values[index] = Float(bytes[index]) }
      normalization.apply(to: values)
    }
  }
}
