import Dashboard
import Telemetry
import TerminalKit
import Testing

@Suite struct HyperparameterTests {
  /// The value that an effect asks for.
  private func value(_ effects: [Effect]) -> Double? {
    guard effects.count == 1, case .send(let request) = effects[0], case .set(_, let value) = request.command else {
      return nil
    }
    return value
  }

  private func state(
    _ value: Double, _ range: ClosedRange<Double>, _ scale: Hyperparameter.Scale, isInteger: Bool = false
  ) -> DashboardState {
    var description = Scenes.description(name: "run", modes: 8)
    description.hyperparameters = [
      Hyperparameter(
        id: "x", title: "X", value: value, minimum: range.lowerBound, maximum: range.upperBound, scale: scale,
        isInteger: isInteger, explanation: "a number")
    ]
    var state = DashboardState(runName: "run")
    _ = state.hear(.described(description), .state(.training, step: 0))
    return state
  }

  /// The values that a key runs through.
  private func walk(_ state: DashboardState, _ key: Key, times: Int) -> [Double] {
    var state = state
    return (0..<times).compactMap { _ in value(state.press(key)) }
  }

  @Test func whatIsNotSeenIsNotTurned() {
    var state = Scenes.ring
    _ = state.press(.character("v"))
    #expect(state.fullScreen != nil && state.fullScreen != .hyperparameters)
    #expect(state.press(.character(">")).isEmpty)
    _ = state.press(.escape)
    #expect(state.press(.character(">")).count == 1)
    _ = state.press(.character(Character("\(Pane.hyperparameters.digit)")))
    #expect(state.press(.character(">")).isEmpty)
    let text = state.notice?.text ?? ""
    #expect(text == "the hyperparameters are not on the screen; \(Pane.hyperparameters.digit) shows them")
  }

  @Test func upAndDownChoose() {
    var state = Scenes.ring
    #expect(state.hyperparameters.selected == 0)
    _ = state.press(.down, .character("j"))
    #expect(state.hyperparameters.selectedRow?.hyperparameter.id == "optimizers.discriminator.rate")
    _ = state.press(.up, .character("k"), .up)
    #expect(state.hyperparameters.selected == Scenes.hyperparameters.count - 1)
    _ = state.press(.down)
    #expect(state.hyperparameters.selected == 0)
  }

  @Test func logarithmicOnesGoAlongPreferredNumbers() {
    let state = state(2e-4, 1e-8...1, .logarithmic)
    #expect(walk(state, .right, times: 5) == [2.5e-4, 3.15e-4, 4e-4, 5e-4, 6.3e-4])
    #expect(walk(state, .character("h"), times: 4) == [1.6e-4, 1.25e-4, 1e-4, 8e-5])
    #expect(walk(state, .shiftUp, times: 3) == [2e-3, 2e-2, 0.2])
    #expect(walk(state, .character("{"), times: 2) == [2e-5, 2e-6])
    let fine = walk(state, .character(">"), times: 10)
    #expect(fine.count == 10)
    #expect(fine.first == 2.05e-4)
    #expect(zip(fine, fine.dropFirst()).allSatisfy { $1 > $0 && $1 / $0 < 1.04 })
    #expect(abs((fine.last ?? 0) / 2e-4 - 1.2589) < 0.03)
    // Ten presses make a decade, there and back.
    #expect(walk(state, .right, times: 10).last == 2e-3)
    #expect(walk(state, .left, times: 10).last == 2e-5)
  }

  @Test func theEndsOfTheRangeHold() {
    var state = state(0.9, 1e-8...1, .logarithmic)
    #expect(value(state.press(.right)) == 1)
    #expect(state.press(.right).isEmpty)
    #expect(state.notice?.text == "X is at its largest, 1")
    state = self.state(1e-8, 1e-8...1, .logarithmic)
    #expect(state.press(.left).isEmpty)
    #expect(state.notice?.text == "X is at its smallest, 1e-8")
  }

  @Test func aWeightMayLeaveZeroAndReturn() {
    let state = state(0, 0...1e4, .logarithmic)
    let up = walk(state, .right, times: 3)
    #expect(up.first == 0.01)
    var down = self.state(0.01, 0...1e4, .logarithmic)
    #expect(value(down.press(.left)) == 0)
    #expect(down.press(.left).isEmpty)
  }

