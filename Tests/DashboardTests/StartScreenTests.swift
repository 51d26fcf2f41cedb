import Dashboard
import TerminalKit
import Testing

@Suite struct StartScreenTests {
  static let items = [
    StartItem(name: "ring8", line: "eight Gaussians on a ring: a first run"),
    StartItem(name: "ring8-collapse", line: "a generator that collapses, and a dashboard that says so"),
    StartItem(name: "mnist-dcgan", line: "handwritten digits from convolutions"),
  ]
  static let runs = [
    EarlierRun(name: "ring8-3", step: 12_000, totalSteps: 20_000, state: "stopped", age: 3720),
    EarlierRun(name: "mnist-dcgan-1", step: 3000, totalSteps: 3000, state: "finished", age: 200_000, way: .look),
    EarlierRun(name: "grid25-7", step: 17, totalSteps: 15_000, state: "failed", age: nil, way: .attach),
  ]

  private var screen: StartScreen { StartScreen(configurations: Self.items, runs: Self.runs) }

  private func press(_ screen: inout StartScreen, _ keys: Key...) -> [StartScreen.Effect] {
    keys.flatMap { screen.update(.key($0)) }
  }

  @Test func enterOpensAndResumes() {
    var screen = screen
    #expect(press(&screen, .enter) == [.run("ring8-3", .resume)])
    #expect(press(&screen, .down, .enter) == [.run("mnist-dcgan-1", .look)])
    #expect(press(&screen, .character("j"), .enter) == [.run("grid25-7", .attach)])
    #expect(press(&screen, .down, .enter) == [.open("ring8")])
    #expect(press(&screen, .end, .enter) == [.open("mnist-dcgan")])
    #expect(press(&screen, .down, .enter) == [.open("mnist-dcgan")])
    #expect(press(&screen, .home, .up, .enter) == [.run("ring8-3", .resume)])
    #expect(press(&screen, .pageDown, .enter) == [.open("mnist-dcgan")])
    #expect(press(&screen, .pageUp, .character("k"), .enter) == [.run("ring8-3", .resume)])
  }

  @Test func newRunsStandAboveAndOldOnesBelow() {
    let runs = (0..<9).map { EarlierRun(name: "run-\($0)", step: 1, totalSteps: 2, state: "stopped", age: 60) }
    var screen = StartScreen(configurations: Self.items, runs: runs)
    let lines = screen.view(size: Size(width: 80, height: 24), theme: .plain, capabilities: Scenes.ascii).text
      .split(separator: "\n").map { $0.dropFirst(2).drop { $0 == " " || $0 == ">" }.prefix { $0 != " " } }.map(
        String.init)
    let names = lines.filter { $0.hasPrefix("run-") || $0.hasPrefix("ring8") || $0.hasPrefix("mnist") }
    #expect(names == (0..<6).map { "run-\($0)" } + Self.items.map(\.name) + (6..<9).map { "run-\($0)" })
    #expect(press(&screen, .end, .enter) == [.run("run-8", .resume)])
  }

  @Test func theFilterNarrows() {
    var screen = screen
    // While it is typed, letters are text.
    #expect(press(&screen, .character("/"), .character("q"), .backspace).isEmpty)
    for character in "mnist" { #expect(press(&screen, .character(character)).isEmpty) }
    #expect(screen.filter == "mnist")
    #expect(press(&screen, .enter) == [.run("mnist-dcgan-1", .look)])
    #expect(press(&screen, .down, .enter) == [.open("mnist-dcgan")])
    #expect(press(&screen, .escape, .enter) == [.run("ring8-3", .resume)])
    _ = press(&screen, .character("/"))
    for character in "COLLAPSE ring" { _ = press(&screen, .character(character)) }
    #expect(press(&screen, .enter) == [.open("ring8-collapse")])
    for character in "xyz" { _ = press(&screen, .character(character)) }
    #expect(press(&screen, .enter, .down, .enter).isEmpty)
    let frame = screen.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille)
    #expect(frame.text.contains("nothing matches"))
    for _ in 0..<40 { _ = press(&screen, .backspace) }
    #expect(!screen.isFiltering && screen.filter.isEmpty)
  }

  @Test func otherKeys() {
    var screen = screen
    #expect(press(&screen, .character("q")) == [.quit])
    #expect(press(&screen, .control("c")) == [.quit])
    #expect(press(&screen, .character("t")) == [.nextTheme])
    #expect(press(&screen, .control("l"), .character("r")) == [.redraw, .redraw])
    #expect(press(&screen, .control("z"), .character("z")) == [.suspend, .suspend])
    #expect(press(&screen, .function(7)).isEmpty)
  }

