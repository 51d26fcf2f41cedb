import ArgumentParser
import Foundation
import Stability

/// The Dirac-GAN: eigenvalues by the engine beside the closed form, step limits, trajectories.
struct DiracStabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dirac",
    abstract: "The smallest GAN: data at 0, samples at theta, D(x) = psi x. Its theory, and its path.",
    discussion: "Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, sections 2 to 4.")

  enum ObjectiveName: String, ExpressibleByArgument, CaseIterable {
    case minimax
    case nonSaturating = "non-saturating"
    case wasserstein
    case leastSquares = "least-squares"
    case pearson, hinge

    var objective: DiracGAN.Objective {
      switch self {
      case .minimax: .minimax
      case .nonSaturating: .nonSaturating
      case .wasserstein: .wasserstein
      case .leastSquares: .leastSquares
      case .pearson: .pearson
      case .hinge: .hinge
      }
    }
  }

  enum PenaltyName: String, ExpressibleByArgument, CaseIterable {
    case none, r1, r2
    case gradientPenalty = "gradient-penalty"
    case zeroCentred = "zero-centred"
    case instanceNoise = "instance-noise"
  }

  @Option(help: "The losses.")
  var objective = ObjectiveName.nonSaturating

  @Option(help: "What damps the game.")
  var penalty = PenaltyName.none

  @Option(help: "The penalty's weight; of instance noise, its deviation.")
  var weight = 1.0

  @Option(help: "The step of both players along the trajectories.")
  var rate = 0.1

  @Option(help: "Print the first so many points of both trajectories.")
  var trajectory = 0

  @Option(help: "Where trajectories start: theta and psi; of a one-centred penalty so far from its point.")
  var start = 1.0

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard weight.isFinite, weight >= 0 else { throw ValidationError("--weight takes 0 or more") }
    guard rate.isFinite, rate > 0 else { throw ValidationError("--rate takes a number above 0") }
    guard start.isFinite, start != 0 else { throw ValidationError("--start takes a number other than 0") }
    guard (0...100_000).contains(trajectory) else { throw ValidationError("--trajectory takes 0 to 100000") }
  }

  private var game: DiracGAN {
    let chosen: DiracGAN.Penalty =
      switch penalty {
      case .none: .none
      case .r1: .r1(weight: weight)
      case .r2: .r2(weight: weight)
      case .gradientPenalty: .gradientPenalty(weight: weight)
      case .zeroCentred: .zeroCentredGradientPenalty(weight: weight)
      case .instanceNoise: .instanceNoise(deviation: weight)
      }
    return DiracGAN(objective.objective, penalty: chosen)
  }

  func run() throws {
    let game = game
    let point = game.stationaryPoint ?? DiracGAN.State(generator: 0, discriminator: 1)
    let report = try StabilityReport(of: CompiledGame(try game.game(at: point)))
    let start = DiracGAN.State(generator: point.generator + self.start, discriminator: point.discriminator + self.start)
    func path(_ order: GradientSteps.Order) -> [DiracGAN.State] {
      trajectory == 0
        ? [] : Array(game.trajectory(from: start, GradientSteps(rate: rate, order: order), rounds: trajectory - 1))
    }
    let record = DiracRecord(
      objective: objective.rawValue, penalty: penalty.rawValue, weight: weight, point: point, report: report,
      closedForm: game.eigenvalues, difference: Self.difference(report.eigenvalues, game.eigenvalues),
      sentence: report.sentence, rate: rate, simultaneous: path(.simultaneous),
      alternating: path(.alternating(discriminatorSteps: 1)))
    print(json ? try jsonText(record.radii(from: start)) : record.text.joined(separator: "\n"))
  }
}

extension DiracStabilityCommand {
  /// The greatest distance of an eigenvalue to the nearest of the closed form; infinite where there is none.
  private static func difference(_ found: [Eigenvalue], _ expected: [Eigenvalue]) -> Double {
    found.map { value in
      expected.map {
        (($0.real - value.real) * ($0.real - value.real)
          + ($0.imaginary - value.imaginary) * ($0.imaginary - value.imaginary)).squareRoot()
      }.min() ?? .infinity
    }.max() ?? .infinity
  }
}

/// How far the players are at the end of a trajectory from where the eigenvalues are taken, over how far they were at its
/// start: above 1 they spiral out.
private struct Radii: Encodable {
  var simultaneous: Double
  var alternating: Double
}

private struct DiracRecord: Encodable {
  var objective: String
  var penalty: String
  var weight: Double
  /// Where the eigenvalues are taken.
  var point: DiracGAN.State
  var report: StabilityReport
  var closedForm: [Eigenvalue]
  /// The greatest distance of an eigenvalue to the closed form's.
  var difference: Double
  var sentence: String
  var rate: Double
  var simultaneous: [DiracGAN.State]
  var alternating: [DiracGAN.State]
  var radii: Radii?

  func radii(from start: DiracGAN.State) -> DiracRecord {
    func radius(_ state: DiracGAN.State) -> Double {
      DiracGAN.State(
        generator: state.generator - point.generator, discriminator: state.discriminator - point.discriminator
      ).radius
    }
    guard let first = simultaneous.last, let second = alternating.last else { return self }
    var record = self
    record.radii = Radii(simultaneous: radius(first) / radius(start), alternating: radius(second) / radius(start))
    return record
  }

  var text: [String] {
    var lines = [
      "at theta \(number(point.generator)), psi \(number(point.discriminator))",
      "eigenvalues         " + report.eigenvalues.map(Self.long).joined(separator: "  "),
      "closed form         " + closedForm.map(Self.long).joined(separator: "  "),
      "simultaneous steps  " + Self.limit(report.simultaneous),
    ]
    if let alternating = report.alternating { lines.append("alternating steps   " + Self.limit(alternating)) }
    lines.append(report.sentence)
    guard !simultaneous.isEmpty else { return lines }
    lines += [
      "", "steps of \(number(rate)):   simultaneous                          alternating",
      " round      theta        psi     radius        theta        psi     radius",
    ]
    for (round, states) in zip(simultaneous, alternating).enumerated() {
      let values = [states.0, states.1].flatMap { [$0.generator, $0.discriminator, $0.radius] }
      lines.append(
        Self.padded("\(round)", 6)
          + values.map { Self.padded(String(format: "%.5f", $0), 11) }.enumerated()
          .map { ($0 == 3 ? "  " : "") + $1 }.joined())
    }
    return lines
  }

  private static func long(_ value: Eigenvalue) -> String {
    String(format: "%.8f%@%.8fi", value.real + 0, value.imaginary < 0 ? "-" : "+", abs(value.imaginary))
  }

  private static func limit(_ limit: StepLimit) -> String {
    switch (limit.kind, limit.factor) {
    case (.growing, _): "none is stable"
    case (.contracting, let factor?): "converge below \(number(factor))"
    case (.contracting, nil): "all that were tried converge"
    case (.neutral, let factor?): "circle below \(number(factor))"
    case (.neutral, nil): "neither converge nor diverge, to first order"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
