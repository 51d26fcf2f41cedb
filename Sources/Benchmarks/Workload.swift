import Execution

/// One training step that is timed here and in the peers' script (`scripts/peers/step_times.py`): the same networks,
/// batch, losses, optimizer and number of updates.
///
/// A step is a whole turn of the game: every discriminator update that it asks for, then one of the generator. The batch
/// of data stays the same; noise is drawn anew where the script draws it.
public struct Workload: Sendable {
  /// Such as `toy16`.
  public let name: String
  public let precision: Precision
  /// What the step is, as the configuration of a run.
  public let yaml: String
  /// `[channels, height, width]` or `[2]`.
  let sample: [Int]
  /// The matrix products and convolutions of a step, written down by hand from the networks' shapes and not taken from
  /// the compiler: the floor is the time that these take alone.
  public let primitives: [(primitive: Primitive, count: Int)]

  /// All of them, in the order in which they are shown; bf16 where convolutions can use it.
  public static let all: [Workload] = [
    toy("toy16", hidden: 16, batch: 150), toy("toy128", hidden: 128, batch: 256), wganGP,
    dcgan("dcgan32", size: 32, channels: 1, .f32), dcgan("dcgan32", size: 32, channels: 1, .bf16),
    dcgan("dcgan64", size: 64, channels: 3, .f32), dcgan("dcgan64", size: 64, channels: 3, .bf16),
  ]

  private static func toy(_ name: String, hidden: Int, batch: Int) -> Workload {
    let g = DensePasses([2, hidden, hidden, 2], batch: batch)
    let d = DensePasses([2, hidden, hidden, 1], batch: batch)
    var list = PrimitiveList()
    // D: new fakes; data and fakes pass through D and back.
    list.add(g.forward)
    list.add(d.forward + d.dataButFirst + d.weights, times: 2)
    // G: new fakes, through D and back to the latents.
    list.add(g.forward + d.forward + d.data + g.dataButFirst + g.weights)
    return Workload(
      name: name, precision: .f32,
      yaml: """
        name: \(name)
        data: { kind: ring }
        model:
          kind: gan
          latent: { dimension: 2 }
          generator: { kind: mlp, hidden: [\(hidden), \(hidden)], activation: relu }
          discriminator: { kind: mlp, hidden: [\(hidden), \(hidden)], activation: leaky-relu, slope: 0.2 }
        objective: { kind: non-saturating }
        optimizers:
          generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
          discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
        schedule: { batch: \(batch), steps: 1000000 }
        """, sample: [2], primitives: list.counted)
  }

  private static var wganGP: Workload {
    let (hidden, batch, critics) = (512, 256, 5)
    let g = DensePasses([2, hidden, hidden, hidden, 2], batch: batch)
    let d = DensePasses([2, hidden, hidden, hidden, 1], batch: batch)
    var list = PrimitiveList()
    // A critic update: new fakes; data and fakes through D and back.
    list.add(g.forward, times: critics)
    list.add(d.forward + d.dataButFirst + d.weights, times: 2 * critics)
    // The penalty: mixtures through D, the slope back to them; then the slope's own derivative, which goes forward
    // through the hidden layers and meets each layer's backward signal.
    list.add(d.forward + d.data + d.forwardButLast + d.weights, times: critics)
    // G, through D and back to the latents.
    list.add(g.forward + d.forward + d.data + g.dataButFirst + g.weights)
    return Workload(
      name: "wgangp512", precision: .f32,
      yaml: """
        name: wgangp512
        data: { kind: ring }
        model:
          kind: gan
          latent: { dimension: 2 }
          generator: { kind: mlp, hidden: [\(hidden), \(hidden), \(hidden)], activation: relu }
          discriminator: { kind: mlp, hidden: [\(hidden), \(hidden), \(hidden)], activation: relu }
        objective: { kind: wasserstein }
        penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
        optimizers:
          generator: { kind: adam, rate: 1e-4, beta1: 0.5, beta2: 0.9 }
          discriminator: { kind: adam, rate: 1e-4, beta1: 0.5, beta2: 0.9 }
        schedule: { batch: \(batch), discriminator-steps: \(critics), steps: 1000000 }
        """, sample: [2], primitives: list.counted)
  }

