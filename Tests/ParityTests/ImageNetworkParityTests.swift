import Execution
import Foundation
import Networks
import Tensors
import Testing

/// What PyTorch computed: scripts/parity/make_images.py.
private struct Numbers: Decodable {
  /// The output.
  let y: [Double]
  /// Of Σ c·y, for the input.
  let slope: [Double]
  /// The slopes of |slope|² for the weights.
  let penalty: [String: [Double]]?

  static let all = Result {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
    let data = try Data(contentsOf: folder.appendingPathComponent("images.json"))
    return try JSONDecoder().decode([String: Numbers].self, from: data)
  }
}

/// The script's formula of a name.
private func fill(_ name: String, _ count: Int) -> [Double] {
  let phase = Double(name.utf8.reduce(0) { $0 + Int($1) })
  let scale = name.contains("/noise") ? 0.0 : 0.8
  return (0..<count).map { scale * sin(0.37 * Double($0) * Double($0) + phase) }
}

private func tensor(_ name: String, _ shape: Shape) -> Tensor {
  Tensor(fill(name, shape.count), shape: shape, dtype: .f64)
}

private let alpha = [Condition.alpha: Tensor(0.3, dtype: .f64)]
private let image = [Condition.image: tensor("image", [2, 2, 8, 8])]

private struct Case: Sendable, CustomTestStringConvertible {
  let name: String
  let shape: Shape
  var conditions: [Condition: Tensor] = [:]
  var mode = ForwardPass.Mode.training
  let layer: @Sendable () throws -> any Layer
  var testDescription: String { name }

  static func patch(_ normalization: Normalization) -> Case {
    Case(name: "patch \(normalization)", shape: [2, 1, 8, 8], conditions: image) {
      try Network.patchDiscriminator(
        name: "n", size: 8, channels: 1, conditionChannels: 2, receptiveField: 16, features: 2,
        normalization: normalization, dtype: .f64)
    }
  }

  static func unet(_ normalization: Normalization) -> Case {
    Case(name: "unet \(normalization)", shape: [2, 2, 8, 8]) {
      try Network.unet(
        name: "n", size: 8, input: 2, output: 1, features: 2, normalization: normalization, dropout: 0, dtype: .f64)
    }
  }

  static func cycle(_ padding: ImagePadding) -> Case {
    Case(name: "cycle \(padding)", shape: [2, 2, 8, 8]) {
      try Network.cycleGenerator(
        name: "n", size: 8, input: 2, output: 1, features: 2, blocks: 1, padding: padding, dtype: .f64)
    }
  }

  static let all = [
    Case(name: "dense", shape: [3, 4]) {
      try EqualizedDense("n/l", input: 4, output: 2, rateMultiplier: 0.01, dtype: .f64)
    },
    Case(name: "convolution", shape: [2, 2, 4, 4]) {
      try EqualizedConvolution2D("n/l", input: 2, output: 3, kernel: 3, padding: 1, dtype: .f64)
    },
    Case(name: "pixel norm", shape: [2, 3, 2, 2]) { PixelNorm("n/l") },
    Case(name: "deviation of 8", shape: [8, 2, 2, 2]) { try MinibatchStandardDeviation("n/l") },
    Case(name: "deviation of 6", shape: [6, 2, 2, 2]) { try MinibatchStandardDeviation("n/l") },
    Case(name: "adain", shape: [2, 3, 3, 3], conditions: [.styles: tensor("styles", [2, 2, 4])]) {
      try AdaIN("n/l", channels: 3, style: 4, index: 1, dtype: .f64)
    },
    Case(name: "blur", shape: [2, 3, 4, 4]) { Blur("n/l") },
    Case(name: "reflection", shape: [1, 2, 3, 4]) { try ReflectionPadding("n/l", extent: 2) },
    Case(name: "progressive generator", shape: [2, 3], conditions: alpha) {
      try Network.progressiveGenerator(
        name: "n", latent: 3, resolution: 8, maximum: 8, channels: 2, features: 2, isFading: true, dtype: .f64)
    },
    Case(name: "progressive critic", shape: [4, 2, 8, 8], conditions: alpha) {
      try Network.progressiveDiscriminator(
        name: "n", resolution: 8, maximum: 8, channels: 2, features: 2, isFading: true, isBlurred: true, dtype: .f64)
    },
    Case(
      name: "style generator", shape: [2, 3],
      conditions: alpha.merging(
        [
          .secondLatent: tensor("second_latent", [2, 3]), .mixing: Tensor([0, 0, 1, 1, 0, 1, 1, 1], shape: [2, 4]),
          .truncation: Tensor(0.7, dtype: .f64),
        ], uniquingKeysWith: { $1 }), mode: .sampling
    ) {
      try Network.styleGenerator(
        name: "n", latent: 3, style: 5, resolution: 8, maximum: 8, channels: 2, features: 2, mappingDepth: 3,
        isFading: true, dtype: .f64)
    },
    unet(.batch), unet(.instance), patch(.batch), patch(.instance), cycle(.zero), cycle(.reflection),
  ]
}

private func expect(_ found: [Double], equal expected: [Double], _ what: String) {
  let size = expected.map { abs($0) }.max() ?? 0
  let distance = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
  #expect(found.count == expected.count, "\(what)")
  #expect(distance <= 1e-9 * max(size, 1e-6), "\(what) is off by \(distance) of \(size)")
}

@Test(arguments: Case.all)
private func imageNetworksGiveWhatPyTorchGives(example: Case) throws {
  let numbers = try #require(try Numbers.all.get()[example.name])
  let layer = try example.layer()
  let x = tensor("x", example.shape)
  var pass = ForwardPass(mode: example.mode, conditions: example.conditions)
  let y = layer(x, in: &pass)
  let slope = gradients(of: (tensor("c", y.shape) * y).sum(), withRespectTo: [x])[0]
  let weights = layer.parameters.filter { numbers.penalty?[$0.name] != nil }
  #expect(weights.count == numbers.penalty?.count ?? 0)
  var program = Program(name: "parity")
  program.output("y", y)
  program.output("slope", slope)
  let penalties = gradients(of: slope.square().sum(), withRespectTo: weights.map(\.value))
  for (weight, penalty) in zip(weights, penalties) { program.output(weight.name, penalty) }
  let backend = ReferenceBackend()
  let store = try backend.makeStore(program.variables, seed: 1)
  for variable in program.variables {
    try store.setValues(fill(variable.name, variable.shape.count), of: variable.name)
  }
  let compiled = try backend.compile(program, store: store)
  compiled.run(counter: 1, substep: 0)
  expect(try compiled.output("y"), equal: numbers.y, "the output")
  expect(try compiled.output("slope"), equal: numbers.slope, "the slope")
  for weight in weights {
    expect(
      try compiled.output(weight.name), equal: numbers.penalty?[weight.name] ?? [], "the penalty of \(weight.name)")
  }
}
