import Tensors

extension Network {
  /// A residual generator of `channels` × `size` × `size` images: a projection to 4×4 (7×7) maps, blocks that double the
  /// extent, then normalization, activation and a 3×3 convolution. SNGAN's, and with spectral normalization and attention
  /// SAGAN's.
  ///
  /// Layers are `project`, `block1`, `block2`, ..., `attention` where asked for, and `image`.
  ///
  /// References: [SNGAN](https://arxiv.org/abs/1802.05957), tables 4 to 6; [SAGAN](https://arxiv.org/abs/1805.08318),
  /// section 5.
  ///
  /// - Parameters:
  ///   - latent: the dimension of z; the input is `[batch, latent]`.
  ///   - size: one of `DCGAN.imageSizes`.
  ///   - features: channels of the last block.
  ///   - isDoubling: whether each halving of the extent doubles the channels; else all blocks have as many, as SNGAN has it
  ///     for images of 32 pixels.
  ///   - classes: if given, the blocks' batch normalizations have scales and offsets of each class.
  ///   - spectral: spectral normalization of every layer with a kernel.
  ///   - attentionAt: the extent of the map that self-attention follows, an output of one of the blocks.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func residualGenerator(
    name: String, latent: Int, size: Int, channels: Int, features: Int, isDoubling: Bool = true, classes: Int? = nil,
    activation: Activation = .relu, normalization: Normalization = .batch, spectral: SpectralNorm? = nil,
    attentionAt: Int? = nil, initializer: Initializer = .xavierUniform(), outputActivation: Activation = .tanh,
    dtype: DType = .f32
  ) throws -> Network {
    guard classes == nil || normalization == .batch else {
      throw NetworkError.classesNeedBatchNormalization(network: name, normalization: normalization.rawValue)
    }
    let builder = ResidualBuilder(
      name: name, features: features, isDoubling: isDoubling, activation: activation, normalization: normalization,
      spectral: spectral, attentionAt: attentionAt, initializer: initializer, dtype: dtype)
    let modulation = classes.map { NormModulation.classes($0) }
    let layers = try builder.generator(
      latent: latent, size: size, channels: channels, outputActivation: outputActivation,
      modulations: { _ in modulation })
    return try Network(
      name: name, inputShape: [latent], inputType: dtype, conditions: .of(classes: classes), layers: layers)
  }

  /// BigGAN's generator: `residualGenerator` with blocks that are modulated by a class embedding, which they share, and by a
  /// part of z each.
  ///
  /// z is split into as many parts as there are blocks and one more; the first, which takes the remainder, is projected,
  /// part i goes to block i beside the class embedding. Scales and offsets are linear maps of the two, without biases.
  ///
  /// Reference: [BigGAN](https://arxiv.org/abs/1809.11096), section 3.1, appendix B.
  ///
  /// - Parameters: as `residualGenerator` has them, and:
  ///   - classes: the number of classes; the pass's are one-hot, `[batch, classes]`.
  ///   - embedding: the dimension of the class embedding.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func bigGANGenerator(
    name: String, latent: Int, size: Int, channels: Int, features: Int, classes: Int, embedding: Int = 128,
    isDoubling: Bool = true, activation: Activation = .relu, spectral: SpectralNorm? = SpectralNorm(),
    attentionAt: Int? = nil, initializer: Initializer = .orthogonal(), outputActivation: Activation = .tanh,
    dtype: DType = .f32
  ) throws -> Network {
    let (_, blocks) = try DCGAN.plan(name, size: size)
    let split = try LatentSplit(
      "\(name)/latent", latent: latent, blocks: blocks, classes: classes, embedding: embedding,
      initializer: initializer, dtype: dtype)
    let builder = ResidualBuilder(
      name: name, features: features, isDoubling: isDoubling, activation: activation, normalization: .batch,
      spectral: spectral, attentionAt: attentionAt, initializer: initializer, dtype: dtype)
    let layers = try builder.generator(
      latent: split.first, size: size, channels: channels, outputActivation: outputActivation,
      modulations: { block in
        NormModulation(
          split.conditions[block - 1], dimension: split.dimension, initializer: initializer, spectral: spectral)
      })
    return try Network(
      name: name, inputShape: [latent], inputType: dtype, conditions: .of(classes: classes),
      layers: [split] + layers)
  }

  /// The score of `BranchedNetwork.residualDiscriminator` as a plain network: `[batch, channels, size, size]` to `[batch, 1]`.
  ///
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func residualDiscriminator(
    name: String, size: Int, channels: Int, features: Int, isDoubling: Bool = true, activation: Activation = .relu,
    normalization: Normalization = .none, conditioning: ClassConditioning? = nil, minibatch: MinibatchFeatures? = nil,
    spectral: SpectralNorm? = SpectralNorm(), attentionAt: Int? = nil, initializer: Initializer = .xavierUniform(),
    dtype: DType = .f32
  ) throws -> Network {
    try BranchedNetwork.residualDiscriminator(
      name: name, size: size, channels: channels, features: features, isDoubling: isDoubling, activation: activation,
      normalization: normalization, conditioning: conditioning, minibatch: minibatch, spectral: spectral,
      attentionAt: attentionAt, initializer: initializer, dtype: dtype
    ).network()
  }
}

