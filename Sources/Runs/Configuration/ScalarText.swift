/// The numbers and flags that plain YAML scalars spell, the same for every file and every YAML version.
///
/// Numbers are decimal, with an optional fraction and exponent (`2e-4`, `1e-3`, `.5`), and single underscores between
/// digits (`20_000`). What YAML's versions read differently is refused: leading zeros and `0o`, `0x` and `1:30` forms.
/// `on`, `yes`, `no` and `off` are not flags.
enum ScalarText {
  static func number(_ text: String) -> Double? {
    guard let digits = decimal(text), let value = Double(digits), value.isFinite else { return nil }
    return value
  }

  /// A whole number; `2e4` and `64.0` are whole.
  static func integer(_ text: String) -> Int? {
    guard let digits = decimal(text) else { return nil }
    if let value = Int(digits) { return value }
    guard let value = Double(digits), abs(value) < 0x1p53 else { return nil }
    return Int(exactly: value)
  }

  static func unsigned(_ text: String) -> UInt64? {
    guard let digits = decimal(text) else { return nil }
    return UInt64(digits) ?? integer(text).flatMap { UInt64(exactly: $0) }
  }

  static func flag(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// The number without its underscores; nil where the text is not a decimal number.
  private static func decimal(_ text: String) -> String? {
    guard text.utf8.count <= 64 else { return nil }
    var rest = Array(text.utf8)[...]
    var result = ""
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      if sign == UInt8(ascii: "-") { result = "-" }
      rest.removeFirst()
    }
    guard let whole = digits(&rest) else { return nil }
    if whole.count > 1, whole.hasPrefix("0") { return nil }
    result += whole.isEmpty ? "0" : whole
    var fraction = ""
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard let found = digits(&rest) else { return nil }
      fraction = found
      if !fraction.isEmpty { result += "." + fraction }
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    if let exponent = rest.first, exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") {
      rest.removeFirst()
      result += "e"
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        result += sign == UInt8(ascii: "-") ? "-" : ""
        rest.removeFirst()
      }
      guard let power = digits(&rest), !power.isEmpty else { return nil }
      result += power
    }
    return rest.isEmpty ? result : nil
  }

  /// Takes digits with single underscores between them; nil where an underscore stands elsewhere.
  private static func digits(_ rest: inout ArraySlice<UInt8>) -> String? {
    var result = ""
    var previousIsDigit = false
    while let byte = rest.first {
      if byte == UInt8(ascii: "_") {
        guard previousIsDigit else { return nil }
        previousIsDigit = false
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
        previousIsDigit = true
      } else {
        break
      }
      rest.removeFirst()
    }
    return result.isEmpty || previousIsDigit ? result : nil
  }
}
