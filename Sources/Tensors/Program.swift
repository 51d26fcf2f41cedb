/// What is computed in one run: named outputs and assignments to variables, from inputs, variables and random streams.
public struct Program: Sendable {
  public struct Output: Sendable {
    public let name: String
    public let tensor: Tensor
  }
  public struct Assignment: Sendable {
    public let variable: Variable
    public let value: Tensor
  }
  public private(set) var name: String
  public private(set) var outputs: [Output] = []
  public private(set) var assignments: [Assignment] = []

  public init(name: String) { self.name = name }

  public mutating func output(_ name: String, _ tensor: Tensor) { outputs.append(Output(name: name, tensor: tensor)) }

  /// The variable takes the value after everything else in the run has read the old one.
  public mutating func assign(_ value: Tensor, to variable: Variable) {
    assignments.append(Assignment(variable: variable, value: value))
  }

  /// The nodes that the outputs and assignments need, in topological order.
  public var nodes: [Node] {
    var seen: Set<Int> = []
    var found: [Node] = []
    var stack = outputs.map(\.tensor.node) + assignments.map(\.value.node)
    while let node = stack.popLast() {
      guard seen.insert(node.id).inserted else { continue }
      found.append(node)
      stack += node.operands
    }
    // Sorted as numbers: moving the nodes themselves about would count their references each time.
    return found.indices.map { (id: found[$0].id, index: $0) }.sorted { $0.id < $1.id }.map { found[$0.index] }
  }

  /// The inputs in order of first use.
  public var inputs: [Input] {
    var found: [Input] = []
    for node in nodes {
      if case .input(let input) = node.op, !found.contains(where: { $0.name == input.name }) { found.append(input) }
    }
    return found
  }

  /// The variables read or assigned, by name.
  public var variables: [Variable] {
    var found: [String: Variable] = [:]
    for node in nodes { if case .variable(let variable) = node.op { found[variable.name] = variable } }
    for assignment in assignments { found[assignment.variable.name] = assignment.variable }
    return found.values.sorted { $0.name < $1.name }
  }

  /// Checks every node's type against its operation, names against shapes, and assignments against their variables.
  ///
  /// - Throws: the first `TensorError` found.
  public func verify() throws(TensorError) {
    var inputs: [String: Input] = [:]
    var variables: [String: Variable] = [:]
    for node in nodes {
      let type = try node.op.operation.result(of: node.operands.map(\.type), label: node.label)
      guard type == node.type else {
        throw .shapeMismatch(
          operation: node.op.operation.name, shapes: [type.shape, node.type.shape], rule: "the node's type is stale",
          label: node.label)
      }
      switch node.op {
      case .input(let input):
        guard inputs.updateValue(input, forKey: input.name).map({ $0 == input }) ?? true else {
          throw .duplicateName(input.name)
        }
      case .variable(let variable):
        try variables.add(variable)
      default: break
      }
    }
    for assignment in assignments {
      let (variable, value) = (assignment.variable, assignment.value)
      try variables.add(variable)
      guard variable.shape == value.shape else {
        throw .shapeMismatch(
          operation: "assignment", shapes: [variable.shape, value.shape], rule: "expected the variable's shape",
          label: variable.name)
      }
      guard variable.dtype == value.dtype else {
        throw .typeMismatch(
          operation: "assignment", types: [variable.dtype, value.dtype], rule: "expected the variable's type",
          label: variable.name)
      }
    }
    var assigned: Set<String> = []
    for assignment in assignments where !assigned.insert(assignment.variable.name).inserted {
      throw .assignedTwice(assignment.variable.name)
    }
    var named: Set<String> = []
    for output in outputs where !named.insert(output.name).inserted { throw .duplicateName(output.name) }
  }
}

extension [String: Variable] {
  fileprivate mutating func add(_ variable: Variable) throws(TensorError) {
    if let known = updateValue(variable, forKey: variable.name) {
      guard known.shape == variable.shape, known.dtype == variable.dtype else { throw .duplicateName(variable.name) }
    }
  }
}

extension Program: CustomStringConvertible {
  /// The graph as text, one node a line: `%7 = matmul(%3, %5) f32 [256, 128]  generator/dense1`.
  public var description: String {
    let nodes = nodes
    let numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.id, $0) })
    func name(_ node: Node) -> String { "%\(numbers[node.id] ?? -1)" }
    var lines = ["program \(self.name)"]
    for node in nodes {
      let operands = node.operands.map(name).joined(separator: ", ")
      var detail = node.op.operation.name
      switch node.op {
      case .input(let input): detail = "input \"\(input.name)\""
      case .variable(let variable): detail = "variable \"\(variable.name)\""
      case .constant(let constant) where constant.values.count == 1: detail += " \(constant.values[0])"
      case .random(let random): detail += " \(random.distribution.rawValue) \"\(random.stream)\""
      case .reduce(let reduce): detail += " axes \(reduce.axes)"
      case .cast(let cast): detail += " \(cast.dtype.rawValue)"
      default: break
      }
      let label = node.label.isEmpty ? "" : "  \(node.label)"
      lines.append("  \(name(node)) = \(detail)(\(operands)) \(node.type.dtype.rawValue) \(node.type.shape)\(label)")
    }
    lines += outputs.map { "  output \($0.name) = \(name($0.tensor.node))" }
    lines += assignments.map { "  \($0.variable.name) <- \(name($0.value.node))" }
    return lines.joined(separator: "\n")
  }
}
