import Foundation
import Models
import Testing

@testable import Runs

@Suite struct CatalogTests {
  private func decode(_ overrides: [String]) throws -> RunConfiguration {
    let isConvolutional = overrides.contains { override in
      ["dcgan", "residual", "biggan"].contains { override.hasSuffix("kind=\($0)") }
    }
    var overrides = overrides
    if ["points", "images", "pairs"].contains(where: { overrides.contains("data.kind=\($0)") }) {
      overrides.append("data.path=p")
    }
    if overrides.contains("data.kind=drawn") { overrides.append("data.points=[[0, 1, 2]]") }
    let translators = ["model.kind=pix2pix", "model.kind=cyclegan", "kind=unet", "kind=resnet", "kind=patch"]
    if overrides.contains(where: { set in translators.contains { set.hasSuffix($0) } }) {
      return try RunConfiguration(
        yaml: "data: { kind: pairs, path: p }\nmodel: pix2pix", file: "x.yaml", overrides: overrides)
    }
    if overrides.contains(where: { $0.hasSuffix("kind=biggan") }) { overrides.append("model.condition=projection") }
    if overrides.contains(where: { $0.hasPrefix("model.encoder") || $0.hasPrefix("model.joint") }) {
      overrides.insert("model.kind=bigan", at: 0)
    }
    if overrides.contains("data.kind=idx") { overrides.append("data.images=p") }
    if overrides.contains(where: { $0.hasSuffix("kind=dirac") && $0.hasPrefix("model.") }) {
      overrides = ["data.kind=dirac", "model.generator.kind=dirac", "model.discriminator.kind=dirac"] + overrides
    }
    for player in ["generator", "discriminator"] where overrides.contains("model.\(player).kind=layers") {
      overrides.append("model.\(player).layers=[{ dense: 2 }]")
    }
    if overrides.contains("model.generator.kind=biggan") { overrides.append("model.condition=projection") }
    let isProgressive = overrides.contains { override in
      ["progressive", "style"].contains { override.hasSuffix("kind=\($0)") }
    }
    return try RunConfiguration(
      yaml: isProgressive ? "data: { kind: mnist, size: 32 }" : isConvolutional ? "data: mnist" : "data: ring",
      file: "x.yaml", overrides: overrides)
  }

  /// Whether a key belongs to the elements of a list, whose kind is part of its path.
  private func isOfList(_ entry: CatalogEntry) -> Bool {
    ["penalties", "techniques"].contains(entry.path.split(separator: ".").first) && entry.path.contains(".")
      || entry.path.contains(".layers.")
  }

  @Test func everyDefaultOfAListsElementsIsWhatLeavingItOutGives() throws {
    for entry in Catalog.entries where isOfList(entry) && entry.key != "kind" && !entry.path.contains(".layers.") {
      guard case .value(let value) = entry.standard else { continue }
      let set = "\(entry.section)={}"
      #expect(try decode([set]) == decode([set, "\(entry.path)=\(value)"]), "\(entry.path)")
    }
  }

