/// A value of a scalar.
public struct ScalarPoint: Sendable, Equatable {
  public var step: Int
  /// Seconds since 1970.
  public var wallTime: Double
  public var value: Double
  public init(step: Int, wallTime: Double, value: Double) {
    self.step = step
    self.wallTime = wallTime
    self.value = value
  }
}

/// A picture of a tag.
public struct ImagePoint: Sendable, Equatable {
  public var step: Int
  /// Seconds since 1970.
  public var wallTime: Double
  public var image: SummaryImage
  public init(step: Int, wallTime: Double, image: SummaryImage) {
    self.step = step
    self.wallTime = wallTime
    self.image = image
  }
}

/// What is new in a folder of event files since it was last read.
///
/// Tags of files in a folder below begin with that folder's path, as TensorBoard names runs.
public struct EventIncrement: Sendable, Equatable {
  /// The new values of each tag in the order in which they were written.
  public var scalars: [String: [ScalarPoint]] = [:]
  /// The newest picture of each tag.
  public var images: [String: ImagePoint] = [:]
  /// Where runs, by their paths, went back to: what was read earlier of these steps and later ones is void. The values
  /// above are those that came after.
  public var restarts: [String: Int] = [:]
  /// Hyperparameters, by run.
  public var hyperparameters: [String: [String: HyperparameterSession.Value]] = [:]
  /// How runs ended.
  public var endings: [String: HyperparameterSession.Status] = [:]
  public var problems: [EventFileProblem] = []
  /// Whether there is more to be read at once.
  public var isBehind = false

  public var isEmpty: Bool {
    scalars.isEmpty && images.isEmpty && restarts.isEmpty && hyperparameters.isEmpty && endings.isEmpty
      && problems.isEmpty
  }

  /// How many values of scalars it has.
  public var count: Int { scalars.values.reduce(0) { $0 + $1.count } }

  /// The tag of a run, as a whole.
  public static func tag(_ tag: String, run: String) -> String { run.isEmpty ? tag : "\(run)/\(tag)" }

  /// Whether a tag is of a run; of the folder itself where that is the only one.
  static func isTag(_ tag: String, of run: String) -> Bool { run.isEmpty || tag.hasPrefix(run + "/") }
}
