import Dashboard
import TerminalKit
import Testing

@Suite struct KeyTableTests {
  @Test func noKeyIsClaimedTwice() {
    #expect(KeyTable.clashes().isEmpty)
  }

  @Test func aClashIsFound() throws {
    let pause = try #require(KeyTable.all.first { $0.action == .togglePause })
    let step = try #require(KeyTable.all.first { $0.action == .step })
    var greedy = step
    greedy.keys.append(.character(" "))
    #expect(KeyTable.clashes(in: [pause, step]).isEmpty)
    #expect(KeyTable.clashes(in: [pause, greedy]).map(\.key) == [.character(" ")])
    // A panel's key before a global one is no clash; two in overlapping panels are.
    var own = step
    own.scope = .panes([.log, .losses])
    own.keys = [.up]
    var other = own
    other.scope = .panes([.log])
    var global = own
    global.scope = .global
    #expect(KeyTable.clashes(in: [own, global]).isEmpty)
    #expect(KeyTable.clashes(in: [own, other]).count == 1)
    var twice = own
    twice.keys = [.up, .up]
    #expect(!KeyTable.clashes(in: [twice]).isEmpty)
  }

  @Test func everyModifiedKeyHasATwin() {
    for binding in KeyTable.all where binding.keys.contains(where: \.needsTwin) {
      #expect(binding.keys.contains { !$0.needsTwin }, "\(binding.help)")
    }
  }

  @Test func everyBindingExplainsItself() {
    for binding in KeyTable.all {
      #expect(!binding.help.isEmpty)
      #expect(!binding.keys.isEmpty)
      for key in binding.keys { #expect(key.name(ascii: true).allSatisfy { $0.isASCII }) }
    }
  }

  @Test func thePanelGoesBeforeTheRest() {
    #expect(KeyTable.action(for: .left, in: .pane(.hyperparameters)) == .lower(.normal))
    #expect(KeyTable.action(for: .left, in: .pane(.losses)) == .chart(.cursorLeft))
    #expect(KeyTable.action(for: .up, in: .pane(.log)) == .scrollUp)
    #expect(KeyTable.action(for: .character("c"), in: .pane(.log)) == .checkpoint)
    #expect(KeyTable.action(for: .enter, in: .pane(.samples)) == .fillWithFocus)
    #expect(KeyTable.action(for: .function(9), in: .pane(.log)) == nil)
  }

  @Test func lettersAreTextWhileAValueIsTyped() {
    #expect(KeyTable.action(for: .character("r"), in: .entry) == nil)
    #expect(KeyTable.action(for: .character("Q"), in: .entry) == nil)
    #expect(KeyTable.action(for: .control("c"), in: .entry) == .stopAndQuit)
    #expect(KeyTable.action(for: .control("l"), in: .entry) == .redraw)
    #expect(KeyTable.action(for: .enter, in: .entry) == .applyEntry)
  }

  @Test func questionsTakeTheirAnswersOnly() {
    #expect(KeyTable.action(for: .character("y"), in: .question) == .confirm)
    #expect(KeyTable.action(for: .character("n"), in: .question) == .refuse)
    #expect(KeyTable.action(for: .character(" "), in: .question) == nil)
    #expect(KeyTable.action(for: .control("c"), in: .question) == .stopAndQuit)
    #expect(KeyTable.action(for: .character("d"), in: .help) == nil)
  }

  /// The help shows every binding of the table.
  @Test func theHelpIsTheTable() {
    var state = DashboardState(runName: "run")
    let size = Size(width: 200, height: 260)
    _ = state.update(.resized(size))
    _ = state.press(.function(1))
    let text = state.view(size: size, theme: .plain, capabilities: Scenes.ascii).text
    for binding in KeyTable.all { #expect(text.contains(binding.help), "\(binding.help)") }
    for section in KeyBinding.Section.allCases { #expect(text.contains(section.rawValue)) }
  }
}
