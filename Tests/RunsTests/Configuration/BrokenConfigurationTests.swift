import Foundation
import Models
import Testing

@testable import Runs

/// What is wrong with a text, and the sentence that says so.
private struct Broken: CustomTestStringConvertible {
  let yaml: String
  let sentence: String
  init(_ yaml: String, _ sentence: String) {
    self.yaml = yaml
    self.sentence = sentence
  }
  var testDescription: String { sentence }
}

private let ring = "data: ring\n"
private let penalties =
  "gradient-penalty, r1, r2, lipschitz-penalty, dragan, weight-clipping, drift, orthogonal, l1, l2"

@Suite struct BrokenConfigurationTests {
  private static let syntax = [
    Broken("", "x.yaml: is empty; the shortest configuration is \"data: ring\""),
    Broken("# nothing but a comment\n", "x.yaml: is empty; the shortest configuration is \"data: ring\""),
    Broken("just words", "x.yaml:1: the configuration: expected a mapping of keys, found \"just words\""),
    Broken("- ring\n- grid\n", "x.yaml:1: the configuration: expected a mapping of keys, found [ring, grid]"),
    Broken(ring + "model:\n\tkind: gan\n", "x.yaml:3: is indented with a tab; YAML is indented with spaces"),
    Broken(
      ring + "penalties: [ { kind: gradient-penalty }\nseed: 1\n",
      "x.yaml:3: is not valid YAML: did not find expected ',' or ']'"),
    Broken(ring + "seed: 1\nseed: 2\n", "x.yaml:2: seed: is given twice"),
    Broken(ring + "schedule: { batch: 1, batch: 2 }\n", "x.yaml:2: batch: is given twice"),
    Broken(
      ring + "a: &a [1]\nb: *a\n",
      "x.yaml:2: anchors and aliases (&a...) are not accepted in a configuration; write the value out"),
    Broken(ring + "? [1, 2]\n: 3\n", "x.yaml:2: expected a key, found [1, 2]"),
    Broken(
      "data: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
      "x.yaml:1: is nested more than 16 levels deep"),
    Broken("data: ring\n---\ndata: grid\n", "x.yaml:2: is not valid YAML: but found another document"),
    Broken("data: \"ring\n", "x.yaml:2: is not valid YAML: found unexpected end of stream"),
    Broken("data: r\u{1}ing\n", "x.yaml:1: is not valid YAML: control characters are not allowed"),
  ]

  private static let pairs = "data: { kind: pairs, path: p }\n"

  private static let translations = [
    Broken(
      ring + "model: pix2pix\n",
      "x.yaml:1: data.kind: pix2pix translates images, and ring data do not come in pairs; use data: { kind: pairs,"
        + " path: ... }"),
    Broken(
      "data: { kind: pairs, path: p, aligned: false }\nmodel: pix2pix\n",
      "x.yaml:1: data.aligned: pix2pix learns from partners; use aligned: true, or model.kind: cyclegan, which needs none"
    ),
    Broken(
      "data: { kind: pairs, path: p, held-out: 2.5 }\nmodel: pix2pix\n",
      "x.yaml:1: data.held-out: 2.5 is neither a share below 1 nor a whole number of pairs"),
    Broken(
      pairs + "model: { kind: pix2pix, generator: dcgan }\n",
      "x.yaml:2: model.generator.kind: pix2pix has no place for dcgan here; use unet or resnet"),
    Broken(
      pairs + "model: { kind: cyclegan, discriminator: mlp }\n",
      "x.yaml:2: model.discriminator.kind: cyclegan has no place for mlp here; use patch"),
    Broken(
      "data: mnist\nmodel: { generator: unet }\n",
      "x.yaml:2: model.generator.kind: gan has no place for unet here; use mlp, dcgan, residual,"
        + " biggan, progressive, style, dirac or layers"),
    Broken(
      pairs + "model: { kind: pix2pix, discriminator: { receptive-field: 286 } }\n",
      "x.yaml:2: model.discriminator.receptive-field: patches of 286 pixels do not fit images of 64; use 1, 16, 34, 70"
        + " or 142"),
    Broken(
      pairs + "model: { kind: pix2pix, generator: { depth: 7 } }\n",
      "x.yaml:2: model.generator.depth: 64 pixels cannot be halved 7 times; use auto or at most 6"),
    Broken(
      pairs + "model: cyclegan\npenalties: [r1]\n",
      "x.yaml:3: penalties: r1 does not go with model.kind: cyclegan; leave it out"),
    Broken(
      ring + "model: bigan\ntechniques: [packing]\n",
      "x.yaml:3: techniques: packing does not go with model.kind: bigan; leave it out"),
    Broken(
      pairs + "model: { kind: pix2pix, latent: { dimension: 2 } }\n",
      "x.yaml:2: model.latent: belongs to the kind gan or bigan, not to pix2pix"),
    Broken(
      ring + "model: { kind: bigan, encoder: { kind: residual } }\n",
      "x.yaml:2: model.encoder.kind: expected one of mlp, dcgan, found \"residual\""),
  ]

