import Tensors

extension Network {
  /// The U-Net that translates images: convolutions, kernel 4, stride 2, down to a small map; transposed ones up again, each
  /// fed with the map of equal size on the way down beside its own input; then tanh.
  ///
  /// Down, each convolution but the first follows a leaky rectifier (slope 0.2); up, each follows a rectifier.
  /// Normalization follows all but the first, the innermost and the last: a map of one pixel has no variance of its own.
  /// Dropout follows the first blocks on the way up, in training and, where it is noise, in sampling too: it is the z of
  /// the paper's generator.
  ///
  /// Reference: [Isola et al. 2016](https://arxiv.org/abs/1611.07004), section 3.2.1 and appendix 6.1.1.
  ///
  /// - Parameters:
  ///   - size: height and width: a multiple of 2 to the power of the depth; the input is `[batch, input, size, size]`.
  ///   - input: channels of the image that is translated.
  ///   - output: channels of the image that is made.
  ///   - features: channels of the first map; each halving of the extent doubles them, up to 8 times.
  ///   - depth: how often the extent is halved; nil for as often as it goes, at most 8 times.
  ///   - dropout: the share that is dropped, in 0 ..< 1; 0 for no dropout.
  ///   - dropoutBlocks: how many blocks on the way up drop.
  ///   - isNoisy: whether they drop in sampling too.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func unet(
    name: String, size: Int, input: Int, output: Int, features: Int = 64, depth: Int? = nil,
    normalization: Normalization = .batch, dropout: Double = 0.5, dropoutBlocks: Int = 3, isNoisy: Bool = true,
    initializer: Initializer = .normal(deviation: 0.02), outputActivation: Activation = .tanh, dtype: DType = .f32
  ) throws -> Network {
    try requirePositive(size, "size", of: name)
    try requirePositive(features, "features", of: name)
    let levels = depth ?? min(8, max(1, size.trailingZeroBitCount))
    try requirePositive(levels, "depth", of: name)
    guard levels < 32, size % (1 << levels) == 0 else {
      throw NetworkError.sizeIsNoMultiple(network: name, size: size, divisor: 1 << min(levels, 31))
    }
    let builder = TranslationBuilder(name: name, normalization: normalization, initializer: initializer, dtype: dtype)
    func width(_ level: Int) -> Int { features * (1 << min(level - 1, 3)) }
    func extent(_ level: Int) -> Int { size >> level }

    /// From the activated map of a level to what its way up gives to the level above, in that level's extent.
    func inside(_ level: Int) throws -> [any Layer] {
      let isInnermost = level == levels
      let inner = width(level)
      var layers: [any Layer] = []
      if !isInnermost {
        let next = width(level + 1)
        var way: [any Layer] = [ActivationLayer("\(name)/down\(level + 1)/activation", .leakyReLU(slope: 0.2))]
        way.append(
          try builder.halving(
            "down\(level + 1)/conv", inner, next, isNormalized: level + 1 < levels))
        if level + 1 < levels {
          way += try builder.norm("down\(level + 1)/norm", [next, extent(level + 1), extent(level + 1)])
        }
        way += try inside(level + 1)
        way += try builder.norm("up\(level + 1)/norm", [inner, extent(level), extent(level)])
        if dropout != 0, levels - level <= dropoutBlocks {
          way.append(try Dropout("\(name)/up\(level + 1)/dropout", probability: dropout, isNoise: isNoisy))
        }
        layers.append(SkipConnection("\(name)/skip\(level)", .concatenation, around: way))
      }
      layers.append(ActivationLayer("\(name)/up\(level)/activation", .relu))
      layers.append(
        try builder.doubling(
          "up\(level)/conv", isInnermost ? inner : 2 * inner, level == 1 ? output : width(level - 1),
          isNormalized: level > 1))
      return layers
    }

    var layers: [any Layer] = [try builder.halving("down1/conv", input, width(1), isNormalized: false)]
    layers += try inside(1)
    if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
    return try Network(name: name, inputShape: [input, size, size], inputType: dtype, layers: layers)
  }
}
