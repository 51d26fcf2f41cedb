/// Labelled bars from 0 up, each with a tick at a reference where it has one.
public struct Bars: Sendable {
  public struct Bar: Hashable, Sendable {
    public var label: String
    public var value: Double
    public var reference: Double?
    /// By default the theme's first series colour.
    public var color: Color?
    public init(label: String, value: Double, reference: Double? = nil, color: Color? = nil) {
      self.label = label
      self.value = value
      self.reference = reference
      self.color = color
    }
  }
  public enum Orientation: Hashable, Sendable { case horizontal, vertical }

  public var bars: [Bar]
  public var orientation: Orientation
  /// The value of a full bar; by default the largest value or reference.
  public var maximum: Double?

  public init(_ bars: [Bar], orientation: Orientation = .horizontal, maximum: Double? = nil) {
    self.bars = bars
    self.orientation = orientation
    self.maximum = maximum
  }

  /// - Returns: how many bars had room.
  @discardableResult
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) -> Int { 0 }
}
