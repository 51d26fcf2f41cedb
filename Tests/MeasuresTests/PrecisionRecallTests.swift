import Foundation
import Testing

@testable import Measures

@Suite struct PrecisionRecallTests {
  private func figures(_ measured: PrecisionRecall) -> [Double] {
    [measured.precision, measured.recall, measured.density, measured.coverage]
  }

  private func check(_ found: PrecisionRecall, _ expected: [Double]) {
    for (a, b) in zip(figures(found), expected) { #expect(abs(a - b) < 1e-12, "\(figures(found)), not \(expected)") }
  }

  @Test func equalsNumPy() throws {
    var draws = Sampler(seed: 3)
    let real = try draws.features(60, 5)
    let fake = try draws.features(50, 5, shift: 0.2)
    for (k, expected) in zip([1, 3, 5], ReferenceNumbers.prdc) {
      check(try PrecisionRecall(generated: fake, real: real, neighbours: k), expected)
    }
  }

  /// Every radius equals some distance: the comparison is strict, and a point is none of its own neighbours.
  @Test func tiesAndDuplicates() throws {
    var draws = Sampler(seed: 4)
    let real = try points(2, draws.integers(160, below: 6).map { Float($0) })
    let fake = try points(2, draws.integers(120, below: 5).map { Float($0) })
    for (k, expected) in zip([1, 3, 8], ReferenceNumbers.prdcOnGrid) {
      check(try PrecisionRecall(generated: fake, real: real, neighbours: k), expected)
      // Far from the origin, and at other scales, nothing changes.
      for (scale, offset) in [(Float(1), Float(1000)), (0x1p-90, 0), (0x1p100, 0)] {
        check(
          try PrecisionRecall(
            generated: map(fake) { scale * $0 + offset }, real: map(real) { scale * $0 + offset }, neighbours: k),
          expected)
      }
    }
  }

  /// More than one block, and distances that the matrix product cannot decide.
  @Test func equalsItsDefinition() throws {
    var draws = Sampler(seed: 11)
    for (count, dimension) in [(150, 3), (200, 17), (70, 130)] {
      let clusters = try points(
        dimension,
        (0..<count * dimension).map { Float($0 / dimension % 3) * 100 + Float(1e-3 * draws.normal()) })
      let others = try points(
        dimension,
        (0..<90 * dimension).map { Float($0 / dimension % 2) * 100 + Float(1e-3 * draws.normal()) })
      let found = try PrecisionRecall(generated: others, real: clusters, neighbours: 4)
      check(found, bruteForce(real: clusters, fake: others, k: 4))
      #expect(found.precision > 0 && found.recall < 0.7)
    }
  }

  private func bruteForce(real: PointSet, fake: PointSet, k: Int) -> [Double] {
    func square(_ a: PointSet, _ i: Int, _ b: PointSet, _ j: Int) -> Double {
      (0..<a.dimension).reduce(0.0) {
        let difference = Double(a.values[i * a.dimension + $1]) - Double(b.values[j * b.dimension + $1])
        return $0 + difference * difference
      }
    }
    func radii(_ set: PointSet) -> [Double] {
      (0..<set.count).map { i in (0..<set.count).map { square(set, i, set, $0) }.sorted()[k] }
    }
    let (inner, outer) = (radii(real), radii(fake))
    let table = (0..<real.count).map { i in (0..<fake.count).map { square(real, i, fake, $0) } }
    let columns = fake.values.indices.prefix(fake.count)
    let inReal = columns.map { j in table.indices.count { table[$0][j] < inner[$0] } }
    let recall = table.count { row in columns.contains { row[$0] < outer[$0] } }
    let coverage = table.indices.count { i in table[i].contains { $0 < inner[i] } }
    return [
      Double(inReal.count { $0 > 0 }) / Double(fake.count), Double(recall) / Double(real.count),
      Double(inReal.reduce(0, +)) / Double(k * fake.count), Double(coverage) / Double(real.count),
    ]
  }

  /// Four deviations of the sets' own spread, and two and a half of the reference's mean on top.
  @Test func equalDistributions() throws {
    let found = try PrecisionRecall(
      generated: normalPoints(count: 500, dimension: 32, seed: 1),
      real: normalPoints(count: 500, dimension: 32, seed: 2))
    for (index, value) in figures(found).enumerated() {
      let deviation = ReferenceNumbers.prdcOfNormalDeviation[index]
      #expect(abs(value - ReferenceNumbers.prdcOfNormal[index]) < 4.4 * deviation)
    }
  }

  @Test func collapse() throws {
    let real = try normalPoints(count: 300, dimension: 12, seed: 1)
    let one = try points(12, Array(repeating: 0.01, count: 200 * 12))
    let collapsed = try PrecisionRecall(generated: one, real: real)
    // All at one place: their balls are empty.
    #expect(collapsed.recall == 0 && collapsed.precision == 1 && collapsed.coverage < 0.5)
    let far = try PrecisionRecall(generated: map(real) { $0 + 100 }, real: real)
    #expect(figures(far) == [0, 0, 0, 0])
    let copy = try PrecisionRecall(generated: real, real: real)
    #expect(copy.precision == 1 && copy.recall == 1 && copy.coverage == 1 && copy.density == 1)
    let constant = try PrecisionRecall(generated: one, real: one)
    #expect(figures(constant) == [0, 0, 0, 0])
  }

  @Test func badInput() throws {
    let set = try normalPoints(count: 6, dimension: 2, seed: 1)
    #expect(try PrecisionRecall(generated: set, real: set, neighbours: 5).neighbours == 5)
    #expect(throws: MeasureError.tooFewPoints(needed: 7, found: 6)) {
      try PrecisionRecall(generated: set, real: set, neighbours: 6)
    }
    #expect(throws: MeasureError.self) { try PrecisionRecall(generated: set, real: set, neighbours: .max) }
    #expect(throws: MeasureError.countNotPositive(what: "neighbours", value: 0)) {
      try PrecisionRecall(generated: set, real: set, neighbours: 0)
    }
    #expect(throws: MeasureError.dimensionMismatch(expected: 2, found: 1)) {
      try PrecisionRecall(generated: points(1, [1, 2]), real: set)
    }
    #expect(throws: MeasureError.nonFinite(what: "generated features", count: 1)) {
      try PrecisionRecall(generated: points(2, set.values.dropLast() + [.nan]), real: set)
    }
  }
}

