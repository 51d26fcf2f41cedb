/// Random numbers by counter: the n-th draw of a seed is a pure function of (seed, n).
///
/// The mixing function of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
/// For the draws of measures only; training has its own streams.
struct CounterGenerator: Sendable, Equatable {
  let seed: UInt64
  private(set) var counter: UInt64 = 0

  init(seed: UInt64) { self.seed = seed }

  mutating func next() -> UInt64 {
    counter &+= 1
    var bits = seed &+ counter &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Uniform in [0, 1).
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0..<bound; 0 when the bound is not positive.
  mutating func integer(below bound: Int) -> Int {
    bound > 0 ? min(bound - 1, Int(uniform() * Double(bound))) : 0
  }
}
