import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

/// Keys that change what is shown, and the state's answers to telemetry.
@Suite struct ViewKeyTests {
  @Test func smoothingHasEnds() {
    var state = Scenes.ring
    #expect(state.charts.smoothing == 0.6)
    _ = state.press(.character("+"))
    #expect(state.charts.smoothing == 0.8)
    _ = state.press(.character("-"), .character("_"))
    #expect(state.charts.smoothing == 0.4)
    for _ in 0..<40 { _ = state.press(.character("=")) }
    #expect(state.charts.smoothing == 0.999)
    for _ in 0..<40 { _ = state.press(.character("-")) }
    #expect(state.charts.smoothing == 0)
  }

  @Test func axes() {
    var state = Scenes.ring
    _ = state.press(.character("y"), .character("o"))
    #expect(state.charts.isLogarithmic && state.charts.isRobust)
    _ = state.press(.character("y"), .character("o"))
    #expect(!state.charts.isLogarithmic && !state.charts.isRobust)
  }

  @Test func focusGoesAroundWhatIsSeen() {
    var state = Scenes.ring
    _ = state.update(.resized(Size(width: 80, height: 24)))
    #expect(state.focus == .hyperparameters)
    var seen: [Pane] = []
    for _ in 0..<5 {
      _ = state.press(.tab)
      seen.append(state.focus)
    }
    // The log has no room on 80x24.
    #expect(seen == [.losses, .samples, .balance, .entropy, .hyperparameters])
    _ = state.press(.backTab)
    #expect(state.focus == .entropy)
    _ = state.press(.character("p"))
    #expect(state.focus == .balance)
    _ = state.update(.resized(Size(width: 200, height: 50)))
    _ = state.press(.tab, .tab, .tab)
    #expect(state.focus == .log)
    _ = state.update(.resized(Size(width: 80, height: 24)))
    #expect(state.focus == .hyperparameters)
    // Where nothing is seen the keys still do no harm.
    _ = state.update(.resized(Size(width: 1, height: 1)))
    _ = state.press(.tab, .backTab, .character("v"), .character("v"), .escape, .character("?"), .down, .up, .escape)
  }

  @Test func panelsFillTheScreen() {
    var state = Scenes.ring
    for pane in Pane.allCases {
      state.open(pane)
      #expect(state.fullScreen == pane && state.focus == pane)
      // Its digit gives the others back.
      let digit = pane.digit
      _ = state.press(.character(Character("\(digit)")))
      #expect(state.fullScreen == nil)
    }
    var seen: [Pane?] = []
    for _ in 0..<8 {
      _ = state.press(.character("v"))
      seen.append(state.fullScreen)
    }
    #expect(Set(seen.compactMap { $0 }).count >= 1)
    state = Scenes.ring
    _ = state.press(.character("v"))
    #expect(state.fullScreen == .losses)
    for _ in Pane.allCases.dropFirst() { _ = state.press(.character("v")) }
    #expect(state.fullScreen == Pane.allCases.last)
    _ = state.press(.character("v"))
    #expect(state.fullScreen == nil)
    state.open(.losses)
    _ = state.press(.tab)
    #expect(state.fullScreen == .samples)
    _ = state.press(.enter)
    #expect(state.fullScreen == nil && state.focus == .samples)
    _ = state.press(.escape)
    #expect(state.focus == .hyperparameters)
  }

  @Test func pictures() {
    var state = Scenes.pictures
    #expect(state.imageMode == .auto)
    _ = state.press(.character("i"))
    let first = state.imageMode
    for _ in 1..<ImageMode.allCases.count { _ = state.press(.character("i")) }
    #expect(first != .auto && state.imageMode == .auto)
    _ = state.press(.character("n"))
    #expect(state.notice?.text == "this is the only picture")
    _ = state.hear(Scenes.modes(step: 1, shares: [0.5, 0.5]))
    _ = state.press(.character("n"))
    #expect(state.shownPanel == Panel.modes)
    _ = state.press(.character("n"))
    #expect(state.shownPanel == Panel.samples)
    // The same id again is a newer picture, not another one.
    _ = state.hear(Scenes.images(step: 9999))
    #expect(state.panels.map(\.step) == [9999, 1])
  }

  @Test func theLogScrolls() {
    var state = Scenes.ring
    for index in 0..<100 { _ = state.hear(.message(LogMessage(level: .info, text: "line \(index)"), step: index)) }
    state.open(.log)
    _ = state.press(.up, .character("k"))
    #expect(state.log.offset == 2)
    // What comes in does not move what is read.
    _ = state.hear(.message(LogMessage(level: .info, text: "new"), step: 100))
    #expect(state.log.offset == 3)
    _ = state.press(.pageUp, .home)
    #expect(state.log.offset == state.log.lines.count - 1)
    _ = state.press(.pageDown, .end)
    #expect(state.log.offset == 0)
    _ = state.press(.down)
    #expect(state.log.offset == 0)
    for index in 0..<5000 { _ = state.hear(.message(LogMessage(level: .info, text: "\(index)"), step: index)) }
    #expect(state.log.lines.count <= EventLog.capacity)
    #expect(state.log.lines.last?.text == "4999")
  }

