import Dashboard
import Telemetry
import TerminalKit
import Testing

/// What keys send to the trainer.
@Suite struct RunControlTests {
  private func commands(_ effects: [Effect]) -> [Command] {
    effects.compactMap { if case .send(let request) = $0 { request.command } else { nil } }
  }

  private var paused: DashboardState {
    var state = Scenes.ring
    _ = state.hear(.state(.paused(reason: nil), step: 6000))
    return state
  }

  @Test func spacePausesAndResumes() {
    var state = Scenes.ring
    #expect(commands(state.press(.character(" "))) == [.pause])
    // Before the trainer has answered, the second press takes the first back.
    #expect(commands(state.press(.character(" "))) == [.resume])
    state = paused
    #expect(commands(state.press(.character(" "))) == [.resume])
    _ = state.hear(.state(.training, step: 6000))
    #expect(commands(state.press(.character(" "))) == [.pause])
  }

  @Test func aRefusedPauseIsForgotten() throws {
    var state = Scenes.ring
    _ = state.press(.character(" "))
    _ = state.hear(.reply(request: 1, text: "not now", failed: true))
    #expect(state.notice?.text == "not now")
    #expect(state.log.lines.last?.kind == .error)
    #expect(commands(state.press(.character(" "))) == [.pause])
  }

  @Test func aStepOfATrainingRunPausesItFirst() {
    var state = Scenes.ring
    #expect(commands(state.press(.character("."))) == [.pause, .step(player: nil)])
    #expect(commands(state.press(.character("d"))) == [.step(player: "discriminator")])
    state = paused
    #expect(commands(state.press(.character("."))) == [.step(player: nil)])
    #expect(commands(state.press(.character("d"))) == [.step(player: "discriminator")])
    #expect(commands(state.press(.character("g"))) == [.step(player: "generator")])
  }

  @Test func aRunWithoutThatPlayerSaysSo() {
    var description = Scenes.description(name: "vae", modes: nil)
    description.players = ["autoencoder"]
    var state = DashboardState(runName: "vae")
    _ = state.press(.character("d"))
    #expect(state.notice?.text == "the model is being built")
    _ = state.hear(.described(description), .state(.training, step: 0))
    #expect(state.press(.character("g")).isEmpty)
    #expect(state.notice?.text == "this run has no generator: its players are autoencoder")
  }

  @Test func checkpointsAndPictures() {
    var state = Scenes.ring
    #expect(state.press(.character("c")) == [.send(Request(id: 1, command: .checkpoint))])
    #expect(state.press(.character("s")) == [.send(Request(id: 2, command: .saveSamples))])
    _ = state.hear(.reply(request: 2, text: "samples/step-6000.png", failed: false))
    #expect(state.notice?.text == "samples saved: samples/step-6000.png")
    _ = state.hear(.checkpointed(CheckpointRecord(step: 6001, path: "p")))
    #expect(state.log.lines.last == LogLine(step: 6001, kind: .checkpoint, text: "checkpoint kept"))
  }

  @Test func checkpointsInARowAreOneLine() {
    var state = Scenes.ring
    _ = state.hear(.checkpointed(CheckpointRecord(step: 6001, path: "p")))
    let count = state.log.lines.count
    for step in 6002..<6100 { _ = state.hear(.checkpointed(CheckpointRecord(step: step, path: "p"))) }
    #expect(state.log.lines.count == count)
    #expect(state.log.lines.last == LogLine(step: 6099, kind: .checkpoint, text: "checkpoint kept"))
  }

  @Test func quittingATrainingRunAsks() {
    var state = Scenes.ring
    #expect(state.press(.character("q")).isEmpty)
    #expect(state.dialog == .quit)
    #expect(state.press(.character("n")).isEmpty)
    #expect(state.dialog == nil && !state.isLeaving)
    _ = state.press(.character("q"))
    #expect(commands(state.press(.character("y"))) == [.stop])
    #expect(state.isLeaving)
    // Nothing but a second ^C is waited for now.
    #expect(state.press(.character(" ")).isEmpty)
    #expect(state.press(.character("q")).isEmpty)
    #expect(state.dialog == nil)
    #expect(state.hear(.state(.stopping, step: 6001)).isEmpty)
    #expect(state.hear(.state(.stopped, step: 6001)) == [.quit])
  }

  @Test func controlCStopsAndASecondOneLeaves() {
    var state = Scenes.ring
    #expect(commands(state.press(.control("c"))) == [.stop])
    #expect(state.press(.control("c")) == [.quit])
    // Its twin.
    state = Scenes.ring
    #expect(commands(state.press(.character("Q"))) == [.stop])
    // In the midst of a question and of typing.
    state = Scenes.ring
    #expect(commands(state.press(.character("q"), .control("c"))) == [.stop])
    state = Scenes.ring
    #expect(commands(state.press(.enter, .control("c"))) == [.stop])
    #expect(state.hyperparameters.entry == nil)
    // A run that stops already is not told so again.
    state = Scenes.ring
    _ = state.hear(.state(.stopping, step: 1))
    #expect(state.press(.control("c")).isEmpty && state.isLeaving)
  }

  @Test func beforeTheModelIsBuilt() {
    var state = DashboardState(runName: "run")
    #expect(commands(state.press(.character(" "))) == [.pause])
    #expect(state.press(.right).isEmpty)
    #expect(state.notice?.text == "the model is being built")
    #expect(commands(state.press(.control("c"))) == [.stop])
    #expect(state.hear(.state(.failed(message: "no data"), step: 0)) == [.quit])
    #expect(state.summary().first?.contains("failed") == true)
  }

  @Test(arguments: [RunState.finished, .stopped, .failed(message: "disk full")])
  func theEndStaysUntilAPersonLeaves(end: RunState) {
    var state = Scenes.ring
    _ = state.press(.character("q"))
    #expect(state.hear(.state(end, step: 20_000)).isEmpty)
    #expect(state.dialog == nil)
    for key: Key in [.character(" "), .character("."), .character("c"), .right, .enter] {
      #expect(state.press(key).isEmpty)
      #expect(state.notice != nil)
    }
    #expect(state.press(.character("q")) == [.quit])
    #expect(state.press(.control("c")) == [.quit])
  }

  @Test func programKeys() {
    var state = Scenes.ring
    #expect(state.press(.control("l")) == [.redraw])
    #expect(state.press(.character("r")) == [.redraw])
    #expect(state.press(.control("z")) == [.suspend])
    #expect(state.press(.character("z")) == [.suspend])
    #expect(state.press(.character("t")) == [.nextTheme])
    _ = state.press(.character("?"))
    #expect(state.dialog == .help(0))
    #expect(state.press(.control("z")) == [.suspend])
    _ = state.press(.down)
    #expect(state.dialog != .help(0))
    _ = state.press(.escape)
    #expect(state.dialog == nil)
  }

  @Test func requestsOfASilentTrainerCostNoMemory() {
    var state = Scenes.ring
    for _ in 0..<5000 { _ = state.press(.character("c")) }
    #expect(state.press(.character("c")) == [.send(Request(id: 5001, command: .checkpoint))])
  }
}
