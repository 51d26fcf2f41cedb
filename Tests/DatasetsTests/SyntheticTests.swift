import Foundation
import Testing

@testable import Datasets

/// The mean of -ln p over samples, which estimates the entropy.
func sampledEntropy(_ data: some Dataset, count: Int = 20_000, seed: UInt64 = 1) throws -> (mean: Double, error: Double)
{
  let set = try data.samples(BatchRequest(seed: seed, position: 0, size: count))
  let values = data.normalization.inverted(set.values)
  let size = data.shape.size
  let terms = (0..<count).compactMap { sample in
    data.logDensity(at: (0..<size).map { Double(values[sample * size + $0]) }).map { -$0 }
  }
  #expect(terms.count == count)
  let average = mean(terms)
  let variance = mean(terms.map { ($0 - average) * ($0 - average) })
  return (average, (variance / Double(count)).squareRoot())
}

@Suite struct SyntheticTests {
  @Test func entropiesOfRingsAndGrids() throws {
    func entropy(_ distribution: some PlanarDistribution) throws -> Double { try #require(distribution.entropy) }
    #expect(abs(try entropy(Ring(modes: 8, radius: 2, deviation: 0.02)) - -2.9067) < 1e-4)
    #expect(abs(try entropy(Ring(modes: 8, radius: 1, deviation: 0.01)) - -4.2930) < 1e-4)
    // FFJORD's, divided by 1.414: 2.8324 after scaling.
    let wide = try entropy(Ring(modes: 8, radius: 4 / 1.414, deviation: 0.5 / 1.414))
    #expect(abs(wide - 2.8324) < 7e-4)
    #expect(abs(try entropy(Grid()) - 0.0653) < 1e-4)
    #expect(abs(try entropy(Grid(side: 5, spacing: 2 / 2.828, deviation: 0.05 / 2.828)) - -2.0139) < 1e-4)
    // One mode is a plain Gaussian; a grid whose modes melt is one too, in the limit.
    let one = log(2 * Double.pi * M_E * 0.25)
    #expect(abs(try entropy(Ring(modes: 1, radius: 3, deviation: 0.5)) - one) < 1e-9)
    #expect(abs(try entropy(Ring(modes: 4, radius: 1e-4, deviation: 0.5)) - one) < 1e-6)
    #expect(abs(try entropy(Grid(side: 2, spacing: 1e-4, deviation: 0.5)) - one) < 1e-6)
  }

  @Test func samplesHaveTheEntropyOfTheirDensity() throws {
    let ring = SyntheticDataset(try Ring(modes: 8, radius: 2, deviation: 0.3), standardized: true)
    let grid = SyntheticDataset(try Grid())
    for (sampled, exact) in [
      (try sampledEntropy(ring), ring.entropy), (try sampledEntropy(grid), grid.entropy),
    ] {
      let exact = try #require(exact)
      #expect(abs(sampled.mean - exact) < 4 * sampled.error)
    }
  }

  @Test func ringFillsItsModesEvenlyWithinThreeDeviations() throws {
    let data = SyntheticDataset(try Ring())
    let modes = try #require(data.modes)
    #expect(modes.means.count == 8 && modes.deviation == 0.02)
    #expect(modes.means[0] == [2, 0] && abs(modes.weights.reduce(0, +) - 1) < 1e-12)
    let count = 25_000
    let set = try data.samples(BatchRequest(seed: 4, position: 0, size: count))
    let labels = try #require(set.labels)
    var histogram = [Int](repeating: 0, count: 8)
    var close = 0
    for sample in 0..<count {
      let mean = modes.means[Int(labels[sample])]
      let dx = Double(set.values[2 * sample]) - mean[0], dy = Double(set.values[2 * sample + 1]) - mean[1]
      histogram[Int(labels[sample])] += 1
      if (dx * dx + dy * dy).squareRoot() < 3 * 0.02 { close += 1 }
    }
    // 1 - exp(-4.5) of a planar Gaussian lies within three deviations.
    #expect(abs(Double(close) / Double(count) - 0.98889) < 0.003)
    #expect(histogram.allSatisfy { abs($0 - count / 8) < 250 })
  }

  @Test func standardizedDataHasUnitDeviation() throws {
    let ring = try Ring(modes: 8, radius: 1, deviation: 0.01)
    #expect(abs(ring.deviation - 0.7072) < 1e-4)
    #expect(abs(try Grid().deviation - 2.8289) < 1e-4)
    #expect(abs(try Ring(modes: 8, radius: 4 / 1.414, deviation: 0.5 / 1.414).deviation - 2.0313) < 1e-3)
    let data = SyntheticDataset(try Ring(modes: 1, radius: 5, deviation: 0.25), standardized: true)
    let values = try data.samples(BatchRequest(seed: 1, position: 0, size: 20_000)).values
    for axis in 0..<2 {
      let column = stride(from: axis, to: values.count, by: 2).map { Double(values[$0]) }
      #expect(abs(mean(column)) < 0.03)
      #expect(abs(mean(column.map { $0 * $0 }) - 1) < 0.03)
    }
    let back = data.normalization.inverted(values)
    #expect(abs(mean(stride(from: 0, to: back.count, by: 2).map { Double(back[$0]) }) - 5) < 0.01)
    #expect(abs(data.normalization.entropyShift(size: 2) - 2 * log(0.25)) < 1e-6)
  }

  @Test func batchesArePureFunctionsOfTheirPlace() throws {
    let data = SyntheticDataset(try Ring(), standardized: true)
    let whole = try data.samples(BatchRequest(seed: 7, position: 0, size: 100))
    var pieces: [Float] = []
    var labels: [Int32] = []
    for (position, size) in [(0, 1), (1, 12), (13, 8), (21, 79)] {
      let piece = try data.samples(BatchRequest(seed: 7, position: UInt64(position), size: size))
      pieces += piece.values
      labels += piece.labels ?? []
    }
    #expect(pieces == whole.values && labels == whole.labels)
    #expect(try data.samples(BatchRequest(seed: 7, batch: 3, size: 25)).values == Array(whole.values[150...]))
    #expect(try data.samples(BatchRequest(seed: 8, position: 0, size: 100)) != whole)
    #expect(try data.evaluationSamples(count: 100, seed: 7).values != whole.values)
    #expect(try data.samples(BatchRequest(seed: 7, position: 0, size: 0)).values.isEmpty)
    #expect(try data.samples(BatchRequest(seed: 7, position: .max - 3, size: 20)).values.allSatisfy(\.isFinite))
  }

  @Test func refusedParametersSayWhatIsAccepted() {
    #expect(sentence { _ = try Ring(modes: 0) } == "ring: modes is 0, but must be a whole number from 1 to 10000.")
    #expect(
      sentence { _ = try Ring(deviation: 0) } == "ring: deviation is 0, but must be a number from 1e-06 to 1000000.")
    #expect(sentence { _ = try Ring(radius: .nan) } != nil)
    #expect(sentence { _ = try Ring(radius: -.infinity) } != nil)
    #expect(sentence { _ = try Grid(side: 101) } != nil)
    #expect(sentence { _ = try Grid(spacing: -1) } != nil)
  }
}
