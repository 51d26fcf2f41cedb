import Objectives
import Tensors

/// The smallest GAN in which training can fail: data all at 0, a generator all at θ, a linear discriminator.
///
///     p_data = δ₀,   p_θ = δ_θ,   D(x) = ψ·x + offset
///     v(θ, ψ) = (−ψ·g′(s),  −θ·k′(s) − ∂penalty/∂ψ),    s = ψ·θ + offset
///
/// with the terms of an objective: r of data, k of generated samples, g of the generator. Its stationary point is
/// (0, 0), where
///
///     λ = −p/2 ± √(p²/4 + g′·k′),    p = the penalty's curvature
///
/// With f(t) = −ln(1 + e⁻ᵗ), minimax and non-saturating, g′·k′ = −f′(0)² = −¼.
///
/// Reference: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), sections 2 and 3.
public struct DiracGAN: Sendable, Hashable, Codable {
  public let objective: Objective
  public let penalty: Penalty
  /// A constant of the discriminator: what it calls data. The paper has 0. Least squares with labels 0 and 1 turn only
  /// where it is the optimal score ½: at 0, k′ = 0 and the linear part of the field tells nothing.
  public let offset: Double

  /// The players.
  public struct State: Sendable, Hashable, Codable {
    /// θ, where the generator's samples are.
    public var generator: Double
    /// ψ, the discriminator's slope.
    public var discriminator: Double
    /// The distance from (0, 0).
    public var radius: Double { (generator * generator + discriminator * discriminator).squareRoot() }

    public init(generator: Double, discriminator: Double) {
      self.generator = generator
      self.discriminator = discriminator
    }
  }

  /// - Parameter offset: nil for the equilibrium's score.
  public init(_ objective: Objective, penalty: Penalty = .none, offset: Double? = nil) {
    self.objective = objective
    self.penalty = penalty
    self.offset = offset ?? objective.equilibriumScore
  }

  /// Where both gradients vanish: (0, 0). nil for the one-centred penalty, which has a kink there.
  public var stationaryPoint: State? {
    if case .gradientPenalty(let weight) = penalty, weight != 0 { return nil }
    return State(generator: 0, discriminator: 0)
  }

  /// The closed form of the eigenvalues of v′ at the stationary point, the greatest modulus first; of the one-centred
  /// penalty at (0, 1), where the critic's slope is what the penalty asks for.
  ///
  /// γ/2·ψ² has p = γ, λ·ψ² has p = 2λ, instance noise has p = σ²·(r″ + k″), none has p = 0.
  public var eigenvalues: [Eigenvalue] {
    guard stationaryPoint != nil else {
      return jacobian(at: State(generator: 0, discriminator: 1)).map(pairOfEigenvalues) ?? []
    }
    let product = objective.generatorSlopes(offset).first * objective.fakeSlopes(offset).first
    let damping =
      if case .instanceNoise(let deviation) = penalty {
        deviation * deviation * (objective.realSlopes(offset).second + objective.fakeSlopes(offset).second)
      } else { penalty.slopes(0).second }
    return roots(sum: -damping, product: -product)
  }

  /// v(θ, ψ).
  public func field(at state: State) -> State {
    var result = State(generator: 0, discriminator: -penalty.slopes(state.discriminator).first)
    let noise = penalty.noise
    for (shift, weight) in zip(noise.nodes, noise.weights) {
      let sample = state.generator + shift
      let score = state.discriminator * sample + offset
      result.generator -= weight * objective.generatorSlopes(score).first * state.discriminator
      result.discriminator -=
        weight
        * (objective.realSlopes(state.discriminator * shift + offset).first * shift
          + objective.fakeSlopes(score).first * sample)
    }
    return result
  }

  /// v′(θ, ψ), written out; nil on the kink of the one-centred penalty.
  public func jacobian(at state: State) -> SquareMatrix? {
    if stationaryPoint == nil, state.discriminator == 0 { return nil }
    let slope = state.discriminator
    var matrix = SquareMatrix(size: 2)
    matrix[1, 1] = -penalty.slopes(slope).second
    let noise = penalty.noise
    for (shift, weight) in zip(noise.nodes, noise.weights) {
      let sample = state.generator + shift
      let score = slope * sample + offset
      let (g, k) = (objective.generatorSlopes(score), objective.fakeSlopes(score))
      matrix[0, 0] -= weight * g.second * slope * slope
      matrix[0, 1] -= weight * (g.first + g.second * slope * sample)
      matrix[1, 0] -= weight * (k.first + k.second * slope * sample)
      matrix[1, 1] -=
        weight * (objective.realSlopes(slope * shift + offset).second * shift * shift + k.second * sample * sample)
    }
    return matrix
  }

  /// The players as tensors in f64, for the engine: variables `generator/theta` and `discriminator/psi`, scalars, at
  /// `state` to begin with.
  public func game(at state: State = State(generator: 0, discriminator: 0)) throws -> Game {
    let theta = Variable(name: "generator/theta", shape: .scalar, dtype: .f64, fill: state.generator)
    let psi = Variable(name: "discriminator/psi", shape: .scalar, dtype: .f64, fill: state.discriminator)
    return try trace {
      let noise = penalty.noise
      let shape: Shape = [noise.nodes.count]
      let shift = Tensor(noise.nodes, shape: shape, dtype: .f64)
      let weight = Tensor(noise.weights, shape: shape, dtype: .f64)
      let score = { (x: Tensor) in psi.value * x + offset }
      let (real, fake, losses) = (score(shift), score(theta.value + shift), objective.losses)
      let judged = (weight * (losses.realTerm(real) + losses.fakeTerm(fake))).sum()
      return try Game(
        generator: Player(
          name: "generator", loss: (weight * losses.generatorTerm(fake)).sum(), variables: [theta]),
        discriminator: Player(
          name: "discriminator", loss: penalty.term(slope: psi.value).map { judged + $0 } ?? judged,
          variables: [psi]))
    }
  }
}

extension DiracGAN {
  /// The players after each round of gradient steps, the start first: `rounds` + 1 states.
  ///
  /// A trajectory that runs away ends in infinities; it does not throw.
  public func trajectory(from start: State, _ steps: GradientSteps, rounds: Int) -> [State] {
    var states = [start]
    states.reserveCapacity(max(0, rounds) + 1)
    var state = start
    for _ in 0..<max(0, rounds) {
      for stage in steps.stages {
        let slope = field(at: state)
        state.generator += stage.generator * slope.generator
        state.discriminator += stage.discriminator * slope.discriminator
      }
      states.append(state)
    }
    return states
  }
}

/// The eigenvalues of a matrix of two rows.
private func pairOfEigenvalues(_ matrix: SquareMatrix) -> [Eigenvalue] {
  roots(
    sum: matrix[0, 0] + matrix[1, 1], product: matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])
}

/// The roots of λ² − sum·λ + product, the greatest modulus first.
private func roots(sum: Double, product: Double) -> [Eigenvalue] {
  let half = sum / 2
  let discriminant = half * half - product
  guard discriminant >= 0 else {
    let imaginary = (-discriminant).squareRoot()
    return [Eigenvalue(half, imaginary), Eigenvalue(half, -imaginary)]
  }
  // The greater root without cancellation, the other from the product.
  let greater = half < 0 ? half - discriminant.squareRoot() : half + discriminant.squareRoot()
  return [Eigenvalue(greater), Eigenvalue(greater == 0 ? 0 : product / greater)]
}
