import Dashboard
import Telemetry
import TerminalKit
import Testing

@Suite struct RewindKeyTests {
  private func commands(_ effects: [Effect]) -> [Command] {
    effects.compactMap { if case .send(let request) = $0 { request.command } else { nil } }
  }

  private let moment = Moment(step: 4000, number: 3, count: 17, newestStep: 6000, place: .memory)

  @Test func bracketsWalkAndEscapeReturns() {
    var state = Scenes.ring
    #expect(commands(state.press(.character("]"))).isEmpty)
    #expect(state.notice?.text == "this is the newest step")
    #expect(commands(state.press(.character("["))) == [.look(.earlier)])
    _ = state.hear(.state(.paused(reason: nil), step: 6000), .moment(moment))
    #expect(state.charts.cursor == 4000)
    #expect(commands(state.press(.character("["), .character("]"))) == [.look(.earlier), .look(.later)])
    #expect(commands(state.press(.escape)) == [.look(.newest)])
    _ = state.hear(.moment(nil))
    #expect(state.charts.cursor == nil && state.rewind.moment == nil)
    // Escape and enter are the panels' again.
    #expect(commands(state.press(.escape, .enter)).isEmpty)
  }

  @Test func enterBranchesFromAnyPane() {
    for pane in Pane.allCases {
      var state = Scenes.ring
      _ = state.hear(.state(.paused(reason: nil), step: 6000), .moment(moment))
      for _ in Pane.allCases where state.focus != pane { _ = state.press(.tab) }
      // Not all are on the screen.
      guard state.focus == pane else { continue }
      #expect(commands(state.press(.enter)) == [.branch(changes: [])], "\(pane)")
      #expect(state.fullScreen == nil)
    }
    var state = Scenes.ring
    #expect(commands(state.press(.character("B"))) == [.branch(changes: [])])
  }

  @Test func aValueIsStillTypedWhileAMomentIsShown() {
    var state = Scenes.ring
    _ = state.press(.enter)
    _ = state.hear(.moment(moment))
    #expect(state.keyContext == .entry)
    #expect(commands(state.press(.character("1"), .enter)) == [.set(id: "optimizers.generator.rate", value: 1)])
  }

  @Test func theValuesAreThoseOfTheMoment() {
    var state = Scenes.ring
    let newest = frame(state)
    _ = state.hear(.state(.paused(reason: nil), step: 6000), .moment(moment))
    let shown = frame(state)
    #expect(shown.contains("step 4,000, 2,000 back, 3 of 17 moments: enter branches here"))
    #expect(!newest.contains("enter branches here"))
    #expect(shown.contains("@ step 4,000"))
    var past = moment
    past.hyperparameters = ["optimizers.generator.rate": 0.0123]
    _ = state.hear(.moment(past))
    #expect(frame(state).contains("0.0123"))
    _ = state.hear(.moment(nil))
    #expect(!frame(state).contains("0.0123"))
  }

  private func frame(_ state: DashboardState) -> String {
    state.view(size: Size(width: 120, height: 40), theme: .dark, capabilities: Scenes.braille).text
  }

  @Test func undoAsksWhereStepsAreLost() {
    var state = Scenes.ring
    _ = state.update(.tick(10))
    #expect(commands(state.press(.character("u"))).isEmpty)
    #expect(state.notice?.text.contains("forgets the 4,800 steps since") == true)
    #expect(commands(state.press(.character("u"))) == [.undo])
    // A second press that comes late asks again.
    _ = state.press(.character("u"))
    _ = state.update(.tick(30))
    #expect(commands(state.press(.character("u"))).isEmpty)
    // Nothing is lost by an undo right after the edit.
    _ = state.hear(.edited(Edit(step: 6000, id: "optimizers.generator.rate", oldValue: 2e-4, newValue: 4e-4)))
    #expect(commands(state.press(.character("u"))) == [.undo])
  }

  @Test func aBranchTakesTheScreen() {
    var state = Scenes.ring
    let parent = state.history
    _ = state.hear(.state(.paused(reason: nil), step: 6000), .moment(moment))
    _ = state.press(.enter)
    _ = state.hear(
      .state(.preparing, step: 0), .described(Scenes.description(name: "ring8-at-4000", modes: 8)),
      .branched(BranchOrigin(run: "ring8", path: "/home/user/runs/ring8", step: 4000, changes: []), parent: parent),
      .state(.training, step: 4000))
    #expect(state.runName == "ring8-at-4000")
    #expect(state.history.step == 4000 && state.history.metrics.isEmpty)
    #expect(state.charts.overlays.first?.history == parent)
    #expect(state.rewind.moment == nil && state.charts.cursor == nil)
    for event in Scenes.metrics(reports: 10, from: 80, modes: 8) { _ = state.hear(event) }
    // The legend names the run once.
    #expect(frame(state).contains("╍ ring8 "))
    #expect(state.log.lines.contains { $0.text == "branched from ring8 at step 4,000" })
    // The same run described again keeps its past, as after an undo.
    let history = state.history
    _ = state.hear(.described(Scenes.description(name: "ring8-at-4000", modes: 8)))
    #expect(state.history == history && !state.charts.overlays.isEmpty)
  }

  /// In the process that trained it: its earlier moments are there, and another run can begin at one of them.
  @Test func aRunThatHasFinishedStaysOpen() {
    var state = Scenes.ring
    _ = state.hear(.state(.finished, step: 20_000))
    let hints = state.view(size: Size(width: 120, height: 30), theme: .plain, capabilities: Scenes.ascii).text
    #expect(hints.contains("[ rewind") && !hints.contains("space pause"))
    #expect(commands(state.press(.character("["))) == [.look(.earlier)])
    _ = state.hear(.moment(Moment(step: 4000, number: 3, count: 5, newestStep: 20_000, place: .memory)))
    #expect(commands(state.press(.enter)) == [.branch(changes: [])])
    #expect(commands(state.press(.escape)) == [.look(.newest)])
    #expect(commands(state.press(.character("s"))) == [.saveSamples])
    _ = state.hear(.moment(nil))
    for key in ["u", "c", ".", " "] { #expect(commands(state.press(.character(Character(key)))).isEmpty) }
    #expect(state.press(.character("q")) == [.quit])
  }

  @Test func aRunThatIsOverSaysHowToGoBack() {
    var state = Scenes.ring
    _ = state.hear(.state(.stopped, step: 20_000))
    for key in ["[", "B", "u"] { #expect(commands(state.press(.character(Character(key)))).isEmpty) }
    #expect(state.notice?.text.contains("gantui branch ring8 --at STEP") == true)
  }
}
