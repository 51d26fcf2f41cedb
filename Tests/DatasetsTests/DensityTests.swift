import Foundation
import Testing

@testable import Datasets

/// Log densities in data units and in normalized ones, beside SciPy's (scripts/parity/make_densities.py).
@Suite struct DensityTests {
  /// `raw` at (x, y) in data units, `scaled` at (x, y) of the distribution scaled to unit deviation.
  struct Known {
    var x: Double, y: Double, raw: Double, scaled: Double
  }

  private func check(_ distribution: some PlanarDistribution, _ cases: [Known]) throws {
    let plain = SyntheticDataset(distribution)
    let scaled = SyntheticDataset(distribution, standardized: true)
    for known in cases {
      let point = [known.x, known.y]
      let raw = try #require(plain.logDensity(at: point))
      #expect(abs(raw - known.raw) < 1e-8 * (1 + abs(known.raw)), "\(plain.summary) at \(point)")
      #expect(plain.logDensity(atNormalized: point) == raw)
      #expect(scaled.logDensity(at: point) == raw)
      let density = try #require(scaled.logDensity(atNormalized: point))
      // Offset and scale are floats.
      #expect(abs(density - known.scaled) < 2e-6 * (1 + abs(known.scaled)), "\(scaled.summary) at \(point)")
    }
    let values = cases.flatMap { [Float($0.x), Float($0.y)] }
    let all = try #require(scaled.logDensities(ofNormalized: values))
    #expect(all.count == cases.count)
    for (density, known) in zip(all, cases) { #expect(abs(density - known.scaled) < 1e-4 * (1 + abs(known.scaled))) }
  }

  @Test func rings() throws {
    try check(
      Ring(modes: 8, radius: 1, deviation: 0.01),
      [
        Known(x: 1, y: 0, raw: 5.293_021_763_89, scaled: -424.125_042_142),
        Known(x: 0.71, y: 0.7, raw: 4.998_636_494_21, scaled: -430.442_010_683),
        Known(x: 0.98, y: 0.01, raw: 2.793_021_763_89, scaled: -466.790_789_808),
        Known(x: 1.4, y: 0.05, raw: -807.206_978_236, scaled: -2.146_338_823_87),
      ])
    try check(
      Ring(modes: 5, radius: 2, deviation: 0.6),
      [
        Known(x: 0, y: 0, raw: -6.371_781_374_43, scaled: -5.513_119_755_4),
        Known(x: 1, y: 1, raw: -3.546_648_782_45, scaled: -2.820_735_881_28),
        Known(x: -2, y: 0.3, raw: -3.561_178_913_82, scaled: -5.166_311_223_74),
        Known(x: 5, y: -4, raw: -35.073_074_494_5, scaled: -95.807_696_984_4),
      ])
  }

  @Test func gridOfTwentyFive() throws {
    try check(
      Grid(),
      [
        Known(x: 0, y: 0, raw: 0.934_711_655_83, scaled: 3.014_465_648_69),
        Known(x: 1.98, y: -3.96, raw: 0.534_711_655_83, scaled: -10_884.415_254_6),
        Known(x: 0.7, y: 0.72, raw: -200.745_288_344, scaled: 2.665_485_958_8),
        Known(x: 1, y: 1, raw: -397.678_993_983, scaled: -271.795_083_21),
      ])
  }

  @Test func moons() throws {
    // Two-point Gauss on panels h of half a deviation: off by h^4 f/4320, at most 3 (1/2)^4/4320 = 4.3e-5 of a peak.
    let plain = SyntheticDataset(try TwoMoons()), scaled = SyntheticDataset(try TwoMoons(), standardized: true)
    for (point, raw, normalized) in [
      ([0, 1], -0.452_973_904_099, -1.527_681_512_58), ([0.5, 0.25], -9.191_644_195_95, -1.202_088_352_26),
      ([-1.1, 0.05], -1.393_964_475_07, -5.827_271_652_67), ([0.3, -0.2], -0.452_961_327_254, -4.949_128_863_76),
    ] {
      let density = try #require(plain.logDensity(at: point))
      let scaledDensity = try #require(scaled.logDensity(atNormalized: point))
      #expect(abs(density - raw) < 4.4e-5, "\(density) beside \(raw)")
      #expect(abs(scaledDensity - normalized) < 4.4e-5, "\(scaledDensity) beside \(normalized)")
    }
  }

  @Test func normalizedDensitiesIntegrateToOne() throws {
    for data in [
      SyntheticDataset(try Ring(modes: 6, radius: 2, deviation: 0.3), standardized: true) as any Dataset,
      SyntheticDataset(try Grid(side: 3, spacing: 2, deviation: 0.4), standardized: true),
      SyntheticDataset(try Spiral(arms: 2, noise: 0.4), standardized: true),
    ] {
      var sum = 0.0
      let step = 0.05
      for x in stride(from: -4.0, through: 4, by: step) {
        for y in stride(from: -4.0, through: 4, by: step) {
          sum += exp(data.logDensity(atNormalized: [x, y]) ?? 0) * step * step
        }
      }
      #expect(abs(sum - 1) < 1e-3, "\(data.summary)")
    }
  }

  @Test func unknownDensitiesAreNil() throws {
    let pinwheel = SyntheticDataset(try Pinwheel())
    #expect(pinwheel.logDensity(atNormalized: [0, 0]) == nil && pinwheel.logDensities(ofNormalized: [0, 0]) == nil)
    let ring = SyntheticDataset(try Ring(), standardized: true)
    #expect(ring.logDensity(atNormalized: [0]) == nil && ring.logDensities(ofNormalized: []) == [])
  }

  @Test func pacGANsProtocol() throws {
    let ring = try #require(Ring(modes: 8, radius: 1, deviation: 0.01).modes)
    #expect(ring.means.count == 8 && ring.deviation == 0.01)
    #expect(ring.means.allSatisfy { abs(($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() - 1) < 1e-12 })
    let grid = try #require(Grid(side: 5, spacing: 2, deviation: 0.05).modes)
    let places: [Double] = [-4, -2, 0, 2, 4]
    let expected: [[Double]] = places.flatMap { y in places.map { x in [x, y] } }
    #expect(grid.means == expected && grid.deviation == 0.05)
  }
}
