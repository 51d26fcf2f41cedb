import Foundation

/// Means on a table, as the vector loops read them, with one deviation for all.
struct ModeTable: Sendable {
  let x: [Float]
  let y: [Float]
  let deviation: Float

  init(means: [SIMD2<Double>], deviation: Double) {
    x = means.map { Float($0.x) }
    y = means.map { Float($0.y) }
    self.deviation = Float(deviation)
  }

  /// A mode at random, then a normal about its mean.
  @inline(__always)
  func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, _) = source.words()
    let mode = index(a, below: UInt32(truncatingIfNeeded: x.count))
    let (first, second) = normals(b, c)
    var meanX = SIMD8<Float>(), meanY = SIMD8<Float>()
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for lane in 0..<8 {
          meanX[lane] = x[Int(mode[lane])]
          meanY[lane] = y[Int(mode[lane])]
        }
      }
    }
    return PointLanes(x: meanX + deviation * first, y: meanY + deviation * second, label: mode)
  }
}

/// Sums over equal Gaussian components.
enum GaussianMixture {
  /// `ln (1/K sum of exp(-d_k / (2 sigma^2)) / (sqrt(2 pi) sigma)^n)` for squared distances d_k in n dimensions.
  static func logDensity(squaredDistances: some Sequence<Double>, count: Int, deviation: Double, dimension: Int)
    -> Double
  {
    let factor = -0.5 / (deviation * deviation)
    var largest = -Double.infinity
    var sum = 0.0
    for distance in squaredDistances {
      let exponent = factor * distance
      if exponent > largest {
        sum = sum * exp(largest - exponent) + 1
        largest = exponent
      } else {
        sum += exp(exponent - largest)
      }
    }
    let normalizer = Double(dimension) * (0.5 * log(2 * Double.pi) + log(deviation))
    return largest + log(sum) - log(Double(count)) - normalizer
  }

  /// Nodes and weights of `E f(Z)`, Z standard normal: the trapezoid rule, which converges exponentially here.
  static let normalNodes: [(node: Double, weight: Double)] = {
    let nodes = stride(from: -7.5, through: 7.5, by: 0.25).map { ($0, exp(-$0 * $0 / 2)) }
    let sum = nodes.reduce(0) { $0 + $1.1 }
    return nodes.map { ($0.0, $0.1 / sum) }
  }()
}

/// Gaussians of equal weight, evenly spaced on a circle about the origin, the first at angle 0.
///
/// `p(x) = 1/K sum of N(x; r (cos 2 pi k/K, sin 2 pi k/K), sigma^2 I)`. Three sizes are in use and called the same:
/// radius 2, deviation 0.02 (Metz et al., "Unrolled generative adversarial networks", 2016: the default here), radius
/// 1, deviation 0.01 (Lin et al., "PacGAN", 2017), radius 4, deviation 0.5, all over sqrt 2 (FFJORD).
public struct Ring: PlanarDistribution {
  public let count: Int
  public let radius: Double
  public let sigma: Double
  private let table: ModeTable
  private let means: [SIMD2<Double>]

  /// - Parameters:
  ///   - modes: 1 to 10,000.
  ///   - radius: of the circle that the means lie on.
  ///   - deviation: standard deviation of each Gaussian along each axis.
  public init(modes: Int = 8, radius: Double = 2, deviation: Double = 0.02) throws(DatasetError) {
    try Parameter.count(modes, 1...10_000, dataset: "ring", key: "modes")
    try Parameter.positive(radius, dataset: "ring", key: "radius")
    try Parameter.positive(deviation, dataset: "ring", key: "deviation")
    count = modes
    self.radius = radius
    sigma = deviation
    means = (0..<modes).map { mode in
      let angle = 2 * Double.pi * Double(mode) / Double(modes)
      return SIMD2(radius * cos(angle), radius * sin(angle))
    }
    table = ModeTable(means: means, deviation: deviation)
  }