  private static let keys = [
    Broken(
      "seed: 1\n",
      "x.yaml:1: data: is missing; expected a mapping with a kind: ring, grid, moons, swiss-roll,"
        + " spiral, checkerboard, pinwheel, dirac, drawn, points, mnist, fashion-mnist, stacked-mnist, idx, digits, images or pairs"
    ),
    Broken(
      "data: { modes: 8 }\n",
      "x.yaml:1: data.kind: is missing; expected one of ring, grid, moons, swiss-roll,"
        + " spiral, checkerboard, pinwheel, dirac, drawn, points, mnist, fashion-mnist, stacked-mnist, idx, digits, images, pairs"
    ),
    Broken(ring + "schedule:\n  btach: 64\n", "x.yaml:3: schedule.btach: unknown key; did you mean \"batch\"?"),
    Broken(ring + "sede: 1\n", "x.yaml:2: sede: unknown key; did you mean \"seed\"?"),
    Broken(
      ring + "model:\n  latent: { dimension: 2, colour: red }\n",
      "x.yaml:3: model.latent.colour: unknown key; accepted are dimension, distribution"),
    Broken("data: { kind: grid, modes: 8 }\n", "x.yaml:1: data.modes: belongs to the kind ring, not to grid"),
    Broken(
      "data: { kind: mnist, standardize: true }\n",
      "x.yaml:1: data.standardize: belongs to the kind ring, grid, moons, swiss-roll, spiral, checkerboard, pinwheel"
        + ", drawn or points, not to mnist"),
    Broken("data: { kind: images }\n", "x.yaml:1: data.path: is missing; expected the path of a file or folder"),
    Broken("data: { kind: idx }\n", "x.yaml:1: data.images: is missing; expected the path of a file or folder"),
    Broken(
      ring + "optimizers:\n  generator: { kind: sgd, beta1: 0.5 }\n",
      "x.yaml:3: optimizers.generator.beta1: belongs to the kind adam, not to sgd"),
    Broken(
      ring + "model: { discriminator: { output: tanh } }\n",
      "x.yaml:2: model.discriminator.output: unknown key; accepted are kind, hidden, activation, slope,"
        + " normalization, spectral-normalization, dropout, initializer"),
    Broken(
      ring + "penalties: [ { kind: gradient-penalty, wieght: 1 } ]\n",
      "x.yaml:2: penalties.gradient-penalty.wieght: unknown key; did you mean \"weight\"?"),
    Broken(
      ring + "penalties: [ { weight: 1 } ]\n",
      "x.yaml:2: penalties.kind: is missing; expected one of \(penalties)"),
    Broken(
      ring + "objective: { kind: hinge, real-label: 1 }\n",
      "x.yaml:2: objective.real-label: belongs to the kind least-squares, not to hinge"),
  ]

