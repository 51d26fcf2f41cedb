import Execution
import Tensors
import Testing

/// What the gradient driver computes beyond single operations.
@Suite struct GradientTests {
  private func vector(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count], dtype: .f64) }

  @Test func sharedSubexpressionsAccumulate() throws {
    let x = vector([2, -3])
    let square = x * x
    let loss = (square * square + square * x + square).sum()
    // 4x³ + 3x² + 2x
    #expect(try evaluate(gradients(of: loss, withRespectTo: [x])[0])[0] == [48, -87])
  }

  @Test func detachedFactorsAreConstants() throws {
    let x = vector([2, -3])
    let found = gradients(of: (x.square().detached * x).sum(), withRespectTo: [x])[0]
    #expect(try evaluate(found)[0] == [4, 9])
    #expect(try evaluate(x.square().detached)[0] == [4, 9])
  }

  @Test func unreachableTargetsGetZeros() throws {
    let (x, y) = (vector([1, 2]), vector([3, 4]))
    let found = gradients(of: (x.square() + (y .> x).cast(to: .f64)).sum(), withRespectTo: [x, y])
    #expect(try evaluate(found[0], found[1]) == [[2, 4], [0, 0]])
  }

  @Test func targetsMayLieBehindEachOther() throws {
    let x = vector([0.5, 1])
    let hidden = x * 3
    let found = gradients(of: (hidden.square() + x).sum(), withRespectTo: [x, hidden, x])
    #expect(try evaluate(found[0], found[1], found[2]) == [[10, 19], [3, 6], [10, 19]])
  }

  @Test func tiesShareTheGradient() throws {
    let (a, b) = (vector([1, 1, 2]), vector([1, 2, 1]))
    let maximum = gradients(of: a.maximum(b).sum(), withRespectTo: [a, b])
    #expect(try evaluate(maximum[0], maximum[1]) == [[0.5, 0, 1], [0.5, 1, 0]])
    let minimum = gradients(of: a.minimum(b).sum(), withRespectTo: [a, b])
    #expect(try evaluate(minimum[0], minimum[1]) == [[0.5, 1, 0], [0.5, 0, 1]])
    let x = vector([3, 1, 3, 2])
    #expect(try evaluate(gradients(of: x.max(), withRespectTo: [x])[0])[0] == [0.5, 0, 0.5, 0])
  }

  @Test func derivativesAtKinks() throws {
    let x = vector([0])
    let functions: [(Tensor) -> Tensor] = [
      { $0.relu() }, { $0.leakyRelu(slope: 0.1) }, { $0.abs() }, { $0.elu() }, { $0.step() },
    ]
    let found = try functions.map { try evaluate(gradients(of: $0(x).sum(), withRespectTo: [x])[0])[0][0] }
    #expect(found == [0, 0.1, 0, 0.5, 0])
  }

  @Test func thirdDerivatives() throws {
    let x = vector([0.7])
    var value = x.power(5).sum()
    for expected in [5 * 0.7 * 0.7 * 0.7 * 0.7, 20 * 0.7 * 0.7 * 0.7, 60 * 0.7 * 0.7, 120 * 0.7, 120, 0] {
      value = gradients(of: value, withRespectTo: [x])[0].sum()
      expectClose(try evaluate(value)[0], [expected], tolerance: 1e-14, "the derivative \(expected)")
    }
  }

  @Test func vectorJacobianProductsSumOverOutputs() throws {
    let x = vector([1, 2])
    let (a, b) = (x.square(), x.sum())
    let found = vectorJacobianProducts(
      of: [a, b, a], with: [vector([1, 10]), Tensor(5, dtype: .f64), vector([100, 0])], withRespectTo: [x])[0]
    #expect(try evaluate(found)[0] == [207, 45])
  }

  /// A Jacobian-vector product by two vector-Jacobian products: the first is linear in its vector.
  @Test func jacobianVectorProductsByTwoProducts() throws {
    let x = vector([0.3, -1.2])
    let output = (x * x.sum()).exp()
    let dummy = vector([0, 0])
    let product = vectorJacobianProducts(of: [output], with: [dummy], withRespectTo: [x])[0]
    let direction = vector([0.5, 2])
    let found = vectorJacobianProducts(of: [product], with: [direction], withRespectTo: [dummy])[0]
    let (a, b) = (0.3, -1.2)
    let sum = a + b
    // d(x_i s) = v_i s + x_i (v_1 + v_2)
    let expected = [(a * sum).exp * (0.5 * sum + a * 2.5), (b * sum).exp * (2 * sum + b * 2.5)]
    expectClose(try evaluate(found)[0], expected, tolerance: 1e-14, "J v")
  }

  @Test func mixedTypes() throws {
    let x = Tensor([0.1, 0.2], shape: [2])
    let loss = (x.cast(to: .f64) * Tensor([3, 4], shape: [2], dtype: .f64)).sum()
    let found = gradients(of: loss, withRespectTo: [x])[0]
    #expect(found.dtype == .f32)
    #expect(try evaluate(found)[0] == [3, 4])
  }

  @Test func allReadsOfAVariableAreOneTarget() throws {
    let variable = Variable(name: "v", shape: [2], dtype: .f64) { _ in [2, 3] }
    let loss = (variable.value * variable.value.square()).sum()
    var program = Program(name: "p")
    for (index, gradient) in gradients(of: loss, withRespectTo: [variable.value, variable.value]).enumerated() {
      program.output("\(index)", gradient)
    }
    #expect(try Evaluation(program)() == ["0": [12, 27], "1": [12, 27]])
  }
}
