import Foundation
import Telemetry
import TerminalKit
import Testing

@testable import Dashboard

extension DashboardState {
  /// The effects of keys, by the way that they come from the terminal.
  fileprivate mutating func hit(_ keys: Key...) -> [Effect] { keys.flatMap { update(.key($0)) } }
}

@Suite struct LaboratoryTests {
  /// A 2-D run that can show everything, paused, with the samples in focus.
  private var ring: DashboardState {
    var description = Scenes.description(name: "ring8", modes: 8)
    description.pictures = PictureAbilities(parts: PointsPart.allCases, latents: 2, isPlanar: true)
    var state = Scenes.play(
      DashboardState(runName: "ring8"),
      [.described(description), .state(.paused(reason: nil), step: 0)] + Scenes.metrics(reports: 40, modes: 8)
        + [points(step: 2000)])
    _ = state.update(.resized(Size(width: 120, height: 40)))
    state.open(.samples)
    return state
  }

  private func points(step: Int) -> Event {
    guard case .panel(var panel) = Scenes.points(step: step), case .points(var points) = panel.content else {
      return Scenes.points(step: step)
    }
    points.manifold = PointsPanel.Manifold(
      columns: 5, rows: 5,
      points: (0..<25).map { PointsPanel.Point(x: Float($0 % 5) - 2, y: Float($0 / 5) * 0.5 - 1) })
    points.slopes = [PointsPanel.Slope(at: PointsPanel.Point(x: 0.5, y: 0.5), dx: 1, dy: 1)]
    points.latents = points.generated.map { PointsPanel.Point(x: $0.x / 2, y: $0.y / 2) }
    points.optimum = points.field
    panel.content = .points(points)
    return .panel(panel)
  }

  private func images(step: Int) -> Event { Scenes.images(step: step) }

  private func commands(_ effects: [Effect]) -> [Command] {
    effects.compactMap { if case .send(let request) = $0 { request.command } else { nil } }
  }

  private func text(_ state: DashboardState, _ size: Size = Size(width: 120, height: 40)) -> String {
    state.view(size: size, theme: .dark, capabilities: Scenes.braille).text
  }

  @Test func partsAreAskedForWhileTheyAreShown() {
    var state = ring
    #expect(commands(state.hit(.character("M"))) == [.show(PictureRequest(parts: [.manifold]))])
    #expect(commands(state.hit(.character("A"))) == [.show(PictureRequest(parts: [.manifold, .slopes]))])
    #expect(commands(state.hit(.character("F"))) == [])
    #expect(commands(state.hit(.character("M"))) == [.show(PictureRequest(parts: [.slopes]))])
    // Of a run that has none of it, nothing is asked.
    var other = Scenes.ring
    other.open(.samples)
    #expect(commands(other.hit(.character("M"))).isEmpty)
    #expect(other.notice?.text == "this run has no manifold of the generator")
    // The layers pane asks for layers, and no longer than it is there.
    #expect(commands(state.hit(.character("8"))) == [.show(PictureRequest(parts: [.slopes], layers: true))])
    #expect(commands(state.hit(.character("8"))) == [.show(PictureRequest(parts: [.slopes]))])
  }

