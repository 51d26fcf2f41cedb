import Telemetry

/// What rules would have done in a run that is over, or so far.
public enum AlertDryRun {
  /// The alerts that rules would have raised, by step.
  ///
  /// Exact to the width of the history's buckets: old steps are remembered in coarser ones, with their extremes.
  ///
  /// - Parameters:
  ///   - rules: what to look for; a metric that was never reported raises nothing.
  ///   - history: what the run reported.
  public static func alerts(of rules: [AlertRule], in history: RunHistory) -> [Alert] {
    rules.flatMap { rule in
      let metric = history[rule.metric]
      guard let first = metric.firstStep, let last = metric.lastStep, first <= last else { return [Alert]() }
      var monitor = AlertMonitor([rule])
      return metric.columns(steps: first...last, count: 1 << 20).flatMap { bucket in
        monitor.observe(MetricReport(step: bucket.lastStep, elapsed: 0, buckets: [rule.metric: bucket]))
      }
    }
    .sorted { ($0.step, $0.rule.description) < ($1.step, $1.rule.description) }
  }

  /// The rules whose metric the run never reported.
  public static func unknown(among rules: [AlertRule], in history: RunHistory) -> [AlertRule] {
    rules.filter { history[$0.metric].isEmpty }
  }
}
