/// The median of a stream over its whole length, in bounded memory.
///
/// Keeps every s-th value, at most 128; when they are full, every other one goes and s doubles. A slow explosion therefore
/// stands out from the beginning of the run, where a short window would have moved along with it.
struct RunningMedian: Sendable, Equatable, Codable {
  private static let capacity = 128
  private var values: [Double] = []
  private var interval = 1
  private var skipped = 0
  /// Values seen.
  private(set) var count = 0

  /// Non-finite values are ignored.
  mutating func append(_ value: Double) {
    guard value.isFinite else { return }
    count += 1
    skipped += 1
    guard skipped >= interval else { return }
    skipped = 0
    values.append(value)
    guard values.count >= Self.capacity else { return }
    values = stride(from: 1, to: values.count, by: 2).map { values[$0] }
    interval *= 2
  }

  /// Nil before the first value.
  var median: Double? { values.isEmpty ? nil : Measures.median(values) }
}
