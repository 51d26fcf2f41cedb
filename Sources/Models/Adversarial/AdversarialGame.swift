import Networks
import Objectives
import Optimizers
import Tensors

/// A generator against a discriminator: the tensors of each player's update.
///
///     turn:  k times   D descends  L_D(D(x), D(G(z))) + penalties
///            then      G descends  L_G(D(G(z)))
struct AdversarialGame: TwoPlayerGame {
  let generator: Network
  let discriminator: Network
  let objective: any AdversarialObjective
  let configuration: RunConfiguration
  let settings: AdversarialConfiguration
  let sample: Shape

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

  var discriminatorParameters: [Variable] { discriminator.parameters }
  var generatorParameters: [Variable] { generator.parameters }
  var sharesDraw: Bool { settings.shareFakes }
  var generatorSeesData: Bool { isUnrolled }
  var average: WeightAverage? { settings.average.map { _ in WeightAverage(of: generator.parameters) } }

  // MARK: Inputs

  static func scalar(_ id: String) -> Tensor { Input(name: id, shape: .scalar).value }

  static func technique(_ kind: TechniqueKind, _ key: String) -> Tensor {
    scalar(TechniqueConfiguration.id(kind, key))
  }

  static func penalty(_ kind: PenaltyKind, _ key: String) -> Tensor { scalar(PenaltyConfiguration.id(kind, key)) }

  var realBatch: Tensor { Input(name: ProgramPort.batch, shape: Shape([samples] + sample.dimensions)).value }

  /// z for a batch. With shared fakes both players read one stream, so that G's update sees what D's saw.
  func latents(for player: String) -> Tensor {
    let stream = settings.shareFakes ? "latent" : "latent/\(player)"
    let shape: Shape = [samples, settings.latent.dimension]
    switch settings.latent.distribution {
    case .normal: return .randomNormal(shape, stream: stream)
    case .uniform: return 2 * .randomUniform(shape, stream: stream) - 1
    }
  }

  // MARK: Passes

  /// G(z) in training mode, with the running statistics it would leave.
  func draw(for player: String) -> Network.Result {
    let stream = settings.shareFakes ? "fake" : "fake/\(player)"
    return generator.apply(latents(for: player), mode: .training, collecting: true, stream: stream)
  }

  /// What D is shown of a batch: with noise, and packed.
  func shown(_ x: Tensor, stream: String) -> Tensor {
    var x = x
    if configuration.techniques.has(.instanceNoise) {
      x = x + Self.technique(.instanceNoise, "deviation") * .randomNormal(x.shape, stream: "noise/\(stream)")
    }
    return packed(x)
  }

  /// Samples that are judged together, one after the other along the axis of coordinates or channels.
  func packed(_ x: Tensor) -> Tensor {
    guard packing > 1 else { return x }
    let rest = Array(x.shape.dimensions.dropFirst(2))
    return x.reshape(Shape([x.shape[0] / packing, x.shape[1] * packing] + rest))
  }
}