  @Test func linearOnesStepByRoundParts() {
    let state = state(0.5, 0...1, .linear)
    #expect(walk(state, .right, times: 3) == [0.55, 0.6, 0.65])
    #expect(walk(state, .left, times: 2) == [0.45, 0.4])
    #expect(walk(state, .shiftRight, times: 2) == [0.505, 0.51])
    #expect(walk(state, .shiftUp, times: 2) == [1])
    // Values between the steps come back onto them.
    #expect(walk(self.state(0.123, 0...1, .linear), .right, times: 2) == [0.15, 0.2])
  }

  @Test func decaysStepByWhatIsLeftToOne() {
    let state = state(0.9, 0...0.9999, .linear)
    #expect(walk(state, .right, times: 5) == [0.95, 0.98, 0.99, 0.995, 0.998])
    #expect(walk(state, .shiftUp, times: 2) == [0.99, 0.999])
    #expect(walk(self.state(0.99, 0...0.9999, .linear), .left, times: 3) == [0.98, 0.95, 0.9])
    #expect(walk(self.state(0.9, 0...0.9999, .linear), .left, times: 1) == [0.85])
    #expect(walk(self.state(0.9998, 0...0.9999, .linear), .right, times: 3) == [0.9999])
  }

  @Test func integersStayWhole() {
    let steps = state(1, 1...100, .linear, isInteger: true)
    #expect(walk(steps, .right, times: 2) == [2, 3])
    #expect(walk(steps, .shiftRight, times: 1) == [2])
    #expect(walk(steps, .shiftUp, times: 1) == [11])
    let interval = state(1, 1...1e9, .logarithmic, isInteger: true)
    #expect(walk(interval, .right, times: 4) == [2, 3, 4, 5])
    #expect(walk(interval, .shiftRight, times: 2) == [2, 3])
    #expect(walk(interval, .shiftUp, times: 2) == [10, 100])
  }