extension BranchedNetwork {
  /// A residual discriminator: blocks that halve the extent down to 4×4 (7×7), one that keeps it, activation and the sum
  /// over all pixels; then one linear unit, the raw score `[batch, 1]`. SNGAN's; SAGAN's with attention; BigGAN's with
  /// attention, projection and orthogonal weights.
  ///
  /// Trunk and head `score` are apart at the summed features, `[batch, channels of the last block]`.
  ///
  /// - Parameters:
  ///   - size: one of `DCGAN.imageSizes`; the input is `[batch, channels, size, size]`.
  ///   - features: channels of the first block.
  ///   - isDoubling: whether each halving of the extent doubles the channels; else all blocks have as many.
  ///   - conditioning: how the discriminator learns the class; the score is of the image alone if nil.
  ///   - minibatch: what the score sees of the batch.
  ///   - spectral: spectral normalization of every layer with a kernel and of the class embedding.
  ///   - attentionAt: the extent of the map that self-attention follows, an output of one of the halving blocks.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func residualDiscriminator(
    name: String, size: Int, channels: Int, features: Int, isDoubling: Bool = true, activation: Activation = .relu,
    normalization: Normalization = .none, conditioning: ClassConditioning? = nil, minibatch: MinibatchFeatures? = nil,
    spectral: SpectralNorm? = SpectralNorm(), attentionAt: Int? = nil, initializer: Initializer = .xavierUniform(),
    dtype: DType = .f32
  ) throws -> BranchedNetwork {
    if let conditioning { try requirePositive(conditioning.classes, "classes", of: name) }
    let builder = ResidualBuilder(
      name: name, features: features, isDoubling: isDoubling, activation: activation, normalization: normalization,
      spectral: spectral, attentionAt: attentionAt, initializer: initializer, dtype: dtype)
    let trunk = try Network(
      name: name, inputShape: [channels, size, size], inputType: dtype,
      conditions: .of(classes: conditioning?.concatenated),
      layers: try builder.discriminator(size: size, channels: channels, classes: conditioning?.concatenated))
    let head = ScoreHead(
      name: "\(name)/score", dense: "\(name)/score/dense", isFlattening: false, bias: true, initializer: initializer,
      biases: .zeros, spectral: spectral, dtype: dtype)
    let score = try head.network(
      features: trunk.outputShape, conditioning: conditioning, minibatch: minibatch, root: name)
    return try BranchedNetwork(trunk: trunk, heads: [Head(BranchedNetwork.score, score)])
  }
}

