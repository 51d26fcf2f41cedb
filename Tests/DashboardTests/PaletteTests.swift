import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

@Suite struct PaletteTests {
  private func run(_ line: String, in state: inout DashboardState) -> [Effect] {
    _ = state.press(.character(":"))
    _ = state.type(line)
    return state.press(.enter)
  }

  private func sends(_ effects: [Effect]) -> [Command] {
    effects.compactMap { if case .send(let request) = $0 { request.command } else { nil } }
  }

  @Test func hyperparametersAreSet() {
    var state = Scenes.ring
    let id = "optimizers.generator.rate"
    for line in ["set generator.rate 1e-4", "generator.rate 2e-4", "\(id) 3e-4", "set G-rate 4e-4"] {
      let effects = sends(run(line, in: &state))
      guard case .set(let set, let value)? = effects.first else {
        #expect(line.hasSuffix("2e-4"), "\(line): \(state.notice?.text ?? "")")
        continue
      }
      #expect(set == id && value.isFinite)
    }
    #expect(state.hyperparameters.selectedRow?.value == 4e-4)
    for (line, text) in [
      ("generator.rate fast", "\"fast\" is not a number: write it like 0.0002 or 2e-4"),
      ("generator.rate 7", "G rate takes 1e-8 to 1, not 7"),
      ("rate 1", "may be"), ("set", "set needs a hyperparameter and a value"),
      ("nonsense", "there is no command \"nonsense\"; tab lists those that there are"),
      ("a.b 3", "there is no hyperparameter \"a.b\""),
    ] {
      #expect(sends(run(line, in: &state)).isEmpty)
      #expect(state.notice?.text.contains(text) == true, "\(line): \(state.notice?.text ?? "")")
    }
  }

  @Test func branchesTakeChanges() {
    var state = Scenes.ring
    for (line, changes) in [
      ("branch", []),
      ("branch penalties.r1.weight=10", ["penalties.r1.weight=10"]),
      (
        "branch generator.rate=1e-4 penalties.gradient-penalty=none",
        ["optimizers.generator.rate=1e-4", "penalties.gradient-penalty=none"]
      ),
      (
        "branch alerts=[\"loss/generator > 3 -> pause\"] model.latent={dimension: 2}  seed=7",
        ["alerts=[\"loss/generator > 3 -> pause\"]", "model.latent={dimension: 2}", "seed=7"]
      ),
    ] as [(String, [String])] {
      #expect(sends(run(line, in: &state)) == [.branch(changes: changes)], "\(line): \(state.notice?.text ?? "")")
    }
    #expect(state.notice?.text.hasPrefix("branching at step 6,000 with alerts=") == true)
    for (line, text) in [
      ("branch faster", "\"faster\" is no change: write KEY=VALUE, such as penalties.r1.weight=10"),
      ("branch seed=", "\"seed=\" is no change"), ("branch rate=1", "may be optimizers.generator.rate or"),
      ("branch alerts=[\"x", "a bracket or a quote has no other end"),
    ] {
      #expect(sends(run(line, in: &state)).isEmpty)
      #expect(state.notice?.text.contains(text) == true, "\(line): \(state.notice?.text ?? "")")
    }
    // At the last step only a branch that is longer has something to train.
    _ = state.hear(.metrics(MetricReport(step: 20_000, elapsed: 9, buckets: [:])))
    #expect(sends(run("branch seed=2", in: &state)).isEmpty)
    #expect(sends(run("branch schedule.steps=30000", in: &state)) == [.branch(changes: ["schedule.steps=30000"])])
    _ = state.hear(.state(.stopped, step: 20_000))
    #expect(sends(run("branch schedule.steps=30000", in: &state)).isEmpty)
  }

