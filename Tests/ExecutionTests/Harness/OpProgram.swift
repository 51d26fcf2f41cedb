import Execution
import Tensors
import Testing

/// A case's graph as programs: its result y, the gradient g of Σ p·y for a random p, and the gradient of Σ q·g for random q.
struct OpProgram {
  /// The operands and the projection p: everything that has a second gradient. The derivative for p is the one that
  /// goes through the incoming gradient of each rule.
  let targets: [Input]
  let projection: Input
  /// Outputs "result", "gradient x" for each differentiable operand, "second gradient x" for each target.
  let everything: Program
  /// Σ p·y alone, for finite differences.
  let projected: Program
  /// Σ q·g alone, for finite differences.
  let projectedGradient: Program
  private let operands: [Input]

  init(_ opCase: OpCase, dtype: DType) throws {
    let operands = opCase.operands.enumerated().map {
      Input(name: "x\($0)", shape: Shape($1.shape), dtype: $1.dtype(dtype))
    }
    let differentiable = operands.indices.filter { opCase.operands[$0].hasGradient }
    var everything = Program(name: opCase.name)
    var projected = Program(name: opCase.name)
    var projectedGradient = Program(name: opCase.name)
    projection = try trace {
      let nodes = operands.map(\.value)
      let result = opCase.build(nodes)
      let projection = Input(name: "p", shape: result.shape, dtype: dtype)
      let incoming = projection.value
      let scalar = (result * incoming).sum()
      everything.output("result", result)
      projected.output("value", scalar)

      let wanted = differentiable.map { nodes[$0] }
      let first = gradients(of: scalar, withRespectTo: wanted)
      for (index, gradient) in zip(differentiable, first) {
        everything.output("gradient \(operands[index].name)", gradient)
      }
      let parts = zip(differentiable, first).map { index, gradient in
        let weights = uniforms(gradient.shape.count, stream: "\(opCase.testDescription) q\(index)").map { 2 * $0 - 1 }
        return (gradient * Tensor(weights, shape: gradient.shape, dtype: dtype)).sum()
      }
      let again = parts.reduce(Tensor(0, dtype: dtype), +)
      projectedGradient.output("value", again)
      let second = gradients(of: again, withRespectTo: wanted + [incoming])
      for (input, gradient) in zip(differentiable.map { operands[$0] } + [projection], second) {
        everything.output("second gradient \(input.name)", gradient)
      }
      return projection
    }
    self.operands = operands
    targets = differentiable.map { operands[$0] } + [projection]
    self.everything = everything
    self.projected = projected
    self.projectedGradient = projectedGradient
  }

  /// The values of all inputs for a case.
  func inputs(of opCase: OpCase) -> [String: [Double]] {
    var values = Dictionary(uniqueKeysWithValues: zip(operands.map(\.name), opCase.values.map(\.elements)))
    let draws = uniforms(projection.shape.count, stream: "\(opCase.testDescription) p")
    values[projection.name] = draws.map { 2 * $0 - 1 }
    return values
  }
}
