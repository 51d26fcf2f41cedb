/// What is kept of one metric over a whole run: a pyramid of buckets, each level half as fine as the one below.
///
/// Level 0 holds the newest buckets as they were reported, level k merges pairs of level k - 1. Each level keeps at most
/// `capacity` buckets, so memory grows with the logarithm of a run's length only, and the smallest and largest value,
/// the sum and the counts of any range stay exact to the width of one bucket: no spike is lost.
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
  }

  public init(capacity: Int = History.defaultCapacity) {
    self.capacity = max(8, capacity)
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
  public var bucketCount: Int { levels.reduce(0) { $0 + $1.buckets.count } }

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
      levels[index].buckets.append(bucket)
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
        levels[index + 1].buckets.append(pair)
        next += 2
      }
      levels[index].unmerged = buckets.count - next
      index += 1
    }
    let extremes = levels.flatMap(\.buckets).filter { $0.count > 0 }
    minimum = extremes.map(\.minimum).min() ?? .nan
    maximum = extremes.map(\.maximum).max() ?? .nan
  }

  /// The buckets of a range of steps, at most `count` of them, oldest first.
  ///
  /// Each is what falls into one of `count` equal parts of the range, parts without a bucket left out. The time taken
  /// grows with `count`, not with the length of the run.
  public func columns(steps: ClosedRange<Int>, count: Int) -> [Bucket] {
    guard count > 0, let level = level(for: steps, count: count) else { return [] }
    var result: [Bucket] = []
    result.reserveCapacity(count)
    var current: (column: Int, bucket: Bucket)?
    let width = Double(steps.upperBound) - Double(steps.lowerBound) + 1
    func take(_ bucket: Bucket) {
      let middle = (Double(bucket.firstStep) + Double(bucket.lastStep)) / 2 - Double(steps.lowerBound)
      let column = min(max(Int((middle + 0.5) / width * Double(count)), 0), count - 1)
      if var open = current, open.column == column {
        open.bucket.merge(bucket)
        current = open
      } else {
        if let current { result.append(current.bucket) }
        current = (column, bucket)
      }
    }
    for bucket in levels[level].buckets[range(of: steps, in: level)] { take(bucket) }
    // What the coarse level does not have yet is at the end of the finer ones.
    for finer in levels.indices.prefix(level).reversed() {
      for bucket in levels[finer].buckets.suffix(levels[finer].unmerged) where overlaps(bucket, steps) { take(bucket) }
    }
    if let current { result.append(current.bucket) }
    return result
  }

  /// The finest level that reaches back to the range's start with at most two buckets a column.
  private func level(for steps: ClosedRange<Int>, count: Int) -> Int? {
    guard let firstStep else { return nil }
    let start = max(firstStep, steps.lowerBound)
    let reaching = levels.indices.filter { index in
      levels[index].buckets.first.map { $0.firstStep <= start } ?? false
    }
    return reaching.first { range(of: steps, in: $0).count <= 2 * count } ?? reaching.last
  }

  private func overlaps(_ bucket: Bucket, _ steps: ClosedRange<Int>) -> Bool {
    bucket.lastStep >= steps.lowerBound && bucket.firstStep <= steps.upperBound
  }

  /// The buckets of a level that overlap a range, by bisection.
  private func range(of steps: ClosedRange<Int>, in level: Int) -> Range<Int> {
    let buckets = levels[level].buckets
    func firstIndex(where isBeyond: (Bucket) -> Bool) -> Int {
      var (low, high) = (0, buckets.count)
      while low < high {
        let middle = (low + high) / 2
        if isBeyond(buckets[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let first = firstIndex { $0.lastStep >= steps.lowerBound }
    return first..<max(first, firstIndex { $0.firstStep > steps.upperBound })
  }
}
