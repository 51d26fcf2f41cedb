import Foundation

/// A number in at most four significant digits: `0.6931`, `12.35`, `1.234k`, `5.6M`, `2e-4`, `nan`, `-inf`.
public func formatted(_ value: Double) -> String { formatted(value, digits: 4) }

/// A number in at most `digits` significant digits, 1 to 17.
/// - Parameter isShort: whether 1234 is 1.234k.
public func formatted(_ value: Double, digits: Int, isShort: Bool = true) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  if value == 0 { return "0" }
  // Rounded first: 999.96 has to become 1k, not 1000.
  guard let rounded = Double(printed(value, "%.\(digits - 1)e")) else { return "\(value)" }
  let magnitude = abs(rounded)
  if magnitude < 1e-3 || magnitude >= 1e15 || magnitude.isInfinite { return exponential(value, digits: digits) }
  let units: [(scale: Double, suffix: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")]
  let unit = units.first { magnitude >= $0.scale && (isShort || magnitude >= 1e9) } ?? (1, "")
  let scaled = rounded / unit.scale
  let decimals = max(0, digits - 1 - Int(log10(max(abs(scaled), 1e-3)).rounded(.down)))
  return trimmed(printed(scaled, "%.\(decimals)f")) + unit.suffix
}

/// A number as `printf` has it: Foundation's formats cost ten times as much, and a frame has a hundred numbers.
private func printed(_ value: Double, _ format: String) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
    guard let start = buffer.baseAddress else { return "\(value)" }
    let count = withVaList([value]) { vsnprintf(start, buffer.count, format, $0) }
    guard count > 0, count < buffer.count else { return "\(value)" }
    return String(cString: start)
  }
}

/// A duration as a person says it: `0s`, `42s`, `3m 05s`, `1h 02m`, `2d 03h`.
public func formatDuration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "--" }
  guard seconds > 0 else { return "0s" }
  if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded()))ms" }
  // Beyond what Int holds nobody reads minutes.
  guard seconds < 1e15 else { return "\(formatted(seconds / 86400))d" }
  let total = Int(seconds.rounded())
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  if total < 60 { return "\(total)s" }
  if total < 3600 { return "\(total / 60)m \(two(total % 60))s" }
  if total < 86400 { return "\(total / 3600)h \(two(total / 60 % 60))m" }
  return "\(total / 86400)d \(two(total / 3600 % 24))h"
}

/// An exponent without padding: `2e-4`, `1.234e-5`.
private func exponential(_ value: Double, digits: Int) -> String {
  let text = printed(value, "%.\(digits - 1)e")
  guard let split = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: split)...]) else { return text }
  return trimmed(String(text[..<split])) + "e\(exponent)"
}

/// Without zeros at the end of a fraction.
private func trimmed(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var result = Substring(text)
  while result.last == "0" { result.removeLast() }
  if result.last == "." { result.removeLast() }
  return String(result)
}
