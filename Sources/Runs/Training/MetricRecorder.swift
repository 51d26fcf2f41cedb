import Foundation
import Telemetry

/// Gathers metrics between two reports: a bucket for each, updated in place, so a step costs no allocation.
struct MetricRecorder {
  private let ids: [MetricID]
  private var buckets: [Bucket?]
  /// The last value of every metric that was ever recorded.
  private(set) var last: [MetricID: Double] = [:]

  init(_ ids: [MetricID]) {
    self.ids = ids
    buckets = Array(repeating: nil, count: ids.count)
  }

  /// Records a step's values in the order of the ids.
  mutating func record(step: Int, _ values: [Float]) {
    for index in values.indices {
      let value = Double(values[index])
      if buckets[index] == nil {
        buckets[index] = Bucket(step: step, value: value)
      } else {
        buckets[index]?.merge(Bucket(step: step, value: value))
      }
    }
  }

  /// The report of everything since the last one.
  mutating func report(step: Int, elapsed: Double, adding extra: [MetricID: Double]) -> MetricReport {
    var result: [MetricID: Bucket] = [:]
    for (index, bucket) in buckets.enumerated() {
      guard let bucket else { continue }
      result[ids[index]] = bucket
      last[ids[index]] = bucket.last
      buckets[index] = nil
    }
    for (id, value) in extra {
      result[id] = Bucket(step: step, value: value)
      last[id] = value
    }
    return MetricReport(step: step, elapsed: elapsed, buckets: result, time: Date().timeIntervalSince1970)
  }
}
