/// Philox4x32-10, a counter-based random generator: every block of four words is a pure function of key and counter.
///
/// Ten rounds of `(hi(M0 c0), lo(M0 c0)), (hi(M1 c2), lo(M1 c2))` mixed with a Weyl sequence of keys.
///
/// Reference: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, section 3.3.
public struct Philox: Sendable {
  public var key: SIMD2<UInt32>

  public init(key: SIMD2<UInt32>) {
    self.key = key
  }

  /// The low word of the seed is the key's first word.
  public init(seed: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// The four words at a counter.
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p0 = UInt64(c[0]) &* 0xD251_1F53
      let p1 = UInt64(c[2]) &* 0xCD9E_8D57
      c = SIMD4(
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0))
      k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
    }
    return c
  }
}

typealias Words = SIMD8<UInt32>
typealias Floats = SIMD8<Float>

/// Eight Philox blocks side by side: lane i belongs to the i-th of eight consecutive samples.
struct PhiloxLanes {
  let key: SIMD2<UInt32>
  let low: Words
  let high: Words
  let stream: UInt32

  /// The counter of lane i is (position + i, block number, stream), so a sample's words do not depend on its batch.
  @inline(__always)
  init(seed: UInt64, stream: UInt32, position: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let first = Words(repeating: UInt32(truncatingIfNeeded: position))
    let lane = Words(0, 1, 2, 3, 4, 5, 6, 7)
    low = first &+ lane
    let carry = Words(repeating: 0).replacing(with: 1, where: low .< first)
    high = Words(repeating: UInt32(truncatingIfNeeded: position >> 32)) &+ carry
    self.stream = stream
  }

  /// Block `number` of each lane's sample: four words a lane.
  @inline(__always)
  func block(_ number: UInt32) -> (Words, Words, Words, Words) {
    var c0 = low, c1 = high, c2 = Words(repeating: number), c3 = Words(repeating: stream)
    var k0 = key[0], k1 = key[1]
    for _ in 0..<10 {
      let (h0, l0) = multiplyWide(c0, 0xD251_1F53)
      let (h1, l1) = multiplyWide(c2, 0xCD9E_8D57)
      c0 = h1 ^ c1 ^ Words(repeating: k0)
      c1 = l1
      c2 = h0 ^ c3 ^ Words(repeating: k1)
      c3 = l0
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }
}

/// High and low halves of the 64-bit products.
@inline(__always)
func multiplyWide(_ a: Words, _ b: UInt32) -> (high: Words, low: Words) {
  // Even and odd lanes apart, as 64-bit products: the form that compiles to one vector multiplication each.
  let wide = unsafeBitCast(a, to: SIMD4<UInt64>.self)
  let mask = SIMD4<UInt64>(repeating: 0xFFFF_FFFF)
  let factor = SIMD4<UInt64>(repeating: UInt64(b))
  let even = (wide & mask) &* factor
  let odd = (wide &>> 32) &* factor
  let high = (even &>> 32) | (odd & ~mask)
  let low = (even & mask) | (odd &<< 32)
  return (unsafeBitCast(high, to: Words.self), unsafeBitCast(low, to: Words.self))
}
