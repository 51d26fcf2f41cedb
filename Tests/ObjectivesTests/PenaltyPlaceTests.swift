import Execution
import Objectives
import Tensors
import Testing

private func cubes(_ x: Tensor) -> Tensor { x.flattened().power(3).sum(axes: [1], keepingAxes: true) }

private let named: [GradientPenalty] = [.oneCentred, .zeroCentred, .lipschitz, .r1, .r2, .dragan]

/// The points a penalty takes, and its loss and mean norm, of data in 1 ... 2 and samples in 3 ... 4.
private func penalize(
  _ penalty: GradientPenalty, batch: Int = 50
) throws -> (points: [Double], real: [Double], fake: [Double], loss: Double, norm: Double) {
  let shape: Shape = [batch, 1, 2, 2]
  let real = numbers(batch * 4, stream: "real").map { 1.5 + $0 / 4 }
  let fake = numbers(batch * 4, stream: "fake").map { 3.5 + $0 / 4 }
  var seen: Tensor?
  let result = penalty(
    critic: {
      seen = $0
      return cubes($0)
    }, real: Tensor(real, shape: shape, dtype: .f64), fake: Tensor(fake, shape: shape, dtype: .f64),
    weight: Tensor(10, dtype: .f64), stream: "penalty")
  let values = try evaluate([try #require(seen), result.loss, result.meanNorm])
  return (values[0], real, fake, values[1][0], values[2][0])
}

@Test(arguments: named.indices)
func namedPenaltiesAreTheirFormulas(index: Int) throws {
  let penalty = named[index]
  for batch in [50, 1] {
    let found = try penalize(penalty, batch: batch)
    var (sum, norms) = (0.0, 0.0)
    for sample in 0..<batch {
      let slope = found.points[sample * 4..<sample * 4 + 4].map { 3 * $0 * $0 }
      let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      norms += norm
      switch penalty {
      case .oneCentred, .dragan: sum += (norm - 1) * (norm - 1)
      case .zeroCentred: sum += norm * norm
      case .lipschitz: sum += max(0, norm - 1) * max(0, norm - 1)
      default: sum += norm * norm / 2
      }
    }
    #expect(agree([found.loss, found.norm], [10 * sum / Double(batch), norms / Double(batch)]))
  }
}

@Test func pointsAreWhereTheirPlaceSays() throws {
  let r1 = try penalize(.r1)
  #expect(r1.points == r1.real)
  let r2 = try penalize(.r2)
  #expect(r2.points == r2.fake)
  let between = try penalize(.lipschitz)
  for index in between.points.indices {
    #expect(between.points[index] >= between.real[index] - 1e-12 && between.points[index] <= between.fake[index])
  }
  let around = try penalize(.dragan)
  let count = Double(around.real.count)
  let mean = around.real.reduce(0, +) / count
  let deviation = (around.real.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  let moves = zip(around.points, around.real).map { ($0 - $1) / (0.5 * deviation) }
  let areInside = moves.allSatisfy { $0 >= -1e-12 && $0 < 1 }
  #expect(areInside)
  // α·u, both uniform: a mean of ¼ and a variance of 1/9 − 1/16, of samples that share α.
  #expect(abs(moves.reduce(0, +) / count - 0.25) < 5 * (0.0486 / 50).squareRoot())
  #expect(Set(moves).count > 190)
}

/// The penalty before it had places and shapes, operation by operation: runs of old configurations keep their bits.
@Test(arguments: [false, true], [1.0, 0.5])
func theOneCentredPenaltyKeepsItsBits(isFast: Bool, target: Double) throws {
  let x = Tensor(numbers(12), shape: [4, 3])
  let y = Tensor(numbers(12, stream: "fake"), shape: [4, 3])
  let share = Tensor.randomUniform([4, 1], stream: "p")
  let points = (share * x + (1 - share) * y).detached
  let slope = gradients(of: cubes(points).sum(), withRespectTo: [points])[0]
  let norm = slope.flattened().square().sum(axes: [1]).maximum(Tensor(1e-30)).sqrt()
  let expected = [10 * (norm - target).square().mean(), norm.mean()]
  let found = gradientPenalty(critic: cubes, real: x, fake: y, weight: Tensor(10), target: target, stream: "p")
  let backend: any Backend = isFast ? CPUBackend() : ReferenceBackend()
  let old = try evaluate(expected, on: backend)
  let new = try evaluate([found.loss, found.meanNorm], on: backend)
  #expect(old == new)
}

@Test(arguments: named.indices, [(DType.f64, false), (.f32, false), (.f32, true)])
func penaltiesOfAFlatCriticHaveNoGradientAndAreFinite(index: Int, arena: (type: DType, isFast: Bool)) throws {
  let w = Variable(name: "flat", shape: [2, 1], dtype: arena.type, fill: 0).value
  let x = Tensor(numbers(8), shape: [4, 2], dtype: arena.type)
  let penalty = named[index](
    critic: { $0.matmul(w) }, real: x, fake: x, weight: Tensor(10, dtype: arena.type), stream: "penalty")
  let slope = gradients(of: penalty.loss, withRespectTo: [w])[0]
  let values = try evaluate([penalty.loss, slope], on: arena.isFast ? CPUBackend() : ReferenceBackend())
  let expected = named[index].shape == .centred(at: 1) ? 10.0 : 0
  #expect(agree(values[0], [expected], 1e-6))
  #expect(values[1] == [0, 0])
}

@Test(arguments: named.indices)
func noPenaltyReachesTheGenerator(index: Int) throws {
  let g = Variable(name: "g", shape: [2], dtype: .f64, fill: 1).value
  let x = Tensor(numbers(8), shape: [4, 2], dtype: .f64) * g
  let penalty = named[index](
    critic: cubes, real: x, fake: x, weight: Tensor(1, dtype: .f64), stream: "penalty")
  let slope = try evaluate(gradients(of: penalty.loss, withRespectTo: [g])[0])
  #expect(slope == [0, 0])
}
