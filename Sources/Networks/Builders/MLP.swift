import Tensors

extension Network {
  /// Dense layers, each followed by normalization, activation and dropout; then one more dense layer.
  ///
  /// Layers are `dense1`, `norm1`, `activation1`, `dropout1`, `dense2`, ... A dense layer before batch normalization has
  /// no bias: the normalization would take it out again.
  ///
  /// - Parameters:
  ///   - input: the shape of one sample; images are flattened.
  ///   - hidden: units of each hidden layer; none makes the network linear.
  ///   - output: the shape of one result.
  ///   - normalization: `none`, `batch` or `layer`.
  ///   - dropout: the share of hidden units that is dropped while training, in 0 ..< 1.
  ///   - classes: if given, the pass's one-hot class goes in beside the input.
  ///   - spectral: spectral normalization of every dense layer.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func mlp(
    name: String, input: Shape, hidden: [Int], output: Shape, activation: Activation = .relu,
    normalization: Normalization = .none, dropout: Double = 0, initializer: Initializer = .heNormal(),
    outputActivation: Activation = .identity, classes: Int? = nil, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws -> Network {
    let builder = MLPBuilder(
      name: name, activation: activation, normalization: normalization, dropout: dropout, initializer: initializer,
      spectral: spectral, dtype: dtype)
    var (layers, width) = try builder.hidden(hidden, input: input, classes: classes)
    layers.append(
      try Dense(
        "\(name)/dense\(hidden.count + 1)", input: width, output: output.count, initializer: initializer,
        biasInitializer: builder.biases, spectral: spectral, dtype: dtype))
    if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
    if output.rank != 1 { layers.append(Unflatten("\(name)/unflatten", shape: output)) }
    return try Network(
      name: name, inputShape: input, inputType: dtype, conditions: .of(classes: classes), layers: layers)
  }
}

extension BranchedNetwork {
  /// `Network.mlp` as a discriminator: the hidden layers are the trunk, the last dense layer the head `score`.
  ///
  /// - Parameters:
  ///   - input: the shape of one sample; images are flattened.
  ///   - hidden: units of each hidden layer; none makes the features the input itself.
  ///   - normalization: `none`, `batch` or `layer`.
  ///   - dropout: the share of hidden units that is dropped while training, in 0 ..< 1.
  ///   - conditioning: how the discriminator learns the class; the score is of the sample alone if nil.
  ///   - minibatch: what the score sees of the batch.
  ///   - spectral: spectral normalization of every dense layer and class embedding.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func mlpDiscriminator(
    name: String, input: Shape, hidden: [Int], activation: Activation = .relu, normalization: Normalization = .none,
    dropout: Double = 0, initializer: Initializer = .heNormal(), conditioning: ClassConditioning? = nil,
    minibatch: MinibatchFeatures? = nil, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws -> BranchedNetwork {
    let builder = MLPBuilder(
      name: name, activation: activation, normalization: normalization, dropout: dropout, initializer: initializer,
      spectral: spectral, dtype: dtype)
    let (layers, _) = try builder.hidden(hidden, input: input, classes: conditioning?.concatenated)
    return try builder.discriminator(
      input: input, layers, last: "dense\(hidden.count + 1)", conditioning: conditioning, minibatch: minibatch)
  }

  /// A discriminator of `Maxout` layers `maxout1`, `maxout2`, ... and one linear unit: PacGAN's for points is of three
  /// layers of 200 units, five pieces each.
  ///
  /// Reference: [PacGAN](https://arxiv.org/abs/1712.04086), appendix on synthetic data.
  ///
  /// - Parameters: as `mlpDiscriminator` has them, and:
  ///   - pieces: affine maps of each hidden unit.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func maxoutDiscriminator(
    name: String, input: Shape, hidden: [Int] = [200, 200, 200], pieces: Int = 5,
    initializer: Initializer = .normal(deviation: 0.02), conditioning: ClassConditioning? = nil,
    minibatch: MinibatchFeatures? = nil, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws -> BranchedNetwork {
    let builder = MLPBuilder(
      name: name, activation: .identity, normalization: .none, dropout: 0, initializer: initializer,
      spectral: spectral, dtype: dtype)
    var (layers, width) = try builder.hidden([], input: input, classes: conditioning?.concatenated)
    for (index, units) in hidden.enumerated() {
      layers.append(
        try Maxout(
          "\(name)/maxout\(index + 1)", input: width, units: units, pieces: pieces, initializer: initializer,
          biasInitializer: builder.biases, spectral: spectral, dtype: dtype))
      width = units
    }
    return try builder.discriminator(
      input: input, layers, last: "score/dense", conditioning: conditioning, minibatch: minibatch)
  }
}

/// What the builders of dense networks share.
private struct MLPBuilder {
  let name: String
  let activation: Activation
  let normalization: Normalization
  let dropout: Double
  let initializer: Initializer
  let spectral: SpectralNorm?
  let dtype: DType

  var biases: Initializer { initializer == .pytorchDefault ? .pytorchDefault : .zeros }

  /// The layers up to the last hidden one, and what that puts out.
  func hidden(_ hidden: [Int], input: Shape, classes: Int?) throws -> (layers: [any Layer], width: Int) {
    guard normalization != .instance else { throw NetworkError.instanceNormalizationOfVectors(network: name) }
    var layers: [any Layer] = []
    if input.rank != 1 { layers.append(Flatten("\(name)/flatten")) }
    var width = input.count
    if let classes {
      try requirePositive(classes, "classes", of: name)
      layers.append(ClassConcatenation("\(name)/classes"))
      width += classes
    }
    for (index, units) in hidden.enumerated() {
      let number = index + 1
      layers.append(
        try Dense(
          "\(name)/dense\(number)", input: width, output: units, bias: normalization != .batch,
          initializer: initializer, biasInitializer: biases, spectral: spectral, dtype: dtype))
      let norm = try normalization.layer("\(name)/norm\(number)", sample: [units], scale: .ones, dtype: dtype)
      if let norm { layers.append(norm) }
      layers.append(ActivationLayer("\(name)/activation\(number)", activation))
      if dropout != 0 { layers.append(try Dropout("\(name)/dropout\(number)", probability: dropout)) }
      width = units
    }
    return (layers, width)
  }

  /// Hidden layers as a trunk, with a score on it.
  func discriminator(
    input: Shape, _ layers: [any Layer], last: String, conditioning: ClassConditioning?, minibatch: MinibatchFeatures?
  ) throws -> BranchedNetwork {
    let trunk = try Network(
      name: name, inputShape: input, inputType: dtype, conditions: .of(classes: conditioning?.concatenated),
      layers: layers)
    let head = ScoreHead(
      name: "\(name)/score", dense: "\(name)/\(last)", isFlattening: false, bias: true, initializer: initializer,
      biases: biases, spectral: spectral, dtype: dtype)
    let score = try head.network(
      features: trunk.outputShape, conditioning: conditioning, minibatch: minibatch, root: name)
    return try BranchedNetwork(trunk: trunk, heads: [BranchedNetwork.Head(BranchedNetwork.score, score)])
  }
}
