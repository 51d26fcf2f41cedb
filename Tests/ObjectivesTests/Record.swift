import Foundation
import Tensors

/// Numbers that PyTorch made: scripts/parity/make_objectives.py.
struct Record: Decodable {
  struct Values: Decodable {
    let shape: [Int]
    let values: [Double]
  }
  let inputs: [String: Values]
  /// One number of a loss; all elements of anything else.
  let value: [Double]
  /// Of the value, for some of the inputs.
  let gradients: [String: [Double]]

  static func load() throws -> [String: Record] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
    return try JSONDecoder().decode(
      [String: Record].self, from: Data(contentsOf: folder.appendingPathComponent("objectives.json")))
  }
}

/// A record's inputs as inputs of a program, in f64.
struct RecordedInputs {
  let tensors: [String: Tensor]

  init(_ record: Record) {
    tensors = Dictionary(
      uniqueKeysWithValues: record.inputs.map { name, values in
        (name, Input(name: name, shape: Shape(values.shape), dtype: .f64).value)
      })
  }

  /// The input of a name; in a trace the error of one that the record does not have.
  subscript(name: String) -> Tensor { tensors[name] ?? .missing(condition: name) }
}
