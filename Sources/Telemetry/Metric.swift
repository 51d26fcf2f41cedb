/// The identity of a scalar that a run reports: a TensorBoard-style tag such as `loss/generator`.
public struct MetricID: RawRepresentable, Hashable, Codable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
  public var description: String { rawValue }
  /// The part before the last slash: `loss` of `loss/generator`.
  public var group: String { rawValue.lastIndex(of: "/").map { String(rawValue[..<$0]) } ?? "" }
}

extension MetricID {
  public static let generatorLoss: MetricID = "loss/generator"
  public static let discriminatorLoss: MetricID = "loss/discriminator"
  public static let discriminatorRealLoss: MetricID = "loss/discriminator_real"
  public static let discriminatorFakeLoss: MetricID = "loss/discriminator_fake"
  public static let penalty: MetricID = "loss/penalty"
  /// Cross-entropy of the class on data, where the discriminator tells it.
  public static let classLoss: MetricID = "loss/class"
  /// -E ln Q(c | x) of InfoGAN's code.
  public static let codeLoss: MetricID = "loss/code"
  /// What the generator's loss is to an encoder beside it.
  public static let encoderLoss: MetricID = "loss/encoder"
  /// E |y - G(x)| of a translation.
  public static let distanceLoss: MetricID = "loss/l1"
  /// How far images come back from a translation there and back.
  public static let cycleLoss: MetricID = "loss/cycle"
  /// How far a translation changes what is already a target.
  public static let identityLoss: MetricID = "loss/identity"
  /// E |y - G(x)| of pairs that were held out.
  public static let heldOutDistance: MetricID = "held_out/l1"
  /// How far held-out images come back.
  public static let heldOutCycle: MetricID = "held_out/cycle"
  /// E |x - G(E(x))| of held-out samples.
  public static let heldOutReconstruction: MetricID = "held_out/reconstruction"
  /// Mean D(x) as a probability for objectives with a sigmoid, the mean raw score for critics.
  public static let realScore: MetricID = "score/real"
  public static let fakeScore: MetricID = "score/fake"
  public static let scoreDifference: MetricID = "score/difference"
  public static let realAccuracy: MetricID = "accuracy/real"
  public static let fakeAccuracy: MetricID = "accuracy/fake"
  /// The share of classes that the discriminator tells right, on data and on samples.
  public static let classAccuracy: MetricID = "accuracy/class_real"
  public static let fakeClassAccuracy: MetricID = "accuracy/class_fake"
  public static let generatorGradient: MetricID = "gradient/generator"
  public static let discriminatorGradient: MetricID = "gradient/discriminator"
  public static let modesCovered: MetricID = "modes/covered"
  /// Modes that hold at least a fifth of their share of the mass.
  public static let modesWithMass: MetricID = "modes/with_mass"
  public static let highQuality: MetricID = "modes/high_quality"
  public static let modeEntropy: MetricID = "entropy/modes"
  public static let generatedEntropy: MetricID = "entropy/generated"
  public static let realEntropy: MetricID = "entropy/real"
  public static let entropyGap: MetricID = "entropy/gap"
  public static let effectiveClusters: MetricID = "entropy/effective_clusters"
  /// The squared Fréchet distance to the data in the judge's features.
  public static let judgeFrechet: MetricID = "judge/frechet"
  /// Entropy over the classes that the judge reads, nats.
  public static let judgeClassEntropy: MetricID = "judge/entropy_classes"
  /// Classes that the judge reads in at least a tenth of an equal share.
  public static let judgeClasses: MetricID = "judge/classes"
  public static let judgePrecision: MetricID = "judge/precision"
  public static let judgeRecall: MetricID = "judge/recall"
  /// θ of the Dirac-GAN's generator after a step.
  public static let diracTheta: MetricID = "dirac/theta"
  /// ψ of its discriminator.
  public static let diracPsi: MetricID = "dirac/psi"
  public static let stepsPerSecond: MetricID = "speed/steps_per_second"
  /// Updates of the discriminator so far: an x axis beside the steps where they are more than one a step.
  public static let discriminatorUpdates: MetricID = "updates/discriminator"
}

/// A horizontal line that a chart draws at a known value, such as ln 2 for the loss at equilibrium.
public struct ReferenceLine: Hashable, Codable, Sendable {
  public var value: Double
  public var label: String
  public init(value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// How a metric is named, grouped and drawn.
public struct MetricDescriptor: Hashable, Codable, Sendable {
  public var id: MetricID
  public var title: String
  public var unit: String
  public var reference: ReferenceLine?
  public init(id: MetricID, title: String, unit: String = "", reference: ReferenceLine? = nil) {
    self.id = id
    self.title = title
    self.unit = unit
    self.reference = reference
  }
}

/// What is kept of one metric over a range of consecutive steps: nothing finite is lost but the order between its extremes.
public struct Bucket: Hashable, Codable, Sendable {
  public var firstStep: Int
  public var lastStep: Int
  /// Smallest and largest finite value; NaN when the bucket has none.
  public var minimum: Double
  public var maximum: Double
  /// The newest value, finite or not.
  public var last: Double
  /// Sum and number of the finite values.
  public var sum: Double
  public var count: Int
  public var nonFiniteCount: Int

  public init(step: Int, value: Double) {
    firstStep = step
    lastStep = step
    last = value
    if value.isFinite {
      minimum = value
      maximum = value
      sum = value
      count = 1
      nonFiniteCount = 0
    } else {
      minimum = .nan
      maximum = .nan
      sum = 0
      count = 0
      nonFiniteCount = 1
    }
  }

  /// Mean of the finite values; NaN when there are none.
  public var mean: Double { count > 0 ? sum / Double(count) : .nan }

  /// Takes in a later bucket.
  public mutating func merge(_ later: Bucket) {
    firstStep = min(firstStep, later.firstStep)
    lastStep = max(lastStep, later.lastStep)
    if later.count > 0 {
      minimum = count > 0 ? min(minimum, later.minimum) : later.minimum
      maximum = count > 0 ? max(maximum, later.maximum) : later.maximum
    }
    last = later.last
    sum += later.sum
    count += later.count
    nonFiniteCount += later.nonFiniteCount
  }
}

/// The metrics of the steps since the previous report, one bucket each.
public struct MetricReport: Codable, Sendable, Equatable {
  public var step: Int
  /// Seconds of training so far, pauses and earlier sessions' idle time left out.
  public var elapsed: Double
  public var buckets: [MetricID: Bucket]
  /// Seconds since 1970; nil where the trainer's clock is not known.
  public var time: Double?
  public init(step: Int, elapsed: Double, buckets: [MetricID: Bucket], time: Double? = nil) {
    self.step = step
    self.elapsed = elapsed
    self.buckets = buckets
    self.time = time
  }
}
