import Models

/// What the value of a configuration key may be.
public enum ValueType: Sendable, Equatable {
  /// The name of a run: letters, digits, `-`, `_` and `.`, not starting with a dot or a dash, at most 64 characters.
  case name
  case path
  case flag
  case choice([String])
  case integer(ClosedRange<Int>)
  /// One of a few whole numbers.
  case integerChoice([Int])
  /// A list of whole numbers, each in the range.
  case integers(ClosedRange<Int>, maximumCount: Int)
  case number(NumberRange)
  /// A list of points `[x, y, weight]`.
  case drawing(maximumCount: Int)
  /// A whole number from 0 to 2^64 - 1.
  case seed
  /// Keys of its own. With `kinds`, the name of a kind alone stands for the section with that kind and its defaults.
  case section(kinds: [String])
  /// A list of sections, at most one of each kind.
  case list(kinds: [String])
  /// A list of alert rules, each a text.
  case rules
  /// A list of the layers of a network, each with its name first.
  case layers(kinds: [String])
  /// The key stands alone.
  case nothing

  init(_ accepted: ParameterSpecification.Accepted) {
    switch accepted {
    case .any: self = .number(.any)
    case .notNegative: self = .number(.notNegative)
    case .positive: self = .number(.positive)
    case .fraction: self = .number(.fraction)
    case .belowOne: self = .number(.belowOne)
    case .integer(let range): self = .integer(range)
    }
  }

  /// What would be accepted, as it ends the sentence "expected ...".
  public var accepted: String {
    switch self {
    case .name: "a name of up to 64 letters, digits, \"-\", \"_\" and \".\", starting with a letter or digit"
    case .path: "the path of a file or folder"
    case .flag: "true or false"
    case .choice(let words): words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .integerChoice(let numbers): listed(numbers.map(String.init), "or")
    case .integers(let range, let count):
      "a list of at most \(count) whole numbers from \(range.lowerBound) to \(range.upperBound), such as [128, 128]"
    case .number(let range): range.accepted
    case .drawing(let count):
      "a list of 1 to \(count) points [x, y, weight] with finite coordinates and weights above 0, such as [[0, 1, 1]]"
    case .seed: "a whole number from 0 to \(UInt64.max)"
    case .section(let kinds): kinds.isEmpty ? "a mapping of keys" : "a mapping with a kind: \(listed(kinds, "or"))"
    case .layers(let kinds):
      "a list of layers such as [{ dense: 128, activation: relu }] of \(listed(kinds, "and"))"
    case .nothing: "nothing, for the name stands alone"
    case .list(let kinds):
      "a list such as [{ kind: \(kinds.first ?? "...") }] of \(listed(kinds, "and")), or []"
    case .rules: "a list of rules such as [\"entropy/modes < 1.0 for 500 steps -> pause\"], or []"
    }
  }
}

/// An interval of numbers; a nil end is open to infinity.
public struct NumberRange: Sendable, Equatable {
  public var lower: Double?
  public var includesLower: Bool
  public var upper: Double?
  public var includesUpper: Bool

  public static let positive = NumberRange(lower: 0, includesLower: false, upper: nil, includesUpper: false)
  public static let notNegative = NumberRange(lower: 0, includesLower: true, upper: nil, includesUpper: false)
  public static let any = NumberRange(lower: nil, includesLower: false, upper: nil, includesUpper: false)
  /// [0, 1].
  public static let fraction = NumberRange(lower: 0, includesLower: true, upper: 1, includesUpper: true)
  /// [0, 1).
  public static let belowOne = NumberRange(lower: 0, includesLower: true, upper: 1, includesUpper: false)

  /// [lower, upper].
  public static func from(_ lower: Double, to upper: Double) -> NumberRange {
    NumberRange(lower: lower, includesLower: true, upper: upper, includesUpper: true)
  }

  /// Whether a finite number lies in the interval; NaN and infinities never do.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    if let lower, includesLower ? value < lower : value <= lower { return false }
    if let upper, includesUpper ? value > upper : value >= upper { return false }
    return true
  }

  var accepted: String {
    let from = lower.map { includesLower ? "of at least \(decimal($0))" : "above \(decimal($0))" }
    let to = upper.map { includesUpper ? "at most \(decimal($0))" : "below \(decimal($0))" }
    switch (from, to) {
    case (nil, nil): return "a finite number"
    case (let from?, nil): return "a number \(from)"
    case (nil, let to?): return "a number \(to)"
    case (let from?, let to?): return "a number \(from) and \(to)"
    }
  }
}
