import Objectives
import Tensors
import Testing

/// A loss of a record's inputs.
private struct RecordedLoss {
  let name: String
  let loss: @Sendable (RecordedInputs) throws -> Tensor
  init(_ name: String, _ loss: @escaping @Sendable (RecordedInputs) throws -> Tensor) {
    self.name = name
    self.loss = loss
  }
}

private func scalar(_ value: Double) -> Tensor { Tensor(value, dtype: .f64) }

private func penalty(_ shape: PenaltyShape, _ x: RecordedInputs) -> Tensor {
  GradientPenalty(place: .data, shape: shape)(
    critic: { ($0.flattened().matmul(x["w1"]) + x["b1"]).tanh().matmul(x["w2"]) }, at: x["points"], weight: scalar(3.5)
  ).loss
}

private func weights(_ x: RecordedInputs) -> [Tensor] { [x["dense"], x["kernel"], x["transposed"]] }

private func rows(_ x: RecordedInputs) -> [Tensor] {
  [
    filters(of: x["dense"], outputAxis: 1), filters(of: x["kernel"], outputAxis: 0),
    filters(of: x["transposed"], outputAxis: 1),
  ]
}

private func smoothed(
  _ objective: any AdversarialObjective, _ real: Double, _ fake: Double, _ x: RecordedInputs
) throws -> Tensor {
  try SmoothedLabels(objective, real: real, fake: fake).discriminatorLoss(real: x["real"], fake: x["fake"]).total
}

private let twoTargets = LeastSquares(fake: -1, real: 3, target: 3)

private func judgement(_ side: String, _ x: RecordedInputs) -> AuxiliaryClassifier.Judgement {
  AuxiliaryClassifier.Judgement(score: x["\(side)Score"], logits: x["\(side)Logits"], classes: x["\(side)Classes"])
}

private let auxiliary = AuxiliaryClassifier(NonSaturating(), weight: scalar(0.7))

private func bidirectional(_ name: String, _ objective: any AdversarialObjective) -> RecordedLoss {
  RecordedLoss("bidirectional/\(name)") {
    objective.bidirectionalLoss(encoded: $0["encoded"], generated: $0["generated"])
  }
}

private let cycle = CycleConsistency(cycleWeight: scalar(10), identityWeight: scalar(5))

private func cycleLoss(_ from: String, _ to: String, _ x: RecordedInputs) -> Tensor {
  cycle.generatorLoss(
    score: x["score\(to)"], original: x[from.lowercased()], cycled: x["cycled\(from)"],
    identity: (x[to.lowercased()], x["same\(to)"])
  ).total
}

