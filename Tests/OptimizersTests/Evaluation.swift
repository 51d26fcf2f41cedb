import Execution
import Tensors

/// The values of tensors on the reference backend, after one run.
func evaluate(
  _ tensors: [Tensor], inputs: [String: [Double]] = [:], variables: [String: [Double]] = [:], seed: UInt64 = 1,
  counter: UInt64 = 1, on backend: any Backend = ReferenceBackend()
) throws -> [[Double]] {
  var program = Program(name: "evaluation")
  for (index, tensor) in tensors.enumerated() { program.output("\(index)", tensor) }
  let store = try backend.makeStore(program.variables, seed: seed)
  for (name, values) in variables { try store.setValues(values, of: name) }
  let compiled = try backend.compile(program, store: store)
  for (name, values) in inputs { try compiled.setInput(name, values) }
  compiled.run(counter: counter, substep: 0)
  return try tensors.indices.map { try compiled.output("\($0)") }
}

func evaluate(
  _ tensor: Tensor, inputs: [String: [Double]] = [:], variables: [String: [Double]] = [:], seed: UInt64 = 1,
  counter: UInt64 = 1
) throws -> [Double] {
  try evaluate([tensor], inputs: inputs, variables: variables, seed: seed, counter: counter)[0]
}

/// Whether numbers agree to `tolerance`, absolutely or relative to the expected ones.
func agree(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-12) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { $0 == $1 || abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

/// Numbers that look random, in −2 ... 2, equal in every run.
func numbers(_ count: Int, stream: String = "numbers") -> [Double] {
  Philox(seed: 7, stream: stream).draw(.uniform, count: count, sample: 0, counter: 0, substep: 0).map { 4 * $0 - 2 }
}
