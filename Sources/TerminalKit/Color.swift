/// A colour as a theme names it; the terminal maps it to what it can show.
public enum Color: Hashable, Sendable {
  /// The terminal's own default.
  case standard
  /// One of the terminal's 16 colours, 0...15.
  case ansi(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}

extension Color {
  private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

  /// The colour that a theme file writes as `#rrggbb`, `default`, `ansi0` to `ansi15`, `red` or `bright-red`.
  public init?(named text: String) {
    if text == "default" {
      self = .standard
    } else if text.hasPrefix("#") {
      let digits = text.dropFirst()
      guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
        return nil
      }
      self = .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
    } else if text.hasPrefix("ansi") {
      guard let index = UInt8(text.dropFirst(4)), index < 16, text.dropFirst(4).allSatisfy(\.isNumber) else {
        return nil
      }
      self = .ansi(index)
    } else if let index = Self.names.firstIndex(of: text) {
      self = .ansi(UInt8(index))
    } else if text.hasPrefix("bright-"), let index = Self.names.firstIndex(of: String(text.dropFirst(7))) {
      self = .ansi(UInt8(index + 8))
    } else {
      return nil
    }
  }

  /// Red, green and blue of a colour; xterm's for the 16, which a terminal may show otherwise; nil for the default.
  public var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    switch self {
    case .standard: nil
    case .ansi(let index): ColorPalette.components(Int(index & 15))
    case .rgb(let red, let green, let blue): (red, green, blue)
    }
  }

  /// A share of this colour mixed with the rest of another; nil where one of them is the terminal's own.
  public func mixed(with other: Color, share: Double) -> Color? {
    guard case .rgb(let r0, let g0, let b0) = self, case .rgb(let r1, let g1, let b1) = other else { return nil }
    let share = min(max(share.isFinite ? share : 0, 0), 1)
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((share * Double(a) + (1 - share) * Double(b)).rounded())
    }
    return .rgb(mix(r0, r1), mix(g0, g1), mix(b0, b1))
  }
}

extension Array where Element == Color {
  /// The colour at a place from 0 to 1 of a gradient whose stops lie at equal distances.
  ///
  /// Stops of the terminal's own colours cannot be mixed: there the nearest stop is taken.
  public func color(at place: Double) -> Color {
    guard let first, let last else { return .standard }
    guard count > 1, place.isFinite, place > 0 else { return first }
    guard place < 1 else { return last }
    let position = place * Double(count - 1)
    let index = Swift.min(Int(position), count - 2)
    let fraction = position - Double(index)
    return self[index + 1].mixed(with: self[index], share: fraction) ?? self[fraction < 0.5 ? index : index + 1]
  }
}
