import Execution
import Tensors
import Testing

/// A compiled program as a function of named inputs; names that the program does not use are passed over.
struct Evaluation {
  let compiled: any CompiledProgram
  let store: any VariableStore
  private let inputs: Set<String>

  init(_ program: Program, on backend: any Backend = ReferenceBackend(), seed: UInt64 = 1) throws {
    store = try backend.makeStore(program.variables, seed: seed)
    compiled = try backend.compile(program, store: store)
    inputs = Set(program.inputs.map(\.name))
  }

  @discardableResult
  func callAsFunction(
    _ values: [String: [Double]] = [:], counter: UInt64 = 0, substep: UInt32 = 0
  ) throws -> [String: [Double]] {
    for (name, values) in values where inputs.contains(name) { try compiled.setInput(name, values) }
    compiled.run(counter: counter, substep: substep)
    let names = compiled.program.outputs.map(\.name)
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try compiled.output($0)) })
  }

  /// The program's output "value", a scalar.
  func value(_ values: [String: [Double]]) throws -> Double { try #require(self(values)["value"]?.first) }
}

/// The elements of tensors that need no inputs, on the reference backend.
func evaluate(_ tensors: Tensor..., seed: UInt64 = 1, counter: UInt64 = 0, substep: UInt32 = 0) throws -> [[Double]] {
  var program = Program(name: "test")
  for (index, tensor) in tensors.enumerated() { program.output("\(index)", tensor) }
  let outputs = try Evaluation(program, seed: seed)(counter: counter, substep: substep)
  return try tensors.indices.map { try #require(outputs["\($0)"]) }
}
