import Foundation
import Testing

@testable import Measures

@Suite struct OscillationTests {
  /// x and y turn by a complex factor a step.
  private func turning(
    _ count: Int, period: Double, growth: Double = 0, noise: Double = 0, drift: Double = 0, seed: UInt64 = 1
  ) -> (x: [Double], y: [Double]) {
    var sampler = Sampler(seed: seed)
    var (x, y): ([Double], [Double]) = ([], [])
    for step in 0..<count {
      let angle = 2 * Double.pi * Double(step) / period
      let radius = exp(growth * Double(step))
      x.append(5 + radius * cos(angle) + noise * sampler.normal() + drift * Double(step))
      y.append(-3 + radius * sin(angle) + noise * sampler.normal() - drift * Double(step))
    }
    return (x, y)
  }

  @Test(arguments: [4.5, 13, 40]) func rotationIsMeasured(period: Double) throws {
    for growth in [-0.01, 0, 0.002, 0.02] {
      let (x, y) = turning(400, period: period, growth: growth, drift: 0.001)
      let found = try #require(try sustainedOscillation(x, y, stepsPerSample: 10))
      #expect(abs(found.period / (10 * period) - 1) < 0.01)
      // The sine comes a quarter after the cosine.
      #expect(abs(found.lag - 0.25) < 0.02 && found.coherence > 0.95 && found.isRotation)
      #expect(abs(found.growth - growth / 10) < 0.05 * abs(growth) / 10 + 2e-5)
      #expect(found.trend == (abs(growth) < 0.001 ? .steady : growth > 0 ? .growing : .decaying))
      let amplitude = exp(growth * 400)
      #expect(abs(found.firstAmplitude / amplitude - 1) < 0.35 && abs(found.secondAmplitude / amplitude - 1) < 0.35)
      let turned = try #require(try sustainedOscillation(y, x))
      #expect(abs(turned.lag + 0.25) < 0.02)
    }
  }

  @Test func otherPhases() throws {
    let (x, y) = turning(300, period: 21, noise: 0.1)
    let together = try #require(try sustainedOscillation(x, x.map { 3 * $0 + 1 }))
    #expect(abs(together.lag) < 0.01 && !together.isRotation && together.severity == .warning)
    #expect(together.message.hasPrefix("oscillation: the players swing together every 21"))
    #expect(abs(together.secondAmplitude / together.firstAmplitude - 3) < 0.01)
    let against = try #require(try sustainedOscillation(x, x.map { -$0 }))
    #expect(abs(abs(against.lag) - 0.5) < 0.01 && against.message.contains("against each other"))
    let rotation = try #require(try sustainedOscillation(x, y))
    #expect(rotation.message.hasPrefix("rotation: the players circle each other every 21"))
    #expect(rotation.rule.contains("coherence"))
    // Only one of them swings.
    let flat = try sustainedOscillation(x, turning(300, period: 21, growth: -5, noise: 1).x)
    #expect(flat == nil)
  }

  /// Simultaneous gradient steps on the Dirac-GAN f(t) = -ln(1 + e^-t): eigenvalues 1 +- i h/2 near the equilibrium;
  /// with R1 1 - h g/2 -+ i h sqrt(1/4 - g^2/4).
  @Test(arguments: [0, 0.02]) func diracGame(penalty: Double) throws {
    let h = 0.2
    var (theta, psi) = (0.001, 0.0)
    var (x, y): ([Double], [Double]) = ([], [])
    for _ in 0..<600 {
      let slope = 1 / (1 + exp(theta * psi))
      (theta, psi) = (theta - h * slope * psi, psi + h * (slope * theta - penalty * psi))
      x.append(psi)
      y.append(theta)
    }
    // The matrix [[1, -h/2], [h/2, 1 - h g]]: half the trace and the determinant.
    let (trace, determinant) = (1 - h * penalty / 2, 1 - h * penalty + h * h / 4)
    let angle = acos(trace / determinant.squareRoot())
    let found = try #require(try sustainedOscillation(x, y))
    #expect(abs(found.period / (2 * Double.pi / angle) - 1) < 0.01)
    #expect(abs(found.growth / (log(determinant) / 2) - 1) < 0.1)
    #expect(found.isRotation && found.trend == .growing && found.severity == .critical)
    #expect(found.message.contains("the amplitude grows by"))
  }

  /// Red noise of both players, independent or the same, swings at every period and at none.
  @Test func noiseIsLeftAlone() throws {
    var sampler = Sampler(seed: 77)
    var found = 0
    for trial in 0..<300 {
      let memory = [0, 0.9, 0.99, 1][trial % 4]
      let shared = [0, 0.7, 1][trial % 3]
      var (a, b) = (0.0, 0.0)
      var (x, y): ([Double], [Double]) = ([], [])
      for _ in 0..<256 {
        let common = sampler.normal()
        a = memory * a + common
        b = memory * b + shared * common + (1 - shared * shared).squareRoot() * sampler.normal()
        x.append(a)
        y.append(b)
      }
      if try sustainedOscillation(x, y) != nil { found += 1 }
    }
    #expect(found <= 4)
  }

