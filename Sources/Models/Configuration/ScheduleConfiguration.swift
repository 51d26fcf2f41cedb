/// How long a run trains, and what one step is.
public struct ScheduleConfiguration: Sendable, Equatable {
  /// Samples in a batch.
  public var batch: Int
  /// Discriminator updates before each generator update; a step is one generator update.
  public var discriminatorSteps: Int
  /// Steps of the whole run.
  public var steps: Int
  /// Steps between two checkpoints.
  public var checkpointEvery: Int
  /// The newest checkpoints that are kept; older ones are thinned.
  public var keepCheckpoints: Int
  /// The most megabytes of earlier moments that are held in memory to go back to; 0 for none.
  public var rewindMemory: Int

  public init(
    batch: Int = 64, discriminatorSteps: Int = 1, steps: Int = 20_000, checkpointEvery: Int = 1_000,
    keepCheckpoints: Int = 5, rewindMemory: Int = 64
  ) {
    self.batch = batch
    self.discriminatorSteps = discriminatorSteps
    self.steps = steps
    self.checkpointEvery = checkpointEvery
    self.keepCheckpoints = keepCheckpoints
    self.rewindMemory = rewindMemory
  }
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
