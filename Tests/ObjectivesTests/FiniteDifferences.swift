import Execution
import Tensors
import Testing

/// A compiled program of a few outputs, run on changing inputs on the reference backend.
struct Probe {
  private let program: any CompiledProgram
  private let count: Int
  private let inputs: Set<String>

  init(_ outputs: [Tensor]) throws {
    var program = Program(name: "probe")
    for (index, tensor) in outputs.enumerated() { program.output("\(index)", tensor) }
    let backend = ReferenceBackend()
    self.program = try backend.compile(program, store: try backend.makeStore(program.variables, seed: 1))
    count = outputs.count
    inputs = Set(program.inputs.map(\.name))
  }

  /// All outputs; inputs that the program does not read are passed over.
  func callAsFunction(_ values: [String: [Double]]) throws -> [[Double]] {
    for (name, values) in values where inputs.contains(name) { try program.setInput(name, values) }
    program.run(counter: 1, substep: 0)
    return try (0..<count).map { try program.output("\($0)") }
  }
}

/// Expects that the engine's gradient of a scalar, and the gradient of that gradient's product with fixed numbers, are the
/// central differences of the scalar and of the product.
func expectDerivatives(
  of scalar: Tensor, for targets: [String: Tensor], at inputs: [String: [Double]], _ comment: Comment
) throws {
  let names = targets.keys.sorted()
  let slopes = gradients(of: scalar, withRespectTo: names.compactMap { targets[$0] })
  let product = zip(names, slopes).map { name, slope in
    (slope * Tensor(numbers(slope.shape.count, stream: name), shape: slope.shape, dtype: .f64)).sum()
  }.reduce(Tensor(0, dtype: .f64), +)
  let second = gradients(of: product, withRespectTo: names.compactMap { targets[$0] })
  let probe = try Probe([scalar, product] + slopes + second)
  let found = try probe(inputs)
  let step = 1e-5
  for (index, name) in names.enumerated() {
    let values = try #require(inputs[name])
    for element in values.indices {
      var moved = inputs
      moved[name]?[element] = values[element] + step
      let up = try probe(moved)
      moved[name]?[element] = values[element] - step
      let down = try probe(moved)
      for (order, derivative) in [found[2 + index], found[2 + names.count + index]].enumerated() {
        let expected = (up[order][0] - down[order][0]) / (2 * step)
        #expect(agree([derivative[element]], [expected], 2e-7), "\(comment) \(name)[\(element)], order \(order + 1)")
      }
    }
  }
}
