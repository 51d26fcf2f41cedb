import Datasets
import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

/// Measures end to end, on small data and with few samples.
@Suite(.serialized) struct MeasurerTests {
  private let temporary: TemporaryFolder
  private let data: any Dataset
  private let judges: JudgeStore
  private let paths: (images: String, labels: String)

  init() throws {
    temporary = try TemporaryFolder()
    paths = try LabelledImages.write(temporary, "train", count: 600)
    data = try IDXDataset.load(images: paths.images, labels: paths.labels)
    judges = JudgeStore(folder: temporary.path + "/judges", epochs: 5)
  }

  private func parameters(_ count: Int) -> MeasureParameters {
    var parameters = MeasureParameters()
    parameters.count = count
    parameters.searched = 2_000
    parameters.classifierSteps = 8
    parameters.discriminatorSteps = 20
    return parameters
  }

  private func measurer(_ values: [Float], count: Int, _ dataset: (any Dataset)? = nil) -> Measurer {
    let dataset = dataset ?? data
    let samples = SampleSet(shape: dataset.shape, count: values.count / dataset.shape.size, values: values)
    return Measurer(
      MeasureSubject(samples, from: "samples.npy", dataset: dataset), parameters: parameters(count), threads: 1,
      judges: judges)
  }

  private func number(_ report: MeasureReport, _ kind: MeasureKind, _ path: String...) -> Double {
    var value = report.results.first { $0.kind == kind }?.value
    for name in path {
      guard case .object(let members) = value else { return .nan }
      value = members[name]
    }
    switch value {
    case .number(let number): return number
    case .integer(let number): return Double(number)
    default: return .nan
    }
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test func theDataThemselvesAreFound() throws {
    let set = try data.evaluationSamples(count: 300, seed: 7)
    let report = try measurer(set.values, count: 300).measure()
    #expect(
      report.results.map(\.kind) == [
        .entropy, .classes, .inceptionScore, .frechet, .precisionRecall, .densityCoverage, .nearest,
      ])
    #expect(number(report, .classes, "covered") == 3)
    #expect(abs(number(report, .classes, "entropy") - log(3)) < 0.05)
    #expect(number(report, .classes, "reverse_kl") < 0.05)
    #expect(number(report, .inceptionScore, "generated", "mean") > 2)
    #expect(number(report, .precisionRecall, "precision") > 0.6)
    #expect(number(report, .precisionRecall, "recall") > 0.6)
    #expect(number(report, .frechet, "judge", "floor") > 0)
    // Samples that are training samples: each has itself for its nearest.
    #expect(number(report, .nearest, "ratio") == 0)
    #expect(number(report, .nearest, "copies") == 1)
    guard case .number(let accuracy)? = report.judge?["accuracy"] else {
      Issue.record("no judge")
      return
    }
    #expect(accuracy > 0.9)
  }

