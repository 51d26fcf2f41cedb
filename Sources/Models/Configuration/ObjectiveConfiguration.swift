/// The game that the players play.
public enum ObjectiveConfiguration: Sendable, Equatable {
  /// Goodfellow et al. (2014), equation 1: the generator minimizes E log(1 - D(G(z))).
  case minimax
  /// Goodfellow et al. (2014), section 3: the generator minimizes -E log D(G(z)).
  case nonSaturating
  /// Arjovsky et al. (2017): the critic maximizes E f(x) - E f(G(z)).
  case wasserstein
  /// Mao et al. (2017): fakes are pulled to `fake` (a) and data to `real` (b) by the discriminator, fakes to `target`
  /// (c) by the generator.
  case leastSquares(fake: Double, real: Double, target: Double)
  /// Lim and Ye (2017), Miyato et al. (2018).
  case hinge

  public var kind: ObjectiveKind {
    switch self {
    case .minimax: .minimax
    case .nonSaturating: .nonSaturating
    case .wasserstein: .wasserstein
    case .leastSquares: .leastSquares
    case .hinge: .hinge
    }
  }
}

/// The objectives by the names that configurations use.
public enum ObjectiveKind: String, Sendable, CaseIterable {
  case minimax
  case nonSaturating = "non-saturating"
  case wasserstein
  case leastSquares = "least-squares"
  case hinge
}

/// What constrains the discriminator beside its objective.
public enum PenaltyConfiguration: Sendable, Equatable {
  /// `weight` * E (|grad D(x^)| - `target`)^2 on random points between data and fakes: Gulrajani et al. (2017), equation 3.
  case gradientPenalty(weight: Double, target: Double)
  /// Every weight of the discriminator is clamped to [-`limit`, `limit`] after each of its updates: Arjovsky et al.
  /// (2017), algorithm 1.
  case weightClipping(limit: Double)

  public var kind: PenaltyKind {
    switch self {
    case .gradientPenalty: .gradientPenalty
    case .weightClipping: .weightClipping
    }
  }
}

/// The penalties by the names that configurations use.
public enum PenaltyKind: String, Sendable, CaseIterable {
  case gradientPenalty = "gradient-penalty"
  case weightClipping = "weight-clipping"
}
