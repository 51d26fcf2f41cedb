/// A rule that came to hold.
public struct Alert: Codable, Sendable, Equatable {
  public var rule: AlertRule
  public var step: Int
  /// The metric's newest value.
  public var value: Double
  public init(rule: AlertRule, step: Int, value: Double) {
    self.rule = rule
    self.step = step
    self.value = value
  }
}

/// Watches reports and says which rules come to hold.
///
/// A pure state machine: the same reports give the same alerts. A rule fires once, and again only after its condition has
/// not held for a report.
public struct AlertMonitor: Sendable, Equatable {
  fileprivate struct Watch: Sendable, Equatable {
    var rule: AlertRule
    /// The first step of those for which the condition holds without a break.
    var since: Int?
    /// The last step that the metric was heard of.
    var last = Int.min
    var hasFired = false
  }

  private var watches: [Watch]

  public init(_ rules: [AlertRule]) { watches = rules.map { Watch(rule: $0) } }

  public var rules: [AlertRule] { watches.map(\.rule) }

  /// Takes in a report; returns the rules that come to hold with it, in the order in which they were given.
  ///
  /// A metric whose steps run backwards, as after a rewind, begins its counts anew; measurements beside the training may
  /// report older steps than the training does.
  public mutating func observe(_ report: MetricReport) -> [Alert] {
    var alerts: [Alert] = []
    for index in watches.indices {
      let rule = watches[index].rule
      guard let bucket = report.buckets[rule.metric] else { continue }
      if watches[index].take(bucket) {
        alerts.append(Alert(rule: rule, step: report.step, value: bucket.last))
      }
    }
    return alerts
  }
}

extension AlertMonitor.Watch {
  /// Returns whether the rule fires.
  fileprivate mutating func take(_ bucket: Bucket) -> Bool {
    if bucket.lastStep < last {
      since = nil
      hasFired = false
    }
    last = bucket.lastStep
    let isMet = rule.steps == 0 ? rule.isMet(byAnyOf: bucket) : rule.isMet(byAllOf: bucket)
    guard isMet else {
      since = nil
      hasFired = false
      return false
    }
    let first = since ?? bucket.firstStep
    since = first
    guard !hasFired, bucket.lastStep - first + 1 >= rule.steps else { return false }
    hasFired = true
    return true
  }
}
