import Networks
import Tensors
import Testing

private func values(
  _ initializer: Initializer, _ shape: Shape, _ fan: Fan = Fan(input: 1, output: 1), name: String = "w"
) -> [Double] {
  initializer.variable(name, shape: shape, fan: fan, dtype: .f32).initial(3)
}

private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
}

@Test func constantsAreConstant() {
  #expect(values(.zeros, [2, 2]) == [0, 0, 0, 0])
  #expect(values(.ones, [3]) == [1, 1, 1])
  #expect(values(.constant(0.5), []) == [0.5])
}

/// Initializers of a `[200, 100]` variable with fans of 100 and 50: mean and variance of what they draw.
private let drawing: [(initializer: Initializer, mean: Double, variance: Double)] = [
  (.normal(mean: 1, deviation: 0.02), 1, 0.0004), (.normal(deviation: 2), 0, 4), (.uniform(bound: 3), 0, 3),
  (.xavierUniform(gain: 2), 0, 0.053_333_333), (.xavierNormal(), 0, 0.013_333_333), (.heUniform(), 0, 0.02),
  (.heNormal(), 0, 0.02), (.heNormal(gain: 3, negativeSlope: 0.2), 0, 0.173_076_923),
  (.heUniform(gain: 1, negativeSlope: 1), 0, 0.01), (.pytorchDefault, 0, 0.003_333_333),
]

@Test(arguments: drawing.indices)
func deviationsAreThePapers(index: Int) {
  let (initializer, mean, variance) = drawing[index]
  let deviation = variance.squareRoot()
  let found = moments(values(initializer, [200, 100], Fan(input: 100, output: 50)))
  // Four standard errors of 20,000 draws.
  #expect(abs(found.mean - mean) < 4 * deviation / 20_000.0.squareRoot())
  #expect(abs(found.deviation / deviation - 1) < 0.02)
}

@Test func uniformsStayWithinTheirBound() {
  let found = values(.xavierUniform(), [100, 60], Fan(input: 100, output: 60))
  let bound = (6.0 / 160).squareRoot()
  #expect(found.allSatisfy { abs($0) <= bound })
  #expect((found.max() ?? 0) > 0.99 * bound)
  #expect((found.min() ?? 0) < -0.99 * bound)
}

@Test(arguments: [[8, 8], [5, 12], [12, 5], [1, 6], [6, 1], [4, 3, 2, 2]] as [Shape])
func orthogonalMatricesAreOrthogonal(shape: Shape) {
  let found = values(.orthogonal(gain: 2), shape)
  let rows = shape[0]
  let columns = shape.count / rows
  func entry(_ row: Int, _ column: Int) -> Double { found[row * columns + column] }
  let isWide = columns >= rows
  let (count, length) = isWide ? (rows, columns) : (columns, rows)
  for a in 0..<count {
    for b in 0..<count {
      var product = 0.0
      for i in 0..<length { product += isWide ? entry(a, i) * entry(b, i) : entry(i, a) * entry(i, b) }
      let expected = a == b ? 4.0 : 0
      #expect(abs(product - expected) < 1e-12)
    }
  }
}

@Test func orthogonalMatricesHaveNoPreferredSign() {
  // The trace of a uniformly distributed orthogonal matrix has mean 0 and variance 1.
  let traces = (0..<200).map { index -> Double in
    let matrix = values(.orthogonal(), [5, 5], name: "matrix \(index)")
    return (0..<5).reduce(0) { $0 + matrix[$1 * 6] }
  }
  let found = moments(traces)
  #expect(abs(found.mean) < 0.3)
  #expect(abs(found.deviation - 1) < 0.25)
}

@Test func valuesDependOnSeedAndNameAlone() throws {
  func network(_ hidden: [Int]) throws -> Network {
    try .mlp(name: "g", input: [2], hidden: hidden, output: [2])
  }
  let (small, large) = (try network([8]), try network([8, 8]))
  #expect(small.parameters[0].initial(1) == large.parameters[0].initial(1))
  #expect(small.parameters[0].initial(1) != small.parameters[0].initial(2))
  let dense2 = try #require(large.parameters.first { $0.name == "g/dense2/weight" })
  let last = try #require(large.parameters.first { $0.name == "g/dense3/weight" })
  #expect(Array(dense2.initial(1).prefix(4)) != Array(last.initial(1).prefix(4)))
}

@Test func transposedConvolutionsCountWhatAnOutputSees() throws {
  let layer = try TransposedConvolution2D(
    "up", input: 64, output: 32, kernel: 4, geometry: ConvolutionGeometry(stride: 2, padding: 1),
    initializer: .heNormal())
  // Each output sees 2 × 2 of the 4 × 4 taps of 64 channels.
  let found = moments(layer.weight.initial(1))
  #expect(abs(found.deviation / (2.0 / 256).squareRoot() - 1) < 0.02)
}
