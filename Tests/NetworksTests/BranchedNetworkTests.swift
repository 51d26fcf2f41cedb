import Networks
import Tensors
import Testing

/// A discriminator with options, and its trunk's features.
struct DiscriminatorCase: Sendable, CustomTestStringConvertible {
  let name: String
  let features: Shape
  let make: @Sendable (ClassConditioning?, MinibatchFeatures?, SpectralNorm?) throws -> BranchedNetwork
  var testDescription: String { name }

  static let all = [
    DiscriminatorCase(name: "MLP", features: [5]) {
      try .mlpDiscriminator(
        name: "d", input: [1, 8, 8], hidden: [6, 5], conditioning: $0, minibatch: $1, spectral: $2, dtype: .f64)
    },
    DiscriminatorCase(name: "maxout", features: [5]) {
      try .maxoutDiscriminator(
        name: "d", input: [1, 8, 8], hidden: [6, 5], pieces: 2, initializer: .heNormal(), conditioning: $0,
        minibatch: $1, spectral: $2, dtype: .f64)
    },
    DiscriminatorCase(name: "DCGAN", features: [2, 4, 4]) {
      try .dcganDiscriminator(
        name: "d", size: 8, channels: 1, features: 2, normalization: .none, initializer: .heNormal(),
        conditioning: $0, minibatch: $1, spectral: $2, dtype: .f64)
    },
    DiscriminatorCase(name: "residual", features: [2]) {
      try .residualDiscriminator(
        name: "d", size: 8, channels: 1, features: 2, conditioning: $0, minibatch: $1, spectral: $2, attentionAt: 4,
        dtype: .f64)
    },
  ]
}

private let images = Tensor(numbers(3 * 64), shape: [3, 1, 8, 8], dtype: .f64)
private let classes = Tensor([1, 0, 0, 1, 1, 0], shape: [3, 2], dtype: .f64)

@Test(arguments: DiscriminatorCase.all)
func discriminatorsHaveATrunkAndAScore(_ discriminator: DiscriminatorCase) throws {
  for conditioning in [nil, ClassConditioning.concatenation(classes: 2), .projection(classes: 2)] {
    for minibatch in [nil, MinibatchFeatures.discrimination(kernels: 3, dimensions: 2), .standardDeviation()] {
      for spectral in [nil, SpectralNorm()] {
        let branched = try discriminator.make(conditioning, minibatch, spectral)
        let whole = try branched.network()
        #expect(whole.parameters.map(\.name) == branched.parameters.map(\.name))
        #expect(branched.trunk.outputShape == discriminator.features)
        #expect(whole.outputShape == [1])
        #expect(branched.conditions == (conditioning == nil ? [:] : [.classes: [2]]))
        // Every kernel has its vector, and nothing else has; minibatch discrimination's tensor is none.
        let kernels = branched.parameters.filter { $0.name.hasSuffix("weight") || $0.name.hasSuffix("table") }
        let vectors = kernels.map { "\($0.name)_u" }
        #expect(Set(branched.statistics.map(\.name)) == (spectral == nil ? [] : Set(vectors)))

        let result = branched.apply(images, conditions: [.classes: classes], mode: .training, collecting: true)
        let score = try #require(result.outputs["score"])
        #expect(result.features.shape == Shape([3] + discriminator.features.dimensions))
        #expect(score.shape == [3, 1])
        #expect(result.statistics.count == (spectral == nil ? 0 : kernels.count))
        let same = whole.apply(images, conditions: [.classes: classes], mode: .training).output
        let slopes = gradients(of: score.square().sum(), withRespectTo: branched.parameters.map(\.value))
        let found = try evaluate([score, same] + slopes)
        #expect(found[0] == found[1])
        let areFinite = found.joined().allSatisfy { $0.isFinite }
        #expect(areFinite)
        for (parameter, slope) in zip(branched.parameters, found.dropFirst(2)) {
          // Attention starts at zero: behind it nothing moves before it has.
          let isBehindGamma = parameter.name.contains("attention") && !parameter.name.hasSuffix("gamma")
          #expect(slope.contains { $0 != 0 } != isBehindGamma, "\(parameter.name)")
        }
      }
    }
  }
}

