/// The gradients of a scalar for each of `targets`, as graph nodes: they can be differentiated again.
///
/// The driver accumulates, and checks each rule's number and shapes; broadcasting is an operation whose own rule sums.
/// Only nodes on a path from a target to the loss are visited. A target that the loss does not depend on gets zeros.
/// All nodes of one variable are the same target.
///
/// - Parameter loss: a scalar.
public func gradients(of loss: Tensor, withRespectTo targets: [Tensor]) -> [Tensor] {
  guard loss.shape.count == 1 else {
    let poisoned = Tensor.poison(.lossIsNoScalar(loss.shape))
    return targets.map { _ in poisoned }
  }
  let seed = Tensor.filled(1, shape: loss.shape, dtype: loss.dtype)
  return vectorJacobianProducts(of: [loss], with: [seed], withRespectTo: targets)
}

/// Σ over outputs of vᵀ·∂output/∂target, for each target, as graph nodes.
///
/// - Parameter vectors: one for each output, of its shape.
public func vectorJacobianProducts(
  of outputs: [Tensor], with vectors: [Tensor], withRespectTo targets: [Tensor]
) -> [Tensor] {
  if let poisoned = (outputs + vectors + targets).first(where: \.isPoisoned) { return targets.map { _ in poisoned } }
  guard outputs.count == vectors.count else {
    let poisoned = Tensor.poison(.wrongVectorCount(outputs: outputs.count, vectors: vectors.count))
    return targets.map { _ in poisoned }
  }
  if let (output, vector) = zip(outputs, vectors).first(where: { $0.shape != $1.shape }) {
    let error = TensorError.shapeMismatch(
      operation: "vectorJacobianProducts", shapes: [output.shape, vector.shape],
      rule: "expected a vector of each output's shape",
      label: Trace.label)
    let poisoned = Tensor.poison(error)
    return targets.map { _ in poisoned }
  }
  let wanted = Targets(targets)
  let order = nodesBetween(wanted, outputs: outputs)
  let path = Set(order.map(\.id))
  var incoming: [Int: Tensor] = [:]
  func accumulate(_ gradient: Tensor, into node: Node) {
    let id = wanted.id(of: node)
    if let known = incoming[id] { incoming[id] = known + gradient } else { incoming[id] = gradient }
  }
  for (output, vector) in zip(outputs, vectors) where path.contains(output.node.id) {
    accumulate(vector, into: output.node)
  }
  for node in order.reversed() {
    guard let gradient = incoming[node.id], !node.operands.isEmpty else { continue }
    if !wanted.contains(node) { incoming[node.id] = nil }
    Trace.$label.withValue(node.label) {
      let operation = node.op.operation
      let parts = operation.gradient(
        operands: node.operands.map(Tensor.init), output: Tensor(node: node), incoming: gradient)
      guard parts.count == node.operands.count else {
        let error = TensorError.wrongGradientCount(
          operation: operation.name, expected: node.operands.count, found: parts.count)
        for operand in node.operands { incoming[wanted.id(of: operand)] = .poison(error) }
        return
      }
      for (index, (operand, part)) in zip(node.operands, parts).enumerated() where path.contains(operand.id) {
        guard let part else { continue }
        if !part.isPoisoned, part.shape != operand.type.shape {
          incoming[wanted.id(of: operand)] = .poison(
            .wrongGradientShape(
              operation: operation.name, operand: index, expected: operand.type.shape, found: part.shape))
        } else {
          accumulate(part, into: operand)
        }
      }
    }
  }
  return targets.map { incoming[wanted.id(of: $0.node)] ?? .filled(0, shape: $0.shape, dtype: $0.dtype) }
}

/// What is differentiated for. Reading a variable makes a node each time; here they all go by the first one's id.
private struct Targets {
  private var ids: Set<Int> = []
  private var variables: [String: Int] = [:]

  init(_ tensors: [Tensor]) {
    for node in tensors.map(\.node) {
      ids.insert(node.id)
      if case .variable(let variable) = node.op, variables[variable.name] == nil { variables[variable.name] = node.id }
    }
  }

  /// The id that a node's gradient is kept under.
  func id(of node: Node) -> Int {
    guard case .variable(let variable) = node.op else { return node.id }
    return variables[variable.name] ?? node.id
  }

  func contains(_ node: Node) -> Bool { ids.contains(id(of: node)) }
}

/// The nodes on a path from any target to any output, in topological order; no path crosses a `detach`.
private func nodesBetween(_ targets: Targets, outputs: [Tensor]) -> [Node] {
  var reachable: [Int: Node] = [:]
  var stack = outputs.map(\.node)
  while let node = stack.popLast() {
    guard reachable.updateValue(node, forKey: node.id) == nil else { continue }
    if case .detach = node.op { continue }
    stack += node.operands
  }
  var leads: Set<Int> = []
  var path: [Node] = []
  for node in reachable.values.sorted(by: { $0.id < $1.id }) {
    if case .detach = node.op, !targets.contains(node) { continue }
    if targets.contains(node) || node.operands.contains(where: { leads.contains($0.id) }) {
      leads.insert(node.id)
      path.append(node)
    }
  }
  return path
}
