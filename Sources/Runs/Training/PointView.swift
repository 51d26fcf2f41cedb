import Datasets
import Telemetry

/// The part of the plane that a 2-D run shows: a square around real points, with a margin.
struct PointView {
  let real: [PointsPanel.Point]
  /// The real points in the networks' units, one after the other.
  let normalized: [Float]
  let minimum: PointsPanel.Point
  let maximum: PointsPanel.Point

  static let count = 512

  init(dataset: any Dataset, seed: UInt64) throws(DatasetError) {
    let samples = try dataset.evaluationSamples(count: Self.count, seed: seed)
    normalized = samples.values
    real = Self.points(dataset.normalization.inverted(samples.values))
    let (xs, ys) = (real.map(\.x), real.map(\.y))
    let (left, right) = (xs.min() ?? -1, xs.max() ?? 1)
    let (bottom, top) = (ys.min() ?? -1, ys.max() ?? 1)
    let half = max(right - left, top - bottom, 1e-6) * 0.6
    let (x, y) = ((left + right) / 2, (bottom + top) / 2)
    minimum = PointsPanel.Point(x: x - half, y: y - half)
    maximum = PointsPanel.Point(x: x + half, y: y + half)
  }

  /// Pairs of numbers as points; those that are not finite are left out.
  static func points(_ values: [Float]) -> [PointsPanel.Point] {
    stride(from: 0, to: values.count - 1, by: 2).map { PointsPanel.Point(x: values[$0], y: values[$0 + 1]) }
      .filter { $0.x.isFinite && $0.y.isFinite }
  }

  func panel(_ generated: [Float], field: Field? = nil) -> PointsPanel {
    PointsPanel(minimum: minimum, maximum: maximum, real: real, generated: Self.points(generated), field: field)
  }
}
