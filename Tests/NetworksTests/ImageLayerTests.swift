import Networks
import Tensors
import Testing

/// A layer applied alone, in f64.
private func apply(
  _ layer: any Layer, _ values: [Double], _ shape: Shape, mode: ForwardPass.Mode = .training,
  conditions: [Condition: Tensor] = [:], variables: [String: [Double]] = [:], stream: String = "", counter: UInt64 = 1
) throws -> [Double] {
  var pass = ForwardPass(mode: mode, conditions: conditions, streamPrefix: stream)
  let x = Input(name: "x", shape: shape, dtype: .f64).value
  return try evaluate(layer(x, in: &pass), inputs: ["x": values], variables: variables, counter: counter)
}

private let layers: [(layer: any Layer, shape: Shape, conditions: [Condition: Shape])] = {
  do {
    return [
      (try EqualizedDense("l", input: 3, output: 2, rateMultiplier: 0.1, dtype: .f64), [4, 3], [:]),
      (try EqualizedConvolution2D("l", input: 2, output: 3, kernel: 3, padding: 1, dtype: .f64), [2, 2, 4, 4], [:]),
      (PixelNorm("l"), [3, 5], [:]), (PixelNorm("l"), [2, 3, 2, 2], [:]),
      (try MinibatchStandardDeviation("l"), [8, 2, 2, 2], [:]),
      (try MinibatchStandardDeviation("l"), [6, 2, 2, 2], [:]),
      (try ConstantInput("l", channels: 2, dtype: .f64), [2, 3], [:]),
      (try AdaIN("l", channels: 2, style: 3, index: 1, dtype: .f64), [2, 2, 3, 3], [.styles: [2, 2, 3]]),
      (try NoiseInjection("l", channels: 2, dtype: .f64), [2, 2, 3, 3], [:]),
      (try NearestUpsampling("l"), [2, 2, 2, 2], [:]), (try AveragePooling("l"), [2, 2, 4, 4], [:]),
      (Blur("l"), [2, 3, 4, 4], [:]), (try ReflectionPadding("l", extent: 2), [2, 2, 3, 4], [:]),
      (
        FadeIn("l", old: [try AveragePooling("l/a")], new: [Blur("l/b"), try AveragePooling("l/c")]), [2, 2, 4, 4],
        [.alpha: .scalar]
      ),
      (SkipConnection("l", .sum, around: [ActivationLayer("l/a", .tanh)]), [2, 2, 3, 3], [:]),
      (SkipConnection("l", .concatenation, around: [Blur("l/a")]), [2, 2, 3, 3], [:]),
      (ImageCondition("l"), [2, 2, 3, 3], [.image: [2, 1, 3, 3]]),
      (try StyleMapping("l", latent: 3, width: 4, depth: 2, styles: 4, dtype: .f64), [2, 3], [:]),
    ]
  } catch {
    return []
  }
}()

@Test func imageLayersHaveTheirDerivatives() throws {
  #expect(layers.count == 18)
  for (layer, shape, conditions) in layers {
    let check = try SlopeCheck(layer, shape: shape, conditions: conditions)
    #expect(check.first < 1e-6, "\(type(of: layer)) \(shape)")
    #expect(check.second < 1e-6, "\(type(of: layer)) \(shape), second order")
  }
}

@Test func equalizedWeightsStartAtOneAndAreScaledWhenUsed() throws {
  let dense = try EqualizedDense("d", input: 50, output: 40, rateMultiplier: 0.01, dtype: .f64)
  let start = dense.weight.initial(1)
  let square = start.reduce(0) { $0 + $1 * $1 } / 2000
  #expect(abs(square.squareRoot() / 100 - 1) < 0.1)
  #expect(abs(dense.scale.ofWeight - 0.01 * (2.0 / 50).squareRoot()) < 1e-15)
  let small = try EqualizedDense("d", input: 2, output: 1, rateMultiplier: 0.5, dtype: .f64)
  let found = try apply(small, [1, 2, 3, 4], [2, 2], variables: ["d/weight": [10, 20], "d/bias": [6]])
  // √(2/2)·½.
  #expect(agree(found, [28, 58]))
  let convolution = try EqualizedConvolution2D("c", input: 4, output: 2, kernel: 3, gain: 1)
  #expect(convolution.parameters.map(\.name) == ["c/weight", "c/bias"])
  #expect(abs(convolution.scale.ofWeight - 1 / 6.0) < 1e-15)
}

