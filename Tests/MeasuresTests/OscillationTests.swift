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

  /// For tuning: SCRATCH
  @Test func scratch() throws {
    var sampler = Sampler(seed: 77)
    func rate(_ name: String, _ make: (inout Sampler) -> (x: [Double], y: [Double])) throws {
      var hits = 0
      var rotations = 0
      for _ in 0..<400 {
        let (x, y) = make(&sampler)
        if let found = try sustainedOscillation(x, y) {
          hits += 1
          if found.isRotation { rotations += 1 }
        }
      }
      print("RATE", name, hits, rotations)
    }
    for n in [64, 128, 256, 512, 1500] {
      for phi in [0, 0.5, 0.9, 0.97, 0.99, 1.0] {
        for correlation in [0.0, 0.7, 1] {
          try rate("n \(n) phi \(phi) corr \(correlation)") { sampler in
            var (x, y): ([Double], [Double]) = ([], [])
            var (a, b) = (0.0, 0.0)
            for _ in 0..<n {
              let common = sampler.normal()
              a = phi * a + common
              b = phi * b + correlation * common + (1 - correlation * correlation).squareRoot() * sampler.normal()
              x.append(a)
              y.append(b)
            }
            return (x, y)
          }
        }
      }
      for noise in [0.3, 0.5, 0.7, 1, 1.5] {
        try rate("n \(n) rotation, noise \(noise)") { sampler in
          let period = 4 * pow(Double(n) / 28, sampler.uniform())
          return turning(n, period: period, noise: noise, drift: 0.01, seed: UInt64(sampler.integer(below: 1 << 30)))
        }
      }
    }
  }
}