  @Test func anEditIsPendingUntilTheTrainerConfirms() {
    var state = Scenes.ring
    #expect(
      state.press(.right) == [.send(Request(id: 1, command: .set(id: "optimizers.generator.rate", value: 2.5e-4)))])
    #expect(state.hyperparameters.selectedRow?.pending == 2.5e-4)
    #expect(state.hyperparameters.selectedRow?.hyperparameter.value == 2e-4)
    // The next press goes on from what was asked for.
    #expect(value(state.press(.right)) == 3.15e-4)
    _ = state.hear(.edited(Edit(step: 6001, id: "optimizers.generator.rate", oldValue: 2e-4, newValue: 2.5e-4)))
    #expect(state.hyperparameters.selectedRow?.pending == 3.15e-4)
    _ = state.hear(.edited(Edit(step: 6002, id: "optimizers.generator.rate", oldValue: 2.5e-4, newValue: 3.15e-4)))
    #expect(state.hyperparameters.selectedRow?.pending == nil)
    #expect(state.hyperparameters.selectedRow?.hyperparameter.value == 3.15e-4)
    #expect(state.log.lines.last == LogLine(step: 6002, kind: .edit, text: "G rate 2.5e-4 -> 3.15e-4"))
    #expect(state.history.edits.count == 3)
  }

  @Test func whatTheTrainerMakesOfItIsShown() {
    var state = Scenes.ring
    _ = state.press(.right)
    _ = state.hear(.edited(Edit(step: 1, id: "optimizers.generator.rate", oldValue: 2e-4, newValue: 2.2e-4)))
    #expect(state.hyperparameters.selectedRow?.value == 2.2e-4)
    // Refused: the confirmed value is back.
    _ = state.press(.right)
    #expect(state.hyperparameters.selectedRow?.pending != nil)
    _ = state.hear(.reply(request: 2, text: "no", failed: true))
    #expect(state.hyperparameters.selectedRow?.value == 2.2e-4)
    // Done without an edit, as when it was that value already.
    _ = state.press(.right)
    _ = state.hear(.reply(request: 3, text: "", failed: false))
    #expect(state.hyperparameters.selectedRow?.pending == nil)
    // Three at once of which the trainer makes one edit.
    _ = state.press(.right, .right, .right)
    let asked = state.hyperparameters.selectedRow?.pending ?? 0
    _ = state.hear(.edited(Edit(step: 2, id: "optimizers.generator.rate", oldValue: 2.2e-4, newValue: asked)))
    #expect(state.hyperparameters.selectedRow?.pending == nil)
  }

  @Test func anUnknownEditIsStillLogged() {
    var state = Scenes.ring
    _ = state.hear(.edited(Edit(step: 9, id: "model.other", oldValue: 1, newValue: 0.125)))
    #expect(state.log.lines.last?.text == "model.other 1 -> 0.125")
  }

  @Test func aTypedValueIsSent() {
    var state = Scenes.ring
    #expect(state.press(.enter).isEmpty)
    #expect(state.hyperparameters.entry == "")
    // Letters with a meaning elsewhere are text here.
    #expect(state.type("3e-5q").isEmpty)
    _ = state.press(.backspace)
    #expect(state.hyperparameters.entry == "3e-5")
    #expect(value(state.press(.enter)) == 3e-5)
    #expect(state.hyperparameters.entry == nil)
  }

  @Test func escapeAndNothingLeaveTheValue() {
    var state = Scenes.ring
    _ = state.press(.enter)
    _ = state.type("5")
    #expect(state.press(.escape).isEmpty)
    #expect(state.hyperparameters.entry == nil && state.hyperparameters.selectedRow?.value == 2e-4)
    #expect(state.press(.enter, .enter).isEmpty)
    #expect(state.hyperparameters.entry == nil)
    // The same value again is no edit.
    _ = state.press(.enter)
    _ = state.type("0.0002")
    #expect(state.press(.enter).isEmpty)
    #expect(state.hyperparameters.selectedRow?.pending == nil)
  }

  @Test(arguments: [
    ("2e--4", "\"2e--4\" is not a number: write it like 0.0002 or 2e-4"),
    ("abc", "\"abc\" is not a number: write it like 0.0002 or 2e-4"),
    ("nan", "\"nan\" is not a number: write it like 0.0002 or 2e-4"),
    ("0x10", "\"0x10\" is not a number: write it like 0.0002 or 2e-4"),
    ("1e999", "\"1e999\" is not a number: write it like 0.0002 or 2e-4"),
    ("5", "G rate takes 1e-8 to 1, not 5"), ("-1", "G rate takes 1e-8 to 1, not -1"),
  ])
  func whatCannotBeIsRefusedInOneSentence(text: String, sentence: String) {
    var state = Scenes.ring
    _ = state.press(.enter)
    _ = state.type(text)
    #expect(state.press(.enter).isEmpty)
    #expect(state.notice?.text == sentence)
    #expect(state.hyperparameters.refusal?.description == sentence)
    // The text stays to be put right.
    #expect(state.hyperparameters.entry == text)
    _ = state.press(.backspace)
    #expect(state.hyperparameters.refusal == nil)
  }

  @Test func wholeNumbersAreAskedForWhereTheyAreNeeded() {
    var state = state(1, 1...100, .linear, isInteger: true)
    _ = state.press(.enter)
    _ = state.type("2.5")
    _ = state.press(.enter)
    #expect(state.notice?.text == "X takes whole numbers, not 2.5")
  }

  @Test func anEntryIsNeverTooLong() {
    var state = Scenes.ring
    _ = state.press(.enter)
    _ = state.type(String(repeating: "1", count: 500))
    #expect((state.hyperparameters.entry?.count ?? 999) < 30)
    let frame = state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille)
    #expect(frame.text.contains("111_"))
  }

  @Test func theChosenOneStaysChosenWhenTheRunIsDescribedAgain() {
    var state = Scenes.ring
    _ = state.press(.down, .down)
    _ = state.hear(.described(Scenes.description(name: "ring8", modes: 8)))
    #expect(state.hyperparameters.selected == 2)
    var description = Scenes.description(name: "ring8", modes: 8)
    description.hyperparameters = []
    _ = state.hear(.described(description))
    #expect(state.press(.right).isEmpty)
    #expect(state.notice?.text == "this run has no hyperparameter to change")
  }
}
