/// One of the boxes of the dashboard.
public enum Pane: String, Sendable, Hashable, CaseIterable {
  case losses, samples, balance, entropy, hyperparameters, log, layers

  /// What stands in the border.
  public var title: String { rawValue }
  /// The digit that makes it fill the screen.
  public var digit: Int { self == .layers ? 8 : (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
  /// Whether it draws curves over steps.
  var hasCharts: Bool { self == .losses || self == .balance || self == .entropy }
}
