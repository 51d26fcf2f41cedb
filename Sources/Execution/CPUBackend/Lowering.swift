import CKernels
import Tensors

/// One call of a compiled program: plain addresses, so that running it touches no reference count.
enum Instruction {
  case elementwise(UnsafePointer<ck_elementwise>)
  case matmul(UnsafePointer<ck_matmul>)
  /// A convolution, or a change of order of its kernels.
  case primitive(OpaquePointer, PrimitiveKind)
  case random(UnsafePointer<ck_random>)
  case gather(UnsafePointer<ck_row_move>)
  case scatterAdd(UnsafePointer<ck_row_move>)
  case transpose(UnsafePointer<ck_transpose>)
}

/// What a library primitive does.
enum PrimitiveKind: String {
  case convolution
  case dataGradient = "convolution data gradient"
  case weightGradient = "convolution weight gradient"
  case reorder = "reorder of kernels"
}

extension Instruction {
  /// The call as the C runner takes it.
  var entry: ck_instruction {
    func make(_ kind: ck_instruction_kind, _ what: UnsafeRawPointer, isShared: Bool) -> ck_instruction {
      ck_instruction(kind: Int32(kind.rawValue), is_shared: isShared ? 1 : 0, what: what)
    }
    switch self {
    case .elementwise(let kernel): return make(CK_RUN_ELEMENTWISE, kernel, isShared: kernel.pointee.threads > 1)
    case .matmul(let product):
      // Below that, meeting the other threads takes longer than their part.
      let operations = product.pointee.m * product.pointee.n * product.pointee.k
      return make(CK_RUN_MATMUL, product, isShared: operations > 1 << 16)
    case .primitive(let primitive, _): return make(CK_RUN_PRIMITIVE, UnsafeRawPointer(primitive), isShared: false)
    case .random(let draw): return make(CK_RUN_RANDOM, draw, isShared: draw.pointee.threads > 1)
    case .gather(let move): return make(CK_RUN_GATHER, move, isShared: false)
    case .scatterAdd(let move): return make(CK_RUN_SCATTER_ADD, move, isShared: false)
    case .transpose(let move):
      return make(CK_RUN_TRANSPOSE, move, isShared: move.pointee.rows * move.pointee.columns > 1 << 14)
    }
  }

  /// The kind of work, for profiles.
  var kind: String {
    switch self {
    case .elementwise: "elementwise"
    case .matmul: "product"
    case .primitive(_, let kind): kind.rawValue
    case .random: "random"
    case .gather: "gather"
    case .scatterAdd: "scatter"
    case .transpose: "transpose"
    }
  }
}

/// Turns a plan into instructions with addresses.
struct Lowering {
  private(set) var instructions: [Instruction] = []
  /// The layer each instruction works for.
  private(set) var labels: [String] = []
  private(set) var inputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
  private(set) var outputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
  private(set) var primitives: [OpaquePointer] = []

  private let plan: Plan
  private let store: CPUStore
  private let memory: CompiledMemory
  private let sharing: Sharing
  private var leaves: [Int: UnsafeMutablePointer<Float>] = [:]
  private var label = ""

  init(_ plan: Plan, store: CPUStore, memory: CompiledMemory, threads: Int) throws {
    self.plan = plan
    self.store = store
    self.memory = memory
    sharing = Sharing(threads: threads, isTeam: plan.isTeam)
    do {
      for (id, value) in plan.values.enumerated() where value.isLeaf { try makeLeaf(id, value) }
      for unit in plan.units {
        let last = unit.values[unit.values.count - 1]
        label = plan.values[last].label
        if try lowerTranspose(unit) { continue }
        if unit.isFused { try lowerFused(unit) } else { try lowerOpaque(last) }
      }
      label = "assignment"
      for (variable, id) in plan.copiedAssignments {
        try copy(
          id, shape: variable.shape, to: try store.elements(of: variable.name).baseAddress, offset: 0, strides: nil)
      }
    } catch {
      for primitive in primitives { ck_primitive_destroy(primitive) }
      throw error
    }
    for (name, id) in plan.outputs {
      let count = plan.values[id].type.shape.count
      outputs[name] = UnsafeMutableBufferPointer(start: try address(id) + plan.views[id].offset, count: count)
    }
  }

  private mutating func append(_ instruction: Instruction) {
    instructions.append(instruction)
    labels.append(label)
  }

  // MARK: Addresses

