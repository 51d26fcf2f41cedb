/// A distribution of points in the plane that can be drawn from endlessly.
public protocol PlanarDistribution: Sendable {
  /// The kind as in a configuration, such as `ring`.
  var name: String { get }
  var summary: String { get }
  /// The number of classes of the labels: modes, moons, arms; nil for none.
  var classCount: Int? { get }
  var modes: MixtureModes? { get }
  /// Differential entropy in nats; nil where neither a closed form nor a quadrature is known.
  var entropy: Double? { get }
  /// The exact mean of each coordinate.
  var mean: SIMD2<Double> { get }
  /// The root of the mean of the two exact variances.
  var deviation: Double { get }

  /// `ln p(x, y)` in nats; nil where it is not known.
  func logDensity(x: Double, y: Double) -> Double?

  /// Points drawn from counter-based random words; what each call returns is a pure function of `source`.
  func draw(_ source: PointSource) -> PointLanes
}

extension PlanarDistribution {
  public var classCount: Int? { nil }
  public var modes: MixtureModes? { nil }
  public var entropy: Double? { nil }
  public func logDensity(x: Double, y: Double) -> Double? { nil }
}

/// Random words for eight consecutive points of a stream.
public struct PointSource: Sendable {
  let lanes: PhiloxLanes

  /// Block `number` of each point: four random words a lane.
  @inline(__always)
  func words(_ number: UInt32 = 0) -> (Words, Words, Words, Words) { lanes.block(number) }
}

/// Eight points and their labels.
public struct PointLanes: Sendable {
  public var x: SIMD8<Float>
  public var y: SIMD8<Float>
  public var label: SIMD8<UInt32>

  @inline(__always)
  init(x: SIMD8<Float>, y: SIMD8<Float>, label: SIMD8<UInt32> = SIMD8(repeating: 0)) {
    self.x = x
    self.y = y
    self.label = label
  }
}

/// An endless dataset of points from a planar distribution.
public struct SyntheticDataset<Distribution: PlanarDistribution>: Dataset {
  public let distribution: Distribution
  public let normalization: Normalization

  /// - Parameter standardized: shift to zero mean and scale both axes alike to unit deviation, from the distribution's
  ///   exact moments; circles stay circles.
  public init(_ distribution: Distribution, standardized: Bool = false) {
    self.distribution = distribution
    normalization =
      standardized
      ? Normalization(
        offset: [Float(distribution.mean.x), Float(distribution.mean.y)],
        scale: [Float(distribution.deviation), Float(distribution.deviation)])
      : .identity
  }

  public var name: String { distribution.name }
  public var summary: String {
    distribution.summary + (normalization.isIdentity ? "" : ", scaled to unit deviation")
  }
  public var shape: SampleShape { .vector(2) }
  public var count: Int? { nil }
  public var classCount: Int? { distribution.classCount }
  public var modes: MixtureModes? { distribution.modes }
  public var entropy: Double? { distribution.entropy }

  public func logDensity(at point: [Double]) -> Double? {
    point.count == 2 ? distribution.logDensity(x: point[0], y: point[1]) : nil
  }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) {
    let size = min(request.size, samples.count / 2)
    guard size > 0, let base = samples.baseAddress else { return }
    let normalizes = !normalization.isIdentity
    let (offsetX, offsetY, scale): (Float, Float, Float) =
      normalizes ? (normalization.offset[0], normalization.offset[1], normalization.scale[0]) : (0, 0, 1)
    var first = 0
    while first < size {
      let position = request.position &+ UInt64(first)
      let lanes = PhiloxLanes(seed: request.seed, stream: request.stream.rawValue, position: position)
      var points = distribution.draw(PointSource(lanes: lanes))
      if normalizes {
        points.x = (points.x - offsetX) / scale
        points.y = (points.y - offsetY) / scale
      }
      var pairs = SIMD16<Float>()
      pairs.evenHalf = points.x
      pairs.oddHalf = points.y
      let lanesLeft = min(8, size - first)
      if lanesLeft == 8 {
        UnsafeMutableRawPointer(base + 2 * first).storeBytes(of: pairs, as: SIMD16<Float>.self)
      } else {
        for index in 0..<2 * lanesLeft { samples[2 * first + index] = pairs[index] }
      }
      if let labels {
        for lane in 0..<min(lanesLeft, labels.count - first) {
          labels[first + lane] = Int32(bitPattern: points.label[lane])
        }
      }
      first += 8
    }
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    try samples(BatchRequest(seed: seed, position: 0, size: count, stream: .evaluation))
  }
}
