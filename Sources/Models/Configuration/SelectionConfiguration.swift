/// Which samples of finite data a run learns from: a split, some classes, so many of each class, taken in that order.
public struct SelectionConfiguration: Sendable, Equatable {
  public var split: SplitKind
  /// The classes that are kept; empty for all.
  public var only: [Int]
  /// The classes that are left out.
  public var without: [Int]
  /// How many samples of each class are kept; nil for all. Which ones they are does not depend on the run's seed.
  public var perClass: Int?

  public init(split: SplitKind = .all, only: [Int] = [], without: [Int] = [], perClass: Int? = nil) {
    self.split = split
    self.only = only
    self.without = without
    self.perClass = perClass
  }

  /// Whether classes are left out.
  public var leavesOutClasses: Bool { !only.isEmpty || !without.isEmpty }
}

/// The parts of finite data by the names that configurations use.
public enum SplitKind: String, Sendable, CaseIterable {
  /// Every sample that is not in the files' own test split.
  case all
  /// The same, but that data without a test split of their own have a fifth of each class held out.
  case train
  /// The test split, or what is held out.
  case test
}