@Test func discriminatorsOfOneBuilderHaveEqualNames() throws {
  let mlp = try Network.mlp(name: "d", input: [2], hidden: [3, 4], output: [1], normalization: .layer)
  let branched = try BranchedNetwork.mlpDiscriminator(name: "d", input: [2], hidden: [3, 4], normalization: .layer)
  #expect(branched.parameters.map(\.name) == mlp.parameters.map(\.name))
  #expect(branched.parameters.map(\.shape) == mlp.parameters.map(\.shape))
  let dcgan = try BranchedNetwork.dcganDiscriminator(name: "d", size: 16, channels: 1, features: 2)
  let expected = ["block1/conv/weight", "block2/conv/weight", "block2/norm/scale", "block2/norm/offset"]
  #expect(dcgan.parameters.map(\.name) == (expected + ["score/dense/weight"]).map { "d/\($0)" })
}

@Test func headsReadTheSameFeatures() throws {
  let network = try BranchedNetwork.dcganDiscriminator(
    name: "d", size: 8, channels: 1, features: 2, normalization: .none, dtype: .f64
  )
  .adding(head: "class", outputs: 10)
  .adding(head: "code", outputs: 2, hidden: [4], normalization: .batch)
  let added = ["d/class/dense1/weight", "d/class/dense1/bias", "d/code/dense1/weight", "d/code/norm1/scale"]
  #expect(Set(network.parameters.map(\.name)).isSuperset(of: added))
  #expect(network.statistics.map(\.name) == ["d/code/norm1/running_mean", "d/code/norm1/running_variance"])
  let result = network.apply(images, mode: .training, collecting: true)
  #expect(result.outputs.mapValues(\.shape) == ["score": [3, 1], "class": [3, 10], "code": [3, 2]])
  #expect(result.statistics.count == 2)
  let features = network.apply(images, heads: [], mode: .training)
  #expect(features.outputs.isEmpty)
  let logits = try network.network(head: "class")(images)
  let found = try evaluate([try #require(result.outputs["class"]), logits, result.features, features.features])
  #expect(found[0] == found[1])
  #expect(found[2] == found[3])
  var program = Program(name: "heads")
  for (name, output) in result.outputs { program.output(name, output) }
  let labels = Set(program.nodes.map(\.label))
  #expect(labels.isSuperset(of: ["d/block1/conv", "d/score/dense", "d/class/dense1", "d/code/norm1"]))
}

@Test func minibatchFeaturesStandBeforeTheLastLayer() throws {
  let network = try BranchedNetwork.dcganDiscriminator(
    name: "d", size: 8, channels: 1, features: 2, minibatch: .discrimination(kernels: 3, dimensions: 2))
  #expect(network.heads[0].network.layers.map(\.name) == ["d/score/flatten", "d/score/minibatch", "d/score/dense"])
  let shapes: [Shape] = [[32, 6], [35, 1]]
  #expect(network.heads[0].network.parameters.map(\.shape) == shapes)
}

@Test func impossibleHeadsAreRefused() throws {
  let network = try BranchedNetwork.mlpDiscriminator(name: "d", input: [2], hidden: [3])
  #expect(throws: NetworkError.duplicateHead(network: "d", head: "score")) {
    try network.adding(head: "score", outputs: 1)
  }
  #expect(throws: NetworkError.unknownHead(network: "d", head: "class", heads: ["score"])) {
    try network.network(head: "class")
  }
  #expect(throws: NetworkError.duplicateVariable(network: "d", variable: "d/dense1/weight")) {
    let dense = try Dense("d/dense1", input: 3, output: 1)
    let head = try Network(name: "d/extra", inputShape: [3], layers: [dense])
    _ = try BranchedNetwork(trunk: network.trunk, heads: [BranchedNetwork.Head("extra", head)])
  }
  #expect(throws: TensorError.self) {
    let dense = try Dense("d/extra/dense1", input: 4, output: 1)
    let head = try Network(name: "d/extra", inputShape: [4], layers: [dense])
    _ = try BranchedNetwork(trunk: network.trunk, heads: [BranchedNetwork.Head("extra", head)])
  }
}
