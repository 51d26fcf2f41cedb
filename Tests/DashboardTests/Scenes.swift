import Dashboard
import Foundation
import Telemetry
import TerminalKit

/// A small generator of the same numbers on every machine (splitmix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  /// From 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
  /// From -1 to 1, triangular.
  mutating func noise() -> Double { unit() + unit() - 1 }
}

/// Recorded runs that tests draw.
enum Scenes {
  static let hyperparameters: [Hyperparameter] = [
    Hyperparameter(
      id: "optimizers.generator.rate", title: "G rate", value: 2e-4, minimum: 1e-8, maximum: 1, scale: .logarithmic,
      explanation: "learning rate of the generator, before its schedule"),
    Hyperparameter(
      id: "optimizers.generator.beta1", title: "G beta1", value: 0.5, minimum: 0, maximum: 0.9999, scale: .linear,
      explanation: "Adam's decay of the generator's mean gradient"),
    Hyperparameter(
      id: "optimizers.discriminator.rate", title: "D rate", value: 2e-4, minimum: 1e-8, maximum: 1,
      scale: .logarithmic, explanation: "learning rate of the discriminator, before its schedule"),
    Hyperparameter(
      id: "optimizers.discriminator.beta2", title: "D beta2", value: 0.999, minimum: 0, maximum: 0.999999,
      scale: .linear, explanation: "Adam's decay of the discriminator's mean squared gradient"),
    Hyperparameter(
      id: "penalties.gradient-penalty.weight", title: "penalty weight", value: 0.1, minimum: 0, maximum: 1e4,
      scale: .logarithmic, explanation: "weight of the gradient penalty beside the discriminator's loss"),
    Hyperparameter(
      id: "schedule.discriminator-steps", title: "D steps", value: 1, minimum: 1, maximum: 100, scale: .linear,
      isInteger: true, explanation: "discriminator updates before each generator update"),
    Hyperparameter(
      id: "measures.every", title: "measure every", value: 500, minimum: 1, maximum: 1e9, scale: .logarithmic,
      isInteger: true, explanation: "steps between two measurements of entropy and modes"),
  ]

  static func description(name: String, modes: Int?, isCritic: Bool = false) -> RunDescription {
    func metric(_ id: MetricID, _ title: String, _ line: (Double, String)? = nil) -> MetricDescriptor {
      MetricDescriptor(id: id, title: title, reference: line.map { ReferenceLine(value: $0.0, label: $0.1) })
    }
    let score = isCritic ? "score" : "D"
    var metrics = [
      metric(.generatorLoss, "G loss", isCritic ? nil : (log(2), "ln 2")),
      metric(.discriminatorLoss, "D loss", isCritic ? (0, "0") : (2 * log(2), "2 ln 2")),
      metric(.discriminatorRealLoss, "D loss on data"), metric(.discriminatorFakeLoss, "D loss on samples"),
      metric(.realScore, "\(score)(x)", isCritic ? (0, "0") : (0.5, "0.5")),
      metric(.fakeScore, "\(score)(G(z))", isCritic ? (0, "0") : (0.5, "0.5")),
      metric(.scoreDifference, "\(score)(x) - \(score)(G(z))", (0, "0")),
      metric(.discriminatorGradient, "D gradient norm"), metric(.generatorGradient, "G gradient norm"),
    ]
    if !isCritic {
      metrics += [metric(.realAccuracy, "D right on data"), metric(.fakeAccuracy, "D right on samples")]
    }
    return RunDescription(
      name: name, folder: "/home/user/runs/\(name)", seed: 1,
      summary: [
        "data: \(modes == nil ? "mnist, 28x28 gray, 60,000 images" : "ring of 8 Gaussians, radius 2, deviation 0.02")",
        "generator: \(modes == nil ? "dcgan" : "mlp 2-128-128-2, relu"), latent 2 normal",
        "objective: \(isCritic ? "wasserstein" : "non-saturating"), gradient penalty 0.1",
        "optimizers: adam 0.0002 (0.5, 0.999)",
      ],
      totalSteps: 20_000, players: ["discriminator", "generator"], metrics: metrics, hyperparameters: hyperparameters,
      modes: modes)
  }

