/// What a viewer needs to know of a run before its first step.
public struct RunDescription: Codable, Sendable, Equatable {
  public var name: String
  /// Absolute path of the run's folder.
  public var folder: String
  public var seed: UInt64
  /// One line each: data, networks, objective, penalties, optimizers.
  public var summary: [String]
  public var totalSteps: Int
  /// The players in turn order, such as `discriminator`, `generator`.
  public var players: [String]
  public var metrics: [MetricDescriptor]
  public var hyperparameters: [Hyperparameter]
  /// The number of modes of the data where it is known.
  public var modes: Int?
  /// What its pictures can show beside samples; nil where nobody has told.
  public var pictures: PictureAbilities?
  /// What a branch of it can change; nil where nobody has told.
  public var keys: [ConfigurationKey]?
  public init(
    name: String, folder: String, seed: UInt64, summary: [String], totalSteps: Int, players: [String],
    metrics: [MetricDescriptor], hyperparameters: [Hyperparameter], modes: Int?
  ) {
    self.name = name
    self.folder = folder
    self.seed = seed
    self.summary = summary
    self.totalSteps = totalSteps
    self.players = players
    self.metrics = metrics
    self.hyperparameters = hyperparameters
    self.modes = modes
  }
}

/// A number that a person may turn while the run trains.
public struct Hyperparameter: Codable, Sendable, Equatable, Identifiable {
  /// The key's path in the configuration, such as `optimizers.discriminator.rate`.
  public var id: String
  public var title: String
  public var value: Double
  public var minimum: Double
  public var maximum: Double
  public var scale: Scale
  public var isInteger: Bool
  /// One line for the help.
  public var explanation: String

  public enum Scale: String, Codable, Sendable {
    /// A key press multiplies or divides.
    case logarithmic
    /// A key press adds or subtracts.
    case linear
  }

  public init(
    id: String, title: String, value: Double, minimum: Double, maximum: Double, scale: Scale, isInteger: Bool = false,
    explanation: String
  ) {
    self.id = id
    self.title = title
    self.value = value
    self.minimum = minimum
    self.maximum = maximum
    self.scale = scale
    self.isInteger = isInteger
    self.explanation = explanation
  }
}

public enum RunState: Codable, Sendable, Equatable {
  case preparing
  case training
  /// `reason` is nil when a person paused it.
  case paused(reason: String?)
  case stopping
  /// All steps are done.
  case finished
  /// Stopped before its end, with a checkpoint.
  case stopped
  case failed(message: String)
}

/// A hyperparameter changed, from step `step + 1` on.
public struct Edit: Codable, Sendable, Equatable {
  public var step: Int
  public var id: String
  public var oldValue: Double
  public var newValue: Double
  public var origin: EditOrigin
  public init(step: Int, id: String, oldValue: Double, newValue: Double, origin: EditOrigin = .key) {
    self.step = step
    self.id = id
    self.oldValue = oldValue
    self.newValue = newValue
    self.origin = origin
  }
}

public struct CheckpointRecord: Codable, Sendable, Equatable {
  public var step: Int
  public var path: String
  public init(step: Int, path: String) {
    self.step = step
    self.path = path
  }
}

/// A statement about the run's health in plain words, with the rule that fired.
public struct Verdict: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case modeCollapse, vanishingGradients, discriminatorWon, generatorWon, divergence, oscillation
  }
  public enum Severity: String, Codable, Sendable { case warning, critical }
  public var step: Int
  public var kind: Kind
  public var severity: Severity
  /// False when the condition has passed.
  public var isActive: Bool
  /// A sentence such as "mode collapse: 3 of 8 modes hold at least a fifth of their share".
  public var message: String
  /// The rule in figures, such as "modes/with_mass < 8 for 3 measurements in a row".
  public var rule: String
  public init(step: Int, kind: Kind, severity: Severity, isActive: Bool, message: String, rule: String) {
    self.step = step
    self.kind = kind
    self.severity = severity
    self.isActive = isActive
    self.message = message
    self.rule = rule
  }
}

public struct LogMessage: Codable, Sendable, Equatable {
  public enum Level: String, Codable, Sendable { case info, warning, error }
  public var level: Level
  public var text: String
  public init(level: Level, text: String) {
    self.level = level
    self.text = text
  }
}

/// What a trainer tells its viewers.
public enum Event: Codable, Sendable, Equatable {
  case described(RunDescription)
  /// What happened before this session: sent once after the description of a resumed run.
  case history(RunHistory)
  case state(RunState, step: Int)
  case metrics(MetricReport)
  case panel(Panel)
  case edited(Edit)
  case checkpointed(CheckpointRecord)
  case verdict(Verdict)
  case message(LogMessage, step: Int)
  /// A rule fired; its message in words comes beside it.
  case alert(Alert)
  /// An earlier moment is shown; nil for the newest again.
  case moment(Moment?)
  /// Where the run came from, and what its parent remembers; sent once after the description of a branch.
  case branched(BranchOrigin, parent: RunHistory)
  /// The outcome of a command that asked for one: nil error when it was done.
  case reply(request: UInt64, text: String, failed: Bool)
  /// Who steers the run from now on.
  case wheel(Wheel)
}
