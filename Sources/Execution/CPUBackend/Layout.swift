import CKernels
import Tensors

/// Where a value's elements are: in the memory of `base`, at these strides along the value's own axes.
struct View {
  var base: Int
  var offset: Int
  var strides: [Int]
}

/// The strides of dense memory whose axes are ordered from outermost to innermost.
func denseStrides(_ shape: Shape, order: [Int]) -> [Int] {
  var strides = Array(repeating: 0, count: shape.rank)
  var step = 1
  for axis in order.reversed() {
    strides[axis] = step
    step *= shape[axis]
  }
  return strides
}

let channelsLast = [0, 2, 3, 1]

/// The order of axes from outermost to innermost that these strides have; ties and axes of extent 1 stay in place.
func axisOrder(_ shape: Shape, _ strides: [Int]) -> [Int] {
  // Axes of extent 1 take the place between their neighbours, so that dense row-major memory counts as row-major.
  let long = (0..<shape.rank).filter { shape[$0] > 1 }
  let sorted = long.sorted { strides[$0] == strides[$1] ? $0 < $1 : strides[$0] > strides[$1] }
  var next = sorted.makeIterator()
  return (0..<shape.rank).map { shape[$0] > 1 ? next.next() ?? $0 : $0 }
}

/// Whether the strides are those of dense memory in this order; axes of extent 1 do not count.
func isDense(_ shape: Shape, _ strides: [Int], order: [Int]) -> Bool {
  let dense = denseStrides(shape, order: order)
  return (0..<shape.rank).allSatisfy { shape[$0] <= 1 || strides[$0] == dense[$0] }
}

/// The strides under which memory of `shape` and `strides` reads, row-major, as `target`; nil where it takes a copy.
func reshapedStrides(_ shape: Shape, _ strides: [Int], to target: Shape) -> [Int]? {
  let long = (0..<shape.rank).filter { shape[$0] != 1 }
  let extents = long.map { shape[$0] }
  let steps = long.map { strides[$0] }
  var result = Array(repeating: 0, count: target.rank)
  var (old, new) = (0, 0)
  while old < extents.count && new < target.rank {
    if target[new] == 1 {
      new += 1
      continue
    }
    var (oldEnd, newEnd) = (old + 1, new + 1)
    var (oldCount, newCount) = (extents[old], target[new])
    while oldCount != newCount {
      if newCount < oldCount {
        guard newEnd < target.rank else { return nil }
        newCount *= target[newEnd]
        newEnd += 1
      } else {
        guard oldEnd < extents.count else { return nil }
        oldCount *= extents[oldEnd]
        oldEnd += 1
      }
    }
    for axis in old..<(oldEnd - 1) where steps[axis] != extents[axis + 1] * steps[axis + 1] { return nil }
    var step = steps[oldEnd - 1]
    for axis in stride(from: newEnd - 1, through: new, by: -1) {
      result[axis] = step
      step *= target[axis]
    }
    (old, new) = (oldEnd, newEnd)
  }
  return result
}

/// Decides each value's order of axes and which values are views of others; adds the copies that kernels need.
///
/// Images are channels-last wherever a convolution made them; what follows keeps the order of what it reads.
struct LayoutPass {
  private(set) var values: [Value] = []
  /// The order of axes of each materialized value's memory.
  private(set) var orders: [[Int]] = []
  private(set) var views: [View] = []
  /// The primitives of convolutions and of what packs and unpacks their kernels, by value.
  private(set) var plans: [Int: ConvolutionPlan] = [:]
  /// Values whose elements are bf16 in memory: the images that convolutions read and make.
  private(set) var halves: Set<Int> = []
  private let precision: Precision
  private let threads: Int
  private var wanted: Set<Int> = []
  private var renamed: [Int] = []
  private var copies: [CopyKey: Int] = [:]
  private var packs: [Int: [Int]] = [:]

  private struct CopyKey: Hashable {
    let value: Int
    let order: [Int]
    let isHalf: Bool
  }

  /// - Parameters:
  ///   - needed: the values to lay out; the others have no reader.
  ///   - roots: the values that the program is for.
  init(_ simplified: [Value], needed: Set<Int>, roots: Set<Int>, precision: Precision, threads: Int) throws {
    self.precision = precision
    self.threads = threads
    if precision == .bf16 { wanted = Self.images(simplified) }
    var seconds: [Int: Int] = [:]
    for id in needed {
      if case .op(.matmul) = simplified[id].kind { seconds[simplified[id].operands[1], default: 0] += 1 }
    }
    let epilogues = Epilogues(simplified, needed: needed, roots: roots) { value in
      guard case .op(.convolution(let operation)) = value.kind else { return false }
      let (x, w) = (simplified[value.operands[0]].type.shape, simplified[value.operands[1]].type.shape)
      return ConvolutionPlan.takesEpilogue(
        operation.geometry, input: x, weight: w, output: value.type.shape, isHalf: precision == .bf16)
    }
    for (id, value) in simplified.enumerated() {
      guard needed.contains(id), !epilogues.absorbed.contains(id) else {
        renamed.append(-1)
        continue
      }
      if let epilogue = epilogues.byResult[id] {
        var value = simplified[epilogue.source]
        guard case .op(.convolution(let operation)) = value.kind else { continue }
        value.operands = (value.operands + (epilogue.bias.map { [$0] } ?? [])).map { renamed[$0] }
        let new = try add(value, CK_CONVOLUTION_FORWARD, operation.geometry, epilogue)
        renamed.append(new)
        for old in epilogue.absorbed { renamed[old] = new }
        continue
      }
      var value = value
      value.operands = value.operands.map { renamed[$0] }
      let new = try add(value, readers: seconds[simplified[id].operands.last ?? -1] ?? 0)
      renamed.append(new)
      if wanted.contains(id), views[new].base == new, values[new].isElementwise, orders[new] == channelsLast {
        halves.insert(new)
      }
    }
  }

