import Networks
import Tensors

/// Builds the networks that a configuration describes.
struct NetworkFactory {
  /// The head of a discriminator that tells the class.
  static let classHead = "class"
  /// The head of a discriminator that tells InfoGAN's code.
  static let codeHead = "code"

  let sample: Shape
  let settings: AdversarialConfiguration
  let techniques: [TechniqueConfiguration]
  /// The number of classes where the game uses them.
  let classes: Int?
  /// Of a game that grows.
  let stage: GrowthStage?

  private var spectralNorm: (Bool) -> SpectralNorm? { { $0 ? SpectralNorm() : nil } }

  func generator() throws -> Network {
    let output = Activation(settings.output)
    let latent = settings.latent.dimension + (settings.code?.dimension ?? 0)
    let name = "generator"
    switch settings.generator {
    case .mlp(let mlp):
      return try Network.mlp(
        name: name, input: [latent], hidden: mlp.hidden, output: sample,
        activation: Activation(mlp.activation), normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), outputActivation: output, classes: classes,
        spectral: spectralNorm(mlp.spectral))
    case .dcgan(let dcgan):
      return try Network.dcganGenerator(
        name: name, latent: latent, size: sample[1], channels: sample[0], features: dcgan.features,
        activation: Activation(dcgan.activation), normalization: Normalization(dcgan.normalization),
        initializer: Initializer(dcgan.initializer), outputActivation: output, classes: classes,
        spectral: spectralNorm(dcgan.spectral))
    case .residual(let residual):
      return try Network.residualGenerator(
        name: name, latent: latent, size: sample[1], channels: sample[0], features: residual.features,
        classes: classes, activation: Activation(residual.activation),
        normalization: Normalization(residual.normalization), spectral: spectralNorm(residual.spectral),
        attentionAt: residual.attention, initializer: Initializer(residual.initializer), outputActivation: output)
    case .bigGAN(let bigGAN):
      guard let classes else { throw SystemError.noClasses(what: "a biggan generator") }
      return try Network.bigGANGenerator(
        name: name, latent: latent, size: sample[1], channels: sample[0], features: bigGAN.features, classes: classes,
        embedding: bigGAN.embedding, spectral: spectralNorm(bigGAN.spectral), attentionAt: bigGAN.attention,
        initializer: Initializer(bigGAN.initializer), outputActivation: output)
    case .progressive(let progressive):
      return try shown(
        .progressiveGenerator(
          name: name, latent: latent, resolution: resolution, maximum: sample[1], channels: sample[0],
          features: progressive.features, mostFeatures: progressive.mostFeatures, isFading: isFading))
    case .style(let style):
      return try shown(
        .styleGenerator(
          name: name, latent: latent, style: style.styleDimension, resolution: resolution, maximum: sample[1],
          channels: sample[0], features: style.features, mostFeatures: style.mostFeatures,
          mappingDepth: style.mappingDepth, isFading: isFading))
    case .dirac(let dirac):
      guard sample == [1] else {
        throw SystemError.samplesDoNotFit(.dirac, made: [1], sample: sample.dimensions)
      }
      return try Network.diracGenerator(name: name, latent: latent, start: dirac.start)
    case .layers(let layers):
      return try LayersBuilder(name, layers).generator(latent: latent, classes: classes, output: output, of: sample)
    case .maxout, .unet, .resnet, .patch: throw SystemError.notAGenerator(settings.generator.kind)
    }
  }

  private var resolution: Int { stage?.resolution ?? sample[1] }
  private var isFading: Bool { stage?.isFading ?? false }

  /// A generator that ends without an activation, with the one that the configuration asks for.
  private func shown(_ network: Network) throws -> Network {
    guard settings.output != .linear else { return network }
    return try Network(
      name: network.name, inputShape: network.inputShape, conditions: network.conditions,
      layers: network.layers + [ActivationLayer("\(network.name)/output", Activation(settings.output))])
  }

  /// A progressive discriminator's last layer gives the score; all before it is the trunk.
  private func progressive(
    _ name: String, _ progressive: ProgressiveConfiguration, channels: Int
  ) throws -> BranchedNetwork {
    let isStyle = settings.generator.kind == .style
    let whole = try Network.progressiveDiscriminator(
      name: name, resolution: resolution, maximum: sample[1], channels: channels, features: progressive.features,
      mostFeatures: progressive.mostFeatures, isFading: isFading,
      groupSize: techniques[.minibatchDeviation].map { Int($0["group"]) } ?? 4, isBlurred: isStyle)
    let trunk = try Network(
      name: name, inputShape: whole.inputShape, conditions: whole.conditions, layers: whole.layers.dropLast())
    let score = try Network(name: name, inputShape: trunk.outputShape, layers: whole.layers.suffix(1))
    return try BranchedNetwork(trunk: trunk, heads: [BranchedNetwork.Head(BranchedNetwork.score, score)])
  }

  func discriminator() throws -> BranchedNetwork {
    var network = try scored()
    if case .auxiliary = settings.condition, let classes {
      network = try network.adding(head: Self.classHead, outputs: classes)
    }
    if let code = settings.code {
      network = try network.adding(head: Self.codeHead, outputs: code.dimension, hidden: [128])
    }
    return network
  }

  /// A discriminator with nothing but its score.
  private func scored() throws -> BranchedNetwork {
    let packing = techniques[.packing].map { Int($0["samples"]) } ?? 1
    var shown = sample
    if shown.rank > 0 { shown.dimensions[0] *= packing }
    let name = "discriminator"
    switch settings.discriminator {
    case .mlp(let mlp):
      return try .mlpDiscriminator(
        name: name, input: shown, hidden: mlp.hidden, activation: Activation(mlp.activation),
        normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), conditioning: conditioning, minibatch: minibatch,
        spectral: spectralNorm(mlp.spectral))
    case .maxout(let maxout):
      return try .maxoutDiscriminator(
        name: name, input: shown, hidden: maxout.hidden, pieces: maxout.pieces,
        initializer: Initializer(maxout.initializer), conditioning: conditioning, minibatch: minibatch,
        spectral: spectralNorm(maxout.spectral))
    case .dcgan(let dcgan):
      return try .dcganDiscriminator(
        name: name, size: shown[1], channels: shown[0], features: dcgan.features,
        activation: Activation(dcgan.activation), normalization: Normalization(dcgan.normalization),
        initializer: Initializer(dcgan.initializer), conditioning: conditioning, minibatch: minibatch,
        spectral: spectralNorm(dcgan.spectral))
    case .residual(let residual):
      return try .residualDiscriminator(
        name: name, size: shown[1], channels: shown[0], features: residual.features,
        activation: Activation(residual.activation), normalization: Normalization(residual.normalization),
        conditioning: conditioning, minibatch: minibatch, spectral: spectralNorm(residual.spectral),
        attentionAt: residual.attention, initializer: Initializer(residual.initializer))
    case .progressive(let configuration): return try progressive(name, configuration, channels: shown[0])
    case .dirac(let dirac):
      guard shown == [1] else {
        throw SystemError.samplesDoNotFit(.dirac, made: [1], sample: shown.dimensions)
      }
      return try .diracDiscriminator(name: name, start: dirac.start, offset: dirac.offset)
    case .layers(let layers):
      return try LayersBuilder(name, layers)
        .discriminator(of: shown, conditioning: conditioning, minibatch: minibatch)
    case .bigGAN, .style, .unet, .resnet, .patch: throw SystemError.notADiscriminator(settings.discriminator.kind)
    }
  }

  private var conditioning: ClassConditioning? {
    guard let classes else { return nil }
    switch settings.condition {
    case .concatenation: return .concatenation(classes: classes)
    case .projection: return .projection(classes: classes)
    case .none, .auxiliary: return nil
    }
  }

  private var minibatch: MinibatchFeatures? {
    if let technique = techniques[.minibatchDiscrimination] {
      return .discrimination(kernels: Int(technique["kernels"]), dimensions: Int(technique["dimensions"]))
    }
    return techniques[.minibatchDeviation].map { .standardDeviation(groupSize: Int($0["group"])) }
  }
}

