import Execution
import Optimizers
import Tensors
import Testing

private let weight = Variable(name: "player/weight", shape: [2, 3], dtype: .f64) { _ in numbers(6, stream: "weight") }
private let bias = Variable(name: "player/bias", shape: [2], dtype: .f64) { _ in numbers(2, stream: "bias") }
private let parameters = [weight, bias]
private func scalar(_ value: Double) -> Tensor { Tensor(value, dtype: .f64) }

/// The gradient of a step, all elements of both parameters in order.
private func gradient(_ step: Int) -> [Double] { numbers(8, stream: "gradient \(step)").map { $0 * $0 * $0 } }

/// A run of an optimizer on given gradients, its hyperparameters inputs of the program.
private final class Training {
  let store: any VariableStore
  let program: any CompiledProgram

  init(_ optimizer: Optimizer, isGuarded: Bool = false, limit: Tensor? = nil) throws {
    let inputs = [Input(name: "weight", shape: [2, 3], dtype: .f64), Input(name: "bias", shape: [2], dtype: .f64)]
    var update = optimizer.update(
      parameters, gradients: inputs.map(\.value), rate: Input(name: "rate", shape: .scalar, dtype: .f64).value)
    if let limit { update = update.clampingParameters(to: limit) }
    if isGuarded { update = update.guarded() }
    var program = Program(name: "update")
    program.output("norm", update.gradientNorm)
    for assignment in update.assignments { program.assign(assignment.value, to: assignment.variable) }
    let backend = ReferenceBackend()
    let variables = parameters + optimizer.state(for: parameters)
    #expect(Set(program.variables) == Set(variables))
    store = try backend.makeStore(variables, seed: 1)
    self.program = try backend.compile(program, store: store)
  }

  func step(_ gradient: [Double], rate: Double) throws {
    try program.setInput("weight", Array(gradient[..<6]))
    try program.setInput("bias", Array(gradient[6...]))
    try program.setInput("rate", [rate])
    program.run(counter: 1, substep: 0)
  }

  var values: [Double] { get throws { try parameters.flatMap { try store.values(of: $0.name) } } }
}

private let start = numbers(6, stream: "weight") + numbers(2, stream: "bias")

@Test func plainDescentIsItsFormula() throws {
  let training = try Training(.sgd("player"))
  var w = start
  for step in 0..<3 {
    try training.step(gradient(step), rate: 0.1)
    for i in 0..<8 { w[i] -= 0.1 * gradient(step)[i] }
  }
  let found = try training.values
  #expect(agree(found, w))
}

@Test func momentumIsItsFormula() throws {
  let training = try Training(.sgd("player", momentum: scalar(0.9)))
  var (w, b) = (start, Array(repeating: 0.0, count: 8))
  for step in 0..<4 {
    // The rate changes between steps: it is outside of the buffer.
    let rate = 0.1 / Double(step + 1)
    try training.step(gradient(step), rate: rate)
    for i in 0..<8 {
      b[i] = 0.9 * b[i] + gradient(step)[i]
      w[i] -= rate * b[i]
    }
  }
  let found = try training.values
  #expect(agree(found, w))
}

@Test(arguments: [nil, 0.5])
func rmsPropIsItsFormula(momentum: Double?) throws {
  let training = try Training(
    .rmsProp("player", decay: scalar(0.95), epsilon: scalar(1e-3), momentum: momentum.map(scalar)))
  var (w, v, b) = (start, Array(repeating: 0.0, count: 8), Array(repeating: 0.0, count: 8))
  for step in 0..<4 {
    try training.step(gradient(step), rate: 0.01)
    for i in 0..<8 {
      let g = gradient(step)[i]
      v[i] = 0.95 * v[i] + 0.05 * g * g
      b[i] = (momentum ?? 0) * b[i] + g / (v[i].squareRoot() + 1e-3)
      w[i] -= 0.01 * b[i]
    }
  }
  let found = try training.values
  #expect(agree(found, w))
}

@Test(arguments: [(0.5, 0.999), (0, 0.9), (0.9, 0.9999999)])
func adamIsItsFormula(beta1: Double, beta2: Double) throws {
  let training = try Training(
    .adam("player", beta1: scalar(beta1), beta2: scalar(beta2), epsilon: scalar(1e-8)))
  var (w, m, v) = (start, Array(repeating: 0.0, count: 8), Array(repeating: 0.0, count: 8))
  var (power1, power2) = (1.0, 1.0)
  for step in 0..<5 {
    try training.step(gradient(step), rate: 0.01)
    power1 *= beta1
    power2 *= beta2
    for i in 0..<8 {
      let g = gradient(step)[i]
      m[i] = beta1 * m[i] + (1 - beta1) * g
      v[i] = beta2 * v[i] + (1 - beta2) * g * g
      w[i] -= 0.01 * (m[i] / (1 - power1)) / ((v[i] / (1 - power2)).squareRoot() + 1e-8)
    }
  }
  let found = try training.values
  #expect(agree(found, w, 1e-9))
  let steps = try training.store.values(of: "player/adam/step")
  #expect(steps == [5])
}