@Suite struct NearestRealDistancesTests {
  @Test func equalsScikitLearn() throws {
    var draws = Sampler(seed: 6)
    let real = try draws.features(70, 8)
    let fake = try draws.features(45, 8, shift: 0.1)
    let found = try NearestRealDistances(generated: fake, real: real)
    let figures = [found.mean, found.median, found.realMean, found.realMedian]
    for (a, b) in zip(figures, ReferenceNumbers.nearest) { #expect(isNear(a, b)) }
    #expect(found.ratio == found.median / found.realMedian)
    #expect(found.copies == 0 && found.duplicates == 0 && found.distances.count == 45)
  }

  @Test func copiesAndDuplicates() throws {
    let real = try normalPoints(count: 200, dimension: 9, seed: 1)
    let fresh = try normalPoints(count: 100, dimension: 9, seed: 2)
    let half = try points(9, Array(fresh.values.prefix(50 * 9) + real.values.prefix(50 * 9)))
    let found = try NearestRealDistances(generated: half, real: real, closeness: 0)
    #expect(found.copies == 0.5 && found.duplicates == 0)
    #expect(Array(found.nearest[50...]) == Array(0..<50))
    let doubled = try points(9, half.values + half.values.prefix(10 * 9))
    #expect(try NearestRealDistances(generated: doubled, real: real).duplicates == 20.0 / 110)
    let same = try NearestRealDistances(generated: real, real: points(9, Array(repeating: 0, count: 27)))
    #expect(same.ratio == nil && same.copies == 0)
    #expect(try NearestRealDistances(generated: fresh.prefix(1), real: real).duplicates == 0)
  }

  @Test func badInput() throws {
    let set = try normalPoints(count: 4, dimension: 2, seed: 1)
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) {
      try NearestRealDistances(generated: set, real: set.prefix(1))
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) {
      try NearestRealDistances(generated: set.prefix(0), real: set)
    }
    #expect(throws: MeasureError.self) { try NearestRealDistances(generated: set, real: set, closeness: -1) }
  }
}
