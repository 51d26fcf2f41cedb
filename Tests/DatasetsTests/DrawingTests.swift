import Foundation
import Testing

@testable import Datasets

@Suite struct DrawingTests {
  private func drawing(_ jitter: Double = 0.01) throws -> Drawing {
    try Drawing(
      points: [
        Drawing.Point(x: -1, y: 0, weight: 1), Drawing.Point(x: 1, y: 0, weight: 2),
        Drawing.Point(x: 0, y: 1, weight: 5),
      ], jitter: jitter)
  }

  @Test func sharesAreTheWeights() throws {
    let count = 80_000
    let set = try SyntheticDataset(drawing()).samples(BatchRequest(seed: 5, position: 0, size: count))
    var counts = [0, 0, 0]
    var squares = 0.0
    for index in 0..<count {
      let (x, y) = (Double(set.values[2 * index]), Double(set.values[2 * index + 1]))
      let place = y > 0.5 ? 2 : x > 0 ? 1 : 0
      counts[place] += 1
      let centre = [(-1.0, 0.0), (1, 0), (0, 1)][place]
      squares += pow(x - centre.0, 2) + pow(y - centre.1, 2)
    }
    for (found, share) in zip(counts, [0.125, 0.25, 0.625]) {
      // Five deviations of a binomial.
      #expect(abs(Double(found) - share * Double(count)) < 5 * (share * (1 - share) * Double(count)).squareRoot())
    }
    // The variance along an axis; its estimate deviates by σ²·√(2/2n).
    #expect(abs(squares / Double(2 * count) / 1e-4 - 1) < 5 / Double(count).squareRoot())
  }

  @Test func batchesAreOneStream() throws {
    let data = SyntheticDataset(try drawing(), standardized: true)
    let whole = try data.samples(BatchRequest(seed: 2, position: 0, size: 40)).values
    let parts = try [0, 13, 26].flatMap { first in
      try data.samples(BatchRequest(seed: 2, position: UInt64(first), size: first == 26 ? 14 : 13)).values
    }
    #expect(whole == parts)
  }

  @Test func momentsAndDensity() throws {
    let drawing = try drawing(0.2)
    #expect(abs(drawing.mean.x - 0.125) < 1e-12 && abs(drawing.mean.y - 0.625) < 1e-12)
    // E x² + E y² is 1 in the points' places.
    let variance = (1 - 0.125 * 0.125 - 0.625 * 0.625) / 2 + 0.04
    #expect(abs(drawing.deviation - variance.squareRoot()) < 1e-12)
    var mass = 0.0
    let step = 0.05
    for row in 0..<100 {
      for column in 0..<100 {
        let density = drawing.logDensity(x: -2.5 + (Double(column) + 0.5) * step, y: -2 + (Double(row) + 0.5) * step)
        mass += exp(density ?? -.infinity) * step * step
      }
    }
    #expect(abs(mass - 1) < 1e-6)
    // At the heaviest point, whose neighbours are far: w/(2πσ²).
    let peak = try #require(try Drawing(points: [Drawing.Point(x: 3, y: 4)], jitter: 0.5).logDensity(x: 3, y: 4))
    #expect(abs(peak - log(1 / (2 * Double.pi * 0.25))) < 1e-12)
    #expect(drawing.logDensity(x: .nan, y: 0) == nil)
  }

  @Test func whatIsNoDrawing() {
    #expect(throws: DatasetError.self) { try Drawing(points: []) }
    #expect(throws: DatasetError.self) { try Drawing(points: [Drawing.Point(x: 0, y: 0, weight: 0)]) }
    #expect(throws: DatasetError.self) { try Drawing(points: [Drawing.Point(x: .nan, y: 0)]) }
    #expect(throws: DatasetError.self) { try Drawing(points: [Drawing.Point(x: 0, y: 0)], jitter: 0) }
  }
}
