import Execution
import Foundation
import Stability
import Testing

private func report(_ gan: DiracGAN, _ question: StabilityQuestion = .init()) throws -> StabilityReport {
  try StabilityReport(of: CompiledGame(gan.game()), asking: question)
}

@Test func aFreeGameRotates() throws {
  let found = try report(DiracGAN(.nonSaturating))
  #expect(found.verdict == .rotates && found.isStationary && found.isComplete)
  #expect(found.simultaneous == StepLimit(kind: .growing, factor: nil))
  // (I + h·P_G·v′)(I + h·P_D·v′) has determinant 1 and trace 2 − h²/4: on the unit circle up to h = 4.
  #expect(found.alternating?.kind == .neutral)
  #expect(abs((found.alternating?.factor ?? 0) - 4) < 1e-6)
  #expect(
    found.sentence == "rotates: eigenvalues ±0.5i have no damping; no step of simultaneous gradient descent is stable; "
      + "alternating steps circle below 4")
}

@Test func kStepsTightenTheLimit() throws {
  // The discriminator's map is linear in h without damping, so k steps are one of k·h: h²·k/4 = 4.
  var question = StabilityQuestion()
  question.discriminatorSteps = 4
  #expect(abs((try report(DiracGAN(.nonSaturating), question).alternating?.factor ?? 0) - 2) < 1e-6)
  // Two time scales: h_G·h_D/4 = 4.
  question.discriminatorSteps = 1
  (question.generatorRate, question.discriminatorRate) = (0.1, 0.4)
  let found = try report(DiracGAN(.nonSaturating), question)
  #expect(abs((found.alternating?.factor ?? 0) - 20) < 1e-4)
  #expect(found.sentence.hasSuffix("below 20 times the rates"))
}

@Test func aDampedGameConverges() throws {
  let found = try report(DiracGAN(.minimax, penalty: .r1(weight: 0.3)))
  #expect(found.verdict == .converges)
  #expect(abs(found.spectralAbscissa + 0.15) < 1e-12)
  // 2·0.15/0.25.
  #expect(found.simultaneous.kind == .contracting)
  #expect(abs((found.simultaneous.factor ?? 0) - 1.2) < 1e-9)
  // det M = 1 − 0.3h is below 1; the roots leave the circle at −1, where 1 + tr M + det M = 4 − 0.6h − h²/4 = 0.
  #expect(abs((found.alternating?.factor ?? 0) - (-1.2 + 17.44.squareRoot())) < 1e-6)
  #expect(found.sentence.hasPrefix("converges in a spiral: the slowest distance shrinks at a rate of 0.15; "))
}

@Test func aReversedGameDiverges() throws {
  let matrix = try SquareMatrix(size: 2, elements: [0.2, 1, -1, 0.1])
  let found = try StabilityReport(jacobian: matrix, generatorCount: 1)
  #expect(found.verdict == .diverges)
  #expect(found.simultaneous.kind == .growing && found.alternating?.kind == .growing)
  #expect(found.sentence.hasPrefix("diverges: the eigenvalue 0.15±0.999i leads away from the point"))
}

/// Eigenvalues of 0 are told, and do not hide what the others do.
@Test func zerosAreSetAside() throws {
  let matrix = try SquareMatrix(size: 3, elements: [0, 1, 0, -1, -1, 0, 0, 0, 0])
  let found = try StabilityReport(jacobian: matrix, generatorCount: 1)
  #expect(found.verdict == .converges && found.zeroCount == 1)
  #expect(abs((found.simultaneous.factor ?? 0) - 1) < 1e-9)
  #expect(found.sentence.contains("1 eigenvalue is 0"))
}

@Test func reportsAreCodable() throws {
  for gan in [DiracGAN(.hinge), DiracGAN(.leastSquares, penalty: .r1(weight: 1)), DiracGAN(.pearson)] {
    let found = try report(gan)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(StabilityReport.self, from: data) == found)
    let again = try JSONDecoder().decode(DiracGAN.self, from: JSONEncoder().encode(gan))
    #expect(again == gan)
  }
}