  /// The metrics of `reports` reports of 50 steps each.
  static func metrics(reports: Int, from first: Int = 0, isCritic: Bool = false, modes: Int?) -> [Event] {
    var dice = Dice(7)
    return (first..<(first + reports)).map { index in
      let step = (index + 1) * 50
      let progress = Double(index) / 120
      let decay = exp(-progress * 2)
      var buckets: [MetricID: Bucket] = [:]
      func put(_ id: MetricID, _ centre: Double, _ spread: Double) {
        var bucket = Bucket(step: step - 49, value: centre + spread * dice.noise())
        for offset in [-30, -10, 0] { bucket.merge(Bucket(step: step + offset, value: centre + spread * dice.noise())) }
        buckets[id] = bucket
      }
      let lead = isCritic ? 3 * decay + 0.2 : 0.35 * decay + 0.08
      put(.generatorLoss, isCritic ? lead - 1 : 0.75 + 0.9 * decay + 0.1 * sin(progress * 9), 0.12)
      put(.discriminatorLoss, isCritic ? -lead : 1.36 - 0.6 * decay, 0.15)
      put(.discriminatorRealLoss, 0.68 - 0.3 * decay, 0.1)
      put(.discriminatorFakeLoss, 0.68 - 0.3 * decay, 0.1)
      put(.realScore, isCritic ? lead / 2 : 0.5 + lead / 2, 0.02)
      put(.fakeScore, isCritic ? -lead / 2 : 0.5 - lead / 2, 0.02)
      put(.scoreDifference, lead, 0.02)
      put(.discriminatorGradient, 0.4 + decay, 0.1)
      put(.generatorGradient, 0.2 + 0.4 * decay, 0.05)
      put(.stepsPerSecond, 2400, 100)
      if !isCritic {
        put(.realAccuracy, 0.52 + 0.3 * decay, 0.02)
        put(.fakeAccuracy, 0.55 + 0.3 * decay, 0.02)
      }
      if step % 500 == 0 {
        put(.generatedEntropy, -2.9 - 2 * decay, 0.05)
        put(.realEntropy, -2.9, 0.03)
        put(.entropyGap, 2 * decay, 0.02)
        put(.effectiveClusters, 7.9 - 5 * decay, 0.1)
        if let modes {
          let covered = (Double(modes) * (1 - 0.8 * decay)).rounded()
          for id in [MetricID.modesCovered, .modesWithMass] { buckets[id] = Bucket(step: step, value: covered) }
          buckets[.highQuality] = Bucket(step: step, value: 0.97 - 0.6 * decay)
          buckets[.modeEntropy] = Bucket(step: step, value: log(Double(modes)) * (1 - 0.5 * decay))
        }
      }
      return .metrics(MetricReport(step: step, elapsed: Double(step) / 2400, buckets: buckets))
    }
  }

  static func points(step: Int) -> Event {
    var dice = Dice(3)
    func ring(_ count: Int, spread: Double, radius: Double) -> [PointsPanel.Point] {
      (0..<count).map { index in
        let angle = Double(index % 8) / 8 * 2 * .pi
        return PointsPanel.Point(
          x: Float(radius * cos(angle) + spread * dice.noise()), y: Float(radius * sin(angle) + spread * dice.noise()))
      }
    }
    let values = (0..<(32 * 32)).map { index -> Float in
      let x = (Double(index % 32) + 0.5) / 16 - 1
      let y = (Double(index / 32) + 0.5) / 16 - 1
      return Float(0.5 + 0.4 * sin(3 * (x * x + y * y).squareRoot() * 2))
    }
    let panel = PointsPanel(
      minimum: PointsPanel.Point(x: -2.8, y: -2.8), maximum: PointsPanel.Point(x: 2.8, y: 2.8),
      real: ring(160, spread: 0.06, radius: 2), generated: ring(120, spread: 0.3, radius: 1.9),
      field: Field(columns: 32, rows: 32, values: values, middle: 0.5, label: "D(x)"))
    return .panel(Panel(id: Panel.samples, title: "samples", step: step, content: .points(panel)))
  }

