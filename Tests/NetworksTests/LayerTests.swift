import Networks
import Tensors
import Testing

/// A layer applied alone, in f64.
private func apply(
  _ layer: any Layer, _ values: [Double], _ shape: Shape, mode: ForwardPass.Mode = .training,
  variables: [String: [Double]] = [:], stream: String = "", counter: UInt64 = 1
) throws -> [Double] {
  var pass = ForwardPass(mode: mode, streamPrefix: stream)
  let x = Input(name: "x", shape: shape, dtype: .f64).value
  return try evaluate(layer(x, in: &pass), inputs: ["x": values], variables: variables, counter: counter)
}

@Test func denseIsAnAffineMap() throws {
  let layer = try Dense("layer", input: 3, output: 2, dtype: .f64)
  #expect(layer.parameters.map(\.name) == ["layer/weight", "layer/bias"])
  #expect(layer.weight.shape == [3, 2])
  let found = try apply(
    layer, [1, 2, 3, -1, 0, 1], [2, 3],
    variables: ["layer/weight": [1, 2, 3, 4, 5, 6], "layer/bias": [10, -10]])
  #expect(found == [32, 18, 14, -6])
  let plain = try Dense("plain", input: 3, output: 2, bias: false)
  #expect(plain.parameters.map(\.name) == ["plain/weight"])
}

@Test func convolutionIsItsSum() throws {
  let geometry = ConvolutionGeometry(stride: 2, padding: 1, groups: 2)
  let layer = try Convolution2D("layer", input: 2, output: 4, kernel: 3, geometry: geometry, dtype: .f64)
  #expect(layer.weight.shape == [4, 1, 3, 3])
  let (x, w, b) = (numbers(2 * 2 * 5 * 5), numbers(4 * 9, stream: "w"), numbers(4, stream: "b"))
  let found = try apply(layer, x, [2, 2, 5, 5], variables: ["layer/weight": w, "layer/bias": b])
  var expected: [Double] = []
  for n in 0..<2 {
    for out in 0..<4 {
      for row in 0..<3 {
        for column in 0..<3 {
          var sum = b[out]
          for i in 0..<3 {
            for j in 0..<3 {
              let (y, z) = (2 * row + i - 1, 2 * column + j - 1)
              guard (0..<5).contains(y), (0..<5).contains(z) else { continue }
              sum += w[out * 9 + i * 3 + j] * x[((n * 2 + out / 2) * 5 + y) * 5 + z]
            }
          }
          expected.append(sum)
        }
      }
    }
  }
  #expect(agree(found, expected))
}

@Test func transposedConvolutionSpreadsItsInput() throws {
  let geometry = ConvolutionGeometry(stride: 2, padding: 1)
  let layer = try TransposedConvolution2D("layer", input: 3, output: 2, kernel: 4, geometry: geometry, dtype: .f64)
  #expect(layer.weight.shape == [3, 2, 4, 4])
  let (x, w, b) = (numbers(3 * 3 * 3), numbers(3 * 2 * 16, stream: "w"), numbers(2, stream: "b"))
  let found = try apply(layer, x, [1, 3, 3, 3], variables: ["layer/weight": w, "layer/bias": b])
  var expected = (0..<72).map { b[$0 / 36] }
  for input in 0..<3 {
    for output in 0..<2 {
      for row in 0..<3 {
        for column in 0..<3 {
          for i in 0..<4 {
            for j in 0..<4 {
              let (y, z) = (2 * row + i - 1, 2 * column + j - 1)
              guard (0..<6).contains(y), (0..<6).contains(z) else { continue }
              expected[(output * 6 + y) * 6 + z] +=
                x[(input * 3 + row) * 3 + column] * w[((input * 2 + output) * 4 + i) * 4 + j]
            }
          }
        }
      }
    }
  }
  #expect(agree(found, expected))
}

/// Mean and biased variance of the elements that `group` puts together.
private func moments(_ x: [Double], _ group: (Int) -> Int) -> [Int: (mean: Double, variance: Double)] {
  Dictionary(grouping: x.indices, by: group).mapValues { indices in
    let mean = indices.reduce(0) { $0 + x[$1] } / Double(indices.count)
    return (mean, indices.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(indices.count))
  }
}

/// (x − μ)/√(σ² + 10⁻⁵), then an affine map.
private func normalized(
  _ x: [Double], _ group: (Int) -> Int, scale: (Int) -> Double, offset: (Int) -> Double
) -> [Double] {
  let moments = moments(x, group)
  return x.indices.map {
    let (mean, variance) = moments[group($0)] ?? (0, 0)
    return scale($0) * (x[$0] - mean) / (variance + 1e-5).squareRoot() + offset($0)
  }
}

@Test func layerNormTakesEachSampleByItself() throws {
  let x = numbers(4 * 6)
  let (scale, offset) = (numbers(6, stream: "scale"), numbers(6, stream: "offset"))
  let vectors = try LayerNorm("norm", shape: [6], dtype: .f64)
  let found = try apply(vectors, x, [4, 6], variables: ["norm/scale": scale, "norm/offset": offset])
  #expect(agree(found, normalized(x, { $0 / 6 }, scale: { scale[$0 % 6] }, offset: { offset[$0 % 6] })))

  let images = try LayerNorm("norm", shape: [3, 2, 2], isChannelwise: true, dtype: .f64)
  #expect(images.scale.shape == [3, 1, 1])
  let affine = ["norm/scale": Array(scale[..<3]), "norm/offset": Array(offset[..<3])]
  let channelwise = try apply(images, x, [2, 3, 2, 2], variables: affine)
  let channel = { (index: Int) in index / 4 % 3 }
  #expect(
    agree(channelwise, normalized(x, { $0 / 12 }, scale: { scale[channel($0)] }, offset: { offset[channel($0)] })))
}

