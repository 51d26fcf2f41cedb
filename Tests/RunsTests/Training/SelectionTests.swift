import Datasets
import Foundation
import Models
import Stability
import Telemetry
import Testing

@testable import Runs

/// Data as configurations choose them.
@Suite struct SelectionTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    for (name, count) in [("train", 90), ("t10k", 30)] {
      let paths = try LabelledImages.write(temporary, name, count: count)
      try FileManager.default.moveItem(atPath: paths.images, toPath: "\(temporary.path)/\(name)-images-idx3-ubyte")
      try FileManager.default.moveItem(atPath: paths.labels, toPath: "\(temporary.path)/\(name)-labels-idx1-ubyte")
    }
  }

  private func dataset(_ options: String, kind: String = "mnist") throws -> any Dataset {
    let yaml = "data: { kind: \(kind), path: \"\(temporary.path)\", size: 16\(options) }"
    return try DatasetFactory.dataset(try RunConfiguration(yaml: yaml, file: "x.yaml").data)
  }

  @Test func splitsClassesAndNumbers() throws {
    #expect(try dataset("").count == 90)
    #expect(try dataset(", split: train").count == 90)
    #expect(try dataset(", split: test").count == 30)
    #expect(try dataset(", only: [1]").count == 30)
    #expect(try dataset(", without: [1]").count == 60)
    let few = try dataset(", per-class: 7")
    #expect(few.count == 21 && few.summary.hasSuffix("(7 of each class)"))
    #expect(try dataset(", split: test, only: [0, 2], per-class: 4").count == 8)
    // The judge of the whole data serves its parts.
    #expect(few.name == "mnist" && few.classCount == 10)
  }

  @Test func stackedDigitsAreOfTheSelectedOnes() throws {
    let stacked = try dataset("", kind: "stacked-mnist")
    #expect(stacked.name == "stacked-mnist" && stacked.shape == .image(channels: 3, height: 16, width: 16))
    #expect(stacked.classCount == 1000 && stacked.count == nil)
    let ones = try dataset(", only: [1]", kind: "stacked-mnist")
    let set = try ones.samples(BatchRequest(seed: 1, position: 0, size: 5))
    #expect(set.labels == Array(repeating: 111, count: 5))
  }

  @Test func aPointMassIsZero() throws {
    let data = try DatasetFactory.dataset(DataConfiguration(source: .dirac))
    #expect(data.shape == .vector(1) && data.count == nil)
    #expect(try data.samples(BatchRequest(seed: 1, position: 9, size: 4)).values == [0, 0, 0, 0])
    #expect(try data.evaluationSamples(count: 3, seed: 2).values == [0, 0, 0])
  }

  /// A run of two numbers trains, reports them and says nothing else of its samples.
  @Test func aDiracRun() throws {
    let store = RunStore(option: temporary.path + "/runs", environment: [:])
    let configuration = try RunConfiguration(
      yaml: EmbeddedSamples.texts["dirac-r1"] ?? "", file: "x.yaml",
      overrides: [
        "schedule.steps=50", "schedule.pace=none", "measures.every=10", "optimizers.generator.rate=0.001",
        "optimizers.discriminator.rate=0.001",
      ])
    let training = try Training(store, configuration)
    guard case .finished? = training.end() else { throw Training.Missing(what: "end") }
    var values: [String: Double] = [:]
    var warnings: [String] = []
    for event in training.events {
      if case .metrics(let report) = event { for (id, bucket) in report.buckets { values[id.rawValue] = bucket.last } }
      if case .message(let message, _) = event, message.level != .info { warnings.append(message.text) }
    }
    #expect(warnings == [])
    let (theta, psi) = (values["dirac/theta"] ?? .nan, values["dirac/psi"] ?? .nan)
    #expect(theta > 1 && theta < 1.1 && psi < 1 && psi > 0.9)
    #expect(values["entropy/generated"] == nil)
    #expect(try RunSampler(training.folder).samples(count: 3, seed: 1).count == 3)
    let measurer = Measurer(try MeasureSubject(training.folder, threads: 1), threads: 1)
    #expect(measurer.fitting == [])
    // At the equilibrium of a zero-sum game R1 leaves lambda = -gamma/2 ± sqrt(gamma^2/4 - 1/4).
    let model = try RunModel(
      try RunConfiguration(
        yaml: EmbeddedSamples.texts["dirac-r1"] ?? "", file: "x.yaml",
        overrides: ["model.generator.start=0", "model.discriminator.start=0"]), steps: 0)
    let eigenvalues = try RunStability(of: model).report.eigenvalues
    #expect(eigenvalues.count == 2)
    for value in eigenvalues {
      #expect(abs(value.real + 0.05) < 1e-4 && abs(abs(value.imaginary) - (0.25 - 0.0025).squareRoot()) < 1e-4)
    }
  }
}
