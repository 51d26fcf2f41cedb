import Datasets
import Measures
import Models

/// Modes and entropies: measures that need no judge.
extension Measurer {
  /// Samples of the literature's tables.
  static let tableCount = 2_500

  func modeLines() throws -> [MeasureLine] {
    guard let known = dataset.modes else { return [] }
    let means = try PointSet(
      count: known.means.count, dimension: known.means.first?.count ?? 0,
      values: known.means.flatMap { $0.map { Float($0) } })
    let modes = try Measures.MixtureModes(means: means, deviation: known.deviation, weights: known.weights)
    let all = try points(try generated().values)
    var lines: [MeasureLine] = []
    for count in Set([min(Self.tableCount, all.count), all.count]).sorted() {
      let coverage = try ModeCoverage(of: all.prefix(count), modes: modes)
      let (key, note) = ("n_\(count)", "n \(count)")
      lines += [
        MeasureLine(
          key, "modes", title: "modes with a sample", .integer(coverage.covered), unit: "of \(modes.count)", note: note),
        MeasureLine(
          key, "modes_with_mass", title: "modes with a fifth of their share", .integer(coverage.withMass),
          unit: "of \(modes.count)", note: note),
        MeasureLine(
          key, "high_quality", title: "high-quality share", .number(coverage.highQuality),
          note: "\(note), perfect \(MeasureValue.number(modes.perfectShare).text)"),
        MeasureLine(
          key, "reverse_kl", title: "reverse KL over modes", .number(coverage.reverseKL ?? .nan), unit: "nats",
          note: note),
        MeasureLine(
          key, "entropy", title: "entropy over modes", .number(coverage.entropy ?? .nan), unit: "nats",
          note: "\(note), at most \(MeasureValue.number(coverage.maximumEntropy).text)"),
      ]
    }
    return lines
  }

  func entropyLines() throws -> [MeasureLine] {
    let count = min(Self.tableCount, try generated().count)
    let size = dataset.shape.size
    let samples = try points(Array(try generated().values.prefix(count * size)))
    let data = try points(Array(try realReference().values.prefix(count * size)))
    let measures = subject.run?.configuration.measures
    let judge = try DistributionJudge(
      real: data, clusters: max(1, min(measures?.clusters ?? 20, data.count)), neighbours: measures?.neighbours ?? 4,
      seed: parameters.seed)
    let found = try judge.measure(samples)
    let note = "n \(samples.count), in \(found.entropy.dimension) dimensions"
    return [
      MeasureLine(
        "generated", title: "entropy of samples", .number(found.entropy.generated.value), unit: "nats", note: note),
      MeasureLine("real", title: "entropy of data", .number(found.entropy.real.value), unit: "nats", note: note),
      MeasureLine(
        "gap", title: "gap", .number(found.entropy.gap), unit: "nats", note: "positive: samples fill less room"),
      MeasureLine(
        "effective_clusters", title: "effective clusters", .number(found.effectiveClusters ?? .nan),
        note: "data \(MeasureValue.number(found.realEffectiveClusters).text)"),
    ]
  }
}
