import Networks
import Tensors

/// Builds the networks that translate images and judge translations.
enum TranslationFactory {
  /// - Parameters:
  ///   - source: the shape of what is translated, `[channels, size, size]`.
  ///   - target: the shape of what is made.
  static func generator(
    _ name: String, _ configuration: NetworkConfiguration, from source: Shape, to target: Shape
  ) throws -> Network {
    switch configuration {
    case .unet(let unet):
      return try .unet(
        name: name, size: source[1], input: source[0], output: target[0], features: unet.features, depth: unet.depth,
        normalization: Normalization(unet.normalization), dropout: unet.dropout)
    case .resnet(let resnet):
      return try .cycleGenerator(
        name: name, size: source[1], input: source[0], output: target[0], features: resnet.features,
        blocks: resnet.blocks, normalization: Normalization(resnet.normalization))
    default: throw SystemError.notAGenerator(configuration.kind)
    }
  }

  /// - Parameter source: the shape of what is shown beside it; nil for a judge of images alone.
  static func discriminator(
    _ name: String, _ configuration: NetworkConfiguration, of sample: Shape, beside source: Shape?
  ) throws -> Network {
    guard case .patch(let patch) = configuration else { throw SystemError.notADiscriminator(configuration.kind) }
    return try .patchDiscriminator(
      name: name, size: sample[1], channels: sample[0], conditionChannels: source?[0] ?? 0,
      receptiveField: patch.receptiveField, features: patch.features, normalization: Normalization(patch.normalization))
  }
}

/// Inputs of images.
enum ImageInput {
  static func named(_ name: String, _ count: Int, _ shape: Shape) -> Tensor {
    Input(name: name, shape: Shape([count] + shape.dimensions)).value
  }
}
