import Optimizers
import Tensors
import Testing

@Test func schedulesAreTheirFormulas() {
  let steps = [-5, 0, 250, 500, 1000, 2000]
  func values(_ schedule: RateSchedule) -> [Double] { steps.map { schedule.multiplier(step: $0, of: 1000) } }
  #expect(values(.constant) == [1, 1, 1, 1, 1, 1])
  #expect(agree(values(.linear(final: 0.2)), [1, 1, 0.8, 0.6, 0.2, 0.2]))
  #expect(agree(values(.linear(final: 0)), [1, 1, 0.75, 0.5, 0, 0]))
  let quarter = 0.5 + 0.5.squareRoot() / 2
  #expect(agree(values(.cosine(final: 0)), [1, 1, quarter, 0.5, 0, 0]))
  #expect(agree(values(.cosine(final: 0.1)), [1, 1, 0.1 + 0.9 * quarter, 0.55, 0.1, 0.1]))
}

@Test(arguments: [RateSchedule.constant, .linear(final: 0.5), .cosine(final: 0)])
func aRunWithoutStepsStaysAtTheStart(schedule: RateSchedule) {
  #expect(schedule.multiplier(step: 7, of: 0) == 1)
  #expect(schedule.multiplier(step: 0, of: 1) == 1)
}

@Test func averageFollowsTheWeights() throws {
  let w = Variable(name: "w", shape: [2], dtype: .f64) { seed in [Double(seed), 2] }
  let average = WeightAverage(of: [w])
  let variable = try #require(average.variables.first)
  #expect(variable.name == "average/w")
  #expect(variable.initial(5) == [5, 2])
  let decay = Input(name: "decay", shape: .scalar, dtype: .f64).value
  let moved = average.update(with: [(w, w.value + 1)], decay: decay)
  let still = average.update(with: [], decay: decay)
  let values = try evaluate(
    (moved + still).map(\.value) + [try #require(average.substitutions[w])], inputs: ["decay": [0.9]],
    variables: ["w": [3, 4], "average/w": [1, 1]])
  #expect(agree(values[0], [0.9 + 0.1 * 4, 0.9 + 0.1 * 5]))
  #expect(agree(values[1], [0.9 + 0.1 * 3, 0.9 + 0.1 * 4]))
  #expect(values[2] == [1, 1])
}

@Test func averageLetsGoOfTheStartFirst() throws {
  let updates = Input(name: "updates", shape: .scalar, dtype: .f64).value
  let decay = WeightAverage.warmedUp(Tensor(0.99, dtype: .f64), updates: updates)
  for (count, expected) in [(0.0, 0.1), (8, 0.5), (880, 881.0 / 890), (890, 0.99), (1e6, 0.99)] {
    let value = try evaluate(decay, inputs: ["updates": [count]])
    #expect(agree(value, [expected]))
  }
}
