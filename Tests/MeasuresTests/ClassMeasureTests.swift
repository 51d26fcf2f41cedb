import Foundation
import Testing

@testable import Measures

@Suite struct ClassMeasureTests {
  @Test func equalsSciPy() throws {
    var draws = Sampler(seed: 5)
    let predictions = try draws.probabilities(103, 7)
    for (splits, expected) in zip([1, 4, 10], ReferenceNumbers.inceptionScore) {
      let score = try InceptionScore(of: predictions, splits: splits)
      #expect(isNear(score.mean, expected[0], 1e-6) && isNear(score.deviation, expected[1], 1e-6))
      #expect(score.scores.count == splits)
    }
    let histogram = try LabelHistogram(labels: predictions.labels, classes: 7)
    let kl = try #require(try histogram.reverseKL(to: [1, 2, 3, 4, 5, 6, 7]))
    let entropy = try #require(histogram.entropy)
    let found = [predictions.entropyOfMean, predictions.meanEntropy, entropy, kl]
    for (a, b) in zip(found, ReferenceNumbers.predictionEntropies) { #expect(isNear(a, b, 1e-6)) }
  }

  @Test func extremes() throws {
    // Sure and balanced: as many as there are classes. Unsure, or one class: 1.
    let sure = (0..<40).flatMap { row in (0..<4).map { Float($0 == row % 4 ? 1 : 0) } }
    #expect(isNear(try InceptionScore(of: ClassProbabilities(points(4, sure)), splits: 2).mean, 4, 1e-12))
    let unsure = try ClassProbabilities(points(4, Array(repeating: 0.25, count: 80)))
    #expect(try InceptionScore(of: unsure, splits: 1).mean == 1)
    #expect(unsure.labels.allSatisfy { $0 == 0 } && isNear(unsure.entropyOfMean, log(4)))
    let one = try ClassProbabilities(points(2, Array(repeating: [1, 0], count: 9).flatMap { $0 }))
    #expect(try InceptionScore(of: one, splits: 9).mean == 1 && one.entropyOfMean == 0)
  }

  @Test func histograms() throws {
    let histogram = try LabelHistogram(labels: [0, 0, 3, 3, 3, 3], classes: 5)
    #expect(histogram.counts == [2, 0, 0, 4, 0] && histogram.covered == 2 && histogram.total == 6)
    let kl = try #require(try histogram.reverseKL())
    #expect(isNear(kl, log(5) - (log(3) - 2.0 / 3 * log(2))))
    #expect(try histogram.reverseKL(to: [0, 1, 1, 1, 1]) == .infinity)
    #expect(try LabelHistogram(labels: [], classes: 3).reverseKL() == nil)
    #expect(try LabelHistogram(labels: [], classes: 3).entropy == nil)
    #expect(throws: MeasureError.label(5, classes: 5)) { try LabelHistogram(labels: [5], classes: 5) }
    #expect(throws: MeasureError.label(-1, classes: 5)) { try LabelHistogram(labels: [-1], classes: 5) }
    #expect(throws: MeasureError.countMismatch(what: "masses", expected: 5, found: 2)) {
      try histogram.reverseKL(to: [1, 1])
    }
    #expect(throws: MeasureError.notDistribution) { try histogram.reverseKL(to: [0, 0, 0, 0, 0]) }
  }

  @Test func badPredictions() throws {
    #expect(throws: MeasureError.notProbabilities(row: 1, sum: 0.5)) {
      try ClassProbabilities(points(2, [0.5, 0.5, 0.25, 0.25]))
    }
    #expect(throws: MeasureError.notProbabilities(row: 0, sum: 1)) { try ClassProbabilities(points(2, [-1, 2])) }
    #expect(throws: MeasureError.nonFinite(what: "class probabilities", count: 1)) {
      try ClassProbabilities(points(2, [.nan, 1]))
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) { try ClassProbabilities(points(2, [])) }
    let two = try ClassProbabilities(points(2, [1, 0, 0, 1]))
    #expect(throws: MeasureError.tooFewPoints(needed: 10, found: 2)) { try InceptionScore(of: two) }
    #expect(throws: MeasureError.countNotPositive(what: "splits", value: 0)) { try InceptionScore(of: two, splits: 0) }
  }

  @Test func jensenShannon() throws {
    var draws = Sampler(seed: 7)
    let first = draws.integers(9, below: 20).map { Double($0) }
    let second = draws.integers(9, below: 20).map { Double($0) }
    #expect(isNear(try jensenShannonDivergence(first, second), ReferenceNumbers.jensenShannon))
    #expect(try jensenShannonDivergence(first, first) == 0)
    #expect(try jensenShannonDivergence([1, 0], [0, 7]) == log(2))
    #expect(throws: MeasureError.countMismatch(what: "masses", expected: 1, found: 2)) {
      try jensenShannonDivergence([1], [1, 2])
    }
    #expect(throws: MeasureError.notDistribution) { try jensenShannonDivergence([1, -1], [1, 1]) }

    let real = (0..<30).map { _ in 8 * draws.uniform() - 2 }
    let fake = (0..<20).map { _ in 8 * draws.uniform() - 6 }
    let estimate = try JensenShannonEstimate(realLogits: real, fakeLogits: fake)
    #expect(isNear(estimate.divergence, ReferenceNumbers.jensenShannonOfLogits[0]))
    #expect(isNear(estimate.standardError, ReferenceNumbers.jensenShannonOfLogits[1]))
  }

  /// For two known densities the optimal discriminator's V gives the divergence that integration gives.
  @Test func jensenShannonOfTheOptimum() throws {
    func density(_ x: Double, _ mean: Double) -> Double { exp(-(x - mean) * (x - mean) / 2) }
    var draws = Sampler(seed: 3)
    func logit(_ x: Double) -> Double { -(x * x) / 2 + (x - 1.5) * (x - 1.5) / 2 }
    let estimate = try JensenShannonEstimate(
      realLogits: (0..<20_000).map { _ in logit(draws.normal()) },
      fakeLogits: (0..<20_000).map { _ in logit(draws.normal() + 1.5) })
    let grid = stride(from: -8.0, through: 9.5, by: 0.001)
    let exact = try jensenShannonDivergence(grid.map { density($0, 0) }, grid.map { density($0, 1.5) })
    #expect(abs(estimate.divergence - exact) < 4 * estimate.standardError && estimate.standardError < 0.01)
    let chance = try JensenShannonEstimate(realLogits: [0, 0], fakeLogits: [0])
    #expect(abs(chance.divergence) < 1e-15 && isNear(chance.value, -log(4)) && chance.standardError.isNaN)
    let sure = try JensenShannonEstimate(realLogits: [1e6, 1e300], fakeLogits: [-1e6, -1e300])
    #expect(isNear(sure.divergence, log(2)))
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) {
      try JensenShannonEstimate(realLogits: [], fakeLogits: [1])
    }
    #expect(throws: MeasureError.nonFinite(what: "values of log(1 - D(G(z)))", count: 1)) {
      try JensenShannonEstimate(logReal: [-1], logFake: [-.infinity])
    }
  }
}

