import Tensors

/// The convolutional networks of Radford et al. 2015 and what they have in common.
///
/// Reference: [DCGAN](https://arxiv.org/abs/1511.06434), section 3.
public enum DCGAN {
  /// Heights (and widths) of images that the networks exist for: 4·2ⁿ and 7·2ⁿ.
  public static let imageSizes = [8, 16, 28, 32, 56, 64, 112, 128]

  /// The smallest map's extent and the number of doublings from there to the image.
  static func plan(_ name: String, size: Int) throws(NetworkError) -> (base: Int, doublings: Int) {
    guard imageSizes.contains(size) else {
      throw .imageSizeUnsupported(network: name, size: size, supported: imageSizes)
    }
    let base = size % 7 == 0 ? 7 : 4
    return (base, (size / base).trailingZeroBitCount)
  }

  /// Kernels of 4 with stride 2 halve (or, transposed, double) the extent.
  static let halving = ConvolutionGeometry(stride: 2, padding: 1)
}

extension Network {
  /// DCGAN's generator of `channels` × `size` × `size` images: a projection to 4×4 (7×7 for 28 pixels) maps, then transposed
  /// convolutions, kernel 4, stride 2, each followed by normalization and activation, the last one by `outputActivation`.
  ///
  /// The projection, a transposed convolution of a 1×1 map in the paper's drawing, is the equal dense layer here. No layer
  /// has a bias where a normalization follows; without normalization all have one. A batch norm's scale starts at N(1, 0.02²).
  ///
  /// - Parameters:
  ///   - latent: the dimension of z; the input is `[batch, latent]`.
  ///   - size: 28, 32, 64 or another of `DCGAN.imageSizes`.
  ///   - features: channels of the map before the image; each halving of the extent doubles them.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func dcganGenerator(
    name: String, latent: Int, size: Int, channels: Int, features: Int, activation: Activation = .relu,
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02),
    outputActivation: Activation = .tanh, dtype: DType = .f32
  ) throws -> Network {
    let (base, doublings) = try DCGAN.plan(name, size: size)
    try requirePositive(features, "features", of: name)
    let builder = DCGANBuilder(
      name: name, activation: activation, normalization: normalization, initializer: initializer, dtype: dtype)
    var width = features << (doublings - 1)
    var extent = base
    var layers: [any Layer] = [
      try Dense(
        "\(name)/project/dense", input: latent, output: width * base * base, bias: builder.hasBias,
        initializer: initializer, biasInitializer: builder.biases, dtype: dtype),
      Unflatten("\(name)/project/unflatten", shape: [width, base, base]),
    ]
    layers += try builder.normalizedActivation("project", sample: [width, base, base])
    for block in 1...doublings {
      let isLast = block == doublings
      let output = isLast ? channels : width / 2
      extent *= 2
      layers.append(
        try TransposedConvolution2D(
          "\(name)/block\(block)/conv", input: width, output: output, kernel: 4, geometry: DCGAN.halving,
          bias: builder.hasBias, initializer: initializer, biasInitializer: builder.biases, dtype: dtype))
      if isLast {
        if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
      } else {
        layers += try builder.normalizedActivation("block\(block)", sample: [output, extent, extent])
      }
      width = output
    }
    return try Network(name: name, inputShape: [latent], inputType: dtype, layers: layers)
  }

  /// DCGAN's discriminator: convolutions, kernel 4, stride 2, down to a 4×4 (7×7 for 28 pixels) map, then one linear unit, whose
  /// value is the raw score (a logit where the objective takes it for one): `[batch, 1]`.
  ///
  /// Normalization follows every convolution but the first.
  ///
  /// - Parameters:
  ///   - size: 28, 32, 64 or another of `DCGAN.imageSizes`; the input is `[batch, channels, size, size]`.
  ///   - features: channels of the first map; each halving of the extent doubles them.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func dcganDiscriminator(
    name: String, size: Int, channels: Int, features: Int, activation: Activation = .leakyReLU(slope: 0.2),
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02), dtype: DType = .f32
  ) throws -> Network {
    let (base, halvings) = try DCGAN.plan(name, size: size)
    let builder = DCGANBuilder(
      name: name, activation: activation, normalization: normalization, initializer: initializer, dtype: dtype)
    var layers: [any Layer] = []
    var width = channels
    var extent = size
    for block in 1...halvings {
      let output = features << (block - 1)
      extent /= 2
      layers.append(
        try Convolution2D(
          "\(name)/block\(block)/conv", input: width, output: output, kernel: 4, geometry: DCGAN.halving,
          bias: builder.hasBias, initializer: initializer, biasInitializer: builder.biases, dtype: dtype))
      layers += try builder.normalizedActivation(
        "block\(block)", sample: [output, extent, extent], isNormalized: block > 1)
      width = output
    }
    layers += [
      Flatten("\(name)/score/flatten"),
      try Dense(
        "\(name)/score/dense", input: width * base * base, output: 1, bias: builder.hasBias, initializer: initializer,
        biasInitializer: builder.biases, dtype: dtype),
    ]
    return try Network(name: name, inputShape: [channels, size, size], inputType: dtype, layers: layers)
  }
}

/// What the layers of both DCGAN networks share.
private struct DCGANBuilder {
  let name: String
  let activation: Activation
  let normalization: Normalization
  let initializer: Initializer
  let dtype: DType

  var hasBias: Bool { normalization == .none }
  var biases: Initializer { initializer == .pytorchDefault ? .pytorchDefault : .zeros }

  func normalizedActivation(_ block: String, sample: Shape, isNormalized: Bool = true) throws -> [any Layer] {
    let norm = try normalization.layer(
      "\(name)/\(block)/norm", sample: sample, scale: .normal(mean: 1, deviation: 0.02), dtype: dtype)
    return (isNormalized ? norm.map { [$0] } ?? [] : []) + [ActivationLayer("\(name)/\(block)/activation", activation)]
  }
}
