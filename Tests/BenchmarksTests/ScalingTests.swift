import Testing

@testable import Benchmarks

@Suite struct ScalingTests {
  @Test func whatALayerAddsIsTheSameForEach() throws {
    let benchmark = ScalingBenchmark(seconds: 0.01, threads: 1)
    let points = try [2, 4, 8, 16].map { try benchmark.measure(.depth, $0) }
    let slopes = zip(points, points.dropFirst()).map { ($1.nodes - $0.nodes) / ($1.value - $0.value) }
    #expect(Set(slopes).count == 1)
    let arena = try #require(
      ScalingBenchmark.verdicts(.depth, points).first { $0.figure == "arena MB per 1,000 nodes added" })
    #expect(arena.growth < 1.1)
    #expect(points.allSatisfy { $0.compileMilliseconds > 0 && $0.instructions < $0.nodes })
  }

  @Test func imagesOfAllSizesOfTheSeriesRun() throws {
    let point = try ScalingBenchmark(seconds: 0.01).measure(.image, 16)
    #expect(point.batch == 16 && point.multiplications > 0)
    #expect(point.json.hasPrefix("{\"series\": \"image\", \"value\": 16, \"batch\": 16,"))
  }

  @Test func growthIsAboveTheLeastOfWhatCameBefore() {
    func growth(_ values: [Double]) -> ScalingBenchmark.Verdict {
      ScalingBenchmark.Verdict(series: .batch, figure: "figure", values: values, limit: 1.5)
    }
    #expect(growth([5, 3, 2]).growth == 1)
    #expect(growth([5, 2, 3.5, 1]).growth == 1.75)
    #expect(!growth([5, 2, 3.5, 1]).holds && growth([2, 3]).holds)
  }
}
