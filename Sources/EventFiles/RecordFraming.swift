/// How records lie in a file one after the other (TFRecord): the payload's length (8 bytes), the masked CRC-32C of these
/// 8 bytes, the payload, its masked CRC-32C; all little endian.
enum RecordFraming {
  static let headerSize = 12
  static let footerSize = 4
  /// What a record adds to its payload.
  static let overhead = headerSize + footerSize

  static func append(_ payload: [UInt8], to bytes: inout [UInt8]) {
    let length = bytes.count
    append(UInt64(payload.count), to: &bytes)
    append(CRC32C.masked(bytes[length...]), to: &bytes)
    bytes += payload
    append(CRC32C.masked(payload), to: &bytes)
  }

  /// What begins at a place of a file.
  enum Found: Equatable {
    /// A whole record, with its payload's place among the bytes.
    case record(Range<Int>)
    /// The beginning of a record; with the length of its payload where its header is there.
    case part(length: UInt64?)
    /// The checksum of a length, or of a payload, is another than the one beside it.
    case damaged
  }

  static func record(in bytes: [UInt8], at start: Int) -> Found {
    guard bytes.count - start >= headerSize else { return .part(length: nil) }
    guard CRC32C.masked(bytes[start..<start + 8]) == integer(UInt32.self, bytes, start + 8) else { return .damaged }
    let length = integer(UInt64.self, bytes, start)
    guard length <= UInt64(max(0, bytes.count - start - overhead)), bytes.count - start >= overhead else {
      return .part(length: length)
    }
    let payload = start + headerSize..<start + headerSize + Int(length)
    guard CRC32C.masked(bytes[payload]) == integer(UInt32.self, bytes, payload.upperBound) else { return .damaged }
    return .record(payload)
  }

  private static func integer<Value: FixedWidthInteger>(_: Value.Type, _ bytes: [UInt8], _ start: Int) -> Value {
    var value: Value = 0
    for index in 0..<MemoryLayout<Value>.size { value |= Value(bytes[start + index]) << Value(8 * index) }
    return value
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
