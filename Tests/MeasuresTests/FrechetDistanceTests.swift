import Foundation
import Testing

@testable import Measures

@Suite struct FrechetDistanceTests {
  @Test func equalsSciPy() throws {
    var draws = Sampler(seed: 1)
    for (index, (first, second, dimension, shift)) in [(40, 50, 6, 0.3), (300, 200, 20, 0.1)].enumerated() {
      let a = try draws.features(first, dimension)
      let b = try draws.features(second, dimension, shift: shift)
      let expected = ReferenceNumbers.frechet[index]
      #expect(isNear(try frechetDistance(generated: a, real: b), expected))
      #expect(isNear(try frechetDistance(generated: b, real: a), expected))
    }
  }

  /// Both covariances are singular, and their null spaces differ.
  @Test func fewerSamplesThanFeatures() throws {
    var draws = Sampler(seed: 2)
    let a = try draws.features(12, 30)
    let b = try draws.features(15, 30, shift: 0.3)
    #expect(isNear(try frechetDistance(generated: a, real: b), ReferenceNumbers.frechetOfFew, 1e-7))
    #expect(isNear(try frechetDistance(generated: b, real: a), ReferenceNumbers.frechetOfFew, 1e-7))
    #expect(try frechetDistance(generated: a, real: a) < 1e-7)
  }

  @Test func closedForm() throws {
    // Of commuting covariances: sum of (m - n)^2 + (s - t)^2.
    let a = try GaussianStatistics(mean: [0, 1, -2], covariance: [4, 0, 0, 0, 9, 0, 0, 0, 0], count: 10)
    let b = try GaussianStatistics(mean: [1, 1, 1], covariance: [1, 0, 0, 0, 25, 0, 0, 0, 4], count: 30)
    #expect(isNear(try frechetDistance(a, b), 1 + 9 + 1 + 4 + 4, 1e-12))
    #expect(try frechetDistance(a, a) == 0)
  }

  @Test func degenerate() throws {
    let same = try points(3, Array(repeating: 4, count: 30))
    #expect(try frechetDistance(generated: same, real: same) == 0)
    let moved = try map(same) { $0 + 1 }
    #expect(try frechetDistance(generated: same, real: moved) == 3)
    let spread = try normalPoints(count: 50, dimension: 3, seed: 2)
    // A point against a spread: the distance of the means and the whole variance.
    let statistics = try GaussianStatistics(of: spread)
    let covariance = statistics.covariance
    let means = statistics.mean.reduce(0) { $0 + ($1 - 4) * ($1 - 4) }
    let expected = means + covariance[0] + covariance[4] + covariance[8]
    #expect(isNear(try frechetDistance(generated: same, real: spread), expected, 1e-7))
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) {
      try frechetDistance(generated: points(2, [1, 2]), real: points(2, [1, 2, 3, 4]))
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) { try GaussianStatistics(of: points(2, [])) }
    #expect(throws: MeasureError.dimensionMismatch(expected: 3, found: 1)) {
      try frechetDistance(generated: same, real: points(1, [1, 2]))
    }
    #expect(throws: MeasureError.nonFinite(what: "features", count: 2)) {
      try frechetDistance(generated: points(2, [1, .nan, .infinity, 0]), real: points(2, [1, 2, 3, 4]))
    }
    #expect(throws: MeasureError.countMismatch(what: "covariances", expected: 4, found: 1)) {
      try GaussianStatistics(mean: [0, 0], covariance: [1], count: 5)
    }
  }

  @Test func statisticsMerge() throws {
    let all = try normalPoints(count: 500, dimension: 4, seed: 3)
    let whole = try GaussianStatistics(of: all)
    var merged = try GaussianStatistics(of: all.prefix(1))
    for range in [1..<3, 3..<200, 200..<500] {
      merged = try merged.merged(with: GaussianStatistics(of: all.rows(Array(0..<500)[range])))
    }
    #expect(merged.count == 500)
    for (a, b) in zip(merged.mean, whole.mean) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(merged.covariance, whole.covariance) { #expect(abs(a - b) < 1e-12) }
    #expect(whole.covariance[1] == whole.covariance[4])
    #expect(throws: MeasureError.dimensionMismatch(expected: 4, found: 2)) {
      try whole.merged(with: GaussianStatistics(of: points(2, [1, 2])))
    }
    let stored = try JSONEncoder().encode(whole)
    #expect(try JSONDecoder().decode(GaussianStatistics.self, from: stored) == whole)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        GaussianStatistics.self, from: Data(#"{"count": 4, "mean": [1, 2], "scatter": [1]}"#.utf8))
    }
  }

  /// A rotation changes nothing, and all components of the real data are one.
  @Test func inPrincipalComponents() throws {
    let real = try normalPoints(count: 300, dimension: 5, seed: 1)
    let generated = try map(normalPoints(count: 300, dimension: 5, seed: 2)) { 0.5 * $0 + 1 }
    let distance = try frechetDistance(generated: generated, real: real)
    let all = try PrincipalComponents(fitting: real, components: 5)
    #expect(isNear(try frechetDistance(generated: generated, real: real, in: all), distance, 1e-5))
    let few = try PrincipalComponents(fitting: real, components: 2)
    let less = try frechetDistance(generated: generated, real: real, in: few)
    #expect(less > 0 && less < distance)
  }

  @Test func floor() throws {
    // Twice the trace of the covariance over the size of a half is the part of the means.
    let real = try normalPoints(count: 2000, dimension: 6, seed: 4)
    let floor = try frechetFloor(of: real)
    #expect(floor > 0 && floor < 0.05)
    #expect(try frechetFloor(of: real) == floor)
    #expect(try frechetFloor(of: real, samples: 100) > floor)
    // Sorted data: halves in order would be far apart.
    let sorted = try points(1, real.values.sorted())
    #expect(try frechetFloor(of: sorted) < 0.02)
    #expect(throws: MeasureError.tooFewPoints(needed: 4, found: 3)) { try frechetFloor(of: real.prefix(3)) }
    #expect(throws: MeasureError.tooFewPoints(needed: 2002, found: 2000)) { try frechetFloor(of: real, samples: 1001) }
    #expect(throws: MeasureError.countNotPositive(what: "samples", value: 0)) {
      try frechetFloor(of: real, samples: 0)
    }
  }
}
