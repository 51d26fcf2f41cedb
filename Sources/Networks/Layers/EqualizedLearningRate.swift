import Tensors

/// An affine map whose weights start at N(0, 1) and are scaled where they are used, so that an optimizer that normalizes
/// its steps moves every layer's map at the same pace.
///
/// y = x·(c·m·W) + m·b with c = gain/√fanIn, W ~ N(0, 1/m²) and m the learning rate's multiplier.
///
/// References: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 4.1; the multiplier is from
/// [StyleGAN](https://arxiv.org/abs/1812.04948), appendix C.
public struct EqualizedDense: Layer {
  public let name: String
  /// `[input, output]`.
  public let weight: Variable
  /// `[output]`.
  public let bias: Variable?
  public let scale: EqualizedScale
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }

  /// - Parameters:
  ///   - gain: √2 gives He's constant, √(2/fanIn); 1 suits layers that no rectifier follows.
  ///   - rateMultiplier: how fast the layer learns, in relation to others.
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, input: Int, output: Int, bias hasBias: Bool = true, gain: Double = EqualizedScale.rectifierGain,
    rateMultiplier: Double = 1, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(input, "input", of: name)
    try requirePositive(output, "output", of: name)
    self.name = name
    scale = EqualizedScale(gain: gain, fanIn: input, rateMultiplier: rateMultiplier)
    weight = scale.weight("\(name)/weight", shape: [input, output], dtype: dtype)
    bias = hasBias ? Variable(name: "\(name)/bias", shape: [output], dtype: dtype, fill: 0) : nil
  }

  /// - Parameter x: `[batch, ..., input]`.
  /// - Returns: `[batch, ..., output]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let product = x.matmul(pass.value(of: weight) * scale.ofWeight)
    guard let bias else { return product }
    return product + scale.ofBias(pass.value(of: bias))
  }
}

/// A convolution of `[batch, input, height, width]` whose weights are scaled as those of `EqualizedDense`; fanIn is
/// input·kernel².
public struct EqualizedConvolution2D: Layer {
  public let name: String
  /// `[output, input, kernel, kernel]`.
  public let weight: Variable
  /// `[output]`.
  public let bias: Variable?
  public let geometry: ConvolutionGeometry
  public let scale: EqualizedScale
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }

  /// - Parameters:
  ///   - padding: zeros around the image; half of the kernel keeps its size.
  ///   - gain: √2 gives He's constant, √(2/fanIn); 1 suits layers that no rectifier follows.
  ///   - rateMultiplier: how fast the layer learns, in relation to others.
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, input: Int, output: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    bias hasBias: Bool = true, gain: Double = EqualizedScale.rectifierGain, rateMultiplier: Double = 1,
    dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(input, "input", of: name)
    try requirePositive(output, "output", of: name)
    try requirePositive(kernel, "kernel", of: name)
    try requirePositive(stride, "stride", of: name)
    self.name = name
    geometry = ConvolutionGeometry(stride: stride, padding: padding)
    scale = EqualizedScale(gain: gain, fanIn: input * kernel * kernel, rateMultiplier: rateMultiplier)
    weight = scale.weight("\(name)/weight", shape: [output, input, kernel, kernel], dtype: dtype)
    bias = hasBias ? Variable(name: "\(name)/bias", shape: [output], dtype: dtype, fill: 0) : nil
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let images = x.convolution(pass.value(of: weight) * scale.ofWeight, geometry)
    guard let bias else { return images }
    return images + scale.ofBias(pass.value(of: bias)).reshape([1, bias.shape.count, 1, 1])
  }
}

/// What an equalized layer multiplies its variables by where it uses them.
public struct EqualizedScale: Sendable, Hashable {
  /// √2: layers that a rectifier follows.
  public static let rectifierGain = 2.0.squareRoot()

  public let gain: Double
  public let fanIn: Int
  public let rateMultiplier: Double

  /// gain/√fanIn · multiplier.
  public var ofWeight: Double { gain / Double(fanIn).squareRoot() * rateMultiplier }

  func ofBias(_ bias: Tensor) -> Tensor { rateMultiplier == 1 ? bias : bias * rateMultiplier }

  /// N(0, 1/multiplier²).
  func weight(_ name: String, shape: Shape, dtype: DType) -> Variable {
    Initializer.normal(deviation: 1 / rateMultiplier).variable(
      name, shape: shape, fan: Fan(input: fanIn, output: fanIn), dtype: dtype)
  }
}
