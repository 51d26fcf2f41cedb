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
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func mlp(
    name: String, input: Shape, hidden: [Int], output: Shape, activation: Activation = .relu,
    normalization: Normalization = .none, dropout: Double = 0, initializer: Initializer = .heNormal(),
    outputActivation: Activation = .identity, dtype: DType = .f32
  ) throws -> Network {
    guard normalization != .instance else { throw NetworkError.instanceNormalizationOfVectors(network: name) }
    let biases: Initializer = initializer == .pytorchDefault ? .pytorchDefault : .zeros
    var layers: [any Layer] = []
    if input.rank != 1 { layers.append(Flatten("\(name)/flatten")) }
    var width = input.count
    for (index, units) in hidden.enumerated() {
      let number = index + 1
      layers.append(
        try Dense(
          "\(name)/dense\(number)", input: width, output: units, bias: normalization != .batch,
          initializer: initializer, biasInitializer: biases, dtype: dtype))
      let norm = try normalization.layer("\(name)/norm\(number)", sample: [units], scale: .ones, dtype: dtype)
      if let norm { layers.append(norm) }
      layers.append(ActivationLayer("\(name)/activation\(number)", activation))
      if dropout != 0 { layers.append(try Dropout("\(name)/dropout\(number)", probability: dropout)) }
      width = units
    }
    layers.append(
      try Dense(
        "\(name)/dense\(hidden.count + 1)", input: width, output: output.count, initializer: initializer,
        biasInitializer: biases, dtype: dtype))
    if outputActivation != .identity { layers.append(ActivationLayer("\(name)/output", outputActivation)) }
    if output.rank != 1 { layers.append(Unflatten("\(name)/unflatten", shape: output)) }
    return try Network(name: name, inputShape: input, inputType: dtype, layers: layers)
  }
}
