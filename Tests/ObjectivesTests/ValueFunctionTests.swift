import Objectives
import Testing

private let ln2 = 0.693_147_180_559_945_3

@Test func theOptimumIsTheDivergence() throws {
  let numbers = try #require(try Record.load()["value-function"]).value
  let (divergence, optimum, other) = (numbers[0], numbers[1], numbers[2])
  #expect(agree([ValueFunction.jensenShannonEstimate(value: optimum)], [divergence], 1e-12))
  #expect(agree([ValueFunction.generatorCost(jensenShannon: divergence)], [optimum], 1e-12))
  #expect(ValueFunction.jensenShannonEstimate(value: other) < divergence)
}

@Test func valueIsItsFormulaWithoutOverflow() throws {
  // D = σ(ln 3) = ¾ and σ(−ln 3) = ¼.
  let ln3 = logarithmOfSum(1, 2)
  let value = try #require(ValueFunction.value(data: [ln3, -ln3], generated: [-ln3]))
  #expect(agree([value], [logarithmOfSum(0.75, 0) / 2 + logarithmOfSum(0.25, 0) / 2 + logarithmOfSum(0.75, 0)]))
  let sure = try #require(ValueFunction.value(data: [2000], generated: [-2000]))
  #expect(sure == 0 && agree([ValueFunction.jensenShannonEstimate(value: sure)], [ln2]))
  let wrong = try #require(ValueFunction.value(data: [-2000], generated: [2000]))
  #expect(wrong == -4000)
  let undecided = try #require(ValueFunction.value(data: [0], generated: [0, 0]))
  #expect(agree([undecided], [-2 * ln2]))
  #expect(abs(ValueFunction.jensenShannonEstimate(value: undecided)) < 1e-15)
  #expect(ValueFunction.value(data: [], generated: [1]) == nil)
}

@Test func theOptimalDiscriminatorIsAShareOfDensity() throws {
  #expect(ValueFunction.optimalDiscriminator(data: 3, generated: 1) == 0.75)
  #expect(ValueFunction.optimalDiscriminator(data: 0, generated: 1) == 0)
  #expect(ValueFunction.optimalDiscriminator(data: 0, generated: 0) == nil)
  let logit = try #require(ValueFunction.optimalLogit(logData: -900, logGenerated: -901))
  #expect(logit == 1)
  #expect(ValueFunction.optimalLogit(logData: -.infinity, logGenerated: -1) == -.infinity)
  #expect(ValueFunction.optimalLogit(logData: -.infinity, logGenerated: -.infinity) == nil)
  #expect(agree([ValueFunction.generatorCost(jensenShannon: 0)], [-2 * ln2]))
}

@Test func divergenceOfDiscreteDistributions() throws {
  #expect(ValueFunction.jensenShannon([0.25, 0.75], [0.25, 0.75]) == 0)
  #expect(agree([try #require(ValueFunction.jensenShannon([1, 0], [0, 1]))], [ln2]))
  // m = (¾, ¼): ½·ln(4/3) + ½·(½·ln(2/3) + ½·ln 2).
  let expected =
    0.5 * logarithmOfSum(4.0 / 3, 0) + 0.25 * logarithmOfSum(2.0 / 3, 0) + 0.25 * ln2
  #expect(agree([try #require(ValueFunction.jensenShannon([1, 0], [0.5, 0.5]))], [expected]))
  #expect(ValueFunction.jensenShannon([1], [0.5, 0.5]) == nil)
  #expect(ValueFunction.jensenShannon([-1, 2], [0.5, 0.5]) == nil)
}
