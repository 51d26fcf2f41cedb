import Execution
import Objectives
import Tensors
import Testing

/// θ0 is the initial value, θ1 and θ2 come of updates, and the penalty is that of θ3.
@Test func historicalAverageIsPyTorchs() throws {
  let record = try #require(try Record.load()["historical-average"])
  func theta(_ index: Int) throws -> [Double] { try #require(record.inputs["theta\(index)"]).values }
  let start = try theta(0)
  let parameter = Variable(name: "w", shape: [2, 3], dtype: .f64) { _ in start }
  let history = HistoricalAverage(of: [parameter], player: "player")
  #expect(history.variables.map(\.name) == ["history/w", "player/history/count"])

  let new = Input(name: "new", shape: [2, 3], dtype: .f64).value
  let penalty = history.penalty(weight: Tensor(0.5, dtype: .f64))
  let ahead = history.penalty(weight: Tensor(0.5, dtype: .f64), values: [parameter: new])
  var program = Program(name: "update")
  program.output("penalty", penalty)
  program.output("ahead", ahead)
  program.output("gradient", gradients(of: penalty, withRespectTo: [parameter.value])[0])
  program.output("mean's gradient", gradients(of: penalty, withRespectTo: history.means.map(\.value))[0])
  program.assign(new, to: parameter)
  for (variable, value) in history.update(with: [(parameter, new)]) { program.assign(value, to: variable) }
  let backend = ReferenceBackend()
  let store = try backend.makeStore([parameter] + history.variables, seed: 1)
  let compiled = try backend.compile(program, store: store)
  func step(_ values: [Double]) throws {
    try compiled.setInput("new", values)
    compiled.run(counter: 1, substep: 0)
  }
  try step(try theta(1))
  // Nothing has moved when the first step begins.
  let before = try [compiled.output("penalty"), compiled.output("gradient")]
  #expect(before == [[0], Array(repeating: 0, count: 6)])
  try step(try theta(2))
  let count = try store.values(of: "player/history/count")
  #expect(count == [3])
  try store.setValues(try theta(3), of: "w")
  try step(try theta(3))
  let (found, ahead3) = (try compiled.output("penalty"), try compiled.output("ahead"))
  #expect(agree(found, record.value))
  #expect(agree(ahead3, record.value))
  let slope = try compiled.output("gradient")
  #expect(agree(slope, try #require(record.gradients["theta3"])))
  let still = try compiled.output("mean's gradient")
  #expect(still == Array(repeating: 0, count: 6))
}

@Test func aParameterWithoutAnUpdateCountsWithItsOldValue() throws {
  let parameter = Variable(name: "w", shape: [1], dtype: .f64, fill: 4)
  let history = HistoricalAverage(of: [parameter], player: "player")
  let values = try evaluate(
    history.update(with: []).map(\.value), variables: ["history/w": [1], "player/history/count": [2]])
  #expect(agree(values.flatMap { $0 }, [2, 3]))
}
