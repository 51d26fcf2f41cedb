import Execution
import Stability
import Tensors
import Testing

/// L_G = ½θᵀAθ + θᵀBφ and L_D = ½φᵀDφ + φᵀCθ with symmetric A, D: v′ = −[[A, B], [C, D]].
private func quadraticGame(
  generator m: Int, discriminator n: Int, damping: Double = 0, seed: String = "game"
) throws -> (game: Game, jacobian: SquareMatrix) {
  func symmetric(_ size: Int, _ name: String) -> [Double] {
    let raw = numbers(size * size, stream: "\(seed)/\(name)")
    return (0..<size * size).map { index in
      let (row, column) = (index / size, index % size)
      return (raw[index] + raw[column * size + row]) / 2 + (row == column ? damping : 0)
    }
  }
  let (a, d) = (symmetric(m, "a"), symmetric(n, "d"))
  let (b, c) = (numbers(m * n, stream: "\(seed)/b"), numbers(m * n, stream: "\(seed)/c"))
  // The discriminator's variables are two, so that order and offsets matter.
  let theta = Variable(name: "theta", shape: [m, 1], dtype: .f64, fill: 0)
  let first = Variable(name: "phi1", shape: [1, 1], dtype: .f64, fill: 0)
  let rest = Variable(name: "phi2", shape: [n - 1, 1], dtype: .f64, fill: 0)
  let phi = Tensor.concatenate([first.value, rest.value], axis: 0)
  let t = theta.value
  func matrix(_ values: [Double], _ rows: Int, _ columns: Int) -> Tensor {
    Tensor(values, shape: [rows, columns], dtype: .f64)
  }
  func form(_ x: Tensor, _ middle: Tensor, _ y: Tensor) -> Tensor { x.transposed().matmul(middle).matmul(y).sum() }
  let lossG = 0.5 * form(t, matrix(a, m, m), t) + form(t, matrix(b, m, n), phi)
  let lossD = 0.5 * form(phi, matrix(d, n, n), phi) + form(phi, matrix(c, n, m), t)
  let game = try Game(
    generator: Player(name: "generator", loss: lossG, variables: [theta]),
    discriminator: Player(name: "discriminator", loss: lossD, variables: [first, rest]))
  var jacobian = SquareMatrix(size: m + n)
  for i in 0..<m {
    for j in 0..<m { jacobian[i, j] = -a[i * m + j] }
    for j in 0..<n { jacobian[i, m + j] = -b[i * n + j] }
  }
  for i in 0..<n {
    for j in 0..<m { jacobian[m + i, j] = -c[i * m + j] }
    for j in 0..<n { jacobian[m + i, m + j] = -d[i * n + j] }
  }
  return (game, jacobian)
}

@Test(arguments: [(1, 2), (3, 2), (5, 9), (20, 30)])
func jacobianOfAQuadraticGameIsItsMatrix(m: Int, n: Int) throws {
  let (game, expected) = try quadraticGame(generator: m, discriminator: n)
  let compiled = try CompiledGame(game)
  // Anywhere: the field is linear.
  try compiled.setParameters(numbers(m + n, stream: "point"))
  #expect(difference(try compiled.jacobian().elements, expected.elements) < 1e-12)
  #expect(distance(try compiled.jacobian().eigenvalues(), try expected.eigenvalues()) < 1e-9)
  let direction = numbers(m + n, stream: "direction")
  let product = (0..<m + n).map { row in direction.indices.reduce(0) { $0 + expected[row, $1] * direction[$1] } }
  #expect(difference(try compiled.product(with: direction), product) < 1e-12)
  let point = try compiled.parameters()
  let field = (0..<m + n).map { row in point.indices.reduce(0) { $0 + expected[row, $1] * point[$1] } }
  #expect(difference(try compiled.field(), field) < 1e-12)
}

@Test func eigenvaluesAreThoseOfKnownMatrices() throws {
  // A rotation by 90°, twice as long, beside 3; a companion matrix of (x − 1)(x − 2)(x − 3).
  let blocks = try SquareMatrix(size: 3, elements: [0, -2, 0, 2, 0, 0, 0, 0, 3])
  #expect(difference(try blocks.eigenvalues().map(\.real), [3, 0, 0]) < 1e-14)
  #expect(difference(try blocks.eigenvalues().map(\.imaginary), [0, 2, -2]) < 1e-14)
  let companion = try SquareMatrix(size: 3, elements: [6, -11, 6, 1, 0, 0, 0, 1, 0])
  #expect(distance(try companion.eigenvalues(), [Eigenvalue(1), Eigenvalue(2), Eigenvalue(3)]) < 1e-12)
  #expect(try SquareMatrix(size: 0).eigenvalues() == [])
  #expect(throws: StabilityError.notFinite(what: "matrix")) {
    try SquareMatrix(size: 1, elements: [.nan]).eigenvalues()
  }
  #expect(throws: StabilityError.wrongCount(what: "a matrix of 2 rows", expected: 4, found: 3)) {
    try SquareMatrix(size: 2, elements: [1, 2, 3])
  }
}

@Test(arguments: [1, 2, 3])
func operatorIsTheProductOfItsSteps(k: Int) throws {
  let (game, jacobian) = try quadraticGame(generator: 3, discriminator: 4)
  let compiled = try CompiledGame(game)
  try compiled.setParameters(numbers(7, stream: "point"))
  for order in [GradientSteps.Order.simultaneous, .alternating(discriminatorSteps: k)] {
    let steps = GradientSteps(generatorRate: 0.3, discriminatorRate: 0.2, order: order)
    let matrix = steps.operatorMatrix(jacobian: jacobian, generatorCount: 3)
    // The field is linear, so a round is the matrix itself.
    let start = try compiled.parameters()
    try compiled.take(steps)
    let moved = (0..<7).map { row in start.indices.reduce(0) { $0 + matrix[row, $1] * start[$1] } }
    #expect(difference(try compiled.parameters(), moved) < 1e-12)
    #expect(difference(try compiled.operatorMatrix(of: steps).elements, matrix.elements) < 1e-12)
  }
}

