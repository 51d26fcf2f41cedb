/// A horizontal bar that is filled to a share of its width.
public struct Gauge: Hashable, Sendable {
  public var value: Double
  /// Whether the bar grows from the middle, for values from -1 to 1, instead of from the left, for 0 to 1.
  public var isCentered: Bool

  /// A bar for 0...1 from the left. Values outside are clamped; NaN is drawn as an empty bar with a `?`.
  public init(value: Double) {
    self.value = value
    isCentered = false
  }

  /// A bar for -1...1 from the middle, such as "D wins" to "G wins".
  public init(centered value: Double) {
    self.value = value
    isCentered = true
  }

  /// Draws one row of bar in each row of the rectangle.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {}
}