  @Test func oneClassIsACollapse() throws {
    let all = try data.evaluationSamples(count: 600, seed: 7)
    let size = data.shape.size
    let rows = (all.labels ?? []).indices.filter { all.labels?[$0] == 1 }
    let values = rows.flatMap { all.values[$0 * size..<($0 + 1) * size] }
    let whole = try measurer(all.values, count: 150).measure([.frechet])
    let report = try measurer(values, count: 150).measure([.frechet, .classes])
    #expect(number(report, .classes, "with_mass") == 1)
    #expect(number(report, .classes, "entropy") == 0)
    #expect(
      number(report, .frechet, "judge", "distance") > 5 * number(whole, .frechet, "judge", "distance"))
    #expect(number(report, .frechet, "pca", "distance") > 5 * number(whole, .frechet, "pca", "distance"))
  }

  @Test func theSameSeedGivesTheSameReport() throws {
    let set = try data.evaluationSamples(count: 200, seed: 3)
    let first = try measurer(set.values, count: 200).measure()
    let second = try measurer(set.values, count: 200).measure()
    #expect(try first.json() == second.json())
    #expect(first.table == second.table)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let set = try data.evaluationSamples(count: 20, seed: 3)
    let images = measurer(set.values, count: 20)
    #expect(
      sentence { _ = try images.measure([.modes]) }
        == "modes cannot be measured here: idx data are no mixture of known modes")
    #expect(
      sentence { _ = try images.measure([.accuracyScore]) }
        == "accuracy-score cannot be measured here: its samples were asked for no class, as those of a conditional run are"
    )
    #expect(
      sentence { _ = try images.measure([.jensenShannon]) }
        == "jensen-shannon cannot be measured here: a file of samples has no discriminator")
    let points = try DatasetFactory.dataset(
      DataConfiguration(source: .ring(modes: 8, radius: 2, deviation: 0.02), standardize: false))
    let ring = measurer([0, 0, 1, 1], count: 20, points)
    #expect(
      sentence { _ = try ring.measure([.inceptionScore]) }
        == "inception-score cannot be measured here: ring data are no images, and a judge looks at images")
    #expect(
      sentence { _ = try ring.measure([.densityCoverage]) }
        == "density-coverage needs at least 6 samples, and there are 2"
    )
    #expect(
      sentence { _ = try MeasureKind(named: "frechett") } == "no measure is named frechett; did you mean frechet?")
  }

  @Test func aPerfectSamplerOfAMixture() throws {
    let ring = try DatasetFactory.dataset(
      DataConfiguration(source: .ring(modes: 8, radius: 2, deviation: 0.02), standardize: true))
    let drawn = try ring.samples(BatchRequest(seed: 5, position: 0, size: 3_000))
    let report = try measurer(ring.normalization.inverted(drawn.values), count: 3_000, ring).measure()
    #expect(
      report.results.map(\.kind) == [.modes, .entropy, .frechet, .precisionRecall, .densityCoverage, .nearest])
    for key in ["n_2500", "n_3000"] {
      #expect(number(report, .modes, key, "modes") == 8)
      #expect(abs(number(report, .modes, key, "high_quality") - 0.98889) < 0.01)
      #expect(number(report, .modes, key, "reverse_kl") < 0.01)
    }
    #expect(abs(number(report, .entropy, "gap")) < 0.2)
    #expect(abs(number(report, .densityCoverage, "density") - 1) < 0.1)
    #expect(number(report, .densityCoverage, "coverage") > 0.9)
    #expect(abs(number(report, .nearest, "ratio") - 1) < 0.5)
  }

  // MARK: Runs

  private func trained(_ text: String) throws -> RunFolder {
    let path = try temporary.write("run-\(UUID().uuidString).yaml", text)
    let store = RunStore(option: temporary.path + "/runs", environment: [:])
    let training = try Training(store, try RunConfiguration(contentsOf: path))
    guard case .finished? = training.end() else { throw Training.Missing(what: "end") }
    return training.folder
  }

  @Test func aConditionalRun() throws {
    let folder = try trained(
      """
      name: conditional
      data: { kind: idx, images: \(paths.images), labels: \(paths.labels), size: 16 }
      model:
        kind: gan
        latent: { dimension: 4 }
        generator: { kind: mlp, hidden: [16] }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
        condition: { kind: concatenation }
      schedule: { batch: 16, steps: 20, checkpoint-every: 20 }
      measures: { every: 1000, samples: 100 }
      """)
    let measurer = Measurer(
      try MeasureSubject(folder, threads: 1), parameters: parameters(120), threads: 1, judges: judges)
    let kinds: [MeasureKind] = [.classConsistency, .accuracyScore, .augmentation, .jensenShannon]
    let report = try measurer.measure(kinds)
    for (kind, path) in [
      (MeasureKind.classConsistency, "share"), (.accuracyScore, "generated"), (.accuracyScore, "mixed"),
      (.accuracyScore, "real"), (.augmentation, "with"), (.augmentation, "without"),
    ] {
      #expect((0...1).contains(number(report, kind, path)), "\(kind) \(path)")
    }
    // Data of three bars are soon learnt from data.
    #expect(number(report, .accuracyScore, "real") > 0.6)
    #expect(number(report, .jensenShannon, "divergence") <= log(2) + 1e-6)
    // An untrained generator is told from bars more surely than by the discriminator as it was.
    #expect(number(report, .jensenShannon, "divergence") > 0)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
    #expect((json["subject"] as? [String: Any])?["step"] as? Int == 20)
    #expect((json["parameters"] as? [String: Any])?["count"] as? Int == 120)
  }

  /// Few real samples of each class, as augmentation is for.
  @Test func aConditionalRunOfFewSamples() throws {
    let folder = try trained(
      """
      name: few
      data: { kind: idx, images: \(paths.images), labels: \(paths.labels), size: 16, per-class: 20 }
      model:
        kind: gan
        latent: { dimension: 4 }
        generator: { kind: mlp, hidden: [16] }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
        condition: projection
      schedule: { batch: 16, steps: 10, checkpoint-every: 10 }
      measures: { every: 1000, samples: 100 }
      """)
    let measurer = Measurer(
      try MeasureSubject(folder, threads: 1), parameters: parameters(120), threads: 1, judges: judges)
    let report = try measurer.measure([.accuracyScore, .augmentation])
    #expect((0...1).contains(number(report, .accuracyScore, "mixed")))
    #expect((0...1).contains(number(report, .augmentation, "with")))
    let notes = report.results.flatMap(\.lines).map(\.note)
    #expect(notes.contains { $0.contains("20 of each class") })
  }

  @Test func theCategoriesOfACodeAreNamed() throws {
    let folder = try trained(
      """
      name: info
      data: { kind: idx, images: \(paths.images), labels: \(paths.labels), size: 16 }
      model:
        kind: gan
        latent: { dimension: 4 }
        generator: { kind: mlp, hidden: [16] }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
        code: { categories: 3, continuous: 1 }
      schedule: { batch: 16, steps: 20, checkpoint-every: 20 }
      measures: { every: 1000, samples: 100 }
      """)
    let measurer = Measurer(
      try MeasureSubject(folder, threads: 1), parameters: parameters(120), threads: 1, judges: judges)
    #expect(measurer.fitting.contains(.classConsistency) && measurer.fitting.contains(.codeAccuracy))
    let report = try measurer.measure([.classConsistency, .codeAccuracy, .accuracyScore])
    let (accuracy, error) = (number(report, .codeAccuracy, "accuracy"), number(report, .codeAccuracy, "error"))
    // Three categories named one to one are right at least once in three on what they are named by.
    #expect(accuracy >= 0.2 && accuracy <= 1 && abs(accuracy + error - 1) < 1e-12)
    // One to one, the best naming is right at least once in three.
    #expect(number(report, .classConsistency, "share") >= 1.0 / 3 - 1e-9)
    #expect((0...1).contains(number(report, .accuracyScore, "generated")))
    let names = try Measurer.names(of: [0, 0, 1, 1, 2], as: [2, 2, 2, 0, 1], categories: 3, classes: 3)
    #expect(names == [2, 0, 1])
    #expect(try Measurer.names(of: [0, 1, 1, 2], as: [0, 1, 1, 1], categories: 3, classes: 2) == [0, 1, 1])
    let other = try trained(
      """
      name: plain
      data: { kind: idx, images: \(paths.images), labels: \(paths.labels), size: 16 }
      model: { latent: { dimension: 4 }, generator: { hidden: [4] }, discriminator: { hidden: [4] } }
      schedule: { batch: 16, steps: 2, checkpoint-every: 2 }
      measures: { every: 1000, samples: 100 }
      """)
    let plain = Measurer(try MeasureSubject(other, threads: 1), parameters: parameters(100), threads: 1, judges: judges)
    #expect(
      sentence { _ = try plain.measure([.codeAccuracy]) }
        == "code-accuracy cannot be measured here: the run has no code with categories, as InfoGAN's")
  }

  private func encoderRun() throws -> RunFolder {
    try trained(
      """
      name: encoder
      data: { kind: idx, images: \(paths.images), labels: \(paths.labels), size: 16 }
      model:
        kind: bigan
        latent: { dimension: 8 }
        generator: { kind: mlp, hidden: [16] }
        encoder: { kind: mlp, hidden: [24] }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
      schedule: { batch: 16, steps: 10, checkpoint-every: 10 }
      measures: { every: 1000, samples: 100 }
      """)
  }

  @Test func anEncoderIsJudged() throws {
    let folder = try encoderRun()
    let subject = try MeasureSubject(folder, threads: 1)
    let measurer = Measurer(subject, parameters: parameters(120), threads: 1, judges: judges)
    #expect(measurer.fitting.contains(.encoderNeighbors) && measurer.fitting.contains(.reconstructionClass))
    let report = try measurer.measure([.encoderNeighbors, .reconstructionClass])
    // Without a test split the test samples are training samples, whose nearest is themselves.
    for path in ["codes", "features", "data"] { #expect(number(report, .encoderNeighbors, path) == 1, "\(path)") }
    #expect((0...1).contains(number(report, .reconstructionClass, "share")))
    #expect((0...1).contains(number(report, .reconstructionClass, "l1")))
    #expect(number(report, .reconstructionClass, "mean_l1") > 0.05)
    let set = try data.evaluationSamples(count: 300, seed: 1)
    let encoded = try #require(try subject.run?.encoded(set.values))
    #expect(encoded.codes.count == 300 * 8 && encoded.features.count == 300 * 24)
    #expect(encoded.reconstructions.count == set.values.count)
    #expect(encoded.features.contains { $0 > 0 })
    // Block for block the same.
    #expect(try subject.run?.encoded(Array(set.values.suffix(set.shape.size))).codes == Array(encoded.codes.suffix(8)))
    let images = self.measurer(set.values, count: 20)
    #expect(
      sentence { _ = try images.measure([.encoderNeighbors]) }
        == "encoder-neighbors cannot be measured here: the run has no encoder, as BiGAN's")
    #expect(
      sentence { _ = try images.measure([.translation]) }
        == "translation cannot be measured here: the samples are no translations, as those of pix2pix and cyclegan")
  }

  /// Of measures that nobody named, those that fail do not take the others with them.
  @Test func whatFailsIsLeftOut() throws {
    let few = measurer(try data.evaluationSamples(count: 3, seed: 1).values, count: 3)
    let report = try few.measure()
    #expect(report.failures.map(\.kind) == [.precisionRecall, .densityCoverage])
    #expect(report.results.contains { $0.kind == .nearest })
    #expect(report.table.contains("not measured: precision-recall needs at least 4 samples, and there are 3"))
    #expect(try report.json().contains("\"failures\":{\"density-coverage\""))
    #expect(
      sentence { _ = try few.measure([.precisionRecall]) }
        == "precision-recall needs at least 4 samples, and there are 3")
  }

  @Test func anEncodersSheetHasWhatComesBack() throws {
    let folder = try encoderRun()
    let run = try RunSampler(folder)
    let path = folder.path + "/sheet.png"
    let written = try run.writeSheet(.inversions, first: 3, to: path)
    #expect(written.count == 32 && written.title == "data encoded: |x - G(E(x))|")
    let held = try run.dataset.evaluationSamples(count: SheetMaker.bankCount, seed: 1).values
    let row = 8 * run.dataset.shape.size
    let images = Array(held[3 * row / 8..<3 * row / 8 + 2 * row])
    let made = try run.encoded(images).reconstructions
    let expected = images[..<row] + made[..<row] + images[row...] + made[row...]
    let pixels = ImageSheet.pixels(of: Array(expected), channels: 1, height: 16, width: 16)
    let picture = try #require(ImageSheet.arrange(pixels, width: 16, height: 16, channels: 1, columns: 8))
    try PNG.write(picture, to: path + ".expected")
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: path + ".expected"))
  }

  @Test func aCriticHasNoDivergence() throws {
    let folder = try trained(
      """
      name: critic
      data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
      model:
        kind: gan
        latent: { dimension: 2 }
        generator: { kind: mlp, hidden: [8] }
        discriminator: { kind: mlp, hidden: [8], activation: leaky-relu }
      objective: { kind: wasserstein }
      penalties: [ { kind: gradient-penalty } ]
      schedule: { batch: 8, steps: 2, checkpoint-every: 2 }
      measures: { every: 1000, samples: 100 }
      """)
    let measurer = Measurer(
      try MeasureSubject(folder, threads: 1), parameters: parameters(100), threads: 1, judges: judges)
    #expect(!measurer.fitting.contains(.jensenShannon))
    #expect(
      sentence { _ = try measurer.measure([.jensenShannon]) }
        == "jensen-shannon cannot be measured here: the score of a wasserstein discriminator is no log-odds; minimax and non-saturating runs have one"
    )
  }

  @Test func stackedClassesAreReadChannelByChannel() throws {
    let base = try #require(data as? any IndexedDataset)
    let stacked = try StackedDataset(base)
    let drawn = try stacked.samples(BatchRequest(seed: 4, position: 0, size: 400))
    let report = try measurer(drawn.values, count: 400, stacked).measure([.classes])
    let expected = Set(drawn.labels ?? []).count
    #expect(abs(number(report, .classes, "covered") - Double(expected)) <= 2)
  }

  // MARK: Judges

  @Test func aRunAsksAJudgeThatIsThere() throws {
    #expect(try judges.cached(of: data, threads: 1) == nil)
    _ = try judges.judge(of: data, threads: 1)
    let classifier = try #require(try judges.cached(of: data, threads: 1))
    let real = try data.evaluationSamples(count: 300, seed: 1)
    let live = try LiveJudge(classifier, real: real.values)
    let same = try live.metrics(of: real.values)
    #expect(same[.judgeClasses] == 3)
    #expect(abs((same[.judgeClassEntropy] ?? 0) - log(3)) < 0.05)
    #expect((same[.judgeFrechet] ?? 1) < 1e-3)
    #expect((same[.judgePrecision] ?? 0) > 0.9)
    let flat = try live.metrics(of: Array(repeating: -1, count: real.values.count))
    #expect(flat[.judgeClasses] == 1)
    #expect(flat[.judgeRecall] == 0)
    #expect((flat[.judgeFrechet] ?? 0) > 1)
  }

  @Test func dataOfOneKindHaveJudgesOfTheirOwn() throws {
    // Labels that are shifted are other data.
    let swapped = try IDXDataset.load(images: paths.images, labels: try shifted(paths.labels))
    let same = try IDXDataset.load(images: paths.images, labels: paths.labels)
    #expect(judges.path(data) == judges.path(same))
    #expect(judges.path(data) != judges.path(swapped))
    #expect(!judges.has(data))
  }

  private func shifted(_ path: String) throws -> String {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 8..<bytes.count { bytes[index] = (bytes[index] + 1) % UInt8(LabelledImages.classes) }
    return try temporary.write("shifted-labels", bytes)
  }
}
