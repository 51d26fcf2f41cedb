import Tensors

/// A 2-D convolution (cross-correlation) of `[batch, input, height, width]`.
public struct Convolution2D: Layer {
  public let name: String
  /// `[output, input / groups, height, width]`, PyTorch's layout.
  public var weight: Variable { applied.variable }
  /// `[output]`.
  public let bias: Variable?
  public let geometry: ConvolutionGeometry
  private let applied: LayerWeight
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }
  public var statistics: [Variable] { applied.statistics }

  /// - Throws: a `NetworkError` for extents below 1 and groups that do not divide the channels.
  public init(
    _ name: String, input: Int, output: Int, kernel: Int, geometry: ConvolutionGeometry = ConvolutionGeometry(),
    bias hasBias: Bool = true, initializer: Initializer = .heNormal(), biasInitializer: Initializer = .zeros,
    spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requireChannels(input, output, kernel: kernel, groups: geometry.groups, of: name)
    self.name = name
    self.geometry = geometry
    let taps = kernel * kernel
    let fan = Fan(input: input / geometry.groups * taps, output: output / geometry.groups * taps)
    let weight = initializer.variable(
      "\(name)/weight", shape: [output, input / geometry.groups, kernel, kernel], fan: fan, dtype: dtype)
    applied = try LayerWeight(weight, outputAxis: 0, spectral: spectral, layer: name)
    bias = hasBias ? biasInitializer.variable("\(name)/bias", shape: [output], fan: fan, dtype: dtype) : nil
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    addChannels(bias, to: x.convolution(applied(in: &pass), geometry), in: pass)
  }
}

/// A transposed 2-D convolution of `[batch, input, height, width]`.
///
/// The result's extent is (in − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1.
public struct TransposedConvolution2D: Layer {
  public let name: String
  /// `[input, output / groups, height, width]`, PyTorch's layout.
  public var weight: Variable { applied.variable }
  /// `[output]`.
  public let bias: Variable?
  public let geometry: ConvolutionGeometry
  public let outputPadding: Int
  private let applied: LayerWeight
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }
  public var statistics: [Variable] { applied.statistics }

  /// - Throws: a `NetworkError` for extents below 1 and groups that do not divide the channels.
  public init(
    _ name: String, input: Int, output: Int, kernel: Int, geometry: ConvolutionGeometry = ConvolutionGeometry(),
    outputPadding: Int = 0, bias hasBias: Bool = true, initializer: Initializer = .heNormal(),
    biasInitializer: Initializer = .zeros, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requireChannels(input, output, kernel: kernel, groups: geometry.groups, of: name)
    self.name = name
    self.geometry = geometry
    self.outputPadding = outputPadding
    let taps = kernel * kernel
    // Of a kernel's taps, an output sees one in each stride along each axis.
    let seen = max(1, taps / max(1, geometry.stride.reduce(1, *)))
    let fan = Fan(
      input: input / geometry.groups * seen, output: output / geometry.groups * taps,
      pytorchInput: output / geometry.groups * taps)
    let weight = initializer.variable(
      "\(name)/weight", shape: [input, output / geometry.groups, kernel, kernel], fan: fan, dtype: dtype)
    applied = try LayerWeight(weight, outputAxis: 1, spectral: spectral, layer: name)
    bias = hasBias ? biasInitializer.variable("\(name)/bias", shape: [output], fan: fan, dtype: dtype) : nil
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let images = x.transposedConvolution(applied(in: &pass), geometry, outputPadding: outputPadding)
    return addChannels(bias, to: images, in: pass)
  }
}

private func addChannels(_ bias: Variable?, to images: Tensor, in pass: ForwardPass) -> Tensor {
  guard let bias else { return images }
  return images + pass.value(of: bias).reshape([1, bias.shape.count, 1, 1])
}

private func requireChannels(
  _ input: Int, _ output: Int, kernel: Int, groups: Int, of name: String
) throws(NetworkError) {
  try requirePositive(input, "input", of: name)
  try requirePositive(output, "output", of: name)
  try requirePositive(kernel, "kernel", of: name)
  try requirePositive(groups, "groups", of: name)
  guard input % groups == 0, output % groups == 0 else {
    throw .groupsDoNotDivide(layer: name, groups: groups, input: input, output: output)
  }
}
