/// How long a run trains, and what one step is.
public struct ScheduleConfiguration: Sendable, Equatable {
  /// Samples in a batch.
  public var batch: Int
  /// Discriminator updates before each generator update; a step is one generator update.
  public var discriminatorSteps: Int
  /// Whether the generator meets the discriminator before or after a step's last update of it.
  public var updates: UpdateOrder
  /// Steps of the whole run.
  public var steps: Int
  /// Steps between two checkpoints.
  public var checkpointEvery: Int
  /// The newest checkpoints that are kept; older ones are thinned.
  public var keepCheckpoints: Int
  /// The measure whose best checkpoint is kept beside them; nil for none.
  public var keepBest: BestMeasure?
  /// The most megabytes of earlier moments that are held in memory to go back to; 0 for none.
  public var rewindMemory: Int
  /// The most steps in a second, for who watches a small game; nil for as many as there can be.
  public var pace: Double?

  public init(
    batch: Int = 64, discriminatorSteps: Int = 1, updates: UpdateOrder = .alternating, steps: Int = 20_000,
    checkpointEvery: Int = 1_000, keepCheckpoints: Int = 5, keepBest: BestMeasure? = nil, rewindMemory: Int = 64,
    pace: Double? = nil
  ) {
    self.batch = batch
    self.discriminatorSteps = discriminatorSteps
    self.updates = updates
    self.steps = steps
    self.checkpointEvery = checkpointEvery
    self.keepCheckpoints = keepCheckpoints
    self.keepBest = keepBest
    self.rewindMemory = rewindMemory
    self.pace = pace
  }
}

/// The order of a step's updates by the names that configurations use.
///
/// Reference: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), algorithms 1 and 2.
public enum UpdateOrder: String, Sendable, CaseIterable {
  /// The generator's gradient is taken at the discriminator's new weights.
  case alternating
  /// Both gradients are taken at the old weights: of the step's last discriminator update, where it has several.
  case simultaneous
}

/// How samples are drawn, in pictures, measures and files.
public struct SamplingConfiguration: Sendable, Equatable {
  /// Normal latents are drawn from N(0, 1) between ± this; nil for all of it.
  ///
  /// Reference: [Brock et al. 2019](https://arxiv.org/abs/1809.11096), section 3.1.
  public var truncation: Double?

  /// A limit that no latent of a run ever meets: the live number's word for none.
  public static let noTruncation = 10.0

  public init(truncation: Double? = nil) { self.truncation = truncation }
}

/// What is measured beside the training.
public struct MeasureConfiguration: Sendable, Equatable {
  /// Steps between two measurements.
  public var every: Int
  /// Samples of a measurement.
  public var samples: Int
  /// k of the k-nearest-neighbour entropy.
  public var neighbours: Int
  /// Clusters of the k-means fitted on real data.
  public var clusters: Int

  public init(every: Int = 500, samples: Int = 2_500, neighbours: Int = 4, clusters: Int = 20) {
    self.every = every
    self.samples = samples
    self.neighbours = neighbours
    self.clusters = clusters
  }
}
