import Tensors

/// Where a gradient penalty looks at the critic's slope.
///
/// All points are constants of the differentiation: no gradient reaches the generator through them.
public enum PenaltyPlace: String, Sendable, Hashable, CaseIterable {
  /// x̂ = ε·x + (1 − ε)·G(z), ε uniform in 0 ..< 1, one a sample.
  /// [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), algorithm 1.
  case interpolated
  /// x̂ = x. R1's place: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), equation 9.
  case data
  /// x̂ = G(z). R2's place: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), equation 10.
  case samples
  /// x̂ = x + α·½·s·u, with s the deviation of all elements of the batch, u uniform in 0 ..< 1 for each element and α
  /// uniform in 0 ..< 1, one a sample: the form of the authors' code (kodalinaveen3/DRAGAN). The paper has normal noise
  /// without α. [Kodali et al. 2017](https://arxiv.org/abs/1705.07215), algorithm 1.
  case aroundData

  /// The points of one batch, `[batch, ...]`.
  ///
  /// - Parameters:
  ///   - real: data `[batch, ...]`.
  ///   - fake: generated samples of the same shape; `data` and `aroundData` do not look at them.
  ///   - stream: the name of the random numbers' stream.
  public func points(real: Tensor, fake: Tensor, stream: String) -> Tensor {
    switch self {
    case .interpolated: mixed(real: real, fake: fake, share: .sampleShares(of: real, stream: stream))
    case .data: real.detached
    case .samples: fake.detached
    case .aroundData:
      perturbed(
        real, noise: .randomUniform(real.shape, stream: "\(stream)/noise", dtype: real.dtype),
        share: .sampleShares(of: real, stream: stream))
    }
  }
}

/// ε·x + (1 − ε)·G(z), a constant of the differentiation.
///
/// - Parameter share: ε, `[batch, 1, ...]`.
public func mixed(real: Tensor, fake: Tensor, share: Tensor) -> Tensor {
  (share * real + (1 - share) * fake).detached
}

/// x + α·½·s·u, a constant of the differentiation; s is the (biased) standard deviation of all elements of x.
///
/// - Parameters:
///   - noise: u, of x's shape.
///   - share: α, `[batch, 1, ...]`.
public func perturbed(_ real: Tensor, noise: Tensor, share: Tensor) -> Tensor {
  (real + share * (0.5 * real.variance().sqrt() * noise)).detached
}

extension Tensor {
  /// Uniform in 0 ..< 1, one number for each sample of `tensor` `[batch, ...]`: `[batch, 1, ...]`.
  static func sampleShares(of tensor: Tensor, stream: String) -> Tensor {
    let batch = tensor.rank > 0 ? tensor.shape[0] : 1
    let shape = Shape([batch] + Array(repeating: 1, count: Swift.max(0, tensor.rank - 1)))
    return .randomUniform(shape, stream: stream, dtype: tensor.dtype)
  }
}
