import Tensors

/// A value of the program being compiled, after simplification and with the copies that kernels need.
struct Value {
  enum Kind {
    case op(Op)
    /// The operand's elements, dense in the value's own order of axes.
    case copy
    /// A convolution's kernels in the order that its primitive prefers, and back.
    case pack, unpack
  }
  var kind: Kind
  var operands: [Int]
  var type: TensorType
  var label: String

  /// One operation an element: fuses with its neighbours.
  var isElementwise: Bool {
    switch kind {
    case .copy: true
    case .pack, .unpack: false
    case .op(let op):
      switch op {
      case .unary, .binary, .compare, .select, .cast: true
      case .input, .variable, .constant, .iota, .random, .detach, .reshape, .transpose, .broadcast, .slice, .pad,
        .concatenate, .reduce, .gather, .scatterAdd, .matmul, .convolution, .convolutionDataGradient,
        .convolutionWeightGradient, .poison:
        false
      }
    }
  }

  var isReduce: Bool {
    if case .op(.reduce) = kind { true } else { false }
  }

  /// There before the run's first instruction.
  var isLeaf: Bool {
    switch kind {
    case .op(.input), .op(.variable), .op(.constant), .op(.iota): true
    default: false
    }
  }

  /// The value of every element, where it is known and the same.
  var uniform: Double? {
    if case .op(.constant(let constant)) = kind, constant.values.count == 1 { constant.values[0] } else { nil }
  }
}

/// Rebuilds a program's graph with shared subexpressions merged and arithmetic on constants done.
struct Simplifier {
  private struct Key: Hashable {
    let op: Op
    let operands: [Int]
  }
  private(set) var values: [Value] = []
  private var known: [Key: Int] = [:]
  private var byNode: [Int: Int] = [:]
  /// Values that one node reads.
  private var readOnce: Set<Int> = []

  init(_ nodes: [Node]) {
    var readers: [Int: Int] = [:]
    for node in nodes { for operand in node.operands { readers[operand.id, default: 0] += 1 } }
    for node in nodes {
      let id = emit(node.op, node.operands.map { self[$0] }, node.type, node.label)
      byNode[node.id] = id
      if readers[node.id] == 1 { readOnce.insert(id) } else { readOnce.remove(id) }
    }
  }

  /// The values that `roots` depend on, themselves included: what was simplified away is not among them.
  func needed(_ roots: [Int]) -> Set<Int> {
    var found = Set(roots)
    var waiting = roots
    while let id = waiting.popLast() {
      for operand in values[id].operands where found.insert(operand).inserted { waiting.append(operand) }
    }
    return found
  }

  subscript(node: Node) -> Int { byNode[node.id] ?? 0 }

  private func uniform(_ id: Int) -> Double? { values[id].uniform }

  private mutating func emit(_ op: Op, _ operands: [Int], _ type: TensorType, _ label: String) -> Int {
    if let simpler = simplified(op, operands, type, label) { return simpler }
    let key = Key(op: op, operands: operands)
    if let id = known[key] { return id }
    values.append(Value(kind: .op(op), operands: operands, type: type, label: label))
    known[key] = values.count - 1
    return values.count - 1
  }

  private mutating func constant(_ value: Double, _ type: TensorType, _ label: String) -> Int {
    // Constants meet f32 arithmetic: fold with f32 rounding, so that folding changes no bit.
    let rounded = type.dtype == .f32 ? Double(Float(value)) : type.dtype == .i32 ? value.rounded(.towardZero) : value
    return emit(.constant(Constant(values: [rounded], shape: type.shape, dtype: type.dtype)), [], type, label)
  }

