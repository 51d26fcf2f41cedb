import Tensors

/// What progressively grown networks have in common.
///
/// A run begins at 4×4 pixels. To grow from r/2 to r it builds the networks of resolution r that fade, carries over every
/// variable by name (those of `RxR/` are new), raises `Condition.alpha` from 0 to 1, then builds those of resolution r that
/// do not fade, and carries over by name again. Widths depend on the last resolution alone, so shapes stay.
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 2 and appendix A.
public enum Progressive {
  /// 4, 8, 16, ... up to `maximum`.
  public static func resolutions(upTo maximum: Int) -> [Int] {
    Array(sequence(first: 4) { $0 * 2 }.prefix { $0 <= maximum })
  }

  /// Real images as a fading network's generator shows them: (1 − α)·up(down(x)) + α·x.
  ///
  /// - Parameters:
  ///   - images: `[batch, channels, height, width]` of even extents.
  ///   - alpha: a scalar, 0 to 1.
  public static func faded(_ images: Tensor, alpha: Tensor) -> Tensor {
    let share = alpha.cast(to: images.dtype)
    return (1 - share) * images.averagePooled(2).upsampledNearest(2) + share * images
  }
}

extension Network {
  /// The generator of a progressive GAN: z, pixel-normalized and projected to 4×4 maps, then for each resolution nearest
  /// upsampling and two convolutions, kernel 3, each followed by a leaky rectifier (slope 0.2) and pixel normalization;
  /// then a convolution of kernel 1 to the image, without activation. All learning rates are equalized.
  ///
  /// While it fades the image is (1 − α)·up(to_rgb_{r/2}(h)) + α·to_rgb_r(block_r(h)), with α = `Condition.alpha`.
  /// Variables are named by resolution, such as `NAME/8x8/conv1/weight`.
  ///
  /// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 2, appendix A, table 2.
  ///
  /// - Parameters:
  ///   - latent: the dimension of z; the input is `[batch, latent]`.
  ///   - resolution: height and width of the images now: 4, 8, 16, ...
  ///   - maximum: the last resolution, at least `resolution`.
  ///   - channels: of the image; the output is `[batch, channels, resolution, resolution]`.
  ///   - features: channels of the maps at the last resolution; each halving of it doubles them.
  ///   - mostFeatures: no map has more channels than these.
  ///   - isFading: whether the resolution is fading in beside the one before; 4 has none before it.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func progressiveGenerator(
    name: String, latent: Int, resolution: Int, maximum: Int, channels: Int, features: Int, mostFeatures: Int = 512,
    isFading: Bool = false, dtype: DType = .f32
  ) throws -> Network {
    let builder = try ProgressiveBuilder(
      name: name, resolution: resolution, maximum: maximum, channels: channels, features: features,
      mostFeatures: mostFeatures, isFading: isFading, dtype: dtype)
    try requirePositive(latent, "latent", of: name)
    let width = builder.width(at: 4)
    let start: [any Layer] =
      [
        PixelNorm("\(name)/norm"),
        try EqualizedDense("\(name)/4x4/dense", input: latent, output: width * 16, dtype: dtype),
        Unflatten("\(name)/4x4/unflatten", shape: [width, 4, 4]),
      ] + builder.normalizedActivation("4x4/dense") + (try builder.generatorConvolution("4x4/conv", width, width))
    let layers = try builder.grown(from: start) { resolution in
      let folder = "\(resolution)x\(resolution)"
      let (input, output) = (builder.width(at: resolution / 2), builder.width(at: resolution))
      return [try NearestUpsampling("\(name)/\(folder)/upsample")]
        + (try builder.generatorConvolution("\(folder)/conv1", input, output))
        + (try builder.generatorConvolution("\(folder)/conv2", output, output))
    }
    return try Network(
      name: name, inputShape: [latent], inputType: dtype, conditions: builder.conditions, layers: layers)
  }

  /// The discriminator of a progressive GAN: the generator's mirror image, with the minibatch's standard deviation as one
  /// more channel at 4×4; the score is linear, `[batch, 1]`.
  ///
  /// While it fades it blends features, not scores: (1 − α)·from_rgb_{r/2}(down(x)) + α·down(block_r(from_rgb_r(x))), with
  /// α = `Condition.alpha`. Variables are named by resolution, such as `NAME/8x8/conv1/weight`.
  ///
  /// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 2, appendix A, table 2.
  ///
  /// - Parameters:
  ///   - resolution: height and width of the images now; the input is `[batch, channels, resolution, resolution]`.
  ///   - maximum: the last resolution, at least `resolution`.
  ///   - features: channels of the maps at the last resolution; each halving of it doubles them.
  ///   - mostFeatures: no map has more channels than these.
  ///   - isFading: whether the resolution is fading in beside the one before; 4 has none before it.
  ///   - groupSize: of the minibatch's standard deviation.
  ///   - isBlurred: whether a [1, 2, 1] filter goes before each halving, as in StyleGAN.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func progressiveDiscriminator(
    name: String, resolution: Int, maximum: Int, channels: Int, features: Int, mostFeatures: Int = 512,
    isFading: Bool = false, groupSize: Int = 4, isBlurred: Bool = false, dtype: DType = .f32
  ) throws -> Network {
    let builder = try ProgressiveBuilder(
      name: name, resolution: resolution, maximum: maximum, channels: channels, features: features,
      mostFeatures: mostFeatures, isFading: isFading, dtype: dtype)
    func block(_ resolution: Int) throws -> [any Layer] {
      let folder = "\(resolution)x\(resolution)"
      let (input, output) = (builder.width(at: resolution), builder.width(at: resolution / 2))
      return try builder.convolution("\(folder)/conv1", input, input)
        + builder.convolution(
          "\(folder)/conv2", input, output) + (isBlurred ? [Blur("\(name)/\(folder)/blur")] : [])
        + [AveragePooling("\(name)/\(folder)/downsample")]
    }
    var layers: [any Layer] = []
    if builder.isFading {
      let old = try AveragePooling("\(name)/\(resolution / 2)x\(resolution / 2)/from_rgb/downsample")
      layers.append(
        FadeIn(
          "\(name)/fade", old: [old] + (try builder.fromRGB(resolution / 2)),
          new: try builder.fromRGB(resolution) + block(resolution)))
    } else {
      layers += try builder.fromRGB(resolution)
    }
    for resolution in Progressive.resolutions(upTo: builder.isFading ? resolution / 2 : resolution).dropFirst()
      .reversed()
    {
      layers += try block(resolution)
    }
    let width = builder.width(at: 4)
    layers.append(try MinibatchStandardDeviation("\(name)/4x4/deviation", groupSize: groupSize))
    layers += try builder.convolution("4x4/conv", width + 1, width)
    layers += [
      Flatten("\(name)/4x4/flatten"),
      try EqualizedDense("\(name)/4x4/dense", input: width * 16, output: width, dtype: dtype),
      builder.activation("4x4/dense"),
      try EqualizedDense("\(name)/4x4/score", input: width, output: 1, gain: 1, dtype: dtype),
    ]
    return try Network(
      name: name, inputShape: [channels, resolution, resolution], inputType: dtype, conditions: builder.conditions,
      layers: layers)
  }
}
