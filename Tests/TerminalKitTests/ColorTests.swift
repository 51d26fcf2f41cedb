import Testing

@testable import TerminalKit

@Suite struct ColorTests {
  @Test func truecolorIsItself() {
    #expect(Color.rgb(1, 2, 3).nearest(in: .truecolor) == .rgb(1, 2, 3))
    #expect(Color.standard.nearest(in: .truecolor) == .standard)
    #expect(Color.ansi(9).nearest(in: .truecolor) == .indexed(9))
  }

  @Test func monochromeHasNoColours() {
    for color in [Color.rgb(255, 0, 0), .ansi(3), .standard] { #expect(color.nearest(in: .monochrome) == .standard) }
  }

  @Test func theCubeAndTheGraysOfThe256AreFoundExactly() {
    for index in 16..<256 {
      let value = ColorPalette.components(index)
      guard case .indexed(let found) = Color.rgb(value.red, value.green, value.blue).nearest(in: .indexed256) else {
        Issue.record("\(index)")
        continue
      }
      // Four grays stand in both the cube and the ramp.
      #expect(ColorPalette.components(Int(found)) == value, "\(index)")
    }
  }

  @Test func nearestOf256() {
    #expect(Color.rgb(255, 0, 0).nearest(in: .indexed256) == .indexed(196))
    #expect(Color.rgb(0, 0, 0).nearest(in: .indexed256) == .indexed(16))
    #expect(Color.rgb(254, 254, 254).nearest(in: .indexed256) == .indexed(231))
    #expect(Color.rgb(128, 128, 128).nearest(in: .indexed256) == .indexed(244))
    #expect(Color.rgb(95, 135, 175).nearest(in: .indexed256) == .indexed(67))
  }

  @Test func nearestOf16() {
    #expect(Color.rgb(255, 0, 0).nearest(in: .ansi16) == .indexed(9))
    #expect(Color.rgb(200, 10, 5).nearest(in: .ansi16) == .indexed(1))
    #expect(Color.rgb(10, 10, 10).nearest(in: .ansi16) == .indexed(0))
    #expect(Color.rgb(250, 250, 255).nearest(in: .ansi16) == .indexed(15))
    #expect(Color.rgb(120, 120, 130).nearest(in: .ansi16) == .indexed(8))
    #expect(Color.ansi(31).nearest(in: .ansi16) == .indexed(15))
  }

  @Test func mixing() {
    #expect(Color.rgb(0, 100, 200).mixed(with: .rgb(100, 0, 0), share: 0.5) == .rgb(50, 50, 100))
    #expect(Color.rgb(0, 100, 200).mixed(with: .rgb(100, 0, 0), share: 7) == .rgb(0, 100, 200))
    #expect(Color.rgb(0, 100, 200).mixed(with: .ansi(1), share: 0.5) == nil)
  }

  @Test func gradients() {
    let gradient: [Color] = [.rgb(0, 0, 0), .rgb(100, 100, 100), .rgb(200, 0, 0)]
    #expect(gradient.color(at: 0) == .rgb(0, 0, 0))
    #expect(gradient.color(at: 0.25) == .rgb(50, 50, 50))
    #expect(gradient.color(at: 0.5) == .rgb(100, 100, 100))
    #expect(gradient.color(at: 0.75) == .rgb(150, 50, 50))
    #expect(gradient.color(at: 1) == .rgb(200, 0, 0))
    #expect(gradient.color(at: -1) == .rgb(0, 0, 0))
    #expect(gradient.color(at: .nan) == .rgb(0, 0, 0))
    #expect([Color]().color(at: 0.5) == .standard)
    #expect([Color.ansi(1), .standard, .ansi(4)].color(at: 0.1) == .ansi(1))
    #expect([Color.ansi(1), .standard, .ansi(4)].color(at: 0.4) == .standard)
  }

  @Test func linearLightRoundTrips() {
    for byte in UInt8.min...UInt8.max {
      let back = LinearLight.encode(LinearLight.decode(byte))
      // A table of 4096 steps cannot tell the darkest bytes apart.
      #expect(abs(Int(back) - Int(byte)) <= (byte < 24 ? 1 : 0), "\(byte)")
    }
  }
}
