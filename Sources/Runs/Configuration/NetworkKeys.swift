import Models

/// The keys of the networks of `model`.
extension Catalog {
  enum Player: String { case generator, discriminator, encoder }

  static func network(_ player: Player) -> [CatalogEntry] {
    let section = "model.\(player.rawValue)"
    let isGenerator = player == .generator
    let kinds = names(NetworkKind.self) {
      switch player {
      case .generator: $0.isGenerator
      case .discriminator: $0.isDiscriminator
      case .encoder: ModelKind.encoders.contains($0)
      }
    }
    func of(_ wanted: [NetworkKind]) -> [String] { wanted.map(\.rawValue).filter(kinds.contains) }
    let translators = of([.unet, .resnet, .patch])
    let output = CatalogEntry(
      "\(section).output", .choice(names(OutputActivation.self)),
      .derived("linear for points and for progressive and style, tanh for other images"),
      kinds: kinds.filter { !translators.contains($0) && $0 != "dirac" },
      "what the last layer is passed through; images are scaled to [-1, 1]")
    let initializers = "he for mlp and layers, normal for dcgan and maxout, xavier for residual, orthogonal for biggan"
    let initialized = kinds.filter { !translators.contains($0) && !["progressive", "style", "dirac"].contains($0) }
    let standard: CatalogEntry.Default
    let explanation: String
    switch player {
    case .generator:
      standard = .derived("mlp; unet for pix2pix, resnet for cyclegan")
      explanation =
        "dense layers, DCGAN's convolutions, residual blocks, BigGAN's, progressive GAN's, StyleGAN's; the U-Net or"
        + " residual network of translations; the Dirac-GAN's point; layers of one's own"
    case .discriminator:
      standard = .derived("mlp; patch for pix2pix and cyclegan")
      explanation =
        "dense layers, those of maxout units, DCGAN's convolutions, residual blocks, progressive GAN's; a judge of patches"
        + " for translations; the Dirac-GAN's line; layers of one's own"
    case .encoder:
      standard = .value("mlp")
      explanation = "dense layers, or DCGAN's convolutions"
    }
    let spectral = isGenerator ? "true for biggan, else false" : "true for residual, else false"
    let entries =
      [
        CatalogEntry(
          section, .section(kinds: kinds), standard, kinds: player == .encoder ? ["bigan"] : [],
          "the \(player.rawValue)'s network"),
        CatalogEntry("\(section).kind", .choice(kinds), standard, explanation),
        CatalogEntry(
          "\(section).hidden", .integers(1...65_536, maximumCount: 64), .value("[128, 128]"), kinds: of([.mlp]),
          "units of each hidden layer"),
      ]
      + (player != .discriminator
        ? []
        : [
          CatalogEntry(
            "\(section).hidden", .integers(1...65_536, maximumCount: 64), .value("[200, 200, 200]"),
            kinds: of([.maxout]), "units of each hidden layer"),
          CatalogEntry(
            "\(section).pieces", .integer(2...64), .value("5"), kinds: of([.maxout]),
            "affine maps of a unit, of which it is the largest"),
        ]) + [
        CatalogEntry(
          "\(section).features", .integer(1...4096), .value("64"),
          kinds: of([.dcgan, .residual, .bigGAN]) + translators,
          "channels of the layer with the most pixels; each halving of the resolution doubles them"),
        CatalogEntry(
          "\(section).features", .integer(1...4096), .value("16"), kinds: of([.progressive, .style]),
          "channels of the layer with the most pixels; each halving of the resolution doubles them"),
        CatalogEntry(
          "\(section).most-features", .integer(1...4096), .value("512"), kinds: of([.progressive, .style]),
          "no layer has more channels"),
        CatalogEntry(
          "\(section).activation", .choice(names(ActivationKind.self)), .value(isGenerator ? "relu" : "leaky-relu"),
          kinds: of([.mlp, .dcgan]), "the function after each hidden layer"),
        CatalogEntry(
          "\(section).activation", .choice(names(ActivationKind.self)), .value("relu"), kinds: of([.residual]),
          "the function after each hidden layer"),
        CatalogEntry(
          "\(section).slope", .number(.fraction), .value("0.2"), kinds: of([.mlp, .dcgan, .residual]),
          "slope of leaky-relu below zero; no other has it"),
        CatalogEntry(
          "\(section).normalization", .choice(["none", "batch", "layer"]), .value("none"), kinds: of([.mlp]),
          "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).normalization", .choice(names(NormalizationKind.self)),
          isGenerator
            ? .value("batch") : .derived("batch; layer beside a penalty on slopes, none with spectral normalization"),
          kinds: of([.dcgan]), "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).normalization", .choice(names(NormalizationKind.self)), .value(isGenerator ? "batch" : "none"),
          kinds: of([.residual]), "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).spectral-normalization", .flag, .derived(spectral), kinds: initialized,
          "whether each layer's weight is divided by its largest singular value"),
      ]
      + (kinds.contains("dirac")
        ? [
          CatalogEntry(
            "\(section).start", .number(.any), .value("1"), kinds: ["dirac"],
            isGenerator ? "theta before the first step: where its samples are" : "psi before the first step: its slope")
        ] : [])
      + (player == .discriminator
        ? [
          CatalogEntry(
            "\(section).offset", .number(.any), .derived("0; for least-squares the middle of its labels"),
            kinds: ["dirac"], "what it says of the data, all of which are at 0")
        ] : [])
      + (isGenerator
        ? [
          CatalogEntry(
            "\(section).embedding", .integer(1...65_536), .value("128"), kinds: of([.bigGAN]),
            "dimension of the class embedding that the blocks share"),
          CatalogEntry(
            "\(section).mapping-depth", .integer(1...64), .value("8"), kinds: of([.style]),
            "dense layers that make the style w of z"),
          CatalogEntry(
            "\(section).style-dimension", .integer(1...65_536), .value("512"), kinds: of([.style]), "coordinates of w"),
          CatalogEntry(
            "\(section).mixing", .number(.fraction), .value("0.9"), kinds: of([.style]),
            "probability that a training sample takes its later styles from a second latent"),
          CatalogEntry(
            "\(section).truncation", .number(.fraction), .value("0.7"), kinds: of([.style]),
            "psi: samples' styles are drawn to their mean by this factor; 1 leaves them, training has none"),
        ] : []) + [
        CatalogEntry(
          "\(section).attention", .integer(4...64), .absent("none"), kinds: of([.residual, .bigGAN]),
          "width of the map that self-attention follows"),
        CatalogEntry(
          "\(section).dropout", .number(.belowOne), .value("0"), kinds: of([.mlp]),
          "probability of dropping a hidden unit while training"),
        CatalogEntry(
          "\(section).initializer", .section(kinds: names(InitializerKind.self)),
          .derived(initializers), kinds: initialized, "how weights are drawn; biases start at 0"),
        CatalogEntry(
          "\(section).initializer.kind", .choice(names(InitializerKind.self)), .derived(initializers),
          "the distribution of the weights"),
        CatalogEntry(
          "\(section).initializer.deviation", .number(.positive), .value("0.02"), kinds: ["normal"],
          "standard deviation of the weights"),
        CatalogEntry(
          "\(section).initializer.gain", .number(.positive), .value("1"), kinds: ["xavier", "he", "orthogonal"],
          "factor on the weights"),
      ] + (isGenerator ? [output] : []) + translation(player, section)
    let ofLayers = player == .encoder ? [] : layers(section)
    // Keys of networks that the player cannot have; a key without kinds would be one of all.
    let general = [section, "\(section).kind", output.path, "\(section).initializer.kind"]
    return entries.filter { !$0.kinds.isEmpty || general.contains($0.path) } + ofLayers
  }

