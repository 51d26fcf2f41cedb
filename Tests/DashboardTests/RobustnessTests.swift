import Dashboard
import Foundation
import Telemetry
import TerminalKit
import Testing

/// Whatever comes in, in whatever order, a frame of the right size goes out.
@Suite struct RobustnessTests {
  private static let keys: [Key] =
    KeyTable.all.flatMap(\.keys) + (0...9).map { .character(Character("\($0)")) }
    + [.character("e"), .character("界"), .function(12)]
  private static let ids: [MetricID] = [
    .generatorLoss, .discriminatorLoss, .discriminatorRealLoss, .penalty, .realScore, .fakeScore, .scoreDifference,
    .realAccuracy, .fakeAccuracy, .generatorGradient, .discriminatorGradient, .modesCovered, .modesWithMass,
    .highQuality, .modeEntropy, .generatedEntropy, .realEntropy, .entropyGap, .effectiveClusters, .stepsPerSecond,
    "loss/other", "none", "",
  ]

  private static func number(_ dice: inout Dice) -> Double {
    switch dice.next() % 12 {
    case 0: .nan
    case 1: .infinity
    case 2: -.infinity
    case 3: 0
    case 4: .greatestFiniteMagnitude
    case 5: -.leastNonzeroMagnitude
    case 6: -1e300 * dice.unit()
    default: dice.noise() * 10
    }
  }

  private static func step(_ dice: inout Dice) -> Int {
    switch dice.next() % 20 {
    case 0: -5
    case 1: Int.max / 2
    default: Int(dice.next() % 100_000)
    }
  }

  private static func event(_ dice: inout Dice) -> Event {
    let texts = ["", "x", "wide 界界界 text", String(repeating: "long ", count: 60), "two\nlines\tand\u{7}"]
    func text() -> String { texts[Int(dice.next() % UInt64(texts.count))] }
    func step() -> Int { Self.step(&dice) }
    func number() -> Double { Self.number(&dice) }
    switch dice.next() % 16 {
    case 0: return .described(description(&dice))
    case 1:
      let states: [RunState] = [
        .preparing, .training, .paused(reason: nil), .paused(reason: text()), .stopping, .finished, .stopped,
        .failed(message: text()),
      ]
      return .state(states[Int(dice.next() % UInt64(states.count))], step: step())
    case 2:
      return .edited(
        Edit(
          step: step(), id: dice.next() % 2 == 0 ? "optimizers.generator.rate" : text(), oldValue: number(),
          newValue: number()))
    case 3: return .checkpointed(CheckpointRecord(step: step(), path: text()))
    case 4:
      let kinds = Verdict.Kind.allCases
      return .verdict(
        Verdict(
          step: step(), kind: kinds[Int(dice.next() % UInt64(kinds.count))],
          severity: dice.next() % 2 == 0 ? .warning : .critical, isActive: dice.next() % 3 > 0, message: text(),
          rule: text()))
    case 5:
      let levels: [LogMessage.Level] = [.info, .warning, .error]
      return .message(LogMessage(level: levels[Int(dice.next() % 3)], text: text()), step: step())
    case 6: return .reply(request: dice.next() % 20, text: text(), failed: dice.next() % 2 == 0)
    case 7, 8, 9: return .panel(panel(&dice, title: text()))
    default:
      var buckets: [MetricID: Bucket] = [:]
      let at = step()
      for _ in 0..<6 {
        var bucket = Bucket(step: at, value: number())
        bucket.merge(Bucket(step: at &+ Int(dice.next() % 50), value: number()))
        buckets[ids[Int(dice.next() % UInt64(ids.count))]] = bucket
      }
      return .metrics(MetricReport(step: at, elapsed: number(), buckets: buckets))
    }
  }

  private static func description(_ dice: inout Dice) -> RunDescription {
    var description = Scenes.description(
      name: "run 界", modes: dice.next() % 2 == 0 ? 8 : nil, isCritic: dice.next() % 2 == 0)
    switch dice.next() % 4 {
    case 0:
      description.totalSteps = 0
      description.modes = 0
      description.players = []
      description.metrics = []
    case 1: description.hyperparameters = []
    case 2:
      description.hyperparameters = [
        Hyperparameter(
          id: "a", title: "", value: .nan, minimum: 1, maximum: 0, scale: .linear, explanation: ""),
        Hyperparameter(
          id: "b", title: String(repeating: "b", count: 90), value: 1e300, minimum: -.infinity, maximum: .infinity,
          scale: .linear, explanation: String(repeating: "word ", count: 50)),
        Hyperparameter(
          id: "c", title: "c", value: -1, minimum: -1, maximum: 1, scale: .logarithmic, isInteger: true,
          explanation: "c"),
      ]
      description.metrics.append(
        MetricDescriptor(id: .generatorLoss, title: "", reference: ReferenceLine(value: .nan, label: "")))
    default: break
    }
    return description
  }