  private mutating func makeLeaf(_ id: Int, _ value: Value) throws {
    guard case .op(let op) = value.kind else { return }
    let count = value.type.shape.count
    switch op {
    case .input(let input):
      if inputs[input.name] == nil {
        inputs[input.name] = UnsafeMutableBufferPointer(start: try memory.buffer(count: count), count: count)
      }
      leaves[id] = inputs[input.name]?.baseAddress
    case .variable(let variable): leaves[id] = try store.elements(of: variable.name).baseAddress
    case .constant(let constant):
      if constant.values.count == 1 {
        leaves[id] = memory.constant(Float(constant.values[0]))
      } else {
        let pointer = try memory.buffer(count: count)
        for (index, element) in constant.values.enumerated() { pointer[index] = Float(element) }
        leaves[id] = pointer
      }
    case .iota(let iota):
      let pointer = try memory.buffer(count: count)
      let stride = iota.shape.rowMajorStrides[iota.axis]
      for index in 0..<count { pointer[index] = Float(index / stride % iota.shape[iota.axis]) }
      leaves[id] = pointer
    default: break
    }
  }

  /// The start of the memory behind a value's base.
  private func address(_ id: Int) throws(ExecutionError) -> UnsafeMutablePointer<Float> {
    let base = plan.views[id].base
    if let leaf = leaves[base] { return leaf }
    switch plan.places[base] {
    case .arena(let offset): return memory.arena.pointer + offset
    case .variable(let name):
      if let start = try store.elements(of: name).baseAddress { return start }
      throw .unknownVariable(name)
    case .none: throw .unknownVariable(plan.values[base].label)
    }
  }

  private func access(_ id: Int) throws(ExecutionError) -> Access {
    if plan.values[id].uniform != nil {
      return Access(data: try address(id), strides: Array(repeating: 0, count: plan.values[id].type.shape.rank))
    }
    let view = plan.views[id]
    guard plan.halves.contains(view.base) else {
      return Access(data: try address(id) + view.offset, strides: view.strides)
    }
    return Access(data: try address(id), strides: view.strides, halfOffset: view.offset)
  }

  /// The first element of a value that is dense or a matrix.
  private func start(_ id: Int) throws(ExecutionError) -> UnsafeMutablePointer<Float> { try access(id).data }

  // MARK: Fused units

  /// A copy of a matrix in the other order of its axes, on its own; false where the unit is something else.
  private mutating func lowerTranspose(_ unit: Unit) throws -> Bool {
    let id = unit.values[0]
    guard unit.values.count == 1, case .copy = plan.values[id].kind, case .arena = plan.places[id],
      !plan.halves.contains(id), case let shape = plan.values[id].type.shape, shape.rank == 2,
      plan.orders[id] == [0, 1]
    else { return false }
    let source = try access(plan.values[id].operands[0])
    guard !source.isHalf, source.strides[0] == 1, source.strides[1] >= shape[0], shape[1] > 1 else { return false }
    let move = memory.allocate(ck_transpose.self, count: 1)
    move.pointee = ck_transpose(
      source: source.data, result: try start(id), rows: shape[0], columns: shape[1], stride: source.strides[1])
    append(.transpose(UnsafePointer(move)))
    return true
  }

