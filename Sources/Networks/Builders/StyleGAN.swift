import Tensors

/// What StyleGAN's generator and those who use it have in common.
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948).
public enum StyleGAN {
  /// How many layers of a generator take a style: two for each resolution.
  public static func styles(resolution: Int) -> Int { 2 * Progressive.resolutions(upTo: resolution).count }

  /// Masks for `Condition.mixing` that cross over at random: each sample of the batch mixes with the given probability, and
  /// then takes the second latent's styles from a layer on that is uniform in 1 ..< styles.
  ///
  /// - Parameters:
  ///   - probability: a scalar in 0 ... 1; the paper's is 0.9.
  ///   - stream: of the random numbers.
  /// - Returns: `[batch, styles]` of 0 and 1.
  public static func randomMixing(batch: Int, styles: Int, probability: Tensor, stream: String) -> Tensor {
    let isMixed = Tensor.randomUniform([batch, 1], stream: "\(stream)/is_mixed") .< probability
    // u·(styles − 1) < i for all i from some k in 1 ..< styles on.
    let place = Tensor.randomUniform([batch, 1], stream: "\(stream)/crossover") * Double(max(1, styles - 1))
    let isSecond = place .< indices(styles)
    return isMixed.cast(to: .f32) * isSecond.cast(to: .f32)
  }

  /// Masks for `Condition.mixing` that cross over where they are told: styles from `crossover` on are the second latent's.
  ///
  /// - Parameter crossover: the index of a layer: a scalar, or `[batch, 1]`; 0 takes all from the second latent.
  /// - Returns: `[batch, styles]` of 0 and 1.
  public static func mixing(batch: Int, styles: Int, crossover: Tensor) -> Tensor {
    (indices(styles) .>= crossover).cast(to: .f32).broadcast(to: [batch, styles])
  }

  private static func indices(_ styles: Int) -> Tensor {
    Tensor((0..<max(0, styles)).map(Double.init), shape: [1, styles])
  }
}

extension Network {
  /// StyleGAN's generator: a mapping network makes styles of z; a learned 4×4 image passes, for each resolution, two layers
  /// of convolution (kernel 3; but one at 4×4, after the image itself), noise, leaky rectifier (slope 0.2) and AdaIN by the
  /// layer's style; a convolution of kernel 1 makes the image. All learning rates are equalized.
  ///
  /// Beside its input a pass may have `Condition.secondLatent` with `Condition.mixing` (style mixing), and in sampling
  /// `Condition.truncation`. A fading network, which grows as `Progressive` says, needs `Condition.alpha`.
  ///
  /// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 2, appendix C.
  ///
  /// - Parameters:
  ///   - latent: the dimension of z; the input is `[batch, latent]`.
  ///   - style: the dimension of w and of the mapping's hidden layers.
  ///   - resolution: height and width of the images now: 4, 8, 16, ...
  ///   - maximum: the last resolution, at least `resolution`.
  ///   - channels: of the image; the output is `[batch, channels, resolution, resolution]`.
  ///   - features: channels of the maps at the last resolution; each halving of it doubles them.
  ///   - mostFeatures: no map has more channels than these.
  ///   - mappingDepth: dense layers of the mapping.
  ///   - isFading: whether the resolution is fading in beside the one before; 4 has none before it.
  ///   - isBlurred: whether a [1, 2, 1] filter follows each upsampling.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func styleGenerator(
    name: String, latent: Int, style: Int, resolution: Int, maximum: Int, channels: Int, features: Int,
    mostFeatures: Int = 512, mappingDepth: Int = 8, isFading: Bool = false, isBlurred: Bool = true, dtype: DType = .f32
  ) throws -> Network {
    let builder = try ProgressiveBuilder(
      name: name, resolution: resolution, maximum: maximum, channels: channels, features: features,
      mostFeatures: mostFeatures, isFading: isFading, dtype: dtype)
    func epilogue(_ resolution: Int, _ number: Int) throws -> [any Layer] {
      let prefix = "\(name)/\(resolution)x\(resolution)"
      let width = builder.width(at: resolution)
      return [
        try NoiseInjection("\(prefix)/noise\(number)", channels: width, dtype: dtype),
        ActivationLayer("\(prefix)/activation\(number)", .leakyReLU(slope: 0.2)),
        try AdaIN(
          "\(prefix)/adain\(number)", channels: width, style: style,
          index: StyleGAN.styles(resolution: resolution) - 3 + number, dtype: dtype),
      ]
    }
    func convolution(_ resolution: Int, _ number: Int, input: Int) throws -> any Layer {
      try EqualizedConvolution2D(
        "\(name)/\(resolution)x\(resolution)/conv\(number)", input: input, output: builder.width(at: resolution),
        kernel: 3, padding: 1, dtype: dtype)
    }
    let width = builder.width(at: 4)
    let start: [any Layer] =
      [
        try StyleMapping(
          "\(name)/mapping", latent: latent, width: style, depth: mappingDepth,
          styles: StyleGAN.styles(resolution: resolution), dtype: dtype),
        try ConstantInput("\(name)/4x4/constant", channels: width, dtype: dtype),
      ] + (try epilogue(4, 1)) + [try convolution(4, 2, input: width)] + (try epilogue(4, 2))
    let layers = try builder.grown(from: start) { resolution in
      let prefix = "\(name)/\(resolution)x\(resolution)"
      let upsampling: [any Layer] =
        [try NearestUpsampling("\(prefix)/upsample")] + (isBlurred ? [Blur("\(prefix)/blur")] : [])
      let first = [try convolution(resolution, 1, input: builder.width(at: resolution / 2))]
      let second = [try convolution(resolution, 2, input: builder.width(at: resolution))]
      return upsampling + first + (try epilogue(resolution, 1)) + second + (try epilogue(resolution, 2))
    }
    return try Network(
      name: name, inputShape: [latent], inputType: dtype, conditions: builder.conditions, layers: layers)
  }
}