  @Test func theHelpListsEveryKey() {
    var screen = screen
    func text() -> String {
      screen.view(size: Size(width: 80, height: 24), theme: .plain, capabilities: Scenes.ascii).text
    }
    #expect(press(&screen, .character("?")).isEmpty)
    for binding in StartKeyTable.all { #expect(text().contains(binding.help), "\(binding.help)") }
    // Whatever closes it does nothing more, unless it ends or suspends the program.
    #expect(press(&screen, .enter).isEmpty)
    #expect(!text().contains("these keys"))
    #expect(press(&screen, .character("?"), .character("q"), .character("q")) == [.quit])
    #expect(press(&screen, .character("?"), .control("c")) == [.quit])
  }

  @Test func aFilterIsErasedAsInAShell() {
    var screen = screen
    _ = press(&screen, .character("/"))
    for character in "ring fast" { _ = press(&screen, .character(character)) }
    #expect(screen.filter == "ring fast")
    _ = press(&screen, .control("w"))
    #expect(screen.filter == "ring ")
    _ = press(&screen, .control("u"))
    #expect(screen.filter.isEmpty && screen.isFiltering)
  }

  @Test func theChosenRowIsToldInFull() {
    let line = "a sentence that is longer than the room beside the name, but has to be read all the same"
    let many = (0..<30).map { StartItem(name: "configuration-\($0)", line: line) }
    var screen = StartScreen(configurations: many, runs: [])
    let size = Size(width: 80, height: 24)
    func words(_ screen: StartScreen) -> String {
      let text = screen.view(size: size, theme: .plain, capabilities: Scenes.ascii).text
      return text.split { $0.isWhitespace || $0 == "|" }.joined(separator: " ")
    }
    #expect(words(screen).contains("\(line) (gantui train configuration-0)"))
    #expect(words(screen).contains("16 more below") && !words(screen).contains("above"))
    _ = press(&screen, .end)
    #expect(words(screen).contains("\(line) (gantui train configuration-29)"))
    #expect(words(screen).contains("16 more above") && !words(screen).contains("below"))
    // A run that is over can be prolonged: nothing else says so.
    var over = StartScreen(configurations: [], runs: [Self.runs[1]])
    _ = over.update(.resized(size))
    #expect(words(over).contains("gantui resume mnist-dcgan-1 --steps N prolongs it"))
  }

  @Test func theListFollowsTheStore() {
    var screen = screen
    _ = press(&screen, .down)
    var runs = Self.runs
    runs.insert(EarlierRun(name: "new", step: 1, totalSteps: 9, state: "training", age: 0, way: .attach), at: 0)
    screen.take(runs)
    // The chosen row is the same, though another stands above it now.
    #expect(press(&screen, .enter) == [.run("mnist-dcgan-1", .look)])
    screen.take([])
    #expect(press(&screen, .home, .enter) == [.open("ring8")])
  }

  @Test func smallScreensScrollTheHelp() {
    var screen = screen
    let size = Size(width: 40, height: 12)
    func text() -> String { screen.view(size: size, theme: .plain, capabilities: Scenes.ascii).text }
    _ = press(&screen, .character("?"))
    #expect(text().contains("the row above") && text().contains("for more") && !text().contains("leave gantui"))
    for _ in 0..<40 { _ = press(&screen, .down) }
    #expect(text().contains("back to the shell") && !text().contains("the row above"))
    _ = press(&screen, .escape)
    #expect(!text().contains("for more"))
  }

  @Test func noKeyIsClaimedTwice() {
    for isFiltering in [false, true] {
      var seen: Set<Key> = []
      for binding in StartKeyTable.all where isFiltering ? binding.whileFiltering : !binding.onlyFiltering {
        for key in binding.keys { #expect(seen.insert(key).inserted, "\(key)") }
      }
    }
  }

  @Test func nothingToChoose() {
    var screen = StartScreen(configurations: [], runs: [])
    #expect(press(&screen, .enter, .down, .up, .end, .pageDown, .enter).isEmpty)
    let text = screen.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.ascii).text
    #expect(text.contains("no sample configurations") && text.contains("no earlier runs"))
    #expect(text.allSatisfy { $0.isASCII })
  }

  @Test func everySizeIsDrawn() {
    let many = (0..<200).map { StartItem(name: "configuration-\($0)", line: String(repeating: "long ", count: 40)) }
    var screen = StartScreen(configurations: many, runs: Self.runs)
    for (width, height) in [(0, 0), (1, 1), (3, 200), (500, 3), (20, 6), (19, 6), (40, 12), (80, 24), (200, 50)] {
      let size = Size(width: width, height: height)
      _ = screen.update(.resized(size))
      for _ in 0..<5 { _ = press(&screen, .pageDown) }
      let frame = screen.view(size: size, theme: .dark, capabilities: Scenes.braille)
      #expect(frame.size == size)
      // The chosen row is in view.
      if width >= 40, height >= 12 { #expect(frame.text.contains("▸")) }
      _ = press(&screen, .home)
    }
  }

  @Test func theMouseChooses() {
    var screen = StartScreen(configurations: Self.items, runs: Self.runs)
    let size = Size(width: 80, height: 24)
    _ = screen.update(.resized(size))
    let lines = screen.view(size: size, theme: .plain, capabilities: Scenes.ascii).text.split(separator: "\n")
    let name = Self.items[1].name
    let row = lines.firstIndex { $0.contains(" \(name) ") } ?? 0
    #expect(screen.update(.mouse(MouseEvent(.press, x: 6, y: row))) == [])
    #expect(screen.update(.mouse(MouseEvent(.press, x: 6, y: row))) == [.open(name)])
    #expect(screen.update(.mouse(MouseEvent(.press, x: 6, y: 0))) == [])
    _ = screen.update(.mouse(MouseEvent(.wheelUp, x: 6, y: 9)))
    #expect(screen.update(.key(.enter)) == [.open(Self.items[0].name)], "the wheel went one up")
  }
}