  private static let values = [
    Broken(
      "name: sample\n" + ring + "optimizers:\n  generator:\n    rate: fast\n",
      "x.yaml:5: optimizers.generator.rate: expected a number above 0, found \"fast\""),
    Broken(
      "data: rign\n",
      "x.yaml:1: data: expected a mapping with a kind: ring, grid, moons, swiss-roll, spiral,"
        + " checkerboard, pinwheel, dirac, drawn, points, mnist, fashion-mnist, stacked-mnist, idx, digits, images or pairs, found \"rign\""
    ),
    Broken(
      ring + "optimizers: { generator: { rate: 0 } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found \"0\""),
    Broken(
      ring + "optimizers: { generator: { rate: -1e-3 } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found \"-1e-3\""),
    Broken(
      ring + "optimizers: { generator: { rate: .nan } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found \".nan\""),
    Broken(
      ring + "optimizers: { generator: { rate: .inf } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found \".inf\""),
    Broken(
      ring + "optimizers: { generator: { rate: 1e999 } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found \"1e999\""),
    Broken(
      ring + "optimizers: { generator: { rate: \"0.1\" } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found the text \"0.1\""),
    Broken(
      ring + "optimizers: { generator: { rate: } }\n",
      "x.yaml:2: optimizers.generator.rate: expected a number above 0, found nothing"),
    Broken(
      ring + "optimizers: { generator: { beta1: 1 } }\n",
      "x.yaml:2: optimizers.generator.beta1: expected a number of at least 0 and below 1, found \"1\""),
    Broken(
      ring + "optimizers: { generator: { clip-norm: 0 } }\n",
      "x.yaml:2: optimizers.generator.clip-norm: expected a number above 0, or none, found \"0\""),
    Broken(
      ring + "schedule: { batch: 0 }\n",
      "x.yaml:2: schedule.batch: expected a whole number from 1 to 1000000, found \"0\""),
    Broken(
      ring + "schedule: { batch: 2.5 }\n",
      "x.yaml:2: schedule.batch: expected a whole number from 1 to 1000000, found \"2.5\""),
    Broken(
      ring + "schedule: { batch: 064 }\n",
      "x.yaml:2: schedule.batch: expected a whole number from 1 to 1000000, found \"064\""),
    Broken(
      ring + "schedule: { batch: 0x40 }\n",
      "x.yaml:2: schedule.batch: expected a whole number from 1 to 1000000, found \"0x40\""),
    Broken(ring + "schedule: [64]\n", "x.yaml:2: schedule: expected a mapping of keys, found [64]"),
    Broken(ring + "schedule:\n", "x.yaml:2: schedule: expected a mapping of keys, found nothing"),
    Broken(ring + "model: { share-fakes: on }\n", "x.yaml:2: model.share-fakes: expected true or false, found \"on\""),
    Broken(
      "data: { kind: ring, standardize: no }\n",
      "x.yaml:1: data.standardize: expected true or false, found \"no\""),
    Broken("data: { kind: mnist, size: 29 }\n", "x.yaml:1: data.size: expected 16, 28, 32, 56 or 64, found \"29\""),
    Broken(
      "data: { kind: images, path: [a], size: 32 }\n",
      "x.yaml:1: data.path: expected the path of a file or folder, found [a]"),
    Broken(
      ring + "model: { generator: { hidden: 128 } }\n",
      "x.yaml:2: model.generator.hidden: expected a list of at most 64 whole numbers from 1 to 65536, such as"
        + " [128, 128], found \"128\""),
    Broken(
      ring + "model: { generator: { hidden: [128, -1] } }\n",
      "x.yaml:2: model.generator.hidden: expected a list of at most 64 whole numbers from 1 to 65536, such as"
        + " [128, 128], found [128, -1]"),
    Broken(
      ring + "model: { generator: { activation: swish } }\n",
      "x.yaml:2: model.generator.activation: expected one of relu, leaky-relu, tanh, sigmoid, elu, gelu, softplus,"
        + " sine, found \"swish\""),
    Broken(
      ring + "model: vae\n",
      "x.yaml:2: model: expected a mapping with a kind: gan, bigan, pix2pix or cyclegan, found \"vae\""),
    Broken(
      ring + "penalties: gradient-penalty\n",
      "x.yaml:2: penalties: expected a list such as [{ kind: gradient-penalty }] of gradient-penalty, r1, r2,"
        + " lipschitz-penalty, dragan, weight-clipping, drift, orthogonal, l1 and l2, or [], found \"gradient-penalty\""
    ),
    Broken(
      ring + "penalties: [ r3 ]\n",
      "x.yaml:2: penalties.kind: expected one of \(penalties), found \"r3\""),
    Broken(ring + "seed: -1\n", "x.yaml:2: seed: expected a whole number from 0 to 18446744073709551615, found \"-1\""),
    Broken(
      ring + "threads: many\n",
      "x.yaml:2: threads: expected a whole number from 1 to 1024, or auto, found \"many\""),
    Broken(
      ring + "name: ../evil\n",
      "x.yaml:2: name: expected a name of up to 64 letters, digits, \"-\", \"_\" and \".\", starting with a letter or"
        + " digit, found \"../evil\""),
    Broken(
      ring + "name: [a]\n",
      "x.yaml:2: name: expected a name of up to 64 letters, digits, \"-\", \"_\" and \".\", starting with a letter or"
        + " digit, found [a]"),
  ]

