import Foundation
import Testing

@testable import Measures

@Suite struct ModeCoverageTests {
  @Test func perfectShare() throws {
    // P(chi^2_d < 9) from tables.
    for (dimension, share) in [
      (1, 0.997_300_2), (2, 0.988_891_0), (3, 0.970_709_1), (4, 0.938_900_5), (5, 0.890_935_8),
    ] {
      let mean = try points(dimension, Array(repeating: 0, count: dimension))
      #expect(abs(try MixtureModes(means: mean, deviation: 1).perfectShare - share) < 1e-6)
    }
  }

  @Test func perfectSampler() throws {
    for mixture in [try ringModes(), try gridModes()] {
      let coverage = try ModeCoverage(of: samples(of: mixture, count: 25_000, seed: 1), modes: mixture)
      #expect(coverage.covered == mixture.count && coverage.withMass == mixture.count)
      // A share p of n samples has the standard error sqrt(p (1 - p) / n).
      let error = (0.98889 * 0.01111 / 25_000).squareRoot()
      #expect(abs(coverage.highQuality - mixture.perfectShare) < 4 * error)
      let entropy = try #require(coverage.entropy)
      #expect(abs(entropy + coverage.entropyBias - coverage.maximumEntropy) < 1e-3)
      let divergence = try #require(coverage.reverseKL)
      #expect(abs(divergence - (coverage.maximumEntropy - entropy)) < 1e-12)
      #expect(coverage.histogram.count == mixture.count && coverage.modes == mixture.count)
    }
  }

  /// The floors of the literature's tables at 2,500 samples: .0013 for 8 modes, .0049 for 25.
  @Test func divergenceFloor() throws {
    for (mixture, floor) in [(try ringModes(), 0.0013), (try gridModes(), 0.0049)] {
      let values = try (1...10).map { seed in
        try #require(try ModeCoverage(of: samples(of: mixture, count: 2500, seed: seed), modes: mixture).reverseKL)
      }
      #expect(abs(values.reduce(0, +) / 10 - floor) < 0.0006)
    }
  }

  @Test func collapsedSamplers() throws {
    let ring = try ringModes()
    let one = try ModeCoverage(of: samples(of: ring, count: 2500, modes: [3], seed: 1), modes: ring)
    #expect(one.covered == 1 && one.withMass == 1 && one.entropy == 0 && one.entropyBias == 0)
    #expect(abs(try #require(one.reverseKL) - log(8)) < 1e-12)
    #expect(one.histogram[3] == one.highQualityCount)

    let half = try ModeCoverage(of: samples(of: ring, count: 2500, modes: [0, 2, 4, 6], seed: 1), modes: ring)
    #expect(half.covered == 4 && half.withMass == 4)
    #expect(abs(try #require(half.entropy) - log(4)) < 0.01)

    // Shrunken modes: all is of high quality, more than a perfect sampler's share.
    let point = try ModeCoverage(of: ring.means, modes: ring)
    #expect(point.covered == 8 && point.highQuality == 1)
    #expect(abs(try #require(point.entropy) - log(8)) < 1e-12)
  }

  @Test func aModeNeedsAFifthOfItsShare() throws {
    let mixture = try MixtureModes(means: points(1, [0, 10, 20, 30]), deviation: 0.1)
    func coverage(_ counts: [Int]) throws -> ModeCoverage {
      let values = counts.enumerated().flatMap { Array(repeating: Float($0.offset * 10), count: $0.element) }
      return try ModeCoverage(of: points(1, values), modes: mixture)
    }
    // A fifth of a quarter of 1,000 is 50.
    #expect(try coverage([900, 50, 50, 0]).withMass == 3)
    #expect(try coverage([901, 50, 49, 0]).withMass == 2)
    #expect(try coverage([901, 50, 49, 0]).covered == 3)
    // With unequal weights the share is smaller.
    let uneven = try MixtureModes(means: mixture.means, deviation: 0.1, weights: [90, 8, 1, 1])
    let values = [900, 80, 10, 10].enumerated().flatMap { Array(repeating: Float($0.offset * 10), count: $0.element) }
    let exact = try ModeCoverage(of: points(1, values), modes: uneven)
    #expect(exact.withMass == 4)
    #expect(abs(try #require(exact.reverseKL)) < 1e-12)
  }

  @Test func degenerate() throws {
    let ring = try ringModes()
    let none = try ModeCoverage(of: points(2, []), modes: ring)
    #expect(none.highQuality == 0 && none.entropy == nil && none.reverseKL == nil && none.withMass == 0)
    let far = try ModeCoverage(of: points(2, [9, 9, 3e38, -3e38]), modes: ring)
    #expect(far.highQuality == 0 && far.samples == 2 && far.nonFinite == 0)
    let dirty = try ModeCoverage(of: points(2, [2, 0, .nan, 0, 0, .infinity, 0, 2]), modes: ring)
    #expect(dirty.nonFinite == 2 && dirty.samples == 4 && dirty.highQuality == 0.5 && dirty.covered == 2)
    #expect(throws: MeasureError.dimensionMismatch(expected: 2, found: 3)) {
      try ModeCoverage(of: points(3, [1, 2, 3]), modes: ring)
    }
    // Exactly 3 deviations away is outside; the distance of one coordinate of float 0.06 from 2 is under or over by an ulp.
    let edge = try MixtureModes(means: points(1, [0]), deviation: 1)
    #expect(try ModeCoverage(of: points(1, [3, -3, 2.999_999]), modes: edge).highQualityCount == 1)
  }

  @Test func mixturesAreChecked() throws {
    let mean = try points(1, [0, 1])
    #expect(throws: MeasureError.noModes) { try MixtureModes(means: points(2, []), deviation: 1) }
    #expect(throws: MeasureError.noModes) { try MixtureModes(means: points(1, [.nan]), deviation: 1) }
    #expect(throws: MeasureError.deviationNotPositive(0)) { try MixtureModes(means: mean, deviation: 0) }
    #expect(throws: MeasureError.self) { try MixtureModes(means: mean, deviation: .nan) }
    #expect(throws: MeasureError.self) { try MixtureModes(means: mean, deviation: 1, weights: [1]) }
    #expect(throws: MeasureError.self) { try MixtureModes(means: mean, deviation: 1, weights: [1, 0]) }
    #expect(throws: MeasureError.self) { try MixtureModes(means: mean, deviation: 1, weights: [1, .nan]) }
    #expect(try MixtureModes(means: mean, deviation: 1, weights: [3, 1]).weights == [0.75, 0.25])
  }
}
