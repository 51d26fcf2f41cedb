import Telemetry
import Tensors

/// What a trainer needs of a system: programs, their inputs, and what to report. One loop serves all systems.
public struct TrainableSystem: Sendable {
  /// One side of the game.
  public struct Player: Sendable {
    /// Such as `discriminator`.
    public let name: String
    /// One update of this player alone.
    public let update: Program
    public let parameters: [Variable]
    /// The id of the hyperparameter that says how many updates a turn has; nil for one.
    public let repeatsHyperparameter: String?
    /// Whether its update takes a batch of data.
    public let seesData: Bool
    /// The gradient of each parameter, by parameter name: run again when a gradient is not finite, to name it.
    public let diagnosis: Program

    public init(
      name: String, update: Program, parameters: [Variable], repeatsHyperparameter: String?, seesData: Bool,
      diagnosis: Program
    ) {
      self.name = name
      self.update = update
      self.parameters = parameters
      self.repeatsHyperparameter = repeatsHyperparameter
      self.seesData = seesData
      self.diagnosis = diagnosis
    }
  }

  /// A scalar input of the programs that follows a hyperparameter.
  public struct HyperparameterInput: Sendable {
    /// The hyperparameter's id, which is the input's name too.
    public let id: String
    /// The factor on it at a step of the run; nil where it is constant.
    public let multiplier: (@Sendable (_ step: Int, _ total: Int) -> Double)?
    /// What the factor is on where there is no hyperparameter of that id: the step alone gives the value.
    public let constant: Double?

    public init(
      id: String, constant: Double? = nil, multiplier: (@Sendable (_ step: Int, _ total: Int) -> Double)? = nil
    ) {
      self.id = id
      self.constant = constant
      self.multiplier = multiplier
    }

    /// The value at a step of a run; nil where the run has no such hyperparameter.
    public func value(_ configuration: RunConfiguration, step: Int) -> Double? {
      guard let base = constant ?? configuration.hyperparameter(id) else { return nil }
      return base * (multiplier?(step, configuration.schedule.steps) ?? 1)
    }
  }

  /// In turn order.
  public let players: [Player]
  /// The last update of the first player and the update of the last, in one program with the work they share; the same
  /// bits as the two one after the other.
  public let turn: Program
  /// `latents` `[samples, dimension]`, and `classes` where the game has them, to `samples`, with the weights that are meant
  /// for sampling. Scalar inputs are among `hyperparameterInputs`. Samples are of the data's shape at every stage.
  public let sampler: @Sendable (_ count: Int) throws -> Program
  /// `points` `[count, ...]` to `scores` `[count]`: what the judge of the game says of each.
  public let scorer: @Sendable (_ count: Int) throws -> Program
  public let latents: LatentLayout
  /// Everything that the next step depends on, apart from counters.
  public let variables: [Variable]
  /// Those of the variables that are an optimizer's. They start anew where the networks grow.
  public var optimizerVariables: [Variable] = []
  /// The stage of a run that grows while it trains, which this system is for; nil for a run that does not.
  public var stage: GrowthStage?
  public let hyperparameterInputs: [HyperparameterInput]
  /// The samples of data that an update takes.
  public let batchSamples: Int
  public let metrics: [MetricDescriptor]
  /// Whether the judge's score has no absolute meaning.
  public let isCritic: Bool
  /// The score that separates data from samples, the middle of the field's palette.
  public let middleScore: Double
  /// `points` `[count, ...]` to `codes`, the discriminator's guess at the code of each: logits of the categories, then means
  /// of the continuous elements, `[count, categories + continuous]`; nil for a game without a code.
  public var coder: (@Sendable (_ count: Int) throws -> Program)?
  /// `points` `[count, ...]` to `encodings`, E(x) of each, `features`, the encoder's last hidden layer, and
  /// `reconstructions`, G(E(x)); nil for a game without an encoder.
  public var encoder: (@Sendable (_ count: Int) throws -> Program)?
  /// The shape of a source where samples are translations: the sampler then maps `sources` `[samples, ...]`, no latents.
  public var source: Shape?
  /// What a picture shows beside one another, where samples alone tell too little.
  public var comparison: Comparison?

