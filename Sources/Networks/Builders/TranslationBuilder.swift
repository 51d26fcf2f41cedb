import Tensors

/// What the layers of networks that translate images share.
struct TranslationBuilder {
  let name: String
  let normalization: Normalization
  let initializer: Initializer
  let dtype: DType

  private var biases: Initializer { initializer == .pytorchDefault ? .pytorchDefault : .zeros }

  /// The normalization of `[channels, height, width]`, if there is one. A batch norm's scale starts at N(1, 0.02²).
  func norm(_ label: String, _ sample: Shape) throws -> [any Layer] {
    let scale: Initializer = normalization == .batch ? .normal(mean: 1, deviation: 0.02) : .ones
    let norm = try normalization.layer("\(name)/\(label)", sample: sample, scale: scale, dtype: dtype)
    return norm.map { [$0] } ?? []
  }

  /// A convolution of stride 2 and kernel 4.
  ///
  /// - Parameter isNormalized: whether the normalization follows, which would take a bias out again.
  func halving(_ label: String, _ input: Int, _ output: Int, isNormalized: Bool) throws -> any Layer {
    try convolution(
      label, input, output, kernel: 4, geometry: ConvolutionGeometry(stride: 2, padding: 1), isNormalized: isNormalized)
  }

  /// A transposed convolution of stride 2 and kernel 4.
  func doubling(_ label: String, _ input: Int, _ output: Int, isNormalized: Bool) throws -> any Layer {
    try TransposedConvolution2D(
      "\(name)/\(label)", input: input, output: output, kernel: 4,
      geometry: ConvolutionGeometry(stride: 2, padding: 1), bias: hasBias(isNormalized), initializer: initializer,
      biasInitializer: biases, dtype: dtype)
  }

  /// A transposed convolution of stride 2 and kernel 3.
  func doublingOfThree(_ label: String, _ input: Int, _ output: Int) throws -> any Layer {
    try TransposedConvolution2D(
      "\(name)/\(label)", input: input, output: output, kernel: 3,
      geometry: ConvolutionGeometry(stride: 2, padding: 1), outputPadding: 1, bias: hasBias(true),
      initializer: initializer, biasInitializer: biases, dtype: dtype)
  }

  func convolution(
    _ label: String, _ input: Int, _ output: Int, kernel: Int, geometry: ConvolutionGeometry, isNormalized: Bool
  ) throws -> any Layer {
    try Convolution2D(
      "\(name)/\(label)", input: input, output: output, kernel: kernel, geometry: geometry,
      bias: hasBias(isNormalized), initializer: initializer, biasInitializer: biases, dtype: dtype)
  }

  /// A convolution of odd kernel that keeps the extent.
  func keeping(
    _ label: String, _ input: Int, _ output: Int, kernel: Int, padding: ImagePadding, isNormalized: Bool
  ) throws -> [any Layer] {
    let edge = kernel / 2
    switch padding {
    case .zero:
      return [
        try convolution(
          label, input, output, kernel: kernel, geometry: ConvolutionGeometry(padding: edge), isNormalized: isNormalized
        )
      ]
    case .reflection:
      return [
        try ReflectionPadding("\(name)/\(label)/padding", extent: edge),
        try convolution(
          label, input, output, kernel: kernel, geometry: ConvolutionGeometry(), isNormalized: isNormalized),
      ]
    }
  }

  private func hasBias(_ isNormalized: Bool) -> Bool { normalization == .none || !isNormalized }
}
