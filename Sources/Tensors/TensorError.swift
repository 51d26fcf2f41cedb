/// Why an operation cannot be applied to its operands.
public enum TensorError: Error, Hashable, Sendable {
  case shapesDoNotBroadcast(operation: String, lhs: Shape, rhs: Shape, label: String)
  case shapeMismatch(operation: String, shapes: [Shape], rule: String, label: String)
  case axisOutOfRange(operation: String, axis: Int, shape: Shape, label: String)
  case typeMismatch(operation: String, types: [DType], rule: String, label: String)
  case wrongGradientCount(operation: String, expected: Int, found: Int)
  case wrongGradientShape(operation: String, operand: Int, expected: Shape, found: Shape)
  case lossIsNoScalar(Shape)
  case unknownInput(String)
  case duplicateName(String)
  case assignedTwice(String)
  case wrongVectorCount(outputs: Int, vectors: Int)
  /// A layer reads something beside its input that the pass does not have.
  case missingCondition(String, label: String)
}

extension TensorError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .shapesDoNotBroadcast(let operation, let lhs, let rhs, let label):
      "\(operation)\(at(label)): shapes \(lhs) and \(rhs) do not broadcast"
    case .shapeMismatch(let operation, let shapes, let rule, let label):
      "\(operation)\(at(label)): \(rule), found \(shapes.map(\.description).joined(separator: " and "))"
    case .axisOutOfRange(let operation, let axis, let shape, let label):
      "\(operation)\(at(label)): axis \(axis) is outside shape \(shape)"
    case .typeMismatch(let operation, let types, let rule, let label):
      "\(operation)\(at(label)): \(rule), found \(types.map(\.rawValue).joined(separator: " and "))"
    case .wrongGradientCount(let operation, let expected, let found):
      "the gradient of \(operation) has \(found) parts for \(expected) operands"
    case .wrongGradientShape(let operation, let operand, let expected, let found):
      "the gradient of \(operation) for operand \(operand) has shape \(found) instead of \(expected)"
    case .lossIsNoScalar(let shape): "a gradient needs a scalar, found shape \(shape)"
    case .unknownInput(let name): "the program has no input named \(name)"
    case .duplicateName(let name): "two tensors of the program are named \(name)"
    case .assignedTwice(let name): "variable \(name) is assigned twice in one program"
    case .missingCondition(let name, let label): "nothing was given for the condition \(name)\(at(label))"
    case .wrongVectorCount(let outputs, let vectors): "\(vectors) vectors for the products of \(outputs) outputs"
    }
  }

  private func at(_ label: String) -> String { label.isEmpty ? "" : " in \(label)" }
}
