import Tensors

/// An affine map y = x·W + b of the last axis, with W/σ(W) for W where it is spectrally normalized.
public struct Dense: Layer {
  public let name: String
  /// `[input, output]`.
  public var weight: Variable { applied.variable }
  /// `[output]`.
  public let bias: Variable?
  private let applied: LayerWeight
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }
  public var statistics: [Variable] { applied.statistics }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, input: Int, output: Int, bias hasBias: Bool = true, initializer: Initializer = .heNormal(),
    biasInitializer: Initializer = .zeros, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(input, "input", of: name)
    try requirePositive(output, "output", of: name)
    self.name = name
    let fan = Fan(input: input, output: output)
    let weight = initializer.variable("\(name)/weight", shape: [input, output], fan: fan, dtype: dtype)
    applied = try LayerWeight(weight, outputAxis: 1, spectral: spectral, layer: name)
    bias = hasBias ? biasInitializer.variable("\(name)/bias", shape: [output], fan: fan, dtype: dtype) : nil
  }

  /// - Parameter x: `[batch, ..., input]`.
  /// - Returns: `[batch, ..., output]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let product = x.matmul(applied(in: &pass))
    guard let bias else { return product }
    return product + pass.value(of: bias)
  }
}