  private static func panel(_ dice: inout Dice, title: String) -> Panel {
    func float() -> Float { Float(number(&dice)) }
    func point() -> PointsPanel.Point { PointsPanel.Point(x: float(), y: float()) }
    let content: Panel.Content
    switch dice.next() % 6 {
    case 0:
      content = .points(
        PointsPanel(
          minimum: point(), maximum: point(), real: (0..<30).map { _ in point() }, generated: [],
          field: Field(
            columns: 9, rows: 7, values: (0..<Int(dice.next() % 80)).map { _ in float() }, middle: 0.5, label: "D")))
    case 1:
      content = .points(PointsPanel(minimum: point(), maximum: point(), real: [], generated: [point()], field: nil))
    case 2:
      content = .images(
        ImageGrid(
          count: Int(dice.next() % 30), width: Int(dice.next() % 40), height: Int(dice.next() % 40),
          channels: [0, 1, 2, 3, 4, -1][Int(dice.next() % 6)],
          pixels: (0..<Int(dice.next() % 5000)).map { UInt8(truncatingIfNeeded: $0) }))
    case 3:
      content = .images(ImageGrid(count: .max, width: .max, height: -3, channels: 3, pixels: [1, 2, 3]))
    case 4:
      let bars = (0..<Int(dice.next() % 40)).map {
        BarsPanel.Bar(label: "\($0)", value: number(&dice), reference: dice.next() % 2 == 0 ? number(&dice) : nil)
      }
      content = .bars(BarsPanel(bars: bars))
    default: content = .text([title, "", String(repeating: "line ", count: 30)])
    }
    let ids = [Panel.samples, Panel.modes, "other"]
    return Panel(id: ids[Int(dice.next() % 3)], title: title, step: step(&dice), content: content)
  }

  private static func capabilities(_ dice: inout Dice) -> Capabilities {
    Capabilities(
      glyphs: GlyphSet.allCases[Int(dice.next() % 3)], colors: ColorDepth.allCases[Int(dice.next() % 4)])
  }

  private static func size(_ dice: inout Dice) -> Size {
    let fixed = [(0, 0), (1, 1), (2, 2), (3, 200), (500, 3), (40, 12), (41, 13), (80, 24), (120, 40), (200, 50)]
    if dice.next() % 3 == 0 {
      let (width, height) = fixed[Int(dice.next() % UInt64(fixed.count))]
      return Size(width: width, height: height)
    }
    return Size(width: Int(dice.next() % 220), height: Int(dice.next() % 70))
  }

  @Test(arguments: 1...12)
  func anythingGoes(seed: Int) {
    var dice = Dice(UInt64(seed))
    var state = DashboardState(runName: seed % 2 == 0 ? "" : "a run with a name that is rather long for a small screen")
    for round in 0..<60 {
      for _ in 0..<6 { _ = state.update(.telemetry(Self.event(&dice))) }
      for _ in 0..<4 { _ = state.update(.key(Self.keys[Int(dice.next() % UInt64(Self.keys.count))])) }
      _ = state.update(.tick(Double(round)))
      let size = Self.size(&dice)
      _ = state.update(.resized(size))
      let frame = state.view(size: size, theme: .dark, capabilities: Self.capabilities(&dice))
      #expect(frame.size == size)
      _ = state.summary()
    }
  }

  @Test func everySizeOfARunThatTrains() {
    let state = Scenes.ring
    let pictures = Scenes.pictures
    for width in Array(0...12) + [39, 40, 41, 59, 71, 72, 79, 99, 100, 149, 150, 151, 220] {
      for height in Array(0...14) + [15, 19, 20, 24, 27, 28, 30, 31, 60] {
        let size = Size(width: width, height: height)
        #expect(state.view(size: size, theme: .dark, capabilities: Scenes.braille).size == size)
        #expect(pictures.view(size: size, theme: .plain, capabilities: Scenes.ascii).size == size)
      }
    }
  }

  @Test func everyPanelOfAnEmptyRun() {
    var state = DashboardState(runName: "empty")
    var description = Scenes.description(name: "empty", modes: nil)
    for players in [["discriminator", "generator"], []] {
      description.players = players
      _ = state.hear(.described(description))
      for pane in Pane.allCases {
        state.open(pane)
        let text = state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille).text
        #expect(text.contains(pane.title))
      }
    }
    #expect(state.view(size: Size(width: 80, height: 24), theme: .dark, capabilities: Scenes.braille).size.width == 80)
  }

  /// The same inputs give the same frame.
  @Test func framesAreDeterministic() {
    let size = Size(width: 120, height: 40)
    let first = Scenes.ring.view(size: size, theme: .dark, capabilities: Scenes.braille)
    #expect(first == Scenes.ring.view(size: size, theme: .dark, capabilities: Scenes.braille))
  }
}
