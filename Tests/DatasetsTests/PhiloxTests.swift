import Foundation
import Testing

@testable import Datasets

@Suite struct PhiloxTests {
  /// The known answers that ship with Random123 (kat_vectors, philox4x32 10).
  @Test func knownAnswers() {
    let ones = UInt32.max
    #expect(
      Philox(key: SIMD2(0, 0)).block(SIMD4(0, 0, 0, 0))
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      Philox(key: SIMD2(ones, ones)).block(SIMD4(ones, ones, ones, ones))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      Philox(key: SIMD2(0xA409_3822, 0x299F_31D0)).block(SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344))
        == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test(arguments: [0, 5, 0xFFFF_FFFC, 0xFFFF_FFFF_FFFF_FFFE] as [UInt64])
  func lanesEqualTheScalarGenerator(position: UInt64) {
    let seed: UInt64 = 0x0123_4567_89AB_CDEF
    let lanes = PhiloxLanes(seed: seed, stream: 77, position: position).block(3)
    for lane in 0..<8 {
      let here = position &+ UInt64(lane)
      // The counter's high word counts on within a group of eight; past 2^64 nobody goes.
      guard here >= position else { continue }
      let block = Philox(seed: seed).block(
        SIMD4(UInt32(truncatingIfNeeded: here), UInt32(here >> 32), 3, 77))
      #expect(block == SIMD4(lanes.0[lane], lanes.1[lane], lanes.2[lane], lanes.3[lane]))
    }
  }

  @Test func vectorFunctionsAgreeWithTheLibrary() {
    var random = SplitMix(state: 3)
    for _ in 0..<500 {
      var words = Words()
      for lane in 0..<8 { words[lane] = UInt32.random(in: 0 ... .max, using: &random) }
      let (sine, cosine) = sineCosine(ofTurns: words)
      let u = uniform(words)
      var turns = Floats()
      for lane in 0..<8 { turns[lane] = (u[lane] - 0.5) * 40 }
      let (sine2, cosine2) = sineCosine(ofTurns: turns)
      let logs = logarithm(u + Float(1e-7))
      for lane in 0..<8 {
        let angle = 2 * Double.pi * Double(words[lane]) / 4_294_967_296
        #expect(abs(Double(sine[lane]) - sin(angle)) < 1e-6)
        #expect(abs(Double(cosine[lane]) - cos(angle)) < 1e-6)
        let angle2 = 2 * Double.pi * Double(turns[lane])
        #expect(abs(Double(sine2[lane]) - sin(angle2)) < 2e-6)
        #expect(abs(Double(cosine2[lane]) - cos(angle2)) < 2e-6)
        let exact = log(Double(u[lane] + Float(1e-7)))
        #expect(abs(Double(logs[lane]) - exact) <= 3e-7 * max(1, abs(exact)))
      }
    }
    let edges = logarithm(Floats(1, 0.5, 2, 0x1p-23, 0x1p-126, 1.5, 0.7071068, 3e38))
    for (lane, x) in [1, 0.5, 2, 0x1p-23, 0x1p-126, 1.5, 0.7071068, 3e38].enumerated() {
      #expect(abs(Double(edges[lane]) - log(Double(Float(x)))) < 1e-5)
    }
    let quarters = sineCosine(ofTurns: Words(0, 1 << 30, 2 << 30, 3 << 30, 0, 0, 0, 0))
    #expect([quarters.sine[0], quarters.sine[1], quarters.sine[2], quarters.sine[3]] == [0, 1, 0, -1])
    #expect([quarters.cosine[0], quarters.cosine[1], quarters.cosine[2], quarters.cosine[3]] == [1, 0, -1, 0])
  }

  @Test(arguments: [0, 1, 2, 3, 15, 16, 17, 100, 1000, 4096])
  func permutationsReachEveryElementOnce(count: Int) {
    for epoch in [0, 1, UInt64.max] {
      let order = Permutation(count: count, seed: 9, epoch: epoch)
      #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
    }
  }

  @Test func permutationsDifferAndAreFair() {
    let a = Permutation(count: 1000, seed: 1, epoch: 0)
    let b = Permutation(count: 1000, seed: 1, epoch: 1)
    let c = Permutation(count: 1000, seed: 2, epoch: 0)
    let ordersOfA = (0..<1000).map { a[$0] }
    #expect(ordersOfA != (0..<1000).map { b[$0] })
    #expect(ordersOfA != (0..<1000).map { c[$0] })
    #expect(ordersOfA == (0..<1000).map { Permutation(count: 1000, seed: 1, epoch: 0)[$0] })
    // All 24 orders of four elements come up about equally often: chi-squared with 23 degrees of freedom, p > 1e-4.
    var counts: [[Int]: Int] = [:]
    let epochs = 4800
    for epoch in 0..<epochs {
      let order = Permutation(count: 4, seed: 5, epoch: UInt64(epoch))
      counts[(0..<4).map { order[$0] }, default: 0] += 1
    }
    #expect(counts.count == 24)
    let expected = Double(epochs) / 24
    let chi = counts.values.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chi < 56)
  }
}
