import Foundation
import Objectives

extension DiracGAN {
  /// The losses of the room Objectives, as functions of one score.
  public enum Objective: String, Sendable, Hashable, Codable, CaseIterable {
    case minimax
    case nonSaturating
    case wasserstein
    /// Labels (a, b, c) = (0, 1, 1).
    case leastSquares
    /// Labels (a, b, c) = (−1, 1, 0), Pearson's χ².
    case pearson
    /// Differentiable where −1 < ψ·θ + offset < 1, which holds at and about the stationary point, and for the term of
    /// data, whose score is the offset.
    case hinge

    public var losses: any AdversarialObjective {
      switch self {
      case .minimax: Minimax()
      case .nonSaturating: NonSaturating()
      case .wasserstein: Wasserstein()
      case .leastSquares: LeastSquares(fake: 0, real: 1, target: 1)
      case .pearson: LeastSquares(fake: -1, real: 1, target: 0)
      case .hinge: Hinge()
      }
    }

    /// The score of the optimal discriminator at the equilibrium: 0, but ½ for labels 0 and 1.
    public var equilibriumScore: Double { losses.equilibrium.score ?? 0 }

    /// First and second derivative of the discriminator's term for data.
    func realSlopes(_ score: Double) -> (first: Double, second: Double) {
      switch self {
      case .minimax, .nonSaturating: (-sigmoid(-score), sigmoid(score) * sigmoid(-score))
      case .wasserstein: (-1, 0)
      case .leastSquares, .pearson: (score - 1, 1)
      case .hinge: (score < 1 ? -1 : 0, 0)
      }
    }

    /// First and second derivative of the discriminator's term for generated samples.
    func fakeSlopes(_ score: Double) -> (first: Double, second: Double) {
      switch self {
      case .minimax, .nonSaturating: (sigmoid(score), sigmoid(score) * sigmoid(-score))
      case .wasserstein: (1, 0)
      case .leastSquares: (score, 1)
      case .pearson: (score + 1, 1)
      case .hinge: (score > -1 ? 1 : 0, 0)
      }
    }

    /// First and second derivative of the generator's term.
    func generatorSlopes(_ score: Double) -> (first: Double, second: Double) {
      switch self {
      case .minimax: (-sigmoid(score), -sigmoid(score) * sigmoid(-score))
      case .nonSaturating: (-sigmoid(-score), sigmoid(score) * sigmoid(-score))
      case .wasserstein, .hinge: (-1, 0)
      case .leastSquares: (score - 1, 1)
      case .pearson: (score, 1)
      }
    }
  }
}

/// 1/(1 + exp(−x)).
private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
