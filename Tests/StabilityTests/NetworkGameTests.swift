import Execution
import Networks
import Objectives
import Stability
import Tensors
import Testing

/// A GAN of 193 parameters, whose Jacobians PyTorch computed: scripts/parity/make_stability.py.
private struct Record: Decodable {
  struct Round: Decodable {
    let steps: Int
    let generatorRate: Double
    let discriminatorRate: Double
  }
  struct Case: Decodable {
    let field: [Double]
    let product: [Double]
    let eigenvalues: [[Double]]
    let round: Round
    let roundProduct: [Double]
  }
  let initial: [String: [Double]]
  let real: [Double]
  let noise: [Double]
  let direction: [Double]
  let cases: [String: Case]
}

private func makeGame(_ name: String, type: DType = .f64) throws -> Game {
  let generator = try Network.mlp(
    name: "generator", input: [2], hidden: [8], output: [2], activation: .tanh, dtype: type)
  let discriminator = try Network.mlp(
    name: "discriminator", input: [2], hidden: [10, 10], output: [1], activation: .tanh, dtype: type)
  let real = Input(name: "real", shape: [8, 2], dtype: type).value
  let fake = generator(Input(name: "noise", shape: [8, 2], dtype: type).value)
  let objective: any AdversarialObjective = name == "non-saturating" ? NonSaturating() : LeastSquares()
  let score = discriminator(real)
  var loss = objective.discriminatorLoss(real: score, fake: discriminator(fake)).total
  if name == "least-squares-r1" {
    let slope = gradients(of: score.sum(), withRespectTo: [real])[0]
    loss = loss + 0.5 * slope.square().sum(axes: [1]).mean()
  }
  return try Game(
    generator: Player(
      name: "generator", loss: objective.generatorLoss(fake: discriminator(fake)), variables: generator.parameters),
    discriminator: Player(name: "discriminator", loss: loss, variables: discriminator.parameters))
}

private func compiled(_ name: String, _ record: Record, _ backend: any Backend = ReferenceBackend()) throws
  -> CompiledGame
{
  let game = try CompiledGame(makeGame(name, type: backend is CPUBackend ? .f32 : .f64), backend: backend)
  for (name, values) in record.initial { try game.store.setValues(values, of: name) }
  try game.setInput("real", record.real)
  try game.setInput("noise", record.noise)
  return game
}

private let names = ["non-saturating", "least-squares-r1"]

/// v′ at the recorded weights, computed once for all tests: 193 products each.
private let jacobians: [String: Result<SquareMatrix, any Error>] = Dictionary(
  uniqueKeysWithValues: names.map { name in (name, Result { try compiled(name, load("mlp")).jacobian() }) })

private func denseEigenvalues(_ name: String) throws -> [Eigenvalue] {
  try #require(jacobians[name]).get().eigenvalues()
}

@Test(arguments: names)
func jacobianIsPyTorchs(_ name: String) throws {
  let record: Record = try load("mlp")
  let expected = try #require(record.cases[name])
  let game = try compiled(name, record)
  #expect(game.game.count == 193 && game.game.generatorCount == 42)
  #expect(difference(try game.field(), expected.field) < 1e-12)
  #expect(difference(try game.product(with: record.direction), expected.product) < 1e-12)
  let values = try denseEigenvalues(name)
  #expect(distance(values, expected.eigenvalues.map { Eigenvalue($0[0], $0[1]) }) < 1e-7 * values.spectralRadius)
  // A round of alternating steps, away from any stationary point.
  let round = expected.round
  let steps = GradientSteps(
    generatorRate: round.generatorRate, discriminatorRate: round.discriminatorRate,
    order: .alternating(discriminatorSteps: round.steps))
  let before = try game.parameters()
  #expect(difference(try game.operatorProduct(of: steps, with: record.direction), expected.roundProduct) < 1e-12)
  #expect(try game.parameters() == before)
}

/// v′·u as the derivative of a vector-Jacobian product by its vector, which needs no symmetry.
@Test(arguments: names)
func productIsTheDoubleVectorJacobianProduct(_ name: String) throws {
  let record: Record = try load("mlp")
  let game = try makeGame(name)
  let vectors = game.variables.map { Input(name: "y/\($0.name)", shape: $0.shape, dtype: .f64).value }
  let direction = game.variables.map { Input(name: "u/\($0.name)", shape: $0.shape, dtype: .f64).value }
  let transposed = vectorJacobianProducts(
    of: game.field, with: vectors, withRespectTo: game.variables.map(\.value))
  let products = vectorJacobianProducts(of: transposed, with: direction, withRespectTo: vectors)
  var program = Program(name: "double")
  for (variable, tensor) in zip(game.variables, products) { program.output(variable.name, tensor) }
  let backend = ReferenceBackend()
  let store = try backend.makeStore(game.variables, seed: 1)
  for (name, values) in record.initial { try store.setValues(values, of: name) }
  let run = try backend.compile(program, store: store)
  try run.setInput("real", record.real)
  try run.setInput("noise", record.noise)
  var start = 0
  for variable in game.variables {
    try run.setInput("u/\(variable.name)", Array(record.direction[start..<start + variable.shape.count]))
    start += variable.shape.count
  }
  run.run(counter: 1, substep: 0)
  let found = try game.variables.flatMap { try run.output($0.name) }
  #expect(difference(found, try compiled(name, record).product(with: record.direction)) < 1e-12)
}

