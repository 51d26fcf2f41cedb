import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

/// Marks, other runs, and the panel of all metrics.
@Suite struct ChartMarkTests {
  @Test func theCursorGoesFromMarkToMark() {
    var state = DashboardState(runName: "run")
    _ = state.press(.character("m"))
    #expect(state.notice?.text == "nothing is marked yet: edits, checkpoints and verdicts will be")
    _ = state.hear(.described(Scenes.description(name: "run", modes: 8)))
    for event in Scenes.metrics(reports: 20, modes: nil) { _ = state.hear(event) }
    _ = state.hear(
      .edited(Edit(step: 400, id: "optimizers.generator.rate", oldValue: 2e-4, newValue: 1e-4)),
      .checkpointed(CheckpointRecord(step: 400, path: "p")), .checkpointed(CheckpointRecord(step: 700, path: "q")))
    var verdict = Scenes.collapse
    verdict.step = 900
    _ = state.hear(.verdict(verdict))
    _ = state.press(.character("m"))
    #expect(state.charts.cursor == 400)
    #expect(state.notice?.text == "mark 1 of 3, step 400: G rate 2e-4 -> 1e-4; checkpoint kept")
    _ = state.press(.character("m"))
    #expect(state.charts.cursor == 700 && state.notice?.text.hasSuffix("step 700: checkpoint kept") == true)
    _ = state.press(.character("m"))
    #expect(state.charts.cursor == 900 && state.notice?.text.contains(verdict.message) == true)
    _ = state.press(.character("m"))
    #expect(state.charts.cursor == 400)
    #expect(state.charts.window == .all)
    // A mark out of view brings the view along.
    _ = state.press(.escape)
    state.charts.window = .fixed(750...800)
    _ = state.press(.character("m"))
    #expect(state.charts.cursor == 900 && state.chartRange.contains(900) && state.chartRange.count == 51)
  }

  @Test func allChartsHaveTheSameCursor() {
    var state = Scenes.ring
    state.open(.losses)
    _ = state.press(.left, .left, .enter)
    let text = state.view(size: Size(width: 200, height: 50), theme: .dark, capabilities: Scenes.braille).text
    #expect(text.ranges(of: "@ step 5,760").count >= 2)
  }

  @Test func otherRunsAreChosenFromAList() throws {
    var state = Scenes.ring
    #expect(state.press(.character("b")) == [.listRuns])
    #expect(state.dialog == .runs && state.keyContext == .runs)
    let size = Size(width: 80, height: 24)
    func text() -> String { state.view(size: size, theme: .dark, capabilities: Scenes.braille).text }
    #expect(text().contains("reading the runs"))
    let stored = [
      StoredRun(name: "ring8-2", step: 20_000, state: "finished"),
      StoredRun(name: "ring8", step: 6_000, state: "training"),
      StoredRun(name: "empty", step: 0, state: "interrupted"),
    ]
    #expect(state.update(.runs(stored)).isEmpty)
    #expect(text().contains("[ ] ring8-2") && text().contains("step 20,000  finished"))
    // The run itself is none to compare with.
    #expect(state.charts.picker.runs?.map(\.name) == ["ring8-2", "empty"])
    #expect(state.press(.enter) == [.loadRun("ring8-2")])
    #expect(state.press(.enter) == [])
    #expect(text().contains("[.] ring8-2"))
    var other = Scenes.ring.history
    other.take(
      .metrics(MetricReport(step: 9_000, elapsed: 99, buckets: [.generatorLoss: Bucket(step: 9_000, value: 7)])))
    _ = state.update(.overlay("ring8-2", other))
    #expect(text().contains("[x] ring8-2"))
    #expect(state.notice?.text == "ring8-2 is drawn too, to step 9,000")
    // Its curves are there, faint, with names of their own, and the whole of them is in view.
    let chart = state.chart(of: [.generatorLoss, .discriminatorLoss], columns: 80, theme: .dark)
    #expect(chart.series.map(\.isFaint) == [false, false, true, true])
    #expect(chart.series[2].label == "G loss ring8-2")
    #expect(chart.series[2].columns.last?.maximum == 7)
    #expect(state.chartRange == 1...9_000)
    state.charts.window = .newest(1_000)
    #expect(state.chartRange.upperBound == 6_000)
    // What cannot be drawn is said; a name in the list twice, and away again.
    _ = state.press(.down)
    #expect(state.press(.character(" ")) == [.loadRun("empty")])
    _ = state.update(.overlayFailed("empty", reason: "its history is damaged"))
    #expect(state.notice?.text == "empty cannot be drawn: its history is damaged")
    _ = state.press(.character(" "))
    _ = state.update(.overlay("empty", RunHistory()))
    #expect(state.notice?.text == "empty has no curves yet" && state.charts.overlays.count == 1)
    #expect(state.press(.up, .enter) == [])
    #expect(state.charts.overlays.isEmpty)
    _ = state.press(.escape)
    #expect(state.dialog == nil)
  }

