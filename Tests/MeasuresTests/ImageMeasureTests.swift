import Foundation
import Testing

@testable import Measures

@Suite struct ImageMeasureTests {
  @Test func gradientsEqualNumPy() throws {
    var draws = Sampler(seed: 10)
    let sets = try [(4, Float(1)), (3, 0.5)].map { count, contrast in
      try ImageSet(
        count: count, channels: 3, height: 9, width: 11,
        values: (0..<count * 3 * 9 * 11).map { _ in contrast * Float(2 * draws.uniform() - 1) })
    }
    let found = try sets.map { try GradientMagnitudes(of: $0) }
    let expected = ReferenceNumbers.gradients
    #expect(isNear(found[0].mean, expected[0]) && isNear(found[1].mean, expected[1]))
    #expect(found[0].total == 4 * 3 * 8 * 10)
    let width = found[0].limit / Double(GradientMagnitudes.bins)
    #expect(abs(try found[0].wassersteinDistance(to: found[1]) - expected[2]) < width)
    #expect(try found[1].wassersteinDistance(to: found[0]) == found[0].wassersteinDistance(to: found[1]))
    #expect(try found[0].wassersteinDistance(to: found[0]) == 0)
    let variation = try found[0].totalVariation(to: found[1])
    #expect(variation > 0.2 && variation < 1)
    #expect(try found[0].totalVariation(to: found[0]) == 0)
  }

  @Test func gradientsOfARamp() throws {
    // 3 across and 4 down make 5.
    let ramp = try ImageSet(
      count: 1, channels: 1, height: 4, width: 5,
      values: (0..<4).flatMap { row in (0..<5).map { Float(3 * $0 + 4 * row) } })
    let found = try GradientMagnitudes(of: ramp, range: 10)
    #expect(found.mean == 5 && found.total == 12)
    let flat = try GradientMagnitudes(
      of: ImageSet(count: 2, channels: 1, height: 2, width: 2, values: Array(repeating: 1, count: 8)), range: 10)
    #expect(flat.mean == 0)
    #expect(abs(try flat.wassersteinDistance(to: found) - 5) < 0.002)
    #expect(try flat.totalVariation(to: found) == 1)
    #expect(throws: MeasureError.rangeMismatch(expected: flat.limit, found: 2.0.squareRoot())) {
      try flat.wassersteinDistance(to: GradientMagnitudes(of: ramp, range: 1))
    }
    #expect(throws: MeasureError.rangeNotPositive(what: "range of the pixels", value: 0)) {
      try GradientMagnitudes(of: ramp, range: 0)
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 2, found: 1)) {
      try GradientMagnitudes(of: ImageSet(count: 1, channels: 1, height: 1, width: 3, values: [1, 2, 3]))
    }
  }

  @Test func imageShapes() throws {
    #expect(throws: MeasureError.countNotPositive(what: "channels", value: 0)) {
      try ImageSet(count: 1, channels: 0, height: 1, width: 1, values: [])
    }
    #expect(throws: MeasureError.self) { try ImageSet(count: 1, channels: .max, height: 2, width: 2, values: []) }
    #expect(throws: MeasureError.shape(count: 2, dimension: 4, values: 7)) {
      try ImageSet(count: 2, channels: 1, height: 2, width: 2, values: Array(repeating: 0, count: 7))
    }
    #expect(throws: MeasureError.nonFinite(what: "pixels", count: 1)) {
      try ImageSet(count: 1, channels: 1, height: 1, width: 2, values: [1, .nan])
    }
  }

  private func gray(_ rows: [[Float]]) throws -> ImageSet {
    try ImageSet(count: rows.count, channels: 1, height: 1, width: rows[0].count, values: rows.flatMap { $0 })
  }

  @Test func pixelErrors() throws {
    let first = try gray([[0, 1, 0.5], [1, 1, 1]])
    let second = try gray([[0, 0, 1], [1, 1, -1]])
    #expect(try PixelErrors.meanAbsolute(first, second) == 3.5 / 6)
    // The mean image of the first is [0.5, 1, 0.75].
    #expect(try PixelErrors.ofMeanImage(training: first, heldOut: second) == (0.5 + 1 + 0.25 + 0.5 + 0 + 1.75) / 6)
    #expect(throws: MeasureError.dimensionMismatch(expected: 3, found: 2)) {
      try PixelErrors.meanAbsolute(first, gray([[0, 1], [0, 1]]))
    }
    #expect(throws: MeasureError.countMismatch(what: "images", expected: 2, found: 1)) {
      try PixelErrors.meanAbsolute(first, gray([[0, 1, 2]]))
    }
  }

  @Test func labelMaps() throws {
    let palette = try LabelPalette(points(3, [-1, -1, -1, 1, -1, -1, 0, 1, 0]))
    // Two channels planes of one row of two pixels: red with noise, then green.
    let noisy = try ImageSet(
      count: 1, channels: 3, height: 1, width: 3, values: [0.8, 0.1, -1, -0.9, 0.9, -0.7, -1, 0, -0.8])
    #expect(try palette.labels(of: noisy) == [1, 2, 0])
    let truth = try ImageSet(count: 1, channels: 3, height: 1, width: 3, values: [1, 1, -1, -1, -1, -1, -1, -1, -1])
    #expect(try palette.accuracy(of: noisy, against: truth) == 2.0 / 3)
    #expect(try palette.accuracy(of: truth, against: truth) == 1)
    // Class 1 is the training map's majority.
    #expect(try palette.majorityAccuracy(training: truth, heldOut: noisy) == 1.0 / 3)
    #expect(throws: MeasureError.dimensionMismatch(expected: 3, found: 1)) {
      try palette.labels(of: gray([[1, 2]]))
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) { try LabelPalette(points(3, [])) }
  }
}
