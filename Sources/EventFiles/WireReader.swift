/// Why bytes are no message in protobuf's wire format.
enum WireError: Error, Equatable {
  /// A field reaches beyond the end of its message.
  case truncated
  /// A number of more than 64 bits.
  case oversizedNumber
  /// A field of number 0, or of a kind that is none (or a group, which no message that we read has).
  case badKey
}

/// One field of a message.
struct WireField {
  let number: UInt64
  let kind: WireKind
  /// The value of a number.
  var bits: UInt64 = 0
  /// The place of bytes, a text, a message, or packed numbers.
  var range = 0..<0

  var integer: Int? { kind == .varint ? Int(Int64(bitPattern: bits)) : nil }
  var double: Double? { kind == .fixed64 ? Double(bitPattern: bits) : nil }
  var float: Float? { kind == .fixed32 ? Float(bitPattern: UInt32(bits)) : nil }
}

/// Reads protobuf's wire format field by field; never beyond the message's end, whatever it says.
struct WireReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  /// - Parameter range: of the message, within the bytes.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position == end }
  var count: Int { end - position }

  /// The message inside this one that a field is; nil for a field of another kind.
  func message(_ field: WireField) -> WireReader? {
    field.kind == .bytes ? WireReader(bytes, field.range) : nil
  }

  func bytes(_ field: WireField) -> [UInt8]? { field.kind == .bytes ? Array(bytes[field.range]) : nil }

  /// Bytes that are no UTF-8 become replacement characters.
  func text(_ field: WireField) -> String? {
    field.kind == .bytes ? String(decoding: bytes[field.range], as: UTF8.self) : nil
  }

  /// The next field; nil at the end.
  mutating func next() throws(WireError) -> WireField? {
    guard position < end else { return nil }
    let key = try varint()
    guard key >> 3 > 0, let kind = WireKind(rawValue: UInt8(key & 7)) else { throw .badKey }
    var field = WireField(number: key >> 3, kind: kind)
    switch kind {
    case .varint: field.bits = try varint()
    case .fixed64: field.bits = try fixed(8)
    case .fixed32: field.bits = try fixed(4)
    case .bytes:
      let length = try varint()
      guard length <= UInt64(end - position) else { throw .truncated }
      field.range = position..<position + Int(length)
      position = field.range.upperBound
    }
    return field
  }

  /// A number of up to 64 bits, seven of them a byte.
  mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw .truncated }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw .oversizedNumber }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .oversizedNumber
  }

  /// A number of `count` bytes, little endian.
  mutating func fixed(_ count: Int) throws(WireError) -> UInt64 {
    guard end - position >= count else { throw .truncated }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }
}
