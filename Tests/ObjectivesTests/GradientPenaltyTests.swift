import Execution
import Objectives
import Tensors
import Testing

/// D(x) = w·x² summed over the sample: ∇D = 2·w·x.
private let weight = Variable(name: "w", shape: [3], dtype: .f64, fill: 0)
private let weights = [0.5, -1.5, 2]
private func critic(_ x: Tensor) -> Tensor { (x.square() * weight.value).sum(axes: [1], keepingAxes: true) }

@Test func penaltyIsItsFormula() throws {
  let points = numbers(15)
  let x = Input(name: "points", shape: [5, 3], dtype: .f64).value
  let penalty = gradientPenalty(critic: critic, at: x, weight: Tensor(10, dtype: .f64))
  let values = try evaluate([penalty.loss, penalty.meanNorm], inputs: ["points": points], variables: ["w": weights])

  func loss(_ w: [Double]) -> (loss: Double, norm: Double) {
    var (sum, norms) = (0.0, 0.0)
    for row in 0..<5 {
      var square = 0.0
      for i in 0..<3 { square += (2 * w[i] * points[row * 3 + i]) * (2 * w[i] * points[row * 3 + i]) }
      norms += square.squareRoot()
      sum += (square.squareRoot() - 1) * (square.squareRoot() - 1)
    }
    return (10 * sum / 5, norms / 5)
  }
  #expect(agree(values[0] + values[1], [loss(weights).loss, loss(weights).norm]))
}

@Test func penaltyMovesTheCritic() throws {
  let points = numbers(15)
  let x = Input(name: "points", shape: [5, 3], dtype: .f64).value
  let w = weight.value
  let penalty = gradientPenalty(
    critic: { ($0.square() * w).sum(axes: [1]) }, at: x, weight: Tensor(10, dtype: .f64), target: 0.5)
  let slope = gradients(of: penalty.loss, withRespectTo: [w])[0]
  func run(_ tensor: Tensor, _ w: [Double]) throws -> [Double] {
    try evaluate(tensor, inputs: ["points": points], variables: ["w": w])
  }
  let found = try run(slope, weights)
  for i in 0..<3 {
    var (up, down) = (weights, weights)
    up[i] += 1e-5
    down[i] -= 1e-5
    let expected = try (run(penalty.loss, up)[0] - run(penalty.loss, down)[0]) / 2e-5
    #expect(agree([found[i]], [expected], 1e-7))
  }
}

@Test(arguments: [(DType.f64, false), (.f32, false), (.f32, true)])
func penaltyOfAFlatCriticHasNoGradientAndIsFinite(type: DType, isFast: Bool) throws {
  let flat = Variable(name: "flat", shape: [2, 1], dtype: type, fill: 0)
  let w = flat.value
  let x = Tensor(numbers(8), shape: [4, 2], dtype: type)
  let penalty = gradientPenalty(critic: { $0.matmul(w) }, at: x, weight: Tensor(10, dtype: type))
  let slope = gradients(of: penalty.loss, withRespectTo: [w])[0]
  let values = try evaluate([penalty.loss, slope], on: isFast ? CPUBackend() : ReferenceBackend())
  #expect(agree(values[0], [10], 1e-6))
  #expect(values[1] == [0, 0])
}

@Test func pointsLieBetweenDataAndSamplesOneShareASample() throws {
  let real = Tensor.filled(1, shape: [200, 1, 2, 2], dtype: .f64)
  let fake = Tensor.filled(3, shape: [200, 1, 2, 2], dtype: .f64)
  var seen: Tensor?
  let penalty = gradientPenalty(
    critic: {
      seen = $0
      return $0.square().sum(axes: [1, 2, 3])
    }, real: real, fake: fake, weight: Tensor(1, dtype: .f64), stream: "penalty")
  let points = try #require(seen)
  let values = try evaluate([points, penalty.meanNorm])
  var shares: [Double] = []
  for sample in 0..<200 {
    let pixels = values[0][sample * 4..<sample * 4 + 4]
    #expect(Set(pixels).count == 1)
    shares.append((3 - (pixels.first ?? 0)) / 2)
  }
  #expect(shares.allSatisfy { $0 >= 0 && $0 < 1 })
  #expect(abs(shares.reduce(0, +) / 200 - 0.5) < 0.08)
  #expect(Set(shares).count > 190)
  // ‖∇ Σ x²‖ = 2·2·x for four equal pixels.
  #expect(agree(values[1], [shares.map { 4 * (3 - 2 * $0) }.reduce(0, +) / 200]))
}

@Test func penaltyReachesNoGenerator() throws {
  let g = Variable(name: "g", shape: [2], dtype: .f64, fill: 1).value
  let fake = Tensor(numbers(8), shape: [4, 2], dtype: .f64) * g
  let penalty = gradientPenalty(
    critic: squares, real: Tensor(numbers(8, stream: "x"), shape: [4, 2], dtype: .f64), fake: fake,
    weight: Tensor(1, dtype: .f64), stream: "penalty")
  let slope = try evaluate(gradients(of: penalty.loss, withRespectTo: [g])[0])
  #expect(slope == [0, 0])
}

private func squares(_ x: Tensor) -> Tensor { x.square().sum(axes: [1]) }
