/// How panes share the screen: splits with weights, panes as leaves.
///
/// As text, `|` puts panes side by side, `/` one above the other, `:` gives a share and parentheses group:
/// `(losses:60 | samples:40):55 / (balance | entropy | hyperparameters):45 / log:15`. A `-` before a pane hides it, a `+`
/// shows it before others where not all have room.
public indirect enum LayoutTree: Sendable, Equatable {
  case pane(Pane, Wish)
  case split(Axis, [Part])

  public enum Axis: Sendable, Equatable {
    /// Side by side.
    case columns
    /// One above the other.
    case rows

    var other: Axis { self == .columns ? .rows : .columns }
  }

  /// What a person said of a pane.
  public enum Wish: Sendable, Equatable { case normal, hidden, wanted }

  /// A branch with its share of the split.
  public struct Part: Sendable, Equatable {
    public var weight: Double
    public var tree: LayoutTree
    public init(_ weight: Double, _ tree: LayoutTree) {
      self.weight = weight
      self.tree = tree
    }
  }

  /// All panes, hidden ones too, in reading order.
  public var panes: [Pane] {
    switch self {
    case .pane(let pane, _): [pane]
    case .split(_, let parts): parts.flatMap(\.tree.panes)
    }
  }

  func wish(for pane: Pane) -> Wish? {
    switch self {
    case .pane(let own, let wish): own == pane ? wish : nil
    case .split(_, let parts): parts.lazy.compactMap { $0.tree.wish(for: pane) }.first
    }
  }

  mutating func set(_ wish: Wish, for pane: Pane) {
    switch self {
    case .pane(let own, _): if own == pane { self = .pane(own, wish) }
    case .split(let axis, var parts):
      for index in parts.indices { parts[index].tree.set(wish, for: pane) }
      self = .split(axis, parts)
    }
  }

  /// Puts a pane beside or below another one, which gives it two fifths of its room.
  mutating func insert(_ pane: Pane, at neighbour: Pane, _ axis: Axis) {
    switch self {
    case .pane(let own, let wish):
      guard own == neighbour else { return }
      self = .split(axis, [Part(3, .pane(own, wish)), Part(2, .pane(pane, .wanted))])
    case .split(let own, var parts):
      for index in parts.indices { parts[index].tree.insert(pane, at: neighbour, axis) }
      self = .split(own, parts)
    }
  }

  /// Changes the weights of the split that a path of indices leads to.
  mutating func setWeights(_ weights: [Int: Double], at path: ArraySlice<Int>) {
    guard case .split(let axis, var parts) = self else { return }
    if let first = path.first {
      guard parts.indices.contains(first) else { return }
      parts[first].tree.setWeights(weights, at: path.dropFirst())
    } else {
      for (index, weight) in weights where parts.indices.contains(index) { parts[index].weight = weight }
    }
    self = .split(axis, parts)
  }

  // MARK: text

  /// The text that reads as this tree.
  public var text: String { text(isNested: false) }

  private func text(isNested: Bool) -> String {
    switch self {
    case .pane(let pane, let wish):
      return (wish == .hidden ? "-" : wish == .wanted ? "+" : "") + pane.rawValue
    case .split(let axis, let parts):
      let pieces = parts.map { part in
        let weight = (part.weight * 100).rounded() / 100
        let suffix = weight == 1 ? "" : weight == weight.rounded() ? ":\(Int(weight))" : ":\(weight)"
        return part.tree.text(isNested: true) + suffix
      }
      let text = pieces.joined(separator: axis == .columns ? " | " : " / ")
      return isNested ? "(\(text))" : text
    }
  }

  /// - Throws: `LayoutError` that names the place.
  public init(text: String) throws(LayoutError) {
    var parser = LayoutParser(text)
    self = try parser.layout()
    var seen: Set<Pane> = []
    for pane in panes where !seen.insert(pane).inserted { throw .twice(pane.rawValue) }
  }
}

