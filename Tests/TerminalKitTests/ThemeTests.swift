import Foundation
import Testing

@testable import TerminalKit

private let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

@Suite struct ThemeTests {
  @Test func embeddedTextEqualsTheFiles() throws {
    let folder = packageRoot.appending(path: "themes")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(Set(files) == Set(Theme.embeddedText.keys.map { "\($0).yaml" }))
    for (name, text) in Theme.embeddedText {
      #expect(try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8) == text, "\(name).yaml")
    }
  }

  @Test func everyShippedThemeLoads() throws {
    for (name, text) in Theme.embeddedText {
      let theme = try Theme.load(yaml: text, file: "\(name).yaml")
      #expect(theme.name == name)
      #expect(theme.series.count >= 8)
      #expect(Theme.builtIn[name] == theme)
    }
    #expect(Theme.dark.name == "dark")
    #expect(Theme.preferred(for: Capabilities(glyphs: .braille, colors: .ansi16)).name == "ansi")
    #expect(Theme.preferred(for: Capabilities(glyphs: .braille, colors: .truecolor)).name == "dark")
  }

  @Test func stylesStandOnTheBackground() {
    #expect(Theme.dark.text.background == .rgb(0x12, 0x15, 0x1c))
    #expect(Theme.dark.selected.background == .rgb(0x27, 0x40, 0x5c))
    #expect(Theme.dark.title.attributes == .bold)
    #expect(Theme.builtIn["ansi"]?.background.background == .standard)
  }

  private func error(replacing old: String, by new: String) -> ThemeError? {
    let text = Theme.embeddedText["dark"]?.replacingOccurrences(of: old, with: new) ?? ""
    do {
      _ = try Theme.load(yaml: text, file: "mine.yaml")
      return nil
    } catch {
      return error
    }
  }

  @Test func errorsNameFileLineKeyAndWhatIsAccepted() {
    #expect(
      error(replacing: "text: \"#c8d0dc\"", by: "text: \"#c8d0d\"")?.description
        == "mine.yaml:5: text: \"#c8d0d\" is no colour; accepted are \"#rrggbb\", default, ansi0 to ansi15, "
        + "and names such as red or bright-red")
    #expect(
      error(replacing: "faint: \"#78849a\"", by: "")
        == .missingKey(file: "mine.yaml", key: "faint"))
    #expect(
      error(replacing: "faint:", by: "fade:")?.description
        .hasPrefix("mine.yaml:6: unknown key \"fade\"; accepted are name, background, text, ") == true)
    #expect(
      error(replacing: "bold: true }\nborder:", by: "bold: yes }\nborder:")
        == .invalidFlag(file: "mine.yaml", line: 7, key: "title.bold", found: "yes"))
    #expect(
      error(replacing: "faint: \"#78849a\"", by: "faint: [1, 2]")
        == .invalidStyle(file: "mine.yaml", line: 6, key: "faint"))
    #expect(
      error(replacing: ", \"#f2d45c\", \"#9fb3ff\"]", by: "]")
        == .tooFewColors(file: "mine.yaml", line: 18, key: "series", found: 6, needed: 8))
    #expect(
      error(replacing: "bold: true }\nborder:", by: "blink: true }\nborder:")
        == .invalidStyle(file: "mine.yaml", line: 7, key: "title"))
  }

  @Test func brokenYAMLIsRefusedWithALine() {
    #expect(error(replacing: "text:", by: "text: \"")?.description.hasPrefix("mine.yaml:") == true)
    for text in ["", "- a\n- b\n", "just text", "\u{0}", "a: b: c", "name: x\nname: y\n"] {
      #expect(throws: ThemeError.self) { try Theme.load(yaml: text, file: "x.yaml") }
    }
  }

  @Test func coloursByName() {
    #expect(Color(named: "#00ff7f") == .rgb(0, 255, 127))
    #expect(Color(named: "ansi15") == .ansi(15))
    #expect(Color(named: "bright-red") == .ansi(9))
    #expect(Color(named: "default") == .standard)
    for bad in [
      "", "#", "#12345", "#1234567", "#-12345", "#+12345", "ansi16", "ansi-1", "ansi+1", "bright", "bright-", "x",
    ] {
      #expect(Color(named: bad) == nil, "\(bad)")
    }
  }

  @Test func nothingVanishesInFewColours() {
    for theme in Theme.builtIn.values {
      let few = theme.adapted(to: .ansi16)
      let ground = few.background.background.nearest(in: .ansi16)
      for style in [few.text, few.faint, few.border, few.borderFocused, few.key, few.critical] {
        #expect(ground == .standard || style.foreground.nearest(in: .ansi16) != ground, "\(theme.name)")
      }
      for color in few.series + [few.reference, few.real, few.generated, few.envelope] {
        #expect(color.nearest(in: .ansi16) != ground, "\(theme.name)")
      }
      #expect(theme.adapted(to: .monochrome).selected.attributes.contains(.reverse))
      #expect(theme.adapted(to: .truecolor) == theme)
    }
  }

  @Test func seriesColoursRepeat() {
    let theme = Theme.dark
    #expect(theme.seriesColor(8) == theme.series[0])
    #expect(theme.seriesColor(-1) == theme.series[7])
  }
}
