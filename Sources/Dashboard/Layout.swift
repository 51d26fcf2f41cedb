import TerminalKit

/// Where everything stands on a screen of a size.
struct Layout: Equatable {
  struct Place: Equatable {
    var pane: Pane
    var rect: Rect
  }

  /// The smallest screen that shows a run.
  static let minimum = Size(width: 40, height: 12)

  var header: Rect
  var banner: Rect
  var panes: [Place]
  var keyLine: Rect
  /// What can be moved between panes.
  var borders: [LayoutBorder] = []

  static func fits(_ size: Size) -> Bool { size.width >= minimum.width && size.height >= minimum.height }

  /// - Parameters:
  ///   - bannerRows: how many rows verdicts ask for; they get at most a sixth of the screen.
  init(size: Size, bannerRows: Int, fullScreen: Pane?, tree: (Size) -> LayoutTree) {
    let screen = Rect(x: 0, y: 0, width: size.width, height: size.height)
    let (head, rest) = screen.splitTop(size.height >= 20 ? 3 : 1)
    let (banner, below) = rest.splitTop(min(bannerRows, size.height / 6))
    let (body, keyLine) = below.splitTop(below.height - 1)
    header = head
    self.banner = banner
    self.keyLine = keyLine
    if let fullScreen {
      panes = [Place(pane: fullScreen, rect: body)]
    } else {
      // The room without a banner decides: a verdict must not turn the screen around.
      let room = Size(width: rest.width, height: max(0, rest.height - 1))
      (panes, borders) = LayoutSolver.solve(tree(room), in: body)
    }
    panes.removeAll { $0.rect.width < 3 || $0.rect.height < 3 }
  }
}

/// A line between two branches of a split.
struct LayoutBorder: Equatable {
  /// The way to the split, and the parts on either side of the line.
  var path: [Int]
  var before: Int
  var after: Int
  /// The direction in which the branches follow each other on the screen.
  var axis: LayoutTree.Axis
  /// The branches' places.
  var beforeRect: Rect
  var afterRect: Rect
  /// Every branch that is seen of the split, with its extent in cells.
  var extents: [Int: Int]
  var leastBefore: Int
  var leastAfter: Int

  /// The weights after the line has moved by so many cells, as far as both sides have room.
  func weights(movedBy cells: Int) -> [Int: Double] {
    let sizeBefore = extents[before] ?? 0
    let sizeAfter = extents[after] ?? 0
    let moved = min(max(cells, leastBefore - sizeBefore), sizeAfter - leastAfter)
    guard moved.signum() == cells.signum() else { return extents.mapValues { Double($0) } }
    var weights = extents.mapValues { Double($0) }
    weights[before] = Double(sizeBefore + moved)
    weights[after] = Double(sizeAfter - moved)
    return weights
  }

  /// Whether a cell is on the line: the frames of both sides.
  func contains(x: Int, y: Int) -> Bool {
    switch axis {
    case .columns:
      return (x == beforeRect.maxX - 1 || x == afterRect.x) && y >= beforeRect.y && y < beforeRect.maxY
    case .rows:
      return (y == beforeRect.maxY - 1 || y == afterRect.y) && x >= beforeRect.x && x < beforeRect.maxX
    }
  }
}

/// Gives each pane of a tree its place.
///
/// A split whose branches have no room in its own direction is turned; where that does not do, the least important pane
/// is left out, until all others have the room that is comfortable. Where that leaves fewer than three, all that have
/// room for the least that says something are shown.
enum LayoutSolver {
  private enum Comfort { case comfortable, least }

  static func solve(_ tree: LayoutTree, in rect: Rect) -> (places: [Layout.Place], borders: [LayoutBorder]) {
    func rank(_ pane: Pane) -> Int { pane.shape.importance + (tree.wish(for: pane) == .wanted ? 1000 : 0) }
    var order = tree.panes.filter { tree.wish(for: $0) != .hidden }.sorted { rank($0) > rank($1) }
    // What is wanted last goes before what was wanted earlier: stable by the order of the sort.
    let all = order
    while !order.isEmpty {
      if order.count < min(3, all.count), let tight = solve(tree, in: rect, all) { return tight }
      if let found = place(tree, in: rect, Set(order), .comfortable) { return found }
      order.removeLast()
    }
    return solve(tree, in: rect, all) ?? ([], [])
  }

  /// The most panes that have the least room they need.
  private static func solve(
    _ tree: LayoutTree, in rect: Rect, _ all: [Pane]
  ) -> (places: [Layout.Place], borders: [LayoutBorder])? {
    var order = all
    while !order.isEmpty {
      if let found = place(tree, in: rect, Set(order), .least) { return found }
      order.removeLast()
    }
    return nil
  }

  private static func place(
    _ tree: LayoutTree, in rect: Rect, _ shown: Set<Pane>, _ comfort: Comfort
  ) -> (places: [Layout.Place], borders: [LayoutBorder])? {
    var places: [Layout.Place] = []
    var borders: [LayoutBorder] = []
    guard place(tree, path: [], in: rect, shown, comfort, &places, &borders) else { return nil }
    return (places, borders)
  }