  @Test func everyDefaultIsWhatLeavingTheKeyOutGives() throws {
    for entry in Catalog.entries where !isOfList(entry) && entry.key != "kind" {
      guard case .value(let value) = entry.standard else { continue }
      for kind in entry.kinds.isEmpty ? [nil] : entry.kinds.map(Optional.some) {
        let choice = kind.map { ["\(entry.section).kind=\($0)"] } ?? []
        let extra: [String] =
          switch entry.key {
          case "slope": ["\(entry.section).activation=leaky-relu"]
          case "decay" where entry.section == "model.average": ["model.average={}"]
          case _ where entry.section == "model.code": ["model.code={}"]
          case _ where entry.section == "model.growth":
            ["model.growth={}", "model.generator.kind=progressive", "model.discriminator.kind=progressive"]
          default: []
          }
        #expect(
          try decode(choice + extra) == decode(choice + extra + ["\(entry.path)=\(value)"]),
          "\(entry.path) of \(kind ?? "all")")
      }
    }
  }

  @Test func everyOptionalKeyTakesItsWordForNoValue() throws {
    for entry in Catalog.entries {
      guard case .absent(let word) = entry.standard else { continue }
      let choice = entry.kinds.first.map { ["\(entry.section).kind=\($0)"] } ?? []
      #expect(try decode(choice) == decode(choice + ["\(entry.path)=\(word)"]), "\(entry.path)")
    }
  }

  @Test func theDefaultsAreThoseOfTheTypes() throws {
    let configuration = try RunConfiguration(yaml: "data: ring", file: "ring.yaml")
    var expected = RunConfiguration(
      name: "ring", data: DataConfiguration(source: .ring(modes: 8, radius: 2, deviation: 0.02)),
      model: .gan(
        AdversarialConfiguration(
          generator: .mlp(MLPConfiguration()),
          discriminator: .mlp(MLPConfiguration(activation: .leakyReLU(slope: 0.2))))))
    #expect(configuration == expected)
    expected.penalties = [.gradientPenalty(weight: 10, target: 1)]
    #expect(try RunConfiguration(yaml: "data: ring\npenalties: [gradient-penalty]", file: "ring.yaml") == expected)
    let images = try RunConfiguration(
      yaml: "data: mnist\nmodel: { generator: dcgan, discriminator: dcgan }", file: "m.yaml")
    #expect(
      images.model
        == .gan(
          AdversarialConfiguration(
            latent: LatentConfiguration(dimension: 100), generator: .dcgan(DCGANConfiguration()), output: .tanh,
            discriminator: .dcgan(DCGANConfiguration(activation: .leakyReLU(slope: 0.2))))))
  }

  @Test func theDefaultsOfTranslationsAreThoseOfTheTypes() throws {
    let data = "data: { kind: pairs, path: p }\n"
    let paired = try RunConfiguration(yaml: data + "model: pix2pix", file: "x.yaml")
    #expect(paired.data.source == .pairs(PairsConfiguration(path: "p")))
    #expect(paired.model == .pix2pix(PairedTranslationConfiguration()))
    #expect(paired.objective == .nonSaturating)
    let cycle = try RunConfiguration(yaml: data + "model: cyclegan", file: "x.yaml")
    #expect(cycle.model == .cyclegan(CycleConfiguration()))
    #expect(cycle.objective == .leastSquares(fake: 0, real: 1, target: 1))
    let both = try RunConfiguration(yaml: "data: ring\nmodel: bigan", file: "x.yaml")
    let judge = NetworkConfiguration.mlp(MLPConfiguration(activation: .leakyReLU(slope: 0.2)))
    #expect(
      both.model
        == .bigan(
          BidirectionalConfiguration(generator: .mlp(MLPConfiguration()), encoder: judge, discriminator: judge)))
  }

  @Test func whatTheDefaultDependsOnIsHonoured() throws {
    let critic = try RunConfiguration(
      yaml: "data: mnist\nmodel: { discriminator: dcgan }\nobjective: wasserstein\npenalties: [gradient-penalty]",
      file: "m.yaml")
    guard case .gan(let gan) = critic.model else { return }
    #expect(gan.discriminator.normalization == .layer)
    #expect(critic.schedule.discriminatorSteps == 5)
    let rmsprop = try RunConfiguration(yaml: "data: ring\noptimizers: { generator: rmsprop }", file: "x.yaml")
    #expect(rmsprop.optimizers.generator.rate == 5e-5)
  }

  @Test func pathsAreUniqueForEachKindAndExplained() {
    for (index, entry) in Catalog.entries.enumerated() {
      #expect(!entry.explanation.isEmpty && !entry.explanation.contains("\n"))
      for other in Catalog.entries[(index + 1)...] where other.path == entry.path {
        #expect(!entry.kinds.isEmpty && Set(entry.kinds).isDisjoint(with: other.kinds), "\(entry.path)")
      }
      if !entry.section.isEmpty, !isOfList(entry) {
        #expect(Catalog.entries.contains { $0.path == entry.section }, "\(entry.section)")
      }
    }
  }

  @Test func everyLiveHyperparameterIsAKey() {
    for specification in HyperparameterSpecification.all {
      #expect(Catalog.entries.contains { $0.path == specification.id && $0.isLive }, "\(specification.id)")
    }
  }

  @Test func theListingsNameEveryKey() throws {
    let markdown = Catalog.markdown()
    let text = Catalog.text()
    for entry in Catalog.entries {
      #expect(markdown.contains("`\(entry.path)`"))
      #expect(text.contains(entry.path))
    }
    for line in markdown.split(separator: "\n") {
      #expect(line.replacingOccurrences(of: "\\|", with: "").count { $0 == "|" } == 5, "\(line)")
    }
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(try Catalog.json().utf8)) as? [[String: Any]])
    #expect(json.count == Catalog.entries.count)
    #expect(json.allSatisfy { $0["key"] is String && $0["accepted"] is String && $0["live"] is Bool })
  }
}

