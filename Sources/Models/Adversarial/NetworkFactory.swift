import Networks
import Tensors

/// Builds the networks that a configuration describes.
struct NetworkFactory {
  let sample: Shape

  func generator(_ configuration: NetworkConfiguration, latent: Int, output: OutputActivation) throws -> Network {
    switch configuration {
    case .mlp(let mlp):
      return try Network.mlp(
        name: "generator", input: [latent], hidden: mlp.hidden, output: sample,
        activation: Activation(mlp.activation), normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), outputActivation: Activation(output))
    case .dcgan(let dcgan):
      return try Network.dcganGenerator(
        name: "generator", latent: latent, size: sample[1], channels: sample[0], features: dcgan.features,
        activation: Activation(dcgan.activation), normalization: Normalization(dcgan.normalization),
        initializer: Initializer(dcgan.initializer), outputActivation: Activation(output))
    }
  }

  func discriminator(
    _ configuration: NetworkConfiguration, techniques: [TechniqueConfiguration]
  ) throws -> Network {
    let packing = techniques[.packing].map { Int($0["samples"]) } ?? 1
    var shown = sample.dimensions
    if !shown.isEmpty { shown[0] *= packing }
    switch configuration {
    case .mlp(let mlp):
      return try Network.mlp(
        name: "discriminator", input: Shape(shown), hidden: mlp.hidden, output: [1],
        activation: Activation(mlp.activation),
        normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), outputActivation: .identity)
    case .dcgan(let dcgan):
      return try Network.dcganDiscriminator(
        name: "discriminator", size: sample[1], channels: shown[0], features: dcgan.features,
        activation: Activation(dcgan.activation), normalization: Normalization(dcgan.normalization),
        initializer: Initializer(dcgan.initializer))
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
