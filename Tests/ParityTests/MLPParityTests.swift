import Execution
import Networks
import Objectives
import Optimizers
import Tensors
import Testing

/// A small GAN on points that PyTorch trained too.
struct MLPCase: Sendable, CustomTestStringConvertible {
  let name: String
  let objective: any AdversarialObjective
  let activation: Activation
  var penalty: Double?
  let rate: Double
  let optimizer: @Sendable (_ player: String, _ type: DType) -> Optimizer
  var testDescription: String { name }

  static let all = [
    MLPCase(name: "adam", objective: NonSaturating(), activation: .leakyReLU(slope: 0.2), rate: 2e-3) {
      .adam($0, beta1: Tensor(0.5, dtype: $1), beta2: Tensor(0.999, dtype: $1), epsilon: Tensor(1e-8, dtype: $1))
    },
    MLPCase(name: "wgan-gp", objective: Wasserstein(), activation: .tanh, penalty: 10, rate: 2e-3) {
      .adam($0, beta1: Tensor(0.5, dtype: $1), beta2: Tensor(0.9, dtype: $1), epsilon: Tensor(1e-8, dtype: $1))
    },
    MLPCase(name: "sgd", objective: LeastSquares(), activation: .leakyReLU(slope: 0.2), rate: 5e-2) {
      .sgd($0, momentum: Tensor(0.9, dtype: $1), clipNorm: Tensor(0.1, dtype: $1))
    },
    MLPCase(name: "rmsprop", objective: NonSaturating(), activation: .leakyReLU(slope: 0.2), rate: 5e-4) {
      .rmsProp(
        $0, decay: Tensor(0.9, dtype: $1), epsilon: Tensor(1e-8, dtype: $1), momentum: Tensor(0.5, dtype: $1))
    },
    MLPCase(name: "hinge", objective: Hinge(), activation: .leakyReLU(slope: 0.2), rate: 2e-2) { player, _ in
      .sgd(player)
    },
  ]
}

private let batch = 16

@Test(arguments: MLPCase.all, Arena.all)
func mlpTrainsAsInPyTorch(_ game: MLPCase, _ arena: Arena) throws {
  let record = try Record.load("mlp")
  let run = try #require(record.cases[game.name]?[arena.type.rawValue])
  func network(_ name: String, output: Int) throws -> Network {
    try .mlp(
      name: name, input: [2], hidden: [12, 12], output: [output], activation: game.activation, dtype: arena.type)
  }
  let (G, D) = (try network("generator", output: 2), try network("discriminator", output: 1))
  let optimizers = (game.optimizer("generator", arena.type), game.optimizer("discriminator", arena.type))
  let rate = Tensor(game.rate, dtype: arena.type)
  func points(_ name: String) -> Tensor { Input(name: name, shape: [batch, 2], dtype: arena.type).value }

  // Two programs: each player's update draws its own noise and sees the other's latest weights.
  let discriminatorStep = try trace { () -> Program in
    let (real, fake) = (points("real"), G(points("noise")))
    var loss = game.objective.discriminatorLoss(real: D(real), fake: D(fake)).total
    if let penalty = game.penalty {
      let share = Input(name: "share", shape: [batch, 1], dtype: arena.type).value
      loss =
        loss
        + gradientPenalty(
          critic: { D($0) }, at: mixed(real: real, fake: fake, share: share),
          weight: Tensor(penalty, dtype: arena.type)
        ).loss
    }
    return optimizers.1.program("discriminator", D, loss, rate)
  }
  let generatorStep = try trace { () -> Program in
    optimizers.0.program("generator", G, game.objective.generatorLoss(fake: D(G(points("noise")))), rate)
  }

  let backend = arena.makeBackend()
  let store = try backend.makeStore(
    G.variables + D.variables + optimizers.0.state(for: G.parameters) + optimizers.1.state(for: D.parameters), seed: 1)
  for (name, values) in record.initial { try store.setValues(values, of: name) }
  let discriminator = try backend.compile(discriminatorStep, store: store)
  let generator = try backend.compile(generatorStep, store: store)
  let (real, share) = (try #require(record.inputs.real), try #require(record.inputs.share))
  let (noise1, noise2) = (try #require(record.inputs.noise1), try #require(record.inputs.noise2))
  var losses: [String: [Double]] = [:]
  for step in real.indices {
    try discriminator.setInput("real", real[step])
    try discriminator.setInput("noise", noise1[step])
    if game.penalty != nil { try discriminator.setInput("share", share[step]) }
    try generator.setInput("noise", noise2[step])
    for (player, program) in [("discriminator", discriminator), ("generator", generator)] {
      program.run(counter: UInt64(step), substep: 0)
      losses[player, default: []] += try program.output("loss")
    }
  }
  try arena.expect(losses, store, equal: run)
}

extension Optimizer {
  /// A program of one player's update.
  func program(_ name: String, _ network: Network, _ loss: Tensor, _ rate: Tensor) -> Program {
    var program = Program(name: name)
    program.output("loss", loss)
    let slopes = gradients(of: loss, withRespectTo: network.parameters.map(\.value))
    let update = update(network.parameters, gradients: slopes, rate: rate).guarded()
    for assignment in update.assignments { program.assign(assignment.value, to: assignment.variable) }
    return program
  }
}
