import Objectives
import Tensors
import Testing

private let scores = numbers(4)
private func scoreTensor() -> Tensor { Input(name: "scores", shape: [4, 1], dtype: .f64).value }

private let labelled: [any LabelledObjective] = [
  Minimax(), NonSaturating(), LeastSquares(), LeastSquares(fake: -1, real: 1, target: 0),
]

@Test(arguments: labelled.indices)
func hardLabelsAreTheObjectiveItself(index: Int) throws {
  let (plain, x) = (labelled[index], scoreTensor())
  let hard = try SmoothedLabels(plain, real: 1, fake: 0)
  for (found, expected) in [
    (hard.realTerm(x), plain.realTerm(x)), (hard.fakeTerm(x), plain.fakeTerm(x)),
    (hard.generatorTerm(x), plain.generatorTerm(x)), (hard.encoderTerm(x), plain.encoderTerm(x)),
  ] {
    let values = try evaluate([found, expected], inputs: ["scores": scores])
    #expect(agree(values[0], values[1]))
  }
  let (found, expected) = (hard.equilibrium, plain.equilibrium)
  func parts(_ e: Equilibrium) -> [Double] {
    [e.generator, e.discriminator, e.real, e.fake, e.score].map { $0 ?? .nan }
  }
  #expect(agree(parts(found), parts(expected)))
}

@Test(arguments: labelled.indices, [(0.9, 0.0), (0.8, 0.15)])
func equilibriumOfSmoothedLabelsIsStationary(index: Int, label: (Double, Double)) throws {
  let objective = try SmoothedLabels(labelled[index], real: label.0, fake: label.1)
  let equilibrium = objective.equilibrium
  let score = Tensor([try #require(equilibrium.score)], shape: [1], dtype: .f64)
  let loss = objective.discriminatorLoss(real: score, fake: score)
  let slope = gradients(of: loss.total, withRespectTo: [score])[0]
  let values = try evaluate([loss.real, loss.fake, loss.total, objective.generatorLoss(fake: score), slope])
    .flatMap { $0 }
  let expected = [equilibrium.real, equilibrium.fake, equilibrium.discriminator, equilibrium.generator, 0]
  #expect(agree(values, expected.compactMap { $0 }))
  // Real and generated samples of the same score: half of each are told rightly.
  #expect(objective.decisionThreshold == equilibrium.score)
  if objective.scoreIsProbability {
    let probability = try evaluate(score.sigmoid())
    #expect(agree(probability, [(label.0 + label.1) / 2]))
  }
}

@Test func labelsMayBeInputs() throws {
  let x = scoreTensor()
  let label = { (name: String) in Input(name: name, shape: .scalar, dtype: .f64).value }
  let fixed = try SmoothedLabels(LeastSquares(fake: -1, real: 1, target: 0), real: 0.9, fake: 0.2)
  let live = try SmoothedLabels(LeastSquares(fake: -1, real: 1, target: 0), real: label("real"), fake: label("fake"))
  let values = try evaluate(
    [live.realTerm(x), live.fakeTerm(x), fixed.realTerm(x), fixed.fakeTerm(x)],
    inputs: ["scores": scores, "real": [0.9], "fake": [0.2]])
  #expect(values[0] == values[2] && values[1] == values[3])
  #expect(live.equilibrium == Equilibrium() && live.decisionThreshold == 0)
  #expect(LeastSquares(fake: 1, real: 0, target: 0).decisionThreshold == nil)
}

@Test func criticsHaveNoLabels() {
  let wasserstein = #expect(throws: ObjectiveError.self) { try SmoothedLabels(Wasserstein()) }
  #expect(wasserstein == .noLabels(objective: "Wasserstein"))
  #expect(
    wasserstein?.description
      == "Wasserstein has no labels to smooth; Minimax, NonSaturating and LeastSquares have")
  #expect(throws: ObjectiveError.noLabels(objective: "Hinge")) { try SmoothedLabels(Hinge()) }
  #expect(throws: ObjectiveError.labelsOutOfOrder(real: 0.1, fake: 0.9)) {
    try SmoothedLabels(Minimax(), real: 0.1, fake: 0.9)
  }
  #expect(throws: ObjectiveError.self) { try SmoothedLabels(Minimax(), real: 1.1) }
  #expect(throws: ObjectiveError.self) { try SmoothedLabels(Minimax(), real: .nan) }
  #expect(throws: ObjectiveError.flipProbabilityOutOfRange(0.5)) { try NoisyLabels(Minimax(), probability: 0.5) }
}

@Test func flipsSwapTheTermsOfWholeSamples() throws {
  // Every score is 3, so a term says which side it is of.
  let (batch, patches) = (4000, 2)
  let x = Tensor.filled(3, shape: [batch, 1, 1, patches], dtype: .f64)
  let objective = try NoisyLabels(LeastSquares(), probability: 0.1)
  let values = try evaluate([objective.realTerm(x), objective.fakeTerm(x), objective.generatorTerm(x)])
  let (asData, asFake) = (2.0, 4.5)
  func flips(_ terms: [Double], flipped: Double) -> [Bool] {
    (0..<batch).compactMap { sample in
      let pair = terms[sample * patches..<(sample + 1) * patches]
      return Set(pair).count == 1 ? pair.first == flipped : nil
    }
  }
  let (real, fake) = (flips(values[0], flipped: asFake), flips(values[1], flipped: asData))
  #expect(Set(values[0] + values[1]) == [asData, asFake])
  for side in [real, fake] {
    #expect(side.count == batch)
    // Five standard deviations of a binomial share.
    let share = Double(side.filter { $0 }.count) / Double(batch)
    #expect(abs(share - 0.1) < 5 * (0.09 / Double(batch)).squareRoot(), "\(share)")
  }
  #expect(real != fake)
  #expect(Set(values[2]) == [asData])
}

@Test func noFlipsLeaveTheObjectiveAlone() throws {
  let x = scoreTensor()
  for objective in [Hinge(), Wasserstein(), NonSaturating()] as [any AdversarialObjective] {
    let quiet = try NoisyLabels(objective, probability: 0)
    let values = try evaluate(
      [quiet.realTerm(x), objective.realTerm(x), quiet.fakeTerm(x), objective.fakeTerm(x)],
      inputs: ["scores": scores])
    #expect(values[0] == values[1] && values[2] == values[3])
    #expect(quiet.equilibrium == objective.equilibrium)
  }
  // A smoothed game's parts differ, so flips leave only their sum known.
  let noisy = try NoisyLabels(SmoothedLabels(Minimax()), probability: 0.05)
  let smooth = try SmoothedLabels(Minimax()).equilibrium
  #expect(noisy.equilibrium.discriminator == smooth.discriminator && noisy.equilibrium.real == nil)
}
