import Foundation
import Stability
import Testing

/// Numbers of SciPy: scripts/parity/make_stability.py.
private struct Record: Decodable {
  struct Mixture: Decodable {
    let centers: [Double]
    let deviation: Double
    let weights: [Double]
  }
  let data: Mixture
  let generated: Mixture
  let probes: [[Double]]
  let best: [Double]
  let distance: Double
  let criterion: Double
  let meanDifferenceToNineTenths: Double
  let points: [Double]
  let scott: Double
  let kernel: [Double]
}

private func mixture(_ record: Record.Mixture) throws -> PlanarMixture {
  try PlanarMixture(centers: record.centers, deviation: record.deviation, weights: record.weights)
}

@Test func optimalDiscriminatorIsSciPys() throws {
  let record: Record = try load("densities")
  let (data, made) = (try mixture(record.data), try mixture(record.generated))
  for (probe, best) in zip(record.probes, record.best) {
    let (p, q) = (data.density(x: probe[0], y: probe[1]), made.density(x: probe[0], y: probe[1]))
    #expect(abs(p / (p + q) - best) < 1e-12)
  }
  let grid = try PlanarGrid(x: -5...5, y: -5...5, columns: 200, rows: 200)
  let found = try OptimalDiscriminator(on: grid, data: data.density, generated: made.density)
  // Sums over middles converge faster than any power for densities that vanish at the border.
  #expect(abs(found.distance - record.distance) < 1e-8)
  #expect(abs(found.criterion - record.criterion) < 1e-8)
  #expect(abs(found.dataMass - 1) < 1e-9 && abs(found.generatedMass - 1) < 1e-9)
  let constant = Array(repeating: 0.9, count: grid.count)
  #expect(abs(try found.meanDifference(to: constant) - record.meanDifferenceToNineTenths) < 1e-4)
  // D* itself reaches C(G); anything else less.
  let (p, q) = (grid.values(of: data.density), grid.values(of: made.density))
  let value = { try OptimalDiscriminator.value(of: $0, data: p, generated: q, cellArea: grid.cellArea) }
  #expect(abs(try value(found.values) - found.criterion) < 1e-8)
  #expect(try value(constant) < found.criterion)
  #expect(try found.meanDifference(to: found.values) == 0)
}

@Test func equalDensitiesReachTheBound() throws {
  let ring = try PlanarMixture(centers: [1, 0, 0, 1, -1, 0, 0, -1], deviation: 0.2)
  let grid = try PlanarGrid(x: -3...3, y: -3...3, columns: 100, rows: 100)
  let same = try OptimalDiscriminator(on: grid, data: ring.density, generated: ring.density)
  #expect(same.values.allSatisfy { $0 == 0.5 })
  #expect(same.distance < 1e-12 && abs(same.criterion + log(4)) < 1e-12)
  // Far apart the divergence is ln 4, and D* is 1 on data.
  let far = try PlanarMixture(centers: [-2, -2], deviation: 0.1)
  let near = try PlanarMixture(centers: [2, 2], deviation: 0.1)
  let apart = try OptimalDiscriminator(on: grid, data: near.density, generated: far.density)
  #expect(abs(apart.distance - log(4)) < 1e-6 && abs(apart.criterion) < 1e-6)
}

@Test func kernelDensityIsSciPys() throws {
  let record: Record = try load("densities")
  #expect(abs(PlanarMixture.scottBandwidth(of: record.points) - record.scott) < 1e-12)
  let kernel = try PlanarMixture.kernelDensity(of: record.points)
  for (probe, expected) in zip(record.probes, record.kernel) {
    #expect(abs(kernel.density(x: probe[0], y: probe[1]) - expected) < 1e-12)
  }
}

@Test func gridsAreMiddlesOfCells() throws {
  let grid = try PlanarGrid(x: 0...4, y: -1...1, columns: 2, rows: 2)
  #expect(grid.points == [1, -0.5, 3, -0.5, 1, 0.5, 3, 0.5])
  #expect(grid.cellArea == 2 && grid.count == 4)
  #expect(grid.values { $0 + 10 * $1 } == [-4, -2, 6, 8])
}

@Test func wrongArraysAreRefused() throws {
  #expect(throws: StabilityError.wrongCount(what: "the generated density", expected: 2, found: 1)) {
    try OptimalDiscriminator(data: [1, 2], generated: [1], cellArea: 1)
  }
  #expect(throws: StabilityError.notFinite(what: "density")) {
    try OptimalDiscriminator(data: [1, -2], generated: [1, 1], cellArea: 1)
  }
  #expect(throws: StabilityError.notPositive(what: "total density", value: 0)) {
    try OptimalDiscriminator(data: [0], generated: [0], cellArea: 1)
  }
  #expect(throws: StabilityError.notPositive(what: "deviation", value: 0)) {
    try PlanarMixture(centers: [0, 0], deviation: 0)
  }
  #expect(throws: StabilityError.notPositive(what: "grid's width", value: 0)) {
    try PlanarGrid(x: 1...1, y: 0...1, columns: 2, rows: 2)
  }
  #expect(throws: StabilityError.tooManyCells(columns: Int.max, rows: 2)) {
    try PlanarGrid(x: 0...1, y: 0...1, columns: Int.max, rows: 2)
  }
  let empty = try OptimalDiscriminator(data: [1, 0], generated: [1, 0], cellArea: 1)
  #expect(empty.values == [0.5, 0.5])
  #expect(throws: StabilityError.wrongCount(what: "the discriminator", expected: 2, found: 1)) {
    try empty.meanDifference(to: [0.5])
  }
}
