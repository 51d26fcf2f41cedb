import Foundation

/// Puts messages together from the pieces in which they arrive.
struct MessageReader {
  let limit: Int
  private var bytes: [UInt8] = []
  /// Where the first message that was not taken begins.
  private var start = 0

  init(limit: Int) { self.limit = limit }

  /// Whether a message has begun and not ended.
  var isInsideMessage: Bool { start < bytes.count }

  mutating func append(_ piece: some Collection<UInt8>) {
    if start > 1 << 16 || start == bytes.count {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: piece)
  }

  /// Reads what has arrived, once.
  /// - Returns: whether the other side is still there.
  mutating func fill(from descriptor: Int32, atMost size: Int) -> Bool {
    var isOpen = true
    let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let result = read(descriptor, buffer.baseAddress, size)
      count = max(0, result)
      if result == 0 { isOpen = false }
      if result < 0, errno != EAGAIN, errno != EINTR { isOpen = false }
    }
    append(piece)
    return isOpen
  }

  /// The next whole message; nil until there is one.
  /// - Throws: `AttachError.oversized`, `AttachError.malformed`; what follows cannot be told apart then.
  mutating func next() throws(AttachError) -> Data? {
    let body = start + Wire.headerLength
    guard bytes.count >= body else { return nil }
    let length = bytes[start..<body].reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw .oversized(bytes: length, limit: limit) }
    guard length > 0 else { throw .malformed("no bytes") }
    guard bytes.count >= body + length else { return nil }
    start = body + length
    return Data(bytes[body..<start])
  }
}
