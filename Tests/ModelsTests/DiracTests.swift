import Execution
import Foundation
import Models
import Telemetry
import Tensors
import Testing

/// The trained Dirac-GAN against its iteration, written out for two numbers.
@Suite struct DiracTests {
  /// θ and ψ.
  struct Players: Equatable {
    var theta: Double
    var psi: Double
    var radius: Double { (theta * theta + psi * psi).squareRoot() }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var objective: ObjectiveConfiguration
    var penalty: PenaltyConfiguration?
    var updates: UpdateOrder
    var testDescription: String { "\(objective.kind) \(penalty.map { "\($0.kind)" } ?? "") \(updates)" }

    /// Slopes of the generator's term and of the discriminator's term of samples, at a score.
    func slopes(_ score: Double) -> (generator: Double, fake: Double) {
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      switch objective {
      case .minimax: return (-sigmoid(score), sigmoid(score))
      case .nonSaturating: return (-sigmoid(-score), sigmoid(score))
      case .wasserstein: return (-1, 1)
      case .leastSquares(let fake, _, let target): return (score - target, score - fake)
      case .hinge: return (-1, score > -1 ? 1 : 0)
      }
    }

    func penaltySlope(_ psi: Double) -> Double {
      guard let penalty else { return 0 }
      switch penalty.kind {
      case .gradientPenalty where penalty["target"] == 0: return 2 * penalty["weight"] * psi
      case .gradientPenalty: return 2 * penalty["weight"] * (abs(psi) - penalty["target"]) * (psi < 0 ? -1 : 1)
      case .r1, .r2: return penalty["weight"] * psi
      default: return .nan
      }
    }

    /// One step of gradient descent of both players. All data are at 0, where the score does not depend on ψ.
    func step(_ players: Players, rates: (theta: Double, psi: Double)) -> Players {
      let offset = objective.equilibriumScore
      var next = players
      let fake = slopes(players.psi * players.theta + offset).fake
      next.psi -= rates.psi * (fake * players.theta + penaltySlope(players.psi))
      let judge = updates == .simultaneous ? players.psi : next.psi
      next.theta -= rates.theta * slopes(judge * players.theta + offset).generator * judge
      return next
    }
  }

  static let cases: [Case] = {
    let objectives: [ObjectiveConfiguration] = [
      .minimax, .nonSaturating, .wasserstein, .leastSquares(fake: 0, real: 1, target: 1), .hinge,
    ]
    let penalties: [PenaltyConfiguration?] = [
      nil, PenaltyConfiguration(.r1, ["weight": 0.5]), PenaltyConfiguration(.r2, ["weight": 0.3]),
      .gradientPenalty(weight: 0.2, target: 1), .gradientPenalty(weight: 0.2, target: 0),
    ]
    return objectives.flatMap { objective in
      penalties.flatMap { penalty in
        UpdateOrder.allCases.map { Case(objective: objective, penalty: penalty, updates: $0) }
      }
    }
  }()

  private static let start = Players(theta: 0.8, psi: 0.5)
  private static let rates = (theta: 0.05, psi: 0.08)

  private static func configuration(_ given: Case) -> RunConfiguration {
    AdversarialSystemTests.configuration {
      $0.data = DataConfiguration(source: .dirac)
      $0.schedule.batch = 3
      $0.schedule.updates = given.updates
      $0.objective = given.objective
      $0.penalties = given.penalty.map { [$0] } ?? []
      $0.optimizers.generator = OptimizerConfiguration(rule: .sgd(momentum: 0), rate: rates.theta)
      $0.optimizers.discriminator = OptimizerConfiguration(rule: .sgd(momentum: 0), rate: rates.psi)
      $0.model = .gan(
        AdversarialConfiguration(
          latent: LatentConfiguration(dimension: 1), generator: .dirac(DiracConfiguration(start: start.theta)),
          discriminator: .dirac(DiracConfiguration(start: start.psi, offset: given.objective.equilibriumScore))))
    }
  }

  private static func trajectory(_ given: Case, steps: Int) throws -> [Players] {
    let configuration = configuration(given)
    let system = try AdversarialSystemTests.system(configuration, sample: [1])
    let engine = CPUBackend()
    let turn = try engine.compile(system.turn, store: try engine.makeCPUStore(seed: 1))
    turn.setScalars(system.inputValues(configuration, step: 0))
    for index in turn.input(ProgramPort.batch).indices { turn.input(ProgramPort.batch)[index] = 0 }
    return try (0..<steps).map { step in
      turn.run(counter: UInt64(step), substep: 0)
      return Players(
        theta: try turn.output(MetricID.diracTheta.rawValue)[0], psi: try turn.output(MetricID.diracPsi.rawValue)[0])
    }
  }

  @Test(arguments: cases) func theTrajectoryIsTheClosedForm(_ given: Case) throws {
    var expected = Self.start
    for (step, found) in try Self.trajectory(given, steps: 60).enumerated() {
      expected = given.step(expected, rates: Self.rates)
      #expect(
        abs(found.theta - expected.theta) < 2e-4 && abs(found.psi - expected.psi) < 2e-4,
        "step \(step): \(found), \(expected)")
    }
  }

  /// Of the zero-sum game, whose orbits of infinitely small steps are closed.
  @Test func stepsSpiralOutCircleAndSpiralIn() throws {
    func radii(_ updates: UpdateOrder, _ penalty: PenaltyConfiguration? = nil) throws -> (first: Double, last: Double) {
      let radii = try Self.trajectory(Case(objective: .minimax, penalty: penalty, updates: updates), steps: 2_000)
        .map(\.radius)
      // A turn takes some 200 steps.
      return (radii.prefix(250).max() ?? .nan, radii.suffix(250).max() ?? .nan)
    }
    let out = try radii(.simultaneous)
    let round = try radii(.alternating)
    let inward = try radii(.simultaneous, PenaltyConfiguration(.r1, ["weight": 0.5]))
    #expect(out.last > 1.3 * out.first)
    #expect(abs(round.last / round.first - 1) < 0.01)
    #expect(inward.last < 0.01 * inward.first)
  }

  @Test func otherSamplesAreRefused() {
    #expect(throws: SystemError.samplesDoNotFit(.dirac, made: [1], sample: [2])) {
      try AdversarialSystemTests.system(Self.configuration(Self.cases[0]), sample: [2])
    }
  }
}

extension CPUProgram {
  fileprivate func setScalars(_ values: [String: Double]) {
    for (name, value) in values { input(name).baseAddress?.pointee = Float(value) }
  }
}
