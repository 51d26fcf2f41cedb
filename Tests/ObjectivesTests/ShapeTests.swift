import Objectives
import Tensors
import Testing

private func zeros(_ shape: Shape) -> Tensor { .filled(0, shape: shape, dtype: .f64) }

/// Operands that broadcast, and so would give a wrong loss in silence.
@Test func operandsOfDifferentShapesAreRefused() {
  #expect(throws: TensorError.self) { try trace { meanAbsoluteError(zeros([2, 3, 4, 4]), zeros([2, 1, 4, 4])) } }
  #expect(throws: TensorError.self) { try trace { meanAbsoluteError(zeros([1, 2]), zeros([2, 1])) } }
  #expect(throws: TensorError.self) { try trace { softmaxCrossEntropy(logits: zeros([4, 3]), classes: zeros([3])) } }
  #expect(throws: TensorError.self) {
    try trace { gaussianNegativeLogLikelihood(zeros([4, 1]), mean: zeros([4, 2])) }
  }
  #expect(throws: TensorError.self) { try trace { featureMatching(real: zeros([4, 3]), fake: zeros([4, 1])) } }
  #expect(throws: TensorError.self) { try trace { orthogonalPenalty(of: [zeros([3])], weight: Tensor(1)) } }
}

@Test func aBatchOfOneIsABatch() throws {
  let one = Tensor([0.5, -1, 2], shape: [1, 3], dtype: .f64)
  let class2 = Tensor([0, 0, 1], shape: [1, 3], dtype: .f64)
  let values = try evaluate([
    softmaxCrossEntropy(logits: one, classes: class2), featureMatching(real: one, fake: class2),
    gaussianNegativeLogLikelihood(one, mean: one), meanAbsoluteError(one, class2),
  ])
  let sum = exponential(0.5) + exponential(-1) + exponential(2)
  let pi2 = 1.837_877_066_409_345_3
  #expect(
    agree(values.flatMap { $0 }, [logarithmOfSum(sum, 0) - 2, 0.25 + 1 + 1, 1.5 * pi2, 2.5 / 3]), "\(values)")
}

@Test func extremeLogitsStayFinite() throws {
  let logits = Tensor([1e4, -1e4, 0, -1e4, 1e4, 0], shape: [2, 3], dtype: .f32)
  let classes = Tensor([0, 1, 0, 0, 1, 0], shape: [2, 3], dtype: .f32)
  let loss = softmaxCrossEntropy(logits: logits, classes: classes)
  let values = try evaluate([loss, gradients(of: loss, withRespectTo: [logits])[0]])
  #expect(agree(values[0], [1e4]))
  #expect(agree(values[1], [0.5, -0.5, 0, 0, 0, 0]))
}

@Test func penaltiesOfNoWeightsAreZero() throws {
  let weight = Tensor(1, dtype: .f64)
  let values = try evaluate([
    l1Penalty(of: [], weight: weight), l2Penalty(of: [], weight: weight), orthogonalPenalty(of: [], weight: weight),
    l1Penalty(of: [zeros([2])], weight: weight),
    gradients(of: l1Penalty(of: [zeros([2])], weight: weight), withRespectTo: [weight])[0],
  ])
  #expect(values == [[0], [0], [0], [0], [0]])
}

@Test func weightsAreWhatHasTwoAxes() {
  let parameters = [
    Variable(name: "dense/weight", shape: [2, 3], fill: 0), Variable(name: "dense/bias", shape: [3], fill: 0),
    Variable(name: "kernel", shape: [3, 2, 1, 1], fill: 0), Variable(name: "gain", shape: .scalar, fill: 0),
  ]
  #expect(weights(among: parameters).map(\.name) == ["dense/weight", "kernel"])
}

/// The relaxed form asks for right angles only, the full one for unit length too.
@Test func orthogonalFiltersAreFree() throws {
  let matrix = Tensor([2, 0, 0, 0, 3, 0], shape: [2, 3], dtype: .f64)
  let weight = Tensor(1, dtype: .f64)
  let values = try evaluate([
    orthogonalPenalty(of: [matrix], weight: weight),
    orthogonalPenalty(of: [matrix], form: .full, weight: weight),
  ])
  #expect(values == [[0], [9 + 64]])
}
