import Networks
import Objectives
import Optimizers
import Tensors

/// A generator against a discriminator: what both are, and what an update of either is given.
///
///     turn:  k times   D descends  L_D(D(x), D(G(z))) + penalties
///            then      G descends  L_G(D(G(z)))
///
/// With classes both know the class of a sample; with a code D's trunk must be able to tell a part of z.
struct AdversarialGame: TwoPlayerGame {
  let generator: Network
  let discriminator: BranchedNetwork
  /// With the labels that D learns; `equilibria` without them.
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let settings: AdversarialConfiguration
  let sample: Shape
  /// The number of classes where the game uses them.
  let classes: Int?
  /// Where the networks stand that grow while they train; nil for those that do not.
  let stage: GrowthStage?

  private var batch: Int { configuration.schedule.batch }

  /// The samples that D judges together.
  var packing: Int { configuration.techniques[.packing].map { Int($0["samples"]) } ?? 1 }
  /// The samples that an update takes.
  var samples: Int { batch * packing }
  var replay: ExperienceReplay? {
    configuration.techniques[.experienceReplay].map { ExperienceReplay(capacity: Int($0["capacity"]), sample: sample) }
  }
  var unrolledSteps: Int { configuration.techniques[.unrolling].map { Int($0["steps"]) } ?? 0 }
  var isUnrolled: Bool { unrolledSteps > 0 }
  var matchesFeatures: Bool { configuration.techniques.has(.featureMatching) }

  var discriminatorParameters: [Variable] { discriminator.parameters }
  var generatorParameters: [Variable] { generator.parameters }
  var sharesDraw: Bool { settings.shareFakes }
  var generatorSeesData: Bool { isUnrolled || matchesFeatures }
  var average: WeightAverage? { settings.average.map { _ in WeightAverage(of: generator.parameters) } }

  /// Whether the players are two numbers, which are reported as they move.
  var isDirac: Bool { settings.generator.kind == .dirac && settings.discriminator.kind == .dirac }

  /// Kernels whose second axis is that of their outputs.
  var transposed: Set<Variable> {
    Set(generator.layers.compactMap { ($0 as? TransposedConvolution2D)?.weight })
  }

  /// The past of each side's weights, where it counts.
  var histories: (discriminator: HistoricalAverage, generator: HistoricalAverage)? {
    guard configuration.techniques.has(.historicalAveraging) else { return nil }
    return (
      HistoricalAverage(of: discriminator.parameters, player: "discriminator"),
      HistoricalAverage(of: generator.parameters, player: "generator")
    )
  }

  // MARK: Inputs

  static func technique(_ kind: TechniqueKind, _ key: String) -> Tensor {
    scalar(TechniqueConfiguration.id(kind, key))
  }

  static func penalty(_ kind: PenaltyKind, _ key: String) -> Tensor { scalar(PenaltyConfiguration.id(kind, key)) }

  /// The batch as D's stage knows images.
  var realBatch: Tensor {
    let images = pooled(Input(name: ProgramPort.batch, shape: Shape([samples] + sample.dimensions)).value)
    return stage?.isFading == true ? Progressive.faded(images, alpha: alpha) : images
  }

  /// The classes of the data, one-hot.
  var realClasses: Tensor? { classes.map { Input(name: ProgramPort.classes, shape: [samples, $0]).value } }

  // MARK: Draws

  /// Fakes, and what they were asked to show.
  struct Draw {
    var fakes: Network.Result
    var classes: Tensor?
    /// The categorical element one-hot, then the continuous ones.
    var code: Tensor?
  }

  /// G(z) in training mode, with the running statistics it would leave. With shared fakes both players read one stream, so
  /// that G's update sees what D's saw.
  func draw(for player: String) -> Draw {
    let suffix = settings.shareFakes ? "" : "/\(player)"
    let shape: Shape = [samples, settings.latent.dimension]
    var latents = drawnLatents(shape, stream: "latent\(suffix)")
    let code = settings.code.map { drawnCode($0, suffix) }
    if let code { latents = .concatenate([latents, code], axis: 1) }
    let classes = classes.map { oneOf($0, stream: "class\(suffix)") }
    let conditions = conditions(classes).merging(mixing(latents: shape, code: code, suffix)) { first, _ in first }
    let fakes = generator.apply(
      latents, conditions: conditions, mode: .training, collecting: true, stream: "fake\(suffix)")
    return Draw(fakes: fakes, classes: classes, code: code)
  }

  func drawnLatents(_ shape: Shape, stream: String) -> Tensor {
    settings.latent.distribution.drawn(shape, stream: stream)
  }

  private func drawnCode(_ code: CodeConfiguration, _ suffix: String) -> Tensor {
    var parts: [Tensor] = []
    if code.categories > 0 { parts.append(oneOf(code.categories, stream: "category\(suffix)")) }
    if code.continuous > 0 {
      parts.append(2 * .randomUniform([samples, code.continuous], stream: "code\(suffix)") - 1)
    }
    return .concatenate(parts, axis: 1)
  }

  /// One of `count` classes for each sample, evenly, one-hot: `[samples, count]`.
  private func oneOf(_ count: Int, stream: String) -> Tensor {
    let draw = Tensor.randomUniform([samples], stream: stream) * Double(count)
    return draw.minimum(Tensor(Double(count) - 0.5)).cast(to: .i32).oneHot(classes: count)
  }

  func conditions(_ classes: Tensor?) -> [Condition: Tensor] {
    var conditions: [Condition: Tensor] = classes.map { [.classes: $0] } ?? [:]
    if stage?.isFading == true { conditions[.alpha] = alpha }
    return conditions
  }

  // MARK: What D is shown

  /// What D is shown of a batch: with noise, and packed.
  func shown(_ x: Tensor, stream: String) -> Tensor {
    var x = x
    if configuration.techniques.has(.instanceNoise) {
      x = x + Self.technique(.instanceNoise, "deviation") * .randomNormal(x.shape, stream: "noise/\(stream)")
    }
    return packed(x)
  }

  /// Samples that are judged together, one after the other along the axis of coordinates or channels.
  private func packed(_ x: Tensor) -> Tensor {
    guard packing > 1 else { return x }
    let rest = Array(x.shape.dimensions.dropFirst(2))
    return x.reshape(Shape([x.shape[0] / packing, x.shape[1] * packing] + rest))
  }
}
