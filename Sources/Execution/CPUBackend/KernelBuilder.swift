import CKernels
import Tensors

/// A piece of memory that a kernel reads or writes: strides along the axes of the kernel's iteration space.
struct Access {
  var data: UnsafeMutablePointer<Float>
  var strides: [Int]
  /// Whether the elements are bf16.
  var isHalf = false

  init(data: UnsafeMutablePointer<Float>, strides: [Int], halfOffset: Int? = nil) {
    self.strides = strides
    guard let halfOffset else {
      self.data = data
      return
    }
    isHalf = true
    self.data = (UnsafeMutableRawPointer(data) + 2 * halfOffset).assumingMemoryBound(to: Float.self)
  }
}

/// From how much work on the threads share it.
struct Sharing {
  let threads: Int
  /// Whether one team of threads runs the whole program, so that sharing costs a meeting and not a wake-up.
  let isTeam: Bool

  /// - Parameter work: element operations, each some tenths of a nanosecond.
  func threads(work: Int) -> Int { work > (isTeam ? 1 << 13 : 1 << 17) ? threads : 1 }
}

/// Collects one element-wise kernel: its loads, steps and stores over an iteration space.
struct KernelBuilder {
  struct Register {
    let number: Int32
    let isScalar: Bool
  }

  private struct Dimension {
    var extent: Int
    var loads: [Int]
    var stores: [Int]
  }

  private let shape: Shape
  private let order: [Int]
  private var loads: [Access] = []
  private var stores: [(access: Access, source: Int32, kind: ck_store_kind, count: Int)] = []
  private var steps: [ck_step] = []
  private var registerCount: Int32 = 0
  private var loadRegisters: [Int32] = []
  private var cost = 0

  /// The collapsed iteration space; known once all accesses are.
  private var dimensions: [Dimension] = []
  private var rows = 1
  private var columns = 1
  private var tileRows = 1
  private var tileColumns = 1

  /// - Parameters:
  ///   - accesses: every read of memory, in the order in which `register(ofLoad:)` counts them.
  ///   - results: every write.
  init(shape: Shape, order: [Int], reads accesses: [Access], writes results: [Access]) {
    self.shape = shape
    self.order = order
    loads = accesses
    collapse(results)
    for _ in accesses {
      loadRegisters.append(registerCount)
      registerCount += 1
    }
  }

  private mutating func collapse(_ results: [Access]) {
    for axis in order where shape[axis] > 1 {
      let next = Dimension(
        extent: shape[axis], loads: loads.map { $0.strides[axis] }, stores: results.map { $0.strides[axis] })
      if var last = dimensions.last,
        zip(last.loads + last.stores, next.loads + next.stores).allSatisfy({ $0 == $1 * next.extent })
      {
        last.extent *= next.extent
        last.loads = next.loads
        last.stores = next.stores
        dimensions[dimensions.count - 1] = last
      } else {
        dimensions.append(next)
      }
    }
    columns = dimensions.last?.extent ?? 1
    rows = dimensions.count > 1 ? dimensions[dimensions.count - 2].extent : 1
    let tile = Int(CK_TILE)
    if rows > 1, columns <= tile / 2 {
      tileRows = min(rows, tile / columns)
      tileColumns = columns
    } else {
      tileColumns = min(columns, tile)
    }
  }

  private func rowStride(_ strides: [Int]) -> Int { strides.count > 1 ? strides[strides.count - 2] : 0 }
  private func columnStride(_ strides: [Int]) -> Int { strides.last ?? 0 }

  private func loadKind(_ index: Int) -> ck_load_kind {
    let strides = dimensions.map { $0.loads[index] }
    let (row, column) = (rowStride(strides), columnStride(strides))
    if columns == 1 { return CK_LOAD_DIRECT }
    if tileRows == 1 { return column == 1 ? CK_LOAD_DIRECT : column == 0 ? CK_LOAD_SCALAR : CK_LOAD_STRIDED }
    if column == 1 && row == columns { return CK_LOAD_DIRECT }
    if column == 0 { return row == 0 ? CK_LOAD_SCALAR : CK_LOAD_COLUMN }
    return row == 0 ? CK_LOAD_ROW : CK_LOAD_STRIDED
  }

  func register(ofLoad index: Int) -> Register {
    Register(number: loadRegisters[index], isScalar: loadKind(index) == CK_LOAD_SCALAR)
  }

  mutating func newRegister() -> Int32 {
    registerCount += 1
    return registerCount - 1
  }

