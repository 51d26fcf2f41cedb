import Foundation
import Testing

@testable import Datasets

@Suite struct CurveTests {
  @Test func entropiesOfKnownShapes() throws {
    let moons = try #require(TwoMoons(noise: 0.1).entropy), fine = try #require(TwoMoons(noise: 0.05).entropy)
    #expect(abs(moons - 1.010) < 0.004 && abs(fine - 0.291) < 0.004)
    let board = try #require(Checkerboard().entropy)
    #expect(abs(board - 3.4657) < 1e-4)
    #expect(try TwoMoons(noise: 0).entropy == nil)
    #expect(try TwoMoons(noise: 1e-5).logDensity(x: 0, y: 1) == nil)
    #expect(try Pinwheel().entropy == nil)
    // Much noise leaves a Gaussian.
    let broad = try #require(TwoMoons(noise: 10).entropy)
    #expect(abs(broad - log(2 * Double.pi * M_E * 100)) < 0.02)
  }

  @Test func samplesHaveTheEntropyOfTheirDensity() throws {
    func check(_ distribution: some PlanarDistribution) throws {
      let data = SyntheticDataset(distribution)
      let sampled = try sampledEntropy(data, count: 4_000)
      let exact = try #require(data.entropy)
      #expect(abs(sampled.mean - exact) < 4 * sampled.error + 1e-9, "\(data.summary)")
    }
    try check(TwoMoons())
    try check(SwissRoll(noise: 0.4))
    try check(Spiral(arms: 3, noise: 0.3))
    try check(Checkerboard())
    try check(Checkerboard(cells: 5))
  }

  @Test func momentsAreExact() throws {
    func check(_ distribution: some PlanarDistribution) throws {
      let data = SyntheticDataset(distribution, standardized: true)
      let count = 20_000
      let set = try data.samples(BatchRequest(seed: 2, position: 0, size: count))
      #expect(set.values.allSatisfy { $0.isFinite })
      var squares = 0.0
      for axis in 0..<2 {
        let column = (0..<count).map { Double(set.values[2 * $0 + axis]) }
        #expect(abs(mean(column)) < 0.04, "\(data.summary)")
        squares += mean(column.map { $0 * $0 })
      }
      #expect(abs(squares / 2 - 1) < 0.04, "\(data.summary)")
      let labels = set.labels ?? []
      #expect(Set(labels).count == data.classCount ?? 0)
    }
    try check(TwoMoons())
    try check(SwissRoll())
    try check(Spiral())
    try check(Spiral(arms: 1, noise: 0.5))
    try check(Checkerboard())
    try check(Checkerboard(cells: 3))
    try check(Pinwheel())
    try check(Pinwheel(arms: 7, radialDeviation: 0.8, tangentialDeviation: 0.5, rate: 2))
    try check(TwoMoons(noise: 0))
  }

  @Test func densitiesAreFiniteFarAway() throws {
    let moons = try TwoMoons()
    let far = try #require(moons.logDensity(x: 100, y: -50))
    #expect(far.isFinite && far < -100_000)
    #expect(moons.logDensity(x: 1e300, y: 0) == -.infinity)
    #expect(moons.logDensity(x: .nan, y: 0) == nil)
    // The table of near nodes and the sum over all agree where they meet.
    var last = try #require(moons.logDensity(x: 0, y: 1))
    for step in 1...200 {
      let here = try #require(moons.logDensity(x: 0, y: 1 + Double(step) * 0.01))
      #expect(here < last)
      last = here
    }
    let board = try Checkerboard()
    #expect(board.logDensity(x: -3.5, y: -3.5) == -log(32))
    #expect(board.logDensity(x: -3.5, y: -1.5) == -.infinity)
    #expect(board.logDensity(x: 4, y: 0) == -.infinity)
  }

  @Test func moonsLieWhereTheyShould() throws {
    let set = try SyntheticDataset(TwoMoons(noise: 0)).samples(BatchRequest(seed: 1, position: 0, size: 400))
    for sample in 0..<400 {
      let x = set.values[2 * sample], y = set.values[2 * sample + 1]
      if set.labels?[sample] == 0 {
        #expect(abs(x * x + y * y - 1) < 1e-5 && y > -1e-5)
      } else {
        #expect(abs((1 - x) * (1 - x) + (0.5 - y) * (0.5 - y) - 1) < 1e-5 && y < 0.5 + 1e-5)
      }
    }
  }

  @Test func exponentials() {
    for start in stride(from: -20 as Float, to: 20, by: 0.37) {
      var x = Floats()
      for lane in 0..<8 { x[lane] = start + Float(lane) * 0.041 }
      let y = exponential(x)
      for lane in 0..<8 { #expect(abs(Double(y[lane]) / exp(Double(x[lane])) - 1) < 3e-7) }
    }
  }

  @Test func refusedParameters() {
    #expect(sentence { _ = try TwoMoons(noise: -1) } == "moons: noise is -1, but must be a number from 0 to 10.")
    #expect(sentence { _ = try Spiral(arms: 0) } != nil)
    #expect(sentence { _ = try SwissRoll(noise: .infinity) } != nil)
    #expect(sentence { _ = try Checkerboard(cells: 1) } != nil)
    #expect(sentence { _ = try Pinwheel(arms: 1) } != nil)
    #expect(sentence { _ = try Pinwheel(rate: .nan) } != nil)
  }
}