  private static let combinations = [
    Broken(
      ring + "model:\n  generator: dcgan\n",
      "x.yaml:3: model.generator.kind: dcgan makes and judges images, and ring data are points; use kind: mlp"),
    Broken(
      "data: { kind: images, path: a, size: 12 }\nmodel: { discriminator: dcgan }\n",
      "x.yaml:2: model.discriminator.kind: dcgan works on images of 8, 16, 28, 32, 56, 64, 112 or 128 pixels, and"
        + " data.size is 12; use kind: mlp or another size"),
    Broken(
      "data: { kind: images, path: a, size: 48 }\nmodel: { generator: { kind: dcgan } }\n",
      "x.yaml:2: model.generator.kind: dcgan works on images of 8, 16, 28, 32, 56, 64, 112 or 128 pixels, and"
        + " data.size is 48; use kind: mlp or another size"),
    Broken(
      "data: { kind: mnist }\nmodel: { discriminator: { kind: residual, attention: 9 } }\n",
      "x.yaml:2: model.discriminator.attention: the network has maps of 14 and 7 pixels, and none of 9; take one of these"
    ),
    Broken(
      "data: { kind: mnist }\nmodel: { discriminator: progressive }\n",
      "x.yaml:2: model.discriminator.kind: progressive works on images of 4, 8, 16, 32, 64, 128 or 256 pixels, and"
        + " data.size is 28; use kind: mlp or another size"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { generator: style, discriminator: progressive, condition: auxiliary }\n",
      "x.yaml:2: model.condition: the network kind style takes no classes; use none, or another kind of network"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { generator: dcgan, discriminator: progressive, growth: {} }\n",
      "x.yaml:2: model.growth: progressive networks alone can grow, and the generator is dcgan; use progressive (or a"
        + " style generator), or growth: none"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { generator: style, discriminator: progressive, growth: { start: 64 } }\n",
      "x.yaml:2: model.growth.start: the first images would be 64x64, larger than data.size, 32"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { generator: style, discriminator: progressive, growth: {} }\n"
        + "techniques: [experience-replay]\n",
      "x.yaml:3: techniques: experience-replay keeps the past of networks and samples, which change their size as the"
        + " run grows; leave it out, or use growth: none"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { discriminator: progressive }\ntechniques: [minibatch-discrimination]\n",
      "x.yaml:3: techniques: a progressive discriminator sees the deviation of its batch already; leave"
        + " minibatch-discrimination out"),
    Broken(
      "data: { kind: mnist, size: 32 }\nmodel: { generator: { kind: progressive, initializer: he } }\n",
      "x.yaml:2: model.generator.initializer: belongs to the kind mlp, dcgan, residual, biggan or layers, not to progressive"
    ),
    Broken(
      "data: swiss-roll\nmodel: { condition: projection }\n",
      "x.yaml:2: model.condition: the networks would be given each sample's class, and swiss-roll data have no labels; use"
        + " none or data with labels"),
    Broken(
      "data: mnist\nmodel: { generator: biggan }\n",
      "x.yaml:2: model.generator.kind: biggan is given the class that it makes; add condition: projection (or"
        + " concatenation or auxiliary)"),
    Broken(
      ring + "objective: hinge\ntechniques: [ label-smoothing ]\n",
      "x.yaml:3: techniques: label-smoothing changes the labels of an objective that has labels, and hinge has none; use"
        + " minimax, non-saturating or least-squares, or no label-smoothing"),
    Broken(
      ring + "techniques: [ { kind: label-smoothing, real: 0.2, fake: 0.3 } ]\n",
      "x.yaml:2: techniques: label-smoothing needs a real label above the fake one, and they are 0.2 and 0.3"),
    Broken(
      ring + "techniques: [ minibatch-discrimination, minibatch-deviation ]\n",
      "x.yaml:2: techniques: minibatch-discrimination and minibatch-deviation both show the batch to the"
        + " discriminator; keep one of them"),
    Broken(
      ring + "model: { condition: auxiliary }\ntechniques: [ experience-replay ]\n",
      "x.yaml:3: techniques: the pool of experience-replay keeps samples without their classes or codes; use no"
        + " condition and no code, or no experience-replay"),
    Broken(
      ring + "model: { generator: { normalization: batch } }\nschedule: { batch: 1 }\n",
      "x.yaml:2: model.generator.normalization: batch normalization needs at least 2 samples in a batch, and"
        + " schedule.batch is 1; use layer normalization"),
    Broken(
      ring + "model: { discriminator: { normalization: batch } }\npenalties: [ gradient-penalty ]\n",
      "x.yaml:2: model.discriminator.normalization: batch normalization in the critic makes the gradient penalty"
        + " invalid, for it penalizes each sample's gradient alone (Gulrajani et al. 2017, section 4); use layer or"
        + " none"),
    Broken(
      ring + "objective: wasserstein\n",
      "x.yaml:2: objective.kind: wasserstein needs a critic whose slope is bounded; add penalties:"
        + " [{ kind: gradient-penalty }] or [{ kind: weight-clipping }], or spectral-normalization: true to the"
        + " discriminator"),
    Broken(
      ring + "model: bigan\nobjective: wasserstein\n",
      "x.yaml:3: objective.kind: wasserstein needs a critic whose slope is bounded; add spectral-normalization: true to"
        + " the discriminator"),
    Broken(
      ring + "alerts: [\"loss/generator > 1 -> set optimizers.generator.rate=-3\"]\n",
      "x.yaml:2: alerts: a rule sets optimizers.generator.rate to -3; expected 1e-8 to 1"),
    Broken(
      "data: mnist\nmodel: { latent: { dimension: 2 }, generator: biggan, discriminator: residual, condition: projection }\n",
      "x.yaml:2: model.latent.dimension: biggan splits the latents into 3 parts, one for each of its blocks and the"
        + " first, and there are 2 of them; expected at least 3"),
    Broken(
      ring + "objective: wasserstein\npenalties: [ gradient-penalty, weight-clipping ]\n",
      "x.yaml:3: penalties: gradient-penalty and weight-clipping both bound the critic's slope; keep one of them"),
    Broken(
      ring + "techniques: [ { kind: packing, samples: 1 } ]\n",
      "x.yaml:2: techniques.packing.samples: expected a whole number from 2 to 64, found \"1\""),
    Broken(
      ring + "penalties: [ { kind: gradient-penalty }, { kind: gradient-penalty } ]\n",
      "x.yaml:2: penalties: gradient-penalty is listed twice; keep one"),
    Broken(
      ring + "objective: { kind: least-squares, fake-label: 1 }\n",
      "x.yaml:2: objective.real-label: real-label and fake-label are both 1; with equal labels there is nothing to"
        + " tell apart"),
    Broken(
      ring + "model: { generator: { activation: tanh, slope: 0.1 } }\n",
      "x.yaml:2: model.generator.slope: belongs to the activation leaky-relu, not to tanh"),
    Broken(
      ring + "measures: { samples: 100, neighbours: 100 }\n",
      "x.yaml:2: measures.neighbours: needs at least 101 samples, and measures.samples is 100"),
    Broken(
      ring + "measures: { samples: 100, clusters: 101 }\n",
      "x.yaml:2: measures.clusters: needs at least 101 samples, and measures.samples is 100"),
    Broken(
      ring + "model: { generator: { hidden: [65536, 65536] } }\n",
      "x.yaml:2: model.generator.hidden: the network would have 4.3 billion weights, more than the 250 million that"
        + " are accepted"),
  ]

