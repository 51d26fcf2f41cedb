import Synchronization

/// One operation of a graph. Ids grow with creation, so ordering by id is a topological order.
public final class Node: Sendable {
  public let id: Int
  public let op: Op
  // Changed by `deinit` alone, on nodes that nothing else refers to.
  nonisolated(unsafe) public private(set) var operands: [Node]
  public let type: TensorType
  /// The layer that made the node, such as `generator/dense1`; gradients carry the label of what they differentiate.
  public let label: String

  private static let counter = Atomic<Int>(0)

  init(op: Op, operands: [Node], type: TensorType, label: String) {
    id = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.op = op
    self.operands = operands
    self.type = type
    self.label = label
  }

  deinit {
    // Released one by one: left to itself, a long chain of nodes would release itself recursively and run out of stack.
    var pending = operands
    operands = []
    while var node = pending.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      pending += node.operands
      node.operands = []
    }
  }
}

/// A symbolic value: a node of the graph that a program will compute.
public struct Tensor: Sendable {
  public let node: Node
  public init(node: Node) { self.node = node }

  public var shape: Shape { node.type.shape }
  public var dtype: DType { node.type.dtype }
  public var rank: Int { shape.rank }

  /// Applies an operation; one that does not fit records the error in the trace and returns a poisoned tensor.
  static func apply(_ op: Op, _ operands: [Tensor]) -> Tensor {
    if let poisoned = operands.first(where: \.isPoisoned) { return poisoned }
    let label = Trace.label
    do throws(TensorError) {
      let type = try op.operation.result(of: operands.map(\.node.type), label: label)
      guard type.shape.isValid else {
        throw TensorError.shapeMismatch(
          operation: op.operation.name, shapes: [type.shape],
          rule: "expected extents >= 0 and fewer than 2^48 elements",
          label: label)
      }
      return Tensor(node: Node(op: op, operands: operands.map(\.node), type: type, label: label))
    } catch {
      return poison(error, like: operands.first)
    }
  }

  /// What stands for a condition that a pass does not have: `trace` throws for it.
  public static func missing(condition name: String) -> Tensor {
    poison(.missingCondition(name, label: Trace.label))
  }

  static func poison(_ error: TensorError, like model: Tensor? = nil) -> Tensor {
    Trace.record(error)
    let type = model?.node.type ?? TensorType(shape: .scalar, dtype: .f32)
    return Tensor(node: Node(op: .poison(Poison(error: error)), operands: [], type: type, label: Trace.label))
  }

  var isPoisoned: Bool {
    if case .poison = node.op { true } else { false }
  }
}

extension Tensor: Hashable {
  public static func == (lhs: Tensor, rhs: Tensor) -> Bool { lhs.node === rhs.node }
  public func hash(into hasher: inout Hasher) { hasher.combine(node.id) }
}
