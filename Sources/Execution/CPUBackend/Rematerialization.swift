import Tensors

/// Computes cheap values again where a later kernel reads them, instead of storing them for it.
///
/// Memory is what element-wise kernels wait for. A value such as (x − μ)·a, of an x that is kept anyway, costs a later
/// kernel nothing but arithmetic when it reads x; stored, it costs a store (which reads the line first) and a load. Clones
/// have the bits of the original, since an element depends on nothing but its operands' elements.
struct Rematerialization {
  private(set) var values: [Value] = []
  private(set) var orders: [[Int]] = []
  private(set) var views: [View] = []
  private(set) var plans: [Int: ConvolutionPlan] = [:]
  private(set) var halves: Set<Int> = []
  /// The new number of each value of the layout.
  private var renamed: [Int] = []

  private struct Clone: Hashable {
    let value: Int
    let depth: Int
  }
  private var clones: [Clone: Int] = [:]
  private let layout: LayoutPass
  private let depths: KernelDepths
  private var recipes: [Recipe?] = []
  private var isCloned: [Bool] = []

  /// How a value is computed again.
  private struct Recipe {
    /// What has to be read for it, apart from what is small: stored values of its own shape, at most two.
    var sources: Set<Int>
    var operations: Int
  }

  /// Stores that a clone saves count double: the line is read before it is written.
  private static let storeCost = 2
  private static let mostOperations = 8

  /// - Parameters:
  ///   - keep: values that are stored in any case.
  ///   - roots: what the program is for; values that none of them needs, in the end, are left out.
  init(_ layout: LayoutPass, keep: Set<Int>, roots: [Int]) {
    self.layout = layout
    depths = KernelDepths(layout.values, layout.views)
    decide(keep)
    let needed = needed(roots)
    for id in layout.values.indices {
      if needed[id] { append(id) } else { renamed.append(-1) }
    }
  }

  func callAsFunction(_ id: Int) -> Int { renamed[id] }

  // MARK: Decisions

  private mutating func decide(_ keep: Set<Int>) {
    let count = layout.values.count
    var readers: [[Int]] = Array(repeating: [], count: count)
    var isStored = Array(repeating: false, count: count)
    for id in keep { isStored[id] = true }
    for id in layout.values.indices {
      let base = layout.views[id].base
      if base != id { isStored[base] = true }
      for operand in layout.values[id].operands {
        readers[operand].append(id)
        if !depths.fuses(operand, into: id) { isStored[operand] = true }
      }
    }
    recipes = Array(repeating: nil, count: count)
    isCloned = Array(repeating: false, count: count)
    for id in layout.values.indices { recipes[id] = recipe(id, isStored, keep) }
    for id in layout.values.indices where !isStored[id] {
      guard let recipe = recipes[id] else { continue }
      let later = Set(readers[id].filter { depths[$0] > depths[id] }.map { depths[$0] })
      guard !later.isEmpty else { continue }
      var cost = 0
      for depth in later {
        let others = readers[id].filter { depths[$0] == depth }.flatMap { layout.values[$0].operands }
        let loaded = Set(others.filter { $0 != id }.flatMap { recipes[$0]?.sources ?? [$0] })
        cost += recipe.sources.subtracting(loaded).count - 1
      }
      isCloned[id] = cost < Self.storeCost
    }
  }

  private func recipe(_ id: Int, _ isStored: [Bool], _ keep: Set<Int>) -> Recipe? {
    let value = layout.values[id]
    guard layout.views[id].base == id, isCheap(value) else { return nil }
    var result = Recipe(sources: [], operations: 1)
    for operand in value.operands where layout.values[operand].uniform == nil {
      let base = layout.views[operand].base
      guard 8 * layout.values[base].type.shape.count > value.type.shape.count else { continue }
      if !isStored[operand], depths.fuses(operand, into: id), let inner = recipes[operand] {
        result.sources.formUnion(inner.sources)
        result.operations += inner.operations
      } else if keep.contains(base) || isVariable(base) {
        // What an assignment overwrites must not be read later than it is now.
        return nil
      } else {
        result.sources.insert(operand)
      }
    }
    return result.sources.count <= 2 && result.operations <= Self.mostOperations ? result : nil
  }

  private func isVariable(_ id: Int) -> Bool {
    if case .op(.variable) = layout.values[id].kind { true } else { false }
  }

  private func isCheap(_ value: Value) -> Bool {
    guard case .op(let op) = value.kind else { return false }
    switch op {
    case .unary(let unary):
      switch unary.function {
      case .negate, .square, .abs, .sign, .relu, .leakyRelu, .step, .isFinite: return true
      default: return false
      }
    case .binary(let binary):
      switch binary.function {
      case .add, .subtract, .multiply, .minimum, .maximum: return true
      case .divide, .power: return false
      }
    case .compare, .select, .cast: return true
    default: return false
    }
  }

  // MARK: The new graph

  /// Whether a reader of this value computes it again.
  private func isCloned(_ operand: Int, for id: Int) -> Bool {
    isCloned[operand] && depths.fuses(operand, into: id) && depths[operand] < depths[id]
  }

  /// Whether a clone computes its operand again too.
  private func isClonedWithin(_ operand: Int, of id: Int) -> Bool {
    guard let inner = recipes[operand], recipes[id]?.sources.contains(operand) != true else { return false }
    return !inner.sources.isEmpty && depths.fuses(operand, into: id)
  }

  /// The values that are still read once clones are.
  private func needed(_ roots: [Int]) -> [Bool] {
    var needed = Array(repeating: false, count: layout.values.count)
    for id in roots { needed[id] = true }
    func need(operandsOfClone id: Int) {
      for operand in layout.values[id].operands {
        if isClonedWithin(operand, of: id) { need(operandsOfClone: operand) } else { needed[operand] = true }
      }
    }
    for id in layout.values.indices.reversed() where needed[id] {
      needed[layout.views[id].base] = true
      for operand in layout.values[id].operands {
        if isCloned(operand, for: id) { need(operandsOfClone: operand) } else { needed[operand] = true }
      }
    }
    return needed
  }

  private mutating func append(_ id: Int) {
    var value = layout.values[id]
    value.operands = value.operands.map { isCloned($0, for: id) ? clone($0, depths[id]) : renamed[$0] }
    renamed.append(add(value, id))
  }

  private mutating func clone(_ id: Int, _ depth: Int) -> Int {
    if let known = clones[Clone(value: id, depth: depth)] { return known }
    var value = layout.values[id]
    value.operands = value.operands.map { isClonedWithin($0, of: id) ? clone($0, depth) : renamed[$0] }
    let new = add(value, id)
    clones[Clone(value: id, depth: depth)] = new
    return new
  }

  private mutating func add(_ value: Value, _ old: Int) -> Int {
    let new = values.count
    values.append(value)
    orders.append(layout.orders[old])
    var view = layout.views[old]
    view.base = view.base == old ? new : renamed[view.base]
    views.append(view)
    plans[new] = layout.plans[old]
    if layout.halves.contains(old) { halves.insert(new) }
    return new
  }
}