/// Why a configuration describes no system.
public enum SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  case noClasses(what: String)
  case notAGenerator(NetworkKind)
  case notADiscriminator(NetworkKind)
  case cannotGrow(sample: [Int], start: Int)
  case notAnEncoder(NetworkKind)
  case otherModel(ModelKind, wanted: ModelKind)
  case noSources(ModelKind)
  /// A network whose samples are not of the data's shape.
  case samplesDoNotFit(NetworkKind, made: [Int], sample: [Int])

  public var description: String {
    switch self {
    case .noClasses(let what): "\(what) is given the class of each sample, and the data have no labels"
    case .notAGenerator(let kind): "\(kind.rawValue) does not make samples from latents"
    case .notADiscriminator(let kind): "\(kind.rawValue) does not judge samples"
    case .notAnEncoder(let kind): "\(kind.rawValue) does not encode samples"
    case .otherModel(let found, let wanted):
      "this is for model.kind: \(wanted.rawValue), and the model is \(found.rawValue)"
    case .noSources(let kind): "\(kind.rawValue) translates pairs of images, and the data have none"
    case .samplesDoNotFit(let kind, let made, let sample):
      "\(kind.rawValue) is for samples of shape \(made), and those of the data are of shape \(sample)"
    case .cannotGrow(let sample, let start):
      "samples of shape \(sample) cannot grow from \(start)x\(start) pixels; growth needs square images of at least that"
    }
  }
}

extension Activation {
  init(_ configuration: ActivationConfiguration) {
    switch configuration {
    case .relu: self = .relu
    case .leakyReLU(let slope): self = .leakyReLU(slope: slope)
    case .tanh: self = .tanh
    case .sigmoid: self = .sigmoid
    case .elu: self = .elu
    case .gelu: self = .gelu
    case .softplus: self = .softplus
    case .sine: self = .sine
    }
  }

  init(_ output: OutputActivation) {
    switch output {
    case .linear: self = .identity
    case .tanh: self = .tanh
    }
  }
}

extension Normalization {
  init(_ kind: NormalizationKind) {
    switch kind {
    case .none: self = .none
    case .batch: self = .batch
    case .layer: self = .layer
    case .instance: self = .instance
    }
  }
}

extension Initializer {
  init(_ configuration: InitializerConfiguration) {
    switch configuration {
    case .normal(let deviation): self = .normal(deviation: deviation)
    case .xavier(let gain): self = .xavierUniform(gain: gain)
    case .he(let gain): self = .heNormal(gain: gain)
    case .orthogonal(let gain): self = .orthogonal(gain: gain)
    }
  }
}
