import Foundation

/// Results as text for people.
public struct BenchmarkTable {
  private var hasHeader = false

  public init() {}

  /// A line of the table, after its head the first time.
  public mutating func row(_ result: StepResult) -> String {
    let line = Self.columns(
      result.workload, result.precision, "\(result.threads)", Self.number(result.millisecondsPerStep),
      Self.number(result.p90), Self.number(result.floor), String(format: "%.2f", result.efficiency),
      String(format: "%.0f %%", 100 * result.peakShare), Self.number(result.compileMilliseconds),
      result.allocations.map { Self.number($0) } ?? "-", result.libraryAllocations.map { Self.number($0) } ?? "-",
      String(format: "%.0f", result.peakMegabytes))
    guard !hasHeader else { return line }
    hasHeader = true
    return Self.columns(
      "workload", "precision", "threads", "ms/step", "p90", "floor", "efficiency", "of peak", "compile ms", "allocs",
      "library's", "peak MB") + "\n" + line
  }

  /// Where the time of a step goes, and what its floor is made of.
  public static func details(_ result: StepResult) -> String {
    var lines = ["  by kind, ms"]
    lines += result.kinds.map { "    \(pad(number($0.milliseconds), 9))  \($0.name)" }
    lines.append("  by layer, ms")
    lines += result.layers.prefix(24).map { "    \(pad(number($0.milliseconds), 9))  \($0.name)" }
    lines.append("  the floor's primitives: calls, ms a call, GFLOP/s")
    lines += result.primitives.map {
      "    \(pad("\($0.count)", 3)) \(pad(number($0.milliseconds), 9)) \(pad(String(format: "%.0f", $0.gigaflops), 6))  \($0.name)"
    }
    lines.append(String(format: "  a large f32 product: %.0f GFLOP/s", result.peakGigaflops))
    return lines.joined(separator: "\n")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && value < 1e6
      ? String(format: "%.0f", value) : String(format: value < 10 ? "%.4f" : "%.1f", value)
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func columns(_ texts: String...) -> String {
    let widths = [-10, -9, 7, 9, 9, 9, 10, 7, 10, 6, 9, 7]
    return zip(texts, widths).map { text, width in
      width < 0 ? text + String(repeating: " ", count: max(0, -width - text.count)) : pad(text, width)
    }.joined(separator: " ")
  }
}

extension StepResult {
  /// One line; numbers that could not be had are null.
  public var json: String {
    func number(_ value: Double?) -> String {
      guard let value, value.isFinite else { return "null" }
      return String(format: "%.6g", value)
    }
    func object(_ entries: [(name: String, milliseconds: Double)]) -> String {
      "{" + entries.map { "\"\($0.name)\": \(number($0.milliseconds))" }.joined(separator: ", ") + "}"
    }
    let fields: [(String, String)] = [
      ("workload", "\"\(workload)\""), ("precision", "\"\(precision)\""), ("ms_per_step", number(millisecondsPerStep)),
      ("p90_ms", number(p90)), ("floor_ms", number(floor)), ("efficiency", number(efficiency)),
      ("compile_ms", number(compileMilliseconds)), ("allocations_per_step", number(allocations)),
      ("library_allocations_per_step", number(libraryAllocations)), ("peak_rss_mb", number(peakMegabytes)),
      ("threads", "\(threads)"), ("share_of_peak", number(peakShare)), ("ms_by_kind", object(kinds)),
      ("ms_by_layer", object(layers)),
    ]
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }
}
