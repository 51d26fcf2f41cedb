/// How lines are told apart where colours do not do it.
extension LineChart {
  /// The character of a series in ASCII.
  static func asciiGlyph(_ index: Int) -> Character {
    let glyphs = Array("*+xo#@%&ABCDEFGHIJKLMNPQRSTUVWYZ")
    return glyphs[index % glyphs.count]
  }

  /// The letter of a series on a terminal without colours: beside its name and here and there on its line.
  static func letter(_ index: Int) -> Character {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return letters[index % letters.count]
  }

  /// The dash of a series: without colours each has another; with colours those that share one of the palette's eight.
  static func dash(_ index: Int, isFaint: Bool, _ colors: ColorDepth) -> (on: Int, period: Int)? {
    if colors != .monochrome, isFaint { return (2, 4) }
    let dashes: [(on: Int, period: Int)?] = [nil, (4, 6), (1, 2), (2, 6), (1, 4)]
    return dashes[(colors == .monochrome ? index : index / 8) % dashes.count]
  }
}
