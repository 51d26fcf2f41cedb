import Foundation
import Stability
import Tensors

/// Numbers that look random, in −1 ... 1, equal in every run.
func numbers(_ count: Int, stream: String = "numbers") -> [Double] {
  Philox(seed: 11, stream: stream).draw(.uniform, count: count, sample: 0, counter: 0, substep: 0).map { 2 * $0 - 1 }
}

/// The greatest distance when each eigenvalue is given the nearest of the others that is left.
func distance(_ found: [Eigenvalue], _ expected: [Eigenvalue]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var left = expected
  var worst = 0.0
  for value in found {
    let distances = left.map { Eigenvalue($0.real - value.real, $0.imaginary - value.imaginary).modulus }
    guard let index = distances.indices.min(by: { distances[$0] < distances[$1] }) else { return .infinity }
    worst = max(worst, distances[index])
    left.remove(at: index)
  }
  return worst
}

/// The greatest difference of two arrays' elements.
func difference(_ found: [Double], _ expected: [Double]) -> Double {
  found.count == expected.count ? zip(found, expected).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

/// Numbers that PyTorch and SciPy made: scripts/parity/make_stability.py.
func load<Record: Decodable>(_ name: String, as type: Record.Type = Record.self) throws -> Record {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
  return try JSONDecoder().decode(Record.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
}
