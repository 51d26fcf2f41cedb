/// Checks of parameters, with the sentence that a wrong one deserves.
enum Parameter {
  static func positive(_ value: Double, dataset: String, key: String) throws(DatasetError) {
    try within(value, 1e-6...1e6, dataset: dataset, key: key)
  }

  static func within(
    _ value: Double, _ range: ClosedRange<Double>, dataset: String, key: String
  ) throws(DatasetError) {
    guard range.contains(value) else {
      throw .invalidParameter(
        dataset: dataset, key: key, value: text(value),
        accepted: "a number from \(text(range.lowerBound)) to \(text(range.upperBound))")
    }
  }

  static func count(_ value: Int, _ range: ClosedRange<Int>, dataset: String, key: String) throws(DatasetError) {
    guard range.contains(value) else {
      throw .invalidParameter(
        dataset: dataset, key: key, value: String(value),
        accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  static func channels(_ value: Int, dataset: String) throws(DatasetError) {
    guard value == 1 || value == 3 else {
      throw .invalidParameter(
        dataset: dataset, key: "channels", value: String(value), accepted: "1 (gray) or 3 (colour)")
    }
  }

  /// A number as a person writes it: 2 rather than 2.0.
  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
