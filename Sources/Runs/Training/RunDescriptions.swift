import Datasets
import Foundation
import Measures
import Models
import Telemetry

/// What a run is, in a few lines for people.
enum RunHeadline {
  static func lines(_ configuration: RunConfiguration, dataset: any Dataset, threads: Int) -> [String] {
    var lines = [
      dataset.summary,
      "\(configuration.model.kind.rawValue), \(configuration.objective.kind.rawValue), batch \(configuration.schedule.batch)",
    ]
    if !configuration.penalties.isEmpty {
      lines.append(configuration.penalties.map(\.kind.rawValue).joined(separator: ", "))
    }
    let precision = configuration.precision == .f32 ? "" : ", \(configuration.precision.rawValue)"
    lines.append("seed \(configuration.seed), \(threads) thread\(threads == 1 ? "" : "s")\(precision)")
    return lines
  }
}

/// How the measurements' metrics are named and drawn.
enum MeasureDescriptors {
  /// - Parameter judged: the classes of data whose judge is there already; nil without one.
  static func all(modes: Int?, judged: Int? = nil) -> [MetricDescriptor] {
    var list = [
      MetricDescriptor(id: .generatedEntropy, title: "entropy of samples", unit: "nats"),
      MetricDescriptor(id: .realEntropy, title: "entropy of data", unit: "nats"),
      MetricDescriptor(
        id: .entropyGap, title: "entropy gap", unit: "nats", reference: ReferenceLine(value: 0, label: "0")),
      MetricDescriptor(id: .effectiveClusters, title: "effective clusters"),
      MetricDescriptor(id: .stepsPerSecond, title: "speed", unit: "steps/s"),
    ]
    if let modes {
      list += [
        MetricDescriptor(
          id: .modesCovered, title: "modes covered", reference: ReferenceLine(value: Double(modes), label: "\(modes)")),
        MetricDescriptor(id: .modesWithMass, title: "modes with mass"),
        MetricDescriptor(id: .highQuality, title: "high quality"),
        MetricDescriptor(
          id: .modeEntropy, title: "entropy over modes", unit: "nats",
          reference: ReferenceLine(value: log(Double(modes)), label: "ln \(modes)")),
      ]
    }
    if let judged {
      let (count, most) = ("\(judged)", log(Double(judged)))
      list += [
        MetricDescriptor(id: .judgeFrechet, title: "Fréchet distance by the judge"),
        MetricDescriptor(
          id: .judgeClassEntropy, title: "entropy over classes", unit: "nats",
          reference: ReferenceLine(value: most, label: "ln \(count)")),
        MetricDescriptor(
          id: .judgeClasses, title: "classes", reference: ReferenceLine(value: Double(judged), label: count)),
        MetricDescriptor(id: .judgePrecision, title: "precision by the judge"),
        MetricDescriptor(id: .judgeRecall, title: "recall by the judge"),
      ]
    }
    return list
  }
}

extension Verdict {
  init(_ change: VerdictChange) {
    let kind: Kind =
      switch change.kind {
      case .modeCollapse: .modeCollapse
      case .vanishingGradients: .vanishingGradients
      case .discriminatorWon: .discriminatorWon
      case .generatorWon: .generatorWon
      case .divergence: .divergence
      case .oscillation: .oscillation
      }
    self.init(
      step: change.step, kind: kind, severity: change.severity == .critical ? .critical : .warning,
      isActive: change.isActive, message: change.message, rule: change.rule)
  }
}
