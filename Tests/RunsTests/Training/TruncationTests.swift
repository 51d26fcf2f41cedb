import Foundation
import Testing

@testable import Models
@testable import Runs

@Suite struct TruncationTests {
  @Test func equalsSciPy() {
    for (limit, z, expected) in TruncationNumbers.truncated {
      let found = TruncatedNormal(limit: limit)(z)
      #expect(abs(found - expected) < 1e-9, "limit \(limit), z \(z): \(found), \(expected)")
    }
    for (y, expected) in TruncationNumbers.inverse {
      let found = TruncatedNormal.inverseErf(y)
      // Where the function is steep, y alone has no more digits.
      #expect(abs(found - expected) < 1e-12 * max(1, 1e-3 / (1 - abs(y))), "\(y): \(found), \(expected)")
    }
    #expect(TruncatedNormal.inverseErf(1) == .infinity && TruncatedNormal.inverseErf(-1) == -.infinity)
    #expect(TruncatedNormal(limit: 2)(40) == 2 && TruncatedNormal(limit: 2)(-40) == -2)
  }

  private let layout = LatentLayout(dimension: 3, distribution: .normal, categories: 2, continuous: 0, classes: nil)

  private func drawn(_ truncation: Double?, _ layout: LatentLayout) -> [Float] {
    var values = [Float](repeating: 0, count: 400 * layout.count)
    values.withUnsafeMutableBufferPointer {
      LatentDrawer(layout, seed: 3, stream: "sample", truncation: truncation).fill($0, firstSample: 0, counter: 0)
    }
    return values
  }

  /// The same draws, nearer to 0; the code stays as it is.
  @Test func latentsMoveTowardsTheMiddle() {
    let (all, near) = (drawn(nil, layout), drawn(0.5, layout))
    for index in all.indices {
      if index % layout.count < layout.dimension {
        #expect(abs(near[index]) <= 0.5 && abs(near[index]) <= abs(all[index]) && near[index] * all[index] >= 0)
      } else {
        #expect(near[index] == all[index])
      }
    }
    #expect(drawn(SamplingConfiguration.noTruncation, layout) == all)
    var cube = layout
    cube.distribution = .uniform
    #expect(drawn(0.5, cube) == drawn(nil, cube))
  }

  private func configuration(_ model: String, size: Int = 28) throws -> RunConfiguration {
    try RunConfiguration(yaml: "data: { kind: mnist, size: \(size) }\nmodel: { \(model) }", file: "x.yaml")
  }

  @Test func theOptionSetsWhatTheRunHas() throws {
    var plain = try configuration("kind: gan")
    try plain.truncate(at: 0.7)
    #expect(plain.sampling.truncation == 0.7)
    var style = try configuration("generator: style, discriminator: progressive", size: 32)
    try style.truncate(at: 0.3)
    #expect(style.hyperparameter("model.generator.truncation") == 0.3 && style.sampling.truncation == nil)
    #expect(throws: TruncationError.outOfRange(2, most: 1)) { try style.truncate(at: 2) }
    #expect(throws: TruncationError.outOfRange(0, most: 10)) { try plain.truncate(at: 0) }
    var uniform = try configuration("latent: { distribution: uniform }")
    #expect(throws: TruncationError.uniformLatents) { try uniform.truncate(at: 1) }
    var both = try configuration("kind: bigan")
    #expect(throws: TruncationError.noLatents(model: "bigan")) { try both.truncate(at: 1) }
  }

  @Test func samplesOfATruncatedRunLieNearer() throws {
    let temporary = try TemporaryFolder()
    defer { withExtendedLifetime(temporary) {} }
    let store = RunStore(option: temporary.path + "/runs", environment: [:])
    // A linear generator: samples are as far as latents.
    let configuration = try RunConfiguration(
      yaml: "data: ring\nmodel: { generator: { hidden: [] }, discriminator: { hidden: [4] } }\n"
        + "schedule: { batch: 4, steps: 2, checkpoint-every: 2 }\nmeasures: { samples: 100 }\n", file: "x.yaml")
    let training = try Training(store, configuration)
    _ = training.end()
    func spread(_ truncation: Double?) throws -> Float {
      try RunSampler(training.folder, truncation: truncation).samples(count: 200, seed: 1).map(abs).max() ?? 0
    }
    #expect(try spread(0.1) < 0.2 * spread(nil))
    #expect(try spread(10) == spread(nil))
  }

  @Test func aSweepTellsItsTrends() throws {
    func report(_ precision: Double, _ recall: Double) -> MeasureReport {
      MeasureReport(
        subject: [:], parameters: [:],
        results: [
          MeasureResult(
            kind: .precisionRecall,
            lines: [
              MeasureLine("precision", title: "precision", .number(precision)),
              MeasureLine("recall", title: "recall", .number(recall)),
            ])
        ])
    }
    let sweep = TruncationSweep([
      (0.5, report(0.9, 0.1)), (1, report(0.8, 0.3)), (2, report(0.85, 0.5)), (4, report(0.6, 0.6)),
    ])
    #expect(sweep.trends.map(\.correlation) == [-0.8, 1])
    #expect(sweep.table.contains("truncation 0.5\n") && sweep.table.hasSuffix("precision-recall, recall: 1.0000"))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(sweep.json().utf8)) as? [String: Any])
    #expect((json["truncations"] as? [[String: Any]])?.map { $0["truncation"] as? Double } == [0.5, 1, 2, 4])
    let trends = (json["rank_correlation"] as? [String: [String: Double]])?["precision-recall"]
    #expect(trends?["recall"] == 1)
  }
}
