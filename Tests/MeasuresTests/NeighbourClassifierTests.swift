import Foundation
import Testing

@testable import Measures

@Suite struct NeighbourClassifierTests {
  @Test func accuracyEqualsScikitLearn() throws {
    var draws = Sampler(seed: 12)
    let references = try draws.features(90, 4)
    let queries = try draws.features(50, 4, shift: 0.1)
    let labels = named(draws.integers(90, below: 5), references)
    let wanted = named(draws.integers(50, below: 5), queries)
    let classifier = try NearestNeighbourClassifier(references: references, labels: labels)
    #expect(isNear(try classifier.accuracy(on: queries, labels: wanted), ReferenceNumbers.nearestNeighbourAccuracy))
    #expect(try classifier.accuracy(on: references, labels: labels) == 1)
  }

  /// As the script has it: labels below 3 follow the first coordinate.
  private func named(_ labels: [Int], _ points: PointSet) -> [Int] {
    labels.enumerated().map { row, label in
      guard label < 3 else { return label }
      return min(4, max(0, Int((2 * Double(points.values[row * points.dimension])).rounded(.down)) + 2))
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let set = try points(2, [0, 0, 1, 1])
    #expect(throws: MeasureError.countMismatch(what: "labels", expected: 2, found: 1)) {
      try NearestNeighbourClassifier(references: set, labels: [1])
    }
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) {
      try NearestNeighbourClassifier(references: points(2, []), labels: [])
    }
    let classifier = try NearestNeighbourClassifier(references: set, labels: [4, 7])
    #expect(try classifier.labels(of: points(2, [0.9, 0.8, 0.1, 0.3])) == [7, 4])
    #expect(throws: MeasureError.dimensionMismatch(expected: 2, found: 1)) {
      try classifier.labels(of: points(1, [0]))
    }
    #expect(throws: MeasureError.countMismatch(what: "labels", expected: 2, found: 0)) {
      try classifier.accuracy(on: set, labels: [])
    }
  }

  // MARK: Palettes

  /// Two noisy maps of regions of four colours, and pixels at random, as the script draws them.
  private func maps() throws -> (colours: PointSet, maps: ImageSet, guess: ImageSet) {
    var draws = Sampler(seed: 13)
    let colours = (0..<12).map { _ in draws.uniform() }.map { 2 * $0 - 1 }
    let regions = draws.integers(2 * 6 * 6, below: 4)
    var values: [Float] = []
    for image in 0..<2 {
      for channel in 0..<3 {
        for row in 0..<24 {
          for column in 0..<24 {
            let region = regions[image * 36 + row / 4 * 6 + column / 4]
            values.append(Float(colours[region * 3 + channel] + draws.uniform() * 0.02 - 0.01))
          }
        }
      }
    }
    let drawn = draws.integers(2 * 24 * 24, below: 4)
    let guess = (0..<2).flatMap { image in
      (0..<3).flatMap { channel in
        (0..<576).map { Float(colours[drawn[image * 576 + $0] * 3 + channel]) }
      }
    }
    return (
      try points(3, colours.map { Float($0) }),
      try ImageSet(count: 2, channels: 3, height: 24, width: 24, values: values),
      try ImageSet(count: 2, channels: 3, height: 24, width: 24, values: guess)
    )
  }

  @Test func labelsAndDistancesEqualNumPy() throws {
    let (colours, maps, guess) = try maps()
    let expected = ReferenceNumbers.labelAccuracy
    let palette = try LabelPalette(colours)
    #expect(isNear(try palette.accuracy(of: guess, against: maps), expected[0]))
    #expect(isNear(try palette.majorityAccuracy(training: maps, heldOut: maps), expected[1]))
    #expect(isNear(try PixelErrors.meanAbsolute(maps, guess), expected[2], 1e-6))
    #expect(isNear(try PixelErrors.ofMeanImage(training: maps, heldOut: maps), expected[3], 1e-6))
  }

  @Test func theColoursOfMapsAreFound() throws {
    let (colours, maps, guess) = try maps()
    let found = try FoundPalette(in: maps)
    #expect(found.isLabelMap && found.explained == 1)
    #expect(found.palette.colours.count == 4)
    // Each is one of the true ones, and the labels are the same but for their names.
    let truth = try LabelPalette(colours)
    for row in 0..<4 {
      let colour = Array(found.palette.colours.values[3 * row..<3 * row + 3])
      #expect(
        (0..<4).contains { known in
          (0..<3).allSatisfy { abs(colours.values[3 * known + $0] - colour[$0]) < 0.01 }
        })
    }
    #expect(try found.palette.accuracy(of: guess, against: maps) == truth.accuracy(of: guess, against: maps))
  }

  @Test func noiseIsNoMap() throws {
    var draws = Sampler(seed: 5)
    // Smooth shades, so that there are flat pixels of every colour.
    var values: [Float] = []
    for _ in 0..<4 {
      let (across, along) = (draws.uniform(), draws.uniform())
      for channel in 0..<3 {
        for pixel in 0..<64 * 64 {
          let (row, column) = (Double(pixel / 64), Double(pixel % 64))
          let angle = row * 0.04 * (1 + across) + Double(channel)
          values.append(Float(sin(angle) * cos(column * 0.03 + along)))
        }
      }
    }
    let found = try FoundPalette(in: ImageSet(count: 4, channels: 3, height: 64, width: 64, values: values))
    #expect(!found.isLabelMap)
    #expect(throws: MeasureError.tooFewPoints(needed: 1, found: 0)) {
      try FoundPalette(in: ImageSet(count: 1, channels: 1, height: 1, width: 1, values: [0]))
    }
    #expect(throws: MeasureError.rangeNotPositive(what: "range of the pixels", value: 0)) {
      try FoundPalette(in: ImageSet(count: 1, channels: 1, height: 2, width: 2, values: [0, 0, 0, 0]), range: 0)
    }
  }
}