@Test func theDeviationsChannelTellsHowMuchAGroupDiffers() throws {
  let layer = try MinibatchStandardDeviation("l", groupSize: 2)
  // Images 0 and 2 are a group, 1 and 3 the other.
  let found = try apply(layer, [1, 2, 10, 20, 3, 8, 10, 20], [4, 1, 1, 2])
  let expected = [1, 2, 2, 2, 10, 20, 0, 0, 3, 8, 2, 2, 10, 20, 0, 0.0]
  #expect(agree(found, expected, 1e-3))
  let alone = try apply(layer, [1, 2], [1, 1, 1, 2])
  #expect(agree(alone, [1, 2, 0, 0], 1e-3))
}

@Test func noiseStartsUnseenAndDiffersBetweenImagesAndPasses() throws {
  let layer = try NoiseInjection("l", channels: 2, dtype: .f64)
  let zeros = Array(repeating: 0.0, count: 36)
  let silent = try apply(layer, zeros, [2, 2, 3, 3])
  #expect(silent == zeros)
  let weight = ["l/weight": [1.0, 2]]
  let found = try apply(layer, zeros, [2, 2, 3, 3], variables: weight)
  // One map a image: the second channel's is twice the first's.
  #expect(agree(Array(found[9..<18]), found[0..<9].map { 2 * $0 }))
  #expect(found[0..<9] != found[18..<27])
  let sampled = try apply(layer, zeros, [2, 2, 3, 3], mode: .sampling, variables: weight)
  #expect(sampled == found)
  let other = try apply(layer, zeros, [2, 2, 3, 3], variables: weight, stream: "other")
  #expect(other != found)
}

@Test func resamplingIsItsSums() throws {
  let up = try apply(try NearestUpsampling("l"), [1, 2], [1, 1, 1, 2])
  #expect(up == [1, 1, 2, 2, 1, 1, 2, 2])
  let down = try apply(try AveragePooling("l"), up, [1, 1, 2, 4])
  #expect(down == [1, 2])
  let x = numbers(3 * 2 * 6 * 9)
  let image = Tensor(x, shape: [3, 2, 6, 9], dtype: .f64)
  let thirds = try evaluate([image.averagePooled(3), image.upsampledNearest(3)])
  let pooled = try apply(try AveragePooling("l", factor: 3), x, [3, 2, 6, 9])
  #expect(agree(pooled, thirds[0]))
  let repeated = try apply(try NearestUpsampling("l", factor: 3), x, [3, 2, 6, 9])
  #expect(repeated == thirds[1])
  let blurred = try apply(Blur("l"), [0, 0, 0, 0, 16, 0, 0, 0, 0], [1, 1, 3, 3])
  #expect(blurred == [1, 2, 1, 2, 4, 2, 1, 2, 1])
}

@Test func resamplingOfWhatDoesNotFitIsRefused() throws {
  #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [2, 3, 4], layers: [try AveragePooling("n/l")])
  }
  #expect(throws: TensorError.self) { try Network(name: "n", inputShape: [4], layers: [try NearestUpsampling("n/l")]) }
  #expect(throws: TensorError.self) { try Network(name: "n", inputShape: [4], layers: [Blur("n/l")]) }
}

@Test func reflectionsDoNotRepeatTheEdge() throws {
  let found = try apply(try ReflectionPadding("l", extent: 1), [1, 2, 3, 4, 5, 6], [1, 1, 2, 3])
  #expect(found == [5, 4, 5, 6, 5, 2, 1, 2, 3, 2, 5, 4, 5, 6, 5, 2, 1, 2, 3, 2])
  #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [1, 2, 2], layers: [try ReflectionPadding("n/l", extent: 2)])
  }
  #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [4], layers: [try ReflectionPadding("n/l", extent: 1)])
  }
}

@Test func noiseByDropoutGoesOnInSampling() throws {
  let ones = Array(repeating: 1.0, count: 100)
  let noise = try apply(try Dropout("l", probability: 0.5, isNoise: true), ones, [10, 10], mode: .sampling)
  #expect(Set(noise) == [0, 2])
}

@Test func aMissingConditionIsNamed() throws {
  let error = #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [2, 4, 4], layers: [FadeIn("n/fade", old: [], new: [])])
  }
  #expect(error?.description.contains("alpha") == true)
  #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [2, 4, 4], layers: [try AdaIN("n/a", channels: 2, style: 3)])
  }
  #expect(throws: TensorError.self) {
    try Network(name: "n", inputShape: [2, 4, 4], layers: [ImageCondition("n/a")])
  }
}