  private mutating func simplified(_ op: Op, _ operands: [Int], _ type: TensorType, _ label: String) -> Int? {
    switch op {
    case .detach: return operands[0]
    case .reshape:
      if let value = uniform(operands[0]) { return constant(value, type, label) }
      if values[operands[0]].type.shape == type.shape { return operands[0] }
      if case .op(.reshape) = values[operands[0]].kind {
        return emit(op, values[operands[0]].operands, type, label)
      }
    case .transpose(let outer):
      if let value = uniform(operands[0]) { return constant(value, type, label) }
      if case .op(.transpose(let inner)) = values[operands[0]].kind {
        let permutation = outer.permutation.map { inner.permutation[$0] }
        if permutation == Array(permutation.indices) { return values[operands[0]].operands[0] }
        return emit(.transpose(Transpose(permutation: permutation)), values[operands[0]].operands, type, label)
      }
      // (A B)ᵀ = Bᵀ Aᵀ: the product itself comes out in the order that its reader wants.
      if case .op(let product) = values[operands[0]].kind, case .matmul = product, readOnce.contains(operands[0]),
        isMatrixTranspose(outer)
      {
        let factors = values[operands[0]].operands.reversed().map { factor in
          let shape = values[factor].type.shape
          let turned = TensorType(shape: Shape(outer.permutation.map { shape[$0] }), dtype: type.dtype)
          return emit(op, [factor], turned, values[factor].label)
        }
        return emit(product, factors, type, label)
      }
    case .broadcast, .slice:
      if let value = uniform(operands[0]) { return constant(value, type, label) }
      if case .broadcast = op, case .op(.broadcast) = values[operands[0]].kind {
        return emit(op, values[operands[0]].operands, type, label)
      }
    case .reduce:
      if values[operands[0]].type.shape == type.shape { return operands[0] }
    case .cast(let cast):
      if values[operands[0]].type.dtype == cast.dtype { return operands[0] }
      if let value = uniform(operands[0]) {
        return constant(cast.dtype == .bool ? (value == 0 ? 0 : 1) : value, type, label)
      }
    case .unary(let unary):
      if unary.function == .negate {
        if let value = uniform(operands[0]) { return constant(-value, type, label) }
        if case .op(.unary(let inner)) = values[operands[0]].kind, inner.function == .negate {
          return values[operands[0]].operands[0]
        }
      }
    case .binary(let binary): return simplified(binary.function, operands[0], operands[1], type, label)
    default: break
    }
    return nil
  }

  /// Whether the last two axes change places and the others stay.
  private func isMatrixTranspose(_ transpose: Transpose) -> Bool {
    let rank = transpose.permutation.count
    return rank >= 2 && transpose.permutation == Array(0..<rank - 2) + [rank - 1, rank - 2]
  }

  private func negated(_ id: Int) -> Int? {
    if case .op(.unary(let unary)) = values[id].kind, unary.function == .negate { values[id].operands[0] } else { nil }
  }

  private mutating func simplified(
    _ function: Binary.Function, _ a: Int, _ b: Int, _ type: TensorType, _ label: String
  ) -> Int? {
    let (x, y) = (uniform(a), uniform(b))
    if let x, let y {
      switch function {
      case .add: return constant(x + y, type, label)
      case .subtract: return constant(x - y, type, label)
      case .multiply: return constant(x * y, type, label)
      case .divide: return constant(x / y, type, label)
      case .minimum, .maximum, .power: return nil
      }
    }
    switch function {
    case .add:
      if y == 0 { return a }
      if x == 0 { return b }
      if let positive = negated(b) { return emit(.binary(Binary(function: .subtract)), [a, positive], type, label) }
      if let positive = negated(a) { return emit(.binary(Binary(function: .subtract)), [b, positive], type, label) }
    case .subtract:
      if y == 0 { return a }
      if let positive = negated(b) { return emit(.binary(Binary(function: .add)), [a, positive], type, label) }
    case .multiply:
      if y == 1 { return a }
      if x == 1 { return b }
      if y == -1 { return emit(.unary(Unary(function: .negate)), [a], type, label) }
      if x == -1 { return emit(.unary(Unary(function: .negate)), [b], type, label) }
      if a == b { return emit(.unary(Unary(function: .square)), [a], type, label) }
    case .divide:
      if y == 1 { return a }
    case .minimum, .maximum, .power: break
    }
    return nil
  }
}
