import Tensors
import Testing

@Suite struct PhiloxTests {
  /// The known answers that the generator's authors publish for Philox4x32 with 10 rounds.
  @Test func knownAnswers() {
    let zero = Philox(key: (0, 0)).block((0, 0, 0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    let full = Philox(key: (ones, ones)).block((ones, ones, ones, ones))
    #expect(full == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(key: (0xa409_3822, 0x299f_31d0)).block((0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func keysDependOnSeedAndStream() {
    let keys = [
      Philox(seed: 1, stream: "a"), Philox(seed: 2, stream: "a"), Philox(seed: 1, stream: "b"),
      Philox(seed: 1, stream: ""),
    ]
    let words = keys.map { UInt64($0.key.0) | UInt64($0.key.1) << 32 }
    #expect(Set(words).count == 4)
    let again = Philox(seed: 1, stream: "a").key
    #expect(again == keys[0].key)
  }

  @Test func uniformStaysBelowOne() {
    #expect(Philox.uniform(0) == 0)
    #expect(Philox.uniform(.max) == 1 - 0x1p-24)
    #expect(Float(Philox.uniform(.max)) < 1)
  }

  @Test func normalIsFiniteAtTheEdges() {
    for first in [UInt32.min, 255, 256, .max] {
      for second in [UInt32.min, 1 << 30, 1 << 31, .max] {
        let (a, b) = Philox.normal(first, second)
        #expect(a.isFinite && b.isFinite)
      }
    }
    // The radius is that of the first word, whatever the angle.
    let (a, b) = Philox.normal(1 << 31, 12345 << 8)
    #expect((a * a + b * b - 2 * 0.693_147).magnitude < 1e-5)
  }

  @Test(arguments: [Random.Distribution.normal, .uniform]) func shorterDrawsArePrefixes(
    _ distribution: Random.Distribution
  ) {
    let generator = Philox(seed: 3, stream: "prefix")
    let long = generator.draw(distribution, count: 11, sample: 2, counter: 5, substep: 1)
    for count in 0...11 {
      let short = generator.draw(distribution, count: count, sample: 2, counter: 5, substep: 1)
      #expect(short == Array(long.prefix(count)))
    }
  }

  @Test func countersOfDifferentDrawsDiffer() {
    var seen: Set<[UInt32]> = []
    for block in 0..<3 {
      for sample in 0..<3 {
        for counter in [UInt64(0), 1, 1 << 32, 1 << 33] {
          for substep in UInt32(0)..<3 {
            let (a, b, c, d) = Philox.counter(block: block, sample: sample, counter: counter, substep: substep)
            #expect(seen.insert([a, b, c, d]).inserted)
          }
        }
      }
    }
  }
}