  private mutating func lowerFused(_ unit: Unit) throws {
    let members = Set(unit.values)
    let lead = unit.values.first { !plan.values[$0].isReduce } ?? unit.values[0]
    let isReduceOnly = plan.values[lead].isReduce
    let space = isReduceOnly ? plan.values[plan.values[lead].operands[0]].type.shape : plan.values[lead].type.shape
    let rowMajor = Array(0..<space.rank)
    let candidates = isReduceOnly ? [plan.values[lead].operands[0]] : unit.values.filter { !plan.values[$0].isReduce }
    let order = candidates.map { plan.orders[$0] }.first { $0 != rowMajor } ?? rowMajor

    var loads: [Int: Int] = [:]
    var accesses: [Access] = []
    for id in unit.values {
      for operand in plan.values[id].operands where !members.contains(operand) && loads[operand] == nil {
        loads[operand] = accesses.count
        accesses.append(try access(operand))
      }
    }
    let stored = unit.values.filter { plan.places[$0] != .none }
    let results = try stored.map { try storeAccess($0, rank: space.rank) }
    var kernel = KernelBuilder(shape: space, order: order, reads: accesses, writes: results)
    let pairs = fusedPairs(unit, members)
    let absorbed = Set(pairs.values.map(\.absorbed))
    let lastUse = lastUses(unit, pairs, absorbed)
    var registers: [Int: KernelBuilder.Register] = [:]
    var free: [Int32] = []
    var copies: [(id: Int, access: Access)] = []
    for (id, load) in loads { registers[id] = kernel.register(ofLoad: load) }
    let access = Dictionary(uniqueKeysWithValues: zip(stored, results))

    for (position, id) in unit.values.enumerated() where !absorbed.contains(id) {
      let value = plan.values[id]
      let sources = operands(of: id, pairs[id])
      let operands = sources.compactMap { registers[$0] }
      if value.isReduce {
        guard case .op(.reduce(let reduce)) = value.kind, let operand = operands.first, let target = access[id] else {
          continue
        }
        kernel.store(
          kernel.spread(operand).number, to: target,
          kind: reduce.function == .sum ? CK_REDUCE_SUM : CK_REDUCE_MAXIMUM, count: value.type.shape.count)
        continue
      }
      let target: Int32
      if let place = access[id] {
        let later = unit.values[(position + 1)...].filter { !absorbed.contains($0) }
        let clobbers = isStillRead(place.data, by: later.map { self.operands(of: $0, pairs[$0]) }, members)
        if kernel.isDirect(place), !clobbers, !place.isHalf {
          target = kernel.newRegister()
          kernel.store(target, to: place, kind: CK_STORE_DIRECT)
        } else {
          target = kernel.newRegister()
          copies.append((id, place))
        }
      } else {
        target = free.popLast() ?? kernel.newRegister()
      }
      let (operation, parameter) = kernelOperation(value, from: plan.values[value.operands[0]].type.dtype)
      if let pair = pairs[id] {
        kernel.step(pair, operands, into: target)
      } else {
        kernel.step(operation, parameter: parameter, operands, into: target)
      }
      if operation == CK_DIVIDE, value.type.dtype == .i32 {
        kernel.step(CK_TRUNCATE, [KernelBuilder.Register(number: target, isScalar: false)], into: target)
      }
      let register = KernelBuilder.Register(number: target, isScalar: false)
      // Rounded where it is made: a reader in the same kernel sees what a reader of the memory sees.
      if plan.halves.contains(id) { kernel.step(CK_ROUND_BF16, [register], into: target) }
      registers[id] = register
      // A register is free for the next step once nothing later reads it; what is stored keeps its own.
      for operand in Set(sources)
      where members.contains(operand) && lastUse[operand] == position && access[operand] == nil {
        if let register = registers[operand] { free.append(register.number) }
      }
    }
    for (id, place) in copies {
      guard let register = registers[id] else { continue }
      kernel.store(register.number, to: place, kind: kernel.isDirect(place) ? CK_STORE_COPY : CK_STORE_STRIDED)
    }
    append(.elementwise(try kernel.build(pool: memory, sharing: sharing)))
  }

  /// For each value that one loop computes together with the operand that it alone reads, the two operations.
  private func fusedPairs(_ unit: Unit, _ members: Set<Int>) -> [Int: FusedPair] {
    var readers: [Int: Int] = [:]
    for id in unit.values { for operand in plan.values[id].operands { readers[operand, default: 0] += 1 } }
    var pairs: [Int: FusedPair] = [:]
    for id in unit.values where !plan.values[id].isReduce {
      for (position, operand) in plan.values[id].operands.enumerated()
      where members.contains(operand) && readers[operand] == 1 && plan.places[operand] == .none
        && !plan.halves.contains(operand) && pairs[operand] == nil
      {
        let inner = plan.values[operand]
        let type = plan.values[inner.operands[0]].type.dtype
        pairs[id] = FusedPair(
          plan.values[id], operand: operand, position: position, inner: inner, from: type)
        if pairs[id] != nil { break }
      }
    }
    return pairs
  }

  /// What a value's step reads: with an absorbed operand, that one's operands first.
  private func operands(of id: Int, _ pair: FusedPair?) -> [Int] {
    guard let pair else { return plan.values[id].operands }
    return plan.values[pair.absorbed].operands + plan.values[id].operands.filter { $0 != pair.absorbed }
  }

  /// Whether a later member reads the memory that a store is about to overwrite.
  private func isStillRead(_ data: UnsafeMutablePointer<Float>, by later: [[Int]], _ members: Set<Int>) -> Bool {
    later.contains { operands in
      operands.contains { operand in
        !members.contains(operand) && plan.values[operand].uniform == nil && (try? start(operand)) == data
      }
    }
  }

