/// A moment of a run that can be looked at again and branched from.
public struct Moment: Codable, Sendable, Equatable {
  public enum Place: String, Codable, Sendable { case memory, disk }

  public var step: Int
  /// Its place among those there are, from 1, the oldest.
  public var number: Int
  public var count: Int
  /// The step that the run has come to.
  public var newestStep: Int
  public var place: Place
  /// The edit that followed it, where it was kept for that.
  public var edit: Edit?
  /// The hyperparameters' values then, by their ids; nil from a process that does not tell.
  public var hyperparameters: [String: Double]?

  public init(
    step: Int, number: Int, count: Int, newestStep: Int, place: Place, edit: Edit? = nil,
    hyperparameters: [String: Double]? = nil
  ) {
    self.step = step
    self.number = number
    self.count = count
    self.newestStep = newestStep
    self.place = place
    self.edit = edit
    self.hyperparameters = hyperparameters
  }
}

/// A way from the moment that is shown to another.
public enum RewindMove: Codable, Sendable, Equatable {
  case earlier
  case later
  case newest
  /// The last moment at or before a step.
  case step(Int)
}

/// Where a run came from that did not begin at its first step.
public struct BranchOrigin: Codable, Sendable, Equatable {
  /// The parent's name.
  public var run: String
  /// The parent's folder, absolute.
  public var path: String
  /// The step at which they parted.
  public var step: Int
  /// What is different, `key=value` each.
  public var changes: [String]

  public init(run: String, path: String, step: Int, changes: [String]) {
    self.run = run
    self.path = path
    self.step = step
    self.changes = changes
  }
}
