/// Characters that cut a cell into parts of two colours: quadrants, and the sextants of Unicode 13.
enum CellPatterns {
  /// Quadrants by mask, row by row from the top left.
  private static let quadrants: [Character] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]

  /// The character whose parts in `mask` are ink, counted row by row from the top left.
  static func character(_ mask: Int, rows: Int) -> Character {
    guard rows == 3 else { return quadrants[mask & 15] }
    switch mask & 63 {
    case 0: return " "
    case 21: return "▌"
    case 42: return "▐"
    case 63: return "█"
    // The four that other blocks have are left out of the range.
    case let mask:
      let offset = mask - 1 - (mask > 21 ? 1 : 0) - (mask > 42 ? 1 : 0)
      return Unicode.Scalar(UInt32(0x1FB00 + offset)).map { Character($0) } ?? " "
    }
  }

  /// The mask and the two colours that stand for the pixels with the least squared error; the ink's part is in the mask.
  static func best(_ pixels: [ScaledImage.Pixel]) -> (mask: Int, ink: ScaledImage.Pixel, ground: ScaledImage.Pixel) {
    let count = pixels.count
    let all = mean(pixels, where: { _ in true })
    var best = (mask: 0, ink: all, ground: all)
    var least = error(pixels, where: { _ in true }, from: all)
    // Of a mask and its complement one is enough: the last pixel is ground.
    for mask in 1..<(1 << max(0, count - 1)) {
      let ink = mean(pixels) { mask >> $0 & 1 == 1 }
      let ground = mean(pixels) { mask >> $0 & 1 == 0 }
      let found =
        error(pixels, where: { mask >> $0 & 1 == 1 }, from: ink)
        + error(pixels, where: { mask >> $0 & 1 == 0 }, from: ground)
      if found < least - 1e-7 {
        least = found
        best = (mask, ink, ground)
      }
    }
    return best
  }

  private static func mean(_ pixels: [ScaledImage.Pixel], where isIn: (Int) -> Bool) -> ScaledImage.Pixel {
    var (red, green, blue, count): (Float, Float, Float, Float) = (0, 0, 0, 0)
    for (index, pixel) in pixels.enumerated() where isIn(index) {
      red += pixel.red
      green += pixel.green
      blue += pixel.blue
      count += 1
    }
    let scale = count > 0 ? 1 / count : 0
    return ScaledImage.Pixel(red: red * scale, green: green * scale, blue: blue * scale)
  }

  private static func error(
    _ pixels: [ScaledImage.Pixel], where isIn: (Int) -> Bool, from mean: ScaledImage.Pixel
  ) -> Float {
    var sum: Float = 0
    for (index, pixel) in pixels.enumerated() where isIn(index) {
      let (red, green, blue) = (pixel.red - mean.red, pixel.green - mean.green, pixel.blue - mean.blue)
      sum += red * red + green * green + blue * blue
    }
    return sum
  }
}
