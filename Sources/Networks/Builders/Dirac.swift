import Tensors

/// The generator of the Dirac-GAN: G(z) = θ, whatever z is.
///
/// Reference: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), definition 2.1.
public struct DiracPoint: Layer {
  public let name: String
  /// θ, a scalar.
  public let theta: Variable
  public var parameters: [Variable] { [theta] }

  /// - Parameter start: θ before the first step.
  public init(_ name: String, start: Double, dtype: DType = .f32) {
    self.name = name
    theta = Variable(name: "\(name)/theta", shape: .scalar, dtype: dtype, fill: start)
  }

  /// - Parameter x: `[batch, ...]`, of which only the batch counts.
  /// - Returns: `[batch, 1]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    pass.value(of: theta).reshape([1, 1]).broadcast(to: [batchSize(of: x), 1])
  }
}

/// The discriminator of the Dirac-GAN: D(x) = ψ·x + offset, a raw score.
///
/// Reference: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), definition 2.1, where the offset is 0.
public struct DiracScore: Layer {
  public let name: String
  /// ψ, a scalar.
  public let psi: Variable
  public let offset: Double
  public var parameters: [Variable] { [psi] }

  /// - Parameter start: ψ before the first step.
  public init(_ name: String, start: Double, offset: Double = 0, dtype: DType = .f32) {
    self.name = name
    self.offset = offset
    psi = Variable(name: "\(name)/psi", shape: .scalar, dtype: dtype, fill: start)
  }

  /// - Parameter x: `[batch, 1]`.
  /// - Returns: `[batch, 1]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let score = x * pass.value(of: psi).reshape([1, 1])
    return offset == 0 ? score : score + offset
  }
}

extension Network {
  /// G(z) = θ: `[batch, latent]` to `[batch, 1]`.
  public static func diracGenerator(name: String, latent: Int, start: Double, dtype: DType = .f32) throws -> Network {
    try Network(
      name: name, inputShape: [latent], inputType: dtype, layers: [DiracPoint(name, start: start, dtype: dtype)])
  }
}

extension BranchedNetwork {
  /// D(x) = ψ·x + offset, `[batch, 1]` to the head `score`; the features are x itself.
  public static func diracDiscriminator(
    name: String, start: Double, offset: Double = 0, dtype: DType = .f32
  ) throws -> BranchedNetwork {
    let score = DiracScore(name, start: start, offset: offset, dtype: dtype)
    return try BranchedNetwork(
      trunk: Network(name: name, inputShape: [1], inputType: dtype, layers: []),
      heads: [Head(BranchedNetwork.score, Network(name: name, inputShape: [1], inputType: dtype, layers: [score]))])
  }
}
