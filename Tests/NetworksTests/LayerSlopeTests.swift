import Execution
import Networks
import Tensors
import Testing

/// A layer whose slopes are compared with differences.
struct SlopeCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shape: Shape
  var mode = ForwardPass.Mode.training
  var classes: Int?
  let make: @Sendable () throws -> any Layer
  var testDescription: String { name }

  /// A stored vector does not move with the weight, so σ's slope is exact; in training mode it is once the iteration is.
  private static let (stored, converged) = (SpectralNorm(), SpectralNorm(iterations: 200))
  private static let halving = ConvolutionGeometry(stride: 2, padding: 1)

  static let all = [
    SlopeCase(name: "spectral dense, stored vector", shape: [3, 4], mode: .sampling) {
      try Dense("l", input: 4, output: 3, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "spectral dense", shape: [3, 4]) {
      try Dense("l", input: 4, output: 3, spectral: converged, dtype: .f64)
    },
    SlopeCase(name: "spectral convolution", shape: [2, 2, 4, 4], mode: .sampling) {
      try Convolution2D("l", input: 2, output: 3, kernel: 3, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "spectral transposed convolution", shape: [2, 3, 2, 2], mode: .sampling) {
      try TransposedConvolution2D(
        "l", input: 3, output: 2, kernel: 4, geometry: halving, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "spectral embedding", shape: [4, 3], mode: .sampling) {
      try ClassEmbedding("l", classes: 3, dimension: 2, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "conditional batch norm", shape: [3, 2, 2, 2], classes: 3) {
      try ConditionalBatchNorm("l", channels: 2, modulation: .classes(3), dtype: .f64)
    },
    SlopeCase(name: "conditional batch norm, sampling", shape: [3, 2], mode: .sampling, classes: 3) {
      try ConditionalBatchNorm(
        "l", channels: 2, modulation: NormModulation(.classes, dimension: 3, spectral: stored), dtype: .f64)
    },
    SlopeCase(name: "maxout", shape: [3, 4]) { try Maxout("l", input: 4, units: 3, pieces: 2, dtype: .f64) },
    SlopeCase(name: "minibatch discrimination", shape: [4, 3]) {
      try MinibatchDiscrimination("l", features: 3, kernels: 2, dimensions: 3, dtype: .f64)
    },
    SlopeCase(name: "class concatenation", shape: [2, 1, 2, 2], classes: 2) { ClassConcatenation("l") },
    SlopeCase(name: "projection", shape: [3, 4], classes: 3) {
      try ProjectionScore("l", features: 4, classes: 3, dtype: .f64)
    },
    SlopeCase(name: "global sum", shape: [2, 3, 2, 2]) { GlobalSumPool("l") },
    SlopeCase(name: "self-attention", shape: [2, 4, 2, 3]) {
      try SelfAttention("l", channels: 4, keyChannels: 2, isPooled: false, dtype: .f64)
    },
    SlopeCase(name: "self-attention, pooled", shape: [2, 4, 5, 4], mode: .sampling) {
      try SelfAttention("l", channels: 4, keyChannels: 2, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "residual block up", shape: [2, 2, 2, 2], classes: 3) {
      try ResidualBlock("l", .up, input: 2, output: 3, extent: 2, modulation: .classes(3), dtype: .f64)
    },
    SlopeCase(name: "residual block same", shape: [2, 2, 3, 3], mode: .sampling) {
      try ResidualBlock("l", .same, input: 2, output: 2, extent: 3, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "residual block down", shape: [2, 2, 4, 4]) {
      try ResidualBlock("l", .down, input: 2, output: 3, extent: 4, normalization: .layer, dtype: .f64)
    },
    SlopeCase(name: "residual block first", shape: [2, 2, 4, 4], mode: .sampling) {
      try ResidualBlock("l", .first, input: 2, output: 3, extent: 4, spectral: stored, dtype: .f64)
    },
    SlopeCase(name: "BigGAN generator", shape: [2, 5], mode: .sampling, classes: 3) {
      try Network.bigGANGenerator(
        name: "l", latent: 5, size: 8, channels: 1, features: 2, classes: 3, embedding: 2, attentionAt: 8, dtype: .f64)
    },
    SlopeCase(name: "residual discriminator", shape: [2, 1, 8, 8], mode: .sampling, classes: 3) {
      try Network.residualDiscriminator(
        name: "l", size: 8, channels: 1, features: 2, conditioning: .projection(classes: 3),
        minibatch: .discrimination(kernels: 2, dimensions: 2), attentionAt: 4, dtype: .f64)
    },
  ]
}

/// The slope of Σ c·tanh(y), and that of the squared length of its slope for x, along a random direction of the input, the
/// classes and all parameters, against central differences.
@Test(arguments: SlopeCase.all)
func slopesAreDifferences(_ slope: SlopeCase) throws {
  let layer = try slope.make()
  var inputs = ["x": slope.shape]
  if let classes = slope.classes { inputs["classes"] = [slope.shape[0], classes] }
  let program = try trace { () -> Program in
    let tensors = inputs.mapValues { $0 }.map { Input(name: $0.key, shape: $0.value, dtype: .f64) }
    let x = try #require(tensors.first { $0.name == "x" }).value
    let classes = tensors.first { $0.name == "classes" }?.value
    var pass = ForwardPass(mode: slope.mode, conditions: classes.map { [.classes: $0] } ?? [:])
    let y = layer(x, in: &pass)
    let loss = (y.tanh() * Tensor(numbers(y.shape.count, stream: "loss"), shape: y.shape, dtype: .f64)).sum()
    let penalty = gradients(of: loss, withRespectTo: [x])[0].square().sum()
    let targets = [x] + (classes.map { [$0] } ?? []) + layer.parameters.map(\.value)
    var program = Program(name: "slopes")
    for (name, value) in [("loss", loss), ("penalty", penalty)] {
      program.output(name, value)
      // The directional derivative, with the directions as inputs.
      let slopes = gradients(of: value, withRespectTo: targets)
      let names = ["x"] + (classes == nil ? [] : ["classes"]) + layer.parameters.map(\.name)
      let products = zip(names, slopes).map { name, slope in
        (slope * Tensor(direction(name, slope.shape.count), shape: slope.shape, dtype: .f64)).sum()
      }
      program.output("slope of \(name)", products.reduce(Tensor(0, dtype: .f64)) { $0 + $1 })
    }
    return program
  }
  let backend = ReferenceBackend()
  let store = try backend.makeStore(layer.variables, seed: 5)
  let compiled = try backend.compile(program, store: store)
  let used = Set(program.variables.map(\.name))
  func run(_ step: Double) throws -> [String: Double] {
    func values(_ name: String, _ count: Int) -> [Double] {
      zip(numbers(count, stream: name), direction(name, count)).map { 0.4 * $0 + step * $1 }
    }
    for input in program.inputs { try compiled.setInput(input.name, values(input.name, input.shape.count)) }
    for parameter in layer.parameters where used.contains(parameter.name) {
      try store.setValues(values(parameter.name, parameter.shape.count), of: parameter.name)
    }
    compiled.run(counter: 1, substep: 0)
    return try Dictionary(
      uniqueKeysWithValues: program.outputs.map { ($0.name, try compiled.output($0.name)[0]) })
  }
  let step = 1e-6
  let (above, below, here) = (try run(step), try run(-step), try run(0))
  for name in ["loss", "penalty"] {
    let difference = try (#require(above[name]) - #require(below[name])) / (2 * step)
    let found = try #require(here["slope of \(name)"])
    #expect(abs(found - difference) <= 1e-6 * max(1, abs(difference)), "\(name): \(found) against \(difference)")
  }
}

private func direction(_ name: String, _ count: Int) -> [Double] { numbers(count, stream: "direction of \(name)") }