  /// - Parameter size: a power of two from 16 on.
  private static func dcgan(_ name: String, size: Int, channels: Int, _ precision: Precision) -> Workload {
    let (features, batch, latent) = (64, 64, 100)
    // From the image inwards: 4x4 kernels of stride 2 down to 4x4 pixels, then one dense layer.
    var maps = [Primitive.Map(channels, size)]
    while let last = maps.last, last.size > 4 {
      maps.append(Primitive.Map(maps.count == 1 ? features : 2 * last.channels, last.size / 2))
    }
    func pass(_ pass: Primitive.Pass, from first: Int = 0) -> [Primitive] {
      (first..<maps.count - 1).map {
        .convolution(pass, batch: batch, from: maps[$0], to: maps[$0 + 1], kernel: 4, stride: 2, padding: 1)
      }
    }
    let inner = maps[maps.count - 1].channels * 16
    let score = DensePasses([inner, 1], batch: batch)
    let first = DensePasses([latent, inner], batch: batch)
    var list = PrimitiveList()
    // G forward: its transposed convolutions are data gradients. Both updates share these fakes.
    list.add(first.forward + pass(.data))
    // D on data and on fakes, and back.
    list.add(
      pass(.forward) + score.forward + score.data + pass(.data, from: 1) + score.weights + pass(.weights), times: 2)
    // G, through the D that has just moved, and back to the first layer.
    list.add(pass(.forward) + score.forward + score.data + pass(.data))
    list.add(pass(.forward) + pass(.weights) + first.weights)
    return Workload(
      name: name, precision: precision,
      yaml: """
        name: \(name)
        data: { kind: images, path: ., size: \(size), channels: \(channels) }
        model:
          kind: gan
          share-fakes: true
          latent: { dimension: \(latent) }
          generator: { kind: dcgan, features: \(features), activation: relu, normalization: batch }
          discriminator: { kind: dcgan, features: \(features), activation: leaky-relu, slope: 0.2, normalization: batch }
        objective: { kind: non-saturating }
        optimizers:
          generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
          discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
        schedule: { batch: \(batch), steps: 1000000 }
        """, sample: [channels, size, size], primitives: list.counted)
  }
}

/// The matrix products of a dense network's passes.
private struct DensePasses {
  private let widths: [Int]
  private let batch: Int

  /// - Parameter widths: of the input, each hidden layer and the output.
  init(_ widths: [Int], batch: Int) {
    self.widths = widths
    self.batch = batch
  }

  private var layers: [(from: Int, to: Int)] { zip(widths, widths.dropFirst()).map { (from: $0, to: $1) } }

  private func forward(_ layer: (from: Int, to: Int)) -> Primitive {
    .product(rows: batch, columns: layer.to, inner: layer.from, transposed: .none)
  }

  private func data(_ layer: (from: Int, to: Int)) -> Primitive {
    .product(rows: batch, columns: layer.from, inner: layer.to, transposed: .second)
  }

  var forward: [Primitive] { layers.map(forward) }
  var forwardButLast: [Primitive] { layers.dropLast().map(forward) }
  var data: [Primitive] { layers.map(data) }
  /// Nothing asks for the gradient of the input.
  var dataButFirst: [Primitive] { layers.dropFirst().map(data) }
  var weights: [Primitive] {
    layers.map { .product(rows: $0.from, columns: $0.to, inner: batch, transposed: .first) }
  }
}

/// Primitives, each with the number of its calls.
private struct PrimitiveList {
  private(set) var counted: [(primitive: Primitive, count: Int)] = []

  mutating func add(_ primitives: [Primitive], times: Int = 1) {
    for primitive in primitives {
      if let index = counted.firstIndex(where: { $0.primitive == primitive }) {
        counted[index].count += times
      } else {
        counted.append((primitive, times))
      }
    }
  }
}
