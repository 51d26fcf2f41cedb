import Networks
import Tensors
import Testing

private let scale = [1.5, -0.5, 2]
private let offset = [0.1, 0.2, -0.3]
private let runningMean = [0.3, -0.2, 0.7]
private let runningVariance = [0.5, 2, 1.5]
private let state = [
  "norm/scale": scale, "norm/offset": offset, "norm/running_mean": runningMean,
  "norm/running_variance": runningVariance,
]
private let x = numbers(4 * 3 * 2 * 2)

/// The channel of an element of `[4, 3, 2, 2]` or of `[16, 3]`.
private func channel(_ index: Int, _ shape: Shape) -> Int { shape.rank == 4 ? index / 4 % 3 : index % 3 }

private func moments(_ shape: Shape) -> (mean: [Double], variance: [Double]) {
  var (mean, variance) = ([0.0, 0, 0], [0.0, 0, 0])
  for i in x.indices { mean[channel(i, shape)] += x[i] / 16 }
  for i in x.indices {
    let distance = x[i] - mean[channel(i, shape)]
    variance[channel(i, shape)] += distance * distance / 16
  }
  return (mean, variance)
}

private func apply(_ mode: ForwardPass.Mode, _ shape: Shape) throws -> [[Double]] {
  let layer = try BatchNorm("norm", channels: 3, dtype: .f64)
  var pass = ForwardPass(mode: mode, collectsStatistics: true)
  let y = layer(Input(name: "x", shape: shape, dtype: .f64).value, in: &pass)
  #expect(pass.statistics.isEmpty == (mode == .sampling))
  return try evaluate([y] + pass.statistics.map(\.value), inputs: ["x": x], variables: state)
}

@Test(arguments: [[4, 3, 2, 2], [16, 3]] as [Shape])
func trainingNormalizesByTheBatch(shape: Shape) throws {
  let (mean, variance) = moments(shape)
  let found = try apply(.training, shape)
  let expected = x.indices.map { index -> Double in
    let c = channel(index, shape)
    return scale[c] * (x[index] - mean[c]) / (variance[c] + 1e-5).squareRoot() + offset[c]
  }
  #expect(agree(found[0], expected))
  // The running variance takes the unbiased one, as PyTorch's does.
  let movedMean = (0..<3).map { (c: Int) -> Double in 0.9 * runningMean[c] + 0.1 * mean[c] }
  #expect(agree(found[1], movedMean))
  let unbiased = variance.map { $0 * 16 / 15 }
  let movedVariance = (0..<3).map { (c: Int) -> Double in 0.9 * runningVariance[c] + 0.1 * unbiased[c] }
  #expect(agree(found[2], movedVariance))
}

@Test(arguments: [[4, 3, 2, 2], [16, 3]] as [Shape])
func samplingNormalizesByTheRunningStatistics(shape: Shape) throws {
  let found = try apply(.sampling, shape)
  let expected = x.indices.map { index -> Double in
    let c = channel(index, shape)
    return scale[c] * (x[index] - runningMean[c]) / (runningVariance[c] + 1e-5).squareRoot() + offset[c]
  }
  #expect(found.count == 1)
  #expect(agree(found[0], expected))
}

@Test func aPassThatDoesNotCollectLeavesNoTrace() throws {
  let layer = try BatchNorm("norm", channels: 3)
  var pass = ForwardPass(mode: .training)
  let y = layer(Input(name: "x", shape: [16, 3]).value, in: &pass)
  #expect(pass.statistics.isEmpty)
  var program = Program(name: "pass")
  program.output("y", y)
  #expect(program.variables.map(\.name) == ["norm/offset", "norm/scale"])
}

@Test func aBatchOfOneStaysFinite() throws {
  let layer = try BatchNorm("norm", channels: 3, dtype: .f64)
  var pass = ForwardPass(mode: .training, collectsStatistics: true)
  let y = layer(Input(name: "x", shape: [1, 3], dtype: .f64).value, in: &pass)
  let found = try evaluate([y] + pass.statistics.map(\.value), inputs: ["x": [5, 6, 7]], variables: state)
  #expect(agree(found[0], offset))
  #expect(agree(found[2], runningVariance.map { 0.9 * $0 }))
}

@Test func aSecondPassContinuesTheFirstsStatistics() throws {
  let layer = try BatchNorm("d/norm", channels: 1, dtype: .f64)
  let network = try Network(name: "d", inputShape: [1], inputType: .f64, layers: [layer])
  let first = network.apply(Tensor([0, 2], shape: [2, 1], dtype: .f64), mode: .training, collecting: true)
  let second = network.apply(
    Tensor([4, 8], shape: [2, 1], dtype: .f64), substituting: [Variable: Tensor](first.statistics), mode: .training,
    collecting: true)
  let found = try evaluate(second.statistics.map(\.value))
  // From 0 and 1: first with mean 1 and unbiased variance 2, then with 6 and 8.
  #expect(agree(found[0], [0.69]))
  #expect(agree(found[1], [1.79]))
}

@Test func noGradientFlowsIntoStatistics() throws {
  let layer = try BatchNorm("norm", channels: 3, dtype: .f64)
  var pass = ForwardPass(mode: .training, collectsStatistics: true)
  let input = Input(name: "x", shape: [16, 3], dtype: .f64).value
  _ = layer(input, in: &pass)
  let slope = gradients(of: pass.statistics[0].value.sum(), withRespectTo: [input])[0]
  let found = try evaluate([slope, input.sum()], inputs: ["x": x])
  #expect(found[0].allSatisfy { $0 == 0 })
}
