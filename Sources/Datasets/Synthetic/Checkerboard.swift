import Foundation

/// Uniform on every other cell of a checkerboard of cells of side 2, centred at the origin.
///
/// Four cells a side span -4...4: FFJORD's, whose density on the occupied cells is 1/32.
public struct Checkerboard: PlanarDistribution {
  public let cells: Int
  private let columns: [Float]
  private let rows: [Float]

  /// - Parameter cells: along each side, 2 to 16.
  public init(cells: Int = 4) throws(DatasetError) {
    try Parameter.count(cells, 2...16, dataset: "checkerboard", key: "cells")
    self.cells = cells
    let occupied = (0..<cells).flatMap { row in
      (0..<cells).filter { ($0 + row) % 2 == 0 }.map { (row: row, column: $0) }
    }
    columns = occupied.map { Float(2 * $0.column - cells) }
    rows = occupied.map { Float(2 * $0.row - cells) }
  }

  public var name: String { "checkerboard" }
  public var summary: String { "checkerboard of \(cells)x\(cells) cells" }
  private var area: Double { 4 * Double(columns.count) }
  /// `ln` of the occupied area.
  public var entropy: Double? { log(area) }
  public var mean: SIMD2<Double> { .zero }
  public var deviation: Double {
    let squares = columns.map { Double($0 + 1) * Double($0 + 1) }.reduce(0, +) / Double(columns.count)
    return (squares + 1.0 / 3).squareRoot()
  }

  /// `-ln` of the occupied area on occupied cells, minus infinity elsewhere.
  public func logDensity(x: Double, y: Double) -> Double? {
    let side = Double(cells)
    guard (-side..<side).contains(x), (-side..<side).contains(y) else { return x.isNaN || y.isNaN ? nil : -.infinity }
    let column = Int((x + side) / 2), row = Int((y + side) / 2)
    return (column + row) % 2 == 0 ? -log(area) : -.infinity
  }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, _) = source.words()
    let cell = index(a, below: UInt32(columns.count))
    var x = SIMD8<Float>(), y = SIMD8<Float>()
    for lane in 0..<8 {
      x[lane] = columns[Int(cell[lane])]
      y[lane] = rows[Int(cell[lane])]
    }
    // Twenty bits are exact after the shift, so that no point rounds into the next cell.
    return PointLanes(
      x: x + 2 * uniform(b & 0xFFFF_F000), y: y + 2 * uniform(c & 0xFFFF_F000), label: Words(repeating: 0))
  }
}

/// Gaussian blades, swept around the origin the more the farther out.
///
/// `x = 2 R(2 pi k/arms + rate e^a) (a, b)` with a ~ N(1, radial^2), b ~ N(0, tangential^2) and R a rotation.
///
/// Reference: Johnson et al., "Composing graphical models with neural networks", NIPS 2016, figure 1; twice the size as
/// in FFJORD.
public struct Pinwheel: PlanarDistribution {
  public let arms: Int
  public let radialDeviation: Double
  public let tangentialDeviation: Double
  public let rate: Double

  /// - Parameters:
  ///   - arms: 2 to 64.
  ///   - radialDeviation: along a blade, up to 1.
  ///   - tangentialDeviation: across a blade, up to 1.
  ///   - rate: of the sweep, 0 to 2 radians.
  public init(
    arms: Int = 5, radialDeviation: Double = 0.3, tangentialDeviation: Double = 0.1, rate: Double = 0.25
  ) throws(DatasetError) {
    try Parameter.count(arms, 2...64, dataset: "pinwheel", key: "arms")
    try Parameter.within(radialDeviation, 1e-6...1, dataset: "pinwheel", key: "radial-deviation")
    try Parameter.within(tangentialDeviation, 1e-6...1, dataset: "pinwheel", key: "tangential-deviation")
    try Parameter.within(rate, 0...2, dataset: "pinwheel", key: "rate")
    self.arms = arms
    self.radialDeviation = radialDeviation
    self.tangentialDeviation = tangentialDeviation
    self.rate = rate
  }

  public var name: String { "pinwheel" }
  public var summary: String { "pinwheel of \(arms) arms" }
  public var classCount: Int? { arms }
  public var mean: SIMD2<Double> { .zero }
  /// Rotations keep lengths: `E |x|^2 = 4 (1 + radial^2 + tangential^2)`.
  public var deviation: Double {
    (2 * (1 + radialDeviation * radialDeviation + tangentialDeviation * tangentialDeviation)).squareRoot()
  }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, _) = source.words()
    let arm = index(a, below: UInt32(arms))
    let (first, second) = normals(b, c)
    let along = 1 + Float(radialDeviation) * first
    let across = Float(tangentialDeviation) * second
    let turns = float(arm) / Float(arms) + Float(rate / (2 * Double.pi)) * exponential(along)
    let (sine, cosine) = sineCosine(ofTurns: turns)
    return PointLanes(
      x: 2 * (along * cosine - across * sine), y: 2 * (along * sine + across * cosine), label: arm)
  }
}
