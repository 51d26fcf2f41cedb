import Tensors

/// How a discriminator learns the class of what it judges.
public enum ClassConditioning: Sendable, Hashable {
  /// The one-hot class beside the input: more features of a vector, constant maps of an image. Mirza and Osindero 2014,
  /// arXiv:1411.1784.
  case concatenation(classes: Int)
  /// The scalar product of features and class embedding is added to the score. Miyato and Koyama 2018, arXiv:1802.05637.
  case projection(classes: Int)

  public var classes: Int {
    switch self {
    case .concatenation(let classes), .projection(let classes): classes
    }
  }

  var concatenated: Int? { if case .concatenation(let classes) = self { classes } else { nil } }
  var projected: Int? { if case .projection(let classes) = self { classes } else { nil } }
}

/// What a discriminator sees of the batch, just before its last layer.
public enum MinibatchFeatures: Sendable, Hashable {
  /// `MinibatchDiscrimination` of the flattened features.
  case discrimination(kernels: Int = 100, dimensions: Int = 5)
  /// `MinibatchStandardDeviation` of the features.
  case standardDeviation(groupSize: Int = 4)
}

/// Builds the head that gives a discriminator's score: minibatch features, flattening, one linear unit.
struct ScoreHead {
  /// The head network's name, below which new layers are named.
  let name: String
  /// The name of the linear unit, where no class is projected on it.
  let dense: String
  /// Whether the features are flattened even where they are vectors.
  let isFlattening: Bool
  let bias: Bool
  let initializer: Initializer
  let biases: Initializer
  let spectral: SpectralNorm?
  let dtype: DType

  func network(
    features: Shape, conditioning: ClassConditioning?, minibatch: MinibatchFeatures?, root: String
  ) throws -> Network {
    var layers: [any Layer] = []
    var shape = features
    if case .standardDeviation(let size) = minibatch {
      layers.append(try MinibatchStandardDeviation("\(name)/minibatch", groupSize: size))
      shape.dimensions[0] += 1
    }
    if isFlattening || shape.rank > 1 { layers.append(Flatten("\(name)/flatten")) }
    var width = shape.count
    if case .discrimination(let kernels, let dimensions) = minibatch {
      layers.append(
        try MinibatchDiscrimination(
          "\(name)/minibatch", features: width, kernels: kernels, dimensions: dimensions, dtype: dtype))
      width += kernels
    }
    if let classes = conditioning?.projected {
      layers.append(
        try ProjectionScore(
          name, features: width, classes: classes, bias: bias, initializer: initializer, biasInitializer: biases,
          spectral: spectral, dtype: dtype))
    } else {
      layers.append(
        try Dense(
          dense, input: width, output: 1, bias: bias, initializer: initializer, biasInitializer: biases,
          spectral: spectral, dtype: dtype))
    }
    return try Network(
      name: root, inputShape: features, inputType: dtype,
      conditions: .of(classes: conditioning?.projected), layers: layers)
  }
}

extension BranchedNetwork {
  /// Any network as the trunk of a discriminator: its features are flattened, the head `score` is one linear unit of them.
  ///
  /// - Parameters:
  ///   - conditioning: how the discriminator learns the class; a trunk that is to see it beside the input does so itself.
  ///   - minibatch: what the score sees of the batch.
  ///   - spectral: spectral normalization of the unit and of the class embedding.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func discriminator(
    trunk: Network, conditioning: ClassConditioning? = nil, minibatch: MinibatchFeatures? = nil,
    initializer: Initializer = .heNormal(), spectral: SpectralNorm? = nil
  ) throws -> BranchedNetwork {
    let name = trunk.name
    let head = ScoreHead(
      name: "\(name)/score", dense: "\(name)/score/dense", isFlattening: false, bias: true, initializer: initializer,
      biases: initializer == .pytorchDefault ? .pytorchDefault : .zeros, spectral: spectral, dtype: trunk.inputType)
    let score = try head.network(
      features: trunk.outputShape, conditioning: conditioning, minibatch: minibatch, root: name)
    return try BranchedNetwork(trunk: trunk, heads: [Head(BranchedNetwork.score, score)])
  }
}

/// What a network with class-conditional layers reads beside its input.
extension [Condition: Shape] {
  static func of(classes: Int?) -> Self { classes.map { [.classes: [$0]] } ?? [:] }
}
