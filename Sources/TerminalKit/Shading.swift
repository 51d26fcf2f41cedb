/// Brightness as a character where there are no colours.
public enum Shading {
  static let ramp: [Character] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]

  /// The character for 0 (nothing) to 1 (all of the cell).
  public static func glyph(_ level: Double) -> Character {
    guard level.isFinite else { return "?" }
    return ramp[min(max(Int(level * Double(ramp.count)), 0), ramp.count - 1)]
  }

  /// Eighths of a cell from the left, 0...8.
  static let leftBlocks: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  /// Eighths of a cell from below, 0...8.
  static let lowerBlocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// As `lowerBlocks`, as far as ASCII goes.
  static let lowerASCII: [Character] = [" ", "_", ".", ",", "-", "=", "+", "*", "#"]
}
