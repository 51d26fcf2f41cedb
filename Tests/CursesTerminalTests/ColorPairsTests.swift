import Testing

@testable import CursesTerminal

@Suite struct ColorPairsTests {
  private func colors(_ foreground: Int32, _ background: Int32 = -1) -> ColorPairs.Colors {
    ColorPairs.Colors(foreground: foreground, background: background)
  }

  @Test func numbersAreGivenOutOnce() {
    var pairs = ColorPairs(limit: 10)
    #expect(pairs.number(for: .standard) == .known(0))
    #expect(pairs.number(for: colors(1)) == .new(1))
    #expect(pairs.number(for: colors(2)) == .new(2))
    #expect(pairs.number(for: colors(1)) == .known(1))
    #expect(pairs.number(for: colors(1, 1)) == .new(3))
  }

  @Test func numbersThatNoCellShowsAreUsedAnew() {
    var pairs = ColorPairs(limit: 4)
    for color in Int32(0)..<3 { #expect(pairs.number(for: colors(color)) == .new(color + 1)) }
    #expect(pairs.number(for: colors(9)) == .full)
    pairs.keep([colors(0), colors(2)])
    #expect(pairs.number(for: colors(9)) == .new(2))
    #expect(pairs.number(for: colors(0)) == .known(1))
    #expect(pairs.number(for: colors(2)) == .known(3))
    #expect(pairs.number(for: colors(1)) == .full)
  }

  @Test func withoutRoomTheNearestServes() {
    var pairs = ColorPairs(limit: 4)
    for (foreground, background) in [(Int32(10), Int32(0)), (20, 0), (10, 50)] {
      _ = pairs.number(for: colors(foreground, background))
    }
    let distance: (Int32, Int32) -> Int = { Int(abs($0 - $1)) }
    #expect(pairs.nearest(to: colors(18, 0), distance: distance) == 2)
    #expect(pairs.nearest(to: colors(20, 49), distance: distance) == 3)
    #expect(ColorPairs(limit: 1).nearest(to: colors(1), distance: distance) == 0)
  }

  @Test func noPairsAtAll() {
    var pairs = ColorPairs(limit: 0)
    #expect(pairs.number(for: .standard) == .known(0))
    #expect(pairs.number(for: colors(1)) == .full)
  }

  @Test func theDarkestBluesAreNotTakenForThePalette() {
    #expect(CellPainter.direct(255, 128, 0, above: 8) == 0xFF8000)
    #expect(CellPainter.direct(0, 0, 7, above: 8) == 0x107)
    #expect(CellPainter.direct(0, 0, 8, above: 8) == 8)
    #expect(CellPainter.direct(0, 0, 0, above: 16) == 0x100)
  }
}
