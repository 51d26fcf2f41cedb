import Foundation

extension Color {
  /// Relative luminance, 0 for black to 1 for white (WCAG 2.2); nil for the terminal's own colour.
  public var luminance: Double? {
    guard let components else { return nil }
    func linear(_ value: UInt8) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(components.red) + 0.7152 * linear(components.green) + 0.0722 * linear(components.blue)
  }

  /// How well this colour can be read on another one, (L1 + 0.05) / (L2 + 0.05) from 1 to 21 (WCAG 2.2); nil where one of
  /// them is the terminal's own.
  public func contrast(on ground: Color) -> Double? {
    guard let own = luminance, let other = ground.luminance else { return nil }
    return (max(own, other) + 0.05) / (min(own, other) + 0.05)
  }

  /// This colour, mixed with a readable one as far as it takes to be read on a ground.
  func readable(on ground: Color, towards text: Color, contrast wanted: Double = 4.5) -> Color {
    var color = self
    for share in stride(from: 0.1, through: 1, by: 0.1) {
      guard let contrast = color.contrast(on: ground), contrast < wanted else { return color }
      guard let mixed = text.mixed(with: self, share: share) else { return color }
      color = mixed
    }
    return color
  }
}
