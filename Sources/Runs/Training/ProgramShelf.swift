import Execution
import Models
import Tensors

/// Programs of an observer's store, each compiled when it is first wanted.
final class ProgramShelf {
  let store: CPUStore
  private var programs: [String: CPUProgram] = [:]
  private let prepare: (() throws -> CPUProgram) throws -> CPUProgram

  /// - Parameter prepare: accounts for the time that compiling takes.
  init(store: CPUStore, prepare: @escaping (() throws -> CPUProgram) throws -> CPUProgram) {
    self.store = store
    self.prepare = prepare
  }

  func has(_ key: String) -> Bool { programs[key] != nil }

  /// The program of a key, with the scalar inputs set.
  func program(_ key: String, inputs: [String: Double], _ make: () throws -> Program) throws -> CPUProgram {
    let program: CPUProgram
    if let known = programs[key] {
      program = known
    } else {
      program = try prepare {
        let made = try make()
        try made.verify()
        return try CPUBackend().compile(made, store: store)
      }
      programs[key] = program
    }
    program.setInputs(inputs)
    return program
  }

  /// Forgets all of them: the networks are others now.
  func clear() { programs = [:] }
}