private let recorded = [
  RecordedLoss("penalty/one-centred") { penalty(.centred(at: 1), $0) },
  RecordedLoss("penalty/zero-centred") { penalty(.centred(at: 0), $0) },
  RecordedLoss("penalty/half-square") { penalty(.halfSquare, $0) },
  RecordedLoss("penalty/excess") { penalty(.excess, $0) },
  RecordedLoss("place/interpolated") { mixed(real: $0["real"], fake: $0["fake"], share: $0["share"]) },
  RecordedLoss("place/around-data") { perturbed($0["real"], noise: $0["noise"], share: $0["share"]) },
  RecordedLoss("weights/l1") { l1Penalty(of: weights($0), weight: scalar(0.3)) },
  RecordedLoss("weights/l2") { l2Penalty(of: weights($0), weight: scalar(0.3)) },
  RecordedLoss("orthogonal/relaxed") { orthogonalPenalty(of: rows($0), weight: scalar(0.01)) },
  RecordedLoss("orthogonal/full") { orthogonalPenalty(of: rows($0), form: .full, weight: scalar(0.01)) },
  RecordedLoss("orthogonal/more-filters-than-inputs") {
    orthogonalPenalty(of: [filters(of: $0["dense"], outputAxis: 1)], form: .full, weight: scalar(0.01))
  },
  RecordedLoss("drift") { driftPenalty(of: $0["score"], weight: scalar(0.001)) },
  RecordedLoss("feature-matching") { featureMatching(real: $0["real"], fake: $0["fake"]) },
  RecordedLoss("labels/one-sided/non-saturating") { try smoothed(NonSaturating(), 0.9, 0, $0) },
  RecordedLoss("labels/two-sided/non-saturating") { try smoothed(NonSaturating(), 0.8, 0.15, $0) },
  RecordedLoss("labels/one-sided/least-squares") { try smoothed(twoTargets, 0.9, 0, $0) },
  RecordedLoss("labels/two-sided/least-squares") { try smoothed(twoTargets, 0.8, 0.15, $0) },
  RecordedLoss("cross-entropy/one-hot") { softmaxCrossEntropy(logits: $0["logits"], classes: $0["classes"]) },
  RecordedLoss("cross-entropy/soft") { softmaxCrossEntropy(logits: $0["logits"], classes: $0["classes"]) },
  RecordedLoss("auxiliary-classifier/discriminator") {
    auxiliary.discriminatorLoss(real: judgement("real", $0), fake: judgement("fake", $0)).total
  },
  RecordedLoss("auxiliary-classifier/generator") { auxiliary.generatorLoss(fake: judgement("fake", $0)).total },
  RecordedLoss("gaussian/fixed") { gaussianNegativeLogLikelihood($0["code"], mean: $0["mean"]) },
  RecordedLoss("gaussian/learned") {
    gaussianNegativeLogLikelihood($0["code"], mean: $0["mean"], logVariance: $0["logVariance"])
  },
  RecordedLoss("gaussian/shared") {
    gaussianNegativeLogLikelihood($0["code"], mean: $0["mean"], logVariance: $0["logVariance"])
  },
  RecordedLoss("mutual-information") {
    mutualInformationBound(
      negativeLogLikelihood: softmaxCrossEntropy(logits: $0["logits"], classes: $0["classes"])
        + gaussianNegativeLogLikelihood($0["code"], mean: $0["mean"]),
      codes: [.categorical(10), .uniform(-1...1), .uniform(-1...1)])
  },
  bidirectional("non-saturating", NonSaturating()),
  bidirectional("minimax", Minimax()),
  bidirectional("least-squares", LeastSquares()),
  bidirectional("least-squares/pearson", LeastSquares(fake: -1, real: 1, target: 0)),
  bidirectional("wasserstein", Wasserstein()),
  bidirectional("hinge", Hinge()),
  RecordedLoss("paired/generator") {
    PairedTranslation(NonSaturating(), weight: scalar(100)).generatorLoss(
      score: $0["score"], output: $0["output"], target: $0["target"]
    ).total
  },
  RecordedLoss("paired/discriminator") {
    PairedTranslation(NonSaturating(), weight: scalar(100)).discriminatorLoss(real: $0["real"], fake: $0["fake"]).total
  },
  RecordedLoss("paired/least-squares/generator") {
    PairedTranslation(LeastSquares(), weight: scalar(100), isHalved: true).generatorLoss(
      score: $0["score"], output: $0["output"], target: $0["target"]
    ).total
  },
  RecordedLoss("paired/least-squares/discriminator") {
    PairedTranslation(LeastSquares(), weight: scalar(100), isHalved: true)
      .discriminatorLoss(real: $0["real"], fake: $0["fake"]).total
  },
  RecordedLoss("cycle/generator") { cycleLoss("X", "Y", $0) + cycleLoss("Y", "X", $0) },
  RecordedLoss("cycle/discriminator") {
    cycle.objective.discriminatorLoss(real: $0["real"], fake: $0["fake"]).total
  },
]

@Test(arguments: recorded.map(\.name))
func lossIsPyTorchs(name: String) throws {
  let record = try #require(try Record.load()[name])
  let entry = try #require(recorded.first { $0.name == name })
  let inputs = RecordedInputs(record)
  let loss = try trace { try entry.loss(inputs) }
  let targets = record.gradients.keys.sorted()
  let slopes = targets.isEmpty ? [] : gradients(of: loss, withRespectTo: targets.map { inputs[$0] })
  let values = record.inputs.mapValues(\.values)
  let found = try Probe([loss] + slopes)(values)
  #expect(agree(found[0], record.value, 1e-13), "\(found[0]) instead of \(record.value)")
  for (target, slope) in zip(targets, found.dropFirst()) {
    #expect(agree(slope, record.gradients[target] ?? [], 1e-12), "gradient for \(target)")
  }
  guard !targets.isEmpty else { return }
  try expectDerivatives(
    of: loss, for: inputs.tensors.filter { targets.contains($0.key) }, at: values, "\(name)")
}

/// Records with tests of their own.
private let others = ["historical-average", "value-function"]

@Test func everyRecordIsRead() throws {
  let names = try Record.load().keys.sorted()
  #expect(names == (recorded.map(\.name) + others).sorted())
}
