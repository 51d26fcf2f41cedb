import Foundation
import Measures

/// The same measures at several truncations: BigGAN's trade of variety for fidelity.
///
/// Reference: [Brock et al. 2019](https://arxiv.org/abs/1809.11096), section 3.1 and figure 2.
public struct TruncationSweep: Sendable {
  public let reports: [(truncation: Double, report: MeasureReport)]

  public init(_ reports: [(truncation: Double, report: MeasureReport)]) { self.reports = reports }

  /// Spearman's rank correlation of a measure's number with the truncation, in [-1, 1].
  public struct Trend: Sendable, Equatable {
    public var kind: MeasureKind
    public var path: [String]
    public var title: String
    public var correlation: Double
  }

  /// Of precision, recall, density, coverage and the Fréchet distances: precision falls as the truncation is loosened, and
  /// recall rises. Empty for fewer than three truncations.
  public var trends: [Trend] {
    guard reports.count > 2, let first = reports.first?.report else { return [] }
    let wanted: Set<MeasureKind> = [.precisionRecall, .densityCoverage, .frechet]
    return first.results.filter { wanted.contains($0.kind) }.flatMap { result in
      result.lines.compactMap { line in
        guard ["precision", "recall", "density", "coverage", "distance"].contains(line.path.last) else { return nil }
        let values = reports.compactMap { number(result.kind, line.path, in: $0.report) }
        guard values.count == reports.count else { return nil }
        let correlation = (try? rankCorrelation(reports.map(\.truncation), values)) ?? nil
        return correlation.map {
          Trend(kind: result.kind, path: line.path, title: line.title, correlation: $0)
        }
      }
    }
  }

  private func number(_ kind: MeasureKind, _ path: [String], in report: MeasureReport) -> Double? {
    let line = report.results.first { $0.kind == kind }?.lines.first { $0.path == path }
    switch line?.value {
    case .number(let value)? where value.isFinite: return value
    case .integer(let value)?: return Double(value)
    default: return nil
    }
  }

  /// The reports one below another, each under its truncation, then the trends.
  public var table: String {
    var blocks = reports.map { "truncation \(decimal($0.truncation))\n\($0.report.table)" }
    let trends = trends
    if !trends.isEmpty {
      let lines = trends.map {
        "  \($0.kind.rawValue), \($0.title.trimmingCharacters(in: .whitespaces)): "
          + MeasureValue.number($0.correlation).text
      }
      blocks.append("rank correlation with the truncation\n" + lines.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }

  /// An array of the reports' objects, each with its truncation, and the trends.
  public func json() throws -> String {
    let objects = try reports.map { "{\"truncation\":\(decimal($0.truncation)),\"report\":\(try $0.report.json())}" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var value = MeasureValue.object([:])
    for trend in trends { value.set(([trend.kind.rawValue] + trend.path)[...], to: .number(trend.correlation)) }
    let correlations = String(decoding: try encoder.encode(value), as: UTF8.self)
    return "{\"rank_correlation\":\(correlations),\"truncations\":[\(objects.joined(separator: ","))]}"
  }
}
