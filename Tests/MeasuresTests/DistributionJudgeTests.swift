import Foundation
import Testing

@testable import Measures

@Suite struct DistributionJudgeTests {
  @Test func goodAndCollapsedPoints() throws {
    let ring = try ringModes()
    let real = try samples(of: ring, count: 2500, seed: 1)
    let judge = try DistributionJudge(real: real, clusters: 8)
    #expect(judge.dimension == 2)

    let good = try judge.measure(samples(of: ring, count: 2500, seed: 2))
    #expect(abs(good.entropy.gap) < 0.15 && good.entropy.explainedVariance == 1)
    #expect(good.entropy == (try entropyPair(generated: samples(of: ring, count: 2500, seed: 2), real: real)))
    #expect(abs(try #require(good.effectiveClusters) / good.realEffectiveClusters - 1) < 0.02)

    // One mode of eight: ln 8 nats less.
    let one = try judge.measure(samples(of: ring, count: 2500, modes: [5], seed: 2))
    #expect(abs(one.entropy.gap - log(8)) < 0.15)
    #expect(abs(one.entropy.gapPerDimension - one.entropy.gap / 2) < 1e-12)
    #expect(try #require(one.effectiveClusters) < 1.2)

    // Spread out ten times wider: the gap is negative.
    let wide = try judge.measure(samples(of: ring, count: 2500, scale: 10, seed: 2))
    #expect(wide.entropy.gap < -4)
  }

  @Test func theSameNumberOfEach() throws {
    let ring = try ringModes()
    let judge = try DistributionJudge(real: samples(of: ring, count: 1000, seed: 1))
    let few = try judge.measure(samples(of: ring, count: 300, seed: 2))
    #expect(few.entropy.generated.count == 300 && few.entropy.real.count == 300)
    let many = try judge.measure(samples(of: ring, count: 3000, seed: 2))
    #expect(many.entropy.generated.count == 1000 && many.entropy.real.count == 1000)
  }

  /// Images: 100 coordinates of which a few carry the variance.
  @Test func highDimension() throws {
    func images(count: Int, scale: Double, seed: UInt64) throws -> PointSet {
      var sampler = Sampler(seed: seed)
      var values: [Float] = []
      for _ in 0..<count {
        let factors = (0..<10).map { scale * sampler.normal() / Double($0 + 1) }
        for pixel in 0..<100 {
          let wave = (0..<10).reduce(0.0) { $0 + factors[$1] * sin(Double(($1 + 1) * pixel) * 0.063) }
          values.append(Float(wave + 0.01 * sampler.normal()))
        }
      }
      return try points(100, values)
    }
    let real = try images(count: 600, scale: 1, seed: 1)
    let judge = try DistributionJudge(real: real, clusters: 10)
    #expect(judge.dimension == 8)
    let good = try judge.measure(images(count: 600, scale: 1, seed: 2))
    #expect(abs(good.entropy.gapPerDimension) < 0.1)
    #expect(good.entropy.explainedVariance > 0.9 && good.entropy.explainedVariance < 1)
    #expect(try #require(good.effectiveClusters) > 0.9 * good.realEffectiveClusters)
    let half = try judge.measure(images(count: 600, scale: 0.5, seed: 2))
    #expect(abs(half.entropy.gapPerDimension - log(2)) < 0.1)
    let same = try judge.measure(points(100, Array(repeating: 0.5, count: 60_000)))
    #expect(same.entropy.gapPerDimension > 5 && same.effectiveClusters == 1)
    #expect(same.entropy.generated.duplicates == 600)
  }

  @Test func degenerate() throws {
    let ring = try ringModes()
    let judge = try DistributionJudge(real: samples(of: ring, count: 200, seed: 1))
    let none = try judge.measure(points(2, []))
    #expect(none.entropy.gap.isNaN && none.effectiveClusters == nil)
    let dirty = try judge.measure(points(2, Array(repeating: .nan, count: 100)))
    #expect(dirty.entropy.gap.isNaN && dirty.entropy.generated.nonFinite == 50)
    let some = try judge.measure(points(2, [.nan, 0] + samples(of: ring, count: 100, seed: 3).values))
    #expect(some.entropy.generated.nonFinite == 1 && some.entropy.gap.isFinite)
    #expect(throws: MeasureError.dimensionMismatch(expected: 2, found: 3)) { try judge.measure(points(3, [1, 2, 3])) }
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) {
      try DistributionJudge(real: points(2, [1, 2, .nan, 3]))
    }
    #expect(throws: MeasureError.self) { try DistributionJudge(real: points(20, Array(repeating: 1, count: 200))) }
    #expect(throws: MeasureError.countNotPositive(what: "components", value: 0)) {
      try DistributionJudge(real: samples(of: ring, count: 10, seed: 1), components: 0)
    }
    // Real data at one place: judged, with all of it counted as duplicates.
    let flat = try DistributionJudge(real: points(2, Array(repeating: 1, count: 100)))
    #expect(try flat.measure(points(2, [1, 1, 2, 2, 3, 3])).entropy.gap < 0)
  }
}

@Suite struct MeasurementBudgetTests {
  @Test func theFirstIsFreeAndLaterOnesWait() {
    var budget = MeasurementBudget(share: 0.02)
    #expect(budget.allows(afterTraining: 0) && budget.requiredTraining == 0)
    budget.record(cost: 0.5)
    // Spent and expected, one second in all, are 2 % of 50 seconds: 49 of training.
    #expect(abs(budget.requiredTraining - 49) < 1e-9)
    #expect(!budget.allows(afterTraining: 48.9) && budget.allows(afterTraining: 49.1))
  }

  @Test func measuringStaysWithinItsShare() {
    var sampler = Sampler(seed: 1)
    var budget = MeasurementBudget(share: 0.02)
    var training = 0.0
    budget.record(cost: 0.3)
    for step in 0..<200_000 {
      training += 0.001
      if budget.isDue(at: step, lastStep: 0, interval: 1, afterTraining: training) {
        budget.record(cost: 0.01 * (0.8 + 0.4 * sampler.uniform()))
      }
    }
    let share = budget.spent / (budget.spent + training)
    #expect(share <= 0.0201 && share > 0.019, "\(share)")
  }

  @Test func interval() {
    var budget = MeasurementBudget()
    #expect(budget.isDue(at: 0, lastStep: nil, interval: 100, afterTraining: 0))
    budget.record(cost: 0)
    #expect(!budget.isDue(at: 99, lastStep: 0, interval: 100, afterTraining: 1))
    #expect(budget.isDue(at: 100, lastStep: 0, interval: 100, afterTraining: 1))
    // A rewound run measures again; an interval of nought is one step.
    #expect(budget.isDue(at: 50, lastStep: 100, interval: 100, afterTraining: 1))
    #expect(!budget.isDue(at: 7, lastStep: 7, interval: 0, afterTraining: 1))
  }

  @Test func oddInput() {
    var budget = MeasurementBudget(share: .nan)
    #expect(budget.share == 0.02 && MeasurementBudget(share: 7).share == 1 && MeasurementBudget(share: 0).share > 0)
    budget.record(cost: .nan)
    budget.record(cost: -3)
    #expect(budget.spent == 0 && budget.count == 2 && budget.allows(afterTraining: 0))
  }
}
