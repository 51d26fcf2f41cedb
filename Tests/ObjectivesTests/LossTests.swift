import Objectives
import Tensors
import Testing

private let real = numbers(12, stream: "real") + [30, -30, 800, -800]
private let fake = numbers(12, stream: "fake") + [30, -30, 800, -800]

/// The discriminator's parts and the generator's loss, of scores `[16, 1]` in f64.
private func losses(_ objective: any AdversarialObjective) throws -> [Double] {
  let x = Input(name: "real", shape: [16, 1], dtype: .f64).value
  let y = Input(name: "fake", shape: [16, 1], dtype: .f64).value
  let loss = objective.discriminatorLoss(real: x, fake: y)
  return try evaluate(
    [loss.real, loss.fake, loss.total, objective.generatorLoss(fake: y)], inputs: ["real": real, "fake": fake]
  ).flatMap { $0 }
}

private func mean(_ values: [Double], _ term: (Double) -> Double) -> Double {
  values.map(term).reduce(0, +) / Double(values.count)
}

// ln σ(s) and ln(1 − σ(s)) by the definition where it can be computed, by their limits where it cannot.
private func logD(_ score: Double) -> Double { score < -700 ? score : -logOnePlusExp(-score) }
private func logNotD(_ score: Double) -> Double { logD(-score) }
private func logOnePlusExp(_ x: Double) -> Double { logarithmOfSum(1, exponential(x)) }

private func expect(_ objective: any AdversarialObjective, _ parts: (Double, Double, Double)) throws {
  let found = try losses(objective)
  #expect(agree(found, [parts.0, parts.1, parts.0 + parts.1, parts.2]), "\(objective): \(found)")
}

@Test func minimaxIsItsFormula() throws {
  try expect(Minimax(), (-mean(real, logD), -mean(fake, logNotD), mean(fake, logNotD)))
}

@Test func nonSaturatingIsItsFormula() throws {
  try expect(NonSaturating(), (-mean(real, logD), -mean(fake, logNotD), -mean(fake, logD)))
}

@Test func smoothedLabelsAreOneSided() throws {
  let smooth = mean(real) { -0.9 * logD($0) - 0.1 * logNotD($0) }
  try expect(SmoothedLabels(NonSaturating()), (smooth, -mean(fake, logNotD), -mean(fake, logD)))
  try expect(SmoothedLabels(Minimax()), (smooth, -mean(fake, logNotD), mean(fake, logNotD)))
}

@Test func wassersteinIsItsFormula() throws {
  try expect(Wasserstein(), (-mean(real) { $0 }, mean(fake) { $0 }, -mean(fake) { $0 }))
}

@Test(arguments: [(0.0, 1.0, 1.0), (-1, 1, 0), (0.25, 2, -3)])
func leastSquaresIsItsFormula(a: Double, b: Double, c: Double) throws {
  func half(_ values: [Double], _ label: Double) -> Double { mean(values) { 0.5 * ($0 - label) * ($0 - label) } }
  try expect(LeastSquares(fake: a, real: b, target: c), (half(real, b), half(fake, a), half(fake, c)))
}

@Test func hingeIsItsFormula() throws {
  try expect(Hinge(), (mean(real) { max(0, 1 - $0) }, mean(fake) { max(0, 1 + $0) }, -mean(fake) { $0 }))
}

private let objectives: [any AdversarialObjective] = [
  Minimax(), NonSaturating(), Wasserstein(), LeastSquares(), LeastSquares(fake: -1, real: 1, target: 0), Hinge(),
]

@Test(arguments: objectives.indices)
func lossesTakeScoresOfPatches(index: Int) throws {
  let shape: Shape = [2, 1, 3, 3]
  let flat = numbers(18)
  let patches = objectives[index].discriminatorLoss(
    real: Tensor(flat, shape: shape, dtype: .f64), fake: Tensor(flat, shape: shape, dtype: .f64))
  let rows = objectives[index].discriminatorLoss(
    real: Tensor(flat, shape: [18], dtype: .f64), fake: Tensor(flat, shape: [18], dtype: .f64))
  #expect(patches.total.shape == .scalar)
  let values = try evaluate([patches.total, rows.total])
  #expect(agree(values[0], values[1]))
}

