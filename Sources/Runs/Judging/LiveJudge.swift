import Datasets
import Measures
import Telemetry

/// What the judge of labelled data says of samples while a run trains; it is never trained there.
final class LiveJudge {
  /// k of the balls of precision and recall.
  private static let neighbours = 3
  /// The part of an equal share that a class must have to count: 1 % of the samples where there are ten.
  private static let part = 0.1

  private let classifier: Classifier
  private let real: PointSet
  private let statistics: GaussianStatistics

  /// - Parameter values: real samples, `[count, ...]`, in −1...1.
  init(_ classifier: Classifier, real values: [Float]) throws {
    self.classifier = classifier
    real = try Self.features(try classifier.judge(values))
    statistics = try GaussianStatistics(of: real)
  }

  /// - Parameter values: samples, `[count, ...]`, in −1...1.
  func metrics(of values: [Float]) throws -> [MetricID: Double] {
    let judgement = try classifier.judge(values)
    let features = try Self.features(judgement)
    let histogram = try LabelHistogram(labels: judgement.predictions, classes: judgement.classes)
    let enough = Self.part * Double(histogram.total) / Double(max(1, histogram.classes))
    var metrics: [MetricID: Double] = [
      .judgeClasses: Double(histogram.counts.count { $0 > 0 && Double($0) >= enough })
    ]
    if let entropy = histogram.entropy { metrics[.judgeClassEntropy] = entropy }
    if min(features.count, real.count) > Self.neighbours {
      metrics[.judgeFrechet] = try frechetDistance(GaussianStatistics(of: features), statistics)
      let found = try PrecisionRecall(generated: features, real: real, neighbours: Self.neighbours)
      metrics[.judgePrecision] = found.precision
      metrics[.judgeRecall] = found.recall
    }
    return metrics
  }

  private static func features(_ judgement: Classifier.Judgement) throws -> PointSet {
    try PointSet(count: judgement.count, dimension: Classifier.featureCount, values: judgement.features)
  }
}
