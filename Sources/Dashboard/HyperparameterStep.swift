import Foundation
import Telemetry
import TerminalKit

/// Where one key press takes a hyperparameter.
///
/// Logarithmic ones move along preferred numbers, ten to a decade (R10 of ISO 3), so that ten presses are a decade; ten
/// times finer is a factor of 10^(1/100), ten times coarser a factor of 10. Linear ones move by a round twentieth of their
/// range, integers by one. Decays near one (a linear range that ends just below 1) move along 0.9, 0.95, 0.98, 0.99, ...
enum HyperparameterStep {
  private static let preferred = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8]
  private static let complements = [1.0, 2, 5]

  /// The value after a press; the same where the range ends.
  static func value(after value: Double, of hyperparameter: Hyperparameter, direction: Int, stride: Stride) -> Double {
    let lower = hyperparameter.minimum
    let upper = hyperparameter.maximum
    guard value.isFinite, lower <= upper else { return value }
    var next: Double
    switch hyperparameter.scale {
    case .logarithmic: next = logarithmic(value, hyperparameter, direction, stride)
    case .linear:
      if hyperparameter.isInteger {
        next = value + Double(direction) * (stride == .coarse ? 10 : 1)
      } else if isDecay(hyperparameter), value > 0.9 || (direction > 0 && value >= 0.9) {
        next = decay(value, direction, stride)
      } else {
        next = linear(value, hyperparameter, direction, stride)
      }
    }
    if hyperparameter.isInteger {
      next = next.rounded()
      if next == value { next += Double(direction) }
    }
    return min(max(next, lower), upper)
  }

  private static func isDecay(_ hyperparameter: Hyperparameter) -> Bool {
    hyperparameter.minimum >= 0 && hyperparameter.maximum > 0.99 && hyperparameter.maximum < 1
  }

  private static func logarithmic(
    _ value: Double, _ hyperparameter: Hyperparameter, _ direction: Int, _ stride: Stride
  ) -> Double {
    // The smallest step from zero: a millionth of the range where zero is in it.
    let floor = hyperparameter.minimum > 0 ? hyperparameter.minimum : hyperparameter.maximum * 1e-6
    if value < floor || (value == floor && direction < 0) {
      return direction > 0 ? floor : min(value, hyperparameter.minimum)
    }
    switch stride {
    case .coarse: return tidy(value * pow(10, Double(direction)), digits: 6)
    case .fine: return tidy(value * pow(10, Double(direction) / 100), digits: 3, unequalTo: value)
    case .normal: return neighbour(of: value, among: preferred, direction: direction)
    }
  }

  /// The next of the numbers `factors` times a power of ten, at least 8 % away.
  private static func neighbour(of value: Double, among factors: [Double], direction: Int) -> Double {
    let decade = log10(value).rounded(.down)
    let candidates = [-2.0, -1, 0, 1, 2].flatMap { offset in
      factors.map { tidy($0 * pow(10, decade + offset), digits: 6) }
    }
    return direction > 0
      ? candidates.first { $0 > value * 1.08 } ?? value : candidates.last { $0 < value / 1.08 } ?? value
  }

  private static func decay(_ value: Double, _ direction: Int, _ stride: Stride) -> Double {
    let rest = max(1 - value, 1e-9)
    let next: Double =
      switch stride {
      case .coarse: rest * pow(10, Double(-direction))
      case .fine: rest * pow(10, Double(-direction) / 10)
      case .normal: neighbour(of: rest, among: complements, direction: -direction)
      }
    return tidy(1 - tidy(min(next, 1), digits: 3), digits: 12)
  }

  private static func linear(
    _ value: Double, _ hyperparameter: Hyperparameter, _ direction: Int, _ stride: Stride
  ) -> Double {
    var step = round(hyperparameter.maximum - hyperparameter.minimum, parts: 20)
    switch stride {
    case .fine: step /= 10
    case .coarse: step *= 10
    case .normal: break
    }
    guard step > 0, step.isFinite else { return value }
    // From one multiple of the step to the next, so that values stay round.
    let place = value / step
    let next = direction > 0 ? (place + 1e-6).rounded(.down) + 1 : (place - 1e-6).rounded(.up) - 1
    return tidy(next * step, digits: 12)
  }

  /// A part of a range, rounded to 1, 2 or 5 times a power of ten.
  private static func round(_ range: Double, parts: Double) -> Double {
    let wanted = range / parts
    guard wanted > 0, wanted.isFinite else { return 0 }
    let decade = pow(10, log10(wanted).rounded(.down))
    return ([1.0, 2, 5, 10].last { $0 * decade <= wanted * 1.01 } ?? 1) * decade
  }

  /// A number rounded to decimal digits, the double nearest to what a person would write.
  private static func tidy(_ value: Double, digits: Int, unequalTo other: Double? = nil) -> Double {
    for digits in digits...max(digits, 15) {
      guard let tidied = Double(String(format: "%.\(digits - 1)e", value)) else { return value }
      if tidied != other { return tidied }
    }
    return value
  }
}

