import TerminalKit
import Testing

@testable import Dashboard

@Suite struct SettingsTests {
  @Test func theTemplateIsReadAsItIsWritten() {
    var settings = Settings()
    settings.theme = "my/odd \"theme\".yaml"
    settings.colors = .indexed256
    settings.usesMouse = false
    settings.smoothing = 0.95
    for some in [settings, Settings()] {
      let (read, problems) = SettingsFile.read(SettingsFile.template(some), file: "config.yaml")
      #expect(read == some && problems == [])
    }
  }

  @Test func whatCannotBeUsedIsSaidWithItsLine() {
    let text = """
      theme: forest
      colors: many
      smoothing: 0.61
      nonsense: 1
      mouse: [a]
      preset: cinema
      layouts:
        mine: losses | fun
        own: losses / log
      keys:
        fly: x
        pause: shift
        step: q
      alerts: []
      """
    let (settings, problems) = SettingsFile.read(text, file: "config.yaml")
    #expect(settings.theme == "forest" && settings.smoothing == 0.6 && settings.usesMouse)
    #expect(settings.layouts == ["own": "losses / log"] && settings.preset == "")
    let expected = [
      "config.yaml:2: colors: expected auto, truecolor, 256, 16, none, found \"many\"; auto is taken",
      "config.yaml:3: smoothing: expected 0, 0.2, 0.4,", "config.yaml:4: there is no setting \"nonsense\"",
      "config.yaml:5: mouse: expected true, false, found \"a list or mapping\"; true is taken",
      "config.yaml:8: layouts: mine: there is no panel \"fun\"",
      "config.yaml:11: keys: there is no command \"fly\"", "config.yaml:12: keys: pause: \"shift\" is no key",
      "config.yaml:13: keys: step: q means quit already; it keeps its own keys",
      "config.yaml:6: preset: expected last, overview",
    ]
    for start in expected { #expect(problems.contains { $0.hasPrefix(start) }, "\(start)\n\(problems)") }
    #expect(problems.count == expected.count)
  }

  @Test(arguments: [
    "", "# only a comment\n", "theme: dark", "- a\n- b", "a: b: c", "\u{0}", "just words", "theme: \"x",
  ])
  func anyTextIsRead(text: String) {
    _ = SettingsFile.read(text, file: "config.yaml")
    _ = SettingsFile.updating(text, to: Settings())
    _ = SettingsFile.readRemembered(text)
  }

  @Test func onlyTheLinesOfSettingsChange() {
    let text = """
      # mine
      theme: dark  # the best
      alerts:
        - rule: x < 1
      mystery: 7
      """
    var settings = Settings()
    settings.theme = "forest"
    settings.refresh = 0.5
    let changed = SettingsFile.updating(text, to: settings) ?? ""
    #expect(changed.contains("# mine\ntheme: forest # the best\nalerts:\n  - rule: x < 1\nmystery: 7\n"))
    #expect(changed.contains("refresh: 0.5") && !changed.contains("mouse:"))
    // What would not be valid afterwards is not written.
    #expect(SettingsFile.updating("theme:\n  - a\n", to: settings) == nil)
  }

  @Test func whatIsRememberedIsReadAgain() {
    let view = RememberedView(
      preset: "images", layouts: ["overview/1": "(losses:2 | -log) / +samples"], commands: ["set a.b 1e-4", "x \"y\""])
    #expect(SettingsFile.readRemembered(SettingsFile.text(of: view)) == view)
    var state = Scenes.ring
    state.apply(RememberedView(preset: "nothing", layouts: ["overview/0": "broken |"], commands: []))
    #expect(state.shell.preset == "overview" && state.shell.customLayouts.isEmpty)
  }

  @Test func keysAreBoundAnew() {
    var settings = Settings()
    settings.keys = [("pause", ["ctrl-p", "F5"]), ("palette", ["!"]), ("focus-previous", ["p", "K"])]
    var state = Scenes.ring
    state.apply(settings)
    #expect(state.shell.keys.action(for: .control("p"), in: .pane(.log)) == .togglePause)
    #expect(state.shell.keys.action(for: .function(5), in: .pane(.log)) == .togglePause)
    #expect(state.shell.keys.action(for: .character(" "), in: .pane(.log)) == nil)
    #expect(KeyMap.rebound(settings.keys).problems.isEmpty)
    // The help says the keys in use.
    _ = state.press(.character("?"))
    let size = Size(width: 200, height: 60)
    _ = state.update(.resized(size))
    #expect(state.view(size: size, theme: .dark, capabilities: Scenes.ascii).text.contains("^P F5"))
    // Swapping two is no clash.
    let swapped = KeyMap.rebound([("step", ["c"]), ("checkpoint", ["."])])
    #expect(swapped.problems.isEmpty && swapped.map.action(for: .character("c"), in: .pane(.log)) == .step)
  }

  @Test func keysHaveNames() {
    for binding in KeyTable.all {
      for key in binding.keys { #expect(Key(named: key.name(ascii: true)) == key, "\(key)") }
    }
    for text in ["", "shift", "ctrl-", "F0", "F99", "two words"] { #expect(Key(named: text) == nil, "\(text)") }
  }

  @Test func optionsChangeAtOnceAndAreKept() {
    var state = Scenes.ring
    state.offer(themes: ["dark", "light"], current: "dark")
    _ = state.update(.resized(Size(width: 80, height: 24)))
    _ = state.press(.character("O"))
    let effects = state.press(.right)
    #expect(effects.first == .theme("dark"))
    guard case .save(let settings)? = effects.last else {
      Issue.record("nothing is kept")
      return
    }
    #expect(settings.theme == "dark")
    for index in Setting.all.indices {
      for _ in 0..<12 { #expect(state.press(.right).contains { if case .save = $0 { true } else { false } }) }
      _ = state.press(.left, .backspace)
      #expect(Setting.all[index].text(state.shell.settings) == Setting.all[index].text(Settings()))
      _ = state.press(.down)
    }
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12), Size(width: 1, height: 1)] {
      _ = state.update(.resized(size))
      #expect(state.view(size: size, theme: .dark, capabilities: Scenes.ascii).size == size)
    }
    _ = state.press(.escape)
    #expect(state.shell.options == nil)
  }

  @Test func themesAreSeenWhileTheyAreChosen() {
    var state = Scenes.ring
    state.offer(themes: ["a", "b", "c"], current: "b")
    _ = state.press(.character("T"))
    #expect(state.press(.down) == [.theme("c")])
    #expect(state.press(.down) == [.theme("a")])
    #expect(state.press(.escape) == [.theme("b")])
    _ = state.press(.character("T"), .up)
    #expect(state.press(.enter).first == .theme("a"))
    #expect(state.shell.settings.theme == "a")
    #expect(state.press(.character("t")) == [.theme("b")])
  }
}
