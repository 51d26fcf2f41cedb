import Tensors

/// An affine map y = x·W + b of the last axis.
public struct Dense: Layer {
  public let name: String
  /// `[input, output]`.
  public let weight: Variable
  /// `[output]`.
  public let bias: Variable?
  public var parameters: [Variable] { [weight] + (bias.map { [$0] } ?? []) }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, input: Int, output: Int, bias hasBias: Bool = true, initializer: Initializer = .heNormal(),
    biasInitializer: Initializer = .zeros, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(input, "input", of: name)
    try requirePositive(output, "output", of: name)
    self.name = name
    let fan = Fan(input: input, output: output)
    weight = initializer.variable("\(name)/weight", shape: [input, output], fan: fan, dtype: dtype)
    bias = hasBias ? biasInitializer.variable("\(name)/bias", shape: [output], fan: fan, dtype: dtype) : nil
  }

  /// - Parameter x: `[batch, ..., input]`.
  /// - Returns: `[batch, ..., output]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let product = x.matmul(pass.value(of: weight))
    guard let bias else { return product }
    return product + pass.value(of: bias)
  }
}
