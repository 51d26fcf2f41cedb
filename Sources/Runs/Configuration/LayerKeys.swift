import Models

/// The keys of networks that are declared layer by layer: each layer's name with its number, and its options.
extension Catalog {
  /// - Parameter section: of the player, such as `model.generator`.
  static func layers(_ section: String) -> [CatalogEntry] {
    let list = "\(section).layers"
    let vectors: [NormalizationKind] = [.none, .batch, .layer]
    func layer(_ kind: LayerKind, _ type: ValueType, _ explanation: String) -> CatalogEntry {
      CatalogEntry("\(list).\(kind.rawValue)", type, .required, explanation)
    }
    func option(
      _ kind: LayerKind, _ key: String, _ type: ValueType, _ standard: CatalogEntry.Default, _ explanation: String
    ) -> CatalogEntry {
      CatalogEntry("\(list).\(kind.rawValue).\(key)", type, standard, explanation)
    }
    func normalization(_ kind: LayerKind, _ kinds: [NormalizationKind]) -> CatalogEntry {
      option(
        kind, "normalization", .choice(kinds.map(\.rawValue)), .value("none"),
        "what normalizes the map before the activation")
    }
    func slope(_ kind: LayerKind) -> CatalogEntry {
      option(kind, "slope", .number(.fraction), .value("0.2"), "slope of leaky-relu below zero; no other has it")
    }
    func finish(_ kind: LayerKind, _ kinds: [NormalizationKind] = NormalizationKind.allCases) -> [CatalogEntry] {
      [
        option(
          kind, "activation", .choice(["none"] + names(ActivationKind.self)), .value("none"), "the function after it"),
        slope(kind), normalization(kind, kinds),
      ]
    }
    func window(_ kind: LayerKind, kernel: Int, stride: Int, padding: CatalogEntry.Default) -> [CatalogEntry] {
      [
        option(kind, "kernel", .integer(1...31), .value("\(kernel)"), "width and height of the kernel in pixels"),
        option(
          kind, "stride", .integer(1...16), .value("\(stride)"), "pixels from one place of the kernel to the next"),
        option(
          kind, "padding", .integer(0...30), padding,
          kind == .convolution ? "zeros around the image" : "pixels that are cut off around the map"),
      ]
    }
    let bare: [CatalogEntry] = [
      layer(.attention, .nothing, "self-attention over the pixels of a map"),
      layer(.sumPool, .nothing, "the sum over all pixels of each channel: a vector"),
      layer(.flatten, .nothing, "an image as a vector"),
      layer(.pixelNorm, .nothing, "each pixel's channels divided by their root mean square"),
    ]
    return [
      CatalogEntry(
        list, .layers(kinds: names(LayerKind.self)), .required, kinds: [NetworkKind.layers.rawValue],
        section.hasSuffix("generator")
          ? "from z to the sample, one after the other"
          : "from the sample to the features, one after the other; one linear unit makes the score of them"),
      layer(.dense, .integer(1...65_536), "units that each see the whole vector"),
    ] + finish(.dense, vectors) + [
      layer(.maxout, .integer(1...65_536), "units that are the largest of some affine maps"),
      option(.maxout, "pieces", .integer(2...64), .value("5"), "affine maps of a unit"),
      layer(.convolution, .integer(1...4096), "channels that a convolution makes"),
    ] + window(.convolution, kernel: 3, stride: 1, padding: .derived("half of the kernel, rounded down"))
      + finish(.convolution) + [
        layer(.transposedConvolution, .integer(1...4096), "channels that a transposed convolution makes")
      ] + window(.transposedConvolution, kernel: 4, stride: 2, padding: .value("1")) + [
        option(
          .transposedConvolution, "output-padding", .integer(0...15), .value("0"),
          "rows and columns that are added at the end of the map")
      ] + finish(.transposedConvolution) + [
        layer(
          .residual, .integer(1...4096), "channels that a residual block makes, of two convolutions and a short cut"),
        option(
          .residual, "extent", .choice(names(ResidualKind.self)), .value("same"),
          "kept, doubled, halved, or halved with nothing before the first convolution, as for data"),
        option(
          .residual, "activation", .choice(names(ActivationKind.self)), .value("relu"),
          "the function before each convolution"),
        slope(.residual), normalization(.residual, NormalizationKind.allCases),
        layer(.upsample, .integer(2...16), "how often each pixel is repeated along both axes"),
        layer(.averagePool, .integer(2...16), "width and height of the blocks of which the mean is kept"),
        layer(
          .reshape, .integers(1...65_536, maximumCount: 3), "the same numbers as [channels, height, width], or [units]"),
        layer(.activation, .choice(names(ActivationKind.self)), "a function of each number"),
        slope(.activation),
        layer(
          .normalization, .choice(NormalizationKind.allCases.map(\.rawValue)), "what normalizes the map at this place"),
        layer(.dropout, .number(.belowOne), "probability of dropping a number while training"),
      ] + bare
  }
}