@Suite struct RoundTripTests {
  private static let texts: [String] =
    EmbeddedSamples.names.compactMap { EmbeddedSamples.texts[$0] }
    + DataKind.allCases.map { kind in
      switch kind {
      case .points, .images, .pairs: "data: { kind: \(kind.rawValue), path: \"a b/#c: \\\"d\\\" \\u00e9\\u2028\\t~\" }"
      case .idx: "data: { kind: idx, images: ~/i.gz, labels: 'l: [x]', size: 64, fit: resize }"
      case .drawn: "data: { kind: drawn, points: [[0.1, -2, 3], [1e-3, 4]], jitter: 0.25, standardize: true }"
      default: "data: \(kind.rawValue)"
      }
    }
    + ["0.1", "1e-7", "3.0000000000000004e-9", "1e300", "123456789.125", "0.30000000000000004"].map {
      "data: ring\noptimizers: { generator: { kind: rmsprop, rate: \($0), clip-norm: \($0) },"
        + " discriminator: { kind: sgd, momentum: 0.25, rate-schedule: { kind: linear, final: 0.125 } } }"
    }
    + ActivationKind.allCases.map { "data: ring\nmodel: { generator: { activation: \($0.rawValue) } }" }
    + InitializerKind.allCases.map { "data: ring\nmodel: { generator: { initializer: \($0.rawValue) } }" }
    + ObjectiveKind.allCases.map { "data: ring\nobjective: \($0.rawValue)\npenalties: [gradient-penalty]" }
    + [
      "data: ring\nobjective: hinge\npenalties: [ { kind: weight-clipping, limit: 0.5 } ]",
      "data: ring\nmodel: { average: {}, share-fakes: true, generator: { hidden: [] }, latent: { distribution: uniform } }",
      "data: { kind: pairs, path: p, layout: folders, direction: b-to-a, jitter: false, mirror: false, held-out: 0.25,"
        + " size: 128, channels: 1 }\nmodel: { kind: pix2pix, generator: { depth: 6, dropout: 0, normalization: instance },"
        + " discriminator: { receptive-field: 16, normalization: none }, adversarial-weight: 0 }\nobjective: least-squares",
      "data: { kind: pairs, path: p }\nmodel: { kind: pix2pix, generator: { kind: resnet, blocks: 3 } }",
      "data: { kind: pairs, path: p, aligned: false }\nmodel: cyclegan",
      "data: { kind: pairs, path: p }\nmodel: { kind: cyclegan, generator: unet, cycle-weight: 5, identity-weight: 0,"
        + " pool: 0 }\nobjective: hinge",
      "data: ring\nmodel: { kind: bigan, latent: { dimension: 3, distribution: uniform }, encoder: { hidden: [7] } }",
      "data: mnist\nmodel: { kind: bigan, generator: dcgan, encoder: dcgan, discriminator: dcgan, joint-hidden: [9, 8] }",
      "name: '1'\ndata: ring\nseed: 18446744073709551615\nthreads: 3",
      "name: null.x\ndata: ring",
      "data: fashion-mnist\nmodel: { generator: { kind: dcgan, normalization: instance } }",
      "data: { kind: mnist, size: 32 }\nmodel: { generator: { kind: progressive, features: 4, most-features: 32 },"
        + " discriminator: progressive, growth: { start: 8, fade-steps: 7, stable-steps: 9 } }",
      "data: { kind: mnist, size: 32 }\nmodel: { generator: { kind: style, mapping-depth: 3, style-dimension: 9,"
        + " mixing: 0.25, truncation: 0.5 }, discriminator: progressive }",
    ]