  @Test func keysOfBranchesAreCompleted() {
    var state = Scenes.ring
    var description = Scenes.description(name: "ring8", modes: 8)
    description.keys = [
      ConfigurationKey(
        path: "optimizers.generator.kind", value: "adam", choices: ["sgd", "adam"], explanation: "rule"),
      ConfigurationKey(path: "optimizers.generator.rate", value: "5", explanation: "learning rate"),
      ConfigurationKey(path: "penalties.r1.weight", value: nil, explanation: "weight"),
    ]
    _ = state.hear(.described(description))
    func words(_ text: String) -> [String] { state.completions(of: text).map(\.word) }
    #expect(words("branch ") == ["optimizers.generator.kind=", "optimizers.generator.rate=", "penalties.r1.weight="])
    #expect(words("branch seed=1 r1") == ["penalties.r1.weight="])
    #expect(
      words("branch optimizers.generator.kind=") == ["optimizers.generator.kind=adam", "optimizers.generator.kind=sgd"])
    // The value of now, which a person has turned, not that of the configuration.
    #expect(words("branch optimizers.generator.rate=") == ["optimizers.generator.rate=2e-4"])
    #expect(state.completions(of: "branch pen").first?.explanation == "weight")
    #expect(words("bra").filter { $0 == "branch" } == ["branch"])
    _ = state.press(.character(":"))
    _ = state.type("branch pen")
    _ = state.press(.tab)
    #expect(state.shell.palette?.text == "branch penalties.r1.weight=")
  }

  @Test func everyCommandOfTheTableIsKnown() {
    for command in KeyTable.commands {
      #expect(KeyTable.action(named: command.name) == command.binding.action)
      if !command.alias.isEmpty { #expect(KeyTable.action(named: command.alias) == command.binding.action) }
      #expect(command.name.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber }, "\(command.name)")
    }
    #expect(Set(KeyTable.commands.map(\.name)).count == KeyTable.commands.count)
    var state = Scenes.ring
    #expect(sends(run("pause", in: &state)) == [.pause])
    #expect(sends(run("checkpoint", in: &state)) == [.checkpoint])
    #expect(KeyTable.action(named: "lower-fine") == .lower(.fine))
  }

  @Test func viewsAreChosenByName() {
    var state = Scenes.ring
    _ = state.update(.resized(Size(width: 120, height: 40)))
    state.offer(themes: ["dark", "light"], current: "dark")
    _ = run("preset images", in: &state)
    #expect(state.shell.preset == "images")
    #expect(run("theme light", in: &state).contains(.theme("light")))
    _ = run("theme pink", in: &state)
    #expect(state.notice?.text == "there is no theme \"pink\"; accepted are dark, light")
    _ = run("hide samples", in: &state)
    #expect(!state.layout(size: state.size).panes.contains { $0.pane == .samples })
    _ = run("show 2", in: &state)
    #expect(state.layout(size: state.size).panes.contains { $0.pane == .samples } && state.focus == .samples)
    _ = run("fill losses", in: &state)
    #expect(state.fullScreen == .losses)
    _ = run("layout losses | (log / system)", in: &state)
    #expect(state.layout(size: state.size).panes.map(\.pane) == [.losses, .log, .system])
    _ = run("layout losses | nothing", in: &state)
    #expect(state.notice?.text.hasPrefix("there is no panel \"nothing\"") == true)
    _ = run("option smoothing 0.9", in: &state)
    #expect(state.charts.smoothing == 0.9)
    _ = run("option smoothing 7", in: &state)
    #expect(state.notice?.text.hasPrefix("smoothing: expected 0, 0.2") == true)
  }

  @Test func completionAndHistory() {
    var state = Scenes.ring
    _ = state.press(.character(":"))
    _ = state.type("pres")
    #expect(state.completions(of: "pres").first?.word == "preset")
    _ = state.press(.tab)
    _ = state.press(.escape)
    #expect(state.shell.palette == nil)
    #expect(state.completions(of: "preset ima").map(\.word) == ["images"])
    #expect(state.completions(of: "set gen").contains { $0.word == "optimizers.generator.rate" })
    #expect(state.completions(of: "show ").count == Pane.allCases.count)
    #expect(state.completions(of: "option colors ").map(\.word) == ["auto", "truecolor", "256", "16", "none"])
    _ = run("preset chart", in: &state)
    _ = run("filter loss", in: &state)
    _ = state.press(.character(":"), .up)
    #expect(state.shell.palette?.text == "filter loss")
    _ = state.press(.up, .up)
    #expect(state.shell.palette?.text == "preset chart")
    _ = state.press(.down, .down)
    #expect(state.shell.palette?.text == "")
    // Erasing nothing closes it; ^C reaches through.
    _ = state.press(.backspace)
    #expect(state.shell.palette == nil)
    _ = state.press(.character(":"))
    #expect(sends(state.press(.control("c"))) == [.stop])
    #expect(state.remembered.commands == ["preset chart", "filter loss"])
  }

  @Test func tabGoesRound() {
    var state = Scenes.ring
    _ = state.press(.character(":"))
    _ = state.type("preset ")
    var seen: Set<String> = []
    for _ in Preset.builtIn {
      _ = state.press(.tab)
      seen.insert(state.shell.palette?.text ?? "")
    }
    #expect(seen == Set(Preset.builtIn.map { "preset " + $0.name }))
    let size = Size(width: 80, height: 24)
    let text = state.view(size: size, theme: .dark, capabilities: Scenes.ascii).text
    #expect(text.contains("who is ahead") && text.allSatisfy { $0.isASCII })
  }

  @Test func theFilterShowsWhatMatches() {
    var state = Scenes.ring
    let size = Size(width: 120, height: 40)
    _ = state.update(.resized(size))
    func text() -> String { state.view(size: size, theme: .dark, capabilities: Scenes.braille).text }
    _ = state.press(.character("/"))
    _ = state.type("generator")
    #expect(text().contains("/generator_"))
    _ = state.press(.enter)
    #expect(text().contains("G loss") && !text().contains("D loss"))
    _ = state.press(.escape)
    #expect(!state.shell.filter.isActive && text().contains("D loss"))
    _ = state.press(.character("/"))
    _ = state.type("/^loss.*(real|fake)$/")
    _ = state.press(.enter)
    #expect(state.notice?.text.hasPrefix("2 metrics match") == true)
    _ = state.press(.character("/"), .control("u"))
    _ = state.type("/(/")
    _ = state.press(.enter)
    #expect(state.notice?.text.contains("is no regular expression") == true)
    _ = state.press(.character("/"), .control("u"))
    _ = state.type("loss.*real|loss.*fake")
    _ = state.press(.enter)
    #expect(state.notice?.text.hasPrefix("2 metrics match") == true)
    // Metrics that come later are chosen too.
    _ = state.press(.character("/"), .control("u"))
    _ = state.type("late")
    _ = state.press(.enter)
    #expect(state.notice?.kind == .warning)
    _ = state.hear(.metrics(MetricReport(step: 7000, elapsed: 9, buckets: ["late/one": Bucket(step: 7000, value: 1)])))
    #expect(state.shell.filter.passes("late/one"))
  }

  @Test func aFrozenViewStandsStill() {
    var state = Scenes.ring
    let size = Size(width: 120, height: 40)
    _ = state.update(.resized(size))
    func text() -> String { state.view(size: size, theme: .dark, capabilities: Scenes.braille).text }
    _ = state.press(.character("f"))
    #expect(state.isFrozen && text().contains("FROZEN at 6,000"))
    for event in Scenes.metrics(reports: 4, from: 120, modes: 8) { _ = state.hear(event) }
    _ = state.hear(Scenes.points(step: 6200))
    #expect(state.history.step == 6000 && state.panels.first?.step == 6000)
    // The header says how far the run is.
    #expect(text().contains("6,200/20,000"))
    #expect(state.summary().first?.contains("6,200") == true)
    _ = state.press(.character("f"))
    #expect(!state.isFrozen && state.history.step == 6200 && state.panels.first?.step == 6200)
    #expect(!text().contains("FROZEN"))
  }

  @Test func theValueHereIsCopied() {
    var state = Scenes.ring
    #expect(state.press(.character("V")) == [.copy("optimizers.generator.rate 0.0002")])
    _ = state.press(.character(":"))
    _ = state.type("focus losses")
    _ = state.press(.enter)
    guard case .copy(let text)? = state.press(.character("V")).first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.hasPrefix("step 6000 ") && text.contains("loss/generator "))
    var empty = DashboardState(runName: "empty")
    #expect(empty.press(.character("V")).isEmpty)
  }
}
