import Foundation
import Testing

@testable import Measures

@Suite struct DifferentialEntropyTests {
  /// d/2 ln(2 pi e) + d ln sigma.
  private func normalEntropy(_ dimension: Int, deviation: Double = 1) -> Double {
    Double(dimension) * (0.5 * log(2 * Double.pi * M_E) + log(deviation))
  }

  @Test func specialFunctions() {
    // psi(1) = -Euler's gamma; psi(1/2) = -gamma - 2 ln 2; psi(n + 1) = psi(n) + 1/n.
    #expect(abs(digamma(1) + 0.577_215_664_901_532_9) < 1e-12)
    #expect(abs(digamma(0.5) + 1.963_510_026_021_423) < 1e-12)
    #expect(abs(digamma(2501) - digamma(2500) - 1.0 / 2500) < 1e-12)
    // 2, pi, 4/3 pi, pi^2/2, 8/15 pi^2.
    let volumes = [2, Double.pi, 4 * Double.pi / 3, pow(Double.pi, 2) / 2, 8 * pow(Double.pi, 2) / 15]
    for (index, volume) in volumes.enumerated() {
      #expect(abs(logUnitBallVolume(index + 1) - log(volume)) < 1e-12)
    }
  }

  // The estimator's own bias at N = 2,500 and k = 3, the mean of 200 sets (20 for the normal ones) of an independent
  // implementation with scipy's cKDTree in double precision.

  @Test(arguments: [(1, -0.01), (2, 0), (5, -0.062), (8, -0.049)])
  func normal(dimension: Int, bias: Double) throws {
    for seed in UInt64(1)...3 {
      let estimate = EntropyEstimate(
        of: try normalPoints(count: 2500, dimension: dimension, deviation: 0.3, seed: seed))
      let error = abs(estimate.value - bias - normalEntropy(dimension, deviation: 0.3))
      #expect(error < 4 * estimate.standardError, "\(dimension)-D, seed \(seed): off by \(error)")
      #expect(estimate.standardError > 0.01 && estimate.standardError < 0.05)
    }
  }

  /// Where the density ends at a border, balls reach over it and the estimate is high, more so in more dimensions.
  @Test(arguments: [(1, 0.002), (2, 0.021), (3, 0.094)])
  func uniform(dimension: Int, bias: Double) throws {
    let estimate = EntropyEstimate(of: try uniformPoints(count: 2500, dimension: dimension, seed: 7))
    #expect(abs(estimate.value - bias) < 4 * estimate.standardError)
  }

  @Test func ringAndGrid() throws {
    for seed in UInt64(1)...4 {
      let ring = EntropyEstimate(of: try samples(of: ringModes(), count: 2500, seed: seed))
      #expect(abs(ring.value + 0.029 + 2.9067) < 4 * ring.standardError)
      let grid = EntropyEstimate(of: try samples(of: gridModes(), count: 2500, seed: seed))
      #expect(abs(grid.value + 0.053 - 0.0653) < 4 * grid.standardError)
    }
    let ring = EntropyEstimate(of: try samples(of: ringModes(), count: 25_000, seed: 1))
    #expect(abs(ring.value + 2.9067) < 4 * ring.standardError)
    let grid = EntropyEstimate(of: try samples(of: gridModes(), count: 25_000, seed: 1))
    #expect(abs(grid.value - 0.0653) < 4 * grid.standardError)
  }

  @Test(arguments: [1, 3, 10]) func neighbours(k: Int) throws {
    let estimate = EntropyEstimate(of: try normalPoints(count: 2500, dimension: 2, seed: 11), neighbours: k)
    #expect(estimate.neighbours == k)
    #expect(abs(estimate.value - normalEntropy(2)) < 4 * estimate.standardError + 0.01)
  }

  @Test func invariances() throws {
    for dimension in [1, 2, 5, 12] {
      let original = try normalPoints(count: 600, dimension: dimension, seed: 5)
      let entropy = kozachenkoLeonenkoEntropy(original)
      let moved = kozachenkoLeonenkoEntropy(try map(original) { $0 + 4 })
      #expect(abs(moved - entropy) < 1e-3)
      let scaled = kozachenkoLeonenkoEntropy(try map(original) { $0 * 8 })
      #expect(abs(scaled - entropy - Double(dimension) * log(8)) < 1e-6)
      let mirrored = kozachenkoLeonenkoEntropy(try map(original) { -$0 })
      #expect(abs(mirrored - entropy) < 1e-9)
    }
  }

  /// Squared distances of these would leave the range of Float.
  @Test func extremeScales() throws {
    let original = try normalPoints(count: 500, dimension: 2, seed: 3)
    let entropy = kozachenkoLeonenkoEntropy(original)
    for exponent in [Float(0x1p100), 0x1p-100] {
      let scaled = kozachenkoLeonenkoEntropy(try map(original) { $0 * exponent })
      #expect(abs(scaled - entropy - 2 * log(Double(exponent))) < 1e-6)
    }
    #expect(kozachenkoLeonenkoEntropy(try points(2, [-3e38, 3e38, 3e38, -3e38, 0, 1])).isFinite)
  }