extension LayoutTree {
  /// The tree of a text without the panels that there are not; nil where none is left.
  init?(known text: String) {
    var parser = LayoutParser(text)
    parser.skipsUnknown = true
    guard let tree = (try? parser.layout())?.pruned else { return nil }
    self = tree
  }

  /// Without splits that have no panel; nil where nothing is left.
  private var pruned: LayoutTree? {
    guard case .split(let axis, let parts) = self else { return self }
    let kept = parts.compactMap { part in part.tree.pruned.map { Part(part.weight, $0) } }
    return kept.count < 2 ? kept.first?.tree : .split(axis, kept)
  }
}

/// Why a layout was refused.
public enum LayoutError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownPane(String)
  case twice(String)
  case invalidWeight(String)
  /// `|` and `/` in one group.
  case mixed
  case unexpected(found: String, expected: String)
  case tooDeep

  public var description: String {
    switch self {
    case .unknownPane(let name):
      "there is no panel \"\(name)\"; accepted are \(Pane.allCases.map(\.rawValue).joined(separator: ", "))"
    case .twice(let name): "the panel \(name) stands twice in the layout"
    case .invalidWeight(let text): "\"\(text)\" is no share: write a number from 0.01 to 1000 after the colon"
    case .mixed: "a group has either | or /: put parentheses around one of them"
    case .unexpected(let found, let expected):
      "the layout has \(found.isEmpty ? "an end" : "\"\(found)\"") where \(expected) is expected"
    case .tooDeep: "the layout has more than 16 parentheses inside each other"
    }
  }
}

/// Recursive descent over the text of a layout.
private struct LayoutParser {
  private var rest: Substring
  private var depth = 0
  var skipsUnknown = false

  init(_ text: String) { rest = text[...] }

  private mutating func peek() -> Character? {
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    return rest.first
  }

  mutating func layout() throws(LayoutError) -> LayoutTree {
    let tree = try group()
    if let next = peek() { throw .unexpected(found: String(next), expected: "an end") }
    return tree
  }

  private mutating func group() throws(LayoutError) -> LayoutTree {
    var parts = [try part()]
    var axis: LayoutTree.Axis?
    while let sign = peek(), sign == "|" || sign == "/" {
      rest.removeFirst()
      let own: LayoutTree.Axis = sign == "|" ? .columns : .rows
      if let axis, axis != own { throw .mixed }
      axis = own
      parts.append(try part())
    }
    guard let axis else { return parts[0].tree }
    return .split(axis, parts)
  }

  private mutating func part() throws(LayoutError) -> LayoutTree.Part {
    let tree: LayoutTree
    switch peek() {
    case "(":
      rest.removeFirst()
      depth += 1
      guard depth <= 16 else { throw .tooDeep }
      tree = try group()
      guard peek() == ")" else { throw .unexpected(found: peek().map { String($0) } ?? "", expected: "\")\"") }
      rest.removeFirst()
      depth -= 1
    default: tree = try leaf()
    }
    guard peek() == ":" else { return LayoutTree.Part(1, tree) }
    rest.removeFirst()
    _ = peek()
    let digits = rest.prefix { $0.isNumber || $0 == "." }
    guard let weight = Double(digits), weight >= 0.01, weight <= 1000 else { throw .invalidWeight(String(digits)) }
    rest = rest[digits.endIndex...]
    return LayoutTree.Part(weight, tree)
  }

  private mutating func leaf() throws(LayoutError) -> LayoutTree {
    var wish = LayoutTree.Wish.normal
    if let sign = peek(), sign == "-" || sign == "+" {
      wish = sign == "-" ? .hidden : .wanted
      rest.removeFirst()
    }
    let name = rest.prefix { $0.isLetter }
    guard !name.isEmpty else { throw .unexpected(found: peek().map { String($0) } ?? "", expected: "a panel") }
    rest = rest[name.endIndex...]
    guard let pane = Pane(rawValue: String(name)) else {
      if skipsUnknown { return .split(.rows, []) }
      throw .unknownPane(String(name))
    }
    return .pane(pane, wish)
  }
}
