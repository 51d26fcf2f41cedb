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

extension ObjectiveConfiguration {
  /// The score of the optimal discriminator where data and samples are the same.
  public var equilibriumScore: Double {
    if case .leastSquares(let fake, let real, _) = self { (fake + real) / 2 } else { 0 }
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
