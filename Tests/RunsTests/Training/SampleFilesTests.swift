import Datasets
import Foundation
import Models
import Tensors
import Testing

@testable import Runs

/// What checkpoints and `gantui sample` hand to other programs.
@Suite(.serialized) struct SampleFilesTests {
  private let runs: SmallRuns
  init() throws { runs = try SmallRuns() }

  private func path(_ name: String) -> String { runs.temporary.path + "/" + name }

  @Test func latentsComeOutAndGoIn() throws {
    let training = try Training(runs.store, runs.configuration(steps: 10), options: SmallRuns.headless)
    _ = training.end()
    let sampler = try RunSampler(training.folder)
    // More than a program makes at a time.
    let files = SampleFiles(samples: path("x.npy"), latents: path("z.npy"), scores: path("s.npy"))
    #expect(try sampler.write(count: 300, seed: 5, to: files) == 300)
    let (samples, latents, scores) = (
      try NPY.read(files.samples), try NPY.read(path("z.npy")), try NPY.read(path("s.npy"))
    )
    #expect(samples.shape == [300, 2] && latents.shape == [300, 2] && scores.shape == [300])
    #expect(scores.values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(try sampler.samples(count: 300, seed: 5) == samples.values)
    let again = SampleFiles(samples: path("again.npy"), givenLatents: path("z.npy"))
    #expect(try RunSampler(training.folder).write(count: 1, seed: 9, to: again) == 300)
    #expect(try NPY.read(again.samples) == samples)

    try NPY.write([1, 2, 3], shape: [1, 3], to: path("wrong.npy"))
    let error = #expect(throws: SampleError.self) {
      try sampler.write(count: 1, seed: 1, to: SampleFiles(samples: path("y.npy"), givenLatents: path("wrong.npy")))
    }
    #expect(error?.description == "\(path("wrong.npy")): latents of shape [1, 3]; those of the run are [count, 2]")
    #expect(!FileManager.default.fileExists(atPath: path("y.npy")))
  }

  @Test func aCheckpointTellsTheUnitsOfPoints() throws {
    for isStandardized in [true, false] {
      var configuration = try runs.configuration(steps: 2)
      configuration.data.standardize = isStandardized
      let training = try Training(runs.store, configuration, options: SmallRuns.headless)
      _ = training.end()
      let checkpoint = try training.checkpoint(2)
      let dataset = try DatasetFactory.dataset(configuration.data)
      #expect(checkpoint.normalization == (isStandardized ? dataset.normalization : nil))
    }
  }

  /// The tensors of two networks as the README has them: names, and shapes where the table gives those.
  @Test func namesAndShapesAreAsDocumented() throws {
    let training = try Training(runs.store, runs.configuration(steps: 2), options: SmallRuns.headless)
    _ = training.end()
    let found = try training.checkpoint(2).tensors
    var expected: [String: [Int]] = [:]
    for (player, input, output) in [("generator", 2, 2), ("discriminator", 2, 1)] {
      let parameters = [
        "dense1/weight": [input, 8], "dense1/bias": [8], "dense2/weight": [8, output], "dense2/bias": [output],
      ]
      expected["\(player)/adam/step"] = []
      for (name, shape) in parameters {
        expected["\(player)/\(name)"] = shape
        expected["\(player)/\(name)/adam/first_moment"] = shape
        expected["\(player)/\(name)/adam/second_moment"] = shape
        if player == "generator" { expected["average/\(player)/\(name)"] = shape }
      }
    }
    #expect(found.mapValues(\.shape) == expected)
    #expect(found.values.allSatisfy { $0.type == .float32 })
  }

  /// The variables of a game on images, without those of the optimizers.
  private func variables(_ model: String, classes: Int? = nil) throws -> [String: [Int]] {
    let file = try runs.temporary.write(
      "images-\(UUID().uuidString).yaml",
      "data: { kind: mnist, size: 28 }\nmodel:\n  kind: gan\n  latent: { dimension: 12 }\n" + model)
    let system = try TrainableSystem(
      try RunConfiguration(contentsOf: file), of: SampleDescription(sample: [1, 28, 28], source: nil, classes: classes))
    let optimizers = Set(system.optimizerVariables.map(\.name))
    return Dictionary(
      uniqueKeysWithValues: system.variables.filter { !optimizers.contains($0.name) }
        .map { ($0.name, $0.shape.dimensions) })
  }

  private func norm(_ name: String, _ channels: Int) -> [String: [Int]] {
    Dictionary(
      uniqueKeysWithValues: ["scale", "offset", "running_mean", "running_variance"].map {
        ("\(name)/\($0)", [channels])
      }
    )
  }

  @Test func aDCGANsNamesAndShapesAreAsDocumented() throws {
    let found = try variables(
      """
        generator: { kind: dcgan, features: 4 }
        discriminator: { kind: dcgan, features: 4, normalization: layer, spectral-normalization: true }
        condition: concatenation
      """, classes: 10)
    var expected: [String: [Int]] = [
      "generator/project/dense/weight": [22, 8 * 7 * 7], "generator/block1/conv/weight": [8, 4, 4, 4],
      "generator/block2/conv/weight": [4, 1, 4, 4],
      "discriminator/block1/conv/weight": [4, 11, 4, 4], "discriminator/block1/conv/weight_u": [4],
      "discriminator/block2/conv/weight": [8, 4, 4, 4], "discriminator/block2/conv/weight_u": [8],
      "discriminator/block2/norm/scale": [8, 1, 1], "discriminator/block2/norm/offset": [8, 1, 1],
      "discriminator/score/dense/weight": [8 * 7 * 7, 1], "discriminator/score/dense/weight_u": [1],
    ]
    for (name, channels) in [("project", 8), ("block1", 4)] {
      expected.merge(norm("generator/\(name)/norm", channels)) { first, _ in first }
    }
    #expect(found == expected)
  }

  @Test func aResidualGamesNamesAndShapesAreAsDocumented() throws {
    let found = try variables(
      """
        generator: { kind: biggan, features: 4, embedding: 6, attention: 14, spectral-normalization: false }
        discriminator: { kind: residual, features: 4, spectral-normalization: true }
        condition: projection
      """, classes: 10)
    func has(_ name: String, _ shape: [Int]?, _ location: SourceLocation = #_sourceLocation) {
      #expect(found[name] == shape, "\(name)", sourceLocation: location)
    }
    // z of 12 in 3 parts of 4; each block has a part beside the class's 6.
    has("generator/latent/embedding/table", [10, 6])
    has("generator/project/dense/weight", [4, 8 * 7 * 7])
    for (name, channels) in [("block1/norm1", 8), ("block1/norm2", 8), ("block2/norm1", 8), ("block2/norm2", 4)] {
      has("generator/\(name)/scale", [10, channels])
      has("generator/\(name)/offset", [10, channels])
      has("generator/\(name)/running_mean", [channels])
      has("generator/\(name)/running_variance", [channels])
    }
    has("generator/block2/conv1/weight", [4, 8, 3, 3])
    has("generator/block2/conv2/bias", [4])
    has("generator/block2/shortcut/weight", [4, 8, 1, 1])
    has("generator/attention/key/weight", [1, 8, 1, 1])
    has("generator/attention/value/weight", [4, 8, 1, 1])
    has("generator/attention/gamma", [1])
    has("generator/image/norm/scale", [4])
    has("generator/image/conv/weight", [1, 4, 3, 3])
    has("discriminator/block1/conv1/weight_u", [4])
    has("discriminator/block3/shortcut/weight", nil)
    has("discriminator/score/dense/weight", [8, 1])
    has("discriminator/score/embedding/table", [10, 8])
    has("discriminator/score/embedding/table_u", [10])
  }
}
