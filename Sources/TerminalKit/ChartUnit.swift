import Foundation

/// What the x axis of a chart counts; it decides which values are round and how they are written.
public enum ChartUnit: Hashable, Sendable {
  case number
  /// Whole numbers, such as steps.
  case count
  /// Seconds, written as durations.
  case seconds
  /// Seconds since 1970, written as a time of day so many seconds east of Greenwich, or as a day.
  case date(secondsFromGMT: Int)
}

extension ChartUnit {
  /// Steps between ticks of seconds: what a clock or a calendar divides into.
  private static let roundSeconds: [Double] =
    [1, 2, 5, 10, 15, 30] + [1, 2, 5, 10, 15, 30].map { $0 * 60 } + [1, 2, 3, 6, 12].map { $0 * 3600 }
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map { $0 * 86400 }

  /// The ticks of an axis that counts seconds, at most `limit`; nil where plain numbers are the better ones.
  func ticks(lower: Double, upper: Double, isLogarithmic: Bool, atMost limit: Int) -> [ChartAxis.Tick]? {
    guard self != .number, self != .count, limit > 0, upper > lower, abs(lower) < 1e12, abs(upper) < 1e12 else {
      return nil
    }
    if isLogarithmic {
      let inView = Self.roundSeconds.filter { $0 >= lower && $0 <= upper }
      guard inView.count >= 2 else { return nil }
      let stepping = (inView.count + limit - 1) / limit
      return inView.enumerated().filter { $0.offset % stepping == 0 }.map { tick($0.element, step: 1) }
    }
    let offset = if case .date(let secondsFromGMT) = self { Double(secondsFromGMT) } else { 0.0 }
    for step in Self.roundSeconds {
      let first = ((lower + offset) / step).rounded(.up)
      let last = ((upper + offset) / step).rounded(.down)
      guard last - first < Double(limit) else { continue }
      guard last >= first else { return nil }
      let values = stride(from: first, through: last, by: 1).map { $0 * step - offset }
      // Between two seconds there is no round time of day.
      return values.count >= 2 || step > 1 ? values.map { tick($0, step: step) } : nil
    }
    return nil
  }

  private func tick(_ value: Double, step: Double) -> ChartAxis.Tick {
    ChartAxis.Tick(value: value, label: text(value, step: step))
  }

  /// A value as text, as exact as `step` needs.
  public func text(_ value: Double, step: Double = 1) -> String {
    switch self {
    case .number, .count: formatted(value)
    case .seconds: Self.duration(value)
    case .date(let secondsFromGMT):
      value.isFinite && abs(value) < 1e12 ? Self.timeOfDay(value + Double(secondsFromGMT), step: step) : "--"
    }
  }

  /// `0`, `30s`, `1m30s`, `2h`, `1d3h`: the two largest parts that are there.
  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "--" }
    if seconds == 0 { return "0" }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 10, seconds != seconds.rounded() { return formatted(seconds, digits: 3) + "s" }
    let whole = Int(seconds.rounded())
    func pair(_ unit: Int, _ name: String, _ part: Int, _ partName: String) -> String {
      let rest = whole % unit / part
      return "\(whole / unit)\(name)" + (rest == 0 ? "" : "\(rest)\(partName)")
    }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return pair(60, "m", 1, "s") }
    if whole < 86400 { return pair(3600, "h", 60, "m") }
    return pair(86400, "d", 3600, "h")
  }

  private static func timeOfDay(_ seconds: Double, step: Double) -> String {
    let whole = Int(seconds.rounded(.down))
    let day = whole >= 0 ? whole / 86400 : (whole - 86399) / 86400
    let rest = whole - day * 86400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if step >= 86400 { return date(day: day) }
    let minutes = "\(two(rest / 3600)):\(two(rest % 3600 / 60))"
    return step < 60 ? "\(minutes):\(two(rest % 60))" : minutes
  }

  /// `21 Nov` of a day since 1 January 1970, by the Gregorian calendar's cycles of 400 years from 1 March 0000.
  private static func date(day: Int) -> String {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let names = ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
    return "\(dayOfYear - (153 * month + 2) / 5 + 1) \(names[min(max(month, 0), 11)])"
  }
}
