import Foundation

/// A curve in the plane with a density along it.
struct Curve: Sendable {
  /// The parameter's range.
  var range: ClosedRange<Double>
  /// The largest |dc/dt|.
  var speed: Double
  var point: @Sendable (Double) -> SIMD2<Double>
  /// The density of t, which integrates to 1.
  var density: @Sendable (Double) -> Double
}

/// Points on curves of equal weight, with isotropic Gaussian noise: `p(x) = mean over curves of the integral of
/// N(x; c(t), sigma^2 I) dF(t)`, by two-point Gauss quadrature on panels of at most half a deviation.
///
/// Quadrature nodes lie in a table of cells, so that only those near a point are summed.
final class CurveMixture: Sendable {
  let mean: SIMD2<Double>
  /// The root of the mean of the two variances, noise included.
  let deviation: Double
  private let noise: Double
  private let nodes: Nodes?

  /// Finer noise than this many nodes resolve has no density here.
  private static let limit = 60_000
  /// Cells of six deviations: what lies two cells away is below e^-18 of a node's peak.
  private static let cellSize = 6.0

  private struct Cell: Hashable {
    var x: Int32
    var y: Int32
  }

  private struct Nodes: Sendable {
    var points: [SIMD2<Double>] = []
    var weights: [Double] = []
    var ranges: [Cell: Range<Int>] = [:]
  }

  init(_ curves: [Curve], noise: Double) {
    self.noise = noise
    var sum = 0.0
    var first = SIMD2<Double>.zero
    var second = SIMD2<Double>.zero
    for curve in curves {
      Self.visit(curve, panels: 2_000) { point, weight in
        sum += weight
        first += weight * point
        second += weight * point * point
      }
    }
    mean = first / sum
    let variance = second / sum - mean * mean
    deviation = ((variance.x + variance.y) / 2 + noise * noise).squareRoot()
    nodes = Self.nodes(curves, noise: noise)
  }

  /// nil where the noise is too fine for the quadrature.
  func logDensity(_ x: Double, _ y: Double) -> Double? {
    guard let nodes, x.isFinite, y.isFinite else { return nil }
    let near = sum(nodes, around: SIMD2(x, y))
    let normalizer = log(2 * Double.pi * noise * noise)
    // Cells farther away add less than e^-18: 2e-5 of what is near.
    if near > 1e-3 { return log(near) - normalizer }
    // Far from all: the table has missed what matters, so all nodes are summed, relative to the nearest.
    var largest = -Double.infinity
    var sum = 0.0
    for (node, weight) in zip(nodes.points, nodes.weights) {
      let exponent = exponent(SIMD2(x, y) - node)
      guard exponent > -.infinity else { continue }
      if exponent > largest {
        sum = sum * exp(largest - exponent) + weight
        largest = exponent
      } else {
        sum += weight * exp(exponent - largest)
      }
    }
    return sum > 0 ? largest + log(sum) - normalizer : -.infinity
  }

  /// `-integral of p ln p` by the midpoint rule in steps of half a deviation over all cells that a node touches.
  func entropy() -> Double? {
    guard let nodes else { return nil }
    var cells: Set<Cell> = []
    for cell in nodes.ranges.keys {
      for dx in -1...1 as ClosedRange<Int32> {
        for dy in -1...1 as ClosedRange<Int32> { cells.insert(Cell(x: cell.x + dx, y: cell.y + dy)) }
      }
    }
    let normalizer = 2 * Double.pi * noise * noise
    let size = Self.cellSize * noise
    let step = size / 12
    var total = 0.0
    for cell in cells.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) {
      let origin = SIMD2(Double(cell.x), Double(cell.y)) * size
      for row in 0..<12 {
        for column in 0..<12 {
          let point = origin + SIMD2(Double(column) + 0.5, Double(row) + 0.5) * step
          let density = sum(nodes, around: point) / normalizer
          if density > 0 { total -= density * log(density) }
        }
      }
    }
    return total * step * step
  }

  private func exponent(_ difference: SIMD2<Double>) -> Double {
    -(difference * difference).sum() / (2 * noise * noise)
  }

  private func sum(_ nodes: Nodes, around point: SIMD2<Double>) -> Double {
    let here = Self.cell(point, noise)
    var sum = 0.0
    for dx in -1...1 as ClosedRange<Int32> {
      for dy in -1...1 as ClosedRange<Int32> {
        guard let range = nodes.ranges[Cell(x: here.x &+ dx, y: here.y &+ dy)] else { continue }
        for index in range { sum += nodes.weights[index] * exp(exponent(point - nodes.points[index])) }
      }
    }
    return sum
  }

  private static func cell(_ point: SIMD2<Double>, _ noise: Double) -> Cell {
    let scaled = (point / (cellSize * noise)).rounded(.down)
    // Far outside there are no nodes; the clamp only keeps the conversion from overflowing.
    return Cell(x: Int32(max(-1e9, min(1e9, scaled.x))), y: Int32(max(-1e9, min(1e9, scaled.y))))
  }

  private static func nodes(_ curves: [Curve], noise: Double) -> Nodes? {
    guard noise > 0 else { return nil }
    let panels = curves.map { curve in
      (curve.range.upperBound - curve.range.lowerBound) * curve.speed / (0.5 * noise)
    }
    guard panels.reduce(0, +) * 2 < Double(limit) else { return nil }
    var byCell: [Cell: [(SIMD2<Double>, Double)]] = [:]
    var total = 0.0
    for (curve, panels) in zip(curves, panels) {
      visit(curve, panels: Int(panels.rounded(.up))) { point, weight in
        byCell[cell(point, noise), default: []].append((point, weight))
        total += weight
      }
    }
    var nodes = Nodes()
    for cell in byCell.keys.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) {
      let members = byCell[cell] ?? []
      nodes.ranges[cell] = nodes.points.count..<nodes.points.count + members.count
      nodes.points += members.map(\.0)
      nodes.weights += members.map { $0.1 / total }
    }
    return nodes
  }

  private static func visit(_ curve: Curve, panels: Int, _ body: (SIMD2<Double>, Double) -> Void) {
    let count = max(1, panels)
    let width = (curve.range.upperBound - curve.range.lowerBound) / Double(count)
    let offset = 0.5 / 3.0.squareRoot()
    for panel in 0..<count {
      let middle = curve.range.lowerBound + (Double(panel) + 0.5) * width
      for t in [middle - offset * width, middle + offset * width] {
        body(curve.point(t), curve.density(t) * width / 2)
      }
    }
  }
}
