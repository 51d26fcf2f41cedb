import Execution
import Tensors
import Testing

/// Expects equal numbers within `tolerance` times the greatest magnitude (at least `floor`) of the expected ones.
func expectClose(
  _ found: [Double], _ expected: [Double], tolerance: Double, floor: Double = 1, _ what: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(what()): \(found.count) numbers instead of \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let magnitude = expected.filter(\.isFinite).map(\.magnitude).max() ?? 0
  let bound = tolerance * max(floor, magnitude)
  let wrong = zip(found, expected).enumerated().first { _, pair in
    !(pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) || (pair.0 - pair.1).magnitude <= bound)
  }
  if let (index, (a, b)) = wrong {
    Issue.record("\(what()): element \(index) is \(a), expected \(b) within \(bound)", sourceLocation: sourceLocation)
  }
}

/// Checks a case in f64: its result against the closed form, first and second gradients against finite differences.
func expectOp(_ opCase: OpCase, on backend: any Backend, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let graph = try OpProgram(opCase, dtype: .f64)
  let inputs = graph.inputs(of: opCase)
  let found = try Evaluation(graph.everything, on: backend)(inputs)

  let expected = opCase.expected(opCase.values)
  #expect(graph.projection.shape.dimensions == expected.shape, "\(opCase.name): shape", sourceLocation: sourceLocation)
  expectClose(
    found["result"] ?? [], expected.elements, tolerance: 1e-12, "\(opCase.name): result", sourceLocation: sourceLocation
  )

  let projected = try Evaluation(graph.projected, on: backend)
  let projectedGradient = try Evaluation(graph.projectedGradient, on: backend)
  for target in graph.targets {
    if target.name != graph.projection.name {
      try expectDerivative(
        found["gradient \(target.name)"] ?? [], of: projected, by: target.name, at: inputs,
        "\(opCase.name): gradient for \(target.name)", sourceLocation: sourceLocation)
    }
    try expectDerivative(
      found["second gradient \(target.name)"] ?? [], of: projectedGradient, by: target.name, at: inputs,
      "\(opCase.name): second gradient for \(target.name)", sourceLocation: sourceLocation)
  }
}

/// Expects the derivative of a program's "value" for an input to be what finite differences give, at 8 elements drawn.
func expectDerivative(
  _ found: [Double], of evaluation: Evaluation, by input: String, at inputs: [String: [Double]],
  tolerance: Double = 1e-8, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let count = inputs[input]?.count ?? 0
  guard found.count == count else {
    Issue.record("\(what): \(found.count) numbers instead of \(count)", sourceLocation: sourceLocation)
    return
  }
  let order = zip(uniforms(count, stream: what), 0..<count).sorted { $0.0 < $1.0 }
  let positions = order.prefix(8).map(\.1)
  let expected = try positions.map { position in
    try derivative { shift in
      var moved = inputs
      moved[input]?[position] += shift
      return try evaluation.value(moved)
    }
  }
  expectClose(
    positions.map { found[$0] }, expected, tolerance: tolerance, what, sourceLocation: sourceLocation)
}

/// The derivative at zero by central differences of fourth order: (8(f(h) − f(−h)) − f(2h) + f(−2h)) / 12h.
func derivative(step: Double = 1e-3, _ function: (Double) throws -> Double) rethrows -> Double {
  let near = try function(step) - function(-step)
  let far = try function(2 * step) - function(-2 * step)
  return (8 * near - far) / (12 * step)
}

/// Checks a case in f32 on a backend against the reference backend in f64: result, first and second gradients.
func expectAgreement(
  _ opCase: OpCase, on backend: any Backend, tolerance: Double = 1e-4, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let subject = try OpProgram(opCase, dtype: .f32)
  let oracle = try OpProgram(opCase, dtype: .f64)
  let inputs = subject.inputs(of: opCase).mapValues { $0.map { Double(Float($0)) } }
  let found = try Evaluation(subject.everything, on: backend)(inputs)
  let expected = try Evaluation(oracle.everything, on: ReferenceBackend())(inputs)
  for name in oracle.everything.outputs.map(\.name) {
    expectClose(
      found[name] ?? [], expected[name] ?? [], tolerance: tolerance, floor: 1e-3, "\(opCase.name): \(name)",
      sourceLocation: sourceLocation)
  }
}
