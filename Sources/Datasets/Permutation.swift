/// A shuffle of 0 ..< count that is computed element by element: no table, so any epoch can be entered at any place.
///
/// A twelve-round Feistel network on just enough bits, walked along its cycle until it lands below `count`.
///
/// Reference: Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, section 4.
public struct Permutation: Sendable {
  public let count: Int
  private let leftBits: UInt64
  private let leftMask: UInt64
  private let rightMask: UInt64
  private let keys: SIMD16<UInt32>

  /// The order of epoch `epoch` under a seed; `purpose` keeps different uses of one seed apart.
  public init(count: Int, seed: UInt64, epoch: UInt64, purpose: UInt32 = 0) {
    self.count = max(0, count)
    // Four bits at least: on fewer, the rounds could not reach all orders.
    let bits = max(4, UInt64(Int.bitWidth - max(0, self.count - 1).leadingZeroBitCount))
    leftBits = bits / 2
    leftMask = (1 << leftBits) - 1
    rightMask = (1 << (bits - leftBits)) - 1
    let random = Philox(seed: seed)
    var keys = SIMD16<UInt32>()
    for group in 0..<3 {
      let words = random.block(
        SIMD4(
          UInt32(truncatingIfNeeded: epoch), UInt32(truncatingIfNeeded: epoch >> 32), UInt32(group),
          0x7065_726D ^ purpose))
      for word in 0..<4 { keys[4 * group + word] = words[word] }
    }
    self.keys = keys
  }

  /// The element at a place. A place outside 0 ..< count is taken modulo count.
  public subscript(place: Int) -> Int {
    guard count > 1 else { return 0 }
    var value = UInt64(bitPattern: Int64(place)) % UInt64(count)
    repeat { value = encrypt(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func encrypt(_ value: UInt64) -> UInt64 {
    var left = value & leftMask
    var right = value >> leftBits
    for round in stride(from: 0, to: 12, by: 2) {
      left ^= Self.mix(right, keys[round]) & leftMask
      right ^= Self.mix(left, keys[round + 1]) & rightMask
    }
    return right << leftBits | left
  }

  /// The finalizer of MurmurHash3 over the sum of value and key.
  private static func mix(_ value: UInt64, _ key: UInt32) -> UInt64 {
    var hash = value &+ UInt64(key) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }
}
