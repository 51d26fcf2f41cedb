import TerminalKit
import Testing

@testable import CursesTerminal

@Suite struct TerminalProfileTests {
  /// Colours of the entries that Debian's ncurses-base and ncurses-term bring.
  private static let entries = [
    "xterm": 8, "xterm-256color": 256, "xterm-direct": 0x1000000, "xterm-direct16": 0x1000000, "screen": 8,
    "screen-256color": 256, "tmux-256color": 256, "tmux-direct": 0x1000000, "linux": 8, "vt100": 0,
    "alacritty": 256, "alacritty-direct": 0x1000000, "foot": 256, "konsole-256color": 256,
    "konsole-direct": 0x1000000, "rxvt-unicode-256color": 256,
  ]

  private func choose(
    _ environment: [String: String], glyphs: GlyphSet? = nil, colors: ColorDepth? = nil, isTerminal: Bool = true,
    isUTF8: Bool = true, without missing: Set<String> = []
  ) throws(TerminalError) -> TerminalProfile {
    try TerminalProfile.choose(
      TerminalOptions(glyphs: glyphs, colors: colors, environment: environment), isTerminal: isTerminal, isUTF8: isUTF8,
      colors: { missing.contains($0) ? nil : Self.entries[$0] })
  }

  @Test func coloursStepDown() throws {
    let truecolor = ["TERM": "xterm-256color", "COLORTERM": "truecolor"]
    let direct = try choose(truecolor)
    #expect(direct.entry == "xterm-direct16")
    #expect(direct.capabilities == Capabilities(glyphs: .braille, colors: .truecolor))
    #expect(try choose(truecolor, without: ["xterm-direct16"]).entry == "xterm-direct")
    let plain = try choose(truecolor, without: ["xterm-direct16", "xterm-direct"])
    #expect(plain.entry == "xterm-256color")
    #expect(plain.capabilities.colors == .indexed256)
    #expect(try choose(["TERM": "xterm-256color"]).capabilities.colors == .indexed256)
    #expect(try choose(["TERM": "xterm-256color", "COLORTERM": "yes"]).capabilities.colors == .indexed256)
    #expect(try choose(["TERM": "xterm"]).capabilities.colors == .ansi16)
    #expect(try choose(["TERM": "vt100"]).capabilities.colors == .monochrome)
    #expect(try choose(["TERM": "xterm-direct"]).capabilities.colors == .truecolor)
  }

  @Test func directEntriesSuitTheTerminal() throws {
    func entry(_ type: String, _ more: [String: String] = [:]) throws -> String {
      try choose(["TERM": type, "COLORTERM": "24bit"].merging(more) { $1 }).entry
    }
    #expect(try entry("alacritty") == "alacritty-direct")
    #expect(try entry("konsole-256color") == "konsole-direct")
    #expect(try entry("foot") == "xterm-direct16")
    #expect(try entry("tmux-256color", ["TMUX": "/tmp/tmux,1,0"]) == "tmux-direct")
    #expect(try entry("screen-256color", ["TMUX": "/tmp/tmux,1,0"]) == "tmux-direct")
    // GNU screen passes COLORTERM on without having the colours.
    #expect(try entry("screen-256color") == "screen-256color")
    #expect(try entry("rxvt-unicode-256color") == "rxvt-unicode-256color")
    #expect(try entry("linux") == "linux")
  }

  @Test func noColorIsObeyedUnlessEmptyOrOverruled() throws {
    let environment = ["TERM": "xterm-256color", "COLORTERM": "truecolor"]
    #expect(try choose(environment.merging(["NO_COLOR": "1"]) { $1 }).capabilities.colors == .monochrome)
    #expect(try choose(environment.merging(["NO_COLOR": "1"]) { $1 }).entry == "xterm-256color")
    #expect(try choose(environment.merging(["NO_COLOR": ""]) { $1 }).capabilities.colors == .truecolor)
    #expect(
      try choose(environment.merging(["NO_COLOR": "1"]) { $1 }, colors: .indexed256).capabilities.colors == .indexed256)
  }

  @Test func askedForColoursAreNeverMoreThanThereAre() throws {
    #expect(try choose(["TERM": "xterm"], colors: .indexed256).capabilities.colors == .ansi16)
    #expect(try choose(["TERM": "xterm-256color"], colors: .ansi16).capabilities.colors == .ansi16)
    #expect(try choose(["TERM": "xterm-256color"], colors: .truecolor).capabilities.colors == .truecolor)
    #expect(try choose(["TERM": "vt100"], colors: .truecolor).capabilities.colors == .monochrome)
  }

  @Test func glyphsFollowTheLocaleAndTheTerminal() throws {
    #expect(try choose(["TERM": "xterm"]).capabilities.glyphs == .braille)
    #expect(try choose(["TERM": "xterm"], isUTF8: false).capabilities.glyphs == .ascii)
    #expect(try choose(["TERM": "linux"]).capabilities.glyphs == .ascii)
    #expect(try choose(["TERM": "vt100"]).capabilities.glyphs == .ascii)
    #expect(try choose(["TERM": "linux"], glyphs: .block).capabilities.glyphs == .block)
    #expect(try choose(["TERM": "xterm"], glyphs: .ascii).capabilities.glyphs == .ascii)
  }

  @Test func onlyNewTerminalsAreToldOfFrames() throws {
    #expect(try choose(["TERM": "xterm-256color"]).synchronizesOutput)
    #expect(try choose(["TERM": "xterm-256color", "NO_COLOR": "1"]).synchronizesOutput)
    #expect(try !choose(["TERM": "linux"]).synchronizesOutput)
    #expect(try !choose(["TERM": "vt100"]).synchronizesOutput)
  }

  @Test func refusals() {
    #expect(throws: TerminalError.notATerminal) { try choose(["TERM": "xterm"], isTerminal: false) }
    #expect(throws: TerminalError.noTerminalType) { try choose([:]) }
    #expect(throws: TerminalError.noTerminalType) { try choose(["TERM": ""]) }
    #expect(throws: TerminalError.tooSimple(type: "dumb")) { try choose(["TERM": "dumb"]) }
    #expect(throws: TerminalError.unknownType(type: "vt9000")) { try choose(["TERM": "vt9000"]) }
    #expect(TerminalError.tooSimple(type: "dumb").description == "TERM=dumb: this terminal cannot move its cursor")
    #expect(TerminalError.system(call: "signalfd", code: 24).description == "signalfd: Too many open files")
  }
}
