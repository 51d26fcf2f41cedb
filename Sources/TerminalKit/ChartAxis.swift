import Foundation

/// How one direction of a chart maps values to 0...1, and where its ticks stand.
struct ChartAxis {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool
  var unit = ChartUnit.number
  /// Where 0 is, and how much 1 is beyond it: logarithms, or half the values, so that an axis as wide as all numbers does
  /// not overflow.
  private let origin: Double
  private let span: Double

  /// An axis over finite bounds in any order; equal bounds are spread so that the value lies in the middle.
  init(lower: Double, upper: Double, isLogarithmic: Bool = false) {
    var (low, high) = (min(lower, upper), max(lower, upper))
    if isLogarithmic {
      low = max(low, .leastNormalMagnitude)
      high = max(high, low)
      if high / low < 1 + 1e-9 {
        low = max(low / 2, .leastNormalMagnitude)
        high = min(high * 2, .greatestFiniteMagnitude)
      }
    } else if high - low <= max(abs(high) * 1e-12, .leastNormalMagnitude) {
      // Subnormal numbers are as good as zero: halved below, they would leave nothing to divide by.
      let spread = abs(high) < .leastNormalMagnitude ? 1 : abs(high) * 0.05
      low = max(low - spread, -.greatestFiniteMagnitude)
      high = min(high + spread, .greatestFiniteMagnitude)
    }
    self.lower = low
    self.upper = high
    self.isLogarithmic = isLogarithmic
    origin = isLogarithmic ? log(low) : low / 2
    span = (isLogarithmic ? log(high) : high / 2) - origin
  }

  /// The place of a value: 0 at the lower end, 1 at the upper; outside 0...1 for values out of view.
  ///
  /// On a logarithmic axis, values that are not positive have no place.
  func place(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if isLogarithmic {
      guard value > 0 else { return nil }
      return (log(value) - origin) / span
    }
    return (value / 2 - origin) / span
  }

  /// `place` for drawing: NaN where there is none.
  @inline(__always)
  func position(_ value: Double) -> Double {
    isLogarithmic ? value > 0 ? (log(value) - origin) / span : .nan : (value / 2 - origin) / span
  }

  /// The value at a place, the inverse of `place`.
  func value(at place: Double) -> Double {
    if isLogarithmic { return exp(origin + place * span) }
    return lower * (1 - place) + upper * place
  }

  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  /// Round values in view, at most `limit` of them: multiples of 1, 2 or 5 times a power of ten, or powers of ten.
  func ticks(atMost limit: Int) -> [Tick] {
    guard limit > 0 else { return [] }
    if let ticks = unit.ticks(lower: lower, upper: upper, isLogarithmic: isLogarithmic, atMost: limit) { return ticks }
    let values = isLogarithmic ? logarithmicTicks(atMost: limit) : linearTicks(atMost: limit)
    return zip(values, Self.labels(values)).map { Tick(value: $0, label: $1) }
  }

  private func linearTicks(atMost limit: Int) -> [Double] {
    let span = upper / 2 - lower / 2
    guard span > 0 else { return [lower] }
    var exponent = log10(span / Double(limit)).rounded(.down) - 1
    // The smallest round step that does not give too many.
    while exponent < 309 {
      for factor in [1.0, 2, 5] {
        let step = factor * pow(10, exponent)
        guard step.isNormal, step >= 1 || unit != .count else { continue }
        let first = (lower / step).rounded(.up)
        let last = (upper / step).rounded(.down)
        guard last - first < Double(limit) else { continue }
        guard last >= first else { return [] }
        return stride(from: first, through: last, by: 1).map { index in
          // Divided where the step is a fraction: 3 * 0.1 is not 0.3.
          index == 0 ? 0 : exponent < 0 && exponent > -300 ? index * factor / pow(10, -exponent) : index * step
        }
      }
      exponent += 1
    }
    // An axis as wide as all numbers has no round step.
    return lower <= 0 && upper >= 0 ? [0] : []
  }

  private func logarithmicTicks(atMost limit: Int) -> [Double] {
    let first = log10(lower).rounded(.up)
    let last = log10(upper).rounded(.down)
    let powers = stride(from: first, through: last, by: 1)
    let count = Int(last - first) + 1
    // With room to spare, 2 and 5 between the powers of ten.
    if count <= limit {
      let values = stride(from: first - 1, through: last, by: 1)
        .flatMap { power in [1.0, 2, 5].map { $0 * pow(10, power) } }.filter(isInView)
      if values.count < 3 { return ChartAxis(lower: lower, upper: upper).linearTicks(atMost: limit) }
      if values.count <= limit { return values }
    }
    guard count >= 2 else { return ChartAxis(lower: lower, upper: upper).linearTicks(atMost: limit) }
    let stepping = (count + limit - 1) / limit
    return powers.enumerated().filter { $0.offset % stepping == 0 }.map { pow(10, $0.element) }.filter(isInView)
  }

  private func isInView(_ value: Double) -> Bool {
    value.isFinite && value >= lower * (1 - 1e-9) && value <= upper * (1 + 1e-9)
  }

  /// Labels of four digits, or of as many as it takes to tell neighbours apart; then in full, as `1000.0004`.
  static func labels(_ values: [Double]) -> [String] {
    for digits in 4...15 {
      let labels = values.map { formatted($0, digits: digits, isShort: digits == 4) }
      // Each label has to mean its own tick, not only to differ: 1.0005 must not be written 1.001.
      let isExact = zip(values, labels).allSatisfy { value, label in parsed(label).map { near($0, value) } ?? true }
      if isExact && Set(labels).count == labels.count { return labels }
    }
    return values.map { formatted($0) }
  }

  private static func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }

  private static func parsed(_ label: String) -> Double? {
    let scales: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    if let last = label.last, let scale = scales[last] { return Double(label.dropLast()).map { $0 * scale } }
    return Double(label)
  }
}
