import Execution
import Optimizers
import Tensors
import Testing

/// Where optimizers are tested: a backend and the precision that it computes in.
enum Arena: CaseIterable {
  case reference, cpu

  var type: DType { self == .reference ? .f64 : .f32 }
  var tolerance: Double { self == .reference ? 1e-9 : 1e-5 }
  var backend: any Backend { self == .reference ? ReferenceBackend() : CPUBackend() }
  func scalar(_ value: Double) -> Tensor { Tensor(value, dtype: type) }
}

/// A run of an optimizer on given gradients of a weight `[2, 3]` and a bias `[2]`.
final class Training {
  let parameters: [Variable]
  let store: any VariableStore
  let program: any CompiledProgram

  init(_ optimizer: Optimizer, on arena: Arena = .reference, isGuarded: Bool = false, limit: Tensor? = nil) throws {
    let type = arena.type
    parameters = [
      Variable(name: "player/weight", shape: [2, 3], dtype: type) { _ in Array(Training.start[..<6]) },
      Variable(name: "player/bias", shape: [2], dtype: type) { _ in Array(Training.start[6...]) },
    ]
    let inputs = [Input(name: "weight", shape: [2, 3], dtype: type), Input(name: "bias", shape: [2], dtype: type)]
    let rate = Input(name: "rate", shape: .scalar, dtype: type).value
    var update = optimizer.update(parameters, gradients: inputs.map(\.value), rate: rate)
    if let limit { update = update.clampingParameters(to: limit) }
    if isGuarded { update = update.guarded() }
    var program = Program(name: "update")
    program.output("norm", update.gradientNorm)
    for assignment in update.assignments { program.assign(assignment.value, to: assignment.variable) }
    let variables = parameters + optimizer.state(for: parameters)
    #expect(Set(program.variables) == Set(variables))
    let backend = arena.backend
    store = try backend.makeStore(variables, seed: 1)
    self.program = try backend.compile(program, store: store)
  }

  /// The initial parameters, all elements in order.
  static let start = numbers(8, stream: "parameters")

  /// The gradient of a step, likewise.
  static func gradient(_ step: Int) -> [Double] { numbers(8, stream: "gradient \(step)").map { $0 * $0 * $0 } }

  func step(_ gradient: [Double], rate: Double) throws {
    try program.setInput("weight", Array(gradient[..<6]))
    try program.setInput("bias", Array(gradient[6...]))
    try program.setInput("rate", [rate])
    program.run(counter: 1, substep: 0)
  }

  var values: [Double] { get throws { try parameters.flatMap { try store.values(of: $0.name) } } }

  /// Every variable of the store.
  var state: [[Double]] { get throws { try store.variables.map { try store.values(of: $0.name) } } }
}
