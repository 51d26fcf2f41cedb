import Models

/// Reads the list of layers of a network.
///
/// An element is a mapping that starts with the layer's name, `{ conv: 64, kernel: 3, activation: relu }`, or the name
/// alone of a layer without a number, `flatten`.
struct LayersDecoder {
  /// The most layers of a network.
  static let limit = 200

  private let section: SectionReader
  private let list: String

  /// - Parameter section: of the player's network.
  init(_ section: SectionReader) {
    self.section = section
    list = section.fullPath("layers")
  }

  func decode() throws -> [LayerConfiguration] {
    let accepted = Catalog.entry(list, kind: nil)?.accepted ?? "a list"
    guard let node = section.node("layers") else {
      throw ConfigurationError.missingKey(section.place, key: list, accepted: accepted)
    }
    guard case .sequence(let elements) = node.content, (1...Self.limit).contains(elements.count) else {
      throw ConfigurationError.wrongValue(node.place, key: list, found: node.quoted, accepted: accepted)
    }
    return try elements.map { element in
      let entries = try entries(of: element, accepted)
      let head = head(of: entries)
      // Where no key names a layer, the first is one that is unknown.
      let named = try reader(list, head.map { [$0.entry] } ?? entries, element.place)
      guard let head else {
        throw ConfigurationError.wrongValue(element.place, key: list, found: element.quoted, accepted: accepted)
      }
      let rest = entries.filter { $0.key != head.entry.key }
      let options = try reader("\(list).\(head.kind.rawValue)", rest, element.place)
      return try layer(head.kind, named, options)
    }
  }

  private func entries(
    of element: ConfigurationNode, _ accepted: String
  ) throws -> [ConfigurationNode.Entry] {
    switch element.content {
    case .mapping(let entries): return entries
    case .scalar(let name, _):
      let nothing = ConfigurationNode(content: .scalar("", isPlain: true), place: element.place)
      return [ConfigurationNode.Entry(key: name, place: element.place, value: nothing)]
    case .sequence:
      throw ConfigurationError.wrongValue(element.place, key: list, found: element.quoted, accepted: accepted)
    }
  }

  /// The key that names the layer: `activation` and `normalization` do where no other does.
  private func head(
    of entries: [ConfigurationNode.Entry]
  ) -> (kind: LayerKind, entry: ConfigurationNode.Entry)? {
    let known = entries.compactMap { entry in LayerKind(rawValue: entry.key).map { (kind: $0, entry: entry) } }
    return known.first { !$0.kind.isFinish } ?? known.first
  }

  private func reader(_ path: String, _ entries: [ConfigurationNode.Entry], _ place: SourcePlace) throws
    -> SectionReader
  {
    try SectionReader(
      ConfigurationNode(content: .mapping(entries), place: place), path: path, place: place, pathBase: section.pathBase)
  }

  private func layer(
    _ kind: LayerKind, _ named: SectionReader, _ options: SectionReader
  ) throws -> LayerConfiguration {
    let name = kind.rawValue
    switch kind {
    case .dense: return .dense(units: try named.integer(name), try finish(options))
    case .maxout: return .maxout(units: try named.integer(name), pieces: try options.integer("pieces"))
    case .convolution:
      return .convolution(features: try named.integer(name), try window(options), try finish(options))
    case .transposedConvolution:
      return .transposedConvolution(
        features: try named.integer(name), try window(options), outputPadding: try options.integer("output-padding"),
        try finish(options))
    case .residual:
      return .residual(
        features: try named.integer(name), try options.choice("extent"),
        try options.activation("activation"), try options.choice("normalization"))
    case .upsample: return .upsample(factor: try named.integer(name))
    case .averagePool: return .averagePool(factor: try named.integer(name))
    case .reshape: return .reshape(try named.integers(name))
    case .activation:
      let word: ActivationKind = try named.choice(name)
      return .activation(try options.activation(word))
    case .normalization: return .normalization(try named.choice(name))
    case .dropout: return .dropout(try named.number(name))
    case .attention: return try bare(.attention, named, name)
    case .sumPool: return try bare(.sumPool, named, name)
    case .flatten: return try bare(.flatten, named, name)
    case .pixelNorm: return try bare(.pixelNorm, named, name)
    }
  }

  /// A layer whose name stands alone.
  private func bare(_ layer: LayerConfiguration, _ named: SectionReader, _ name: String) throws -> LayerConfiguration {
    try named.nothing(name)
    return layer
  }

  private func window(_ options: SectionReader) throws -> ConvolutionWindow {
    let kernel = try options.integer("kernel")
    return ConvolutionWindow(
      kernel: kernel, stride: try options.integer("stride"), padding: try options.padding(ofKernel: kernel))
  }

  private func finish(_ options: SectionReader) throws -> LayerFinish {
    let normalization: NormalizationKind = try options.choice("normalization")
    let word: ActivationWord = try options.choice("activation")
    guard let kind = ActivationKind(rawValue: word.rawValue) else {
      if options.has("slope") { throw options.misplacedSlope(word.rawValue) }
      return LayerFinish(normalization: normalization)
    }
    return LayerFinish(activation: try options.activation(kind), normalization: normalization)
  }

  /// An activation's name, or `none`.
  private struct ActivationWord: RawRepresentable {
    var rawValue: String
  }
}

extension SectionReader {
  /// The activation of a key, with its slope.
  func activation(_ key: String) throws -> ActivationConfiguration { try activation(try choice(key)) }

  /// An activation with its slope, which leaky-relu alone has.
  func activation(_ kind: ActivationKind) throws -> ActivationConfiguration {
    if kind != .leakyReLU, has("slope") { throw misplacedSlope(kind.rawValue) }
    switch kind {
    case .relu: return .relu
    case .leakyReLU: return .leakyReLU(slope: try number("slope"))
    case .tanh: return .tanh
    case .sigmoid: return .sigmoid
    case .elu: return .elu
    case .gelu: return .gelu
    case .softplus: return .softplus
    case .sine: return .sine
    }
  }

  fileprivate func misplacedSlope(_ activation: String) -> ConfigurationError {
    .conflict(place(of: "slope"), key: fullPath("slope"), .slopeWithoutLeakyReLU(activation: activation))
  }

  /// The padding that keeps the extent of odd kernels, where none is written and the layer has no other of its own.
  fileprivate func padding(ofKernel kernel: Int) throws -> Int {
    if case .derived? = Catalog.entry(fullPath("padding"), kind: nil)?.standard {
      return try integer("padding", derived: kernel / 2)
    }
    return try integer("padding")
  }
}