/// What the layers of residual networks share.
private struct ResidualBuilder {
  let name: String
  let features: Int
  let isDoubling: Bool
  let activation: Activation
  let normalization: Normalization
  let spectral: SpectralNorm?
  let attentionAt: Int?
  let initializer: Initializer
  let dtype: DType

  /// - Parameter modulations: what the normalizations of each block (1, 2, ...) are modulated by.
  func generator(
    latent: Int, size: Int, channels: Int, outputActivation: Activation, modulations: (Int) -> NormModulation?
  ) throws -> [any Layer] {
    let (base, blocks) = try plan(size) { base, blocks in (1...blocks).map { base << $0 } }
    var width = isDoubling ? features << (blocks - 1) : features
    var layers: [any Layer] = [
      try Dense(
        "\(name)/project/dense", input: latent, output: width * base * base, initializer: initializer,
        spectral: spectral, dtype: dtype),
      Unflatten("\(name)/project/unflatten", shape: [width, base, base]),
    ]
    for block in 1...blocks {
      let output = isDoubling ? features << (blocks - block) : features
      let extent = base << block
      layers.append(
        try ResidualBlock(
          "\(name)/block\(block)", .up, input: width, output: output, extent: extent / 2, activation: activation,
          normalization: normalization, modulation: modulations(block), initializer: initializer, spectral: spectral,
          dtype: dtype))
      layers += try attention(extent: extent, channels: output)
      width = output
    }
    let norm = try normalization.layer("\(name)/image/norm", sample: [width, size, size], scale: .ones, dtype: dtype)
    if let norm { layers.append(norm) }
    layers += [
      ActivationLayer("\(name)/image/activation", activation),
      try Convolution2D(
        "\(name)/image/conv", input: width, output: channels, kernel: 3, geometry: ConvolutionGeometry(padding: 1),
        initializer: initializer, spectral: spectral, dtype: dtype),
    ]
    if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
    return layers
  }

  func discriminator(size: Int, channels: Int, classes: Int?) throws -> [any Layer] {
    let (_, blocks) = try plan(size) { _, blocks in (1...blocks).map { size >> $0 } }
    var width = channels
    var layers: [any Layer] = []
    if let classes {
      layers.append(ClassConcatenation("\(name)/classes"))
      width += classes
    }
    for block in 1...blocks + 1 {
      let kind: ResidualBlock.Kind = block == 1 ? .first : block > blocks ? .same : .down
      let output = isDoubling ? features << (min(block, blocks) - 1) : features
      let extent = size >> min(block, blocks)
      layers.append(
        try ResidualBlock(
          "\(name)/block\(block)", kind, input: width, output: output, extent: kind == .same ? extent : 2 * extent,
          activation: activation, normalization: normalization, initializer: initializer, spectral: spectral,
          dtype: dtype))
      if block <= blocks { layers += try attention(extent: extent, channels: output) }
      width = output
    }
    return layers + [
      ActivationLayer("\(name)/features/activation", activation), GlobalSumPool("\(name)/features/pool"),
    ]
  }

  /// The smallest map's extent and the number of blocks, after a check of what was asked for.
  private func plan(_ size: Int, extents: (Int, Int) -> [Int]) throws(NetworkError) -> (base: Int, blocks: Int) {
    let (base, blocks) = try DCGAN.plan(name, size: size)
    try requirePositive(features, "features", of: name)
    let extents = extents(base, blocks)
    if let attentionAt, !extents.contains(attentionAt) {
      throw .noMapForAttention(network: name, extent: attentionAt, extents: extents)
    }
    return (base, blocks)
  }

  private func attention(extent: Int, channels: Int) throws(NetworkError) -> [any Layer] {
    guard extent == attentionAt else { return [] }
    return [
      try SelfAttention(
        "\(name)/attention", channels: channels, initializer: initializer, spectral: spectral, dtype: dtype)
    ]
  }
}
