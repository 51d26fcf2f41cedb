import Models
import Tensors
import Testing

@Suite struct LayersTests {
  private func shapes(_ layers: LayerConfiguration..., from input: [Int]) throws -> [[Int]] {
    try LayerShapes(layers, input: input).shapes
  }

  private func sentence(_ layers: LayerConfiguration..., from input: [Int]) -> String {
    do {
      _ = try LayerShapes(layers, input: input)
      return "nothing was thrown"
    } catch { return "\(error)" }
  }

  private let same = ConvolutionWindow(kernel: 3, padding: 1)

  @Test func shapesFollowTheLayers() throws {
    let generator = try shapes(
      .dense(units: 6272, LayerFinish()), .reshape([128, 7, 7]), .upsample(factor: 2),
      .convolution(features: 64, same, LayerFinish()),
      .transposedConvolution(
        features: 32, ConvolutionWindow(kernel: 4, stride: 2, padding: 1), outputPadding: 0, LayerFinish()),
      .attention, .residual(features: 8, .up, .relu, .none), .residual(features: 8, .down, .relu, .none),
      .averagePool(factor: 4), .pixelNorm, .sumPool, from: [64])
    #expect(
      generator == [
        [6272], [128, 7, 7], [128, 14, 14], [64, 14, 14], [32, 28, 28], [32, 28, 28], [8, 56, 56], [8, 28, 28],
        [8, 7, 7], [8, 7, 7], [8],
      ])
    let strided = ConvolutionWindow(kernel: 5, stride: 2, padding: 0)
    #expect(
      try shapes(.convolution(features: 2, strided, LayerFinish()), .flatten, from: [1, 28, 28])
        == [[2, 12, 12], [288]])
    #expect(
      try shapes(
        .transposedConvolution(
          features: 2, ConvolutionWindow(kernel: 3, stride: 2, padding: 1), outputPadding: 1, LayerFinish()),
        from: [4, 7, 7]) == [[2, 14, 14]])
  }

  @Test func whatDoesNotFitIsSaidWithItsNumber() {
    #expect(
      sentence(
        .flatten, .dense(units: 3, LayerFinish()), .convolution(features: 2, same, LayerFinish()), from: [1, 4, 4])
        == "layer 3, conv, takes images [channels, height, width] and is given [3]; put reshape before it")
    #expect(
      sentence(.dense(units: 3, LayerFinish()), from: [1, 4, 4])
        == "layer 1, dense, takes vectors and is given [1, 4, 4]; put flatten before it")
    #expect(
      sentence(.dense(units: 10, LayerFinish()), .reshape([1, 3, 3]), from: [2])
        == "layer 2, reshape, makes [1, 3, 3] of 9 numbers and is given [10], which is 10")
    #expect(
      sentence(.averagePool(factor: 2), from: [1, 7, 7])
        == "layer 1, average-pool, divides extents by 2 and is given [1, 7, 7]")
    #expect(
      sentence(.convolution(features: 2, ConvolutionWindow(kernel: 9, padding: 0), LayerFinish()), from: [1, 4, 4])
        == "layer 1, conv, has a kernel of 9 pixels and is given [1, 4, 4]")
    #expect(
      sentence(
        .transposedConvolution(
          features: 2, ConvolutionWindow(kernel: 2, padding: 5), outputPadding: 0, LayerFinish()), from: [1, 4, 4])
        == "layer 1, transposed-conv, cuts off more than it makes and is given [1, 4, 4]; give it less padding")
    let wide = LayerConfiguration.upsample(factor: 16)
    #expect(
      sentence(wide, wide, wide, wide, wide, from: [64, 64, 64])
        == "layer 1, upsample, makes [64, 1024, 1024], more than 67108864 numbers of one sample"
        || sentence(wide, wide, wide, wide, wide, from: [64, 64, 64]).hasPrefix("layer 2, upsample, makes"))
  }

  private func configuration(
    _ generator: [LayerConfiguration], _ discriminator: [LayerConfiguration], condition: ConditionConfiguration = .none
  ) -> RunConfiguration {
    AdversarialSystemTests.configuration {
      $0.model = .gan(
        AdversarialConfiguration(
          generator: .layers(LayersConfiguration(layers: generator)),
          discriminator: .layers(LayersConfiguration(layers: discriminator)), condition: condition))
    }
  }

  @Test func samplesOfAnotherShapeAreRefused() {
    #expect(throws: SystemError.samplesDoNotFit(.layers, made: [3], sample: [2])) {
      try AdversarialSystemTests.system(
        configuration([.dense(units: 3, LayerFinish())], [.activation(.relu)]), sample: [2])
    }
  }

  @Test(arguments: [.none, .concatenation, .projection, .auxiliary(weight: 1)] as [ConditionConfiguration])
  func classesGoInAsInOtherNetworks(condition: ConditionConfiguration) throws {
    let system = try AdversarialSystemTests.system(
      configuration([.dense(units: 2, LayerFinish())], [.dense(units: 5, LayerFinish())], condition: condition),
      sample: [2])
    let (told, shown) = (condition == .none ? 0 : 3, condition == .concatenation ? 3 : 0)
    let shapes = Dictionary(uniqueKeysWithValues: system.variables.map { ($0.name, $0.shape) })
    #expect(shapes["generator/layer1/dense/weight"] == [2 + told, 2])
    #expect(shapes["discriminator/layer1/dense/weight"] == [2 + shown, 5])
    #expect(shapes["discriminator/score/dense/weight"] == [5, 1])
  }
}
