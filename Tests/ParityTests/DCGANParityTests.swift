import Execution
import Networks
import Objectives
import Optimizers
import Tensors
import Testing

private let (size, channels, latent, features, images) = (16, 3, 6, 4, 6)

/// The whole turn as one program: both updates share the fake batch, and the generator meets the updated discriminator.
private func turn(_ generator: Network, _ discriminator: Network, _ optimizers: [Optimizer], _ type: DType) throws
  -> Program
{
  try trace {
    let real = Input(name: "real", shape: [images, channels, size, size], dtype: type).value
    let noise = Input(name: "noise", shape: [images, latent], dtype: type).value
    let rate = Tensor(2e-3, dtype: type)
    let objective = NonSaturating()
    let fake = generator.apply(noise, mode: .training, collecting: true)

    // The discriminator judges data, then generated samples, and its running statistics follow both, as they do in PyTorch.
    let onReal = discriminator.apply(real, mode: .training, collecting: true)
    let onFake = discriminator.apply(
      fake.output.detached, substituting: [Variable: Tensor](onReal.statistics), mode: .training, collecting: true)
    let loss = objective.discriminatorLoss(real: onReal.output, fake: onFake.output).total
    let update = optimizers[1].update(
      discriminator.parameters, gradients: gradients(of: loss, withRespectTo: discriminator.parameters.map(\.value)),
      rate: rate)

    let updated = [Variable: Tensor](update.parameters).substituting(onFake.statistics)
    let judged = discriminator.apply(fake.output, substituting: updated, mode: .training, collecting: true)
    let generatorLoss = objective.generatorLoss(fake: judged.output)
    let generatorUpdate = optimizers[0].update(
      generator.parameters, gradients: gradients(of: generatorLoss, withRespectTo: generator.parameters.map(\.value)),
      rate: rate)

    var program = Program(name: "turn")
    program.output("discriminator", loss)
    program.output("generator", generatorLoss)
    let assignments = update.assignments + generatorUpdate.assignments + fake.statistics + judged.statistics
    for assignment in assignments { program.assign(assignment.value, to: assignment.variable) }
    try program.verify()
    return program
  }
}

@Test(arguments: Arena.all)
func dcganTrainsAsInPyTorch(_ arena: Arena) throws {
  let record = try Record.load("dcgan")
  let run = try #require(record.cases["adam"]?[arena.type.rawValue])
  let type = arena.type
  let generator = try Network.dcganGenerator(
    name: "generator", latent: latent, size: size, channels: channels, features: features, dtype: type)
  let discriminator = try Network.dcganDiscriminator(
    name: "discriminator", size: size, channels: channels, features: features, dtype: type)
  let optimizers = ["generator", "discriminator"].map {
    Optimizer.adam(
      $0, beta1: Tensor(0.5, dtype: type), beta2: Tensor(0.999, dtype: type), epsilon: Tensor(1e-8, dtype: type))
  }
  let backend = arena.makeBackend()
  let store = try backend.makeStore(
    generator.variables + discriminator.variables + optimizers[0].state(for: generator.parameters)
      + optimizers[1].state(for: discriminator.parameters), seed: 1
  )
  #expect(Set(record.initial.keys) == Set((generator.variables + discriminator.variables).map(\.name)))
  for (name, values) in record.initial { try store.setValues(values, of: name) }
  let program = try backend.compile(try turn(generator, discriminator, optimizers, type), store: store)

  let pool = try #require(record.inputs.images)
  let (rows, noise) = (try #require(record.inputs.rows), try #require(record.inputs.noise))
  let pixels = channels * size * size
  var losses: [String: [Double]] = [:]
  for step in rows.indices {
    try program.setInput("real", rows[step].flatMap { pool[$0 * pixels..<($0 + 1) * pixels] })
    try program.setInput("noise", noise[step])
    program.run(counter: UInt64(step), substep: 0)
    for player in ["discriminator", "generator"] { losses[player, default: []] += try program.output(player) }
  }
  try arena.expect(losses, store, equal: run)
}
