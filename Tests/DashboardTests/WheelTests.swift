import Dashboard
import Telemetry
import TerminalKit
import Testing

/// A dashboard among others: who steers, and what leaving means.
@Suite struct WheelTests {
  private func commands(_ effects: [Effect]) -> [Command] {
    effects.compactMap { if case .send(let request) = $0 { request.command } else { nil } }
  }

  private func wheel(_ holder: String?, mine: Bool = false, viewers: Int = 1) -> Event {
    .wheel(Wheel(holder: holder, isYours: mine, viewers: viewers))
  }

  /// A dashboard that is attached to the ring.
  private func attached(_ events: Event...) -> DashboardState {
    Scenes.play(
      DashboardState(runName: "ring8", isAttached: true),
      [.described(Scenes.description(name: "ring8", modes: 8)), .state(.training, step: 6000)] + events)
  }

  private func text(_ state: DashboardState, _ size: Size = Size(width: 80, height: 24)) -> String {
    state.view(size: size, theme: .dark, capabilities: Scenes.braille).text
  }

  @Test func aDashboardOfItsOwnIsAtTheWheel() {
    var state = Scenes.ring
    let before = text(state)
    _ = state.hear(wheel("ann@pts/1", mine: true, viewers: 0))
    #expect(text(state) == before)
    #expect(commands(state.press(.character(" "))) == [.pause])
    #expect(commands(state.press(.character("W"))) == [])
    #expect(state.notice?.text == "you have the wheel, and nobody else watches")
  }

  @Test func whoWatchesChangesNothing() {
    var state = attached(wheel("ann@pts/1 #1"))
    #expect(text(state).contains("watching, ann@pts/1 #1 has the wheel (W: take it)"))
    for key: Key in [.character(" "), .character("."), .right, .enter, .character("c"), .character("s")] {
      #expect(commands(state.press(key)) == [])
      #expect(state.notice?.text == "watching: ann@pts/1 #1 has the wheel; W takes it")
    }
    // Looking is free.
    #expect(state.press(.character("v"), .tab, .character("t")) == [.nextTheme])
    #expect(commands(state.press(.character("W"))) == [.takeWheel])
    _ = state.hear(wheel("bob@pts/2 #2", mine: true))
    #expect(state.notice?.text == "you have the wheel")
    _ = state.press(.escape)
    #expect(text(state).contains("at the wheel (W: give it up)"))
    #expect(commands(state.press(.character(" "))) == [.pause])
    #expect(commands(state.press(.character("W"))) == [.releaseWheel])
  }

  @Test func nobodyIsAtTheWheel() {
    #expect(text(attached(wheel(nil))).contains("watching, nobody has the wheel (W: take it)"))
    // Where there is little room, the rest goes.
    let long = attached(wheel("somebody-with-a-long-name@pts/12 #123"))
    #expect(text(long, Size(width: 60, height: 20)).contains("watching (W: take the wheel)  ? help  q quit"))
    // Before the run has said who steers, nobody knows.
    var state = attached()
    #expect(commands(state.press(.character(" "))) == [])
  }

  @Test func aWheelThatIsTakenAway() {
    var state = Scenes.ring
    _ = state.hear(wheel("ann@pts/1", mine: true, viewers: 0))
    _ = state.press(.enter)
    #expect(text(state).contains("at the wheel") == false)
    _ = state.hear(wheel("bob@pts/2 #1"))
    #expect(state.notice?.text == "bob@pts/2 #1 has the wheel; W takes it back")
    #expect(state.keyContext == .pane(.hyperparameters))
    #expect(state.log.lines.last?.text == "bob@pts/2 #1 has the wheel; W takes it back")
    #expect(commands(state.press(.right)) == [])
    // Its own process may always be stopped.
    #expect(commands(state.press(.character("Q"))) == [.stop])
  }

  @Test func leavingLeavesTheRunAlone() {
    for key: Key in [.character("q"), .control("c"), .character("Q"), .character("&")] {
      var state = attached(wheel(nil))
      #expect(state.press(key) == [.quit])
    }
    var state = attached(wheel("bob@pts/2 #2", mine: true))
    #expect(state.press(.character("q")) == [.quit])
  }

  @Test func whoSteersMayStopTheRun() {
    var state = attached(wheel("bob@pts/2 #2", mine: true))
    #expect(state.press(.character("Q")) == [])
    #expect(state.dialog == .quit)
    #expect(text(state).contains("Stop the run and keep a checkpoint?"))
    #expect(!text(state).contains("& leaves it"))
    #expect(state.press(.character("n")) == [])
    #expect(state.dialog == nil)
    #expect(commands(state.press(.character("Q"), .character("y"))) == [.stop])
    #expect(state.hear(.state(.stopped, step: 6001)) == [.quit])
    // Asked twice, it leaves.
    state = attached(wheel("bob@pts/2 #2", mine: true))
    #expect(state.press(.control("c"), .control("c")) == [.quit])
  }

  @Test func detaching() {
    var state = Scenes.ring
    let effects = state.press(.character("&"))
    #expect(commands(effects) == [.stop])
    #expect(effects.last == .detach)
    #expect(state.press(.character("&")) == [])
    #expect(state.hear(.state(.stopping, step: 6000)) == [])
    #expect(state.hear(.state(.stopped, step: 6000)) == [.quit])
    // From the question too, which says so.
    state = Scenes.ring
    _ = state.press(.character("q"))
    #expect(text(state).contains("& leaves it training without this terminal."))
    #expect(state.press(.character("&")).last == .detach)
    #expect(state.dialog == nil)
    // While a value is typed it is a letter.
    state = Scenes.ring
    _ = state.press(.enter)
    #expect(state.press(.character("&")) == [])
    // A run that is over stays where it is.
    state = Scenes.play(Scenes.ring, [.state(.finished, step: 20_000)])
    #expect(state.press(.character("&")) == [])
    #expect(state.press(.character("W")) == [])
  }
}
