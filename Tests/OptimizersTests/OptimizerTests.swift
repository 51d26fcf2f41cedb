import Execution
import Optimizers
import Tensors
import Testing

private func scalar(_ value: Double) -> Tensor { Tensor(value, dtype: .f64) }

@Test func plainDescentIsItsFormula() throws {
  let training = try Training(.sgd("player"))
  var w = Training.start
  for step in 0..<3 {
    try training.step(Training.gradient(step), rate: 0.1)
    for i in 0..<8 { w[i] -= 0.1 * Training.gradient(step)[i] }
  }
  let found = try training.values
  #expect(agree(found, w))
}

@Test(arguments: Arena.allCases)
func momentumIsItsFormula(arena: Arena) throws {
  let training = try Training(.sgd("player", momentum: arena.scalar(0.9)), on: arena)
  var (w, b) = (Training.start, Array(repeating: 0.0, count: 8))
  for step in 0..<4 {
    // The rate changes between steps: it is outside of the buffer.
    let rate = 0.1 / Double(step + 1)
    try training.step(Training.gradient(step), rate: rate)
    for i in 0..<8 {
      b[i] = 0.9 * b[i] + Training.gradient(step)[i]
      w[i] -= rate * b[i]
    }
  }
  let found = try training.values
  #expect(agree(found, w, arena.tolerance))
}

@Test(arguments: [nil, 0.5], Arena.allCases)
func rmsPropIsItsFormula(momentum: Double?, arena: Arena) throws {
  let training = try Training(
    .rmsProp(
      "player", decay: arena.scalar(0.95), epsilon: arena.scalar(1e-3), momentum: momentum.map(arena.scalar)),
    on: arena)
  var (w, v, b) = (Training.start, Array(repeating: 0.0, count: 8), Array(repeating: 0.0, count: 8))
  for step in 0..<4 {
    try training.step(Training.gradient(step), rate: 0.01)
    for i in 0..<8 {
      let g = Training.gradient(step)[i]
      v[i] = 0.95 * v[i] + 0.05 * g * g
      b[i] = (momentum ?? 0) * b[i] + g / (v[i].squareRoot() + 1e-3)
      w[i] -= 0.01 * b[i]
    }
  }
  let found = try training.values
  #expect(agree(found, w, arena.tolerance))
}

@Test(arguments: [(0.5, 0.999), (0, 0.9), (0.9, 0.9999999)], Arena.allCases)
func adamIsItsFormula(betas: (Double, Double), arena: Arena) throws {
  // Adam of the β that the precision can express.
  let round = { (beta: Double) in arena.type == .f32 ? Double(Float(beta)) : beta }
  let (beta1, beta2) = (round(betas.0), round(betas.1))
  let training = try Training(
    .adam("player", beta1: arena.scalar(beta1), beta2: arena.scalar(beta2), epsilon: arena.scalar(1e-8)), on: arena)
  var (w, m, v) = (Training.start, Array(repeating: 0.0, count: 8), Array(repeating: 0.0, count: 8))
  var (power1, power2) = (1.0, 1.0)
  for step in 0..<5 {
    try training.step(Training.gradient(step), rate: 0.01)
    power1 *= beta1
    power2 *= beta2
    for i in 0..<8 {
      let g = Training.gradient(step)[i]
      m[i] = beta1 * m[i] + (1 - beta1) * g
      v[i] = beta2 * v[i] + (1 - beta2) * g * g
      w[i] -= 0.01 * (m[i] / (1 - power1)) / ((v[i] / (1 - power2)).squareRoot() + 1e-8)
    }
  }
  let found = try training.values
  #expect(agree(found, w, arena.tolerance))
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
    try evaluate(ClipByNorm(limit: scalar(limit))(gradients, of: [], player: "", state: OptimizerState()).gradients)
      .flatMap { $0 }
  }
  let short = try clipped(2.5)
  #expect(agree(short, [1.5, 0, 0, 2]))
  let long = try clipped(7)
  #expect(long == [3, 0, 0, 4])
  let zero = Tensor([0, 0], shape: [2], dtype: .f64)
  let still = try evaluate(ClipByNorm(limit: scalar(1))([zero], of: [], player: "", state: OptimizerState()).gradients)
  #expect(still == [[0, 0]])
}

