import Tensors

/// ε·E D(x)², a scalar: keeps a critic's scores, defined up to a constant, from drifting away from 0.
///
/// - Parameters:
///   - score: a critic's scores of data, of any shape.
///   - weight: ε, a scalar: 0.001.
///
/// Reference: [Karras et al. 2018](https://arxiv.org/abs/1710.10196), appendix A.1.
public func driftPenalty(of score: Tensor, weight: Tensor) -> Tensor { weight * score.square().mean() }
