/// What is kept of one metric over a whole run: a pyramid of buckets, each level half as fine as the one below.
///
/// Level 0 holds the newest buckets as they were reported, level k merges pairs of level k - 1. Each level keeps at most
/// `capacity` buckets, so memory grows with the logarithm of a run's length only, and the smallest and largest value,
/// the sum and the counts of any range stay exact to the width of one bucket: no spike is lost. Each level also keeps the
/// first buckets that it ever had, so that a run's beginning, which fills half of a logarithmic axis, stays fine too.
public struct History: Sendable, Equatable {
  public static let defaultCapacity = 512

  /// The most buckets that one level keeps; at least 8.
  public let capacity: Int
  /// The finest level first. A bucket leaves a level only after it has been merged into the next.
  var levels: [Level] = []
  /// The smallest and largest finite value of the whole run; NaN when there is none.
  public internal(set) var minimum = Double.nan
  public internal(set) var maximum = Double.nan

  struct Level: Sendable, Equatable {
    var buckets: [Bucket] = []
    /// How many of the newest buckets the next level does not have yet: 0 or 1.
    var unmerged = 0
    /// The first buckets that the level ever had.
    var head: [Bucket] = []

    /// Takes in the next bucket, which belongs to the head as long as nothing was dropped.
    mutating func append(_ bucket: Bucket, headCapacity: Int) {
      if head.count == buckets.count, head.count < headCapacity { head.append(bucket) }
      buckets.append(bucket)
    }
  }

  /// The most buckets of a level's head: fewer than it takes for the level to drop one.
  var headCapacity: Int { min(64, capacity / 2) }

  public init(capacity: Int = History.defaultCapacity) {
    self.capacity = max(8, capacity)
  }

  /// The extremes of nothing are NaN, which is like itself here.
  public static func == (first: History, second: History) -> Bool {
    first.capacity == second.capacity && first.levels == second.levels
      && first.minimum.bitPattern == second.minimum.bitPattern
      && first.maximum.bitPattern == second.maximum.bitPattern
  }

  public var isEmpty: Bool { last == nil }
  /// The newest bucket.
  public var last: Bucket? {
    levels.first?.buckets.last ?? levels.compactMap(\.buckets.last).max { $0.lastStep < $1.lastStep }
  }
  public var lastStep: Int? { last?.lastStep }
  /// The first step that is remembered, at whatever resolution.
  public var firstStep: Int? { levels.last?.buckets.first?.firstStep }
  /// How many buckets are in memory, over all levels.
  public var bucketCount: Int { levels.reduce(0) { $0 + $1.buckets.count + $1.head.count } }

  /// Takes in the next bucket.
  ///
  /// Steps that run backwards mean that the run went back to a checkpoint: what was reported of the steps from there on
  /// is forgotten first.
  public mutating func append(_ bucket: Bucket) {
    if let lastStep, bucket.firstStep < lastStep { truncate(after: bucket.firstStep - 1) }
    if bucket.count > 0 {
      minimum = minimum.isNaN ? bucket.minimum : min(minimum, bucket.minimum)
      maximum = maximum.isNaN ? bucket.maximum : max(maximum, bucket.maximum)
    }
    append(bucket, to: 0)
  }

  private mutating func append(_ bucket: Bucket, to first: Int) {
    var bucket = bucket
    var index = first
    while true {
      if index == levels.count { levels.append(Level()) }
      levels[index].append(bucket, headCapacity: headCapacity)
      levels[index].unmerged += 1
      guard levels[index].unmerged == 2 else { break }
      let count = levels[index].buckets.count
      var pair = levels[index].buckets[count - 2]
      pair.merge(levels[index].buckets[count - 1])
      levels[index].unmerged = 0
      // A quarter at a time, so that moving the rest costs a few copies a bucket in the mean.
      if count >= capacity { levels[index].buckets.removeFirst(capacity / 4) }
      bucket = pair
      index += 1
    }
  }

  /// Forgets what was reported of the steps after `step`; a bucket that reaches beyond it is forgotten as a whole.
  public mutating func truncate(after step: Int) {
    guard let lastStep, lastStep > step else { return }
    for index in levels.indices {
      let kept = levels[index].buckets.firstIndex { $0.lastStep > step } ?? levels[index].buckets.count
      levels[index].buckets.removeSubrange(kept...)
      let begun = levels[index].head.firstIndex { $0.lastStep > step } ?? levels[index].head.count
      levels[index].head.removeSubrange(begun...)
    }
    // A head that is not full was cut here, or never filled: it has all that its level would have, up to here.
    for index in levels.indices where levels[index].buckets.isEmpty && levels[index].head.count < headCapacity {
      levels[index].buckets = levels[index].head
    }
    while levels.last?.buckets.isEmpty == true { levels.removeLast() }
    // A merged bucket may be gone while one of its halves is still there: merge upwards again.
    var index = 0
    while index < levels.count {
      let merged = levels.dropFirst(index + 1).first?.buckets.last?.lastStep
      let buckets = levels[index].buckets
      let start = merged.map { step in buckets.firstIndex { $0.firstStep > step } ?? buckets.count } ?? 0
      levels[index].unmerged = 0
      var next = start
      while next + 1 < buckets.count {
        var pair = buckets[next]
        pair.merge(buckets[next + 1])
        if index + 1 == levels.count { levels.append(Level()) }
        levels[index + 1].append(pair, headCapacity: headCapacity)
        next += 2
      }
      levels[index].unmerged = buckets.count - next
      index += 1
    }
    let extremes = levels.flatMap(\.buckets).filter { $0.count > 0 }
    minimum = extremes.map(\.minimum).min() ?? .nan
    maximum = extremes.map(\.maximum).max() ?? .nan
  }
}