/// At a tenth under the limit the operator's radius is below 1, at a tenth above it is not.
@Test(arguments: ["a", "b", "c", "d"], [1, 2, 4])
func limitsAreWhereTheRadiusIsOne(seed: String, k: Int) throws {
  let (_, jacobian) = try quadraticGame(generator: 4, discriminator: 5, damping: 2.5, seed: seed)
  var question = StabilityQuestion()
  (question.generatorRate, question.discriminatorRate, question.discriminatorSteps) = (0.5, 0.8, k)
  let report = try StabilityReport(jacobian: jacobian, generatorCount: 4, asking: question)
  for (order, limit) in [
    (GradientSteps.Order.simultaneous, report.simultaneous),
    (.alternating(discriminatorSteps: k), try #require(report.alternating)),
  ] {
    let factor = try #require(limit.factor)
    #expect(limit.kind == .contracting)
    func radius(_ scale: Double) throws -> Double {
      try GradientSteps(generatorRate: 0.5, discriminatorRate: 0.8, order: order).scaled(by: scale * factor)
        .operatorMatrix(jacobian: jacobian, generatorCount: 4).eigenvalues().spectralRadius
    }
    #expect(abs(try radius(1) - 1) < 1e-8)
    #expect(try radius(0.9) < 1)
    #expect(try radius(1.1) > 1)
    // The search agrees with the closed form.
    if order == .simultaneous {
      let searched = try StepLimit.searched(
        GradientSteps(generatorRate: 0.5, discriminatorRate: 0.8, order: order), jacobian: jacobian, generatorCount: 4)
      #expect(abs((searched.factor ?? 0) - factor) < 1e-8 * factor)
    }
  }
}

/// By products alone, the limits are those of the dense operators.
@Test(arguments: [1, 3])
func limitsOfALargeGameAreThoseOfItsJacobian(k: Int) throws {
  let (game, jacobian) = try quadraticGame(generator: 25, discriminator: 35, damping: 5)
  var question = StabilityQuestion()
  (question.generatorRate, question.discriminatorRate, question.discriminatorSteps) = (0.5, 0.8, k)
  let dense = try StabilityReport(jacobian: jacobian, generatorCount: 25, asking: question)
  (question.denseLimit, question.maximumBasis) = (10, 59)
  let leading = try StabilityReport(of: CompiledGame(game), asking: question)
  #expect(leading.isConverged && leading.isStationary && dense.verdict == leading.verdict)
  #expect(abs(leading.spectralAbscissa - dense.spectralAbscissa) < 1e-6)
  let (simultaneous, alternating) = (try #require(dense.simultaneous.factor), try #require(dense.alternating?.factor))
  #expect(abs((leading.simultaneous.factor ?? 0) - simultaneous) < 1e-6 * simultaneous)
  #expect(abs((leading.alternating?.factor ?? 0) - alternating) < 2e-3 * alternating)
}

@Test func whatDoesNotConvergeIsTold() throws {
  let (game, _) = try quadraticGame(generator: 25, discriminator: 35)
  var question = StabilityQuestion()
  (question.denseLimit, question.maximumBasis) = (10, 3)
  let found = try StabilityReport(of: CompiledGame(game), asking: question)
  #expect(!found.isConverged && !found.isComplete && found.alternating == nil)
  #expect(found.sentence.contains("more products are needed"))
  // What was not found may lead away.
  #expect(found.verdict == .diverges || found.verdict == .undecided && found.sentence.hasPrefix("undecided"))
}

@Test func gamesThatCannotBeAnalysedAreRefused() throws {
  let (x, y) = (
    Variable(name: "x", shape: [], dtype: .f64, fill: 1), Variable(name: "y", shape: [], dtype: .f64, fill: 1)
  )
  func player(_ name: String, _ loss: Tensor, _ variables: [Variable]) -> Player {
    Player(name: name, loss: loss, variables: variables)
  }
  let product = x.value * y.value
  #expect(throws: StabilityError.noVariables(player: "discriminator")) {
    try Game(generator: player("generator", product, [x]), discriminator: player("discriminator", product, []))
  }
  #expect(throws: StabilityError.sharedVariable("x")) {
    try Game(generator: player("generator", product, [x]), discriminator: player("discriminator", product, [x]))
  }
  #expect(throws: StabilityError.detachedLoss(player: "discriminator", from: "generator")) {
    try Game(
      generator: player("generator", product, [x]),
      discriminator: player("discriminator", x.value.detached * y.value, [y]))
  }
  let game = try Game(
    generator: player("generator", product, [x]), discriminator: player("discriminator", -product, [y]))
  let compiled = try CompiledGame(game)
  #expect(throws: StabilityError.wrongCount(what: "the direction", expected: 2, found: 3)) {
    try compiled.product(with: [1, 2, 3])
  }
  #expect(throws: StabilityError.wrongCount(what: "the point", expected: 2, found: 1)) {
    try compiled.setParameters([1])
  }
  #expect(throws: ExecutionError.unknownInput("batch", program: "field")) { try compiled.setInput("batch", [1]) }
  let vector = Variable(name: "v", shape: [2], dtype: .f64, fill: 0)
  let noScalar = try Game(
    generator: player("generator", vector.value * y.value, [vector]),
    discriminator: player("discriminator", y.value, [y]))
  #expect(throws: TensorError.lossIsNoScalar([2])) { try CompiledGame(noScalar) }
}
