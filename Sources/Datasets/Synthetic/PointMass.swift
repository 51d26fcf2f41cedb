/// The number 0 again and again: δ₀, the data of the Dirac-GAN.
///
/// Reference: Mescheder et al., "Which training methods for GANs do actually converge?", 2018, definition 2.1.
public struct PointMass: Dataset {
  public init() {}

  public var name: String { "dirac" }
  public var summary: String { "a point mass at 0" }
  public var shape: SampleShape { .vector(1) }
  public var count: Int? { nil }
  public var classCount: Int? { nil }
  public var normalization: Normalization { .identity }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) {
    for index in 0..<max(0, min(request.size, samples.count)) { samples[index] = 0 }
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    SampleSet(shape: shape, count: max(0, count), values: Array(repeating: 0, count: max(0, count)))
  }
}
