import Datasets
import Models
import Testing

@testable import Runs

/// What of the data a run learns, the Dirac-GAN, and truncation, as a configuration says them.
@Suite struct SelectionConfigurationTests {
  private func sentence(_ yaml: String) -> String {
    do {
      _ = try RunConfiguration(yaml: yaml, file: "x.yaml")
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test func selectionsAreRead() throws {
    let text = "data: { kind: mnist, split: test, only: [3, 5], without: [5], per-class: 100 }"
    let configuration = try RunConfiguration(yaml: text, file: "x.yaml")
    #expect(
      configuration.data.selection == SelectionConfiguration(split: .test, only: [3, 5], without: [5], perClass: 100))
    #expect(try RunConfiguration(yaml: configuration.yaml, file: "x.yaml") == configuration)
    #expect(try RunConfiguration(yaml: "data: mnist", file: "x.yaml").data.selection == SelectionConfiguration())
    #expect(!(try RunConfiguration(yaml: "data: ring", file: "x.yaml").yaml.contains("split")))
  }

  @Test func impossibleSelectionsAreRefused() {
    #expect(
      sentence("data: { kind: ring, split: test }\n").hasPrefix(
        "x.yaml:1: data.split: belongs to the kind points, mnist"))
    #expect(
      sentence("data: { kind: mnist, only: [10] }\n")
        == "x.yaml:1: data.only: there is no class 10: classes are 0 to 9")
    #expect(
      sentence("data: { kind: stacked-mnist, without: [999] }\n")
        == "x.yaml:1: data.without: there is no class 999: classes are 0 to 9")
    #expect(
      sentence("data: { kind: mnist, only: [3], without: [3] }\n")
        == "x.yaml:1: data.without: only and without together leave no class to learn")
    #expect(
      sentence("data: { kind: idx, images: i, per-class: 5 }\n")
        == "x.yaml:1: data.per-class: idx data have no labels to choose by; leave it out, or use data with labels")
    #expect(
      sentence("data: { kind: mnist, only: [3] }\nmodel: { condition: projection }\n")
        == "x.yaml:1: data.only: a conditional game asks for every class of the labels, and some are left out here; use"
        + " condition: none, or all classes")
    #expect(sentence("data: { kind: mnist, per-class: 100 }\nmodel: { condition: projection }\n") == "accepted")
    #expect(
      sentence("data: { kind: mnist, per-class: 0 }\n")
        == "x.yaml:1: data.per-class: expected a whole number from 1 to 1000000000, or all, found \"0\"")
  }

  @Test func stackedDigitsAreImagesOfThreeChannels() throws {
    let data = try RunConfiguration(yaml: "data: { kind: stacked-mnist, size: 32, path: p }", file: "x.yaml").data
    #expect(data.source == .stackedMNIST(path: "p", size: 32, fit: .pad))
    #expect(data.shape == .images(size: 32, channels: 3) && data.source.classes == 1000)
  }

  @Test(arguments: ["ring", "grid", "moons", "spiral", "pinwheel"]) func pointsHaveTheirModesForClasses(kind: String)
    throws
  {
    let configuration = try RunConfiguration(yaml: "data: \(kind)\nmodel: { condition: projection }", file: "x.yaml")
    #expect(
      try DatasetFactory.dataset(configuration.data).classCount == configuration.data.source.classes, "\(kind)")
  }

  // MARK: The Dirac-GAN

  private let dirac = "data: dirac\nmodel: { generator: dirac, discriminator: dirac }\n"

  @Test func theOffsetIsTheEquilibriumsScore() throws {
    func offset(_ more: String) throws -> Double {
      guard case .gan(let gan) = try RunConfiguration(yaml: dirac + more, file: "x.yaml").model,
        case .dirac(let judge) = gan.discriminator
      else { return .nan }
      return judge.offset
    }
    #expect(try offset("") == 0)
    #expect(try offset("objective: least-squares\n") == 0.5)
    #expect(try offset("objective: { kind: least-squares, fake-label: -1, target-label: 0 }\n") == 0)
  }

  @Test func theDiracGANStandsAlone() {
    let alone = "the Dirac-GAN is data: dirac, generator: dirac and discriminator: dirac together"
    #expect(sentence("data: ring\nmodel: { generator: dirac }\n") == "x.yaml:2: model.generator.kind: \(alone)")
    #expect(
      sentence("data: dirac\nmodel: { discriminator: dirac }\n") == "x.yaml:2: model.discriminator.kind: \(alone)")
    #expect(
      sentence(dirac + "techniques: [packing]\n")
        == "x.yaml:3: techniques: packing does not go with the Dirac-GAN, whose players are two numbers; leave it out")
    #expect(
      sentence("data: dirac\nmodel: { generator: dirac, discriminator: dirac, code: {} }\n")
        == "x.yaml:2: model.code: a code does not go with the Dirac-GAN, whose players are two numbers; leave it out")
    #expect(sentence("data: dirac\n") == "accepted")
    #expect(sentence(dirac + "penalties: [r1, r2]\ntechniques: [unrolling, instance-noise]\n") == "accepted")
  }

  @Test func theDiracGANReadsBack() throws {
    for more in ["", "objective: least-squares\nschedule: { updates: simultaneous }\n"] {
      let configuration = try RunConfiguration(yaml: dirac + more, file: "x.yaml")
      #expect(try RunConfiguration(yaml: configuration.yaml, file: "x.yaml") == configuration)
    }
  }

  // MARK: Truncation

  @Test func truncationIsOfNormalLatents() throws {
    let words = "x.yaml:2: sampling.truncation: "
    #expect(
      try RunConfiguration(yaml: "data: ring\nsampling: { truncation: 0.5 }", file: "x.yaml").sampling.truncation == 0.5
    )
    #expect(
      sentence("data: ring\nsampling: { truncation: 0.5 }\nmodel: { latent: { distribution: uniform } }\n")
        == words + "uniform latents have no tails to cut off; use distribution: normal, or none")
    #expect(
      sentence(
        "data: { kind: mnist, size: 32 }\nsampling: { truncation: 0.5 }\nmodel: { generator: style, discriminator: progressive }\n"
      )
        == words + "a style generator truncates its styles; use model.generator.truncation")
    #expect(
      sentence("data: { kind: pairs, path: p }\nsampling: { truncation: 0.5 }\nmodel: cyclegan\n")
        == words + "truncation does not go with model.kind: cyclegan; leave it out")
    #expect(
      sentence("data: ring\nsampling: { truncation: 0 }\n")
        == words + "expected a number of at least 0.01 and at most 10, or none, found \"0\"")
  }

  @Test func truncationIsLiveForBigGANAndForWhoHasIt() throws {
    let id = "sampling.truncation"
    let ring = try RunConfiguration(yaml: "data: ring", file: "x.yaml")
    #expect(ring.hyperparameter(id) == nil)
    var big = try RunConfiguration(
      yaml: "data: mnist\nmodel: { generator: biggan, condition: projection }", file: "x.yaml")
    #expect(big.hyperparameter(id) == 10 && big.sampling.truncation == nil)
    #expect(big.setHyperparameter(id, to: 0.5) == 0.5 && big.sampling.truncation == 0.5)
    #expect(big.setHyperparameter(id, to: 99) == 10)
    let set = try RunConfiguration(yaml: "data: ring\nsampling: { truncation: 1 }", file: "x.yaml")
    #expect(set.hyperparameter(id) == 1)
  }
}
