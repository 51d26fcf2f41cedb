import Tensors

/// An objective whose discriminator learns labels: 1 for data, 0 for generated samples, and anything between.
public protocol LabelledObjective: AdversarialObjective {
  /// The discriminator's term for a score of a sample labelled `label`: `realTerm` for 1 and `fakeTerm` for 0.
  func term(_ score: Tensor, label: Tensor) -> Tensor
  /// The equilibrium where data has the label `real` and generated samples have `fake`.
  func equilibrium(real: Double, fake: Double) -> Equilibrium
}

/// An objective with smoothed labels of the discriminator; the generator's term stays.
///
///     minimax, non-saturating:  −y·ln D − (1 − y)·ln(1 − D),    so D* = (α·p_d + β·p_g)/(p_d + p_g)
///     least squares:            ½·(D − (a + y·(b − a)))²
///
/// with y = α for data and y = β for generated samples. One-sided smoothing, α = 0.9 and β = 0, is what the paper
/// recommends: with β > 0, D* has p_g in its numerator, and samples far from data are held where they are.
///
/// Reference: [Salimans et al. 2016](https://arxiv.org/abs/1606.03498), section 3.4.
public struct SmoothedLabels: AdversarialObjective {
  public let objective: any LabelledObjective
  private let labels: Labels

  private enum Labels {
    case fixed(real: Double, fake: Double)
    case live(real: Tensor, fake: Tensor)
  }

  /// - Parameters:
  ///   - real: α in β ... 1.
  ///   - fake: β in 0 ..< α: 0 for one-sided smoothing.
  /// - Throws: `noLabels` for hinge and critics, `labelsOutOfOrder`.
  public init(_ objective: any AdversarialObjective, real: Double = 0.9, fake: Double = 0) throws(ObjectiveError) {
    guard 0 <= fake, fake < real, real <= 1 else { throw .labelsOutOfOrder(real: real, fake: fake) }
    self.objective = try Self.labelled(objective)
    labels = .fixed(real: real, fake: fake)
  }

  /// Labels that may change during a run. The equilibrium is then left open, and the threshold `objective`'s.
  ///
  /// - Parameters:
  ///   - real: α, a scalar of the scores' type.
  ///   - fake: β, likewise.
  /// - Throws: `noLabels` for hinge and critics.
  public init(_ objective: any AdversarialObjective, real: Tensor, fake: Tensor) throws(ObjectiveError) {
    self.objective = try Self.labelled(objective)
    labels = .live(real: real, fake: fake)
  }

  private static func labelled(
    _ objective: any AdversarialObjective
  ) throws(ObjectiveError) -> any LabelledObjective {
    guard let labelled = objective as? any LabelledObjective else {
      throw .noLabels(objective: "\(type(of: objective))")
    }
    return labelled
  }

  public func realTerm(_ score: Tensor) -> Tensor {
    switch labels {
    case .fixed(let real, _): objective.term(score, label: Tensor(real, dtype: score.dtype))
    case .live(let real, _): objective.term(score, label: real)
    }
  }
  public func fakeTerm(_ score: Tensor) -> Tensor {
    switch labels {
    case .fixed(_, let fake): objective.term(score, label: Tensor(fake, dtype: score.dtype))
    case .live(_, let fake): objective.term(score, label: fake)
    }
  }
  public func generatorTerm(_ score: Tensor) -> Tensor { objective.generatorTerm(score) }
  public func encoderTerm(_ score: Tensor) -> Tensor { objective.encoderTerm(score) }

  public var equilibrium: Equilibrium {
    switch labels {
    case .fixed(let real, let fake): objective.equilibrium(real: real, fake: fake)
    case .live: Equilibrium()
    }
  }
  public var scoreIsProbability: Bool { objective.scoreIsProbability }
  /// The optimal discriminator's score where p_d = p_g, below the plain game's for one-sided smoothing. Nil where the
  /// plain game has no threshold.
  public var decisionThreshold: Double? {
    guard let threshold = objective.decisionThreshold else { return nil }
    return equilibrium.score ?? threshold
  }
}
