import Telemetry

/// The numbers that convolutions read and make, by the names that configurations use.
public enum PrecisionKind: String, Sendable, CaseIterable {
  case f32
  /// Images are rounded to bf16; weights, their gradients, moments and sums are f32.
  case bf16
}

/// Everything that decides a run's bits, apart from the machine: one YAML file, resolved.
///
/// A plain value: `Runs` reads it from YAML and writes it back; models and the trainer are built from it.
public struct RunConfiguration: Sendable, Equatable {
  /// The run's name, and the first choice for its folder.
  public var name: String
  public var data: DataConfiguration
  public var model: ModelConfiguration
  public var objective: ObjectiveConfiguration
  /// At most one of each kind, in the order of the file.
  public var penalties: [PenaltyConfiguration]
  /// At most one of each kind, in the order of the file.
  public var techniques: [TechniqueConfiguration]
  public var optimizers: OptimizersConfiguration
  public var schedule: ScheduleConfiguration
  public var measures: MeasureConfiguration
  public var sampling: SamplingConfiguration
  /// What is done when a metric comes to meet a condition.
  public var alerts: [AlertRule]
  /// The key of every random stream of the run.
  public var seed: UInt64
  /// The number of threads of the engine; nil lets the run time its own step once and choose.
  public var threads: Int?
  /// In which numbers the training's convolutions compute.
  public var precision: PrecisionKind
  /// Whether the run writes TensorBoard's event files into its folder; no bit of the training depends on it.
  public var eventFiles = true

  public init(
    name: String, data: DataConfiguration, model: ModelConfiguration,
    objective: ObjectiveConfiguration = .nonSaturating,
    penalties: [PenaltyConfiguration] = [], techniques: [TechniqueConfiguration] = [],
    optimizers: OptimizersConfiguration = OptimizersConfiguration(),
    schedule: ScheduleConfiguration = ScheduleConfiguration(), measures: MeasureConfiguration = MeasureConfiguration(),
    sampling: SamplingConfiguration = SamplingConfiguration(), alerts: [AlertRule] = [], seed: UInt64 = 1,
    threads: Int? = nil, precision: PrecisionKind = .f32
  ) {
    self.name = name
    self.data = data
    self.model = model
    self.objective = objective
    self.penalties = penalties
    self.techniques = techniques
    self.optimizers = optimizers
    self.schedule = schedule
    self.measures = measures
    self.sampling = sampling
    self.alerts = alerts
    self.seed = seed
    self.threads = threads
    self.precision = precision
  }

  /// The discriminator's updates in a step: those of the schedule, or of the critic's own where that asks for more.
  public func discriminatorSteps(at step: Int) -> Int {
    let usual = max(1, schedule.discriminatorSteps)
    guard let more = techniques[.criticSchedule] else { return usual }
    let (first, every) = (Int(more["first"]), Int(more["every"]))
    let isMany = step < first || (every > 0 && step % every == 0)
    return isMany ? max(usual, Int(more["updates"])) : usual
  }
}
