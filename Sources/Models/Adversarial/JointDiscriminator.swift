import Networks
import Tensors

/// A judge of pairs of a sample and latents: D(x, z).
///
/// Dense layers see the flattened sample beside the latents; an image's features come from a convolutional trunk first.
///
/// Reference: [Donahue et al. 2017](https://arxiv.org/abs/1605.09782), section 3.
struct JointDiscriminator: Sendable {
  /// The network of the image alone; nil where the joint layers see the sample itself.
  let trunk: Network?
  /// From features and latents to the score, `[batch, 1]`.
  let joint: Network

  var parameters: [Variable] { (trunk?.parameters ?? []) + joint.parameters }
  var variables: [Variable] {
    (trunk.map { $0.parameters + $0.statistics } ?? []) + joint.parameters + joint.statistics
  }

  init(
    _ configuration: NetworkConfiguration, hidden: [Int], sample: Shape, latent: Int
  ) throws {
    let name = "discriminator"
    switch configuration {
    case .mlp(let mlp):
      trunk = nil
      joint = try .mlp(
        name: name, input: [sample.count + latent], hidden: mlp.hidden, output: [1],
        activation: Activation(mlp.activation), normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), spectral: mlp.spectral ? SpectralNorm() : nil)
    case .dcgan(let dcgan):
      let image = try BranchedNetwork.convolutions(name, dcgan, of: sample).trunk
      trunk = image
      joint = try .mlp(
        name: "\(name)/joint", input: [image.outputShape.count + latent], hidden: hidden, output: [1],
        activation: Activation(dcgan.activation), initializer: Initializer(dcgan.initializer),
        spectral: dcgan.spectral ? SpectralNorm() : nil)
    default: throw SystemError.notADiscriminator(configuration.kind)
    }
  }

  /// A score, with the running statistics that the pass leaves.
  struct Result {
    var output: Tensor
    var statistics: [(variable: Variable, value: Tensor)]
  }

  /// - Parameters:
  ///   - x: `[batch, ...]`.
  ///   - z: `[batch, latent]`.
  func apply(
    _ x: Tensor, _ z: Tensor, substituting weights: [Variable: Tensor] = [:], mode: ForwardPass.Mode,
    collecting: Bool = false, stream: String = ""
  ) -> Result {
    let seen = trunk?.apply(x, substituting: weights, mode: mode, collecting: collecting, stream: stream)
    let score = joint.apply(
      .concatenate([(seen?.output ?? x).flattened(), z], axis: 1), substituting: weights, mode: mode,
      collecting: collecting, stream: stream)
    return Result(output: score.output, statistics: (seen?.statistics ?? []) + score.statistics)
  }
}

extension NetworkFactory {
  /// E(x): `[batch, ...]` to `[batch, latent]`.
  static func encoder(_ configuration: NetworkConfiguration, sample: Shape, latent: Int) throws -> Network {
    let name = "encoder"
    switch configuration {
    case .mlp(let mlp):
      return try .mlp(
        name: name, input: sample, hidden: mlp.hidden, output: [latent], activation: Activation(mlp.activation),
        normalization: Normalization(mlp.normalization), dropout: mlp.dropout,
        initializer: Initializer(mlp.initializer), spectral: mlp.spectral ? SpectralNorm() : nil)
    case .dcgan(let dcgan):
      return try BranchedNetwork.convolutions(name, dcgan, of: sample)
        .adding(
          head: "latents", outputs: latent, initializer: Initializer(dcgan.initializer),
          spectral: dcgan.spectral ? SpectralNorm() : nil
        ).network(head: "latents")
    default: throw SystemError.notAnEncoder(configuration.kind)
    }
  }
}

extension BranchedNetwork {
  fileprivate static func convolutions(
    _ name: String, _ dcgan: DCGANConfiguration, of sample: Shape
  ) throws -> BranchedNetwork {
    try .dcganDiscriminator(
      name: name, size: sample[1], channels: sample[0], features: dcgan.features,
      activation: Activation(dcgan.activation), normalization: Normalization(dcgan.normalization),
      initializer: Initializer(dcgan.initializer), spectral: dcgan.spectral ? SpectralNorm() : nil)
  }
}
