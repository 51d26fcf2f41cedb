import Models

extension ConfigurationWriter {
  /// A network's own list of layers, one a line.
  mutating func write(_ layers: [LayerConfiguration], path: String) {
    section(path)
    for layer in layers {
      element(
        of: path, layer.yamlText,
        explanation: Catalog.entry("\(path).\(layer.kind.rawValue)", kind: nil)?.explanation)
    }
  }
}

extension LayerConfiguration {
  /// The layer with all its options on one line.
  fileprivate var yamlText: String {
    func text(_ value: String, _ options: [(String, String)] = []) -> String {
      "{ " + ([(kind.rawValue, value)] + options).map { "\($0): \($1)" }.joined(separator: ", ") + " }"
    }
    func named(_ activation: ActivationConfiguration?) -> [(String, String)] {
      [("activation", activation?.kind.rawValue ?? "none")] + slope(activation)
    }
    func slope(_ activation: ActivationConfiguration?) -> [(String, String)] {
      if case .leakyReLU(let slope) = activation { [("slope", slope.yamlText)] } else { [] }
    }
    func finish(_ finish: LayerFinish) -> [(String, String)] {
      named(finish.activation) + [("normalization", finish.normalization.rawValue)]
    }
    func numbers(_ window: ConvolutionWindow) -> [(String, String)] {
      [
        ("kernel", window.kernel.description), ("stride", window.stride.description),
        ("padding", window.padding.description),
      ]
    }
    switch self {
    case .dense(let units, let end): return text(units.description, finish(end))
    case .maxout(let units, let pieces): return text(units.description, [("pieces", pieces.description)])
    case .convolution(let features, let window, let end):
      return text(features.description, numbers(window) + finish(end))
    case .transposedConvolution(let features, let window, let outputPadding, let end):
      return text(
        features.description, numbers(window) + [("output-padding", outputPadding.description)] + finish(end))
    case .residual(let features, let extent, let activation, let normalization):
      return text(
        features.description,
        [("extent", extent.rawValue)] + named(activation) + [("normalization", normalization.rawValue)])
    case .upsample(let factor), .averagePool(let factor): return text(factor.description)
    case .reshape(let shape): return text(shape.yamlText)
    case .activation(let activation): return text(activation.kind.rawValue, slope(activation))
    case .normalization(let normalization): return text(normalization.rawValue)
    case .dropout(let probability): return text(probability.yamlText)
    case .attention, .sumPool, .flatten, .pixelNorm: return kind.rawValue
    }
  }
}
