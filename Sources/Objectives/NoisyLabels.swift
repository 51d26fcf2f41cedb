import Tensors

/// An objective whose discriminator gets the wrong label for some samples:
///
///     term of a sample = the other side's term with probability p, else its own
///
/// One draw a sample, fresh for each batch; patches of one image share it. It works with any objective, critics too, whose
/// scores then scale by 1 − 2p in expectation. The generator's term stays. For the two cross-entropy games the expected loss
/// is that of labels smoothed to 1 − p and p.
///
/// Reference: Chintala et al. 2016, "How to train a GAN?", tip 6;
/// [Sønderby et al. 2017](https://arxiv.org/abs/1610.04490) discuss it beside instance noise.
public struct NoisyLabels: AdversarialObjective {
  public let objective: any AdversarialObjective
  /// p, a scalar of the scores' type.
  public let probability: Tensor
  /// The prefix of the two random streams.
  public let stream: String

  /// - Parameters:
  ///   - probability: p in 0 ..< 0.5: 0.05.
  ///   - stream: the prefix of the two random streams.
  /// - Throws: `flipProbabilityOutOfRange`.
  public init(
    _ objective: any AdversarialObjective, probability: Double, stream: String = "labels"
  ) throws(ObjectiveError) {
    guard probability >= 0, probability < 0.5 else { throw .flipProbabilityOutOfRange(probability) }
    self.init(objective, probability: Tensor(probability), stream: stream)
  }

  /// A probability that may change during a run.
  public init(_ objective: any AdversarialObjective, probability: Tensor, stream: String = "labels") {
    self.objective = objective
    self.probability = probability
    self.stream = stream
  }

  public func realTerm(_ score: Tensor) -> Tensor {
    flips(of: score, "real").select(objective.fakeTerm(score), objective.realTerm(score))
  }
  public func fakeTerm(_ score: Tensor) -> Tensor {
    flips(of: score, "fake").select(objective.realTerm(score), objective.fakeTerm(score))
  }
  public func generatorTerm(_ score: Tensor) -> Tensor { objective.generatorTerm(score) }
  public func encoderTerm(_ score: Tensor) -> Tensor { objective.encoderTerm(score) }

  private func flips(of score: Tensor, _ side: String) -> Tensor {
    .sampleShares(of: score, stream: "\(stream)/\(side)") .< probability
  }

  /// The objective's own: where real and generated scores are the same constant, what one part loses by flips the other
  /// gains. The parts are known where they are equal.
  public var equilibrium: Equilibrium {
    var result = objective.equilibrium
    if result.real != result.fake { (result.real, result.fake) = (nil, nil) }
    return result
  }
  public var scoreIsProbability: Bool { objective.scoreIsProbability }
  public var decisionThreshold: Double? { objective.decisionThreshold }
}