  @Test func noMoreRunsThanCanBeToldApart() {
    var state = Scenes.ring
    _ = state.press(.character("b"))
    _ = state.update(.runs((0..<9).map { StoredRun(name: "r\($0)", step: 1, state: "stopped") }))
    for index in 0..<9 {
      for effect in state.press(.enter) where effect == .loadRun("r\(index)") {
        _ = state.update(.overlay("r\(index)", Scenes.ring.history))
      }
      _ = state.press(.down)
    }
    #expect(state.charts.overlays.count == DashboardState.overlayLimit)
    for size in [Size(width: 40, height: 12), Size(width: 80, height: 24), Size(width: 200, height: 50)] {
      let text = state.view(size: size, theme: .dark, capabilities: Scenes.ascii).text
      #expect(text.contains("[x]") || size.height < 20)
    }
    _ = state.update(.runs([]))
    #expect(
      state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille).text
        .contains("no other run in the store"))
    #expect(state.press(.enter, .up, .down) == [])
  }

  @Test func groupsOfMetrics() {
    let ids: [MetricID] = ["speed/a", "loss/b", "zeta/x/y", "loss/a", "plain", "gradient/g/layer1", "/odd"]
    let groups = MetricGroup.groups(ids)
    #expect(groups.map(\.name) == ["loss", "gradient", "speed", "other", "zeta"])
    #expect(groups[0].metrics == ["loss/b", "loss/a"])
    #expect(groups[3].metrics == ["plain", "/odd"])
    #expect(MetricGroup.groups([]).isEmpty)
  }

  @Test func anyMetricCanBeCharted() {
    var state = Scenes.ring
    state.open(.metrics)
    #expect(state.fullScreen == .metrics)
    func text(_ width: Int = 120, _ height: Int = 40) -> String {
      state.view(size: Size(width: width, height: height), theme: .dark, capabilities: Scenes.braille).text
    }
    for group in ["loss", "score", "gradient", "entropy"] { #expect(text().contains(group), "\(group)") }
    // The whole first group, then its metrics one by one.
    #expect(text().contains("━ G loss") && text().contains("━ D loss"))
    _ = state.press(.down)
    #expect(state.charts.chooser == MetricChooser(group: "loss", metric: .generatorLoss))
    #expect(text().contains("━ G loss") && !text().contains("━ D loss"))
    _ = state.press(.up, .up)
    #expect(state.charts.chooser.metric == nil)
    _ = state.press(.character("n"))
    #expect(state.charts.chooser.group == "score")
    #expect(text().contains("━ D(x)"))
    _ = state.press(.character("N"), .character("N"))
    #expect(state.charts.chooser.group == state.metricGroups.last?.name)
    for _ in 0..<100 { _ = state.press(.down) }
    #expect(state.charts.chooser.metric == state.metricGroups.last?.metrics.last)
    // Narrow, the choice is a line; a metric that is gone is none.
    #expect(text(50, 20).contains("\(state.metricGroups.count)/\(state.metricGroups.count)"))
    state.charts.chooser = MetricChooser(group: "none", metric: "none/x")
    #expect(text().contains("━ G loss"))
    _ = state.press(.left)
    #expect(state.charts.cursor != nil)
    let empty = DashboardState(runName: "x")
    #expect(empty.metricGroups.isEmpty)
  }
}
