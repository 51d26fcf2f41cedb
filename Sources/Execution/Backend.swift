import Tensors

/// What makes programs run. Programs compiled for one store share its variables.
public protocol Backend {
  /// Variables with their initial values; `seed` also keys the random streams of every program on the store.
  func makeStore(_ variables: [Variable], seed: UInt64) throws -> any VariableStore
  /// Prepares a program to be run many times.
  ///
  /// - Throws: a `TensorError` for a malformed program, an `ExecutionError` for what the backend cannot do.
  func compile(_ program: Program, store: any VariableStore) throws -> any CompiledProgram
}

/// The variables of a run.
public protocol VariableStore: AnyObject {
  var seed: UInt64 { get }
  var variables: [Variable] { get }
  /// Row-major elements, converted to Double.
  func values(of name: String) throws(ExecutionError) -> [Double]
  func setValues(_ values: [Double], of name: String) throws(ExecutionError)
}

/// A program that is ready to run; used from one thread at a time.
public protocol CompiledProgram: AnyObject {
  var program: Program { get }
  /// Sets an input, row-major; it keeps its value until it is set again.
  func setInput(_ name: String, _ values: [Double]) throws(ExecutionError)
  /// Computes the outputs, then makes the assignments. Random streams are at (`counter`, `substep`).
  func run(counter: UInt64, substep: UInt32)
  /// An output of the last run, row-major.
  func output(_ name: String) throws(ExecutionError) -> [Double]
}

/// Why a program cannot be compiled, or a value not be set or read.
public enum ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownVariable(String)
  case unknownInput(String, program: String)
  case unknownOutput(String, program: String)
  case wrongCount(name: String, expected: Int, found: Int)
  case unsupportedType(DType, operation: String, backend: String)
  case foreignStore(backend: String)
  case library(name: String, call: String, status: Int)
  case outOfMemory(bytes: Int)

  public var description: String {
    switch self {
    case .unknownVariable(let name): "no variable is named \(name)"
    case .unknownInput(let name, let program): "program \(program) has no input named \(name)"
    case .unknownOutput(let name, let program): "program \(program) has no output named \(name)"
    case .wrongCount(let name, let expected, let found): "\(name) takes \(expected) values, given \(found)"
    case .unsupportedType(let type, let operation, let backend):
      "the \(backend) backend has no \(operation) of type \(type.rawValue)"
    case .foreignStore(let backend): "the store was not made by the \(backend) backend"
    case .library(let name, let call, let status): "\(name): \(call) failed with status \(status)"
    case .outOfMemory(let bytes): "out of memory: \(bytes) bytes could not be had"
    }
  }
}