@Test(arguments: Arena.allCases)
func clippingByValueClampsEachElementBeforeTheNorm(arena: Arena) throws {
  let training = try Training(.sgd("player", clipNorm: arena.scalar(0.75), clipValue: arena.scalar(0.5)), on: arena)
  try training.step([-4, 0.1, 0.5, -0.5, 0, 2, .infinity, -0.2], rate: 1)
  let clamped = [-0.5, 0.1, 0.5, -0.5, 0, 0.5, 0.5, -0.2]
  let scale = 0.75 / clamped.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let found = try training.values
  #expect(agree(found, zip(Training.start, clamped).map { $0 - $1 * scale }, arena.tolerance))
}

@Test func clippingComesBeforeMomentum() throws {
  let training = try Training(.sgd("player", momentum: scalar(0.9), clipNorm: scalar(0.5)))
  var (w, b) = (Training.start, Array(repeating: 0.0, count: 8))
  for step in 0..<3 {
    try training.step(Training.gradient(step), rate: 0.1)
    let norm = Training.gradient(step).reduce(0) { $0 + $1 * $1 }.squareRoot()
    for i in 0..<8 {
      b[i] = 0.9 * b[i] + Training.gradient(step)[i] * min(1, 0.5 / norm)
      w[i] -= 0.1 * b[i]
    }
    // The reported norm is the one before clipping.
    let reported = try training.program.output("norm")
    #expect(agree(reported, [norm]))
  }
  let found = try training.values
  #expect(agree(found, w))
}

private let optimizers: [@Sendable (Arena) -> Optimizer] = [
  { .sgd("player", momentum: $0.scalar(0.9), clipNorm: $0.scalar(1)) },
  {
    .rmsProp(
      "player", decay: $0.scalar(0.9), epsilon: $0.scalar(1e-8), momentum: $0.scalar(0.5), clipNorm: $0.scalar(1))
  },
  {
    .adam(
      "player", beta1: $0.scalar(0.5), beta2: $0.scalar(0.9), epsilon: $0.scalar(1e-8), clipNorm: $0.scalar(1))
  },
]

@Test(arguments: [0, 1, 2], Arena.allCases)
func guardSkipsAGradientThatIsNotFinite(index: Int, arena: Arena) throws {
  let training = try Training(optimizers[index](arena), on: arena, isGuarded: true)
  try training.step(Training.gradient(0), rate: 0.1)
  let before = try training.state
  for bad in [Double.nan, .infinity, -.infinity] {
    var broken = Training.gradient(1)
    broken[7] = bad
    try training.step(broken, rate: 0.1)
    let after = try training.state
    #expect(before == after, "\(bad)")
  }
  try training.step(Training.gradient(1), rate: 0.1)
  let moved = try training.state
  #expect(moved != before)
  let areFinite = moved.joined().allSatisfy { $0.isFinite }
  #expect(areFinite)
}

@Test func clampingBoundsTheParameters() throws {
  let training = try Training(.sgd("player"), limit: scalar(0.5))
  try training.step(Training.gradient(0), rate: 0.1)
  let found = try training.values
  let expected = (0..<8).map { (i: Int) -> Double in
    min(0.5, max(-0.5, Training.start[i] - 0.1 * Training.gradient(0)[i]))
  }
  #expect(agree(found, expected))
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
  let update = optimizers[0](.reference).update([], gradients: [], rate: scalar(1))
  #expect(update.assignments.isEmpty)
  let norm = try evaluate(update.gradientNorm)
  #expect(norm == [0])
}
