import Tensors

/// A program on the reference backend: its nodes in topological order, each evaluated anew in every run.
public final class ReferenceProgram: CompiledProgram {
  public let program: Program
  private let store: ReferenceStore
  private let nodes: [Node]
  /// The position in `nodes` of a node's id.
  private let positions: [Int: Int]
  private var inputs: [String: [Double]] = [:]
  private var outputs: [String: [Double]] = [:]

  init(_ program: Program, store: ReferenceStore) {
    self.program = program
    self.store = store
    nodes = program.nodes
    positions = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.id, $0) })
    for input in program.inputs { inputs[input.name] = Array(repeating: 0, count: input.shape.count) }
    for output in program.outputs { outputs[output.name] = Array(repeating: 0, count: output.tensor.shape.count) }
  }

  public func setInput(_ name: String, _ values: [Double]) throws(ExecutionError) {
    guard let input = program.inputs.first(where: { $0.name == name }) else {
      throw .unknownInput(name, program: program.name)
    }
    guard values.count == input.shape.count else {
      throw .wrongCount(name: name, expected: input.shape.count, found: values.count)
    }
    inputs[name] = values.map(input.dtype.rounded)
  }

  public func run(counter: UInt64, substep: UInt32) {
    var values: [[Double]] = []
    values.reserveCapacity(nodes.count)
    for node in nodes {
      let operands = node.operands.map { Operand(values: values[position($0)], shape: $0.type.shape) }
      let result = evaluate(node, operands, counter: counter, substep: substep)
      values.append(result.map(node.type.dtype.rounded))
    }
    for output in program.outputs { outputs[output.name] = values[position(output.tensor.node)] }
    for assignment in program.assignments {
      store.write(values[position(assignment.value.node)], to: assignment.variable)
    }
  }

  public func output(_ name: String) throws(ExecutionError) -> [Double] {
    guard let values = outputs[name] else { throw .unknownOutput(name, program: program.name) }
    return values
  }

  private func position(_ node: Node) -> Int { positions[node.id] ?? 0 }

  /// The elements of a node before they are rounded to its type.
  private func evaluate(_ node: Node, _ operands: [Operand], counter: UInt64, substep: UInt32) -> [Double] {
    let shape = node.type.shape
    return switch node.op {
    case .input(let input): inputs[input.name] ?? Array(repeating: 0, count: shape.count)
    case .variable(let variable): store.read(variable)
    case .constant(let constant):
      constant.values.count == 1 ? Array(repeating: constant.values[0], count: shape.count) : constant.values
    case .iota(let iota): iota.evaluate()
    case .random(let random): random.evaluate(seed: store.seed, counter: counter, substep: substep)
    case .unary(let unary): operands[0].values.map { value(of: unary.function, at: $0) }
    case .binary(let binary): zip(operands[0].values, operands[1].values).map(binary.function.evaluate)
    case .compare(let compare):
      zip(operands[0].values, operands[1].values).map { compare.relation.holds($0, $1) ? 1 : 0 }
    case .select: zip(operands[0].values, zip(operands[1].values, operands[2].values)).map { $0 != 0 ? $1.0 : $1.1 }
    case .cast, .detach, .reshape: operands[0].values
    case .transpose(let transpose): transpose.evaluate(operands[0], shape)
    case .broadcast: operands[0].broadcast(to: shape)
    case .slice(let slice): slice.evaluate(operands[0], shape)
    case .pad(let pad): pad.evaluate(operands[0], shape)
    case .concatenate(let concatenate): concatenate.evaluate(operands, shape)
    case .reduce(let reduce): reduce.evaluate(operands[0], shape)
    case .gather: operands[0].gather(operands[1])
    case .scatterAdd(let scatterAdd): scatterAdd.evaluate(operands[0], indices: operands[1], shape)
    case .matmul: operands[0].matmul(operands[1], shape)
    case .convolution(let convolution):
      convolution.geometry.convolve(operands[0], operands[1], output: shape)
    case .convolutionDataGradient(let convolution):
      convolution.geometry.dataGradient(operands[0], operands[1], input: shape)
    case .convolutionWeightGradient(let convolution):
      convolution.geometry.weightGradient(operands[0], operands[1], weight: shape)
    case .poison: Array(repeating: .nan, count: shape.count)
    }
  }
}

/// The elements of an operation's operand, row-major, already rounded to its type.
struct Operand {
  let values: [Double]
  let shape: Shape
}
