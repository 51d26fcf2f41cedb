import Telemetry

/// A moment of a run in memory.
struct RewindPoint: Sendable {
  let checkpoint: Checkpoint
  /// The edit that followed it, where it was kept for that.
  var edit: Edit?
  /// The edit's number in the ledger.
  var editNumber: Int?
  /// Bytes of its tensors.
  let byteCount: Int

  init(_ checkpoint: Checkpoint, edit: Edit? = nil, editNumber: Int? = nil) {
    self.checkpoint = checkpoint
    self.edit = edit
    self.editNumber = editNumber
    byteCount = checkpoint.tensors.values.reduce(0) { $0 + $1.bytes.count }
  }
}

/// Moments of a run in memory, the newest dense and the oldest sparse.
///
/// Where there is no room, the moment goes whose neighbours are closest to each other, measured by its age: gaps grow with
/// the age, so that each doubling of it keeps every second one. The oldest and the newest stay, and what an undo of the
/// last edit needs.
struct CheckpointRing: Sendable {
  /// Bytes of tensors at most.
  let budget: Int
  /// More moments than a person walks through are of no use.
  static let capacity = 128
  /// Edits at one moment that can be undone.
  static let editCapacity = 64

  private(set) var points: [RewindPoint] = []

  init(budget: Int) { self.budget = budget }

  /// Whether nothing is ever kept.
  var isOff: Bool { budget <= 0 }

  /// Bytes of all tensors: points of the same counters share theirs.
  var byteCount: Int { moments.reduce(0) { $0 + points[$1.lowerBound].byteCount } }

  /// The point before the newest edit that can be undone.
  var lastEdit: RewindPoint? { points.last { $0.edit != nil } }

  /// A checkpoint of the same moment, whose tensors may be shared.
  func twin(of counters: TrainingCounters) -> Checkpoint? {
    points.last.flatMap { $0.checkpoint.counters == counters ? $0.checkpoint : nil }
  }

  mutating func append(_ point: RewindPoint) {
    guard !isOff else { return }
    points.append(point)
    thin()
  }

  /// Forgets the points from an edit's on, and keeps the moment before it.
  mutating func goBack(beforeEdit number: Int) {
    guard let index = points.lastIndex(where: { $0.editNumber == number }) else { return }
    points.removeSubrange((index + 1)...)
    points[index].edit = nil
    points[index].editNumber = nil
  }

  /// Forgets what came after a checkpoint.
  mutating func truncate(after checkpoint: Checkpoint) {
    let kept = (checkpoint.step, checkpoint.ledger ?? 0)
    points.removeAll { ($0.checkpoint.step, $0.checkpoint.ledger ?? 0) > kept }
  }

  /// Ranges of points that hold the same state, oldest first.
  var moments: [Range<Int>] {
    var result: [Range<Int>] = []
    for index in points.indices {
      if let last = result.last, points[last.lowerBound].checkpoint.counters == points[index].checkpoint.counters {
        result[result.count - 1] = last.lowerBound..<index + 1
      } else {
        result.append(index..<index + 1)
      }
    }
    return result
  }

  private mutating func thin() {
    var moments = self.moments
    if let last = moments.last, last.count > Self.editCapacity {
      points.removeSubrange(last.lowerBound..<last.upperBound - Self.editCapacity)
      moments = self.moments
    }
    var bytes = moments.reduce(0) { $0 + points[$1.lowerBound].byteCount }
    while let newest = moments.last, bytes > budget || moments.count > Self.capacity {
      let victim = self.victim(moments) ?? newest
      bytes -= points[victim.lowerBound].byteCount
      points.removeSubrange(victim)
      moments = self.moments
    }
  }

  /// The moment that is missed least; nil where all are needed.
  private func victim(_ moments: [Range<Int>]) -> Range<Int>? {
    func step(_ moment: Range<Int>) -> Double { Double(points[moment.lowerBound].checkpoint.step) }
    guard let newest = moments.last else { return nil }
    let edited = points.lastIndex { $0.edit != nil }
    func isNeeded(_ moment: Range<Int>) -> Bool { edited.map(moment.contains) ?? false }
    var best: (moment: Range<Int>, score: Double)?
    for index in moments.indices.dropFirst().dropLast() where !isNeeded(moments[index]) {
      let gap = step(moments[index + 1]) - step(moments[index - 1])
      let age = max(1, step(newest) - step(moments[index]))
      let isEdited = points[moments[index]].contains { $0.edit != nil }
      let score = gap / age * (isEdited ? 4 : 1)
      if best.map({ score < $0.score }) ?? true { best = (moments[index], score) }
    }
    // With room for two or three only, the oldest goes first, then the newest: an undo is worth more.
    return best?.moment ?? moments.first { !isNeeded($0) }
  }
}
