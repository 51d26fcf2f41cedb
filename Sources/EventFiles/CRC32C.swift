/// The checksum of records: CRC-32C, the polynomial of Castagnoli, reflected: 0x82F63B78 (RFC 3720, appendix B.4).
enum CRC32C {
  /// Eight tables, so that eight bytes are taken in at once: entry 256 k + b is what byte b does from k bytes before the
  /// end.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<8 * 256 {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    bytes.withContiguousStorageIfAvailable(checksum) ?? Array(bytes).withUnsafeBufferPointer(checksum)
  }

  private static func checksum(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var value = ~UInt32(0)
      var index = 0
      let raw = UnsafeRawBufferPointer(bytes)
      while index + 8 <= raw.count {
        let low = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt32.self)) ^ value
        let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self))
        value =
          tables[0x700 | Int(low & 0xFF)] ^ tables[0x600 | Int(low >> 8 & 0xFF)]
          ^ tables[0x500 | Int(low >> 16 & 0xFF)] ^ tables[0x400 | Int(low >> 24)]
        value ^=
          tables[0x300 | Int(high & 0xFF)] ^ tables[0x200 | Int(high >> 8 & 0xFF)]
          ^ tables[0x100 | Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
        index += 8
      }
      while index < raw.count {
        value = value >> 8 ^ tables[Int((value ^ UInt32(raw[index])) & 0xFF)]
        index += 1
      }
      return ~value
    }
  }

  /// The checksum as records store it: rotated right by 15 bits, plus 0xA282EAD8, so that the checksum of data that
  /// hold checksums stays a good one.
  static func masked(_ bytes: some Collection<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
