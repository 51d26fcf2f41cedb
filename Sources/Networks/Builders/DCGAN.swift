import Tensors

/// The convolutional networks of Radford et al. 2015 and what they have in common.
///
/// Reference: [DCGAN](https://arxiv.org/abs/1511.06434), section 3.
public enum DCGAN {
  /// Heights (and widths) of images that the networks exist for: 4·2ⁿ and 7·2ⁿ.
  public static let imageSizes = [8, 16, 28, 32, 56, 64, 112, 128]

  /// The extent of the smallest map of images of `size`.
  public static func base(ofSize size: Int) -> Int { size % 7 == 0 ? 7 : 4 }

  /// The smallest map's extent and the number of doublings from there to the image.
  static func plan(_ name: String, size: Int) throws(NetworkError) -> (base: Int, doublings: Int) {
    guard imageSizes.contains(size) else {
      throw .imageSizeUnsupported(network: name, size: size, supported: imageSizes)
    }
    let base = base(ofSize: size)
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
  ///   - classes: if given, the pass's one-hot class goes in beside z.
  ///   - spectral: spectral normalization of every layer with a kernel.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func dcganGenerator(
    name: String, latent: Int, size: Int, channels: Int, features: Int, activation: Activation = .relu,
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02),
    outputActivation: Activation = .tanh, classes: Int? = nil, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws -> Network {
    let (base, doublings) = try DCGAN.plan(name, size: size)
    try requirePositive(features, "features", of: name)
    if let classes { try requirePositive(classes, "classes", of: name) }
    let builder = DCGANBuilder(
      name: name, activation: activation, normalization: normalization, initializer: initializer, spectral: spectral,
      dtype: dtype)
    var width = features << (doublings - 1)
    var extent = base
    var layers: [any Layer] = classes == nil ? [] : [ClassConcatenation("\(name)/classes")]
    layers += [
      try Dense(
        "\(name)/project/dense", input: latent + (classes ?? 0), output: width * base * base, bias: builder.hasBias,
        initializer: initializer, biasInitializer: builder.biases, spectral: spectral, dtype: dtype),
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
          bias: builder.hasBias, initializer: initializer, biasInitializer: builder.biases, spectral: spectral,
          dtype: dtype))
      if isLast {
        if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
      } else {
        layers += try builder.normalizedActivation("block\(block)", sample: [output, extent, extent])
      }
      width = output
    }
    return try Network(
      name: name, inputShape: [latent], inputType: dtype, conditions: .of(classes: classes), layers: layers)
  }

  /// The score of `BranchedNetwork.dcganDiscriminator` as a plain network: `[batch, channels, size, size]` to `[batch, 1]`.
  ///
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func dcganDiscriminator(
    name: String, size: Int, channels: Int, features: Int, activation: Activation = .leakyReLU(slope: 0.2),
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02),
    conditioning: ClassConditioning? = nil, minibatch: MinibatchFeatures? = nil, spectral: SpectralNorm? = nil,
    dtype: DType = .f32
  ) throws -> Network {
    try BranchedNetwork.dcganDiscriminator(
      name: name, size: size, channels: channels, features: features, activation: activation,
      normalization: normalization, initializer: initializer, conditioning: conditioning, minibatch: minibatch,
      spectral: spectral, dtype: dtype
    ).network()
  }
}

extension BranchedNetwork {
  /// DCGAN's discriminator: convolutions, kernel 4, stride 2, down to a 4×4 (7×7 for 28 pixels) map, then one linear unit, whose
  /// value is the raw score (a logit where the objective takes it for one): `[batch, 1]`. The convolutions are the trunk, the
  /// unit the head `score`.
  ///
  /// Normalization follows every convolution but the first.
  ///
  /// - Parameters:
  ///   - size: 28, 32, 64 or another of `DCGAN.imageSizes`; the input is `[batch, channels, size, size]`.
  ///   - features: channels of the first map; each halving of the extent doubles them.
  ///   - conditioning: how the discriminator learns the class; the score is of the image alone if nil.
  ///   - minibatch: what the score sees of the batch.
  ///   - spectral: spectral normalization of every layer with a kernel and of the class embedding.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func dcganDiscriminator(
    name: String, size: Int, channels: Int, features: Int, activation: Activation = .leakyReLU(slope: 0.2),
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02),
    conditioning: ClassConditioning? = nil, minibatch: MinibatchFeatures? = nil, spectral: SpectralNorm? = nil,
    dtype: DType = .f32
  ) throws -> BranchedNetwork {
    let (_, halvings) = try DCGAN.plan(name, size: size)
    try requirePositive(features, "features", of: name)
    if let conditioning { try requirePositive(conditioning.classes, "classes", of: name) }
    let builder = DCGANBuilder(
      name: name, activation: activation, normalization: normalization, initializer: initializer, spectral: spectral,
      dtype: dtype)
    var layers: [any Layer] = []
    var width = channels
    if let classes = conditioning?.concatenated {
      layers.append(ClassConcatenation("\(name)/classes"))
      width += classes
    }
    var extent = size
    for block in 1...halvings {
      let output = features << (block - 1)
      extent /= 2
      layers.append(
        try Convolution2D(
          "\(name)/block\(block)/conv", input: width, output: output, kernel: 4, geometry: DCGAN.halving,
          bias: builder.hasBias, initializer: initializer, biasInitializer: builder.biases, spectral: spectral,
          dtype: dtype))
      layers += try builder.normalizedActivation(
        "block\(block)", sample: [output, extent, extent], isNormalized: block > 1)
      width = output
    }
    let trunk = try Network(
      name: name, inputShape: [channels, size, size], inputType: dtype,
      conditions: .of(classes: conditioning?.concatenated), layers: layers)
    let head = ScoreHead(
      name: "\(name)/score", dense: "\(name)/score/dense", isFlattening: true, bias: builder.hasBias,
      initializer: initializer, biases: builder.biases, spectral: spectral, dtype: dtype)
    let score = try head.network(
      features: trunk.outputShape, conditioning: conditioning, minibatch: minibatch, root: name)
    return try BranchedNetwork(trunk: trunk, heads: [Head(BranchedNetwork.score, score)])
  }
}

/// What the layers of both DCGAN networks share.
private struct DCGANBuilder {
  let name: String
  let activation: Activation
  let normalization: Normalization
  let initializer: Initializer
  let spectral: SpectralNorm?
  let dtype: DType

  var hasBias: Bool { normalization == .none }
  var biases: Initializer { initializer == .pytorchDefault ? .pytorchDefault : .zeros }

  func normalizedActivation(_ block: String, sample: Shape, isNormalized: Bool = true) throws -> [any Layer] {
    let norm = try normalization.layer(
      "\(name)/\(block)/norm", sample: sample, scale: .normal(mean: 1, deviation: 0.02), dtype: dtype)
    return (isNormalized ? norm.map { [$0] } ?? [] : []) + [ActivationLayer("\(name)/\(block)/activation", activation)]
  }
}
