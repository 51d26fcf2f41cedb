/// The order in which units run: what gives memory back first, and else depth-first from what the program is for.
///
/// Depth-first, one pass of a network runs back before the next one runs forward: its activations are gone before the
/// others are made, and what a unit reads is more often still in the caches. A unit that takes no more memory than it
/// gives back runs as soon as it can. One that overwrites a variable waits for the variable's other readers, or the old
/// value would have to be kept. Small programs, whose memory is no concern, run in the order of the trace: it was a
/// twentieth faster for networks of dense layers.
struct Schedule {
  /// What a unit reads and makes.
  struct Work {
    /// The values that it reads from memory, each once.
    var reads: [Int]
    /// The floats of memory that its own values take.
    var taken: Int
    /// The old values of the variables that it overwrites.
    var overwrites: [Int]
  }

  /// The units in the order in which they run.
  private(set) var order: [Int] = []

  private let work: [Work]
  /// The unit that makes each value; -1 for what is there before the run.
  private let maker: [Int]
  /// The floats that are free again once a value's last reader has run.
  private let size: [Int]
  private let savesMemory: Bool
  private var readers: [[Int]]
  private var readersLeft: [Int]
  /// The units that overwrite a variable, by its old value.
  private var writers: [Int: [Int]] = [:]
  private var rank: [Int]
  private var waiting: [Int]
  private var dependants: [[Int]]
  private var isDone: [Bool]
  private var ready = Heap()

  /// - Parameters:
  ///   - roots: the units that make the program's results.
  ///   - savesMemory: whether to leave the order of the trace.
  init(_ work: [Work], maker: [Int], size: [Int], roots: [Int], savesMemory: Bool) {
    (self.work, self.maker, self.size, self.savesMemory) = (work, maker, size, savesMemory)
    readers = Array(repeating: [], count: size.count)
    rank = Array(repeating: 0, count: work.count)
    waiting = rank
    dependants = Array(repeating: [], count: work.count)
    isDone = Array(repeating: false, count: work.count)
    for unit in work.indices {
      var sources: Set<Int> = []
      for value in work[unit].reads {
        readers[value].append(unit)
        if maker[value] >= 0, sources.insert(maker[value]).inserted { dependants[maker[value]].append(unit) }
      }
      waiting[unit] = sources.count
      for value in work[unit].overwrites { writers[value, default: []].append(unit) }
    }
    readersLeft = readers.map(\.count)
    if savesMemory { rankDepthFirst(roots) } else { rank = Array(work.indices) }
    for unit in work.indices where waiting[unit] == 0 { ready.insert(key(unit)) }
    while let found = ready.popSmallest() {
      // A unit is offered again when its key has become smaller: what is left of earlier offers is passed over.
      if !isDone[found.unit] { run(found.unit) }
    }
  }

  /// Numbers the units in the order in which a walk from the results back through what is read leaves them.
  private mutating func rankDepthFirst(_ roots: [Int]) {
    var isSeen = isDone
    var count = 0
    for root in roots + Array(work.indices) where !isSeen[root] {
      isSeen[root] = true
      var path = [(unit: root, next: 0)]
      while let (unit, next) = path.last {
        if next == work[unit].reads.count {
          rank[unit] = count
          count += 1
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let source = maker[work[unit].reads[next]]
        if source >= 0, !isSeen[source] {
          isSeen[source] = true
          path.append((source, 0))
        }
      }
    }
  }

  private func key(_ unit: Int) -> Key {
    guard savesMemory else { return Key(group: 0, rank: rank[unit], unit: unit) }
    let isEarly = work[unit].overwrites.contains { readersLeft[$0] > (work[unit].reads.contains($0) ? 1 : 0) }
    if isEarly { return Key(group: 2, rank: rank[unit], unit: unit) }
    let freed = work[unit].reads.reduce(0) { $0 + (readersLeft[$1] == 1 ? size[$1] : 0) }
    return Key(group: freed >= work[unit].taken ? 0 : 1, rank: rank[unit], unit: unit)
  }

  private mutating func run(_ unit: Int) {
    isDone[unit] = true
    order.append(unit)
    for value in work[unit].reads {
      readersLeft[value] -= 1
      // The last reader frees the value, and may overwrite it.
      let others = readersLeft[value] == 1 ? readers[value] : readersLeft[value] == 0 ? writers[value, default: []] : []
      for other in others where !isDone[other] && waiting[other] == 0 { ready.insert(key(other)) }
    }
    for dependant in dependants[unit] {
      waiting[dependant] -= 1
      if waiting[dependant] == 0 { ready.insert(key(dependant)) }
    }
  }
}

/// When a unit may run: smaller keys first.
private struct Key: Comparable {
  /// 0: gives back as much memory as it takes; 1: takes more; 2: overwrites what others have still to read.
  var group: Int
  var rank: Int
  var unit: Int

  static func < (a: Key, b: Key) -> Bool { (a.group, a.rank) < (b.group, b.rank) }
}

/// A small binary heap.
private struct Heap {
  private var items: [Key] = []

  mutating func insert(_ item: Key) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popSmallest() -> Key? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    guard !items.isEmpty else { return first }
    items[0] = last
    var node = 0
    while 2 * node + 1 < items.count {
      var child = 2 * node + 1
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      guard items[child] < items[node] else { break }
      items.swapAt(child, node)
      node = child
    }
    return first
  }
}