  /// The operands of convolutions that are images.
  private static func images(_ values: [Value]) -> Set<Int> {
    var result: Set<Int> = []
    for value in values {
      switch value.kind {
      case .op(.convolution), .op(.convolutionDataGradient): result.insert(value.operands[0])
      case .op(.convolutionWeightGradient): result.formUnion(value.operands)
      default: break
      }
    }
    return result
  }

  /// Whether the elements behind a value are bf16 in memory.
  func isHalf(_ id: Int) -> Bool { halves.contains(views[id].base) }

  /// The value that stands for one of the simplified graph's.
  func callAsFunction(_ id: Int) -> Int { renamed[id] }

  private mutating func append(_ value: Value, order: [Int]) -> Int {
    let id = values.count
    values.append(value)
    orders.append(order)
    views.append(View(base: id, offset: 0, strides: denseStrides(value.type.shape, order: order)))
    return id
  }

  private mutating func appendView(_ value: Value, _ view: View) -> Int {
    values.append(value)
    orders.append(axisOrder(value.type.shape, view.strides))
    views.append(view)
    return values.count - 1
  }

  /// The value, or a copy of it that is dense in this order.
  mutating func dense(_ id: Int, order: [Int]) -> Int {
    dense(id, order: order, isHalf: false)
  }

  private mutating func dense(_ id: Int, order: [Int], isHalf half: Bool) -> Int {
    let shape = values[id].type.shape
    if isDense(shape, views[id].strides, order: order), values[id].uniform == nil, isHalf(id) == half { return id }
    let key = CopyKey(value: id, order: order, isHalf: half)
    if let copy = copies[key] { return copy }
    let copy = append(
      Value(kind: .copy, operands: [id], type: values[id].type, label: values[id].label), order: order)
    if half { halves.insert(copy) }
    copies[key] = copy
    return copy
  }

  /// A convolution's operand that is an image.
  private mutating func image(_ id: Int) -> Int { dense(id, order: channelsLast, isHalf: precision == .bf16) }

  /// Kernels as this convolution wants them; convolutions that want the same share them.
  private mutating func packed(_ id: Int, for plan: ConvolutionPlan) -> Int {
    let plain = dense(id, order: [0, 1, 2, 3])
    guard !plan.isPlain else { return plain }
    if let pack = packs[plain]?.first(where: { plans[$0]?.packsAlike(plan) == true }) { return pack }
    let pack = append(
      Value(kind: .pack, operands: [plain], type: values[plain].type, label: values[plain].label), order: [0, 1, 2, 3])
    plans[pack] = plan
    packs[plain, default: []].append(pack)
    return pack
  }

  private mutating func add(
    _ value: Value, _ kind: ck_convolution_kind, _ geometry: ConvolutionGeometry,
    _ epilogue: Epilogues.Epilogue? = nil
  ) throws -> Int {
    var value = value
    let operands = value.operands.map { values[$0].type.shape }
    let shape = value.type.shape
    let (x, w, y) =
      switch kind {
      case CK_CONVOLUTION_FORWARD: (operands[0], operands[1], shape)
      case CK_CONVOLUTION_DATA: (shape, operands[1], operands[0])
      default: (operands[0], shape, operands[1])
      }
    let plan = try ConvolutionPlan(
      kind, geometry, input: x, weight: w, output: y, isHalf: precision == .bf16, threads: threads,
      epilogue: epilogue)
    if kind == CK_CONVOLUTION_WEIGHTS {
      value.operands = value.operands.map { image($0) }
      let packed = append(value, order: [0, 1, 2, 3])
      plans[packed] = plan
      if plan.isPlain { return packed }
      let unpacked = append(
        Value(kind: .unpack, operands: [packed], type: value.type, label: value.label), order: [0, 1, 2, 3])
      plans[unpacked] = plan
      return unpacked
    }
    let bias = value.operands.dropFirst(2).map { dense($0, order: [0, 1, 2, 3]) }
    value.operands = [image(value.operands[0]), packed(value.operands[1], for: plan)] + bias
    let result = append(value, order: channelsLast)
    if precision == .bf16 { halves.insert(result) }
    plans[result] = plan
    return result
  }

