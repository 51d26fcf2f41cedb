import Execution
import Foundation
import Stability
import Testing

/// A Dirac-GAN and what the formula gives: λ = −p/2 ± √(p²/4 − c²).
struct DiracCase: Sendable, CustomTestStringConvertible {
  let objective: DiracGAN.Objective
  let penalty: DiracGAN.Penalty
  /// p.
  let damping: Double
  /// c² = −g′·k′.
  let turn: Double
  var testDescription: String { "\(objective) \(penalty)" }

  var expected: [Eigenvalue] {
    let inside = damping * damping / 4 - turn
    return inside < 0
      ? [Eigenvalue(-damping / 2, (-inside).squareRoot()), Eigenvalue(-damping / 2, -(-inside).squareRoot())]
      : [Eigenvalue(-damping / 2 - inside.squareRoot()), Eigenvalue(-damping / 2 + inside.squareRoot())]
  }
  /// At a double root an error of 1e-16 in the matrix is one of 1e-8 in the root.
  var tolerance: Double { damping * damping / 4 == turn ? 1e-3 : 1e-6 }

  static let all: [DiracCase] = DiracGAN.Objective.allCases.flatMap { objective -> [DiracCase] in
    // c² of each objective, and r″ + k″ for the noise, by hand.
    let (turn, curvature): (Double, Double) =
      switch objective {
      case .minimax, .nonSaturating: (0.25, 0.5)
      case .wasserstein, .hinge: (1, 0)
      case .leastSquares: (0.25, 2)
      case .pearson: (0, 2)
      }
    let penalties: [(DiracGAN.Penalty, Double)] = [
      (.none, 0), (.r1(weight: 0.3), 0.3), (.r1(weight: 1), 1), (.r1(weight: 2), 2), (.r1(weight: 10), 10),
      (.r2(weight: 0.7), 0.7), (.zeroCentredGradientPenalty(weight: 0.4), 0.8),
      (.zeroCentredGradientPenalty(weight: 1), 2), (.instanceNoise(deviation: 0.5), 0.25 * curvature),
      (.instanceNoise(deviation: 1.5), 2.25 * curvature),
    ]
    return penalties.map { penalty, damping in
      DiracCase(objective: objective, penalty: penalty, damping: damping, turn: turn)
    }
  }
}

@Test(arguments: DiracCase.all)
func diracEigenvaluesAreTheClosedForm(_ dirac: DiracCase) throws {
  let gan = DiracGAN(dirac.objective, penalty: dirac.penalty)
  #expect(distance(gan.eigenvalues, dirac.expected) < dirac.tolerance)
  // The engine's second derivatives and LAPACK, of the room Objectives' losses.
  let compiled = try CompiledGame(gan.game())
  #expect(norm(try compiled.field()) < 1e-14)
  #expect(distance(try compiled.jacobian().eigenvalues(), dirac.expected) < dirac.tolerance)
}

@Test func eigenvaluesOfR1AreThePapers() throws {
  let values: [(Double, [Eigenvalue])] = [
    (0, [Eigenvalue(0, 0.5), Eigenvalue(0, -0.5)]), (0.3, [Eigenvalue(-0.15, 0.4770), Eigenvalue(-0.15, -0.4770)]),
    (1, [Eigenvalue(-0.5), Eigenvalue(-0.5)]), (2, [Eigenvalue(-1.866), Eigenvalue(-0.134)]),
  ]
  for (weight, expected) in values {
    let game = try DiracGAN(.nonSaturating, penalty: .r1(weight: weight)).game()
    #expect(distance(try CompiledGame(game).jacobian().eigenvalues(), expected) < (weight == 1 ? 1e-3 : 1e-4))
  }
}