  private static func place(
    _ tree: LayoutTree, path: [Int], in rect: Rect, _ shown: Set<Pane>, _ comfort: Comfort,
    _ places: inout [Layout.Place], _ borders: inout [LayoutBorder]
  ) -> Bool {
    switch tree {
    case .pane(let pane, _):
      let least = least(pane, comfort)
      guard rect.width >= least.width, rect.height >= least.height else { return false }
      places.append(Layout.Place(pane: pane, rect: rect))
      return true
    case .split(let axis, let parts):
      for axis in [axis, axis.other] {
        var (newPlaces, newBorders) = (places, borders)
        if split(axis, parts, path: path, in: rect, shown, comfort, &newPlaces, &newBorders) {
          (places, borders) = (newPlaces, newBorders)
          return true
        }
      }
      return false
    }
  }

  private static func split(
    _ axis: LayoutTree.Axis, _ parts: [LayoutTree.Part], path: [Int], in rect: Rect, _ shown: Set<Pane>,
    _ comfort: Comfort, _ places: inout [Layout.Place], _ borders: inout [LayoutBorder]
  ) -> Bool {
    var seen: [(index: Int, weight: Double, least: Int)] = []
    for (index, part) in parts.enumerated() {
      guard let size = size(part.tree, shown, comfort, in: Size(width: rect.width, height: rect.height)) else {
        continue
      }
      seen.append((index, part.weight, axis == .columns ? size.width : size.height))
    }
    let extent = axis == .columns ? rect.width : rect.height
    guard !seen.isEmpty, seen.reduce(0, { $0 + $1.least }) <= extent else { return false }
    let extents = share(extent, seen.map { ($0.weight, $0.least) })
    var rest = rect
    var rects: [Rect] = []
    for (entry, extent) in zip(seen, extents) {
      let own: Rect
      switch axis {
      case .columns: (own, rest) = rest.splitLeft(extent)
      case .rows: (own, rest) = rest.splitTop(extent)
      }
      rects.append(own)
      guard place(parts[entry.index].tree, path: path + [entry.index], in: own, shown, comfort, &places, &borders)
      else { return false }
    }
    let byIndex = Dictionary(uniqueKeysWithValues: zip(seen.map(\.index), extents))
    for place in seen.indices.dropLast() {
      borders.append(
        LayoutBorder(
          path: path, before: seen[place].index, after: seen[place + 1].index, axis: axis, beforeRect: rects[place],
          afterRect: rects[place + 1], extents: byIndex, leastBefore: seen[place].least,
          leastAfter: seen[place + 1].least))
    }
    return true
  }

  private static func least(_ pane: Pane, _ comfort: Comfort) -> Size {
    comfort == .comfortable ? pane.shape.comfortable : pane.shape.least
  }

  /// The smallest size of a branch, turned where it has no room in a place otherwise; nil where none of its panes is
  /// shown.
  private static func size(
    _ tree: LayoutTree, _ shown: Set<Pane>, _ comfort: Comfort, in room: Size
  ) -> Size? {
    switch tree {
    case .pane(let pane, _): return shown.contains(pane) ? least(pane, comfort) : nil
    case .split(let axis, let parts):
      let sizes = parts.compactMap { size($0.tree, shown, comfort, in: room) }
      guard !sizes.isEmpty else { return nil }
      let (widths, heights) = (sizes.map(\.width), sizes.map(\.height))
      let columns = Size(width: widths.reduce(0, +), height: heights.max() ?? 0)
      let rows = Size(width: widths.max() ?? 0, height: heights.reduce(0, +))
      let (own, turned) = axis == .columns ? (columns, rows) : (rows, columns)
      func fits(_ size: Size) -> Bool { size.width <= room.width && size.height <= room.height }
      return fits(own) || !fits(turned) ? own : turned
    }
  }

  /// Shares cells by weight, each branch at least its least; the sum of those is no more than there is.
  private static func share(_ extent: Int, _ parts: [(weight: Double, least: Int)]) -> [Int] {
    var result = parts.map(\.least)
    var open = Set(parts.indices)
    var room = extent
    // Who would get less than the least gets that, and the others share the rest.
    while true {
      let weights = open.reduce(0) { $0 + parts[$1].weight }
      let short = open.filter { Double(room) * parts[$0].weight / max(weights, 1e-9) < Double(parts[$0].least) }
      guard let first = short.min() else { break }
      open.remove(first)
      room -= parts[first].least
    }
    var weights = open.reduce(0) { $0 + parts[$1].weight }
    for index in open.sorted() {
      // Rounded down: the others keep their share of the rest.
      let own = Int(Double(room) * parts[index].weight / max(weights, 1e-9) + 1e-9)
      result[index] = max(parts[index].least, min(own, room))
      room -= result[index]
      weights -= parts[index].weight
    }
    // What is left over by rounding, or where nobody was open.
    if let last = result.indices.last { result[last] += extent - result.reduce(0, +) }
    return result
  }
}
