import TerminalKit

/// A named arrangement of panes: layouts for screens of different sizes.
public struct Preset: Sendable, Equatable {
  public struct Variant: Sendable, Equatable {
    /// The smallest room, below the header, at which it is taken.
    public var least: Size
    public var tree: LayoutTree
  }

  public var name: String
  /// A few words for lists.
  public var explanation: String
  /// The largest first; the last one suits every size.
  public var variants: [Variant]

  /// The index of the variant for a room.
  func variant(for size: Size) -> Int {
    variants.firstIndex { size.width >= $0.least.width && size.height >= $0.least.height } ?? variants.count - 1
  }

  /// A layout of a person's own.
  public init(name: String, tree: LayoutTree) {
    self.name = name
    explanation = "your own"
    variants = [Variant(least: Size(width: 0, height: 0), tree: tree)]
  }

  private init?(_ name: String, _ explanation: String, _ texts: [(width: Int, height: Int, text: String)]) {
    self.name = name
    self.explanation = explanation
    variants = texts.compactMap { entry in
      LayoutTree(known: entry.text).map {
        Variant(least: Size(width: entry.width, height: entry.height), tree: $0)
      }
    }
    if variants.isEmpty { return nil }
  }

  /// The presets that come with gantui, in the order of the key. Panes that have no room are left out.
  public static let builtIn: [Preset] = table.compactMap { Preset($0.name, $0.explanation, $0.layouts) }

  /// One layout of every pane there is.
  private static let everything: String = {
    // Three columns of about as many panes each.
    let panes = Pane.allCases.map(\.rawValue)
    let columns = (0..<3).map { column in
      panes.enumerated().filter { $0.offset % 3 == column }.map(\.element).joined(separator: " / ")
    }
    return columns.map { "(\($0))" }.joined(separator: " | ")
  }()

  private static let table: [(name: String, explanation: String, layouts: [(width: Int, height: Int, text: String)])] =
    [
      (
        "overview", "everything that matters",
        [
          (
            150, 30,
            "(losses:54 / balance:46):42 | (samples:58 / entropy:42):32 | (hyperparameters:40 / system:24 / log:36):26"
          ),
          (
            0, 0,
            "(losses:60 | samples:40):48 / (balance | entropy | hyperparameters):37 / log:15"
          ),
        ]
      ),
      (
        "laboratory", "two dimensions: samples over D's field",
        [(0, 0, "samples:62 | (losses:36 / balance:28 / layers:24 / hyperparameters:34):38")]
      ),
      (
        "images", "pictures first",
        [(0, 0, "samples:70 | (losses:40 / entropy:34 / hyperparameters:26):30")]
      ),
      (
        "balance", "who is ahead, and by how much",
        [(0, 0, "(balance:55 | losses:45):62 / (entropy:34 | hyperparameters:33 | log:33):38")]
      ),
      ("chart", "one big chart", [(0, 0, "losses:76 / (hyperparameters:40 | log:60):24")]),
      ("metrics", "a chart of every metric", [(0, 0, "metrics:74 | (hyperparameters:40 / log:60):26")]),
      ("compact", "the least", [(0, 0, "losses:60 / (balance:50 | hyperparameters:50):40")]),
      ("everything", "every panel there is", [(0, 0, everything)]),
    ]
}
