import Execution
import Tensors
import Testing

/// A backend, the precision it computes in, and how near to PyTorch it has to be.
struct Arena: Sendable, CustomTestStringConvertible {
  let name: String
  let type: DType
  let makeBackend: @Sendable () -> any Backend
  var testDescription: String { "\(name) \(type.rawValue)" }

  static let all = [
    Arena(name: "reference", type: .f64) { ReferenceBackend() },
    Arena(name: "reference", type: .f32) { ReferenceBackend() },
    Arena(name: "CPU", type: .f32) { CPUBackend() },
  ]

  /// Checks losses and last weights against PyTorch's: to 1e-8 in f64, to a relative distance of 1e-3 for each tensor in f32.
  func expect(_ losses: [String: [Double]], _ store: any VariableStore, equal run: Record.Run) throws {
    for (player, expected) in run.losses {
      let found = losses[player] ?? []
      #expect(found.count == expected.count)
      for (step, (a, b)) in zip(found, expected).enumerated() {
        #expect(abs(a - b) <= (type == .f64 ? 1e-8 : 1e-3) * max(1, abs(b)), "\(player)'s loss of step \(step)")
      }
    }
    for (name, expected) in run.final {
      let found = try store.values(of: name)
      #expect(found.count == expected.count)
      if type == .f64 {
        let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
        #expect(worst <= 1e-8, "\(name) is off by \(worst)")
      } else {
        let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(difference <= 1e-3 * length, "\(name) is off by \(difference) of \(length)")
      }
    }
  }
}
