import Tensors

/// Where each value of a program is kept, and in which order its units run.
struct Plan {
  /// What a value's memory is.
  enum Place: Equatable {
    /// Nowhere: it lives in registers of its kernel, or is a view.
    case none
    /// At this offset of the arena, in elements.
    case arena(Int)
    /// The memory of a variable, which the unit that makes the value overwrites.
    case variable(String)
  }

  let values: [Value]
  let orders: [[Int]]
  let views: [View]
  private(set) var units: [Unit]
  let convolutions: [Int: ConvolutionPlan]
  /// Whether one team of threads can run all of it: convolutions start threads on their own.
  var isTeam: Bool { convolutions.isEmpty }
  /// Values whose elements are bf16 in memory.
  let halves: Set<Int>
  private(set) var places: [Place]
  private(set) var arenaCount = 0
  /// Values of the program's outputs, dense and row-major.
  let outputs: [(name: String, value: Int)]
  /// Variables whose new value could not be written in place: copied at the end of the run.
  private(set) var copiedAssignments: [(variable: Variable, value: Int)] = []

  init(_ program: Program, precision: Precision, threads: Int) throws {
    let simplifier = Simplifier(program.nodes)
    let roots =
      program.outputs.map { simplifier[$0.tensor.node] } + program.assignments.map { simplifier[$0.value.node] }
    var layout = try LayoutPass(
      simplifier.values, needed: simplifier.needed(roots), roots: Set(roots), precision: precision, threads: threads)
    var outputs: [(name: String, value: Int)] = []
    for output in program.outputs {
      var id = layout(simplifier[output.tensor.node])
      let shape = layout.values[id].type.shape
      let view = layout.views[id]
      if layout.values[view.base].isLeaf || view.offset != 0 || layout.isHalf(id)
        || !isDense(shape, view.strides, order: Array(0..<shape.rank))
      {
        id = layout.copied(id)
      }
      outputs.append((output.name, id))
    }
    var assignments: [(variable: Variable, value: Int)] = []
    for assignment in program.assignments {
      var id = layout(simplifier[assignment.value.node])
      let taken = assignments.contains { $0.value == id } || outputs.contains { $0.value == id }
      // A variable is row-major: a value in another order is copied into it.
      let isRowMajor = layout.orders[id] == Array(0..<layout.values[id].type.shape.rank)
      if taken || !isRowMajor || layout.isHalf(id) || layout.views[id].base != id || !layout.values[id].isElementwise {
        id = layout.copied(id)
      }
      assignments.append((assignment.variable, id))
    }
    let keep = Set(outputs.map { layout.views[$0.value].base } + assignments.map(\.value))
    let graph = Rematerialization(layout, keep: keep, roots: outputs.map(\.value) + assignments.map(\.value))
    self.outputs = outputs.map { ($0.name, graph($0.value)) }
    assignments = assignments.map { ($0.variable, graph($0.value)) }
    let kept = Set(keep.map { graph($0) })
    var fusion = FusionPass(graph.values, graph.views, keep: kept)
    (convolutions, halves) = (graph.plans, graph.halves)
    (values, orders, views, units) = (graph.values, graph.orders, graph.views, fusion.units)
    places = Array(repeating: .none, count: values.count)
    fusion.arrange(order(assignments, kept, fusion.unitOf))
    units = fusion.units
    place(assignments, fusion)
    arrange(self.outputs.map { graph.views[$0.value].base } + copiedAssignments.map(\.value), fusion)
  }

  /// The bases that a unit reads from memory.
  func reads(_ unit: Int, _ unitOf: [Int]) -> [Int] {
    units[unit].values.flatMap { values[$0].operands.map { views[$0].base } }.filter { unitOf[$0] != unit }
  }

  /// The size of a value's memory, in floats.
  private func storage(_ id: Int) -> Int {
    let count = values[id].type.shape.count
    switch values[id].kind {
    case .pack, .op(.convolutionWeightGradient): return convolutions[id]?.packedCount ?? count
    default: return halves.contains(id) ? (count + 1) / 2 : count
    }
  }

