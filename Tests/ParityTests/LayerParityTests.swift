import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Numbers that PyTorch made of single layers: scripts/parity/make_layers.py.
struct LayerRecord: Decodable {
  struct Case: Decodable {
    let input: [Double]
    let shape: [Int]
    let classes: [Double]?
    /// What the output is multiplied by before its sum is differentiated.
    let cotangent: [Double]
    let initial: [String: [Double]]
    let output: [Double]
    let inputSlope: [Double]
    let slopes: [String: [Double]]
    /// The squared length of the input's slope, and its own slopes.
    let penalty: Double
    let penaltySlopes: [String: [Double]]
    let statistics: [String: [Double]]
  }
  let cases: [String: Case]

  static let stored = Result {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
    let data = try Data(contentsOf: folder.appendingPathComponent("layers.json"))
    return try JSONDecoder().decode(LayerRecord.self, from: data)
  }
}

/// A layer that PyTorch ran too.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable (DType) throws -> any Layer
  var testDescription: String { name }

  init(_ name: String, _ make: @escaping @Sendable (DType) throws -> any Layer) {
    self.name = name
    self.make = make
  }

  private static let once = SpectralNorm()
  static let all = [
    LayerCase("spectral dense") { try Dense("layer", input: 4, output: 3, spectral: once, dtype: $0) },
    LayerCase("spectral dense, 3 iterations") {
      try Dense("layer", input: 4, output: 3, spectral: SpectralNorm(iterations: 3), dtype: $0)
    },
    LayerCase("spectral convolution") {
      try Convolution2D(
        "layer", input: 2, output: 3, kernel: 3, geometry: ConvolutionGeometry(stride: 2, padding: 1), spectral: once,
        dtype: $0)
    },
    LayerCase("spectral transposed convolution") {
      try TransposedConvolution2D(
        "layer", input: 3, output: 2, kernel: 4, geometry: ConvolutionGeometry(stride: 2, padding: 1), spectral: once,
        dtype: $0)
    },
    LayerCase("projection") { try ProjectionScore("layer", features: 5, classes: 3, spectral: once, dtype: $0) },
    LayerCase("conditional batch norm") {
      try ConditionalBatchNorm("layer", channels: 2, modulation: .classes(3), dtype: $0)
    },
    LayerCase("conditional batch norm of vectors") {
      try ConditionalBatchNorm("layer", channels: 2, modulation: .classes(3), dtype: $0)
    },
    LayerCase("self-attention") {
      try SelfAttention("layer", channels: 4, keyChannels: 2, valueChannels: 3, isPooled: false, dtype: $0)
    },
    LayerCase("self-attention, pooled and spectral") {
      try SelfAttention("layer", channels: 8, spectral: once, dtype: $0)
    },
    LayerCase("maxout") { try Maxout("layer", input: 3, units: 4, pieces: 2, dtype: $0) },
    LayerCase("minibatch discrimination") {
      try MinibatchDiscrimination("layer", features: 4, kernels: 3, dimensions: 2, dtype: $0)
    },
    LayerCase("minibatch standard deviation") { _ in try MinibatchStandardDeviation("layer", groupSize: 3) },
    LayerCase("minibatch standard deviation of vectors") { _ in try MinibatchStandardDeviation("layer", groupSize: 2) },
    LayerCase("residual block up") {
      try ResidualBlock(
        "layer", .up, input: 3, output: 2, extent: 3, modulation: .classes(3), spectral: once, dtype: $0)
    },
    LayerCase("residual block down") {
      try ResidualBlock("layer", .down, input: 2, output: 3, extent: 4, spectral: once, dtype: $0)
    },
    LayerCase("residual block first") {
      try ResidualBlock("layer", .first, input: 2, output: 3, extent: 4, dtype: $0)
    },
    LayerCase("BigGAN generator") {
      try Network.bigGANGenerator(
        name: "layer", latent: 5, size: 8, channels: 1, features: 8, classes: 3, embedding: 3, attentionAt: 8,
        dtype: $0)
    },
  ]
}

@Test func everyRecordedLayerIsCompared() throws {
  #expect(Set(try LayerRecord.stored.get().cases.keys) == Set(LayerCase.all.map(\.name)))
}

@Test(arguments: LayerCase.all, Arena.all)
func layersAreAsInPyTorch(_ layer: LayerCase, _ arena: Arena) throws {
  let record = try #require(try LayerRecord.stored.get().cases[layer.name])
  let type = arena.type
  let made = try layer.make(type)
  #expect(Set(made.variables.map(\.name)) == Set(record.initial.keys))
  let program = try trace { () -> Program in
    let x = Input(name: "x", shape: Shape(record.shape), dtype: type).value
    var conditions: [Condition: Tensor] = [:]
    if let classes = record.classes {
      conditions[.classes] = Input(name: "classes", shape: [record.shape[0], classes.count / record.shape[0]]).value
    }
    var pass = ForwardPass(mode: .training, conditions: conditions, collectsStatistics: true)
    let y = made(x, in: &pass)
    let loss = (y * Tensor(record.cotangent, shape: y.shape, dtype: type)).sum()
    let slopes = gradients(of: loss, withRespectTo: [x] + made.parameters.map(\.value))
    let penalty = slopes[0].square().sum()
    let second = gradients(of: penalty, withRespectTo: made.parameters.map(\.value))
    var program = Program(name: "layer")
    program.output("output", y)
    program.output("inputSlope", slopes[0])
    program.output("penalty", penalty)
    for (index, parameter) in made.parameters.enumerated() {
      program.output("slope \(parameter.name)", slopes[index + 1])
      program.output("penalty slope \(parameter.name)", second[index])
    }
    for (variable, value) in pass.statistics { program.assign(value, to: variable) }
    try program.verify()
    return program
  }
  let backend = arena.makeBackend()
  let store = try backend.makeStore(made.variables, seed: 1)
  for (name, values) in record.initial { try store.setValues(values, of: name) }
  let compiled = try backend.compile(program, store: store)
  try compiled.setInput("x", record.input)
  if let classes = record.classes { try compiled.setInput("classes", classes) }
  compiled.run(counter: 1, substep: 0)

  func compare(_ found: [Double], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count)
    let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(difference <= (type == .f64 ? 1e-9 : 1e-3) * max(1, length), "\(what) is off by \(difference) of \(length)")
  }
  compare(try compiled.output("output"), record.output, "the output")
  compare(try compiled.output("inputSlope"), record.inputSlope, "the input's slope")
  compare(try compiled.output("penalty"), [record.penalty], "the penalty")
  for (name, expected) in record.slopes { compare(try compiled.output("slope \(name)"), expected, "\(name)'s slope") }
  for (name, expected) in record.penaltySlopes {
    compare(try compiled.output("penalty slope \(name)"), expected, "\(name)'s second slope")
  }
  for (name, expected) in record.statistics { compare(try store.values(of: name), expected, name) }
  #expect(Set(record.statistics.keys) == Set(made.statistics.map(\.name)))
}