/// Of every objective and penalty, away from the stationary point: by hand, by the engine, and (v′) by differences.
@Test(arguments: DiracGAN.Objective.allCases)
func fieldAndJacobianAreTheEngines(_ objective: DiracGAN.Objective) throws {
  let penalties: [DiracGAN.Penalty] = [
    .none, .r1(weight: 0.7), .r2(weight: 0.7), .gradientPenalty(weight: 0.8),
    .zeroCentredGradientPenalty(weight: 0.6), .instanceNoise(deviation: 0.4),
  ]
  for penalty in penalties {
    // The hinge has no kink here, but noise would reach it.
    if objective == .hinge, case .instanceNoise = penalty { continue }
    let gan = DiracGAN(objective, penalty: penalty)
    for state in [DiracGAN.State(generator: 0.3, discriminator: 1.2), .init(generator: -0.8, discriminator: -0.4)] {
      let compiled = try CompiledGame(gan.game(at: state))
      let field = gan.field(at: state)
      #expect(difference(try compiled.field(), [field.generator, field.discriminator]) < 1e-12)
      let jacobian = try #require(gan.jacobian(at: state))
      #expect(difference(try compiled.jacobian().elements, jacobian.elements) < 1e-12, "\(penalty)")
      for column in 0..<2 {
        func moved(_ by: Double) -> [Double] {
          var other = state
          if column == 0 { other.generator += by } else { other.discriminator += by }
          return [gan.field(at: other).generator, gan.field(at: other).discriminator]
        }
        let slopes = zip(moved(1e-5), moved(-1e-5)).map { ($0 - $1) / 2e-5 }
        #expect(difference(slopes, [jacobian[0, column], jacobian[1, column]]) < 1e-8, "\(penalty)")
      }
    }
  }
}

@Test func noiseIsItsExpectation() {
  // E softplus(ψ·ε)' by a fine sum over ε, against the quadrature inside of the field.
  let gan = DiracGAN(.minimax, penalty: .instanceNoise(deviation: 0.8))
  let state = DiracGAN.State(generator: 0.5, discriminator: 1.7)
  var (slopeOfG, slopeOfD) = (0.0, 0.0)
  let step = 1e-3
  for index in -10_000...10_000 {
    let z = Double(index) * step
    let weight = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * step
    let (shift, sample) = (0.8 * z, 0.5 + 0.8 * z)
    let fake = 1 / (1 + exp(-1.7 * sample))
    slopeOfG += weight * fake * 1.7
    slopeOfD += weight * (shift / (1 + exp(1.7 * shift)) - fake * sample)
  }
  let field = gan.field(at: state)
  #expect(difference([field.generator, field.discriminator], [slopeOfG, slopeOfD]) < 1e-9)
}

@Test func oneCentredPenaltyHasNoStationaryPoint() throws {
  let gan = DiracGAN(.wasserstein, penalty: .gradientPenalty(weight: 2))
  #expect(gan.stationaryPoint == nil)
  #expect(gan.jacobian(at: DiracGAN.State(generator: 0, discriminator: 0)) == nil)
  // At (0, 1): λ² + 2λ_gp·λ + 1 = 0.
  #expect(distance(gan.eigenvalues, [Eigenvalue(-2 - 3.0.squareRoot()), Eigenvalue(-2 + 3.0.squareRoot())]) < 1e-6)
  let compiled = try CompiledGame(gan.game(at: DiracGAN.State(generator: 0, discriminator: 1)))
  #expect(distance(try compiled.jacobian().eigenvalues(), gan.eigenvalues) < 1e-6)
  // The field pushes ψ away from 0 to both sides, so that the players never rest.
  let path = gan.trajectory(
    from: DiracGAN.State(generator: 0.01, discriminator: 0.01), GradientSteps(rate: 0.05, order: .simultaneous),
    rounds: 4000)
  #expect(path.suffix(2000).allSatisfy { $0.radius > 0.1 && $0.radius < 20 })
}

