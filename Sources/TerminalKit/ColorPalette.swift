/// A colour in the terms of a terminal.
public enum TerminalColor: Hashable, Sendable {
  /// The terminal's own default.
  case standard
  /// An entry of the terminal's palette of 16 or 256.
  case indexed(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}

extension Color {
  /// The nearest colour that a terminal of the given depth can show.
  ///
  /// The 16 colours of the terminal are themselves at every depth but monochrome. Others are mapped by the "redmean"
  /// approximation of perceived distance (T. Riemersma): to the 6x6x6 cube and 24 grays of the 256, which unlike the
  /// first 16 no terminal redefines, or to xterm's values of the 16.
  public func nearest(in depth: ColorDepth) -> TerminalColor {
    guard depth != .monochrome else { return .standard }
    switch self {
    case .standard: return .standard
    case .ansi(let index): return .indexed(index & 15)
    case .rgb(let red, let green, let blue):
      switch depth {
      case .truecolor: return .rgb(red, green, blue)
      case .indexed256: return .indexed(ColorPalette.nearest256(red, green, blue))
      case .ansi16: return .indexed(ColorPalette.nearest16(red, green, blue))
      case .monochrome: return .standard
      }
    }
  }
}

/// The values of xterm's 256 colours.
enum ColorPalette {
  private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
  private static let basic: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  /// Red, green and blue of entry `index` of the 256.
  static func components(_ index: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    if index < 16 { return basic[max(0, index)] }
    if index < 232 {
      let cube = index - 16
      return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }
    let gray = UInt8(8 + 10 * min(23, index - 232))
    return (gray, gray, gray)
  }

  static func nearest256(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let cube = 16 + 36 * level(red) + 6 * level(green) + level(blue)
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let gray = 232 + min(23, max(0, (mean - 3) / 10))
    let target = (red, green, blue)
    return UInt8(distance(components(cube), target) <= distance(components(gray), target) ? cube : gray)
  }

  static func nearest16(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let target = (red, green, blue)
    let best = (0..<16).min { distance(components($0), target) < distance(components($1), target) }
    return UInt8(best ?? 7)
  }

  /// The nearest of the cube's six levels.
  private static func level(_ value: UInt8) -> Int {
    if value < 48 { return 0 }
    if value < 115 { return 1 }
    return min(5, (Int(value) - 35) / 40)
  }

  private static func distance(_ a: (UInt8, UInt8, UInt8), _ b: (UInt8, UInt8, UInt8)) -> Int {
    let mean = (Int(a.0) + Int(b.0)) / 2
    let red = Int(a.0) - Int(b.0)
    let green = Int(a.1) - Int(b.1)
    let blue = Int(a.2) - Int(b.2)
    return (512 + mean) * red * red + 1024 * green * green + (767 - mean) * blue * blue
  }
}
