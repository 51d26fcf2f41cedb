import Tensors

extension Network {
  /// CycleGAN's generator: c7s1-C, d2C, d4C, residual blocks R4C, u2C, uC, c7s1-output, then tanh.
  ///
  /// c7s1 is a convolution of kernel 7; d and u are of kernel 3 and halve and double the extent; R is x + two convolutions of
  /// kernel 3 with a rectifier between. Normalization follows each but the last, a rectifier follows it but at a residual
  /// block's end. Convolutions that keep the extent look at the image's reflection beyond its edges, or at zeros.
  ///
  /// Reference: [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), appendix 7.2.
  ///
  /// - Parameters:
  ///   - size: height and width, a multiple of 4; the input is `[batch, input, size, size]`.
  ///   - input: channels of the image that is translated.
  ///   - output: channels of the image that is made.
  ///   - features: channels of the first map, C.
  ///   - blocks: how many residual blocks; nil for the paper's 6, or 9 from 256 pixels on.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func cycleGenerator(
    name: String, size: Int, input: Int, output: Int, features: Int = 64, blocks: Int? = nil,
    normalization: Normalization = .instance, padding: ImagePadding = .reflection,
    initializer: Initializer = .normal(deviation: 0.02), outputActivation: Activation = .tanh, dtype: DType = .f32
  ) throws -> Network {
    let count = blocks ?? (size < 256 ? 6 : 9)
    try requirePositive(size, "size", of: name)
    try requirePositive(features, "features", of: name)
    guard count >= 0 else { throw NetworkError.extentNotPositive(layer: name, extent: "blocks", value: count) }
    guard size % 4 == 0 else { throw NetworkError.sizeIsNoMultiple(network: name, size: size, divisor: 4) }
    // A reflection is shorter than the image, and the residual blocks see a quarter of it.
    let least = padding == .reflection ? 8 : 4
    guard size >= least else { throw NetworkError.imageTooSmall(network: name, size: size, least: least) }
    let builder = TranslationBuilder(name: name, normalization: normalization, initializer: initializer, dtype: dtype)
    func finish(_ label: String, _ width: Int, _ extent: Int) throws -> [any Layer] {
      try builder.norm("\(label)/norm", [width, extent, extent])
        + [ActivationLayer("\(name)/\(label)/activation", .relu)]
    }
    var layers = try builder.keeping("first/conv", input, features, kernel: 7, padding: padding, isNormalized: true)
    layers += try finish("first", features, size)
    for level in 1...2 {
      let (label, width) = ("down\(level)", features << (level - 1))
      let geometry = ConvolutionGeometry(stride: 2, padding: 1)
      layers.append(
        try builder.convolution("\(label)/conv", width, 2 * width, kernel: 3, geometry: geometry, isNormalized: true))
      layers += try finish(label, 2 * width, size >> level)
    }
    let (inner, extent) = (4 * features, size / 4)
    for block in 0..<count {
      let label = "residual\(block + 1)"
      let first = try builder.keeping("\(label)/conv1", inner, inner, kernel: 3, padding: padding, isNormalized: true)
      let second = try builder.keeping("\(label)/conv2", inner, inner, kernel: 3, padding: padding, isNormalized: true)
      let between =
        try builder.norm("\(label)/norm1", [inner, extent, extent])
        + [ActivationLayer("\(name)/\(label)/activation", .relu)]
      let end = try builder.norm("\(label)/norm2", [inner, extent, extent])
      layers.append(SkipConnection("\(name)/\(label)", .sum, around: first + between + second + end))
    }
    for level in [2, 1] {
      let (label, width) = ("up\(level)", features << (level - 1))
      layers.append(try builder.doublingOfThree("\(label)/conv", 2 * width, width))
      layers += try finish(label, width, size >> (level - 1))
    }
    layers += try builder.keeping("last/conv", features, output, kernel: 7, padding: padding, isNormalized: false)
    if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
    return try Network(name: name, inputShape: [input, size, size], inputType: dtype, layers: layers)
  }
}