  @Test(arguments: syntax + keys + translations + values + combinations)
  private func isRefusedInOneSentence(broken: Broken) {
    do {
      _ = try RunConfiguration(yaml: broken.yaml, file: "x.yaml")
      Issue.record("accepted: \(broken.yaml)")
    } catch let error as ConfigurationError {
      #expect(error.description == broken.sentence)
      #expect(error.exitCode == ExitCode.data)
      #expect(!error.description.contains("\n"))
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func bf16IsRefusedWhereItIsOfNoUse() {
    let images = "data: mnist\nmodel: { generator: dcgan }\n"
    let refused = [
      (
        ring + "precision: bf16\n", [], true,
        "x.yaml:2: precision: bf16 is for convolutions, and this model's networks have none; take f32"
      ),
      (
        ring, ["precision=bf16"], true,
        "--set precision=bf16: bf16 is for convolutions, and this model's networks have none; take f32"
      ),
      (
        images + "precision: bf16\n", [], false,
        "x.yaml:3: precision: bf16 needs a processor with bf16 instructions (AVX-512 BF16), and this one has none; take f32"
      ),
      (
        images, ["precision=bf16"], false,
        "--set precision=bf16: bf16 needs a processor with bf16 instructions (AVX-512 BF16), and this one has none; take f32"
      ),
      (images + "precision: f64\n", [], true, "x.yaml:3: precision: expected one of f32, bf16, found \"f64\""),
    ]
    for (yaml, overrides, hasBF16, sentence) in refused {
      let error = #expect(throws: ConfigurationError.self) {
        try RunConfiguration(
          yaml: yaml, file: "x.yaml", overrides: overrides, processor: Processor(hasBF16: hasBF16))
      }
      #expect(error?.description == sentence)
      #expect(error?.exitCode == ExitCode.data)
    }
  }

  @Test func aThousandBracketsAreRefusedAndDoNotTrap() {
    for count in [500, 999, 1001, 50_000] {
      #expect(throws: ConfigurationError.self) {
        try RunConfiguration(yaml: "data: " + String(repeating: "[", count: count), file: "x.yaml")
      }
      #expect(throws: ConfigurationError.self) {
        try RunConfiguration(yaml: String(repeating: "- ", count: count) + "1", file: "x.yaml")
      }
    }
  }

  @Test func aBombOfAliasesIsRefusedAtOnce() {
    var yaml = "a0: &a0 [x, x]\n"
    for i in 1..<60 { yaml += "a\(i): &a\(i) [*a\(i - 1), *a\(i - 1)]\n" }
    yaml += "? *a59\n: 1\n"
    #expect(throws: ConfigurationError.anchor(.file("x.yaml", line: 1, column: 5), name: "&a...")) {
      try RunConfiguration(yaml: yaml, file: "x.yaml")
    }
  }

  @Test func mutatedFilesNeverTrap() throws {
    let sample = try #require(EmbeddedSamples.texts["ring8-wgan-gp"])
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<400 {
      var bytes = Array(sample.utf8)
      for _ in 0...random(6) {
        let alphabet = Array("{}[]:,-&*#\"'|>?!%@\n\t 0e.~\u{0}".utf8)
        let index = random(bytes.count)
        switch random(3) {
        case 0: bytes[index] = alphabet[random(alphabet.count)]
        case 1: bytes.insert(alphabet[random(alphabet.count)], at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random(20)))
        }
      }
      do {
        _ = try RunConfiguration(yaml: String(decoding: bytes, as: UTF8.self), file: "x.yaml")
      } catch let error as ConfigurationError {
        #expect(!error.description.contains("\n"), "\(error)")
        #expect(error.exitCode == ExitCode.data)
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}

@Suite struct ConfigurationFileTests {
  @Test func aMissingFileAFolderAndWrongBytesAreRefused() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none.yaml"
    #expect(throws: ConfigurationError.unreadable(path: missing, errno: ENOENT)) {
      try RunConfiguration(contentsOf: missing)
    }
    #expect(
      ConfigurationError.unreadable(path: "a.yaml", errno: ENOENT).description
        == "a.yaml: cannot be read: no such file or directory")
    #expect(ConfigurationError.unreadable(path: "a.yaml", errno: ENOENT).exitCode == ExitCode.inputOutput)
    #expect(throws: ConfigurationError.isDirectory(path: folder.path)) {
      try RunConfiguration(contentsOf: folder.path)
    }
    let latin = try folder.write("latin.yaml", Data(Array("data: ring\n# na".utf8) + [0xEF, 0x76, 0x65, 0x0A]))
    #expect(throws: ConfigurationError.notUTF8(path: latin, line: 2)) { try RunConfiguration(contentsOf: latin) }
    let large = try folder.write("large.yaml", String(repeating: "# comment\n", count: 200_000))
    #expect(throws: ConfigurationError.tooLarge(path: large, limit: 1 << 20)) {
      try RunConfiguration(contentsOf: large)
    }
    let wide = try folder.write("wide.yaml", Data([0xFF, 0xFE, 0x64, 0x00]))
    #expect(throws: ConfigurationError.notUTF8(path: wide, line: 1)) { try RunConfiguration(contentsOf: wide) }
  }

  @Test func byteOrderMarkAndCarriageReturnsAreFine() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("my run.yaml", Data([0xEF, 0xBB, 0xBF]) + Data("data: ring\r\nseed: 3\r\n".utf8))
    let configuration = try RunConfiguration(contentsOf: path)
    #expect(configuration.seed == 3)
    #expect(configuration.name == "my-run")
  }

  @Test func pathsAreRelativeToTheFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a/x.yaml", "data: { kind: points, path: ../b.csv }\n")
    #expect(try RunConfiguration(contentsOf: path).data.source == .points(path: folder.path + "/b.csv"))
  }
}