@Test func instanceNormTakesEachChannelByItself() throws {
  let x = numbers(2 * 3 * 4)
  let (scale, offset) = (numbers(3, stream: "scale"), numbers(3, stream: "offset"))
  let layer = try InstanceNorm("norm", channels: 3, dtype: .f64)
  let found = try apply(layer, x, [2, 3, 2, 2], variables: ["norm/scale": scale, "norm/offset": offset])
  let channel = { (index: Int) in index / 4 % 3 }
  #expect(agree(found, normalized(x, { $0 / 4 }, scale: { scale[channel($0)] }, offset: { offset[channel($0)] })))
  let plain = try InstanceNorm("plain", channels: 3, isAffine: false, dtype: .f64)
  #expect(plain.parameters.isEmpty)
  let bare = try apply(plain, x, [2, 3, 2, 2])
  #expect(agree(bare, normalized(x, { $0 / 4 }, scale: { _ in 1 }, offset: { _ in 0 })))
}

@Test func dropoutDropsItsShareAndKeepsTheMean() throws {
  let count = 20_000
  let layer = try Dropout("drop", probability: 0.3)
  let ones = Array(repeating: 1.0, count: count)
  let found = try apply(layer, ones, [200, 100])
  #expect(Set(found).isSubset(of: [0, 1 / 0.7]))
  let dropped = Double(found.filter { $0 == 0 }.count) / Double(count)
  #expect(abs(dropped - 0.3) < 0.015)
  #expect(abs(found.reduce(0, +) / Double(count) - 1) < 0.02)

  let again = try apply(layer, ones, [200, 100])
  #expect(again == found)
  let next = try apply(layer, ones, [200, 100], counter: 2)
  #expect(next != found)
  let other = try apply(layer, ones, [200, 100], stream: "other pass")
  #expect(other != found)
  let sampling = try apply(layer, ones, [200, 100], mode: .sampling)
  #expect(sampling == ones)
}

@Test func embeddingLooksUpItsTable() throws {
  let layer = try Embedding("embedding", count: 3, dimension: 2, dtype: .f64)
  var pass = ForwardPass(mode: .training)
  let y = layer(Input(name: "classes", shape: [4], dtype: .i32).value, in: &pass)
  let found = try evaluate(
    y, inputs: ["classes": [2, 0, 2, 1]], variables: ["embedding/table": [1, 2, 3, 4, 5, 6]])
  #expect(found == [5, 6, 1, 2, 5, 6, 3, 4])
}

@Test(arguments: [
  (Activation.identity, [-1.0, 0, 2]), (.relu, [0, 0, 2]), (.leakyReLU(slope: 0.1), [-0.1, 0, 2]),
  (.tanh, [-0.761_594_155_955_765, 0, 0.964_027_580_075_817]),
  (.sigmoid, [0.268_941_421_369_995, 0.5, 0.880_797_077_977_882]), (.elu, [-0.632_120_558_828_558, 0, 2]),
  (.gelu, [-0.158_655_253_931_457, 0, 1.954_499_736_103_642]),
  (.softplus, [0.313_261_687_518_223, 0.693_147_180_559_945, 2.126_928_011_042_973]),
  (.sine, [-0.841_470_984_807_897, 0, 0.909_297_426_825_682]),
])
func activationsAreTheirFunctions(activation: Activation, expected: [Double]) throws {
  let found = try apply(ActivationLayer("activation", activation), [-1, 0, 2], [3])
  #expect(agree(found, expected, 1e-6))
}

@Test func flattenAndUnflattenAreInverse() throws {
  let x = numbers(24)
  var pass = ForwardPass(mode: .training)
  let images = Input(name: "x", shape: [2, 3, 2, 2], dtype: .f64).value
  let flat = Flatten("flat")(images, in: &pass)
  #expect(flat.shape == [2, 12])
  let back = Unflatten("back", shape: [3, 2, 2])(flat, in: &pass)
  #expect(back.shape == [2, 3, 2, 2])
  let found = try evaluate(back, inputs: ["x": x])
  #expect(found == x)
}

@Test func impossibleLayersAreRefused() {
  #expect(throws: NetworkError.extentNotPositive(layer: "d", extent: "input", value: 0)) {
    try Dense("d", input: 0, output: 1)
  }
  #expect(throws: NetworkError.dropoutOutOfRange(layer: "d", probability: 1)) { try Dropout("d", probability: 1) }
  #expect(throws: NetworkError.self) { try Dropout("d", probability: .nan) }
  #expect(throws: NetworkError.groupsDoNotDivide(layer: "c", groups: 2, input: 3, output: 4)) {
    try Convolution2D("c", input: 3, output: 4, kernel: 3, geometry: ConvolutionGeometry(groups: 2))
  }
  #expect(throws: NetworkError.extentNotPositive(layer: "c", extent: "groups", value: 0)) {
    try TransposedConvolution2D("c", input: 3, output: 4, kernel: 3, geometry: ConvolutionGeometry(groups: 0))
  }
  #expect(throws: NetworkError.extentNotPositive(layer: "b", extent: "channels", value: -1)) {
    try BatchNorm("b", channels: -1)
  }
}
