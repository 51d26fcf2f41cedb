/// A finite dataset in memory: images as bytes, points as floats.
public struct StoredDataset: IndexedDataset {
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
  public let classCount: Int?
  public let classNames: [String]
  public let normalization: Normalization
  private let training: Split
  private let test: Split
  private let trainingCount: Int
  private let testCount: Int

  /// - Parameters:
  ///   - training: whole samples of `shape`; a rest that fills no sample is ignored.
  ///   - test: samples for measures; nil or empty: a random subset of the training samples serves.
  ///   - classCount: nil: one more than the largest label.
  ///   - classNames: what the classes are called, in their order; empty where nobody knows.
  public init(
    name: String, summary: String? = nil, shape: SampleShape, training: Split, test: Split? = nil,
    classCount: Int? = nil, classNames: [String] = [], normalization: Normalization
  ) {
    self.name = name
    self.shape = shape
    self.normalization = normalization
    self.training = training
    trainingCount = Self.count(training, shape)
    testCount = test.map { Self.count($0, shape) } ?? 0
    self.test = test ?? Split(values: .bytes([]))
    let classes =
      classCount
      ?? training.labels.map { max(Int($0.max() ?? 0), Int(test?.labels?.max() ?? 0), classNames.count - 1) + 1 }
    self.classCount = classes
    self.classNames = classNames.count == classes ? classNames : []
    self.summary = summary ?? "\(name): \(trainingCount) \(shape)"
  }

  public func count(of split: DatasetSplit) -> Int { split == .training ? trainingCount : testCount }

  public func label(of sample: Int, in split: DatasetSplit) -> Int32? {
    guard let labels = (split == .training ? training : test).labels, labels.indices.contains(sample) else {
      return nil
    }
    return labels[sample]
  }

  public func read(_ sample: Int, of split: DatasetSplit, into values: UnsafeMutableBufferPointer<Float>) {
    let size = shape.size
    guard sample >= 0, sample < count(of: split), values.count >= size else { return }
    switch (split == .training ? training : test).values {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { bytes in
        PixelConversion.convert(
          UnsafeBufferPointer(rebasing: bytes[sample * size..<(sample + 1) * size]), into: values, normalization)
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { floats in
        for index in 0..<size { values[index] = floats[sample * size + index] }
      }
      if !normalization.isIdentity { normalization.apply(to: values) }
    }
  }

  private static func count(_ split: Split, _ shape: SampleShape) -> Int {
    let samples = shape.size > 0 ? split.values.count / shape.size : 0
    return min(samples, split.labels?.count ?? samples)
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