  /// Rows of images that belong together, such as source, translation and answer.
  public struct Comparison: Sendable {
    /// Held-out data (`batch`, `sources`, `[rows, ...]`) and `latents`, as far as it has these inputs, to images; with the
    /// weights that are meant for sampling.
    public let program: @Sendable (_ rows: Int) throws -> Program
    /// Names of the program's inputs and outputs, from left to right.
    public let columns: [String]
    /// What is measured between columns.
    public let distances: [Distance]
  }

  /// The mean absolute difference of two columns.
  public struct Distance: Sendable {
    public let descriptor: MetricDescriptor
    public let first: String
    public let second: String
    /// Whether it means something of partners alone.
    public var needsPartners = false
  }
}

/// What a system must know of its data.
public struct SampleDescription: Sendable, Equatable {
  /// The shape of one sample.
  public var sample: Shape
  /// The shape of the source that belongs to it; nil for data that do not come in pairs.
  public var source: Shape?
  /// The number of classes that the data have labels of; nil for data without labels.
  public var classes: Int?

  public init(sample: Shape, source: Shape? = nil, classes: Int? = nil) {
    self.sample = sample
    self.source = source
    self.classes = classes
  }
}

extension TrainableSystem {
  /// The values of the scalar inputs at a step of a run, by name.
  public func inputValues(_ configuration: RunConfiguration, step: Int) -> [String: Double] {
    var values: [String: Double] = [:]
    for input in hyperparameterInputs { values[input.id] = input.value(configuration, step: step) }
    return values
  }

  /// The system that a configuration describes, for these data.
  ///
  /// - Parameter step: of a run that grows while it trains, the step whose stage is wanted.
  /// - Throws: a `NetworkError` or `TensorError` for networks that do not fit, a `SystemError` for classes or sources that
  ///   the data do not have, an `ObjectiveError` for labels that an objective does not have.
  public init(_ configuration: RunConfiguration, of data: SampleDescription, step: Int = 0) throws {
    switch configuration.model {
    case .gan:
      self = try .adversarial(
        configuration, sample: data.sample, classes: data.classes, step: step)
    case .bigan(let settings): self = try .bidirectional(configuration, settings, sample: data.sample)
    case .pix2pix(let settings):
      guard let source = data.source else { throw SystemError.noSources(.pix2pix) }
      self = try .pairedTranslation(configuration, settings, source: source, sample: data.sample)
    case .cyclegan(let settings):
      guard let source = data.source else { throw SystemError.noSources(.cyclegan) }
      self = try .cycle(configuration, settings, source: source, sample: data.sample)
    }
  }
}

/// What a sampler's inputs are made of.
public struct LatentLayout: Sendable, Equatable {
  /// Elements of z.
  public var dimension: Int
  public var distribution: LatentConfiguration.Distribution
  /// Values of the code's categorical element, one-hot after z; 0 for none.
  public var categories: Int
  /// Continuous elements of the code, on [-1, 1), the last of the vector.
  public var continuous: Int
  /// The number of classes that a sample can be asked for; nil for none.
  public var classes: Int?

  /// Elements of the code.
  public var codeCount: Int { categories + continuous }
  /// Elements of a latent vector, code included.
  public var count: Int { dimension + categories + continuous }
}

/// The names of inputs and outputs that trainer and programs agree on.
public enum ProgramPort {
  public static let batch = "batch"
  /// Images to be translated, `[samples, channels, height, width]`.
  public static let sources = "sources"
  /// One-hot, `[samples, classes]`.
  public static let classes = "classes"
  public static let latents = "latents"
  public static let samples = "samples"
  public static let points = "points"
  public static let scores = "scores"
  /// What a discriminator reads of InfoGAN's code, `[samples, elements]`.
  public static let codes = "codes"
  /// Latents that an encoder finds, `[samples, dimension]`.
  public static let encodings = "encodings"
  /// An encoder's last hidden layer, `[samples, units]`.
  public static let features = "features"
  /// Samples as they come back from the latents that an encoder finds.
  public static let reconstructions = "reconstructions"
  /// 1 when the gradient's norm was finite and the update took place.
  public static func isFinite(_ player: String) -> String { "finite/\(player)" }
}
