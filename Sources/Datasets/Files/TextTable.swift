/// The lines of a text file of numbers, cut into fields.
struct TextTable {
  let file: String
  private let bytes: [UInt8]
  private var place = 0
  private(set) var line = 0
  /// Found in the first line of data; a space stands for any run of blanks.
  private(set) var delimiter: UInt8?

  /// The most bytes of a text file.
  static let limit = 1 << 31

  init(file: String) throws(DatasetError) {
    self.file = file
    bytes = try ByteReader.contents(of: file, limit: Self.limit)
    // A byte order mark is no part of the first field.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  /// The fields of the next line that is neither empty nor a `#` comment; nil at the end.
  mutating func next() -> [String]? {
    while place < bytes.count {
      let start = place
      while place < bytes.count, bytes[place] != 0x0A { place += 1 }
      var content = bytes[start..<place]
      place += 1
      line += 1
      while let last = content.last, Self.isBlank(last) { content.removeLast() }
      while let first = content.first, Self.isBlank(first) { content.removeFirst() }
      guard let first = content.first, first != UInt8(ascii: "#") else { continue }
      let delimiter = delimiter ?? Self.delimiter(of: content)
      self.delimiter = delimiter
      return Self.split(content, delimiter)
    }
    return nil
  }

  /// The number in a field, counted from 1; finite or an error.
  func number(_ text: String, field: Int) throws(DatasetError) -> Double {
    // Where semicolons part the fields, commas are decimal ones.
    let decimal = delimiter == UInt8(ascii: ";") ? text.replacing(",", with: ".") : text
    guard let value = Double(decimal) else {
      throw .malformedLine(file: file, line: line, fault: .notANumber(field: field, text: Self.short(text)))
    }
    guard value.isFinite else {
      throw .malformedLine(
        file: file, line: line, fault: .outOfRange(field: field, text: Self.short(text), accepted: "finite"))
    }
    return value
  }

  /// A whole number in a range, or an error.
  func integer(_ text: String, field: Int, _ range: ClosedRange<Int>) throws(DatasetError) -> Int {
    let value = try number(text, field: field)
    guard let integer = Int(exactly: value), range.contains(integer) else {
      throw .malformedLine(
        file: file, line: line,
        fault: .outOfRange(
          field: field, text: Self.short(text),
          accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)"))
    }
    return integer
  }

  func wrongFieldCount(_ found: Int, expected: Int) -> DatasetError {
    .malformedLine(file: file, line: line, fault: .wrongFieldCount(found: found, expected: expected))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private static func delimiter(of line: ArraySlice<UInt8>) -> UInt8 {
    for candidate in [UInt8(ascii: ";"), UInt8(ascii: ","), 0x09] where line.contains(candidate) { return candidate }
    return 0x20
  }

  private static func split(_ line: ArraySlice<UInt8>, _ delimiter: UInt8) -> [String] {
    let parts =
      delimiter == 0x20
      ? line.split(whereSeparator: isBlank) : line.split(separator: delimiter, omittingEmptySubsequences: false)
    return parts.map { part in
      var part = part
      let isTrimmed: (UInt8) -> Bool = { isBlank($0) || $0 == UInt8(ascii: "\"") }
      while let first = part.first, isTrimmed(first) { part.removeFirst() }
      while let last = part.last, isTrimmed(last) { part.removeLast() }
      return String(decoding: part, as: UTF8.self)
    }
  }

  /// Enough of a field to find it by, on one line.
  private static func short(_ text: String) -> String {
    let clean = String(text.prefix(40).map { $0.unicodeScalars.allSatisfy { $0.value < 32 } ? " " : $0 })
    return text.count > 40 ? clean + "..." : clean
  }
}
