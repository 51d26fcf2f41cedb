import Foundation

/// A value of a report: a number, a word, or several under names.
public indirect enum MeasureValue: Sendable, Equatable, Encodable {
  case number(Double)
  case integer(Int)
  case text(String)
  case list([MeasureValue])
  case object([String: MeasureValue])

  /// Numbers that are not finite are null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value) where value.isFinite: try container.encode(value)
    case .number: try container.encodeNil()
    case .integer(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }

  /// As people read it: four decimals at most, or as many digits.
  var text: String {
    switch self {
    case .number(let value):
      if !value.isFinite { return value.isNaN ? "none" : (value < 0 ? "-infinite" : "infinite") }
      if value != 0, abs(value) < 0.001 { return String(format: "%.2e", value) }
      return String(format: abs(value) < 100 ? "%.4f" : "%.2f", value)
    case .integer(let value): return "\(value)"
    case .text(let value): return value
    case .list(let values): return values.map(\.text).joined(separator: " ")
    case .object: return ""
    }
  }

  /// Puts a value under a path of names.
  mutating func set(_ path: ArraySlice<String>, to value: MeasureValue) {
    guard let name = path.first else {
      self = value
      return
    }
    var members: [String: MeasureValue] = [:]
    if case .object(let old) = self { members = old }
    var member = members[name] ?? .object([:])
    member.set(path.dropFirst(), to: value)
    members[name] = member
    self = .object(members)
  }
}

/// One quantity of a measure.
public struct MeasureLine: Sendable, Equatable {
  /// Its place in the JSON object of the measure.
  public var path: [String]
  /// What it is, for people.
  public var title: String
  public var value: MeasureValue
  public var unit: String
  /// From how many samples, and against what.
  public var note: String

  init(_ path: String..., title: String, _ value: MeasureValue, unit: String = "", note: String = "") {
    self.path = path
    self.title = title
    self.value = value
    self.unit = unit
    self.note = note
  }
}

extension MeasureLine {
  /// A list is too wide for the column of values and stands behind it.
  fileprivate var withoutList: MeasureLine {
    guard case .list = value else { return self }
    var line = self
    line.note = value.text + (note.isEmpty ? "" : "  (\(note))")
    line.value = .text("")
    return line
  }
}

/// What a measure found.
public struct MeasureResult: Sendable, Equatable {
  public var kind: MeasureKind
  public var lines: [MeasureLine]

  /// All quantities, nested.
  public var value: MeasureValue {
    var value = MeasureValue.object([:])
    for line in lines { value.set(line.path[...], to: line.value) }
    return value
  }
}

/// A measure that could not be made, and why.
public struct MeasureFailure: Sendable, Equatable {
  public var kind: MeasureKind
  public var reason: String
}

/// What was measured, of what and with what.
public struct MeasureReport: Sendable, Equatable {
  /// What was measured: a run or a file.
  public var subject: [String: MeasureValue]
  public var parameters: [String: MeasureValue]
  /// The judge that was asked; nil where none was needed.
  public var judge: [String: MeasureValue]?
  public var results: [MeasureResult]
  /// What was not asked for by name and failed, with the reason.
  public var failures: [MeasureFailure] = []

  /// One object, keys in alphabetical order.
  public func json() throws -> String {
    var members: [String: MeasureValue] = [
      "subject": .object(subject), "parameters": .object(parameters),
      "measures": .object(Dictionary(results.map { ($0.kind.rawValue, $0.value) }) { first, _ in first }),
    ]
    if let judge { members["judge"] = .object(judge) }
    if !failures.isEmpty {
      members["failures"] = .object(
        Dictionary(failures.map { ($0.kind.rawValue, .text($0.reason)) }) { first, _ in first })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(MeasureValue.object(members)), as: UTF8.self)
  }

  /// A table: a line a quantity, values on the right edge of their column; then what failed, and how good the judge is.
  public var table: String {
    let lines = results.flatMap { result in
      result.lines.enumerated().map { index, line in
        (name: index == 0 ? result.kind.rawValue : "", line: line.withoutList)
      }
    }
    let widths = (
      name: lines.map(\.name.count).max() ?? 0, title: lines.map(\.line.title.count).max() ?? 0,
      value: lines.map(\.line.value.text.count).max() ?? 0, unit: lines.map(\.line.unit.count).max() ?? 0
    )
    func spaces(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) }
    let rows = lines.map { name, line in
      let value = line.value.text
      let row =
        name + spaces(name, widths.name) + "  " + line.title + spaces(line.title, widths.title) + "  "
        + spaces(value, widths.value) + value + "  " + line.unit + spaces(line.unit, widths.unit) + "  " + line.note
      return String(row.reversed().drop { $0 == " " }.reversed())
    }
    let judged = judge?["accuracy"].map { "judge: accuracy \($0.text) on held-out data" }
    return (rows + failures.map { "\($0.kind.rawValue)  not measured: \($0.reason)" } + (judged.map { [$0] } ?? []))
      .joined(separator: "\n")
  }
}
