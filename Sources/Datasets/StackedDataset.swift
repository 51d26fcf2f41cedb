/// Three gray images of labelled data, drawn independently, as the channels of one: stacked MNIST, of 1000 modes.
///
/// The label of classes a, b, c of K is `K^2 a + K b + c` (`100 a + 10 b + c` for digits). Endless: sample `position` is a
/// pure function of seed and position. Evaluation samples are stacked from the test split where there is one.
///
/// Reference: Metz et al., "Unrolled generative adversarial networks", 2016, section 3.3.1; Lin et al., "PacGAN", 2017.
public struct StackedDataset: Dataset {
  public let base: any IndexedDataset
  public let name: String
  public let shape: SampleShape
  /// The classes of one channel.
  public let digits: Int

  /// - Throws: `DatasetError` where the data is not of gray images or has no labels.
  public init(_ base: any IndexedDataset, name: String = "stacked") throws(DatasetError) {
    guard case .image(1, let height, let width) = base.shape else {
      throw .invalidParameter(dataset: name, key: "of", value: "\(base.shape)", accepted: "gray images")
    }
    guard let digits = base.classCount, base.label(of: 0, in: .training) != nil else {
      throw .invalidParameter(dataset: name, key: "of", value: base.name, accepted: "data with labels")
    }
    // Labels are 32 bits wide.
    try Parameter.count(digits, 1...1_000, dataset: name, key: "classes")
    self.base = base
    self.name = name
    self.digits = digits
    shape = .image(channels: 3, height: height, width: width)
  }

  public var summary: String { "\(name): three of \(base.summary)" }
  public var count: Int? { nil }
  public var classCount: Int? { digits * digits * digits }
  public var normalization: Normalization { base.normalization }
  public var isSlow: Bool { base.isSlow }

  /// The classes of the three channels of a label.
  public func channels(of label: Int) -> (Int, Int, Int) {
    (label / (digits * digits), label / digits % digits, label % digits)
  }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError) {
    let split: DatasetSplit =
      request.stream == .evaluation && base.label(of: 0, in: .test) != nil ? .test : .training
    let available = UInt64(base.count(of: split))
    let plane = base.shape.size
    let random = Philox(seed: request.seed)
    for sample in 0..<max(0, min(request.size, samples.count / shape.size)) {
      let position = request.position &+ UInt64(sample)
      let words = random.block(
        SIMD4(
          UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), 0x7374_6163,
          request.stream.rawValue))
      var label: Int32 = 0
      for channel in 0..<3 {
        // The high half of a product; the bias is below count * 2^-32.
        let source = Int((UInt64(words[channel]) * available) >> 32)
        let start = (3 * sample + channel) * plane
        try base.read(source, of: split, into: UnsafeMutableBufferPointer(rebasing: samples[start..<start + plane]))
        label = label * Int32(digits) + (base.label(of: source, in: split) ?? 0)
      }
      if let labels, sample < labels.count { labels[sample] = label }
    }
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    try samples(BatchRequest(seed: seed, position: 0, size: count, stream: .evaluation))
  }
}
