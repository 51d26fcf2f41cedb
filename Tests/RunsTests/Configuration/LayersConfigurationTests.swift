import Models
import Testing

@testable import Runs

/// Networks that are declared layer by layer.
@Suite struct LayersConfigurationTests {
  private func layers(_ list: String, of player: String = "discriminator", data: String = "mnist") throws
    -> [LayerConfiguration]
  {
    let configuration = try RunConfiguration(
      yaml: "data: \(data)\nmodel:\n  \(player):\n    kind: layers\n    layers:\n\(list)", file: "x.yaml")
    guard case .gan(let gan) = configuration.model else { return [] }
    guard case .layers(let layers) = player == "generator" ? gan.generator : gan.discriminator else { return [] }
    // What is written reads back.
    #expect(try RunConfiguration(yaml: configuration.yaml, file: "y.yaml").model == configuration.model)
    return layers.layers
  }

  private func sentence(_ list: String, of player: String = "discriminator", data: String = "mnist") -> String {
    do {
      _ = try layers(list, of: player, data: data)
      return "nothing was thrown"
    } catch { return "\(error)" }
  }

  @Test func everyLayerIsRead() throws {
    let found = try layers(
      """
            - { conv: 8 }
            - { conv: 8, kernel: 5, stride: 2, padding: 0, activation: leaky-relu, slope: 0.1, normalization: instance }
            - transposed-conv: 4
              kernel: 3
              output-padding: 1
            - { residual: 6, extent: first, activation: elu, normalization: layer }
            - {attention}
            - attention
            - { upsample: 2 }
            - { average-pool: 2 }
            - pixel-norm
            - { normalization: layer }
            - { activation: leaky-relu, slope: 0.3 }
            - { activation: gelu }
            - sum-pool
            - { reshape: [2, 3, 1] }
            - flatten
            - { dropout: 0.25 }
            - { maxout: 5, pieces: 3 }
            - { normalization: batch, dense: 7, activation: sine }
      """)
    let wide = ConvolutionWindow(kernel: 3, padding: 1)
    #expect(
      found == [
        .convolution(features: 8, wide, LayerFinish()),
        .convolution(
          features: 8, ConvolutionWindow(kernel: 5, stride: 2, padding: 0),
          LayerFinish(activation: .leakyReLU(slope: 0.1), normalization: .instance)),
        .transposedConvolution(
          features: 4, ConvolutionWindow(kernel: 3, stride: 2, padding: 1), outputPadding: 1, LayerFinish()),
        .residual(features: 6, .first, .elu, .layer), .attention, .attention, .upsample(factor: 2),
        .averagePool(factor: 2), .pixelNorm, .normalization(.layer), .activation(.leakyReLU(slope: 0.3)),
        .activation(.gelu), .sumPool, .reshape([2, 3, 1]), .flatten, .dropout(0.25), .maxout(units: 5, pieces: 3),
        .dense(units: 7, LayerFinish(activation: .sine, normalization: .batch)),
      ])
    #expect(Set(found.map(\.kind)) == Set(LayerKind.allCases))
  }

  /// Leaving an option out gives what the catalog says.
  @Test func everyDefaultIsWhatLeavingItOutGives() throws {
    let base: [LayerKind: String] = [
      .dense: "dense: 3", .maxout: "maxout: 3", .convolution: "conv: 3", .transposedConvolution: "transposed-conv: 3",
      .residual: "residual: 3", .activation: "activation: leaky-relu",
    ]
    var count = 0
    for entry in Catalog.entries where entry.section.hasPrefix("model.discriminator.layers.") {
      guard case .value(let value) = entry.standard else { continue }
      let kind = try #require(LayerKind(rawValue: String(entry.section.split(separator: ".").last ?? "")))
      var text = try #require(base[kind])
      if entry.key == "slope", kind != .activation { text += ", activation: leaky-relu" }
      let before = kind == .dense || kind == .maxout ? "      - flatten\n" : ""
      #expect(
        try layers("\(before)      - { \(text) }\n")
          == layers("\(before)      - { \(text), \(entry.key): \(value) }\n"), "\(entry.path)")
      count += 1
    }
    #expect(count > 15)
  }

  @Test func whatIsUnknownIsRefusedAtItsLine() {
    #expect(
      sentence("      - { conv: 8 }\n      - { denze: 8 }\n")
        == "x.yaml:7: model.discriminator.layers.denze: unknown key; did you mean \"dense\"?")
    #expect(
      sentence("      - { conv: 8, kernle: 3 }\n")
        == "x.yaml:6: model.discriminator.layers.conv.kernle: unknown key; did you mean \"kernel\"?")
    #expect(
      sentence("      - { conv: 8, kernel: 32 }\n")
        == "x.yaml:6: model.discriminator.layers.conv.kernel: expected a whole number from 1 to 31, found \"32\"")
    #expect(
      sentence("      - { conv: many }\n")
        == "x.yaml:6: model.discriminator.layers.conv: expected a whole number from 1 to 4096, found \"many\"")
    #expect(
      sentence("      - conv\n")
        == "x.yaml:6: model.discriminator.layers.conv: expected a whole number from 1 to 4096, found nothing")
    #expect(
      sentence("      - { flatten: 3 }\n")
        == "x.yaml:6: model.discriminator.layers.flatten: expected nothing, for the name stands alone, found \"3\"")
    #expect(
      sentence("      - { conv: 8, activation: relu, slope: 0.1 }\n")
        == "x.yaml:6: model.discriminator.layers.conv.slope: belongs to the activation leaky-relu, not to relu")
    #expect(
      sentence("      - [1]\n").hasPrefix("x.yaml:6: model.discriminator.layers: expected a list of layers such as"))
    #expect(sentence("      {}\n").hasPrefix("x.yaml:6: model.discriminator.layers: expected a list of layers"))
    #expect(
      sentence("      - { conv: 8, dense: 3 }\n").hasPrefix(
        "x.yaml:6: model.discriminator.layers.conv.dense: unknown key; accepted are kernel, stride"))
  }

  @Test func whatDoesNotFitIsRefusedAtItsLine() {
    #expect(
      sentence("      - { conv: 8 }\n      - { dense: 8 }\n")
        == "x.yaml:7: model.discriminator.layers: layer 2, dense, takes vectors and is given [8, 28, 28]; put flatten before it"
    )
    #expect(
      sentence("      - { dense: 8 }\n      - { conv: 8 }\n", of: "generator")
        == "x.yaml:7: model.generator.layers: layer 2, conv, takes images [channels, height, width] and is given [8]; put"
        + " reshape before it")
    #expect(
      sentence("      - { dense: 784 }\n", of: "generator")
        == "x.yaml:6: model.generator.layers: the last layer, 1, makes [784], and the data's samples are [1, 28, 28]; end"
        + " with reshape: [1, 28, 28]")
    #expect(
      sentence("      - { dense: 2 }\n      - { dense: 3 }\n", of: "generator", data: "ring")
        == "x.yaml:7: model.generator.layers: the last layer, 2, makes [3], and the data's samples are [2]")
    #expect(
      sentence("      - flatten\n      - { dense: 65536 }\n      - { dense: 65536 }\n")
        == "x.yaml:5: model.discriminator.layers: the network would have 4.3 billion weights, more than the 250 million"
        + " that are accepted")
  }

  @Test func layersGoWithTheOtherParts() {
    func sentence(_ yaml: String) -> String {
      do {
        _ = try RunConfiguration(yaml: yaml, file: "x.yaml")
        return "accepted"
      } catch { return "\(error)" }
    }
    let critic = "model: { discriminator: { kind: layers, layers: [{ dense: 8, normalization: batch }] } }\n"
    #expect(
      sentence("data: ring\n" + critic + "penalties: [r1]\n").hasPrefix(
        "x.yaml:2: model.discriminator.normalization: batch normalization in the critic"))
    // Two rings beside one another are four numbers; three classes more are told to both.
    let packed = "model: { discriminator: { kind: layers, layers: [{ reshape: [2, 2, 1] }] } }\n"
    #expect(sentence("data: ring\n" + packed + "techniques: [packing]\n") == "accepted")
    #expect(
      sentence("data: ring\n" + packed).hasSuffix(
        "layer 1, reshape, makes [2, 2, 1] of 4 numbers and is given [2], which is 2"))
    let told =
      "model: { condition: concatenation, generator: { kind: layers, layers: [{ reshape: [10] }, { dense: 2 }] } }\n"
    #expect(sentence("data: ring\n" + told) == "accepted")
    #expect(
      sentence(
        "data: { kind: pairs, path: p }\nmodel: { kind: pix2pix, generator: { kind: layers, layers: [flatten] } }\n")
        == "x.yaml:2: model.generator.kind: pix2pix has no place for layers here; use unet or resnet")
  }
}