  /// A dense row-major copy even of what is dense already: for outputs that must not alias a variable.
  mutating func copied(_ id: Int) -> Int {
    let order = Array(0..<values[id].type.shape.rank)
    return append(Value(kind: .copy, operands: [id], type: values[id].type, label: values[id].label), order: order)
  }

  /// - Parameter readers: products that have the value's second operand as theirs.
  private mutating func add(_ value: Value, readers: Int) throws -> Int {
    let shape = value.type.shape
    let rowMajor = Array(0..<shape.rank)
    guard case .op(let op) = value.kind else { return append(value, order: rowMajor) }
    var value = value
    switch op {
    case .transpose(let transpose):
      let view = views[value.operands[0]]
      return appendView(
        value, View(base: view.base, offset: view.offset, strides: transpose.permutation.map { view.strides[$0] }))
    case .broadcast:
      let view = views[value.operands[0]]
      let from = values[value.operands[0]].type.shape
      let strides = (0..<shape.rank).map { from[$0] == shape[$0] ? view.strides[$0] : 0 }
      return appendView(value, View(base: view.base, offset: view.offset, strides: strides))
    case .slice(let slice):
      let view = views[value.operands[0]]
      let offset = view.offset + zip(slice.start, view.strides).reduce(0) { $0 + $1.0 * $1.1 }
      let strides = zip(slice.step, view.strides).map(*)
      return appendView(value, View(base: view.base, offset: offset, strides: strides))
    case .reshape:
      var source = value.operands[0]
      if reshapedStrides(values[source].type.shape, views[source].strides, to: shape) == nil {
        source = dense(source, order: Array(0..<values[source].type.shape.rank))
      }
      value.operands = [source]
      let view = views[source]
      let strides = reshapedStrides(values[source].type.shape, view.strides, to: shape) ?? shape.rowMajorStrides
      return appendView(value, View(base: view.base, offset: view.offset, strides: strides))
    case .unary, .binary, .compare, .select, .cast, .pad, .concatenate:
      return append(value, order: leadingOrder(value))
    case .reduce: return append(value, order: orders[value.operands[0]])
    case .convolution(let operation): return try add(value, CK_CONVOLUTION_FORWARD, operation.geometry)
    case .convolutionDataGradient(let operation): return try add(value, CK_CONVOLUTION_DATA, operation.geometry)
    case .convolutionWeightGradient(let operation): return try add(value, CK_CONVOLUTION_WEIGHTS, operation.geometry)
    case .matmul:
      value.operands = value.operands.map { isMatrix($0) ? $0 : dense($0, order: rowMajor) }
      if isWorthTransposing(value.operands[1], readers: readers) {
        value.operands[1] = dense(value.operands[1], order: rowMajor)
      }
      return append(value, order: rowMajor)
    case .gather, .scatterAdd:
      value.operands = value.operands.map { dense($0, order: Array(0..<values[$0].type.shape.rank)) }
      return append(value, order: rowMajor)
    case .input, .variable, .constant, .iota, .random, .detach, .poison: return append(value, order: rowMajor)
    }
  }

  /// Whether oneDNN's GEMM can read the last two axes in place: one of them has unit stride.
  private func isMatrix(_ id: Int) -> Bool {
    guard values[id].uniform == nil, !isHalf(id) else { return false }
    let shape = values[id].type.shape
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let (rowStride, columnStride) = (views[id].strides[shape.rank - 2], views[id].strides[shape.rank - 1])
    let plain = (columnStride == 1 || columns == 1) && (rowStride >= columns || rows == 1)
    let transposed = (rowStride == 1 || rows == 1) && (columnStride >= rows || columns == 1)
    return plain || transposed
  }

  /// Whether a second factor that is stored transposed had better be turned once: oneDNN's GEMM is a fifth slower on
  /// such, which two products of a large one make up for.
  private func isWorthTransposing(_ id: Int, readers: Int) -> Bool {
    let (shape, strides) = (values[id].type.shape, views[id].strides)
    return readers >= 2 && shape.rank == 2 && shape.count >= 1 << 16 && strides[0] == 1 && strides[1] >= shape[0]
  }

  /// The order of the operands that are neither constants nor broadcast. Among images channels-last wins over row-major,
  /// among everything else row-major wins.
  private func leadingOrder(_ value: Value) -> [Int] {
    let rank = value.type.shape.rank
    let rowMajor = Array(0..<rank)
    let candidates = value.operands.filter { id in
      values[id].uniform == nil
        && (0..<rank).allSatisfy { values[id].type.shape[$0] <= 1 || views[id].strides[$0] != 0 }
    }
    let found = candidates.map { orders[$0] }
    if rank != 4, found.contains(rowMajor) { return rowMajor }
    return found.first { $0 != rowMajor } ?? rowMajor
  }
}
