import Networks
import Tensors

/// Builds a network of the layers that a configuration lists: `layer1/conv`, `layer1/norm`, `layer1/activation`, ...
struct LayersBuilder {
  private let name: String
  private let configuration: LayersConfiguration
  private var initializer: Initializer { Initializer(configuration.initializer) }
  private var spectral: SpectralNorm? { configuration.spectral ? SpectralNorm() : nil }

  init(_ name: String, _ configuration: LayersConfiguration) {
    self.name = name
    self.configuration = configuration
  }

  /// - Parameters:
  ///   - classes: if given, the pass's one-hot class goes in beside z.
  ///   - sample: what the last layer must make.
  /// - Throws: a `LayerShapeError` for a layer that does not fit, a `SystemError` for other samples than the data's.
  func generator(latent: Int, classes: Int?, output: Activation, of sample: Shape) throws -> Network {
    var (layers, made) = try layers(after: [latent], classes: classes)
    guard made == sample.dimensions else {
      throw SystemError.samplesDoNotFit(.layers, made: made, sample: sample.dimensions)
    }
    if output != .identity { layers.append(ActivationLayer("\(name)/output", output)) }
    return try Network(
      name: name, inputShape: [latent], conditions: conditions(classes), layers: layers)
  }

  /// The layers as a trunk, with a score on it.
  ///
  /// - Throws: a `LayerShapeError` for a layer that does not fit.
  func discriminator(
    of sample: Shape, conditioning: ClassConditioning?, minibatch: MinibatchFeatures?
  ) throws -> BranchedNetwork {
    var concatenated: Int?
    if case .concatenation(let classes) = conditioning { concatenated = classes }
    let (layers, _) = try layers(after: sample.dimensions, classes: concatenated)
    let trunk = try Network(
      name: name, inputShape: sample, conditions: conditions(concatenated), layers: layers)
    return try .discriminator(
      trunk: trunk, conditioning: conditioning, minibatch: minibatch, initializer: initializer, spectral: spectral)
  }

  private func conditions(_ classes: Int?) -> [Condition: Shape] { classes.map { [.classes: [$0]] } ?? [:] }

  private func layers(after input: [Int], classes: Int?) throws -> (layers: [any Layer], made: [Int]) {
    var shape = input
    var layers: [any Layer] = []
    if let classes {
      layers.append(ClassConcatenation("\(name)/classes"))
      shape[0] += classes
    }
    let shapes = try LayerShapes(configuration.layers, input: shape).shapes
    for (index, layer) in configuration.layers.enumerated() {
      layers += try self.layers(layer, "\(name)/layer\(index + 1)", from: shape, to: shapes[index])
      shape = shapes[index]
    }
    return (layers, shape)
  }

  private func layers(
    _ layer: LayerConfiguration, _ name: String, from input: [Int], to output: [Int]
  ) throws -> [any Layer] {
    let channels = input.first ?? 1
    switch layer {
    case .dense(let units, let finish):
      let dense = try Dense(
        "\(name)/dense", input: channels, output: units, bias: finish.normalization == .none, initializer: initializer,
        spectral: spectral)
      return [dense] + (try finished(finish, name, output))
    case .maxout(let units, let pieces):
      return [
        try Maxout(
          "\(name)/maxout", input: channels, units: units, pieces: pieces, initializer: initializer, spectral: spectral)
      ]
    case .convolution(let features, let window, let finish):
      let convolution = try Convolution2D(
        "\(name)/conv", input: channels, output: features, kernel: window.kernel, geometry: geometry(window),
        bias: finish.normalization == .none, initializer: initializer, spectral: spectral)
      return [convolution] + (try finished(finish, name, output))
    case .transposedConvolution(let features, let window, let outputPadding, let finish):
      let convolution = try TransposedConvolution2D(
        "\(name)/conv", input: channels, output: features, kernel: window.kernel, geometry: geometry(window),
        outputPadding: outputPadding, bias: finish.normalization == .none, initializer: initializer, spectral: spectral)
      return [convolution] + (try finished(finish, name, output))
    case .residual(let features, let kind, let activation, let normalization):
      return [
        try ResidualBlock(
          "\(name)/residual", ResidualBlock.Kind(kind), input: channels, output: features, extent: input[1],
          activation: Activation(activation), normalization: Normalization(normalization), initializer: initializer,
          spectral: spectral)
      ]
    case .attention:
      return [
        try SelfAttention("\(name)/attention", channels: channels, initializer: initializer, spectral: spectral)
      ]
    case .upsample(let factor): return [try NearestUpsampling("\(name)/upsample", factor: factor)]
    case .averagePool(let factor): return [try AveragePooling("\(name)/pool", factor: factor)]
    case .sumPool: return [GlobalSumPool("\(name)/pool")]
    case .reshape(let shape): return [Unflatten("\(name)/reshape", shape: Shape(shape))]
    case .flatten: return [Flatten("\(name)/flatten")]
    case .pixelNorm: return [PixelNorm("\(name)/norm")]
    case .activation(let activation): return [ActivationLayer("\(name)/activation", Activation(activation))]
    case .normalization(let normalization): return try finished(LayerFinish(normalization: normalization), name, output)
    case .dropout(let probability): return [try Dropout("\(name)/dropout", probability: probability)]
    }
  }

  private func finished(_ finish: LayerFinish, _ name: String, _ shape: [Int]) throws -> [any Layer] {
    let norm = try Normalization(finish.normalization).layer("\(name)/norm", sample: Shape(shape))
    let activation = finish.activation.map { ActivationLayer("\(name)/activation", Activation($0)) }
    return (norm.map { [$0] } ?? []) + (activation.map { [$0] } ?? [])
  }

  private func geometry(_ window: ConvolutionWindow) -> ConvolutionGeometry {
    ConvolutionGeometry(stride: window.stride, padding: window.padding)
  }
}

extension ResidualBlock.Kind {
  fileprivate init(_ kind: ResidualKind) {
    switch kind {
    case .same: self = .same
    case .up: self = .up
    case .down: self = .down
    case .first: self = .first
    }
  }
}
