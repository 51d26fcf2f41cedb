import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

/// What the mouse does in charts, lists and drawings, and how charts and pictures follow each other.
@Suite struct MouseTests {
  private let size = Size(width: 120, height: 40)

  private func state(_ pane: Pane = .losses) -> DashboardState {
    var description = Scenes.description(name: "ring8", modes: 8)
    description.pictures = PictureAbilities(parts: PointsPart.allCases, latents: 2, isPlanar: true)
    var state = Scenes.play(
      DashboardState(runName: "ring8"),
      [.described(description), .state(.paused(reason: nil), step: 0)] + Scenes.metrics(reports: 40, modes: 8)
        + [400, 800, 1200, 2000].map { Scenes.points(step: $0) })
    _ = state.update(.resized(size))
    state.open(pane)
    return state
  }

  private func mouse(
    _ state: inout DashboardState, _ kind: MouseEvent.Kind, _ x: Int, _ y: Int, isRight: Bool = false
  ) -> [Effect] {
    state.update(.mouse(MouseEvent(kind, x: x, y: y, isRight: isRight)))
  }

  private func chart(_ state: DashboardState, _ pane: Pane = .losses) throws -> ChartPlace {
    let rect = try #require(state.layout(size: size).panes.first { $0.pane == pane }?.rect)
    let places = (rect.y..<rect.maxY).flatMap { y in
      (rect.x..<rect.maxX).compactMap { state.chartPlace(atX: $0, y: y) }.prefix(1)
    }
    return try #require(places.first)
  }

  /// The column in which the frame has the cursor's line.
  private func cursorColumn(_ state: DashboardState, _ place: ChartPlace) -> Int? {
    let frame = state.view(size: size, theme: .dark, capabilities: Scenes.braille)
    return (place.rect.x..<place.rect.maxX).first { frame[$0, place.rect.maxY].character == "┴" }
  }

  @Test func aClickPutsTheCursorUnderTheMouse() throws {
    for axis in ChartView.XAxis.allCases.prefix(2) {
      for isLogarithmic in [false, true] {
        var state = state()
        state.charts.xAxis = axis
        state.charts.isLogarithmicX = isLogarithmic
        let place = try chart(state)
        #expect(!place.rect.isEmpty)
        for share in [0.2, 0.5, 0.9] {
          let x = place.rect.x + Int(share * Double(place.rect.width))
          _ = mouse(&state, .press, x, place.rect.y + 2)
          _ = mouse(&state, .release, x, place.rect.y + 2)
          #expect(state.focus == .losses && state.charts.cursor != nil)
          let column = try #require(cursorColumn(state, place), "\(axis) \(isLogarithmic) \(share)")
          // A step is wider than a column at the left end of a logarithmic axis.
          #expect(abs(column - x) <= 1, "\(axis) \(isLogarithmic) \(share): \(column) for \(x)")
        }
      }
    }
  }

  @Test func aDragMovesTheCursorAndARightClickDoesNot() throws {
    var state = state()
    let place = try chart(state)
    _ = mouse(&state, .press, place.rect.x + 5, place.rect.y + 1)
    let first = try #require(state.charts.cursor)
    _ = mouse(&state, .drag, place.rect.x + 20, place.rect.y + 1)
    #expect((state.charts.cursor ?? 0) > first)
    // Beyond the chart the cursor stays at its end; after the release it stays for good.
    _ = mouse(&state, .drag, 500, 0)
    #expect(state.charts.cursor == state.chartRange.upperBound)
    _ = mouse(&state, .release, 0, 0)
    #expect(state.charts.cursor == state.chartRange.lowerBound)
    _ = mouse(&state, .drag, place.rect.x + 20, place.rect.y + 1)
    #expect(state.charts.cursor == state.chartRange.lowerBound)
    _ = mouse(&state, .press, place.rect.x + 20, place.rect.y + 1, isRight: true)
    #expect(state.charts.cursor == state.chartRange.lowerBound)
  }