/// The operator against a round made from points a little apart.
@Test(arguments: [
  GradientSteps.Order.simultaneous, .alternating(discriminatorSteps: 1), .alternating(discriminatorSteps: 3),
])
func operatorIsTheDerivativeOfARound(_ order: GradientSteps.Order) throws {
  let record: Record = try load("mlp")
  let game = try compiled("least-squares-r1", record)
  let steps = GradientSteps(generatorRate: 0.4, discriminatorRate: 0.1, order: order)
  let start = try game.parameters()
  let product = try game.operatorProduct(of: steps, with: record.direction)
  func round(_ distance: Double) throws -> [Double] {
    try game.setParameters(zip(start, record.direction).map { $0 + distance * $1 })
    try game.take(steps)
    return try game.parameters()
  }
  let slopes = zip(try round(1e-5), try round(-1e-5)).map { ($0 - $1) / 2e-5 }
  #expect(difference(slopes, product) < 1e-7)
}

@Test(arguments: names)
func arnoldiFindsTheLeadingEigenvalues(_ name: String) throws {
  let record: Record = try load("mlp")
  let game = try compiled(name, record)
  let dense = try denseEigenvalues(name)
  let iteration = Arnoldi(dimension: 193, maximumBasis: 120)
  let found = try iteration.eigenvalues(wanted: 8, by: [\.modulus, \.real], of: game.product(with:))
  #expect(found.count < 193)
  for key: (Eigenvalue) -> Double in [\.modulus, \.real] {
    let leading = found.filter(\.isConverged).map(\.value).sorted { key($0) > key($1) }.prefix(8)
    #expect(leading.count == 8)
    for (value, expected) in zip(leading, dense.sorted { key($0) > key($1) }) {
      #expect(abs(key(value) - key(expected)) < 1e-7 * dense.spectralRadius)
    }
  }
  // Residuals are true to the matrix: no converged value is far from an eigenvalue.
  for value in found.filter(\.isConverged).map(\.value) {
    let nearest = dense.map { Eigenvalue($0.real - value.real, $0.imaginary - value.imaginary).modulus }.min() ?? 1
    #expect(nearest < 1e-5 * dense.spectralRadius)
  }
}

/// The report by Arnoldi's iteration is the report of the dense Jacobian.
@Test func reportOfALargeGameIsThatOfItsJacobian() throws {
  let record: Record = try load("mlp")
  let game = try compiled("least-squares-r1", record)
  var question = StabilityQuestion()
  (question.asksForAlternating, question.denseLimit) = (false, 100)
  let leading = try StabilityReport(of: game, asking: question)
  let jacobian = try #require(jacobians["least-squares-r1"]).get()
  let dense = try StabilityReport(
    jacobian: jacobian, generatorCount: 42, fieldNorm: leading.fieldNorm, asking: question)
  #expect(dense.isComplete && !leading.isComplete && leading.eigenvalues.count >= 6)
  #expect(leading.verdict == dense.verdict)
  #expect(abs(leading.spectralAbscissa - dense.spectralAbscissa) < 1e-6)
  #expect(leading.simultaneous.kind == dense.simultaneous.kind)
  #expect(!dense.isStationary && dense.sentence.contains("not stationary"))
  #expect(leading.sentence.contains("of 193 eigenvalues"))
}

@Test func leadingEigenvaluesInSinglePrecision() throws {
  let record: Record = try load("mlp")
  let reference = try denseEigenvalues("least-squares-r1")
  let game = try compiled("least-squares-r1", record, CPUBackend())
  let iteration = Arnoldi(dimension: 193, maximumBasis: 100, tolerance: 1e-5)
  let found = try iteration.eigenvalues(wanted: 4, of: game.product(with:))
  for (value, expected) in zip(found.prefix(4), reference) {
    #expect(abs(value.value.modulus - expected.modulus) < 1e-4 * reference.spectralRadius)
  }
}