  @Test func rotationUnderNoiseIsFound() throws {
    for trial in 0..<20 {
      let period = 5 + 1.7 * Double(trial)
      let (x, y) = turning(256, period: period, noise: 0.4, drift: 0.02, seed: UInt64(trial))
      let found = try #require(try sustainedOscillation(x, y))
      #expect(found.isRotation && abs(found.period / period - 1) < 0.03)
    }
  }

  @Test func degenerate() throws {
    let (x, y) = turning(200, period: 12)
    #expect(try sustainedOscillation([], []) == nil)
    #expect(try sustainedOscillation(Array(x.prefix(63)), Array(y.prefix(63))) == nil)
    #expect(try sustainedOscillation(Array(repeating: 3, count: 200), y) == nil)
    #expect(try sustainedOscillation(Array(repeating: 0, count: 200), Array(repeating: 0, count: 200)) == nil)
    #expect(try sustainedOscillation((0..<200).map { Double($0) }, y) == nil)
    #expect(try sustainedOscillation(x.map { 1e300 * $0 }, y.map { 1e-300 * $0 })?.isRotation == true)
    #expect(throws: MeasureError.countMismatch(what: "samples", expected: 200, found: 1)) {
      try sustainedOscillation(x, [1])
    }
    #expect(throws: MeasureError.nonFinite(what: "samples", count: 1)) {
      try sustainedOscillation(x, y.dropLast() + [.nan])
    }
    #expect(throws: MeasureError.rangeNotPositive(what: "steps of a sample", value: 0)) {
      try sustainedOscillation(x, y, stepsPerSample: 0)
    }
  }

  @Test func fourierTransform() {
    var sampler = Sampler(seed: 2)
    let x = (0..<13).map { _ in sampler.normal() }
    let y = (0..<13).map { _ in sampler.normal() }
    let (first, second) = FourierTransform.spectra(x, y, length: 16)
    for k in 0...8 {
      for (series, found) in [(x, first[k]), (y, second[k])] {
        var (re, im) = (0.0, 0.0)
        for (t, value) in series.enumerated() {
          re += value * cos(2 * Double.pi * Double(k * t) / 16)
          im -= value * sin(2 * Double.pi * Double(k * t) / 16)
        }
        #expect(abs(found.re - re) < 1e-12 && abs(found.im - im) < 1e-12)
      }
    }
  }
}

@Suite struct OscillationDetectorTests {
  private func feed(
    _ detector: inout OscillationDetector, _ steps: some Sequence<Int>, period: Double,
    radius: (Int) -> Double = { _ in 1 }
  ) {
    for step in steps {
      let angle = 2 * Double.pi * Double(step) / period
      detector.observe(step: step, first: radius(step) * cos(angle), second: radius(step) * sin(angle) + 7)
    }
  }

  /// From a few reports to many thousands a turn.
  @Test(arguments: [60.0, 900, 40_000]) func findsAnyPeriod(period: Double) throws {
    var detector = OscillationDetector()
    feed(&detector, stride(from: 0, to: Int(12 * period) + 4000, by: 10), period: period)
    let found = try #require(detector.oscillation)
    #expect(abs(found.period / period - 1) < 0.02, "\(found)")
    #expect(found.isRotation && found.trend == .steady)
    let stored = try JSONEncoder().encode(detector)
    #expect(stored.count < 2_000_000)
    #expect(try JSONDecoder().decode(OscillationDetector.self, from: stored).oscillation?.isRotation == true)
  }

  @Test func seesItBeginAndEnd() {
    var detector = OscillationDetector()
    feed(&detector, 0..<300, period: 20) { _ in 0 }
    #expect(detector.oscillation == nil)
    feed(&detector, 300..<900, period: 20)
    #expect(detector.oscillation?.isRotation == true)
    feed(&detector, 900..<3000, period: 20) { _ in 0 }
    #expect(detector.oscillation == nil)
  }

  @Test func rewindsAndOddInput() {
    var detector = OscillationDetector()
    feed(&detector, 0..<600, period: 20)
    #expect(detector.oscillation != nil)
    let before = detector
    detector.observe(step: 600, first: .nan, second: 1)
    detector.observe(step: 599, first: 1, second: 1)
    #expect(detector == before)
    detector.observe(step: 100, first: 1, second: 1)
    #expect(detector.oscillation == nil)
    feed(&detector, 101..<300, period: 20)
    #expect(detector.oscillation != nil)
  }
}