  /// The order of the units that needs least memory.
  private func order(_ assignments: [(variable: Variable, value: Int)], _ kept: Set<Int>, _ unitOf: [Int]) -> [Int] {
    let leaf = variables()
    var overwrites: [Int: Int] = [:]
    for (variable, value) in assignments { overwrites[value] = leaf[variable.name] ?? -1 }
    let reads = units.indices.map { Array(Set(self.reads($0, unitOf))).sorted() }
    var isRead = Array(repeating: false, count: values.count)
    for base in reads.joined() { isRead[base] = true }
    let work = units.indices.map { unit in
      var taken = 0
      for id in units[unit].values where overwrites[id] == nil && (isRead[id] || !units[unit].isFused) {
        taken += storage(id)
      }
      return Schedule.Work(
        reads: reads[unit], taken: taken,
        overwrites: units[unit].values.compactMap { overwrites[$0] }.filter { $0 >= 0 })
    }
    let size = values.indices.map { values[$0].isLeaf || kept.contains($0) ? 0 : storage($0) }
    let roots = units.indices.filter { units[$0].values.contains(where: kept.contains) }
    return Schedule(work, maker: unitOf, size: size, roots: roots, savesMemory: !isTeam).order
  }

  /// The value of each variable at the start of the run.
  private func variables() -> [String: Int] {
    var leaf: [String: Int] = [:]
    for (id, value) in values.enumerated() {
      if case .op(.variable(let variable)) = value.kind { leaf[variable.name] = id }
    }
    return leaf
  }

  private mutating func place(_ assignments: [(variable: Variable, value: Int)], _ fusion: FusionPass) {
    let leaf = variables()
    // Each variable's readers, looked up once: a program has as many assignments as it has layers, about.
    var reads: [Int: [Read]] = Dictionary(uniqueKeysWithValues: leaf.values.map { ($0, []) })
    for unit in units.indices {
      for id in units[unit].values {
        for operand in values[id].operands { reads[views[operand].base]?.append(Read(unit: unit, operand: operand)) }
      }
    }
    for (variable, id) in assignments {
      let unit = fusion.unitOf[id]
      if let old = leaf[variable.name], reads[old, default: []].contains(where: { isLate($0, unit, old) }) {
        copiedAssignments.append((variable, id))
      } else {
        places[id] = .variable(variable.name)
      }
    }
  }

  /// That a unit reads memory as this operand.
  private struct Read {
    let unit: Int
    let operand: Int
  }

  /// Whether the old value of a variable is still read once `unit` has begun to overwrite it, other than element by element.
  private func isLate(_ read: Read, _ unit: Int, _ old: Int) -> Bool {
    guard read.unit == unit else { return read.unit > unit }
    let shape = values[read.operand].type.shape
    let isAligned =
      shape == values[old].type.shape && views[read.operand].offset == 0
      && isDense(shape, views[read.operand].strides, order: Array(0..<shape.rank))
    return !isAligned
  }

  /// Gives each stored value a stretch of the arena that no other value needs at the same time.
  private mutating func arrange(_ permanent: [Int], _ fusion: FusionPass) {
    var last: [Int: Int] = [:]
    for unit in units.indices { for base in reads(unit, fusion.unitOf) { last[base] = max(last[base] ?? 0, unit) } }
    for id in permanent { last[id] = units.count }
    struct Interval {
      var id: Int
      var from: Int
      var to: Int
      var count: Int
      var offset = 0
    }
    var intervals: [Interval] = []
    for unit in units.indices {
      for id in units[unit].values where places[id] == .none && views[id].base == id {
        let isStored = last[id] != nil || values[id].isReduce || !units[unit].isFused
        guard isStored, !values[id].isLeaf else { continue }
        // Multiples of 16 floats keep every value at a cache line's start.
        let count = (storage(id) + 15) / 16 * 16
        intervals.append(Interval(id: id, from: unit, to: last[id] ?? unit, count: max(16, count)))
      }
    }
    // In the order of their offsets, so that the first gap is found in one pass.
    var placed: [Interval] = []
    placed.reserveCapacity(intervals.count)
    for var interval in intervals.sorted(by: { ($0.count, $1.id) > ($1.count, $0.id) }) {
      var offset = 0
      for other in placed where other.from <= interval.to && interval.from <= other.to {
        if offset + interval.count <= other.offset { break }
        offset = max(offset, other.offset + other.count)
      }
      interval.offset = offset
      var (low, high) = (0, placed.count)
      while low < high {
        let middle = (low + high) / 2
        if placed[middle].offset <= offset { low = middle + 1 } else { high = middle }
      }
      placed.insert(interval, at: low)
      places[interval.id] = .arena(offset)
      arenaCount = max(arenaCount, offset + interval.count)
    }
  }
}