/// Why a typed value is refused.
public enum EntryError: Error, Equatable, CustomStringConvertible {
  case notANumber(String)
  case notWhole(title: String, value: Double)
  case outOfRange(title: String, value: Double, minimum: Double, maximum: Double)

  public var description: String {
    switch self {
    case .notANumber(let text): "\"\(text)\" is not a number: write it like 0.0002 or 2e-4"
    case .notWhole(let title, let value): "\(title) takes whole numbers, not \(formatted(value))"
    case .outOfRange(let title, let value, let minimum, let maximum):
      "\(title) takes \(formatted(minimum)) to \(formatted(maximum)), not \(formatted(value))"
    }
  }
}

extension Hyperparameter {
  /// The value that a person typed.
  func value(typed text: String) throws(EntryError) -> Double {
    let isPlain = text.allSatisfy { "0123456789.eE+-".contains($0) }
    guard isPlain, let value = Double(text), value.isFinite else { throw .notANumber(text) }
    if isInteger, value != value.rounded() { throw .notWhole(title: title, value: value) }
    guard value >= minimum, value <= maximum else {
      throw .outOfRange(title: title, value: value, minimum: minimum, maximum: maximum)
    }
    return value
  }

  /// The value as the panel and the log write it: all digits of an integer, else up to six significant ones.
  func text(of value: Double) -> String {
    if isInteger, abs(value) < 1e15 { return grouped(Int(value.rounded())) }
    return decimalText(value)
  }
}

/// A number in up to six significant digits without units: `2e-4`, `0.999999`, `12.5`.
func decimalText(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return formatted(value) }
  let magnitude = abs(value)
  if magnitude < 1e-3 || magnitude >= 1e6 {
    let text = String(format: "%.5e", value)
    guard let split = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: split)...]) else {
      return text
    }
    return trimmed(String(text[..<split])) + "e\(exponent)"
  }
  // Enough places to tell 0.999999 from 1.
  let decimals = magnitude < 1 ? 6 : 5 - Int(log10(magnitude).rounded(.down))
  return trimmed(String(format: "%.\(max(0, decimals))f", value))
}

/// Without zeros at the end of a fraction.
private func trimmed(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var result = Substring(text)
  while result.last == "0" { result.removeLast() }
  if result.last == "." { result.removeLast() }
  return String(result)
}

/// A whole number with commas between thousands.
func grouped(_ value: Int) -> String {
  let digits = String(value.magnitude)
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
    result.append(digit)
  }
  return value < 0 ? "-" + result : result
}

/// A share as a percentage of three digits.
func percentText(_ share: Double) -> String {
  share.isFinite ? String(format: abs(share) < 0.9995 ? "%.1f%%" : "%.0f%%", share * 100) : formatted(share)
}
