import Networks
import Tensors

/// Games whose networks grow while they train, and those of StyleGAN.
///
/// Data come in at their full size and samples go out at it: the programs show the networks of a stage what they know, so
/// that nothing outside has to know of stages.
extension AdversarialGame {
  /// The name of the input α, which follows the step.
  static let alphaInput = "model.growth.alpha"

  /// How far the newest resolution has faded in.
  var alpha: Tensor { Self.scalar(Self.alphaInput) }

  /// The pixels of the data along each axis that are one of the stage's.
  private var factor: Int { stage.map { max(1, sample[1] / $0.resolution) } ?? 1 }

  /// Images of the data's size, `[batch, channels, height, width]`, at the stage's resolution: the mean of each block.
  func pooled(_ images: Tensor) -> Tensor { factor > 1 ? images.averagePooled(factor) : images }

  /// Images of the stage's resolution at the data's size, each pixel repeated.
  func whole(_ images: Tensor) -> Tensor { factor > 1 ? images.upsampledNearest(factor) : images }

  /// Progressive networks end without an activation: what they show beyond the range of images is black or white.
  func inRange(_ images: Tensor) -> Tensor {
    settings.generator.kind.isProgressive && settings.output == .linear ? images.clamped(-1...1) : images
  }

  /// What a style generator's training pass mixes: latents of a second draw, and the layers that take their styles. The
  /// code is that of the first, because D asks for one.
  func mixing(latents shape: Shape, code: Tensor?, _ suffix: String) -> [Condition: Tensor] {
    guard settings.generator.kind == .style else { return [:] }
    let second = drawnLatents(shape, stream: "second_latent\(suffix)")
    return [
      .secondLatent: code.map { Tensor.concatenate([second, $0], axis: 1) } ?? second,
      .mixing: StyleGAN.randomMixing(
        batch: samples, styles: StyleGAN.styles(resolution: stage?.resolution ?? sample[1]),
        probability: Self.scalar("model.generator.mixing"), stream: "mixing\(suffix)"),
    ]
  }

  /// ψ of a style generator's sampling pass.
  var truncation: [Condition: Tensor] {
    settings.generator.kind == .style ? [.truncation: Self.scalar("model.generator.truncation")] : [:]
  }

  /// α, where a resolution fades in.
  var growthInputs: [TrainableSystem.HyperparameterInput] {
    guard let growth = settings.growth, stage?.isFading == true else { return [] }
    let maximum = sample[1]
    return [
      TrainableSystem.HyperparameterInput(id: Self.alphaInput, constant: 1) { step, _ in
        growth.alpha(at: step, maximum: maximum)
      }
    ]
  }
}
