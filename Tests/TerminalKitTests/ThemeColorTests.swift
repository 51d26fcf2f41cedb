import Foundation
import Testing

@testable import TerminalKit

/// Whether the shipped themes can be read, by everybody.
@Suite struct ThemeColorTests {
  /// The themes with colours of their own.
  private static let themes = Theme.builtIn.values.filter { $0.background.background != .standard }
    .sorted { $0.name < $1.name }

  @Test func thereAreEnough() {
    #expect(Theme.builtIn.count >= 12)
    #expect(Theme.builtIn.values.contains { $0.background.background == .standard })
    let light = Self.themes.filter { ($0.background.background.luminance ?? 0) > 0.5 }
    #expect(light.count >= 3 && Self.themes.count - light.count >= 5)
  }

  /// WCAG 2.2, 1.4.3 for text and 1.4.11 for what is drawn.
  @Test func textHasContrast() {
    for theme in Self.themes {
      let ground = theme.background.background
      let texts: [(String, Style)] = [
        ("text", theme.text), ("faint", theme.faint), ("title", theme.title), ("key", theme.key),
        ("value", theme.value), ("good", theme.good), ("warning", theme.warning), ("critical", theme.critical),
        ("selected", theme.selected),
      ]
      for (name, style) in texts {
        let contrast = style.foreground.contrast(on: style.background) ?? 0
        #expect(contrast >= 4.5, "\(theme.name) \(name) \(contrast)")
      }
      for color in theme.series + theme.gradient + [theme.real, theme.generated, theme.reference] {
        let contrast = color.contrast(on: ground) ?? 0
        #expect(contrast >= 3, "\(theme.name) \(color) \(contrast)")
      }
    }
    #expect(Color.rgb(255, 255, 255).contrast(on: .rgb(0, 0, 0)) == 21)
    #expect(Color.rgb(255, 255, 255).contrast(on: .standard) == nil)
  }

  @Test func highContrastIsHigh() {
    for name in ["contrast", "contrast-light"] {
      let theme = Theme.builtIn[name] ?? .plain
      // WCAG 2.2, 1.4.6.
      for style in [theme.text, theme.faint, theme.title, theme.key, theme.good, theme.warning, theme.critical] {
        #expect((style.foreground.contrast(on: style.background) ?? 0) >= 7, "\(name)")
      }
    }
  }

  /// What must not be mistaken for each other is far apart for eyes without red or green cones, too: colours as these
  /// see them (F. Viénot, H. Brettel, J. D. Mollon, 1999), distances in CIELAB.
  @Test(arguments: ["okabe", "okabe-light"]) func colourBlindEyesSeeTheDifference(name: String) throws {
    let theme = try #require(Theme.builtIn[name])
    let series = Array(theme.series.prefix(4))
    var pairs = [(theme.good.foreground, theme.critical.foreground), (theme.real, theme.generated)]
    for (index, color) in series.enumerated() { pairs += series.prefix(index).map { (color, $0) } }
    for matrix in [Self.protan, Self.deutan] {
      for (first, second) in pairs {
        let distance = zip(Self.lab(first, matrix), Self.lab(second, matrix)).reduce(0) { sum, pair in
          sum + (pair.0 - pair.1) * (pair.0 - pair.1)
        }.squareRoot()
        #expect(distance >= 15, "\(first) \(second) \(distance)")
      }
    }
  }

  private static let protan = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
  private static let deutan = [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]

  private static func lab(_ color: Color, _ matrix: [[Double]]) -> [Double] {
    let components: [UInt8] = color.components.map { [$0.red, $0.green, $0.blue] } ?? [0, 0, 0]
    let linear: [Double] = components.map { value in
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    func product(_ rows: [[Double]], _ vector: [Double]) -> [Double] {
      rows.map { (row: [Double]) -> Double in zip(row, vector).reduce(0.0) { $0 + $1.0 * $1.1 } }
    }
    let toXYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    let xyz = product(toXYZ, product(matrix, linear))
    func f(_ t: Double) -> Double { t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116 }
    let (x, y, z) = (f(xyz[0] / 0.9505), f(xyz[1]), f(xyz[2] / 1.089))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
  }

  // MARK: btop's themes

  @Test func btopThemesAreRead() throws {
    let text = """
      # A theme
      theme[main_bg]="#101820"
      theme[main_fg]="#d0d8e0"
      theme[title]="#ffffff"
      theme[hi_fg]='#ffb000'
      theme[selected_bg]="#304860"
      theme[selected_fg]="#ffffff"
      theme[inactive_fg]="#30"
      theme[cpu_box]="80 160 255"
      theme[cpu_start]="#70d080"
      theme[cpu_mid]="#e0c050"
      theme[cpu_end]="#ff6060"
      theme[download_mid]="#60a0ff"
      theme[upload_mid]="#ffa050"
      theme[temp_mid]=""
      """
    let theme = try Theme.load(btop: text, file: "/home/me/mine.theme")
    #expect(theme.name == "mine")
    #expect(theme.background.background == .rgb(0x10, 0x18, 0x20) && theme.text.foreground == .rgb(0xd0, 0xd8, 0xe0))
    #expect(theme.borderFocused.foreground == .rgb(80, 160, 255) && theme.key.foreground == .rgb(0xff, 0xb0, 0))
    #expect(theme.real == .rgb(0x60, 0xa0, 0xff) && theme.generated == .rgb(0xff, 0xa0, 0x50))
    #expect(theme.series.count == 8 && Set(theme.series).count == 8)
    // btop's faint text is too faint to be read.
    #expect((theme.faint.foreground.contrast(on: theme.background.background) ?? 0) >= 4.5)
    let empty = try Theme.load(btop: "theme[main_bg]=\"\"\ntheme[main_fg]=\"\"\n", file: "plain.theme")
    #expect(empty.background.background == .standard && empty.text.foreground == .standard)
  }

  @Test(arguments: [
    ("theme[main_bg]=\"#12\nfoo", "x.theme:2: expected a line"), ("theme[a]=\"#12345\"", "x.theme:1: a: "),
    ("theme[a]=\"1 2\"", "x.theme:1: a: "), ("theme[a]=\"1 2 300\"", "x.theme:1: a: "), ("hello", "x.theme:1: "),
  ]) func brokenOnesAreRefused(text: String, start: String) {
    do {
      _ = try Theme.load(btop: text, file: "x.theme")
      Issue.record("accepted: \(text)")
    } catch {
      #expect(error.description.hasPrefix(start), "\(error)")
    }
  }
}