  private func lastUses(_ unit: Unit, _ pairs: [Int: FusedPair], _ absorbed: Set<Int>) -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (position, id) in unit.values.enumerated() where !absorbed.contains(id) {
      for operand in operands(of: id, pairs[id]) {
        last[operand] = plan.values[id].isReduce ? .max : max(last[operand] ?? 0, position)
      }
    }
    return last
  }

  /// Where a fused value goes; along the axes that a reduction sums over, nowhere further.
  private func storeAccess(_ id: Int, rank: Int) throws -> Access {
    let value = plan.values[id]
    if case .variable = plan.places[id] {
      return Access(data: try address(id), strides: value.type.shape.rowMajorStrides)
    }
    var strides = denseStrides(value.type.shape, order: plan.orders[id])
    if case .op(.reduce(let reduce)) = value.kind { for axis in reduce.axes { strides[axis] = 0 } }
    return Access(data: try address(id), strides: strides, halfOffset: plan.halves.contains(id) ? 0 : nil)
  }

  // MARK: Opaque units

  private mutating func lowerOpaque(_ id: Int) throws {
    let value = plan.values[id]
    let op: Op
    switch value.kind {
    case .copy: return
    case .pack: return try lowerPack(id, value, ck_convolution_pack)
    case .unpack: return try lowerPack(id, value, ck_convolution_unpack)
    case .op(let operation): op = operation
    }
    switch op {
    case .matmul: try lowerMatMul(id, value)
    case .convolution:
      let bias = value.operands.count > 2 ? value.operands[2] : nil
      try lowerConvolution(id, images: value.operands[0], weights: value.operands[1], bias: bias, outputs: id)
    case .convolutionDataGradient:
      try lowerConvolution(id, images: id, weights: value.operands[1], outputs: value.operands[0])
    case .convolutionWeightGradient:
      try lowerConvolution(id, images: value.operands[0], weights: id, outputs: value.operands[1])
    case .random(let random):
      let draw = memory.allocate(ck_random.self, count: 1)
      let samples = max(1, random.shape.dimensions.first ?? 1)
      let key = Philox(seed: store.seed, stream: random.stream).key
      draw.pointee = ck_random(
        data: try start(id), samples: samples, per_sample: random.shape.count / samples, key0: key.0, key1: key.1,
        normal: random.distribution == .normal ? 1 : 0, threads: Int32(sharing.threads(work: 8 * random.shape.count)))
      append(.random(UnsafePointer(draw)))
    case .gather:
      let table = plan.values[value.operands[0]].type.shape
      append(.gather(try rowMove(id, value, rows: table[0], width: table.count / table[0])))
    case .scatterAdd(let scatter):
      append(.scatterAdd(try rowMove(id, value, rows: scatter.rows, width: value.type.shape.count / scatter.rows)))
    case .concatenate(let concatenate):
      let strides = plan.views[id].strides
      var offset = 0
      for operand in value.operands {
        let shape = plan.values[operand].type.shape
        try copy(operand, shape: shape, to: try start(id), offset: offset * strides[concatenate.axis], strides: strides)
        offset += shape[concatenate.axis]
      }
    case .pad(let pad):
      let strides = plan.views[id].strides
      try fill(id)
      let offset = zip(pad.low, strides).reduce(0) { $0 + $1.0 * $1.1 }
      try copy(
        value.operands[0], shape: plan.values[value.operands[0]].type.shape, to: try start(id), offset: offset,
        strides: zip(pad.interior, strides).map { ($0 + 1) * $1 })
    case .input, .variable, .constant, .iota, .unary, .binary, .compare, .select, .cast, .detach, .reshape, .transpose,
      .broadcast, .slice, .reduce, .poison:
      break
    }
  }

  private func rowMove(_ id: Int, _ value: Value, rows: Int, width: Int) throws -> UnsafePointer<ck_row_move> {
    let move = memory.allocate(ck_row_move.self, count: 1)
    move.pointee = ck_row_move(
      source: try start(value.operands[0]), indices: try start(value.operands[1]), result: try start(id), rows: rows,
      count: plan.values[value.operands[1]].type.shape.count, width: width)
    return UnsafePointer(move)
  }

  private mutating func fill(_ id: Int) throws {
    let shape = plan.values[id].type.shape
    let target = Access(data: try start(id), strides: plan.views[id].strides)
    let zero = Access(data: memory.constant(0), strides: Array(repeating: 0, count: shape.rank))
    try copyKernel(from: zero, to: target, shape: shape, order: plan.orders[id])
  }

  private mutating func copy(
    _ id: Int, shape: Shape, to data: UnsafeMutablePointer<Float>?, offset: Int, strides: [Int]?
  ) throws {
    guard let data else { return }
    let target = Access(data: data + offset, strides: strides ?? shape.rowMajorStrides)
    try copyKernel(from: try access(id), to: target, shape: shape, order: plan.orders[id])
  }

  private mutating func copyKernel(from source: Access, to target: Access, shape: Shape, order: [Int]) throws {
    var kernel = KernelBuilder(shape: shape, order: order, reads: [source], writes: [target])
    let register = kernel.newRegister()
    kernel.step(CK_COPY, [kernel.register(ofLoad: 0)], into: register)
    kernel.store(register, to: target, kind: kernel.isDirect(target) ? CK_STORE_DIRECT : CK_STORE_STRIDED)
    append(.elementwise(try kernel.build(pool: memory, sharing: sharing)))
  }

  private mutating func lowerMatMul(_ id: Int, _ value: Value) throws {
    let (a, b) = (value.operands[0], value.operands[1])
    let shape = plan.values[id].type.shape
    let rank = shape.rank
    let leading = Shape(Array(shape.dimensions.dropLast(2)))
    let inner = plan.values[a].type.shape[rank - 1]
    func matrix(_ id: Int) -> (transposed: Int32, leading: Int) {
      let (rows, columns) = (plan.values[id].type.shape[rank - 2], plan.values[id].type.shape[rank - 1])
      let (row, column) = (plan.views[id].strides[rank - 2], plan.views[id].strides[rank - 1])
      if (column == 1 || columns == 1) && (row >= columns || rows == 1) {
        return (0, max(rows == 1 ? columns : row, 1))
      }
      return (1, max(columns == 1 ? rows : column, 1))
    }
    let (transposeA, lda) = matrix(a)
    let (transposeB, ldb) = matrix(b)
    // Leading axes that both operands walk evenly are one loop; others are separate products.
    for index in 0..<leading.count {
      var rest = index
      var (offsetA, offsetB) = (0, 0)
      for axis in (0..<leading.rank).reversed() {
        offsetA += rest % leading[axis] * plan.views[a].strides[axis]
        offsetB += rest % leading[axis] * plan.views[b].strides[axis]
        rest /= leading[axis]
      }
      let product = memory.allocate(ck_matmul.self, count: 1)
      let (m, n) = (shape[rank - 2], shape[rank - 1])
      product.pointee = ck_matmul(
        a: try start(a) + offsetA, b: try start(b) + offsetB, c: try start(id) + index * m * n, m: m, n: n, k: inner,
        lda: lda, ldb: ldb, ldc: n, transpose_a: transposeA, transpose_b: transposeB)
      append(.matmul(UnsafePointer(product)))
    }
  }

  private mutating func lowerConvolution(_ id: Int, images: Int, weights: Int, bias: Int? = nil, outputs: Int) throws {
    guard let convolution = plan.convolutions[id] else { return }
    let scratch = try memory.scratch(count: convolution.scratchCount)
    let (x, w, y) = (try start(images), try start(weights), try start(outputs))
    let b = try bias.map { try start($0) }
    let kind: PrimitiveKind =
      switch plan.values[id].kind {
      case .op(.convolution): .convolution
      case .op(.convolutionDataGradient): .dataGradient
      default: .weightGradient
      }
    try bind(kind, plan.values[id].type.shape) { ck_convolution_bind(convolution.handle, x, w, b, y, scratch, &$0) }
  }

  private typealias Packing = (
    OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32

  private mutating func lowerPack(_ id: Int, _ value: Value, _ packing: Packing) throws {
    guard let convolution = plan.convolutions[id] else { return }
    let (source, target) = (try start(value.operands[0]), try start(id))
    try bind(.reorder, value.type.shape) { packing(convolution.handle, source, target, &$0) }
  }

  private mutating func bind(_ kind: PrimitiveKind, _ shape: Shape, _ create: (inout OpaquePointer?) -> Int32) throws {
    var primitive: OpaquePointer?
    let status = create(&primitive)
    guard status == 0, let primitive else {
      throw ExecutionError.library(name: "oneDNN", call: "\(kind.rawValue) \(shape)", status: Int(status))
    }
    primitives.append(primitive)
    append(.primitive(primitive, kind))
  }
}
