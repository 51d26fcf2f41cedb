import Execution
import Tensors
import Testing

@Suite struct ReferenceBackendTests {
  private let backend = ReferenceBackend()

  @Test func resultsAreRoundedToTheirType() throws {
    let third = try evaluate(Tensor(1) / Tensor(3), Tensor(1, dtype: .f64) / Tensor(3, dtype: .f64))
    #expect(third == [[Double(Float(1) / 3)], [1.0 / 3]])
    // 2^24 + 1 is no Float, whatever the order of the sum.
    let sum = Tensor([0x1p24, 1, -0x1p24], shape: [3])
    #expect(try evaluate(sum.sum())[0] == [1])
    #expect(try evaluate((sum.slice(axis: 0, from: 0, to: 2).sum() + Tensor(-0x1p24)))[0] == [0])
    #expect(try evaluate(Tensor(0.1))[0] == [Double(Float(0.1))])
    #expect(try evaluate(Tensor(1e300).exp(), Tensor(1e39))[0] == [.infinity])
  }

  @Test func castsTruncateSaturateAndTest() throws {
    let x = Tensor([-2.7, -0.5, 0, 0.5, 2.7, 1e10, -1e10, .nan, .infinity], shape: [9])
    let found = try evaluate(x.cast(to: .i32), x.cast(to: .bool))
    #expect(found[0] == [-2, 0, 0, 0, 2, 2_147_483_647, -2_147_483_648, 0, 2_147_483_647])
    #expect(found[1] == [1, 1, 0, 1, 1, 1, 1, 1, 1])
    #expect(
      try evaluate(Tensor([7, -7, 1], shape: [3], dtype: .i32) / Tensor([2, 2, 0], shape: [3], dtype: .i32))[0] == [
        3, -3, 2_147_483_647,
      ])
  }

  @Test func infinitiesAndNaN() throws {
    let x = Tensor([.nan, .infinity, -.infinity, 0], shape: [4], dtype: .f64)
    let found = try evaluate(
      x.isFinite(), x.relu(), x.step(), x.sign(), x.sigmoid(), x.softplus(), x.maximum(Tensor(1)), x.minimum(Tensor(1)),
      x.tanh(),
      x.cast(to: .f32).reciprocal())
    let expected: [[Double]] = [
      [0, 0, 0, 1], [.nan, .infinity, 0, 0], [0, 1, 0, 0], [.nan, 1, -1, 0], [.nan, 1, 0, 0.5],
      [.nan, .infinity, 0, 0.693_147_180_559_945_3], [.nan, .infinity, 1, 1], [.nan, 1, -.infinity, 0],
      [.nan, 1, -1, 0],
      [.nan, 0, 0, .infinity],
    ]
    for (row, (a, b)) in zip(found, expected).enumerated() { expectClose(a, b, tolerance: 1e-15, "row \(row)") }
    #expect(try evaluate(x.max())[0][0].isNaN)
    #expect(
      try evaluate((x .== x).cast(to: .f64), (x .!= x).cast(to: .f64), (x .< x).cast(to: .f64)) == [
        [0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0],
      ])
    let chosen = (x .> Tensor(0, dtype: .f64)).select(Tensor(1, dtype: .f64), Tensor(2, dtype: .f64))
    #expect(try evaluate(chosen)[0] == [2, 1, 2, 2])
  }

  @Test func extremesStayFinite() throws {
    let x = Tensor([-800, -40, 40, 800], shape: [4], dtype: .f64)
    #expect(try evaluate(x.softplus())[0] == [0, 4.248354255291589e-18, 40, 800])
    #expect(try evaluate(x.sigmoid())[0] == [0, 4.248354255291589e-18, 1, 1])
    #expect(try evaluate(x.softmax().sum())[0] == [1])
    #expect(try evaluate(x.logSumExp())[0] == [800])
    #expect(try evaluate(x.elu())[0] == [-1, -1, 40, 800])
    // The gradient of the side that is not chosen stays finite, too.
    for function in [{ $0.elu() }, { $0.softplus() }, { $0.gelu() }, { $0.logSumExp() }] as [(Tensor) -> Tensor] {
      #expect(try evaluate(gradients(of: function(x).sum(), withRespectTo: [x])[0])[0].allSatisfy(\.isFinite))
    }
  }

  @Test func assignmentsHappenAfterAllReads() throws {
    let a = Variable(name: "a", shape: [2]) { _ in [1, 2] }
    let b = Variable(name: "b", shape: [2], fill: 10)
    var program = Program(name: "swap")
    program.assign(b.value, to: a)
    program.assign(a.value, to: b)
    program.output("old a", a.value)
    program.output("sum", a.value + b.value)
    let evaluation = try Evaluation(program, on: backend)
    #expect(try evaluation() == ["old a": [1, 2], "sum": [11, 12]])
    #expect(try evaluation.store.values(of: "a") == [10, 10])
    #expect(try evaluation.store.values(of: "b") == [1, 2])
    #expect(try evaluation() == ["old a": [10, 10], "sum": [11, 12]])
  }

  @Test func programsOnOneStoreShareVariables() throws {
    let counter = Variable(name: "n", shape: [], dtype: .i32, fill: 0)
    var count = Program(name: "count")
    count.assign(counter.value + 1, to: counter)
    var read = Program(name: "read")
    read.output("n", counter.value)
    let store = try backend.makeStore([counter], seed: 0)
    let (counting, reading) = (try backend.compile(count, store: store), try backend.compile(read, store: store))
    for _ in 0..<3 { counting.run(counter: 0, substep: 0) }
    reading.run(counter: 0, substep: 0)
    #expect(try reading.output("n") == [3])
    try store.setValues([7.9], of: "n")
    reading.run(counter: 0, substep: 0)
    #expect(try reading.output("n") == [7])
  }

  @Test func inputsKeepTheirValueAndStartAtZero() throws {
    let (x, y) = (Input(name: "x", shape: [2]), Input(name: "y", shape: []))
    var program = Program(name: "p")
    program.output("sum", x.value + y.value)
    program.output("twice the first", x.value + x.value)
    let evaluation = try Evaluation(program, on: backend)
    #expect(try evaluation.compiled.output("sum") == [0, 0])
    #expect(try evaluation()["sum"] == [0, 0])
    #expect(try evaluation(["x": [1, 0.1]])["sum"] == [1, Double(Float(0.1))])
    #expect(
      try evaluation(["y": [2]]) == ["sum": [3, Double(Float(0.1) + 2)], "twice the first": [2, Double(Float(0.2))]])
  }

  @Test func variablesStartFromTheSeed() throws {
    let variable = Variable(name: "v", shape: [2], dtype: .f64) { seed in [Double(seed), 0.1] }
    let store = try backend.makeStore([variable, variable], seed: 5)
    #expect(store.variables == [variable])
    #expect(store.seed == 5)
    #expect(try store.values(of: "v") == [5, 0.1])
  }

  @Test func mistakesAreNamed() throws {
    let variable = Variable(name: "v", shape: [2], fill: 0)
    let store = try backend.makeStore([variable], seed: 0)
    var program = Program(name: "step")
    program.output("out", Input(name: "x", shape: [3]).value)
    let compiled = try backend.compile(program, store: store)
    #expect(throws: ExecutionError.unknownVariable("w")) { try store.values(of: "w") }
    #expect(throws: ExecutionError.unknownVariable("w")) { try store.setValues([], of: "w") }
    #expect(throws: ExecutionError.wrongCount(name: "v", expected: 2, found: 3)) {
      try store.setValues([1, 2, 3], of: "v")
    }
    #expect(throws: ExecutionError.unknownInput("z", program: "step")) { try compiled.setInput("z", [1]) }
    #expect(throws: ExecutionError.wrongCount(name: "x", expected: 3, found: 0)) { try compiled.setInput("x", []) }
    #expect(throws: ExecutionError.unknownOutput("in", program: "step")) { try compiled.output("in") }
    #expect(throws: ExecutionError.wrongCount(name: "short", expected: 2, found: 1)) {
      try backend.makeStore([Variable(name: "short", shape: [2]) { _ in [1] }], seed: 0)
    }
    #expect(throws: TensorError.duplicateName("v")) {
      try backend.makeStore([variable, Variable(name: "v", shape: [3], fill: 0)], seed: 0)
    }
    #expect(throws: ExecutionError.unknownVariable("w")) {
      var program = Program(name: "p")
      program.output("w", Variable(name: "w", shape: [], fill: 0).value)
      _ = try backend.compile(program, store: store)
    }
    #expect(throws: TensorError.duplicateName("v")) {
      var program = Program(name: "p")
      program.output("v", Variable(name: "v", shape: [4], fill: 0).value)
      _ = try backend.compile(program, store: store)
    }
    #expect(throws: ExecutionError.foreignStore(backend: "reference")) {
      try backend.compile(program, store: ForeignStore())
    }
    #expect(throws: TensorError.duplicateName("out")) {
      program.output("out", Tensor(1))
      _ = try backend.compile(program, store: store)
    }
  }

  private final class ForeignStore: VariableStore {
    let seed: UInt64 = 0
    let variables: [Variable] = []
    func values(of name: String) throws(ExecutionError) -> [Double] { throw .unknownVariable(name) }
    func setValues(_ values: [Double], of name: String) throws(ExecutionError) { throw .unknownVariable(name) }
  }
}