  @Test func theWheelZoomsWhereTheMouseIs() throws {
    var state = state()
    let place = try chart(state)
    let x = place.rect.x + place.rect.width / 3
    let step = state.step(ofColumn: x, in: place)
    let all = state.chartRange
    _ = mouse(&state, .wheelUp, x, place.rect.y + 1)
    let half = state.chartRange
    #expect(abs(2 * (half.upperBound - half.lowerBound) - (all.upperBound - all.lowerBound)) <= 2)
    #expect(half.contains(step))
    // The step under the mouse stays under it, as near as columns can tell.
    #expect(abs(state.step(ofColumn: x, in: try chart(state)) - step) <= (half.upperBound - half.lowerBound) / 20)
    _ = mouse(&state, .wheelDown, x, place.rect.y + 1)
    #expect(state.charts.window == .all)
    // At the right end the view goes on following the newest step.
    _ = mouse(&state, .wheelUp, place.rect.maxX - 1, place.rect.y + 1)
    #expect(state.charts.window == .newest((all.upperBound - all.lowerBound) / 2))
    for _ in 0..<50 { _ = mouse(&state, .wheelUp, x, place.rect.y + 1) }
    #expect(state.chartRange.count >= 9 && state.chartRange.count <= 17)
    // A chart without data has no place to zoom at.
    var empty = DashboardState(runName: "empty")
    _ = empty.update(.resized(size))
    #expect(mouse(&empty, .wheelUp, x, place.rect.y + 1).isEmpty && empty.charts.window == .all)
  }

  @Test func titlesAndRowsAreChosen() throws {
    var state = state()
    state.fill(with: nil)
    let layout = state.layout(size: size)
    #expect(layout.panes.count > 3)
    for place in layout.panes {
      _ = mouse(&state, .press, place.rect.x + 3, place.rect.y)
      _ = mouse(&state, .release, place.rect.x + 3, place.rect.y)
      #expect(state.focus == place.pane)
    }
    #expect(state.layout(size: size) == layout)
    // Rows of the metrics: the third one is the first group's second metric.
    state.fill(with: .metrics)
    let rect = Painter.inside(try #require(state.layout(size: size).panes.first?.rect))
    _ = mouse(&state, .press, rect.x + 4, rect.y + 2)
    #expect(state.charts.chooser.metric == state.metricGroups.first?.metrics.dropFirst().first)
    _ = mouse(&state, .wheelUp, rect.x + 4, rect.y + 2)
    #expect(state.charts.chooser.metric == state.metricGroups.first?.metrics.first)
    // Rows of the other runs, and a click beside them.
    _ = state.press(.character("b"))
    _ = state.update(.runs((0..<4).map { StoredRun(name: "run\($0)", step: $0, state: "finished") }))
    let (inside, first, _) = RunPicker.place(state.charts.picker, size: size)
    #expect(first == 0)
    #expect(mouse(&state, .press, inside.x + 2, inside.y + 1) == [.loadRun("run1")])
    #expect(state.dialog == .runs)
    _ = mouse(&state, .press, 0, 0)
    #expect(state.dialog == nil)
  }

  @Test func theMouseDraws() throws {
    var state = state(.samples)
    _ = state.press(.character("w"))
    let area = try #require(state.sketchArea)
    let (x, y) = (area.x + area.width / 2, area.y + area.height / 2)
    _ = mouse(&state, .press, x, y)
    #expect(state.lab.sketch?.points.count == 1)
    // Cells between two reports are drawn too.
    _ = mouse(&state, .drag, x + 8, y)
    let line = state.lab.sketch?.points ?? []
    #expect(line.count == 9)
    #expect(zip(line, line.dropFirst()).allSatisfy { $0.x < $1.x && abs($0.y - $1.y) < 1e-9 })
    _ = mouse(&state, .release, x + 8, y)
    // Motion without a press goes nowhere; the right button takes away.
    _ = mouse(&state, .press, x + 4, y, isRight: true)
    _ = mouse(&state, .drag, x + 8, y, isRight: true)
    _ = mouse(&state, .release, x + 8, y, isRight: true)
    let left = state.lab.sketch?.points.count ?? 0
    #expect(left > 0 && left < 6)
    // The wheel takes another brush; presses outside of the paper paint nothing.
    _ = mouse(&state, .wheelUp, x, y)
    #expect(state.lab.sketch?.brush == 1)
    _ = mouse(&state, .wheelDown, x, y)
    _ = mouse(&state, .press, 0, 0)
    _ = mouse(&state, .release, 0, 0)
    #expect(state.lab.sketch?.points.count == left && state.lab.sketch?.brush == 0)
    // The bottom row's words stay buttons: the one that trains on the drawing.
    _ = state.update(.tick(1000))
    let hints = state.hintBindings(ascii: false)
    let index = try #require(hints.firstIndex { $0.binding.action == .lab(.trainOnDrawing) })
    let column = hints.prefix(index).reduce(1) { $0 + $1.key.columns + $1.text.columns + 3 }
    let drawn = state.lab.sketch?.points ?? []
    #expect(mouse(&state, .press, column, size.height - 1) == [.trainOnDrawing(drawn)])
    #expect(state.lab.sketch == nil)
  }

  @Test func aDrawingHasALimit() throws {
    var state = state(.samples)
    _ = state.press(.character("w"))
    let area = try #require(state.sketchArea)
    state.lab.sketch?.brush = Sketch.mostBrush
    for y in area.y..<area.maxY {
      _ = mouse(&state, .press, area.x, y)
      _ = mouse(&state, .drag, area.maxX - 1, y)
      _ = mouse(&state, .release, area.maxX - 1, y)
    }
    #expect(state.lab.sketch?.points.count ?? 0 <= Sketch.limit)
    #expect(state.notice?.text.contains("enough") == true)
  }

  @Test func scrubbingMovesTheChartsCursorAndBack() throws {
    var state = state(.samples)
    state.fill(with: nil)
    state.focus = .samples
    _ = state.press(.left)
    #expect(state.lab.scrubbed == 1200 && state.charts.cursor == 1200)
    _ = state.press(.home)
    #expect(state.charts.cursor == 400)
    // The frame says it: the legend of the losses is of that step.
    let text = state.view(size: size, theme: .dark, capabilities: Scenes.braille).text
    #expect(text.contains("@ step 400") && text.contains("back at step 400"))
    // The cursor of the charts takes the picture with it.
    let place = try chart(state)
    let column = try #require(
      (place.rect.x..<place.rect.maxX).first { abs(state.step(ofColumn: $0, in: place) - 810) < 60 })
    _ = mouse(&state, .press, column, place.rect.y + 1)
    #expect(state.lab.scrubbed == nil && state.shownPicture?.note == "at the cursor: step 800")
    // The newest picture, and one layer back, leave the newest of both.
    state.focus = .samples
    _ = state.press(.end)
    #expect(state.charts.cursor == nil && state.shownPicture?.note == "step 2,000")
    _ = state.press(.left, .escape)
    #expect(state.lab.scrubbed == nil && state.charts.cursor == nil)
    // What is out of view comes into it.
    state.charts.window = .newest(100)
    _ = state.press(.home)
    #expect(state.chartRange.contains(400))
  }
}

