import Datasets
import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

/// Runs that translate images, on pairs of files.
@Suite struct TranslationTests {
  private let folder: TemporaryFolder
  private var pairs: String { folder.path + "/pairs" }

  /// Five pairs of gray images, two of them held out: a bright square at some place, and the negative.
  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/pairs", withIntermediateDirectories: true)
    for index in 0..<5 {
      var pixels: [UInt8] = []
      for row in 0..<64 {
        let line = (0..<64).map { UInt8(row / 16 == index % 4 && $0 / 16 == index % 3 ? 255 : 0) }
        pixels += line + line.map { 255 - $0 }
      }
      let image = try #require(PixelImage(width: 128, height: 64, channels: 1, pixels: pixels))
      try PNG.write(image, to: folder.path + "/pairs/\(index).png")
    }
  }

  private func train(_ model: String, aligned: Bool) throws -> (training: Training, folder: RunFolder) {
    let configuration = try RunConfiguration(
      yaml: """
        data: { kind: pairs, path: \(pairs), channels: 1, held-out: 2, aligned: \(aligned) }
        model: \(model)
        schedule: { batch: 2, steps: 3 }
        measures: { every: 1 }
        threads: 1
        """, file: "translation.yaml")
    let training = try Training(RunStore(option: folder.path + "/runs", environment: [:]), configuration)
    guard case .finished? = training.end() else { throw Training.Missing(what: "end") }
    return (training, training.folder)
  }

  private func reported(_ training: Training) -> Set<MetricID> {
    training.events.reduce(into: []) { found, event in
      if case .metrics(let report) = event { found.formUnion(report.buckets.keys) }
    }
  }

  /// Width and height of a PNG file, from its header.
  private func size(_ name: String) throws -> [Int] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)).prefix(24)
    return [16, 20].map { start in bytes.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) } }
  }

  @Test func aPairedTranslationTrainsAndShowsHeldOutPairs() throws {
    let model = "{ kind: pix2pix, generator: { features: 4 }, discriminator: { receptive-field: 16, features: 4 } }"
    let (training, run) = try train(model, aligned: true)
    #expect(reported(training).isSuperset(of: [.distanceLoss, .heldOutDistance, .generatorLoss, .discriminatorLoss]))
    let sampler = try RunSampler(run)
    #expect(try sampler.write(count: 64, seed: 1, to: SampleFiles(samples: folder.path + "/sheet.png")) == 2)
    // Source, output and target side by side, two rows of them.
    #expect(try size("sheet.png") == [3 * 64, 2 * 64 + ImageSheet.gap])
    #expect(try sampler.write(count: 64, seed: 1, to: SampleFiles(samples: folder.path + "/made.npy")) == 2)
  }

  /// What is shown then has been learnt from.
  @Test func withoutHeldOutPairsNothingIsReportedOfThem() throws {
    let configuration = try RunConfiguration(
      yaml: """
        data: { kind: pairs, path: \(pairs), channels: 1, held-out: 0 }
        model: { kind: pix2pix, generator: { features: 4 }, discriminator: { receptive-field: 16, features: 4 } }
        schedule: { batch: 2, steps: 2 }
        measures: { every: 1 }
        """, file: "translation.yaml")
    let training = try Training(RunStore(option: folder.path + "/runs", environment: [:]), configuration)
    guard case .finished? = training.end() else { throw Training.Missing(what: "end") }
    #expect(reported(training).contains(.distanceLoss) && !reported(training).contains(.heldOutDistance))
  }

  @Test func aCycleTrainsWithoutPartners() throws {
    let model =
      "{ kind: cyclegan, generator: { features: 2, blocks: 1 }, discriminator: { receptive-field: 16, features: 2 },"
      + " pool: 3 }"
    let (training, run) = try train(model, aligned: false)
    let found = reported(training)
    #expect(found.isSuperset(of: [.cycleLoss, .identityLoss, .heldOutCycle]))
    // Without partners there is no answer to compare with.
    #expect(!found.contains(.heldOutDistance))
    #expect(try RunSampler(run).write(count: 1, seed: 1, to: SampleFiles(samples: folder.path + "/sheet.png")) == 1)
    #expect(try size("sheet.png") == [6 * 64, 64])
  }

  private func number(_ report: MeasureReport, _ path: String...) -> Double? {
    switch report.results.first?.lines.first(where: { $0.path == path })?.value {
    case .number(let value)?: value
    case .integer(let value)?: Double(value)
    default: nil
    }
  }

  @Test func translationsAreMeasuredOnHeldOutPairs() throws {
    let model =
      "{ kind: cyclegan, generator: { features: 2, blocks: 1 }, discriminator: { receptive-field: 16, features: 2 },"
      + " pool: 3 }"
    let (_, run) = try train(model, aligned: false)
    let report = try Measurer(try MeasureSubject(run, threads: 1), threads: 1).measure([.translation])
    let sampler = try RunSampler(run)
    let rows = try #require(try sampler.comparison(count: 100, seed: 1))
    #expect(rows.count == 2)
    for (key, made, wanted) in [("forth", "samples", "batch"), ("back", "back", "sources")] {
      let (made, wanted) = (try #require(rows.columns[made]), try #require(rows.columns[wanted]))
      let distance = zip(made, wanted).reduce(0) { $0 + Double(abs($1.0 - $1.1)) } / Double(made.count) / 2
      #expect(abs(try #require(number(report, key, "l1")) - distance) < 1e-6)
      // A negative is as far from its source as can be.
      #expect(abs(try #require(number(report, key, "identity_l1")) - 1) < 1e-6)
      #expect(try #require(number(report, key, "mean_l1")) < 0.5)
      #expect((0...1).contains(try #require(number(report, key, "cycle"))))
      #expect(try #require(number(report, key, "gradients", "real_mean")) > 0)
      // Black and white.
      #expect(number(report, key, "labels", "colours") == 2)
      #expect(abs(try #require(number(report, key, "labels", "majority")) - 15.0 / 16) < 1e-9)
    }
  }

  @Test func anEncoderIsMeasuredByWhatComesBack() throws {
    let configuration = try RunConfiguration(
      yaml: """
        data: ring
        model: { kind: bigan, generator: { hidden: [8] }, encoder: { hidden: [8] }, discriminator: { hidden: [8] } }
        schedule: { steps: 3 }
        measures: { every: 1, samples: 200 }
        threads: 1
        """, file: "both.yaml")
    let training = try Training(RunStore(option: folder.path + "/runs", environment: [:]), configuration)
    guard case .finished? = training.end() else { throw Training.Missing(what: "end") }
    #expect(reported(training).isSuperset(of: [.encoderLoss, .heldOutReconstruction, .modesCovered]))
  }
}