  /// Whether what is written there can be the register itself.
  func isDirect(_ access: Access) -> Bool {
    let strides = order.filter { shape[$0] > 1 }.map { access.strides[$0] }
    var expected = 1
    for (axis, stride) in zip(order.filter { shape[$0] > 1 }, strides).reversed() {
      if stride != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  var stepCount: Int { steps.count }

  /// Appends a step that writes register `target`; operands that its loop cannot take as scalars are spread out first.
  mutating func step(_ operation: ck_operation, parameter: Double = 0, _ operands: [Register], into target: Int32) {
    var operands = operands
    while true {
      var scalars: Int32 = 0
      for (index, operand) in operands.enumerated() where operand.isScalar { scalars |= 1 << Int32(index) }
      if let function = ck_function_for(Int32(operation.rawValue), scalars), let first = operands.first {
        let second = operands.count > 1 ? operands[1] : first
        let third = operands.count > 2 ? operands[2] : second
        steps.append(
          ck_step(
            function: function, parameter: Float(parameter), d: target, a: first.number, b: second.number,
            c: third.number))
        cost += isTranscendental(operation) ? 8 : 1
        return
      }
      guard let index = operands.firstIndex(where: \.isScalar) else { return }
      operands[index] = spread(operands[index])
    }
  }

  /// Appends the two operations of a pair as one step; `operands` are the inner operation's, then the outer one's other.
  mutating func step(_ pair: FusedPair, _ operands: [Register], into target: Int32) {
    var operands = operands
    while true {
      let inner = operands.prefix(pair.innerCount)
      let other = operands.count > pair.innerCount ? operands[pair.innerCount] : operands[0]
      let (a, b) = (operands[0], inner.count > 1 ? operands[1] : operands[0])
      var scalars: Int32 = a.isScalar ? Int32(CK_SCALAR_A) : 0
      if inner.count > 1, b.isScalar { scalars |= Int32(CK_SCALAR_B) }
      if operands.count > pair.innerCount, other.isScalar { scalars |= Int32(CK_SCALAR_C) }
      if let function = pair.function(scalars) {
        steps.append(
          ck_step(
            function: function, parameter: Float(pair.parameter), d: target, a: a.number, b: b.number, c: other.number))
        cost += 1
        return
      }
      guard let index = operands.firstIndex(where: \.isScalar) else { return }
      operands[index] = spread(operands[index])
    }
  }

  /// A register that has a value for each element.
  mutating func spread(_ register: Register) -> Register {
    guard register.isScalar else { return register }
    let full = Register(number: newRegister(), isScalar: false)
    step(CK_COPY, [register], into: full.number)
    return full
  }

  private func isTranscendental(_ operation: ck_operation) -> Bool {
    switch operation {
    case CK_EXP, CK_EXPM1, CK_LOG, CK_LOG1P, CK_ERF, CK_SIN, CK_COS, CK_TANH, CK_SIGMOID, CK_SOFTPLUS,
      CK_POWER_CONSTANT, CK_POWER:
      true
    default: false
    }
  }

  mutating func store(_ register: Int32, to access: Access, kind: ck_store_kind, count: Int = 0) {
    stores.append((access, register, kind, count))
    cost += 1
  }

  /// Makes the kernel; its memory belongs to `pool`.
  func build(pool: CompiledMemory, sharing: Sharing) throws(ExecutionError) -> UnsafePointer<ck_elementwise> {
    let elements = dimensions.reduce(1) { $0 * $1.extent }
    let outer = Array(dimensions.dropLast(2))
    guard outer.count <= Int(CK_MAX_OUTER) else {
      throw .unsupportedType(.f32, operation: "element-wise kernel over \(dimensions.count) axes", backend: "CPU")
    }
    let threads = sharing.threads(work: elements * (cost + loads.count))
    var kernel = ck_elementwise()
    withUnsafeMutableBytes(of: &kernel.extents) { bytes in
      let extents = bytes.bindMemory(to: Int.self)
      for (index, dimension) in outer.enumerated() { extents[index] = dimension.extent }
    }
    kernel.outer_count = Int32(outer.count)
    (kernel.rows, kernel.columns) = (rows, columns)
    (kernel.tile_rows, kernel.tile_columns) = (tileRows, tileColumns)
    kernel.threads = Int32(threads)
    let loadArray = pool.allocate(ck_load.self, count: loads.count)
    for (index, access) in loads.enumerated() {
      var load = ck_load()
      load.data = UnsafePointer(access.data)
      load.kind = Int32(loadKind(index).rawValue)
      load.target = loadRegisters[index]
      load.is_half = access.isHalf ? 1 : 0
      setStrides(dimensions.map { $0.loads[index] }, &load.outer, &load.row, &load.column)
      loadArray[index] = load
    }
    let storeArray = pool.allocate(ck_store.self, count: stores.count)
    for (index, entry) in stores.enumerated() {
      var store = ck_store()
      store.data = entry.access.data
      store.kind = Int32(entry.kind.rawValue)
      store.source = entry.source
      store.is_half = entry.access.isHalf ? 1 : 0
      let strides = order.filter { shape[$0] > 1 }.isEmpty ? [] : collapsedStrides(entry.access)
      setStrides(strides, &store.outer, &store.row, &store.column)
      store.count = entry.count
      if entry.count > 0, threads > 1 { store.partials = pool.allocate(Float.self, count: (threads - 1) * entry.count) }
      storeArray[index] = store
    }
    let stepArray = pool.allocate(ck_step.self, count: steps.count)
    for (index, step) in steps.enumerated() { stepArray[index] = step }
    kernel.loads = loadArray
    kernel.stores = storeArray
    kernel.steps = stepArray
    (kernel.load_count, kernel.store_count) = (Int32(loads.count), Int32(stores.count))
    (kernel.step_count, kernel.register_count) = (Int32(steps.count), registerCount)
    kernel.scratch = try pool.scratch(count: threads * Int(registerCount) * Int(CK_TILE))
    let result = pool.allocate(ck_elementwise.self, count: 1)
    result.pointee = kernel
    return UnsafePointer(result)
  }

  /// The strides of an access along the collapsed dimensions: that of the innermost axis merged into each.
  private func collapsedStrides(_ access: Access) -> [Int] {
    var result: [Int] = []
    var axes = order.filter { shape[$0] > 1 }[...]
    for dimension in dimensions {
      var extent = 1
      var stride = 0
      while extent < dimension.extent, let axis = axes.popFirst() {
        extent *= shape[axis]
        stride = access.strides[axis]
      }
      result.append(stride)
    }
    return result
  }

  private typealias Outer = (Int, Int, Int, Int, Int, Int)

  private func setStrides(_ strides: [Int], _ outer: inout Outer, _ row: inout Int, _ column: inout Int) {
    column = columnStride(strides)
    row = rowStride(strides)
    withUnsafeMutableBytes(of: &outer) { bytes in
      let slots = bytes.bindMemory(to: Int.self)
      for (index, stride) in strides.dropLast(2).enumerated() { slots[index] = stride }
    }
  }
}
