import Foundation
import Testing

@testable import Measures

@Suite struct PrincipalComponentsTests {
  /// Points with standard deviations 3, 1 and 0.2 along rotated axes, offset from the origin.
  private func rotated(count: Int) throws -> (points: PointSet, axes: [[Double]]) {
    var sampler = Sampler(seed: 12)
    let s = 0.5.squareRoot()
    let axes = [[s, s, 0], [-s * 0.6, s * 0.6, 0.8], [s * 0.8, -s * 0.8, 0.6]]
    let deviations = [3, 1, 0.2]
    var values: [Float] = []
    for _ in 0..<count {
      let weights = deviations.map { $0 * sampler.normal() }
      for axis in 0..<3 {
        values.append(Float(10 + weights[0] * axes[0][axis] + weights[1] * axes[1][axis] + weights[2] * axes[2][axis]))
      }
    }
    return (try points(3, values), axes)
  }

  @Test func knownCovariance() throws {
    let (data, axes) = try rotated(count: 4000)
    let fit = try PrincipalComponents(fitting: data, components: 3)
    #expect(fit.count == 3 && fit.nonFinite == 0)
    for (index, variance) in [9.0, 1.0, 0.04].enumerated() {
      // The relative error of a variance is sqrt(2 / N).
      #expect(abs(fit.variances[index] / variance - 1) < 4 * (2.0 / 4000).squareRoot())
      let dot = (0..<3).reduce(0.0) { $0 + Double(fit.components[index * 3 + $1]) * axes[index][$1] }
      #expect(abs(dot) > 0.999)
    }
    #expect(abs(fit.totalVariance - fit.variances.reduce(0, +)) < 1e-9 * fit.totalVariance)
    #expect(abs(fit.explainedVariance.reduce(0, +) - 1) < 1e-9)
    #expect(fit.mean.allSatisfy { abs($0 - 10) < 0.2 })
  }

  @Test func projectionHasTheVariancesAndNoCorrelation() throws {
    let (data, _) = try rotated(count: 1000)
    let fit = try PrincipalComponents(fitting: data, components: 2)
    let projected = try fit.project(data)
    #expect(projected.count == 1000 && projected.dimension == 2)
    var moments = [0.0, 0.0, 0.0]
    for row in 0..<1000 {
      let (x, y) = (Double(projected.values[2 * row]), Double(projected.values[2 * row + 1]))
      moments[0] += x * x / 999
      moments[1] += y * y / 999
      moments[2] += x * y / 999
    }
    #expect(abs(moments[0] / fit.variances[0] - 1) < 1e-4)
    #expect(abs(moments[1] / fit.variances[1] - 1) < 1e-4)
    #expect(abs(moments[2]) < 1e-3)
  }

  /// Fewer points than coordinates: the Gram matrix gives the same components as the covariance.
  @Test func wideData() throws {
    let wide = try normalPoints(count: 20, dimension: 33, seed: 6)
    let gram = try PrincipalComponents(fitting: wide, components: 50)
    #expect(gram.count == 19)
    // Each point twice changes neither mean nor directions, but takes the path of the covariance.
    let tall = try points(33, wide.values + wide.values)
    let covariance = try PrincipalComponents(fitting: tall, components: 19)
    #expect(covariance.count == 19)
    for index in 0..<19 {
      #expect(abs(gram.variances[index] * 19 / 20 - covariance.variances[index] * 39 / 40) < 1e-9 * gram.totalVariance)
    }
    for index in 0..<19 * 33 { #expect(abs(gram.components[index] - covariance.components[index]) < 1e-4) }
    for first in 0..<19 {
      for second in 0..<19 {
        let dot = (0..<33).reduce(Float(0)) {
          $0 + gram.components[first * 33 + $1] * gram.components[second * 33 + $1]
        }
        #expect(abs(dot - (first == second ? 1 : 0)) < 1e-5)
      }
    }
  }

  @Test func moreThanOneBlock() throws {
    let data = try normalPoints(count: 700, dimension: 4, seed: 9)
    let fit = try PrincipalComponents(fitting: data, components: 4)
    #expect(fit.variances.allSatisfy { abs($0 - 1) < 0.25 })
    let wide = try PrincipalComponents(fitting: normalPoints(count: 6, dimension: 700, seed: 9), components: 5)
    #expect(wide.variances.allSatisfy { abs($0 / 140 - 1) < 0.5 })
  }

  @Test func rankAndSigns() throws {
    // On a line in three dimensions there is one component.
    let line = try points(3, (0..<30).flatMap { [Float($0), -2 * Float($0), 5] })
    let fit = try PrincipalComponents(fitting: line, components: 3)
    #expect(fit.count == 1)
    #expect(abs(fit.components[0] + 0.4472136) < 1e-5 && abs(fit.components[1] - 0.8944272) < 1e-5)
    #expect(fit == (try PrincipalComponents(fitting: line, components: 3)))
  }

  @Test func degenerate() throws {
    let same = try PrincipalComponents(fitting: points(3, Array(repeating: 4, count: 30)), components: 2)
    #expect(same.count == 0 && same.totalVariance == 0)
    #expect(throws: MeasureError.self) { try same.project(points(3, [1, 2, 3])) }
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) {
      try PrincipalComponents(fitting: points(3, [1, 2, 3, .nan, 1, 1]), components: 1)
    }
    #expect(throws: MeasureError.countNotPositive(what: "components", value: 0)) {
      try PrincipalComponents(fitting: points(1, [1, 2]), components: 0)
    }
    let fit = try PrincipalComponents(fitting: normalPoints(count: 10, dimension: 3, seed: 1), components: 2)
    #expect(throws: MeasureError.dimensionMismatch(expected: 3, found: 2)) { try fit.project(points(2, [1, 2])) }
    #expect(try fit.project(points(3, [])).count == 0)
    let dirty = try fit.project(points(3, [0, 0, 0, .nan, 0, 0, 1, 1, 1]))
    #expect(dirty.finite().nonFinite == 1)
  }
}
