/// Writes protobuf's wire format: each field is a key (number and kind) and a value.
///
/// As in proto3, callers leave out fields of their default value.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ field: Int, varint value: UInt64) {
    key(field, .varint)
    varint(value)
  }

  /// Negative numbers take ten bytes, as protobuf's `int64` does.
  mutating func write(_ field: Int, _ value: Int) { write(field, varint: UInt64(bitPattern: Int64(value))) }

  mutating func write(_ field: Int, _ value: Double) {
    key(field, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ field: Int, _ value: Float) {
    key(field, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ field: Int, _ value: some Collection<UInt8>) {
    key(field, .bytes)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func write(_ field: Int, _ value: String) { write(field, value.utf8) }

  /// Writes a message inside this one.
  mutating func write(_ field: Int, message: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    message(&inner)
    write(field, inner.bytes)
  }

  private mutating func key(_ field: Int, _ kind: WireKind) { varint(UInt64(field) << 3 | UInt64(kind.rawValue)) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// How a field's value is laid out.
enum WireKind: UInt8 {
  case varint = 0
  case fixed64 = 1
  case bytes = 2
  case fixed32 = 5
}
