import Datasets
import Measures

/// Measures that compare samples with data in a space of features.
extension Measurer {
  func frechetLines() throws -> [MeasureLine] {
    try require(2, for: .frechet)
    var lines: [MeasureLine] = []
    for space in try comparisonSpaces() {
      let pair = try compared(in: space)
      let distance = try frechetDistance(generated: pair.generated, real: pair.real)
      let floor = try floor(in: space)
      let name = "in \(space.description)"
      lines += [
        MeasureLine(
          space.key, "distance", title: "Fréchet distance \(name)", .number(distance), unit: "squared", note: note(pair)
        ),
        MeasureLine(
          space.key, "floor", title: "  floor, data against data", .number(floor.distance), unit: "squared",
          note: "n \(floor.count), against as many others, \(floor.what)"),
        MeasureLine(
          space.key, "ratio", title: "  distance over floor",
          .number(floor.distance > 0 ? distance / floor.distance : .nan), unit: "times"),
        MeasureLine(
          space.key, "floor_at_count", title: "  floor at the same number", .number(floor.distanceAtCount),
          unit: "squared", note: "n \(floor.countAtCount), against as many others, \(floor.what)"),
        MeasureLine(
          space.key, "ratio_at_count", title: "  distance over that floor",
          .number(floor.distanceAtCount > 0 ? distance / floor.distanceAtCount : .nan), unit: "times"),
      ]
    }
    return lines
  }

  /// The distance of real samples to other real samples.
  private struct Floor {
    /// Of one half to the other.
    var distance: Double
    var count: Int
    /// Of as many as are generated to as many others, or of halves where there are too few.
    var distanceAtCount: Double
    var countAtCount: Int
    var what: String
  }

  private func floor(in space: FeatureSpace) throws -> Floor {
    let size = dataset.shape.size
    var values: [Float] = []
    var dimension = 1
    report("embedding the data in \(space.description)")
    try real.forEachBlock(count: try generated().count, seed: parameters.seed) { block in
      let features = try space.features(of: block.values, size: size)
      dimension = features.dimension
      values.append(contentsOf: features.values)
    }
    let all = try PointSet(count: values.count / dimension, dimension: dimension, values: values)
    let half = all.count / 2
    let count = min(try generated().count, half)
    return Floor(
      distance: try frechetFloor(of: all, seed: parameters.seed), count: half,
      distanceAtCount: try frechetFloor(of: all, samples: count, seed: parameters.seed), countAtCount: count,
      what: RealSamples(dataset, against: .training).what)
  }

  func precisionRecallLines() throws -> [MeasureLine] {
    let k = 3
    try require(k + 1, for: .precisionRecall)
    let space = try mainSpace()
    let pair = try compared(in: space)
    let found = try PrecisionRecall(generated: pair.generated, real: pair.real, neighbours: k)
    let note = "\(note(pair)), k \(k), in \(space.description)"
    return [
      MeasureLine("precision", title: "precision", .number(found.precision), note: note),
      MeasureLine("recall", title: "recall", .number(found.recall), note: note),
    ]
  }

  func densityCoverageLines() throws -> [MeasureLine] {
    let k = 5
    try require(k + 1, for: .densityCoverage)
    let space = try mainSpace()
    let pair = try compared(in: space)
    let found = try PrecisionRecall(generated: pair.generated, real: pair.real, neighbours: k)
    let note = "\(note(pair)), k \(k), in \(space.description)"
    return [
      MeasureLine("density", title: "density", .number(found.density), note: note),
      MeasureLine("coverage", title: "coverage", .number(found.coverage), note: note),
    ]
  }

  func nearestLines() throws -> [MeasureLine] {
    try require(2, for: .nearest)
    let size = dataset.shape.size
    let rows = min(try generated().count, Self.tableCount)
    let samples = try points(Array(try generated().values.prefix(rows * size)))
    // A copy shows only beside its original: training samples, as many as are cheap to search.
    let data = RealSamples(dataset, against: .training)
    let pool = try data.draw(max(parameters.count, parameters.searched), seed: parameters.seed)
    let found = try NearestRealDistances(generated: samples, real: try points(pool.values))
    let note = "n \(samples.count), among \(pool.count) \(data.what)"
    let own = "of each to its nearest other, n \(pool.count)"
    return [
      MeasureLine(
        "median", title: "distance to the nearest real sample", .number(found.median), unit: "L2",
        note: "median, \(note)"),
      MeasureLine(
        "real_median", title: "  between real samples", .number(found.realMedian), unit: "L2", note: "median, \(own)"),
      MeasureLine("ratio", title: "  ratio", .number(found.ratio ?? .nan), unit: "times", note: "near 0: copies"),
      MeasureLine("copies", title: "share that nearly is a real sample", .number(found.copies), note: note),
      MeasureLine(
        "duplicates", title: "share that nearly is another sample", .number(found.duplicates),
        note: "n \(samples.count)"),
    ]
  }

  /// The judge's features, else what stands for them.
  private func mainSpace() throws -> FeatureSpace {
    if hasJudge { return .judge(try judge()) }
    guard let space = try comparisonSpaces().first else { return .coordinates(dataset.shape.size) }
    return space
  }

  private func require(_ needed: Int, for kind: MeasureKind) throws {
    let found = min(try generated().count, try realReference().count)
    guard found >= needed else { throw MeasuringError.tooFew(kind, needed: needed, found: found) }
  }
}
