/// All that a viewer remembers of a run: its metrics, and what was done to it.
///
/// A run stores it beside its checkpoints, so that a resumed run's charts begin where it began.
public struct RunHistory: Codable, Sendable, Equatable {
  /// The most edits, checkpoints and verdicts that are remembered, each; older ones are dropped.
  public static let markCapacity = 4096

  public private(set) var metrics: [MetricID: History] = [:]
  public private(set) var edits: [Edit] = []
  public private(set) var checkpoints: [CheckpointRecord] = []
  /// Each change of a verdict, oldest first.
  public private(set) var verdicts: [Verdict] = []
  /// The last step that was heard of.
  public private(set) var step = 0
  /// Seconds of training so far.
  public private(set) var elapsed = 0.0
  /// Seconds of training at each reported step.
  public private(set) var clock: History
  /// Seconds since 1970 at each reported step; empty where the trainer did not tell them.
  public private(set) var wallClock: History
  private let capacity: Int

  /// - Parameter capacity: the most buckets that one level of a metric's history keeps.
  public init(capacity: Int = History.defaultCapacity) {
    self.capacity = capacity
    clock = History(capacity: capacity)
    wallClock = History(capacity: capacity)
  }

  private enum CodingKeys: String, CodingKey {
    case metrics, edits, checkpoints, verdicts, step, elapsed, clock, wallClock, capacity
  }

  /// Histories of before there were clocks are read too.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(capacity: try container.decode(Int.self, forKey: .capacity))
    metrics = try container.decode([MetricID: History].self, forKey: .metrics)
    edits = try container.decode([Edit].self, forKey: .edits)
    checkpoints = try container.decode([CheckpointRecord].self, forKey: .checkpoints)
    verdicts = try container.decode([Verdict].self, forKey: .verdicts)
    step = try container.decode(Int.self, forKey: .step)
    elapsed = try container.decode(Double.self, forKey: .elapsed)
    clock = try container.decodeIfPresent(History.self, forKey: .clock) ?? clock
    wallClock = try container.decodeIfPresent(History.self, forKey: .wallClock) ?? wallClock
  }

  /// The history of a metric, empty where it was never reported.
  public subscript(id: MetricID) -> History { metrics[id] ?? History(capacity: capacity) }

  /// The verdicts that hold now, the most severe first, then the newest.
  public var activeVerdicts: [Verdict] {
    var latest: [Verdict.Kind: Verdict] = [:]
    for verdict in verdicts { latest[verdict.kind] = verdict }
    return latest.values.filter(\.isActive).sorted { first, second in
      if first.severity != second.severity { return first.severity == .critical }
      return (first.step, first.kind.rawValue) > (second.step, second.kind.rawValue)
    }
  }

  /// Takes in what an event says about the past; other events change nothing.
  public mutating func take(_ event: Event) {
    switch event {
    case .metrics(let report):
      // A measurement that ran beside training reports an older step.
      step = max(step, report.step)
      elapsed = max(elapsed, report.elapsed)
      Self.append(report.elapsed, at: report.step, to: &clock)
      if let time = report.time { Self.append(time, at: report.step, to: &wallClock) }
      for (id, bucket) in report.buckets { metrics[id, default: History(capacity: capacity)].append(bucket) }
    case .state(_, let step):
      self.step = step
    case .edited(let edit):
      Self.append(edit, to: &edits)
    case .checkpointed(let record):
      Self.append(record, to: &checkpoints)
    case .verdict(let verdict):
      Self.append(verdict, to: &verdicts)
    case .history(let earlier): self = earlier
    case .described, .panel, .message, .alert, .moment, .branched, .reply, .wheel: break
    }
  }

  /// Forgets what came after a step, as when a run goes back to a checkpoint.
  public mutating func truncate(after step: Int) {
    for id in metrics.keys { metrics[id]?.truncate(after: step) }
    clock.truncate(after: step)
    wallClock.truncate(after: step)
    edits.removeAll { $0.step > step }
    checkpoints.removeAll { $0.step > step }
    verdicts.removeAll { $0.step > step }
    self.step = min(self.step, step)
  }

  /// Forgets what some metrics said of the steps after a step, as when one of several programs goes back.
  public mutating func truncate(after step: Int, _ isGone: (MetricID) -> Bool) {
    for id in metrics.keys where isGone(id) { metrics[id]?.truncate(after: step) }
    self.step = metrics.values.compactMap(\.lastStep).max() ?? 0
  }

  /// A late measurement's report is of a step that the clock has already.
  private static func append(_ seconds: Double, at step: Int, to clock: inout History) {
    guard seconds.isFinite, clock.lastStep.map({ $0 < step }) ?? true else { return }
    clock.append(Bucket(step: step, value: seconds))
  }

  private static func append<Mark>(_ mark: Mark, to marks: inout [Mark]) {
    if marks.count >= markCapacity { marks.removeFirst(markCapacity / 4) }
    marks.append(mark)
  }
}