@Test(arguments: objectives.indices)
func gradientsAreFiniteForExtremeScores(index: Int) throws {
  let scores = Input(name: "scores", shape: [4], dtype: .f32).value
  let loss = objectives[index].discriminatorLoss(real: scores, fake: scores)
  let sum = loss.total + objectives[index].generatorLoss(fake: scores)
  let slopes = gradients(of: sum, withRespectTo: [scores])
  let values = try evaluate(slopes + [sum], inputs: ["scores": [-1e4, -200, 200, 1e4]])
  let areFinite = values.joined().allSatisfy(\.isFinite)
  #expect(areFinite)
}

@Test(arguments: objectives.indices)
func equilibriumIsWhatTheLossesSay(index: Int) throws {
  let objective = objectives[index]
  let equilibrium = objective.equilibrium
  // At the equilibrium real and generated scores are the same constant; any constant where the game leaves it open.
  let score = Tensor(Array(repeating: equilibrium.score ?? 0.4, count: 4), shape: [4], dtype: .f64)
  let loss = objective.discriminatorLoss(real: score, fake: score)
  let values = try evaluate([loss.real, loss.fake, loss.total, objective.generatorLoss(fake: score)]).flatMap { $0 }
  let expected = [equilibrium.real, equilibrium.fake, equilibrium.discriminator, equilibrium.generator]
  for (found, expected) in zip(values, expected) {
    if let expected { #expect(agree([found], [expected]), "\(objective)") }
  }
  // The discriminator's loss is stationary in the score there.
  guard equilibrium.score != nil else { return }
  let slope = try evaluate(gradients(of: loss.total, withRespectTo: [score])[0])
  #expect(slope.allSatisfy { abs($0) < 1e-15 })
}

@Test func equilibriumValuesAreThePapers() {
  let ln2 = 0.693_147_180_559_945_3
  #expect(
    agree([Minimax().equilibrium.discriminator, Minimax().equilibrium.generator].compactMap { $0 }, [2 * ln2, -ln2]))
  let nonSaturating = NonSaturating().equilibrium
  #expect(agree([nonSaturating.discriminator, nonSaturating.generator].compactMap { $0 }, [2 * ln2, ln2]))
  #expect(LeastSquares().equilibrium.discriminator == 0.25)
  #expect(LeastSquares().equilibrium.generator == 0.125)
  #expect(LeastSquares(fake: -1, real: 1, target: 0).equilibrium.generator == 0)
  #expect(Wasserstein().equilibrium.discriminator == 0)
  #expect(Wasserstein().equilibrium.generator == nil)
  #expect(Hinge().equilibrium.discriminator == 2)
}

@Test func accuracyCountsTheRightSideOfTheThreshold() throws {
  let x = Tensor([2, 1, -1, 0], shape: [4, 1], dtype: .f64)
  let y = Tensor([-2, -1, -1, 3], shape: [4, 1], dtype: .f64)
  let found = try #require(NonSaturating().accuracy(real: x, fake: y))
  let shares = try evaluate([found.real, found.fake])
  #expect(shares == [[0.625], [0.75]])
  let squares = try #require(LeastSquares().accuracy(real: x, fake: y))
  let squareShares = try evaluate([squares.real, squares.fake])
  #expect(squareShares == [[0.5], [0.75]])
  #expect(Wasserstein().accuracy(real: x, fake: y) == nil)
  #expect(LeastSquares(fake: 1, real: 0, target: 0).decisionThreshold == nil)
  let probabilities = try evaluate(NonSaturating().opinion(x))
  #expect(agree(probabilities, [2, 1, -1, 0].map { 1 / (1 + exponential(-$0)) }))
  let scores = try evaluate(Hinge().opinion(x))
  #expect(scores == [2, 1, -1, 0])
}
