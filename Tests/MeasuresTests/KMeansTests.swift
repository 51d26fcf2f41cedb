import Foundation
import Testing

@testable import Measures

@Suite struct KMeansTests {
  @Test func separatedBlobs() throws {
    for (mixture, seeds) in [(try ringModes(), UInt64(1)...5), (try gridModes(), 1...2)] {
      let data = try samples(of: mixture, count: 2500, seed: 3)
      for seed in seeds {
        let fit = try KMeans(fitting: data, clusters: mixture.count, seed: seed)
        #expect(fit.centroids.count == mixture.count)
        let histogram = try fit.histogram(of: data)
        #expect(histogram.reduce(0, +) == 2500)
        // Lloyd's finds a local minimum; a blob or two may share a cluster while another is split.
        let effective = try #require(try effectiveClusters(data, in: fit))
        #expect(effective > 0.8 * Double(mixture.count) && effective <= Double(mixture.count) + 1e-9)
      }
    }
  }

  @Test func centroidsAreTheBlobsMeans() throws {
    var sampler = Sampler(seed: 2)
    var values: [Float] = []
    for row in 0..<900 {
      values.append(Float(row % 3 * 10) + Float(0.1 * sampler.normal()))
      values.append(Float(0.1 * sampler.normal()))
    }
    let data = try points(2, values)
    let fit = try KMeans(fitting: data, clusters: 3, seed: 1)
    let centres = stride(from: 0, to: 6, by: 2).map { fit.centroids.values[$0] }.sorted()
    for (centre, expected) in zip(centres, [Float(0), 10, 20]) { #expect(abs(centre - expected) < 0.05) }
    #expect(abs(fit.inertia / 900 - 0.02) < 0.003)
    #expect(try fit.histogram(of: data) == [300, 300, 300])
  }

  @Test func effectiveNumberOfClusters() throws {
    let fit = try KMeans(fitting: points(1, [0, 10, 20, 30]), clusters: 4, seed: 5)
    let four = try #require(try effectiveClusters(points(1, [0, 10, 20, 30]), in: fit))
    #expect(abs(four - 4) < 1e-9)
    #expect(try effectiveClusters(points(1, [9, 10, 11]), in: fit) == 1)
    let two = try #require(try effectiveClusters(points(1, [1, 12, 11, -1]), in: fit))
    #expect(abs(two - 2) < 1e-9)
    #expect(try effectiveClusters(points(1, []), in: fit) == nil)
    #expect(try effectiveClusters(points(1, [.nan, 0]), in: fit) == 1)
  }

  @Test func deterministicBySeed() throws {
    let data = try normalPoints(count: 500, dimension: 3, seed: 1)
    let first = try KMeans(fitting: data, clusters: 12, seed: 9)
    #expect(first == (try KMeans(fitting: data, clusters: 12, seed: 9)))
    #expect(first.centroids != (try KMeans(fitting: data, clusters: 12, seed: 10)).centroids)
  }

  @Test func degenerate() throws {
    // Fewer distinct points than clusters.
    let same = try KMeans(fitting: points(2, Array(repeating: 3, count: 40)), clusters: 5, seed: 1)
    #expect(same.centroids.count == 1 && same.inertia == 0)
    let two = try KMeans(fitting: points(1, [1, 1, 1, 7]), clusters: 5, seed: 1)
    #expect(two.centroids.count == 2 && two.inertia == 0)
    let one = try KMeans(fitting: points(3, [1, 2, 3]), clusters: 1, seed: 1)
    #expect(one.centroids.values == [1, 2, 3])
    let dirty = try KMeans(fitting: points(1, [0, .nan, 5, .infinity]), clusters: 2, seed: 1)
    #expect(dirty.nonFinite == 2 && dirty.centroids.count == 2)
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) {
      try KMeans(fitting: points(1, [.nan]), clusters: 2, seed: 1)
    }
    #expect(throws: MeasureError.countNotPositive(what: "clusters", value: 0)) {
      try KMeans(fitting: points(1, [1]), clusters: 0, seed: 1)
    }
    #expect(throws: MeasureError.dimensionMismatch(expected: 3, found: 1)) { try one.histogram(of: points(1, [1])) }
    let huge = try KMeans(fitting: points(1, [-3e38, 3e38, 0]), clusters: 3, seed: 1)
    #expect(huge.centroids.values.allSatisfy { $0.isFinite })
  }

  @Test func counterGenerator() {
    var first = CounterGenerator(seed: 3)
    var second = CounterGenerator(seed: 3)
    let draws = (0..<10_000).map { _ in first.uniform() }
    let again = (0..<10_000).map { _ in second.uniform() }
    #expect(draws == again)
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    // The mean of n uniform draws has the standard error 1 / sqrt(12 n).
    let mean = draws.reduce(0, +) / 10_000
    let error = 1 / (12.0 * 10_000).squareRoot()
    #expect(abs(mean - 0.5) < 4 * error)
    #expect(first.integer(below: 0) == 0)
    for _ in 0..<100 { #expect(first.integer(below: 3) < 3) }
  }
}