/// The dashboard over another program's files.
@Suite struct ForeignRunTests {
  private var watched: DashboardState {
    var state = DashboardState(runName: "foreign", isForeign: true)
    _ = state.update(.resized(Size(width: 200, height: 50)))
    _ = state.hear(
      .described(
        RunDescription(
          name: "foreign", folder: "/logs", seed: 0, summary: [], totalSteps: 0, players: [], metrics: [],
          hyperparameters: [], modes: nil)),
      .state(.training, step: 0))
    for event in Scenes.metrics(reports: 10, modes: nil) { _ = state.hear(event) }
    return state
  }

  @Test func theKeyLineHasOnlyKeysThatDoSomething() {
    var state = watched
    let useless: Set<String> = [
      "pause", "step", "checkpoint", "save", "choose", "change", "type", "manifold", "arrows", "slow", "draw", "sheets",
      "earlier",
    ]
    for pane in Pane.allCases {
      state.open(pane)
      let words = state.hints(ascii: false).map(\.text)
      #expect(useless.isDisjoint(with: words), "\(pane): \(words)")
      #expect(words.contains("help") && words.contains("quit") && words.contains("filter"), "\(pane)")
    }
    state.open(.losses)
    #expect(state.hints(ascii: false).map(\.text).contains("cursor"))
    // Pictures can be gone back to once there are some.
    for step in [10, 20] { _ = state.hear(Scenes.images(step: step)) }
    state.open(.samples)
    #expect(state.hints(ascii: false).map(\.text).contains("earlier"))
    // A run of ours has them all.
    var own = Scenes.ring
    own.open(.samples)
    #expect(own.hints(ascii: false).map(\.text).contains("draw"))
  }

  @Test func whatAsksTheRunIsRefused() {
    var state = watched
    for key: Key in [.character(" "), .character("c"), .character("s"), .character("W"), .character("&"), .right] {
      #expect(state.press(key).isEmpty)
      #expect(state.notice?.text == DashboardState.foreignRefusal, "\(key)")
    }
    #expect(state.pauseWish == nil && !state.isLeaving)
  }
}