  @Test(arguments: texts)
  func theWrittenConfigurationReadsBackEqual(text: String) throws {
    let configuration = try RunConfiguration(yaml: text, file: "run.yaml")
    let written = configuration.yaml
    #expect(try RunConfiguration(yaml: written, file: "other.yaml") == configuration)
    #expect(try RunConfiguration(yaml: written, file: "other.yaml").yaml == written)
  }

  @Test func precisionReadsBack() throws {
    let capable = Processor(hasBF16: true)
    #expect(try RunConfiguration(yaml: "data: ring", file: "x.yaml").precision == .f32)
    for network in ["generator", "discriminator"] {
      let configuration = try RunConfiguration(
        yaml: "data: mnist\nmodel: { \(network): dcgan }", file: "x.yaml", overrides: ["precision=bf16"],
        processor: capable)
      #expect(configuration.precision == .bf16)
      #expect(configuration.yaml.contains("\nprecision: bf16  # "))
      #expect(try RunConfiguration(yaml: configuration.yaml, file: "y.yaml", processor: capable) == configuration)
    }
    // What asks for nothing is accepted anywhere.
    #expect(
      try RunConfiguration(
        yaml: "data: ring\nprecision: f32", file: "x.yaml", processor: Processor(hasBF16: false)
      ).precision == .f32)
  }

  @Test func everyWrittenLineIsExplained() throws {
    let yaml = try RunConfiguration(yaml: EmbeddedSamples.texts["mnist-wgan-gp"] ?? "", file: "run.yaml").yaml
    for line in yaml.split(separator: "\n") where !line.hasSuffix(":") && !line.contains("- kind") {
      #expect(line.contains("# "), "\(line)")
    }
  }
}

@Suite struct ScalarTextTests {
  @Test(arguments: [
    ("1", 1.0), ("-1", -1), ("+2", 2), ("0", 0), ("2e-4", 2e-4), ("1e-3", 1e-3), ("1E3", 1000), ("1e+3", 1000),
    (".5", 0.5), ("5.", 5), ("20_000", 20_000), ("1_000.5", 1000.5), ("0.0002", 0.0002), ("-0", 0),
  ])
  func numbers(text: String, value: Double) {
    #expect(ScalarText.number(text) == value)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "0x10", "0o17", "017", "00", "1__0", "_1", "1_", "1_.5", "1:30", "1,5", "1 000",
    ".inf", "inf", "nan", ".NaN", "1e999", "٣", "1f", "true", String(repeating: "9", count: 500),
  ])
  func whatIsNoNumber(text: String) {
    #expect(ScalarText.number(text) == nil)
    #expect(ScalarText.integer(text) == nil)
  }

  @Test func integersAndFlags() {
    #expect(ScalarText.integer("2e4") == 20_000)
    #expect(ScalarText.integer("64.0") == 64)
    #expect(ScalarText.integer("64.5") == nil)
    #expect(ScalarText.integer("9223372036854775807") == .max)
    #expect(ScalarText.integer("9223372036854775808") == nil)
    #expect(ScalarText.unsigned("18446744073709551615") == .max)
    #expect(ScalarText.unsigned("-1") == nil)
    #expect(ScalarText.flag("true") == true)
    #expect(ScalarText.flag("False") == false)
    for text in ["on", "yes", "no", "off", "1", ""] { #expect(ScalarText.flag(text) == nil) }
  }
}
