import TerminalKit

/// One of the boxes of the dashboard.
///
/// A new one needs a case, a digit and a shape, a place in `Preset.builtIn` where it shall be seen, and a case in
/// `Painter.draw`.
public enum Pane: String, Sendable, Hashable, CaseIterable {
  case losses, samples, balance, entropy, hyperparameters, log, metrics, layers, system

  /// What stands in the border.
  public var title: String { rawValue }
  /// The digit that turns it on and off, 1 to 9.
  public var digit: Int {
    switch self {
    case .losses: 1
    case .samples: 2
    case .balance: 3
    case .entropy: 4
    case .hyperparameters: 5
    case .log: 6
    case .metrics: 7
    case .layers: 8
    case .system: 9
    }
  }
  /// Whether it draws curves over steps.
  var hasCharts: Bool { [.losses, .balance, .entropy, .metrics].contains(self) }

  /// How much room a pane needs, with its border.
  struct Shape {
    /// The smallest size at which it says something, and at which it is good to look at.
    var least: Size
    var comfortable: Size
    /// Where not all have room the lowest goes first.
    var importance: Int

    init(_ least: (width: Int, height: Int), _ comfortable: (width: Int, height: Int), importance: Int) {
      self.least = Size(width: least.width, height: least.height)
      self.comfortable = Size(width: comfortable.width, height: comfortable.height)
      self.importance = importance
    }
  }

  var shape: Shape {
    switch self {
    case .losses: Shape((24, 6), (30, 9), importance: 100)
    case .hyperparameters: Shape((24, 4), (26, 6), importance: 90)
    case .samples: Shape((20, 8), (26, 9), importance: 80)
    case .metrics: Shape((26, 7), (40, 10), importance: 75)
    case .balance: Shape((24, 7), (24, 8), importance: 70)
    case .entropy: Shape((24, 7), (24, 8), importance: 60)
    case .log: Shape((30, 4), (30, 5), importance: 50)
    case .layers: Shape((26, 6), (30, 8), importance: 40)
    case .system: Shape((24, 5), (28, 8), importance: 30)
    }
  }
}
