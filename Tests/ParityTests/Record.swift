import Foundation

/// Numbers that PyTorch made: scripts/parity/make_parity.py.
struct Record: Decodable {
  /// A training of one objective, optimizer and precision.
  struct Run: Decodable {
    /// Of each player, for each step.
    let losses: [String: [Double]]
    /// Parameters and statistics after the last step.
    let final: [String: [Double]]
  }
  struct Inputs: Decodable {
    let real: [[Double]]?
    let noise1: [[Double]]?
    let noise2: [[Double]]?
    let share: [[Double]]?
    let images: [Double]?
    let rows: [[Int]]?
    let noise: [[Double]]?
  }
  let initial: [String: [Double]]
  let inputs: Inputs
  let cases: [String: [String: Run]]

  static func load(_ name: String) throws -> Record {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
    return try JSONDecoder().decode(Record.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }
}
