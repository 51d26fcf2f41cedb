import Foundation

@testable import Measures

/// Deterministic draws for the tests.
struct Sampler {
  private var generator: CounterGenerator

  init(seed: UInt64) { generator = CounterGenerator(seed: seed) }

  mutating func uniform() -> Double { generator.uniform() }

  /// Box and Muller's.
  mutating func normal() -> Double {
    (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * Double.pi * generator.uniform())
  }

  mutating func integer(below bound: Int) -> Int { generator.integer(below: bound) }
}

func points(_ dimension: Int, _ values: [Float]) throws -> PointSet {
  try PointSet(count: values.count / dimension, dimension: dimension, values: values)
}

func normalPoints(count: Int, dimension: Int, deviation: Double = 1, seed: UInt64) throws -> PointSet {
  var sampler = Sampler(seed: seed)
  return try points(dimension, (0..<count * dimension).map { _ in Float(deviation * sampler.normal()) })
}

func uniformPoints(count: Int, dimension: Int, seed: UInt64) throws -> PointSet {
  var sampler = Sampler(seed: seed)
  return try points(dimension, (0..<count * dimension).map { _ in Float(sampler.uniform()) })
}

/// The ring of the unrolled-GAN paper: 8 modes, radius 2, deviation 0.02. Its entropy is -2.9067 nats.
func ringModes() throws -> MixtureModes {
  let means = (0..<8).flatMap { mode -> [Float] in
    let angle = Double(mode) / 8 * 2 * Double.pi
    return [Float(2 * cos(angle)), Float(2 * sin(angle))]
  }
  return try MixtureModes(means: points(2, means), deviation: 0.02)
}

/// 25 modes, spacing 2, deviation 0.05. Its entropy is 0.0653 nats.
func gridModes() throws -> MixtureModes {
  var means: [Float] = []
  for row in -2...2 {
    for column in -2...2 { means += [Float(2 * column), Float(2 * row)] }
  }
  return try MixtureModes(means: points(2, means), deviation: 0.05)
}

/// Draws from the modes listed, all of them when nil, with the deviation scaled.
func samples(
  of mixture: MixtureModes, count: Int, modes: [Int]? = nil, scale: Double = 1, seed: UInt64
) throws -> PointSet {
  var sampler = Sampler(seed: seed)
  let available = modes ?? Array(0..<mixture.count)
  let dimension = mixture.means.dimension
  var values: [Float] = []
  for _ in 0..<count {
    let mode = available[sampler.integer(below: available.count)]
    for axis in 0..<dimension {
      let mean = Double(mixture.means.values[mode * dimension + axis])
      values.append(Float(mean + mixture.deviation * scale * sampler.normal()))
    }
  }
  return try points(dimension, values)
}

func map(_ points: PointSet, _ transform: (Float) -> Float) throws -> PointSet {
  try PointSet(count: points.count, dimension: points.dimension, values: points.values.map(transform))
}

/// What scripts/parity/make_measures.py draws, to the last bit.
extension Sampler {
  /// Of unequal deviations.
  mutating func features(_ count: Int, _ dimension: Int, shift: Double = 0) throws -> PointSet {
    var values: [Float] = []
    for _ in 0..<count {
      for axis in 0..<dimension {
        let sum = uniform() + uniform() + uniform() - 1.5 + shift
        values.append(Float(sum * (1 + 0.25 * Double(axis))))
      }
    }
    return try points(dimension, values)
  }

  mutating func integers(_ count: Int, below bound: Int) -> [Int] { (0..<count).map { _ in integer(below: bound) } }

  mutating func probabilities(_ count: Int, _ classes: Int) throws -> ClassProbabilities {
    var values: [Float] = []
    for _ in 0..<count {
      let row = (0..<classes).map { _ in uniform() }.map { $0 * $0 * $0 * $0 }
      let total = row.reduce(0, +)
      values += row.map { Float($0 / total) }
    }
    return try ClassProbabilities(points(classes, values))
  }
}

/// Whether two numbers are equal but for rounding.
func isNear(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
  abs(found - expected) <= tolerance * max(1, abs(expected))
}
