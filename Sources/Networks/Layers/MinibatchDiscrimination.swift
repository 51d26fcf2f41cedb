import Tensors

/// Tells a sample how near the batch's other samples are: x and o(x) side by side.
///
/// M_i = x_i·T with T of `[features, kernels, dimensions]`, o(x_i)_b = Σ_{j ≠ i} exp(−‖M_ib − M_jb‖₁).
///
/// Reference: [Improved Techniques for Training GANs](https://arxiv.org/abs/1606.03498), section 3.2.
public struct MinibatchDiscrimination: Layer {
  public let name: String
  /// `[features, kernels · dimensions]`.
  public let tensor: Variable
  public let kernels: Int
  public let dimensions: Int
  public var parameters: [Variable] { [tensor] }

  /// - Parameters:
  ///   - kernels: similarities that are added to the features (B).
  ///   - dimensions: of the space in which each similarity takes its distance (C).
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, features: Int, kernels: Int = 100, dimensions: Int = 5,
    initializer: Initializer = .xavierNormal(), dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(features, "features", of: name)
    try requirePositive(kernels, "kernels", of: name)
    try requirePositive(dimensions, "dimensions", of: name)
    self.name = name
    self.kernels = kernels
    self.dimensions = dimensions
    let width = kernels * dimensions
    tensor = initializer.variable(
      "\(name)/tensor", shape: [features, width], fan: Fan(input: features, output: width), dtype: dtype)
  }

  /// - Parameter x: `[batch, features]`.
  /// - Returns: `[batch, features + kernels]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let rows = x.matmul(pass.value(of: tensor)).reshape([-1, kernels, dimensions])
    let batch = rows.rank > 0 ? rows.shape[0] : 0
    let distances = (rows.reshape([batch, 1, kernels, dimensions]) - rows.reshape([1, batch, kernels, dimensions]))
      .abs().sum(axes: [3])
    let others = (0..<batch * batch).map { $0 / batch == $0 % batch ? 0.0 : 1 }
    let similarities = (-distances).exp() * Tensor(others, shape: [batch, batch, 1], dtype: x.dtype)
    return .concatenate([x, similarities.sum(axes: [1])], axis: 1)
  }
}
