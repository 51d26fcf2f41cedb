import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

/// Keys that mean nothing to the focused panel.
@Suite struct ElsewhereTests {
  @Test func theSamplesTakeTheirKeysFromAnywhere() {
    var here = Scenes.ring
    var elsewhere = here
    (here.focus, elsewhere.focus) = (.samples, .hyperparameters)
    #expect(elsewhere.visiblePanes.contains(.samples))
    for key in "MADLJ" {
      #expect(here.press(.character(key)) == elsewhere.press(.character(key)))
      #expect(here.notice != nil && here.notice == elsewhere.notice, "\(key): \(String(describing: elsewhere.notice))")
      #expect(here.lab.parts == elsewhere.lab.parts && here.lab.sheet == elsewhere.lab.sheet)
      // On a sheet the arrows are wanted.
      #expect(elsewhere.focus == (key == "J" ? .samples : .hyperparameters))
    }
  }

  @Test func aPersonIsToldWhoseAKeyIs() {
    var state = Scenes.ring
    state.focus = .hyperparameters
    _ = state.press(.character(","))
    #expect(state.notice?.text.hasSuffix("tab goes there") == true, "\(String(describing: state.notice))")
    // What no panel knows stays silent.
    _ = state.press(.function(11))
    #expect(state.notice == nil)
  }
}