  public var name: String { "ring" }
  public var summary: String {
    "ring of \(count) Gaussians, radius \(Parameter.text(radius)), deviation \(Parameter.text(sigma))"
  }
  public var classCount: Int? { count }
  public var modes: MixtureModes? {
    MixtureModes(
      means: means.map { [$0.x, $0.y] }, deviation: sigma,
      weights: Array(repeating: 1 / Double(count), count: count))
  }
  public var mean: SIMD2<Double> { count == 1 ? SIMD2(radius, 0) : .zero }
  public var deviation: Double {
    (sigma * sigma + (count == 1 ? 0 : radius * radius / 2)).squareRoot()
  }

  public func logDensity(x: Double, y: Double) -> Double? {
    GaussianMixture.logDensity(
      squaredDistances: means.lazy.map { (x - $0.x) * (x - $0.x) + (y - $0.y) * (y - $0.y) }, count: count,
      deviation: sigma, dimension: 2)
  }

  /// `-E ln p(x)`: by symmetry over one component. It is `ln K + ln(2 pi e sigma^2)` where modes do not overlap.
  public var entropy: Double? {
    let distance = count == 1 ? .infinity : 2 * radius * sin(.pi / Double(count))
    if distance > 16 * sigma { return log(Double(count)) + log(2 * .pi * M_E * sigma * sigma) }
    // The quadrature takes 3,721 densities of `count` terms each.
    guard count <= 512 else { return nil }
    var sum = 0.0
    for (u, weightU) in GaussianMixture.normalNodes {
      for (v, weightV) in GaussianMixture.normalNodes {
        sum -= weightU * weightV * (logDensity(x: radius + sigma * u, y: sigma * v) ?? 0)
      }
    }
    return sum
  }

  public func draw(_ source: PointSource) -> PointLanes { table.draw(source) }
}

/// Gaussians of equal weight on a square grid centred at the origin.
///
/// A product of two one-dimensional mixtures. `side` 5, spacing 2, deviation 0.05 is the "25 Gaussians" of Lin et al.,
/// "PacGAN", 2017.
public struct Grid: PlanarDistribution {
  public let side: Int
  public let spacing: Double
  public let sigma: Double
  private let table: ModeTable
  private let coordinates: [Double]

  /// - Parameters:
  ///   - side: modes along each axis, 1 to 100.
  ///   - spacing: between neighbouring means.
  ///   - deviation: standard deviation of each Gaussian along each axis.
  public init(side: Int = 5, spacing: Double = 2, deviation: Double = 0.05) throws(DatasetError) {
    try Parameter.count(side, 1...100, dataset: "grid", key: "side")
    try Parameter.positive(spacing, dataset: "grid", key: "spacing")
    try Parameter.positive(deviation, dataset: "grid", key: "deviation")
    self.side = side
    self.spacing = spacing
    sigma = deviation
    let coordinates = (0..<side).map { (Double($0) - Double(side - 1) / 2) * spacing }
    self.coordinates = coordinates
    table = ModeTable(
      means: coordinates.flatMap { y in coordinates.map { SIMD2($0, y) } }, deviation: deviation)
  }

  public var name: String { "grid" }
  public var summary: String {
    "grid of \(side)x\(side) Gaussians, spacing \(Parameter.text(spacing)), deviation \(Parameter.text(sigma))"
  }
  public var classCount: Int? { side * side }
  public var modes: MixtureModes? {
    MixtureModes(
      means: coordinates.flatMap { y in coordinates.map { [$0, y] } }, deviation: sigma,
      weights: Array(repeating: 1 / Double(side * side), count: side * side))
  }
  public var mean: SIMD2<Double> { .zero }
  public var deviation: Double {
    (spacing * spacing * Double(side * side - 1) / 12 + sigma * sigma).squareRoot()
  }

  public func logDensity(x: Double, y: Double) -> Double? {
    logDensity(x) + logDensity(y)
  }

  /// Twice the entropy of one axis.
  public var entropy: Double? {
    var sum = 0.0
    for mean in coordinates {
      for (node, weight) in GaussianMixture.normalNodes { sum -= weight * logDensity(mean + sigma * node) }
    }
    return 2 * sum / Double(side)
  }

  public func draw(_ source: PointSource) -> PointLanes { table.draw(source) }

  private func logDensity(_ x: Double) -> Double {
    GaussianMixture.logDensity(
      squaredDistances: coordinates.lazy.map { (x - $0) * (x - $0) }, count: side, deviation: sigma, dimension: 1)
  }
}