  /// The keys of networks that translate images, and of their judges.
  private static func translation(_ player: Player, _ section: String) -> [CatalogEntry] {
    func normalization(_ kind: NetworkKind, _ standard: CatalogEntry.Default) -> CatalogEntry {
      CatalogEntry(
        "\(section).normalization", .choice(["none", "batch", "instance"]), standard, kinds: [kind.rawValue],
        "what normalizes each hidden layer")
    }
    switch player {
    case .generator:
      return [
        CatalogEntry(
          "\(section).depth", .integer(1...8), .absent("auto"), kinds: ["unet"],
          "halvings of the extent; auto takes as many as there are, at most 8"),
        CatalogEntry(
          "\(section).dropout", .number(.belowOne), .value("0.5"), kinds: ["unet"],
          "probability of dropping a unit of the first three blocks on the way up, in sampling too"),
        CatalogEntry(
          "\(section).blocks", .integer(0...64), .absent("auto"), kinds: ["resnet"],
          "residual blocks; auto takes 6, or 9 from 256 pixels on"),
        normalization(.unet, .value("batch")), normalization(.resnet, .value("instance")),
      ]
    case .discriminator:
      return [
        CatalogEntry(
          "\(section).receptive-field", .integerChoice(PatchConfiguration.receptiveFields), .value("70"),
          kinds: ["patch"], "width and height in pixels of the patches that are judged"),
        normalization(.patch, .derived("batch for pix2pix, instance for cyclegan")),
      ]
    case .encoder: return []
    }
  }
}