  @Test func aStepInSlowMotion() throws {
    var state = ring
    #expect(commands(state.hit(.character("C"))) == [.show(PictureRequest(parts: [.slopes, .latents]))])
    let known = PictureRequest(parts: [.slopes, .latents])
    var captions = [try #require(state.caption)]
    var asked: [[Command]] = []
    for _ in 0..<7 {
      asked.append(commands(state.hit(.character("."))))
      captions.append(try #require(state.caption))
    }
    #expect(captions[0].hasPrefix("1/7 draw noise") && captions[6].hasPrefix("7/7 G's update"))
    #expect(captions[7] == captions[0])
    #expect(
      asked == [
        [], [], [], [.step(player: "discriminator"), .show(known)], [], [.step(player: "generator"), .show(known)], [],
      ]
    )
    #expect(text(state).contains("draw noise"))
    _ = state.hit(.escape)
    #expect(state.caption == nil && state.fullScreen == .samples)
    // Without slow motion the same key is the usual step.
    #expect(commands(state.hit(.character("."))).contains(.step(player: nil)))
  }

  @Test func theSlowClockGoesOnByItself() {
    var state = ring
    _ = state.update(.tick(10))
    _ = state.hit(.character("C"), .character("C"))
    #expect(state.secondsToNextMoment == SlowMotion.pace)
    _ = state.update(.tick(11))
    #expect(state.lab.slow?.moment == .noise)
    _ = state.update(.tick(11.25))
    #expect(state.lab.slow?.moment == .generation)
    var effects: [Effect] = []
    for tick in 1...4 { effects += state.update(.tick(11.25 + 1.25 * Double(tick))) }
    #expect(commands(effects).contains(.step(player: "discriminator")))
    _ = state.hit(.character("C"))
    #expect(state.lab.slow == nil && state.secondsToNextMoment == nil)
    #expect(state.notice?.text.hasPrefix("D has moved") == true)
  }

  @Test func earlierPicturesStay() throws {
    var state = ring
    for step in 1...2000 { _ = state.hear(points(step: 2000 + step * 10)) }
    let reel = state.lab.samples
    #expect(reel.pictures.count <= PictureReel.limit && reel.pictures.count > 100)
    #expect(reel.pictures.first?.step == 2000 && reel.pictures.last?.step == 22_000)
    let gaps = zip(reel.pictures, reel.pictures.dropFirst()).map { $1.step - $0.step }
    #expect((gaps.max() ?? 0) <= 8 * (gaps.min() ?? 1))
    _ = state.hit(.left)
    let step = try #require(state.lab.scrubbed)
    #expect(step < 22_000)
    #expect(text(state).contains("back at step"))
    _ = state.hit(.right)
    #expect(state.lab.scrubbed == nil)
    _ = state.hit(.home)
    #expect(state.lab.scrubbed == 2000)
    _ = state.hit(.end)
    #expect(state.shownPicture?.note == "step 22,000")
    // A run that goes back to a checkpoint forgets the other future.
    _ = state.hear(points(step: 3000))
    #expect(state.lab.samples.pictures.last?.step == 3000)
  }

  @Test func theChartsCursorChoosesThePicture() {
    var state = ring
    for step in [400, 800, 1200] { _ = state.hear(images(step: step)) }
    state.open(.losses)
    for _ in 0..<36 { _ = state.hit(.left) }
    #expect(state.shownPicture.map { $0.note.hasPrefix("at the cursor: step ") } == true)
    #expect((state.shownPicture?.panel.step ?? 0) < 1200)
  }

  @Test func drawingAndTraining() throws {
    var state = ring
    #expect(state.hit(.character("w")).isEmpty)
    #expect(state.keyContext == .sketch && state.fullScreen == .samples)
    #expect(state.hit(.enter).isEmpty)
    #expect(state.notice?.text.hasPrefix("nothing is drawn") == true)
    _ = state.hit(.character(" "), .right, .right, .character(" "), .character(" "))
    #expect(state.lab.sketch?.points.map(\.weight) == [1, 2])
    _ = state.hit(.character("x"))
    #expect(state.lab.sketch?.points.count == 1)
    _ = state.hit(.character("+"), .up, .up, .up, .up, .character(" "))
    #expect(state.lab.sketch?.points.count == 8)
    #expect(text(state).contains("8 points"))
    // The mouse paints where it points, and nowhere else.
    let area = try #require(state.sketchArea)
    let before = state.lab.sketch?.points.count ?? 0
    let isPainted = state.paint(at: (area.x + area.width / 2, area.y + 2))
    #expect(isPainted)
    #expect((state.lab.sketch?.points.count ?? 0) > before)
    let isOutside = !state.paint(at: (0, 0))
    #expect(isOutside)
    let drawn = state.lab.sketch?.points ?? []
    #expect(drawn.allSatisfy { abs($0.x) <= Sketch.reach && abs($0.y) <= Sketch.reach })
    #expect(state.hit(.enter) == [.trainOnDrawing(drawn)])
    #expect(state.lab.sketch == nil && state.focus == .samples)
    let isOver = !state.paint(at: (area.x + 5, area.y + 5))
    #expect(isOver)
    // Runs on images cannot be drawn.
    var pictures = Scenes.pictures
    pictures.open(.samples)
    _ = pictures.hit(.character("w"))
    #expect(pictures.lab.sketch == nil)
  }

  @Test func sheetsOfImages() {
    var description = Scenes.description(name: "mnist", modes: nil)
    description.pictures = PictureAbilities(sheets: [.interpolation, .walk], latents: 3)
    var state = Scenes.play(
      DashboardState(runName: "mnist"), [.described(description), .state(.training, step: 0), images(step: 10)])
    state.open(.samples)
    #expect(
      commands(state.hit(.character("J"))) == [.show(PictureRequest(sheet: SheetRequest(kind: .interpolation)))])
    #expect(
      commands(state.hit(.character("S"), .down))
        == [
          .show(PictureRequest(sheet: SheetRequest(kind: .interpolation, isSpherical: false))),
          .show(PictureRequest(sheet: SheetRequest(kind: .interpolation, first: 1, isSpherical: false))),
        ])
    _ = state.hit(.character("J"))
    for _ in 0..<5 { _ = state.hit(.down) }
    #expect(state.lab.sheet == SheetRequest(kind: .walk, first: 1, dimension: 2))
    #expect(state.shownPanel == "sheet/walk")
    // Until the sheet comes, the samples stay.
    #expect(state.shownPicture?.panel.id == Panel.samples)
    var grid = ImageGrid(count: 6, width: 4, height: 4, channels: 1, pixels: Array(repeating: 200, count: 96))
    (grid.columns, grid.rowLabels, grid.columnLabels) = (3, ["first", "second"], ["-1", "0", "+1"])
    _ = state.hear(.panel(Panel(id: "sheet/walk", title: "walk along z[2]", step: 20, content: .images(grid))))
    #expect(text(state).contains("walk along z[2] step 20"))
    #expect(text(state).contains("second"))
    #expect(commands(state.hit(.character("J"))) == [.show(PictureRequest())])
  }

  @Test func layersAndScores() {
    var state = ring
    let layers = ["dense1", "dense2"].flatMap { name in
      ["discriminator", "generator"].map { player in
        LayersPanel.Layer(
          name: name, player: player, parameters: 1234, weightNorm: 2.5, gradientNorm: name == "dense1" ? nil : 0.125,
          updateRatio: 0.001, histogram: [0, 0.25, 0.5, 0.25], reach: 0.5)
      }
    }.sorted { $0.player < $1.player }
    _ = state.hear(
      .panel(Panel(id: Panel.layers, title: "layers", step: 7, content: .layers(LayersPanel(layers: layers)))))
    state.open(.layers)
    let drawn = text(state)
    for word in ["discriminator, 2,468 parameters", "dense2", "0.125", "0.001", "not fin", "|step|/|w|", "step 7"] {
      #expect(drawn.contains(word), "\(word)")
    }
    _ = state.hit(.down, .down)
    #expect(!text(state).contains("discriminator, "))
    #expect(text(state, Size(width: 40, height: 12)).contains("|step|"))
    // They are no pictures of the samples pane.
    #expect(state.pictures.map(\.id) == [Panel.samples])
    _ = state.hear(
      .panel(
        Panel(
          id: Panel.scores, title: "scores", step: 7,
          content: .scores(ScoresPanel(minimum: 0, maximum: 1, real: [0, 0, 1], generated: [1, 0, 0])))))
    state.open(.balance)
    #expect(text(state).contains("0.5"))
    #expect(text(state).contains("▁") || text(state).contains("█"))
  }

  /// Every combination of layers and moments, on screens of all kinds.
  @Test func everyFrame() {
    for keys in [
      "M", "A", "D", "L", "MADL", "FRG", "C", "C.", "C..", "C...", "C....", "C.....", "C......", "MC.", "w", "w ",
    ] {
      var state = ring
      _ = state.type(keys)
      _ = state.hear(points(step: 2100))
      for size in [(40, 12), (80, 24), (200, 50), (41, 60), (300, 12), (1, 1), (3, 200), (500, 3)] {
        for glyphs in GlyphSet.allCases {
          for colors in ColorDepth.allCases {
            let size = Size(width: size.0, height: size.1)
            let frame = state.view(
              size: size, theme: .dark, capabilities: Capabilities(glyphs: glyphs, colors: colors))
            #expect(frame.size == size)
          }
        }
      }
    }
  }
}

@Suite struct ScoresPanelTests {
  @Test func sharesAddUpToOne() throws {
    let scores = try #require(
      ScoresPanel(real: [0.1, 0.9, 0.95, .nan], generated: [0, 1], range: 0...1, bins: 10))
    #expect(abs(scores.real.reduce(0, +) - 1) < 1e-9)
    #expect(scores.generated[0] == 0.5 && scores.generated[9] == 0.5)
    #expect(abs(scores.real[9] - 2.0 / 3) < 1e-9)
    #expect(ScoresPanel(real: [.nan], generated: [], range: 0...1) == nil)
    // Least squares judge by scores that are no probabilities.
    let squares = try #require(ScoresPanel(real: [1, -2.6e8, 1e300], generated: [-1e308, 1e308], range: 0...1))
    #expect(squares.minimum == -1e308 && squares.maximum == 1e308)
    #expect(abs(squares.real.reduce(0, +) - 1) < 1e-9 && squares.generated[0] == 0.5)
    let critic = try #require(ScoresPanel(real: [3], generated: [-1], range: nil, bins: 4))
    #expect(critic.minimum == -1 && critic.maximum == 3)
    #expect(critic.real == [0, 0, 0, 1] && critic.generated == [1, 0, 0, 0])
  }
}
