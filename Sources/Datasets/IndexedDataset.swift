/// The two parts of finite data.
public enum DatasetSplit: String, Hashable, Sendable, Codable, CaseIterable {
  /// What batches are drawn from.
  case training
  /// What no batch ever holds: for measures and judges.
  case test
}

/// Finite data whose samples can be read one by one, and so divided and stacked.
///
/// Who conforms gets batches (epoch by epoch, without replacement) and evaluation samples for nothing.
public protocol IndexedDataset: Dataset {
  /// The number of samples of a split; 0 for a test split that is not there.
  func count(of split: DatasetSplit) -> Int

  /// The class of a sample, 0 ..< classCount; nil for a split without labels, or a sample that is not there.
  func label(of sample: Int, in split: DatasetSplit) -> Int32?

  /// Writes sample `sample` of a split, normalized: `shape.size` floats. Nothing is written for one that is not there.
  ///
  /// - Throws: `DatasetError` when a file can no longer be read; data in memory never throws.
  func read(
    _ sample: Int, of split: DatasetSplit, into values: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError)
}

extension IndexedDataset {
  public var count: Int? { count(of: .training) }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError) {
    let available = count(of: .training)
    let size = shape.size
    guard available > 0, size > 0 else { return }
    var order = EpochOrder(count: available, request: request)
    for sample in 0..<max(0, min(request.size, samples.count / size)) {
      let source = order.next()
      try read(
        source, of: .training, into: UnsafeMutableBufferPointer(rebasing: samples[sample * size..<(sample + 1) * size]))
      if let labels, sample < labels.count { labels[sample] = label(of: source, in: .training) ?? 0 }
    }
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    try samples(of: self.count(of: .test) > 0 ? .test : .training, count: count, seed: seed)
  }

  /// At most `count` samples of a split, all different, in an order that depends on the seed alone.
  public func samples(of split: DatasetSplit, count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    let available = self.count(of: split)
    let order = Permutation(
      count: available, seed: seed, epoch: 0, purpose: BatchRequest.Stream.evaluation.rawValue)
    return try gather((0..<max(0, min(count, available))).map { order[$0] }, of: split)
  }

  /// Samples of a split as they are stored, from a range of places; what lies outside is left out.
  public func samples(of split: DatasetSplit, in range: Range<Int>) throws(DatasetError) -> SampleSet {
    try gather(Array(range.clamped(to: 0..<count(of: split))), of: split)
  }

  /// All labels of a split as they are stored; nil where it has none.
  public func labels(of split: DatasetSplit) -> [Int32]? {
    guard classCount != nil, label(of: 0, in: split) != nil else { return nil }
    return (0..<count(of: split)).map { label(of: $0, in: split) ?? 0 }
  }

  private func gather(_ indices: [Int], of split: DatasetSplit) throws(DatasetError) -> SampleSet {
    let size = shape.size
    var values = [Float](repeating: 0, count: indices.count * size)
    var failure: DatasetError?
    values.withUnsafeMutableBufferPointer { values in
      do throws(DatasetError) {
        for (place, index) in indices.enumerated() {
          try read(
            index, of: split, into: UnsafeMutableBufferPointer(rebasing: values[place * size..<(place + 1) * size]))
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    let isLabelled = classCount != nil && label(of: 0, in: split) != nil
    let labels = isLabelled ? indices.map { label(of: $0, in: split) ?? 0 } : nil
    return SampleSet(shape: shape, count: indices.count, values: values, labels: labels)
  }
}