  @Test func degenerate() throws {
    for dimension in [1, 2, 9] {
      let none = EntropyEstimate(of: try points(dimension, []))
      #expect(none.value.isNaN && none.count == 0 && none.neighbours == 0)
      let one = EntropyEstimate(of: try points(dimension, Array(repeating: 1, count: dimension)))
      #expect(one.value.isNaN && one.count == 1)
      for count in 2...4 {
        let few = EntropyEstimate(of: try normalPoints(count: count, dimension: dimension, seed: 1), neighbours: 3)
        #expect(few.value.isFinite && few.neighbours == min(3, count - 1))
      }
      let odd = EntropyEstimate(of: try normalPoints(count: 50, dimension: dimension, seed: 1), neighbours: -4)
      #expect(odd.neighbours == 1 && odd.value.isFinite)
      let many = EntropyEstimate(of: try normalPoints(count: 50, dimension: dimension, seed: 1), neighbours: 1000)
      #expect(many.neighbours == 49 && many.value.isFinite)
    }
  }

  @Test func identicalPoints() throws {
    for dimension in [2, 9] {
      for value in [Float(0), 3, -1e-30] {
        let same = EntropyEstimate(of: try points(dimension, Array(repeating: value, count: 300 * dimension)))
        #expect(same.duplicates == 300 && same.value.isFinite)
        #expect(same.value < -8 * Double(dimension))
      }
    }
    // A few duplicates are counted, and cost little.
    let clean = try normalPoints(count: 1000, dimension: 2, seed: 2)
    let doubled = try points(2, clean.values + Array(repeating: clean.values[0..<2], count: 5).joined())
    let estimate = EntropyEstimate(of: doubled)
    #expect(estimate.duplicates == 6)
    #expect(abs(estimate.value - kozachenkoLeonenkoEntropy(clean)) < 0.3)
  }

  @Test func nonFinitePointsAreLeftOutAndCounted() throws {
    let clean = try normalPoints(count: 400, dimension: 2, seed: 2)
    let dirty = try points(2, [.nan, 1] + clean.values + [1, .infinity, -.infinity, .nan])
    let estimate = EntropyEstimate(of: dirty)
    #expect(estimate.nonFinite == 3 && estimate.count == 400)
    #expect(estimate.value == kozachenkoLeonenkoEntropy(clean))
    let hopeless = EntropyEstimate(of: try points(2, Array(repeating: .nan, count: 20)))
    #expect(hopeless.value.isNaN && hopeless.nonFinite == 10)
  }

  @Test func shapesAreChecked() {
    #expect(throws: MeasureError.shape(count: 2, dimension: 2, values: 3)) {
      try PointSet(count: 2, dimension: 2, values: [1, 2, 3])
    }
    #expect(throws: MeasureError.dimensionNotPositive(0)) { try PointSet(count: 0, dimension: 0, values: []) }
    #expect(throws: MeasureError.self) { try PointSet(count: .max, dimension: 3, values: []) }
    #expect(throws: MeasureError.self) { try PointSet(count: -1, dimension: 1, values: []) }
    #expect(
      "\(MeasureError.shape(count: 2, dimension: 2, values: 3))" == "2 points of 2 coordinates need 2 x 2 values, not 3"
    )
  }
}

@Suite struct NeighbourTests {
  /// The k-th smallest of all squared distances, in double precision.
  private func expected(_ points: PointSet, _ k: Int) -> [Double] {
    (0..<points.count).map { row in
      (0..<points.count).filter { $0 != row }.map { other in
        (0..<points.dimension).reduce(0.0) { sum, axis in
          let difference =
            Double(points.values[row * points.dimension + axis])
            - Double(points.values[other * points.dimension + axis])
          return sum + difference * difference
        }
      }.sorted()[k - 1]
    }
  }

  private func check(_ points: PointSet, _ k: Int) {
    let reference = expected(points, k)
    let tree = KDTree(values: points.values, count: points.count, dimension: points.dimension)
      .squaredDistances(toNeighbour: k)
    let blocked = BlockedNeighbours.squaredDistances(points, toNeighbour: k)
    for row in 0..<points.count {
      #expect(abs(Double(tree[row]) - reference[row]) <= 1e-5 * reference[row])
      #expect(abs(blocked[row] - reference[row]) <= 1e-5 * reference[row])
    }
  }

  @Test(arguments: [1, 2, 3, 8, 20]) func searchesAreExact(dimension: Int) throws {
    for (count, k) in [(2, 1), (9, 3), (17, 16), (64, 3), (65, 1), (300, 5)] {
      check(try normalPoints(count: count, dimension: dimension, seed: UInt64(count)), k)
    }
  }

  /// Clusters a million times tighter than their distance: a bare matrix product would see only rounding.
  @Test func tightClusters() throws {
    var sampler = Sampler(seed: 4)
    let values = (0..<200).flatMap { row in
      (0..<16).map { axis in Float(row % 4 == axis ? 1 : 0) + Float(1e-6 * sampler.normal()) }
    }
    check(try points(16, values), 3)
    check(try PointSet(count: 400, dimension: 8, values: values), 3)
  }

  @Test func repeatedCoordinates() throws {
    var sampler = Sampler(seed: 8)
    check(try points(2, (0..<600).map { _ in Float(sampler.integer(below: 4)) }), 3)
    check(try points(3, (0..<600).map { Float($0 % 3 == 0 ? $0 : 7) }), 2)
    check(try points(1, Array(repeating: 2, count: 100)), 99)
  }
}
