import Telemetry

/// A way to train beside the plain game.
public typealias TechniqueConfiguration = Parameterized<TechniqueKind>

/// The techniques by the names that configurations use.
public enum TechniqueKind: String, ParameterizedKind {
  /// The discriminator's targets are `real` instead of 1, and `fake` instead of 0: Salimans et al. (2016), section 3.4, which
  /// smooths one side only.
  case labelSmoothing = "label-smoothing"
  /// Each sample's label is wrong with this probability: ganhacks, number 6.
  case noisyLabels = "noisy-labels"
  /// All that the discriminator sees has Gaussian noise added, which falls to `final` over `steps` steps: Sønderby et al. (2017).
  case instanceNoise = "instance-noise"
  /// A share of the discriminator's fakes comes from a pool of earlier ones: Shrivastava et al. (2017), section 2.3.
  case experienceReplay = "experience-replay"
  /// The generator matches the mean of the discriminator's features: Salimans et al. (2016), section 3.1.
  case featureMatching = "feature-matching"
  /// Weights are drawn to the mean of their past: Salimans et al. (2016), section 3.3.
  case historicalAveraging = "historical-averaging"
  /// The discriminator sees how near each sample is to the others: Salimans et al. (2016), section 3.2.
  case minibatchDiscrimination = "minibatch-discrimination"
  /// The discriminator sees the deviation over groups of samples: Karras et al. (2018), section 3.
  case minibatchDeviation = "minibatch-deviation"
  /// The generator descends through this many updates of the discriminator: Metz et al. (2017), equation 9.
  case unrolling
  /// The discriminator judges this many samples at once: Lin et al. (2018), section 3.
  case packing
  /// More critic updates in the first steps and again from time to time: Arjovsky et al. (2017), its published code.
  case criticSchedule = "critic-schedule"

  public static let section = "techniques"

  public var parameters: [ParameterSpecification] {
    func fraction(_ key: String, _ standard: Double, _ title: String, _ text: String) -> ParameterSpecification {
      ParameterSpecification(key, standard, .fraction, live: .init(title, 0...1, .linear), text)
    }
    func weight(_ key: String, _ standard: Double, _ title: String, _ text: String) -> ParameterSpecification {
      ParameterSpecification(key, standard, .notNegative, live: .init(title, 0...1e4, .logarithmic), text)
    }
    func count(_ key: String, _ standard: Int, _ range: ClosedRange<Int>, _ text: String) -> ParameterSpecification {
      ParameterSpecification(key, Double(standard), .integer(range), text)
    }
    switch self {
    case .labelSmoothing:
      return [
        fraction("real", 0.9, "real label", "what the discriminator should answer to data, instead of 1"),
        fraction("fake", 0, "fake label", "what it should answer to fakes; above 0 it changes the generator's goal"),
      ]
    case .noisyLabels:
      return [fraction("probability", 0.05, "label noise", "probability that a sample's label is wrong")]
    case .instanceNoise:
      return [
        weight("deviation", 0.1, "noise", "deviation of the noise at the first step"),
        ParameterSpecification("final", 0, .fraction, "the factor on it after its steps"),
        count("steps", 10_000, 1...1_000_000_000, "steps over which it falls, evenly"),
      ]
    case .experienceReplay:
      return [
        fraction("share", 0.5, "replayed", "share of the discriminator's fakes that come from the pool"),
        count("capacity", 1024, 1...1_000_000, "fakes in the pool"),
      ]
    case .featureMatching:
      return [
        weight("weight", 1, "feature match", "weight of the features' distance in the generator's loss"),
        weight("adversarial", 0, "adversarial", "weight of the objective's own term beside it"),
      ]
    case .historicalAveraging:
      return [
        weight("discriminator", 1e-3, "D history", "weight of the distance to the mean of the discriminator's past"),
        weight("generator", 1e-3, "G history", "weight of the distance to the mean of the generator's past"),
      ]
    case .minibatchDiscrimination:
      return [
        count("kernels", 100, 1...4096, "B, the numbers that are added to each sample's features"),
        count("dimensions", 5, 1...256, "C, the dimensions in which samples are compared"),
      ]
    case .minibatchDeviation: return [count("group", 4, 1...4096, "samples of a group")]
    case .unrolling: return [count("steps", 5, 1...100, "discriminator updates ahead")]
    case .packing: return [count("samples", 2, 2...64, "samples that are judged together")]
    case .criticSchedule:
      return [
        count("updates", 100, 1...100_000, "discriminator updates of such a step"),
        count("first", 25, 0...1_000_000_000, "how many of the run's first steps"),
        count("every", 500, 0...1_000_000_000, "and each step that is a multiple of this; 0 for none"),
      ]
    }
  }
}
