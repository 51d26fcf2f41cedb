import TerminalKit
import Testing

@testable import Dashboard

@Suite struct LayoutTests {
  private static let sizes = [
    Size(width: 1, height: 1), Size(width: 3, height: 200), Size(width: 500, height: 3), Size(width: 40, height: 12),
    Size(width: 80, height: 24), Size(width: 100, height: 12), Size(width: 120, height: 40),
    Size(width: 160, height: 14),
    Size(width: 200, height: 50), Size(width: 45, height: 90),
  ]

  private func state(_ preset: String, _ size: Size) -> DashboardState {
    var state = Scenes.ring
    var settings = Settings()
    settings.preset = preset
    state.apply(settings)
    _ = state.update(.resized(size))
    return state
  }

  @Test(arguments: Preset.builtIn.map(\.name)) func panesFillTheScreenAndDoNotOverlap(preset: String) {
    for size in Self.sizes where Layout.fits(size) {
      let layout = state(preset, size).layout(size: size)
      #expect(!layout.panes.isEmpty, "\(preset) \(size)")
      var cells = [Int](repeating: 0, count: size.width * size.height)
      for place in layout.panes {
        for y in place.rect.y..<place.rect.maxY {
          for x in place.rect.x..<place.rect.maxX { cells[y * size.width + x] += 1 }
        }
      }
      let top = layout.banner.maxY
      for y in top..<(size.height - 1) {
        for x in 0..<size.width { #expect(cells[y * size.width + x] == 1, "\(preset) \(size) \(x),\(y)") }
      }
    }
  }

  /// Frames of every preset, of every glyph set and depth of colour, are of their size.
  @Test(arguments: Preset.builtIn.map(\.name)) func everyPresetIsDrawnAtEverySize(preset: String) {
    for size in Self.sizes {
      let state = state(preset, size)
      for glyphs in GlyphSet.allCases {
        for colors in ColorDepth.allCases {
          let frame = state.view(
            size: size, theme: Theme.dark.adapted(to: colors),
            capabilities: Capabilities(glyphs: glyphs, colors: colors))
          #expect(frame.size == size)
          if glyphs == .ascii { #expect(frame.text.allSatisfy { $0.isASCII }) }
        }
      }
    }
  }

  @Test func usualTerminalsShowWhatTheyDid() {
    func panes(_ width: Int, _ height: Int) -> Set<Pane> {
      let size = Size(width: width, height: height)
      return Set(state("overview", size).layout(size: size).panes.map(\.pane))
    }
    #expect(panes(80, 24) == [.losses, .samples, .balance, .entropy, .hyperparameters])
    #expect(panes(120, 40) == [.losses, .samples, .balance, .entropy, .hyperparameters, .log])
    #expect(panes(200, 50).isSuperset(of: [.losses, .samples, .balance, .entropy, .hyperparameters, .log, .system]))
    #expect(panes(40, 12).isSuperset(of: [.losses, .hyperparameters]))
  }

  @Test func textsReadAsTheyAreWritten() throws {
    for preset in Preset.builtIn {
      for variant in preset.variants { #expect(try LayoutTree(text: variant.tree.text) == variant.tree) }
    }
    let text = "(losses:60 | -samples:40):3 / +log:0.5"
    #expect(try LayoutTree(text: text).text == text)
    #expect(try LayoutTree(text: " losses ").panes == [.losses])
  }

  @Test(arguments: [
    ("", LayoutError.unexpected(found: "", expected: "a panel")),
    ("losses | fun", .unknownPane("fun")), ("losses | losses", .twice("losses")),
    ("losses:0 | log", .invalidWeight("0")), ("losses:x", .invalidWeight("")), ("losses | log / samples", .mixed),
    ("(losses", .unexpected(found: "", expected: "\")\"")), ("losses)", .unexpected(found: ")", expected: "an end")),
    (String(repeating: "(", count: 40), .tooDeep), ("losses |", .unexpected(found: "", expected: "a panel")),
  ]) func wrongTextsAreRefused(text: String, error: LayoutError) {
    #expect(throws: error) { try LayoutTree(text: text) }
    #expect(!error.description.isEmpty)
  }

  @Test func digitsTurnPanelsOnAndOff() {
    let size = Size(width: 120, height: 40)
    var state = state("overview", size)
    func panes() -> Set<Pane> { Set(state.layout(size: size).panes.map(\.pane)) }
    #expect(state.press(.character("1")) == [.remember])
    #expect(!panes().contains(.losses))
    _ = state.press(.character("1"))
    #expect(panes().contains(.losses) && state.focus == .losses)
    // One that the preset does not have takes room from the largest.
    _ = state.press(.character("9"))
    #expect(panes().contains(.system) && state.focus == .system)
    _ = state.press(.character("9"))
    #expect(!panes().contains(.system))
    // One that had no room comes instead of the least important.
    let small = Size(width: 80, height: 24)
    _ = state.update(.resized(small))
    _ = state.press(.character("6"))
    #expect(state.layout(size: small).panes.contains { $0.pane == .log })
    // The last one stays.
    for digit in "123456789" { _ = state.press(.character(digit)) }
    for digit in "123456789" where state.layout(size: small).panes.count > 1 {
      if state.layout(size: small).panes.contains(where: { "\($0.pane.digit)" == String(digit) }) {
        _ = state.press(.character(digit))
      }
    }
    #expect(state.layout(size: small).panes.count == 1)
  }

  @Test func presetsFollowEachOther() {
    var state = state("overview", Size(width: 120, height: 40))
    var seen: [String] = []
    for _ in Preset.builtIn {
      _ = state.press(.character("P"))
      seen.append(state.shell.preset)
    }
    #expect(Set(seen) == Set(Preset.builtIn.map(\.name)) && state.shell.preset == "overview")
  }

  @Test func bordersMove() {
    let size = Size(width: 120, height: 40)
    var state = state("overview", size)
    func width(_ pane: Pane) -> Int { state.layout(size: size).panes.first { $0.pane == pane }?.rect.width ?? 0 }
    func height(_ pane: Pane) -> Int { state.layout(size: size).panes.first { $0.pane == pane }?.rect.height ?? 0 }
    _ = state.press(.character(":"))
    _ = state.type("focus losses")
    _ = state.press(.enter)
    let (before, high) = (width(.losses), height(.losses))
    _ = state.press(.character("|"))
    #expect(state.keyContext == .layer(.borders))
    #expect(state.press(.left) == [.remember])
    #expect(width(.losses) == before - 2)
    _ = state.press(.right, .right)
    #expect(width(.losses) == before + 2)
    _ = state.press(.down)
    #expect(height(.losses) == high + 1)
    for _ in 0..<100 { _ = state.press(.right, .down) }
    // The others keep what they need.
    #expect(width(.samples) >= Pane.samples.shape.least.width && height(.balance) >= Pane.balance.shape.least.height)
    _ = state.press(.backspace)
    #expect(width(.losses) == before && height(.losses) == high)
    _ = state.press(.right, .escape)
    #expect(state.keyContext == .pane(.losses))
    // What was done is there again in the next run, and another size is not touched.
    var next = Scenes.ring
    next.apply(state.remembered)
    _ = next.update(.resized(size))
    #expect(next.layout(size: size) == state.layout(size: size))
  }

  @Test func theMouseMovesBordersAndChooses() {
    let size = Size(width: 120, height: 40)
    var state = state("overview", size)
    let before = state.layout(size: size)
    guard let losses = before.panes.first(where: { $0.pane == .losses })?.rect,
      let parameters = before.panes.first(where: { $0.pane == .hyperparameters })?.rect,
      let samples = before.panes.first(where: { $0.pane == .samples })?.rect
    else {
      Issue.record("panes are missing")
      return
    }
    _ = state.update(.mouse(MouseEvent(.press, x: losses.maxX - 1, y: losses.y + 3)))
    _ = state.update(.mouse(MouseEvent(.drag, x: losses.maxX - 6, y: losses.y + 3)))
    _ = state.update(.mouse(MouseEvent(.release, x: losses.maxX - 11, y: losses.y + 3)))
    #expect(state.layout(size: size).panes.first { $0.pane == .losses }?.rect.width == losses.width - 10)
    _ = state.update(.mouse(MouseEvent(.press, x: samples.x + 5, y: samples.y + 4)))
    #expect(state.focus == .samples)
    _ = state.update(.mouse(MouseEvent(.press, x: parameters.x + 6, y: parameters.y + 3)))
    #expect(state.focus == .hyperparameters && state.hyperparameters.selected == 2)
    _ = state.update(.mouse(MouseEvent(.press, x: parameters.x + 6, y: parameters.y + 3)))
    #expect(state.keyContext == .entry)
    _ = state.press(.escape)
    _ = state.update(.mouse(MouseEvent(.wheelDown, x: parameters.x + 6, y: parameters.y + 3)))
    #expect(state.hyperparameters.selected == 3)
    // The key line's words are buttons.
    _ = state.update(.mouse(MouseEvent(.press, x: 2, y: 39)))
    #expect(state.pauseWish == true)
    for kind: MouseEvent.Kind in [.press, .drag, .release, .wheelUp, .wheelDown] {
      for place in [(0, 0), (119, 39), (5000, 5000), (60, 0)] {
        _ = state.update(.mouse(MouseEvent(kind, x: place.0, y: place.1)))
      }
    }
  }
}
