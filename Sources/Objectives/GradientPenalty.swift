import Tensors

/// A penalty on a critic's gradients, in scalars.
public struct Penalty: Sendable {
  /// To be added to the critic's loss: for `centred`, λ·E (‖∇D(x̂)‖₂ − target)².
  public let loss: Tensor
  /// E ‖∇D(x̂)‖₂.
  public let meanNorm: Tensor
}

/// A gradient penalty: a function of the norm of a critic's slope, at some place.
///
///     λ·E f(‖∇_x̂ D(x̂)‖₂)
///
/// Any place goes with any shape; the named ones are the papers'. Penalties add up: R1 and R2 are two.
///
///     let penalty = GradientPenalty.r1(critic: D, real: x, fake: fakes, weight: gamma, stream: "penalty")
///
/// The critic must judge each sample on its own: no batch normalization in training mode.
public struct GradientPenalty: Sendable, Hashable {
  /// Which points x̂ are.
  public let place: PenaltyPlace
  /// f.
  public let shape: PenaltyShape

  public init(place: PenaltyPlace, shape: PenaltyShape) {
    self.place = place
    self.shape = shape
  }

  /// λ·E (‖∇D(x̂)‖ − 1)² between data and samples: λ = 10 for images, 0.1 for small problems. Gulrajani et al. 2017.
  public static let oneCentred = GradientPenalty(place: .interpolated, shape: .centred(at: 1))
  /// λ·E ‖∇D(x̂)‖² between data and samples. Thanh-Tung et al. 2019.
  public static let zeroCentred = GradientPenalty(place: .interpolated, shape: .centred(at: 0))
  /// λ·E max(0, ‖∇D(x̂)‖ − 1)² between data and samples. Petzka et al. 2018.
  public static let lipschitz = GradientPenalty(place: .interpolated, shape: .excess)
  /// (γ/2)·E ‖∇D(x)‖² on data: γ = 10. Mescheder et al. 2018, equation 9.
  public static let r1 = GradientPenalty(place: .data, shape: .halfSquare)
  /// (γ/2)·E ‖∇D(G(z))‖² on samples. Mescheder et al. 2018, equation 10.
  public static let r2 = GradientPenalty(place: .samples, shape: .halfSquare)
  /// λ·E (‖∇D(x̂)‖ − 1)² around data: λ = 10. Kodali et al. 2017.
  public static let dragan = GradientPenalty(place: .aroundData, shape: .centred(at: 1))

  /// The penalty on points of a batch.
  ///
  /// - Parameters:
  ///   - critic: samples `[batch, ...]` to scores of any shape; of several scores a sample, such as patches', the slope
  ///     of the sum.
  ///   - real: data `[batch, ...]`.
  ///   - fake: generated samples of the same shape; no gradient flows to the generator.
  ///   - weight: λ, a scalar.
  ///   - stream: the name of the random numbers' stream.
  public func callAsFunction(
    critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, weight: Tensor, stream: String
  ) -> Penalty {
    callAsFunction(critic: critic, at: place.points(real: real, fake: fake, stream: stream), weight: weight)
  }

  /// The penalty at given points `[batch, ...]`.
  public func callAsFunction(critic: (Tensor) -> Tensor, at points: Tensor, weight: Tensor) -> Penalty {
    let slope = gradients(of: critic(points).sum(), withRespectTo: [points])[0]
    let norm = sampleNorms(slope)
    return Penalty(loss: weight * shape.term(of: slope, norm: norm).mean(), meanNorm: norm.mean())
  }
}

/// λ·E (‖∇D(x̂)‖₂ − target)² on random points between data and generated samples; see `GradientPenalty`.
///
/// Reference: [Gulrajani et al. 2017](https://arxiv.org/abs/1704.00028), equation 3 and algorithm 1.
public func gradientPenalty(
  critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, weight: Tensor, target: Double = 1, stream: String
) -> Penalty {
  GradientPenalty(place: .interpolated, shape: .centred(at: target))(
    critic: critic, real: real, fake: fake, weight: weight, stream: stream)
}

/// λ·E (‖∇D(x̂)‖₂ − target)² at given points `[batch, ...]`.
public func gradientPenalty(
  critic: (Tensor) -> Tensor, at points: Tensor, weight: Tensor, target: Double = 1
) -> Penalty {
  GradientPenalty(place: .interpolated, shape: .centred(at: target))(critic: critic, at: points, weight: weight)
}
