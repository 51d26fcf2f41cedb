/// A series in one row: the newest value at the right, one column a value.
public struct Sparkline: Hashable, Sendable {
  public var values: [Double]
  public var color: Color
  public init(values: [Double], color: Color) {
    self.values = values
    self.color = color
  }
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {}
}
