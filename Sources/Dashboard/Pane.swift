import TerminalKit

/// One of the boxes of the dashboard.
///
/// A new one needs a case, a line in `shapes`, a place in `Preset.builtIn` where it shall be seen, and a case in
/// `Painter.draw`.
public enum Pane: String, Sendable, Hashable, CaseIterable {
  case losses, samples, balance, entropy, hyperparameters, log, metrics, layers, system

  /// What stands in the border.
  public var title: String { rawValue }
  /// The digit that turns it on and off; nil where there is none left.
  public var digit: Int? { Self.digits[rawValue] }
  /// Whether it draws curves over steps.
  var hasCharts: Bool { [.losses, .balance, .entropy, .metrics].contains(self) }

  /// By name, so that a pane keeps its digit wherever its case stands.
  private static let digits = [
    "losses": 1, "samples": 2, "balance": 3, "entropy": 4, "hyperparameters": 5, "log": 6, "metrics": 7, "layers": 8,
    "system": 9, "laboratory": 0,
  ]

  /// How much room a pane needs, with its border.
  struct Shape {
    /// The smallest size at which it says something, and at which it is good to look at.
    var least: Size
    var comfortable: Size
    /// Where not all have room the lowest goes first.
    var importance: Int
  }

  var shape: Shape {
    Self.shapes[rawValue]
      ?? Shape(
        least: Size(width: 24, height: 6), comfortable: Size(width: 28, height: 8), importance: 35)
  }

  private static let shapes: [String: Shape] = [
    "losses": Shape(
      least: Size(width: 24, height: 6), comfortable: Size(width: 30, height: 9), importance: 100),
    "hyperparameters": Shape(
      least: Size(width: 24, height: 4), comfortable: Size(width: 26, height: 6), importance: 90),
    "samples": Shape(
      least: Size(width: 20, height: 8), comfortable: Size(width: 26, height: 9), importance: 80),
    "balance": Shape(
      least: Size(width: 24, height: 7), comfortable: Size(width: 24, height: 8), importance: 70),
    "entropy": Shape(
      least: Size(width: 24, height: 7), comfortable: Size(width: 24, height: 8), importance: 60),
    "log": Shape(least: Size(width: 30, height: 4), comfortable: Size(width: 30, height: 5), importance: 50),
    "metrics": Shape(
      least: Size(width: 26, height: 7), comfortable: Size(width: 40, height: 10), importance: 75),
    "layers": Shape(
      least: Size(width: 26, height: 6), comfortable: Size(width: 30, height: 8), importance: 40),
    "system": Shape(
      least: Size(width: 24, height: 5), comfortable: Size(width: 28, height: 8), importance: 30),
  ]
}