  static func images(step: Int, count: Int = 16, size: Int = 28, channels: Int = 1) -> Event {
    var pixels: [UInt8] = []
    for image in 0..<count {
      for y in 0..<size {
        for x in 0..<size {
          let dx = Double(x) - Double(size) / 2
          let dy = Double(y) - Double(size) / 2
          let radius = (dx * dx + dy * dy).squareRoot() / Double(size)
          let ring = max(0, 1 - abs(radius - 0.15 - 0.02 * Double(image % 8)) * 14)
          for channel in 0..<channels { pixels.append(UInt8(255 * ring / Double(1 + channel))) }
        }
      }
    }
    let grid = ImageGrid(count: count, width: size, height: size, channels: channels, pixels: pixels)
    return .panel(Panel(id: Panel.samples, title: "samples", step: step, content: .images(grid)))
  }

  static func modes(step: Int, shares: [Double]) -> Event {
    let reference = 1 / Double(max(1, shares.count))
    let bars = shares.enumerated().map { BarsPanel.Bar(label: "\($0 + 1)", value: $1, reference: reference) }
    return .panel(Panel(id: Panel.modes, title: "modes", step: step, content: .bars(BarsPanel(bars: bars))))
  }

  static let collapse = Verdict(
    step: 5500, kind: .modeCollapse, severity: .critical, isActive: true,
    message: "mode collapse: 3 of 8 modes hold at least a fifth of their share",
    rule: "modes/with_mass 3 < 8 for 3 measurements in a row")

  static let shares = [0.13, 0.11, 0.14, 0.12, 0.02, 0.16, 0.19, 0.13]

  /// A 2-D run in the midst of its training.
  static var ring: DashboardState {
    play(
      DashboardState(runName: "ring8"),
      [.described(description(name: "ring8", modes: 8)), .state(.training, step: 0)]
        + metrics(reports: 120, modes: 8) + [
          .edited(Edit(step: 1200, id: "optimizers.discriminator.rate", oldValue: 2e-4, newValue: 4e-4)),
          .checkpointed(CheckpointRecord(step: 2000, path: "/home/user/runs/ring8/checkpoints/step-2000")),
          .checkpointed(CheckpointRecord(step: 4000, path: "/home/user/runs/ring8/checkpoints/step-4000")),
          points(step: 6000), modes(step: 6000, shares: shares),
        ])
  }

  /// A run on pictures, with a critic.
  static var pictures: DashboardState {
    play(
      DashboardState(runName: "mnist-wgan-gp"),
      [.described(description(name: "mnist-wgan-gp", modes: nil, isCritic: true)), .state(.training, step: 0)]
        + metrics(reports: 90, isCritic: true, modes: nil) + [images(step: 4500)])
  }

  static func play(_ state: DashboardState, _ events: [Event]) -> DashboardState {
    var state = state
    for event in events { _ = state.update(.telemetry(event)) }
    return state
  }

  static let braille = Capabilities(glyphs: .braille, colors: .truecolor)
  static let ascii = Capabilities(glyphs: .ascii, colors: .monochrome)
}

extension DashboardState {
  /// The effects of keys one after the other.
  mutating func press(_ keys: Key...) -> [Effect] { keys.flatMap { update(.key($0)) } }
  mutating func hear(_ events: Event...) -> [Effect] { events.flatMap { update(.telemetry($0)) } }
  mutating func type(_ text: String) -> [Effect] { text.flatMap { update(.key(.character($0))) } }
  /// Fills the screen with a pane, by the palette.
  mutating func open(_ pane: Pane) {
    _ = press(.character(":"))
    _ = type("fill \(pane.rawValue)")
    _ = press(.enter)
    // What it said is nothing for a frame.
    _ = press(.function(12))
  }
}
