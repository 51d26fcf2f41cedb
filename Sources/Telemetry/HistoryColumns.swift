extension History {
  /// The buckets of a range of steps, at most `count` of them, oldest first.
  ///
  /// Each is what falls into one of `count` equal parts of the range, parts without a bucket left out. The time taken
  /// grows with `count`, not with the length of the run.
  public func columns(steps: ClosedRange<Int>, count: Int) -> [Bucket] {
    var result: [Bucket] = []
    appendColumns(steps: steps, count: count, to: &result)
    return result
  }

  /// The buckets of a range of steps as `columns(steps:count:)` has them, put behind those of an array.
  public func appendColumns(steps: ClosedRange<Int>, count: Int, to result: inout [Bucket]) {
    guard count > 0, let source = source(for: steps, count: count) else { return }
    result.reserveCapacity(result.count + count)
    var columns = Columns(steps: steps, count: count)
    switch source {
    case .head(let level):
      let head = levels[level].head
      for index in Self.range(of: steps, in: head) { columns.take(head[index], into: &result) }
    case .level(let level):
      let buckets = levels[level].buckets
      for index in Self.range(of: steps, in: buckets) { columns.take(buckets[index], into: &result) }
      // What the coarse level does not have yet is at the end of the finer ones.
      for finer in levels.indices.prefix(level).reversed() {
        for bucket in levels[finer].buckets.suffix(levels[finer].unmerged) where Self.overlaps(bucket, steps) {
          columns.take(bucket, into: &result)
        }
      }
    }
  }

  /// Where the buckets of a range are read.
  private enum Source {
    case level(Int)
    /// The first buckets of a level, which a range at the run's beginning needs no more than.
    case head(Int)
  }

  /// The parts of a range, filled from the first to the last.
  private struct Columns {
    private let start: Double
    private let scale: Double
    private let last: Int
    private var open = -1

    init(steps: ClosedRange<Int>, count: Int) {
      start = Double(steps.lowerBound)
      scale = Double(count) / (Double(steps.upperBound) - start + 1)
      last = count - 1
    }

    mutating func take(_ bucket: Bucket, into result: inout [Bucket]) {
      let middle = (Double(bucket.firstStep) + Double(bucket.lastStep)) / 2 - start
      let column = min(max(Int((middle + 0.5) * scale), 0), last)
      if column == open {
        result[result.count - 1].merge(bucket)
      } else {
        result.append(bucket)
        open = column
      }
    }
  }

  /// The finest buckets that reach from the range's start to its end with at most two a column.
  private func source(for steps: ClosedRange<Int>, count: Int) -> Source? {
    guard let firstStep else { return nil }
    let start = max(firstStep, steps.lowerBound)
    var coarsest: Int?
    for index in levels.indices {
      if let first = levels[index].buckets.first, first.firstStep <= start {
        if Self.range(of: steps, in: levels[index].buckets).count <= 2 * count { return .level(index) }
        coarsest = index
      } else if let first = levels[index].head.first, let last = levels[index].head.last,
        first.firstStep <= start, last.lastStep >= steps.upperBound,
        Self.range(of: steps, in: levels[index].head).count <= 2 * count
      {
        return .head(index)
      }
    }
    return coarsest.map { .level($0) }
  }

  private static func overlaps(_ bucket: Bucket, _ steps: ClosedRange<Int>) -> Bool {
    bucket.lastStep >= steps.lowerBound && bucket.firstStep <= steps.upperBound
  }

  /// The buckets that overlap a range, by bisection.
  private static func range(of steps: ClosedRange<Int>, in buckets: [Bucket]) -> Range<Int> {
    func firstIndex(from low: Int, where isBeyond: (Bucket) -> Bool) -> Int {
      var (low, high) = (low, buckets.count)
      while low < high {
        let middle = (low + high) / 2
        if isBeyond(buckets[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let first = firstIndex(from: 0) { $0.lastStep >= steps.lowerBound }
    return first..<firstIndex(from: first) { $0.firstStep > steps.upperBound }
  }
}