@Test func adamsCorrectionHoldsForLongRuns() throws {
  let optimizer = Optimizer.adam(
    "player", beta1: Tensor(0.5), beta2: Tensor(0.999), epsilon: Tensor(1e-8))
  let w = Variable(name: "w", shape: [1], fill: 0)
  let update = optimizer.update([w], gradients: [Tensor([1], shape: [1])], rate: Tensor(1))
  let moved = try #require(update.parameters.first).value
  for step in [0.0, 999, 999_999, 16_777_215] {
    // The second moment that step + 1 gradients of 1 leave, so that Adam's direction is 1.
    let before = 1 - power(0.999, step)
    let value = try evaluate(
      moved,
      variables: [
        "player/adam/step": [step], "w/adam/first_moment": [1 - power(0.5, step)], "w/adam/second_moment": [before],
      ])
    #expect(agree(value, [-1], 1e-4), "after \(step) steps: \(value)")
  }
}

@Test func clippingLimitsTheJointNorm() throws {
  let gradients = [Tensor([3, 0], shape: [2], dtype: .f64), Tensor([0, 4], shape: [2, 1], dtype: .f64)]
  let norm = try evaluate(globalNorm(gradients))
  #expect(norm == [5])
  func clipped(_ limit: Double) throws -> [Double] {
    try evaluate(ClipByNorm(limit: scalar(limit))(gradients, of: [], player: "").gradients).flatMap { $0 }
  }
  let short = try clipped(2.5)
  #expect(agree(short, [1.5, 0, 0, 2]))
  let long = try clipped(7)
  #expect(long == [3, 0, 0, 4])
  let zero = Tensor([0, 0], shape: [2], dtype: .f64)
  let still = try evaluate(ClipByNorm(limit: scalar(1))([zero], of: [], player: "").gradients)
  #expect(still == [[0, 0]])
}

@Test func clippingComesBeforeMomentum() throws {
  let training = try Training(.sgd("player", momentum: scalar(0.9), clipNorm: scalar(0.5)))
  var (w, b) = (start, Array(repeating: 0.0, count: 8))
  for step in 0..<3 {
    try training.step(gradient(step), rate: 0.1)
    let norm = gradient(step).reduce(0) { $0 + $1 * $1 }.squareRoot()
    for i in 0..<8 {
      b[i] = 0.9 * b[i] + gradient(step)[i] * min(1, 0.5 / norm)
      w[i] -= 0.1 * b[i]
    }
    // The reported norm is the one before clipping.
    let reported = try training.program.output("norm")
    #expect(agree(reported, [norm]))
  }
  let found = try training.values
  #expect(agree(found, w))
}

private let optimizers: [Optimizer] = [
  .sgd("player", momentum: scalar(0.9), clipNorm: scalar(1)),
  .rmsProp("player", decay: scalar(0.9), epsilon: scalar(1e-8), momentum: scalar(0.5), clipNorm: scalar(1)),
  .adam("player", beta1: scalar(0.5), beta2: scalar(0.9), epsilon: scalar(1e-8), clipNorm: scalar(1)),
]

@Test(arguments: optimizers.indices, [Double.nan, .infinity, -.infinity])
func guardSkipsAGradientThatIsNotFinite(index: Int, bad: Double) throws {
  let training = try Training(optimizers[index], isGuarded: true)
  try training.step(gradient(0), rate: 0.1)
  let names = training.store.variables.map(\.name)
  let before = try names.map { try training.store.values(of: $0) }
  var broken = gradient(1)
  broken[7] = bad
  try training.step(broken, rate: 0.1)
  let after = try names.map { try training.store.values(of: $0) }
  #expect(before == after)
  try training.step(gradient(1), rate: 0.1)
  let moved = try names.map { try training.store.values(of: $0) }
  #expect(moved != after)
  #expect(moved.allSatisfy { $0.allSatisfy(\.isFinite) })
}

@Test func clampingBoundsTheParameters() throws {
  let training = try Training(.sgd("player"), limit: scalar(0.5))
  try training.step(gradient(0), rate: 0.1)
  let found = try training.values
  #expect(agree(found, (0..<8).map { min(0.5, max(-0.5, start[$0] - 0.1 * gradient(0)[$0])) }))
}

@Test func parametersOfAnotherPassStandIn() throws {
  let w = Variable(name: "w", shape: [1], dtype: .f64, fill: 1)
  let optimizer = Optimizer.sgd("player")
  let gradient = Tensor([1], shape: [1], dtype: .f64)
  let first = optimizer.update([w], gradients: [gradient], rate: scalar(0.25))
  let second = optimizer.update(
    [w], gradients: [gradient], rate: scalar(0.25),
    values: Dictionary(uniqueKeysWithValues: first.parameters.map { ($0.variable, $0.value) }))
  let value = try evaluate(try #require(second.parameters.first).value)
  #expect(value == [0.5])
}

@Test func anOptimizerOfNothingDoesNothing() throws {
  let update = optimizers[0].update([], gradients: [], rate: scalar(1))
  #expect(update.assignments.isEmpty)
  let norm = try evaluate(update.gradientNorm)
  #expect(norm == [0])
}
