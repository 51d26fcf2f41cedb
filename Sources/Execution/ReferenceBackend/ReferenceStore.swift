import Tensors

/// The variables of a run on the reference backend.
public final class ReferenceStore: VariableStore {
  public let seed: UInt64
  public let variables: [Variable]
  private var contents: [String: [Double]] = [:]

  init(_ variables: [Variable], seed: UInt64) throws {
    self.seed = seed
    var known: [String: Variable] = [:]
    var unique: [Variable] = []
    for variable in variables {
      if let earlier = known.updateValue(variable, forKey: variable.name) {
        guard earlier.shape == variable.shape, earlier.dtype == variable.dtype else {
          throw TensorError.duplicateName(variable.name)
        }
      } else {
        unique.append(variable)
      }
    }
    self.variables = unique
    for variable in unique { try setValues(variable.initial(seed), of: variable.name) }
  }

  public func values(of name: String) throws(ExecutionError) -> [Double] {
    guard let values = contents[name] else { throw .unknownVariable(name) }
    return values
  }

  public func setValues(_ values: [Double], of name: String) throws(ExecutionError) {
    guard let variable = variables.first(where: { $0.name == name }) else { throw .unknownVariable(name) }
    guard values.count == variable.shape.count else {
      throw .wrongCount(name: name, expected: variable.shape.count, found: values.count)
    }
    contents[name] = values.map(variable.dtype.rounded)
  }

  /// The elements of a variable of a compiled program, whose presence `compile` has checked.
  func read(_ variable: Variable) -> [Double] {
    contents[variable.name] ?? Array(repeating: .nan, count: variable.shape.count)
  }

  /// Takes elements that are already rounded to the variable's type.
  func write(_ values: [Double], to variable: Variable) { contents[variable.name] = values }
}
