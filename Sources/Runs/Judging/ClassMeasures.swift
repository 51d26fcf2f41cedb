import Datasets
import Foundation
import Measures

/// Measures of what the judge reads in samples.
extension Measurer {
  func classLines() throws -> [MeasureLine] {
    let (labels, classes) = try readClasses()
    let histogram = try LabelHistogram(labels: labels, classes: classes)
    let note = "n \(labels.count)"
    let total = Double(max(1, histogram.total))
    var lines = [
      MeasureLine(
        "covered", title: "classes with a sample", .integer(histogram.covered), unit: "of \(classes)", note: note),
      MeasureLine(
        "with_mass", title: "classes with a tenth of an equal share",
        .integer(
          histogram.counts.count { Double($0) >= 0.1 * total / Double(classes) && $0 > 0 }), unit: "of \(classes)",
        note: note),
      MeasureLine(
        "entropy", title: "entropy over classes", .number(histogram.entropy ?? .nan), unit: "nats",
        note: "\(note), at most \(MeasureValue.number(log(Double(classes))).text)"),
      MeasureLine(
        "reverse_kl", title: "reverse KL over classes", .number(try histogram.reverseKL(to: realShares()) ?? .nan),
        unit: "nats", note: "\(note), to the data's shares"),
    ]
    guard classes <= 100 else { return lines }
    let shares = histogram.counts.map { MeasureValue.number(Double($0) / total) }
    lines.append(
      MeasureLine(
        "shares", title: "shares", .list(shares),
        note: dataset.classNames.isEmpty ? "" : dataset.classNames.joined(separator: " ")))
    return lines
  }

  /// The classes that the judge reads; of stacked data the class of each channel makes one of their triples.
  private func readClasses() throws -> (labels: [Int], classes: Int) {
    guard let stacked = dataset as? StackedDataset else {
      return (try judgement().predictions, dataset.classCount ?? 1)
    }
    // [n, 3, height, width] is [3 n, 1, height, width].
    let channels = try judge().judge(try generated().values).predictions
    let labels = (0..<channels.count / 3).map { row in
      channels[3 * row..<3 * row + 3].reduce(0) { $0 * stacked.digits + $1 }
    }
    return (labels, stacked.digits * stacked.digits * stacked.digits)
  }

  /// The classes' shares in the data; nil for equal ones.
  private func realShares() throws -> [Double]? {
    guard let indexed = dataset as? any IndexedDataset, let labels = indexed.labels(of: .training) else { return nil }
    return try LabelHistogram(labels: labels.map(Int.init), classes: dataset.classCount ?? 1).counts.map(Double.init)
  }

  func inceptionScoreLines() throws -> [MeasureLine] {
    let judgement = try judgement()
    let splits = max(1, min(10, judgement.count / 100))
    let score = try InceptionScore(of: try probabilities(judgement), splits: splits)
    let test = try real.test(judgement.count, seed: parameters.seed)
    let realSplits = max(1, min(splits, test.count))
    let realScore = try InceptionScore(of: try probabilities(try judge().judge(test.values)), splits: realSplits)
    func note(_ count: Int, _ score: InceptionScore, _ what: String) -> String {
      "n \(count) \(what), \(score.scores.count) parts, deviation \(MeasureValue.number(score.deviation).text)"
    }
    return [
      MeasureLine(
        "generated", "mean", title: "score of samples, by the judge", .number(score.mean),
        note: note(judgement.count, score, "samples")),
      MeasureLine("generated", "deviation", title: "  deviation over parts", .number(score.deviation)),
      MeasureLine(
        "real", "mean", title: "score of data, by the judge", .number(realScore.mean),
        note: note(test.count, realScore, real.testName)),
      MeasureLine("real", "deviation", title: "  deviation over parts", .number(realScore.deviation)),
    ]
  }

  private func probabilities(_ judgement: Classifier.Judgement) throws -> ClassProbabilities {
    try ClassProbabilities(
      PointSet(count: judgement.count, dimension: judgement.classes, values: judgement.probabilities))
  }

  func consistencyLines() throws -> [MeasureLine] {
    let asked = try classes(of: try generated()) ?? []
    let read = try judgement().predictions
    let classes = dataset.classCount ?? 1
    var counts = Array(repeating: (asked: 0, right: 0), count: classes)
    for (wanted, found) in zip(asked, read) where counts.indices.contains(Int(wanted)) {
      counts[Int(wanted)].asked += 1
      if Int(wanted) == found { counts[Int(wanted)].right += 1 }
    }
    let total = counts.reduce(0) { $0 + $1.asked }
    let share = Double(counts.reduce(0) { $0 + $1.right }) / Double(max(1, total))
    let shares = counts.map { $0.asked > 0 ? Double($0.right) / Double($0.asked) : .nan }
    return [
      MeasureLine(
        "share", title: "judge reads the class asked for", .number(share),
        note: "n \(total)\(nameOfClasses)"),
      MeasureLine("shares", title: "  of each class", .list(shares.map { .number($0) })),
    ]
  }
}
