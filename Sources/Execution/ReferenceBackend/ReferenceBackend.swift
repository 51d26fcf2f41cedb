import Tensors

/// The backend that other backends are checked against: plain loops in Double, one operation at a time, no rewriting.
///
/// Each result is rounded to its node's type: f32 to the nearest Float, i32 towards zero, bool to 0 or 1. So an f32 program
/// gets the correctly rounded value of each operation, sums included. NaN passes through every floating operation but
/// `step`, `isFinite`, comparisons and `select`. An input that was never set is zero.
public struct ReferenceBackend: Backend {
  public init() {}

  /// - Throws: `ExecutionError.wrongCount` where an initializer gives another number of elements than its shape has,
  ///   `TensorError.duplicateName` where one name has two shapes or types.
  public func makeStore(_ variables: [Variable], seed: UInt64) throws -> any VariableStore {
    try ReferenceStore(variables, seed: seed)
  }

  /// - Throws: a `TensorError` for a malformed program or a variable of another shape than the store's,
  ///   `ExecutionError.foreignStore` and `.unknownVariable` for what the store cannot serve.
  public func compile(_ program: Program, store: any VariableStore) throws -> any CompiledProgram {
    try program.verify()
    guard let store = store as? ReferenceStore else { throw ExecutionError.foreignStore(backend: "reference") }
    for variable in program.variables {
      guard let known = store.variables.first(where: { $0.name == variable.name }) else {
        throw ExecutionError.unknownVariable(variable.name)
      }
      guard known.shape == variable.shape, known.dtype == variable.dtype else {
        throw TensorError.duplicateName(variable.name)
      }
    }
    return ReferenceProgram(program, store: store)
  }
}
