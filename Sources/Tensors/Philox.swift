#if canImport(Glibc)
  import Glibc
#endif

/// The counter-based generator Philox4x32-10 of Salmon et al. 2011.
public struct Philox: Sendable {
  public let key: (UInt32, UInt32)

  public init(key: (UInt32, UInt32)) { self.key = key }

  /// The generator of a named stream: the key is a 64-bit hash (FNV-1a, then SplitMix64's finalizer) of seed and name.
  public init(seed: UInt64, stream: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for shift in stride(from: 0, to: 64, by: 8) { hash = (hash ^ (seed >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3 }
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    hash ^= hash >> 31
    key = (UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// The four words of one counter.
  public func block(_ counter: (UInt32, UInt32, UInt32, UInt32)) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(c0) * 0xD251_1F53
      let p1 = UInt64(c2) * 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// The counter of an element block: (block within the sample, sample, run counter, run counter's high bits and sub-step).
  public static func counter(block: Int, sample: Int, counter: UInt64, substep: UInt32) -> (
    UInt32, UInt32, UInt32, UInt32
  ) {
    (
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: counter),
      UInt32(truncatingIfNeeded: counter >> 32) << 16 ^ substep
    )
  }

  /// A word as a number in 0 ..< 1, by its upper 24 bits.
  public static func uniform(_ word: UInt32) -> Double { Double(word >> 8) * 0x1p-24 }

  /// Two independent normal numbers of two words: Box and Muller's transform.
  public static func normal(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    // The first uniform is shifted into (0, 1] so its logarithm is finite.
    let radius = (-2 * log((Double(first >> 8) + 1) * 0x1p-24)).squareRoot()
    let angle = 2 * Double.pi * uniform(second)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// `count` numbers of a distribution for a sample of a draw.
  public func draw(_ distribution: Random.Distribution, count: Int, sample: Int, counter: UInt64, substep: UInt32)
    -> [Double]
  {
    var values: [Double] = []
    values.reserveCapacity(count + 3)
    for block in 0..<(count + 3) / 4 {
      let words = self.block(Self.counter(block: block, sample: sample, counter: counter, substep: substep))
      switch distribution {
      case .uniform:
        values += [Self.uniform(words.0), Self.uniform(words.1), Self.uniform(words.2), Self.uniform(words.3)]
      case .normal:
        let (a, b) = Self.normal(words.0, words.1)
        let (c, d) = Self.normal(words.2, words.3)
        values += [a, b, c, d]
      }
    }
    return Array(values.prefix(count))
  }
}