@Suite struct RankTests {
  @Test func equalsScikitLearnAndSciPy() throws {
    var draws = Sampler(seed: 8)
    let positives = draws.integers(40, below: 12).map { Double($0) }
    let negatives = draws.integers(55, below: 9).map { Double($0) }
    #expect(isNear(try areaUnderROC(positives: positives, negatives: negatives), ReferenceNumbers.areaUnderROC))
    let first = draws.integers(25, below: 7).map { Double($0) }
    let second = draws.integers(25, below: 7).map { Double($0) }
    let correlation = try #require(try rankCorrelation(first, second))
    #expect(isNear(correlation, ReferenceNumbers.spearman))
    let left = draws.integers(31, below: 50).map { Double($0) }
    let right = draws.integers(17, below: 40).map { Double($0) }
    #expect(isNear(try wassersteinDistance(left, right), ReferenceNumbers.wasserstein))
  }

  @Test func extremes() throws {
    #expect(averageRanks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    #expect(try areaUnderROC(positives: [2, 3], negatives: [0, 1, 1]) == 1)
    #expect(try areaUnderROC(positives: [0], negatives: [1, 1]) == 0)
    #expect(try areaUnderROC(positives: [1, 1], negatives: [1]) == 0.5)
    #expect(try rankCorrelation([1, 2, 3], [1, 10, 100]) == 1)
    #expect(try rankCorrelation([1, 2, 3], [3, 2, 1]) == -1)
    #expect(try rankCorrelation([1, 2, 3], [5, 5, 5]) == nil)
    #expect(try wassersteinDistance([1, 2, 3], [3, 1, 2]) == 0)
    #expect(try wassersteinDistance([0], [2, 4]) == 3)
  }

  @Test func badInput() {
    #expect(throws: MeasureError.self) { try areaUnderROC(positives: [], negatives: [1]) }
    #expect(throws: MeasureError.nonFinite(what: "scores", count: 1)) {
      try areaUnderROC(positives: [.nan], negatives: [1])
    }
    #expect(throws: MeasureError.countMismatch(what: "values", expected: 2, found: 1)) {
      try rankCorrelation([1, 2], [1])
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) { try rankCorrelation([1], [1]) }
    #expect(throws: MeasureError.self) { try wassersteinDistance([], [1]) }
  }

  @Test func reconstruction() throws {
    var draws = Sampler(seed: 9)
    let normal = try draws.features(80, 10)
    let other = try draws.features(12, 10, shift: 0.5)
    let baseline = try ReconstructionAnomaly(fitting: normal, components: 3)
    let scores = try baseline.scores(of: other)
    #expect(scores.count == 12)
    for (a, b) in zip(scores, ReferenceNumbers.reconstruction) { #expect(isNear(a, b, 1e-5)) }
    let area = try areaUnderROC(positives: scores, negatives: baseline.scores(of: normal))
    #expect(isNear(area, ReferenceNumbers.reconstructionAUC))
    let constant = try ReconstructionAnomaly(fitting: points(2, Array(repeating: 3, count: 10)), components: 1)
    #expect(try constant.scores(of: points(2, [3, 3, 4, 5])) == [0, 5])
    #expect(try constant.scores(of: points(2, [])).isEmpty)
    #expect(throws: MeasureError.dimensionMismatch(expected: 2, found: 1)) { try constant.scores(of: points(1, [1])) }
    #expect(throws: MeasureError.nonFinite(what: "samples", count: 1)) {
      try constant.scores(of: points(2, [.nan, 1]))
    }
  }
}
