import Execution
import Tensors
import Testing

/// Programs in f32, whatever backend runs them, against the reference backend.
@Suite struct AgreementTests {
  /// The backends that must agree; a new backend is one more element.
  static var backends: [any Backend] { [ReferenceBackend(), CPUBackend()] }

  /// Every operation with its first and second derivatives, against the reference in f64.
  @Test(arguments: OpCase.nonEmpty + OpCase.large) func operations(_ opCase: OpCase) throws {
    for backend in Self.backends { try expectAgreement(opCase, on: backend) }
  }

  /// The same bits for uniform draws; for normal ones a few units in the last place of the logarithm and the sine.
  @Test(arguments: [[], [1], [5], [19], [3, 7], [4, 2, 3], [64, 33], [2, 1, 5, 5]]) func draws(_ shape: [Int]) throws {
    var program = Program(name: "draws")
    program.output("normal", .randomNormal(Shape(shape), stream: "n"))
    program.output("uniform", .randomUniform(Shape(shape), stream: "u"))
    program.output("bernoulli", .randomBernoulli(Shape(shape), probability: 0.4, stream: "b").cast(to: .f32))
    for backend in Self.backends {
      let (subject, oracle) = (try Evaluation(program, on: backend, seed: 7), try Evaluation(program, seed: 7))
      for (counter, substep) in [(0, 0), (1, 0), (0, 3), (1 << 32 + 5, 1)] as [(UInt64, UInt32)] {
        let found = try subject(counter: counter, substep: substep)
        let expected = try oracle(counter: counter, substep: substep)
        expectClose(found["normal"] ?? [], expected["normal"] ?? [], tolerance: 2e-6, "normal")
        #expect(found["uniform"] == expected["uniform"])
        #expect(found["bernoulli"] == expected["bernoulli"])
      }
    }
  }

  /// Zeros of both signs, infinities, NaN and numbers at which careless formulas overflow or lose all digits.
  @Test(arguments: specialFunctions.indices) func specialValues(_ index: Int) throws {
    let (name, function) = Self.specialFunctions[index]
    let values: [Double] = [
      0, -0.0, 1, -1, 1e-6, -1e-6, 1e-20, 30, -30, 90, -90, 200, -200, 1e20, -1e20, .infinity, -.infinity, .nan,
    ]
    let x = Input(name: "x", shape: [values.count])
    var program = Program(name: name)
    program.output("result", try trace { function(x.value) })
    let expected = try #require(try Evaluation(program)(["x": values])["result"])
    for backend in Self.backends {
      let found = try #require(try Evaluation(program, on: backend)(["x": values])["result"])
      for (value, (a, b)) in zip(values, zip(found, expected)) {
        let isClose = a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= 2e-6 * b.magnitude + 1e-37
        #expect(isClose, "\(name) of \(value) is \(a), expected \(b)")
      }
    }
  }

  static let specialFunctions: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("negate", { -$0 }), ("reciprocal", { $0.reciprocal() }), ("square", { $0.square() }), ("exp", { $0.exp() }),
    ("expm1", { $0.expm1() }), ("log", { $0.log() }), ("log1p", { $0.log1p() }), ("sqrt", { $0.sqrt() }),
    ("rsqrt", { $0.rsqrt() }), ("erf", { $0.erf() }), ("tanh", { $0.tanh() }), ("sigmoid", { $0.sigmoid() }),
    ("softplus", { $0.softplus() }), ("abs", { $0.abs() }), ("sign", { $0.sign() }), ("relu", { $0.relu() }),
    ("leakyRelu", { $0.leakyRelu(slope: 0.2) }), ("step", { $0.step() }), ("power", { $0.power(-1.5) }),
    ("cube", { $0.power(3) }), ("isFinite", { $0.isFinite() }), ("elu", { $0.elu() }), ("gelu", { $0.gelu() }),
    ("clamped", { $0.clamped(-2...3) }), ("minimum", { $0.minimum(Tensor(1)) }), ("maximum", { $0.maximum(Tensor(1)) }),
    ("maximum on the right", { Tensor(1).maximum($0) }), ("divide", { $0 / $0 }),
    ("cast to bool", { $0.cast(to: .bool) }),
    ("greater", { ($0 .> Tensor(0)).cast(to: .f32) }), ("equal", { ($0 .== $0).cast(to: .f32) }),
    ("notEqual", { ($0 .!= $0).cast(to: .f32) }), ("select", { ($0 .> Tensor(0)).select($0, Tensor(5)) }),
    ("max", { $0.max() }), ("max over none", { $0.reshape([6, 3]).max(axes: [1]) }),
    ("sum", { $0.reshape([6, 3]).sum(axes: [1]) }),
    ("logSumExp", { $0.reshape([6, 3]).logSumExp(axes: [1]) }), ("softmax", { $0.reshape([6, 3]).softmax() }),
  ]

  /// Variables, assignments and inputs over several runs.
  @Test func training() throws {
    let weight = Variable(name: "w", shape: [3, 2]) { seed in uniforms(6, stream: "w\(seed)") }
    let momentum = Variable(name: "m", shape: [3, 2], fill: 0)
    let steps = Variable(name: "n", shape: [], dtype: .i32, fill: 0)
    let (x, rate) = (Input(name: "x", shape: [4, 3]), Input(name: "rate", shape: []))
    var program = Program(name: "step")
    let value = weight.value
    let noise = Tensor.randomNormal([4, 2], stream: "noise")
    let loss = (x.value.matmul(value).tanh() - noise).square().mean()
    let gradient = gradients(of: loss, withRespectTo: [value])[0]
    let moved = momentum.value * 0.9 + gradient
    program.output("loss", loss)
    program.assign(moved, to: momentum)
    program.assign(value - rate.value * moved, to: weight)
    program.assign(steps.value + 1, to: steps)
    for backend in Self.backends {
      let (subject, oracle) = (try Evaluation(program, on: backend), try Evaluation(program))
      for step in 0..<20 {
        let inputs = ["x": uniforms(12, stream: "x\(step)"), "rate": [step < 10 ? 0.1 : 0.05]]
        let found = try subject(inputs, counter: UInt64(step))
        let expected = try oracle(inputs, counter: UInt64(step))
        expectClose(found["loss"] ?? [], expected["loss"] ?? [], tolerance: 1e-5, "loss at step \(step)")
      }
      for name in ["w", "m", "n"] {
        let expected = try oracle.store.values(of: name)
        expectClose(try subject.store.values(of: name), expected, tolerance: 1e-5, name)
      }
    }
  }
}
