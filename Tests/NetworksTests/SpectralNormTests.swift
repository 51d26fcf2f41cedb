import Networks
import Tensors
import Testing

/// diag(3, 2, 1) between two rotations, `[input, output]`.
private let weight = [
  1.732_050_807_568_877_2, 1.732_050_807_568_877_2, 1, -1.732_050_807_568_877_2, 1, 0, 0.5, 0.5,
  -0.866_025_403_784_438_6,
]

private func dense(_ spectral: SpectralNorm? = SpectralNorm()) throws -> Dense {
  try Dense("layer", input: 3, output: 3, bias: false, spectral: spectral, dtype: .f64)
}

/// The rows of W/σ, and the statistics that the pass leaves.
private func pass(
  _ mode: ForwardPass.Mode, u: [Double], weight: [Double] = weight, iterations: Int = 1, collecting: Bool = true
) throws -> (weight: [Double], u: [Double]?) {
  let layer = try dense(SpectralNorm(iterations: iterations))
  var pass = ForwardPass(mode: mode, collectsStatistics: collecting)
  let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3], dtype: .f64)
  let y = layer(identity, in: &pass)
  let found = try evaluate(
    [y] + pass.statistics.map(\.value), variables: ["layer/weight": weight, "layer/weight_u": u])
  return (found[0], found.count > 1 ? found[1] : nil)
}

@Test func theVectorIsAStatisticOfUnitLength() throws {
  let layer = try dense()
  #expect(layer.parameters.map(\.name) == ["layer/weight"])
  #expect(layer.statistics.map(\.name) == ["layer/weight_u"])
  let (first, other) = (layer.statistics[0].initial(1), layer.statistics[0].initial(2))
  #expect(abs(first.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
  #expect(first == layer.statistics[0].initial(1))
  #expect(first != other)
  let plain = try dense(nil)
  #expect(plain.statistics.isEmpty)
  let table = try Embedding("e", count: 4, dimension: 2, spectral: SpectralNorm())
  #expect(table.statistics.map(\.name) == ["e/table_u"])
  #expect(table.statistics[0].shape == [4])
  // Rows are outputs, wherever the layout has them.
  let up = try TransposedConvolution2D("t", input: 2, output: 5, kernel: 3, spectral: SpectralNorm())
  #expect(up.statistics[0].shape == [5])
}

@Test func passesConvergeToTheLargestSingularValue() throws {
  var u = [0.6, 0, 0.8]
  var estimates: [Double] = []
  for _ in 0..<40 {
    let found = try pass(.training, u: u)
    estimates.append(weight[0] / found.weight[0])
    u = try #require(found.u)
    #expect(abs(u.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
  }
  // Each iteration is a better estimate from below.
  for (before, after) in zip(estimates, estimates.dropFirst()) { #expect(after >= before - 1e-12) }
  // The largest eigenvalue of WᵀW, by its characteristic polynomial, is that of the weight's singular value squared.
  let sigma = try #require(estimates.last)
  let gram = (0..<9).map { (entry: Int) -> Double in
    (0..<3).reduce(0) { $0 + weight[$1 * 3 + entry / 3] * weight[$1 * 3 + entry % 3] }
  }
  let shifted = gram.enumerated().map { $0.offset % 4 == 0 ? $0.element - sigma * sigma : $0.element }
  let determinant =
    shifted[0] * (shifted[4] * shifted[8] - shifted[5] * shifted[7])
    - shifted[1] * (shifted[3] * shifted[8] - shifted[5] * shifted[6])
    + shifted[2] * (shifted[3] * shifted[7] - shifted[4] * shifted[6])
  #expect(abs(determinant) < 1e-9)
  #expect(sigma * sigma > (gram[0] + gram[4] + gram[8]) / 3)

  // Several iterations in one pass are as many passes.
  let whole = try pass(.training, u: [0.6, 0, 0.8], iterations: 40)
  #expect(agree(try #require(whole.u), u))
  #expect(agree([weight[0] / whole.weight[0]], [sigma]))
}

@Test func samplingUsesTheStoredVectorAndLeavesIt() throws {
  let u = [0.6, 0, 0.8]
  let found = try pass(.sampling, u: u)
  #expect(found.u == nil)
  // σ = uᵀWv with v = Wᵀu/|Wᵀu| is |Wᵀu|; W as [output, input] is the transpose of what is stored.
  let product = (0..<3).map { (row: Int) -> Double in (0..<3).reduce(0) { $0 + weight[row * 3 + $1] * u[$1] } }
  let sigma = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
  #expect(agree(found.weight, weight.map { $0 / sigma }))
}

@Test func aPenaltysPassLeavesTheVector() throws {
  let found = try pass(.training, u: [0.6, 0, 0.8], collecting: false)
  let collected = try pass(.training, u: [0.6, 0, 0.8])
  #expect(found.u == nil)
  #expect(found.weight == collected.weight)
}

@Test func theSecondPassGoesOnFromTheFirst() throws {
  let layer = try Dense("d/dense", input: 3, output: 3, bias: false, spectral: SpectralNorm(), dtype: .f64)
  let network = try Network(name: "d", inputShape: [3], inputType: .f64, layers: [layer])
  let x = Tensor(numbers(6), shape: [2, 3], dtype: .f64)
  let first = network.apply(x, mode: .training, collecting: true)
  let second = network.apply(
    x, substituting: [Variable: Tensor](first.statistics), mode: .training, collecting: true)
  let state = ["d/dense/weight": weight, "d/dense/weight_u": [0.6, 0, 0.8]]
  let found = try evaluate(second.statistics.map(\.value), variables: state)
  let once = try #require(try pass(.training, u: [0.6, 0, 0.8]).u)
  let expected = try #require(try pass(.training, u: once).u)
  #expect(agree(found[0], expected))
}

@Test func aWeightOfZerosStaysZero() throws {
  for mode in [ForwardPass.Mode.training, .sampling] {
    let found = try pass(mode, u: [0.6, 0, 0.8], weight: Array(repeating: 0, count: 9))
    #expect(found.weight.allSatisfy { $0 == 0 })
  }
}

@Test func noIterationsAreRefused() {
  #expect(throws: NetworkError.extentNotPositive(layer: "layer", extent: "power iterations", value: 0)) {
    try dense(SpectralNorm(iterations: 0))
  }
}