@Test func leastSquaresTurnOnlyAboutTheBestScore() throws {
  // At an offset of 0, k′(0) = 0: both eigenvalues are 0.
  let flat = DiracGAN(.leastSquares, offset: 0)
  #expect(distance(flat.eigenvalues, [Eigenvalue(0), Eigenvalue(0)]) < 1e-12)
  let report = try StabilityReport(of: CompiledGame(flat.game()))
  #expect(report.verdict == .undecided)
  #expect(DiracGAN(.leastSquares).offset == 0.5)
}

private let start = DiracGAN.State(generator: 0.6, discriminator: 0.8)

@Test(arguments: [DiracGAN.Objective.minimax, .wasserstein])
func simultaneousStepsSpiralOut(_ objective: DiracGAN.Objective) {
  let path = DiracGAN(objective).trajectory(from: start, GradientSteps(rate: 0.1, order: .simultaneous), rounds: 1000)
  #expect(zip(path, path.dropFirst()).allSatisfy { $0.radius < $1.radius })
  #expect((path.last?.radius ?? 0) > 2 * start.radius)
}

/// Third-order terms damp the non-saturating game far from the point; near it, simultaneous steps lead away as well.
@Test func simultaneousStepsOfTheNonSaturatingGameLeaveThePoint() {
  let near = DiracGAN.State(generator: 0.001, discriminator: 0)
  let path = DiracGAN(.nonSaturating).trajectory(
    from: near, GradientSteps(rate: 0.2, order: .simultaneous), rounds: 2000)
  #expect((path.last?.radius ?? 0) > 50 * near.radius)
}

@Test(arguments: [DiracGAN.Objective.minimax, .nonSaturating, .wasserstein, .leastSquares, .hinge], [1, 3])
func alternatingStepsCircle(_ objective: DiracGAN.Objective, discriminatorSteps: Int) {
  let steps = GradientSteps(rate: 0.1, order: .alternating(discriminatorSteps: discriminatorSteps))
  let path = DiracGAN(objective).trajectory(from: start, steps, rounds: 10_000)
  // k steps stretch the circle to an ellipse of axes 1 : √k.
  let bound = 1.2 * Double(discriminatorSteps).squareRoot()
  #expect(path.allSatisfy { $0.radius < bound * start.radius })
  // A game of zero sum loses nothing either.
  if objective == .minimax || objective == .wasserstein {
    #expect(path.allSatisfy { $0.radius > start.radius / bound })
  }
  // It goes around: both players change sign, again and again.
  let turns = zip(path, path.dropFirst()).filter { $0.generator < 0 && $1.generator >= 0 }.count
  #expect(turns > 20)
}

@Test(arguments: DiracGAN.Objective.allCases.filter { $0 != .pearson })
func r1SpiralsIn(_ objective: DiracGAN.Objective) {
  for order in [GradientSteps.Order.simultaneous, .alternating(discriminatorSteps: 1)] {
    let path = DiracGAN(objective, penalty: .r1(weight: 0.3)).trajectory(
      from: start, GradientSteps(rate: 0.1, order: order), rounds: 3000)
    #expect((path.last?.radius ?? .infinity) < 1e-3 * start.radius)
    #expect(path.prefix(600).filter { $0.generator < 0 }.count > 50)
  }
}

/// The simulation in Double makes the steps that the engine makes.
@Test(arguments: [GradientSteps.Order.simultaneous, .alternating(discriminatorSteps: 2)])
func trajectoryIsTheEngines(_ order: GradientSteps.Order) throws {
  let gan = DiracGAN(.nonSaturating, penalty: .r1(weight: 0.5))
  let steps = GradientSteps(generatorRate: 0.3, discriminatorRate: 0.2, order: order)
  let compiled = try CompiledGame(gan.game(at: start))
  for state in gan.trajectory(from: start, steps, rounds: 20).dropFirst() {
    try compiled.take(steps)
    #expect(difference(try compiled.parameters(), [state.generator, state.discriminator]) < 1e-13)
  }
}

private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