  @Test func noticesGoWithTimeOrTheNextKey() {
    var state = Scenes.ring
    _ = state.update(.tick(10))
    _ = state.hear(.message(LogMessage(level: .warning, text: "the disk is nearly full"), step: 1))
    #expect(state.notice?.text == "the disk is nearly full")
    let revision = state.revision
    _ = state.update(.tick(15))
    #expect(state.notice != nil && state.revision == revision)
    _ = state.update(.tick(17))
    #expect(state.notice == nil && state.revision > revision)
    _ = state.hear(.message(LogMessage(level: .error, text: "no"), step: 1))
    _ = state.press(.tab)
    #expect(state.notice == nil)
    // A message that is no warning disturbs nobody.
    _ = state.hear(.message(LogMessage(level: .info, text: "hello"), step: 1))
    #expect(state.notice == nil && state.log.lines.last?.text == "hello")
  }

  @Test func verdictsComeAndGo() {
    var state = Scenes.ring
    let size = Size(width: 120, height: 40)
    func text() -> String { state.view(size: size, theme: .dark, capabilities: Scenes.braille).text }
    #expect(!text().contains("mode collapse"))
    _ = state.hear(.verdict(Scenes.collapse))
    #expect(text().contains("mode collapse: 3 of 8 modes"))
    #expect(text().contains("modes/with_mass 3 < 8 for 3 measurements in a row"))
    var over = Scenes.collapse
    over.isActive = false
    over.message = "all modes hold their share again"
    _ = state.hear(.verdict(over))
    #expect(!text().contains("▲"))
    #expect(state.log.lines.last?.text == "over: all modes hold their share again")
    // Each kind says its name, whatever its message is.
    for kind in Verdict.Kind.allCases {
      _ = state.hear(
        .verdict(
          Verdict(step: 1, kind: kind, severity: .warning, isActive: true, message: "look", rule: "a < b")))
    }
    #expect(text().contains("look (a < b)"))
    #expect(text().contains("the discriminator has won") || text().contains("vanishing gradients"))
  }

  @Test func speedAndTimeLeftFollowTheReports() {
    var state = Scenes.ring
    #expect(
      state.view(size: Size(width: 120, height: 40), theme: .dark, capabilities: Scenes.braille).text
        .contains("ETA 6s"))
    _ = state.hear(.metrics(MetricReport(step: 6100, elapsed: 102.5, buckets: [:])))
    #expect(state.history.elapsed == 102.5)
    state = DashboardState(runName: "run")
    #expect(
      state.view(size: Size(width: 120, height: 40), theme: .dark, capabilities: Scenes.braille).text
        .contains("building the model"))
  }

  @Test func theSpeedIsShownOnceItIsKnownAndAtMostOnceASecond() {
    var pace = Pace()
    pace.take(step: 1, elapsed: 3)
    pace.take(step: 2, elapsed: 3.1)
    #expect(pace.speed == nil)
    pace.take(step: 101, elapsed: 4)
    #expect(pace.speed == 100)
    pace.take(step: 301, elapsed: 4.5)
    #expect(pace.speed == 100)
    pace.take(step: 601, elapsed: 5)
    #expect(pace.speed == 300)
    // After a rewind the old speed holds until there is a new one.
    pace.take(step: 10, elapsed: 1)
    #expect(pace.speed == 300)
    pace.take(step: 60, elapsed: 2)
    #expect(pace.speed == 50)
  }

  @Test func savedSamplesAreSaidOnceAndLoggedOnce() {
    var state = Scenes.ring
    _ = state.press(.character("s"))
    let request = state.lastRequest
    let logged = state.log.lines.count
    _ = state.hear(
      .message(LogMessage(level: .info, text: "samples saved as /runs/a/1.png"), step: 6000),
      .reply(request: request, text: "/runs/a/1.png", failed: false))
    #expect(state.log.lines.count == logged + 1)
    #expect(state.notice?.text == "samples saved: /runs/a/1.png")
  }

  @Test func aResumedRunBeginsWithItsPast() {
    var state = DashboardState(runName: "ring8")
    #expect(state.update(.telemetry(.history(Scenes.ring.history))).isEmpty)
    let frame = state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille)
    #expect(frame.text.contains("loss/") || frame.text.contains("G loss"))
    #expect(DashboardState(runName: "ring8", history: Scenes.ring.history).history.step == 6000)
  }

  @Test func theSummaryTellsHowItEnded() {
    var state = Scenes.ring
    _ = state.hear(.state(.finished, step: 20_000), .verdict(Scenes.collapse))
    let lines = state.summary()
    #expect(lines.first == "ring8: finished at step 20,000 of 20,000, after 3s of training")
    let text = lines.joined(separator: "\n")
    for part in [
      "G loss", "modes 7/8", "high quality", "mode collapse", "1 edit", "step-4000", "/home/user/runs/ring8",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(DashboardState(runName: "x").summary() == ["x: left before its first step"])
  }
}
