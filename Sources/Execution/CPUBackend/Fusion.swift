import Tensors

/// A piece of work of the schedule: a fused chain of element-wise values with the reductions at its end, or one opaque operation.
struct Unit {
  var values: [Int]
  var isFused: Bool
}

/// Each value's depth, which going through anything that cannot be fused raises: no path between element-wise values of
/// one shape and depth leaves their kernel.
struct KernelDepths {
  private let values: [Value]
  private let views: [View]
  private var depth: [Int]

  init(_ values: [Value], _ views: [View]) {
    self.values = values
    self.views = views
    depth = Array(repeating: 0, count: values.count)
    for id in values.indices where !values[id].isLeaf && !isView(id) {
      for operand in values[id].operands {
        if fuses(operand, into: id) {
          depth[id] = max(depth[id], depth[operand])
        } else {
          let base = views[operand].base
          depth[id] = max(depth[id], depth[base] + (isFusable(base) ? 1 : 0))
        }
      }
    }
  }

  subscript(id: Int) -> Int {
    get { depth[id] }
    set { depth[id] = newValue }
  }

  func isView(_ id: Int) -> Bool { views[id].base != id }
  func isFusable(_ id: Int) -> Bool { !isView(id) && (values[id].isElementwise || values[id].isReduce) }

  /// The shape a fused value's kernel walks over.
  private func space(_ id: Int) -> Shape {
    values[id].isReduce ? values[values[id].operands[0]].type.shape : values[id].type.shape
  }

  /// Whether `operand` can be computed in the same kernel as its reader `id`.
  func fuses(_ operand: Int, into id: Int) -> Bool {
    isFusable(id) && !isView(operand) && values[operand].isElementwise && values[operand].type.shape == space(id)
  }
}

/// Groups values into units: connected values of one shape and depth share a kernel.
struct FusionPass {
  private(set) var units: [Unit] = []
  /// The unit of each materialized or fused value; views and leaves have none.
  private(set) var unitOf: [Int]

  private let values: [Value]
  private let views: [View]
  private var depth: KernelDepths
  private var parent: [Int]

  init(_ values: [Value], _ views: [View], keep: Set<Int>) {
    self.values = values
    self.views = views
    depth = KernelDepths(values, views)
    parent = Array(values.indices)
    unitOf = Array(repeating: -1, count: values.count)
    sink(keep: keep)
    merge()
    schedule()
  }

  private func isView(_ id: Int) -> Bool { depth.isView(id) }
  private func isFusable(_ id: Int) -> Bool { depth.isFusable(id) }
  private func fuses(_ operand: Int, into id: Int) -> Bool { depth.fuses(operand, into: id) }

  /// Moves a value whose readers all sit in one later kernel into that kernel, so it need not be stored.
  private mutating func sink(keep: Set<Int>) {
    var readers: [[Int]] = Array(repeating: [], count: values.count)
    for id in values.indices { for operand in values[id].operands { readers[operand].append(id) } }
    for id in values.indices.reversed() where isFusable(id) && !values[id].isReduce && !keep.contains(id) {
      guard let first = readers[id].first, depth[first] > depth[id] else { continue }
      if readers[id].allSatisfy({ fuses(id, into: $0) && depth[$0] == depth[first] }) { depth[id] = depth[first] }
    }
  }

  private mutating func root(_ id: Int) -> Int {
    var id = id
    while parent[id] != id {
      parent[id] = parent[parent[id]]
      id = parent[id]
    }
    return id
  }

  private mutating func merge() {
    for id in values.indices where isFusable(id) {
      for operand in values[id].operands where fuses(operand, into: id) && depth[operand] == depth[id] {
        let (mine, theirs) = (root(id), root(operand))
        parent[mine] = theirs
      }
    }
  }

  private mutating func schedule() {
    var number: [Int: Int] = [:]
    for id in values.indices where !values[id].isLeaf && !isView(id) {
      let key = root(id)
      if let unit = number[key] {
        units[unit].values.append(id)
        unitOf[id] = unit
      } else {
        number[key] = units.count
        unitOf[id] = units.count
        units.append(Unit(values: [id], isFused: isFusable(id)))
      }
    }
  }

  /// Puts the units into this order.
  mutating func arrange(_ order: [Int]) {
    var position = Array(repeating: 0, count: units.count)
    for (place, index) in order.enumerated() { position[index] = place }
    units = order.map { units[$0] }
    unitOf = unitOf.map { $0 < 0 ? -1 : position[$0] }
  }
}
