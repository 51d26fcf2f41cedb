import Foundation

/// Points that a person drew, each blurred: `p(x) = sum of w_i N(x; p_i, jitter^2 I)`, the weights of sum 1.
public struct Drawing: PlanarDistribution {
  /// A drawn point and its share, up to a common factor.
  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var weight: Double
    public init(x: Double, y: Double, weight: Double = 1) {
      self.x = x
      self.y = y
      self.weight = weight
    }
  }

  public let points: [Point]
  public let jitter: Double
  private let x: [Float]
  private let y: [Float]
  /// In point i's stretch of 2^32 numbers those below `keep[i]` are its own, the others `other[i]`'s.
  private let keep: [UInt32]
  private let other: [UInt32]
  /// Normalized to a sum of 1.
  private let shares: [Double]

  /// The most points of a drawing.
  public static let limit = 10_000

  /// - Parameters:
  ///   - points: 1 to `limit`, with finite places and positive weights.
  ///   - jitter: standard deviation of the blur along each axis.
  public init(points: [Point], jitter: Double = 0.05) throws(DatasetError) {
    try Parameter.count(points.count, 1...Self.limit, dataset: "drawn", key: "number of points")
    try Parameter.positive(jitter, dataset: "drawn", key: "jitter")
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        throw .invalidParameter(
          dataset: "drawn", key: "points", value: "[\(point.x), \(point.y), \(point.weight)]",
          accepted: "finite coordinates")
      }
      try Parameter.positive(point.weight, dataset: "drawn", key: "weight")
    }
    self.points = points
    self.jitter = jitter
    x = points.map { Float($0.x) }
    y = points.map { Float($0.y) }
    let sum = points.reduce(0) { $0 + $1.weight }
    shares = points.map { $0.weight / sum }
    (keep, other) = Self.aliases(shares)
  }

  /// Walker's alias tables by Vose's method: a point of unequal weights at the price of one of equal ones.
  ///
  /// Reference: M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17
  /// (1991).
  private static func aliases(_ shares: [Double]) -> (keep: [UInt32], other: [UInt32]) {
    let count = shares.count
    var scaled = shares.map { $0 * Double(count) }
    var keep = [UInt32](repeating: .max, count: count)
    var other = (0..<count).map { UInt32($0) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let low = small.popLast(), let high = large.popLast() {
      keep[low] = UInt32(min(Double(UInt32.max), scaled[low] * 4_294_967_296))
      other[low] = UInt32(high)
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 { small.append(high) } else { large.append(high) }
    }
    return (keep, other)
  }

  public var name: String { "drawn" }
  public var summary: String {
    "drawing of \(points.count) point\(points.count == 1 ? "" : "s"), jitter \(Parameter.text(jitter))"
  }

  public var mean: SIMD2<Double> {
    zip(points, shares).reduce(SIMD2<Double>.zero) { $0 + $1.1 * SIMD2($1.0.x, $1.0.y) }
  }

  public var deviation: Double {
    let centre = mean
    let variance = zip(points, shares).reduce(0.0) { sum, pair in
      let difference = SIMD2(pair.0.x, pair.0.y) - centre
      return sum + pair.1 * (difference * difference).sum() / 2
    }
    return (variance + jitter * jitter).squareRoot()
  }

  public func logDensity(x: Double, y: Double) -> Double? {
    guard x.isFinite, y.isFinite else { return nil }
    let factor = -0.5 / (jitter * jitter)
    var largest = -Double.infinity
    var sum = 0.0
    for (point, share) in zip(points, shares) {
      let exponent = factor * ((x - point.x) * (x - point.x) + (y - point.y) * (y - point.y))
      if exponent > largest {
        sum = sum * exp(largest - exponent) + share
        largest = exponent
      } else {
        sum += share * exp(exponent - largest)
      }
    }
    return largest + log(sum) - log(2 * Double.pi) - 2 * log(jitter)
  }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, d) = source.words()
    let slot = index(a, below: UInt32(truncatingIfNeeded: x.count))
    let (first, second) = normals(b, c)
    var centreX = SIMD8<Float>(), centreY = SIMD8<Float>()
    for lane in 0..<8 {
      let place = Int(slot[lane])
      let chosen = d[lane] <= keep[place] ? place : Int(other[place])
      centreX[lane] = x[chosen]
      centreY[lane] = y[chosen]
    }
    let spread = Float(jitter)
    return PointLanes(x: centreX + spread * first, y: centreY + spread * second)
  }
}
