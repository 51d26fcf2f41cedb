import Foundation

/// Two interleaved half circles of radius 1, with Gaussian noise.
///
/// `(cos t, sin t)` and `(1 - cos t, 1/2 - sin t)`, t uniform on 0...pi: scikit-learn's `make_moons`.
public struct TwoMoons: PlanarDistribution {
  public let noise: Double
  private let mixture: CurveMixture

  /// - Parameter noise: standard deviation of the noise along each axis, 0 to 10; without noise there is no density.
  public init(noise: Double = 0.1) throws(DatasetError) {
    try Parameter.within(noise, 0...10, dataset: "moons", key: "noise")
    self.noise = noise
    let density: @Sendable (Double) -> Double = { _ in 1 / .pi }
    mixture = CurveMixture(
      [
        Curve(range: 0 ... .pi, speed: 1, point: { SIMD2(cos($0), sin($0)) }, density: density),
        Curve(range: 0 ... .pi, speed: 1, point: { SIMD2(1 - cos($0), 0.5 - sin($0)) }, density: density),
      ], noise: noise)
  }

  public var name: String { "moons" }
  public var summary: String { "two moons, noise \(Parameter.text(noise))" }
  public var classCount: Int? { 2 }
  /// By quadrature; a computation of some milliseconds.
  public var entropy: Double? { mixture.entropy() }
  public var mean: SIMD2<Double> { mixture.mean }
  public var deviation: Double { mixture.deviation }
  public func logDensity(x: Double, y: Double) -> Double? { mixture.logDensity(x, y) }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, _) = source.words()
    // The top bit chooses the moon, the other 31 the place on its half turn.
    let moon = a &>> 31
    let (sine, cosine) = sineCosine(ofTurns: a & 0x7FFF_FFFF)
    // The lower moon is the upper one turned: 1 - cos, 1/2 - sin.
    let lower = float(moon)
    let x = cosine + lower * (Float(1) - 2 * cosine)
    let y = sine + lower * (Float(0.5) - 2 * sine)
    let (first, second) = normals(b, c)
    return PointLanes(x: x + Float(noise) * first, y: y + Float(noise) * second, label: moon)
  }
}

/// A roll of one and a half turns, with Gaussian noise.
///
/// `(t cos t, t sin t) / 5`, t uniform on 1.5 pi ... 4.5 pi: the plane section of scikit-learn's `make_swiss_roll` at a
/// fifth of its size, so noise 0.2 here is 1 there (FFJORD's).
public struct SwissRoll: PlanarDistribution {
  public let noise: Double
  private let mixture: CurveMixture

  /// - Parameter noise: standard deviation of the noise along each axis, 0 to 10; without noise there is no density.
  public init(noise: Double = 0.2) throws(DatasetError) {
    try Parameter.within(noise, 0...10, dataset: "swiss-roll", key: "noise")
    self.noise = noise
    let length = 3 * Double.pi
    mixture = CurveMixture(
      [
        Curve(
          range: 1.5 * .pi...4.5 * .pi, speed: (1 + 20.25 * .pi * .pi).squareRoot() / 5,
          point: { SIMD2($0 * cos($0), $0 * sin($0)) / 5 }, density: { _ in 1 / length })
      ], noise: noise)
  }

  public var name: String { "swiss-roll" }
  public var summary: String { "swiss roll, noise \(Parameter.text(noise))" }
  /// By quadrature; a computation of some milliseconds.
  public var entropy: Double? { mixture.entropy() }
  public var mean: SIMD2<Double> { mixture.mean }
  public var deviation: Double { mixture.deviation }
  public func logDensity(x: Double, y: Double) -> Double? { mixture.logDensity(x, y) }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, _) = source.words()
    let turns = Float(0.75) + Float(1.5) * uniform(a)
    let (sine, cosine) = sineCosine(ofTurns: turns)
    let radius = turns * Float(2 * Double.pi / 5)
    let (first, second) = normals(b, c)
    return PointLanes(x: radius * cosine + Float(noise) * first, y: radius * sine + Float(noise) * second)
  }
}

/// Archimedean spirals of one and a half turns, evenly rotated, with Gaussian noise.
///
/// Arm k: `t (cos(t + 2 pi k/arms), sin(t + 2 pi k/arms)) / 3`, t = 3 pi sqrt(u) with u uniform, which spreads points
/// almost evenly along the arm. Two arms are FFJORD's `2spirals` without its uniform jitter.
public struct Spiral: PlanarDistribution {
  public let arms: Int
  public let noise: Double
  private let mixture: CurveMixture

  /// - Parameters:
  ///   - arms: 1 to 12.
  ///   - noise: standard deviation of the noise along each axis, 0 to 10; without noise there is no density.
  public init(arms: Int = 2, noise: Double = 0.1) throws(DatasetError) {
    try Parameter.count(arms, 1...12, dataset: "spiral", key: "arms")
    try Parameter.within(noise, 0...10, dataset: "spiral", key: "noise")
    self.arms = arms
    self.noise = noise
    let end = 3 * Double.pi
    mixture = CurveMixture(
      (0..<arms).map { arm in
        let phase = 2 * Double.pi * Double(arm) / Double(arms)
        return Curve(
          range: 0...end, speed: (1 + end * end).squareRoot() / 3,
          point: { SIMD2($0 * cos($0 + phase), $0 * sin($0 + phase)) / 3 }, density: { 2 * $0 / (end * end) })
      }, noise: noise)
  }

  public var name: String { "spiral" }
  public var summary: String { "spiral of \(arms) \(arms == 1 ? "arm" : "arms"), noise \(Parameter.text(noise))" }
  public var classCount: Int? { arms }
  /// By quadrature; a computation of some milliseconds.
  public var entropy: Double? { mixture.entropy() }
  public var mean: SIMD2<Double> { mixture.mean }
  public var deviation: Double { mixture.deviation }
  public func logDensity(x: Double, y: Double) -> Double? { mixture.logDensity(x, y) }

  public func draw(_ source: PointSource) -> PointLanes {
    let (a, b, c, d) = source.words()
    let arm = index(a, below: UInt32(arms))
    let root = uniform(b).squareRoot()
    let (sine, cosine) = sineCosine(ofTurns: Float(1.5) * root + float(arm) / Float(arms))
    let radius = root * Float(Double.pi)
    let (first, second) = normals(c, d)
    return PointLanes(
      x: radius * cosine + Float(noise) * first, y: radius * sine + Float(noise) * second, label: arm)
  }
}
