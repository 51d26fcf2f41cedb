import Execution
import Tensors

/// A game whose field and Jacobian-vector product are programs, compiled once; used from one thread at a time.
///
/// In f64 on the `ReferenceBackend` its numbers are good to about 1e-12, and serve small games; on the `CPUBackend`
/// in f32 they are good to about 1e-5, and serve any size. Random draws of the losses are those of `counter`, the same
/// in each product: what is analysed is the game on one batch.
public final class CompiledGame {
  public let game: Game
  /// The variables; others may train in it between two analyses.
  public let store: any VariableStore
  /// Where the losses' random streams stand.
  public var counter: UInt64 = 1
  private let fieldProgram: any CompiledProgram
  private let productProgram: any CompiledProgram

  /// A game on a store of its own, with the variables' initial values of `seed`.
  ///
  /// - Throws: a `TensorError` for losses that are no scalars or cannot be differentiated, an `ExecutionError` for what
  ///   the backend cannot do.
  public convenience init(_ game: Game, backend: any Backend = ReferenceBackend(), seed: UInt64 = 1) throws {
    let programs = try Self.programs(game)
    var names: Set<String> = []
    let variables = (game.variables + programs.field.variables + programs.product.variables).filter {
      names.insert($0.name).inserted
    }
    try self.init(game, programs, backend: backend, store: backend.makeStore(variables, seed: seed))
  }

  /// A game on the store of a training, where its variables are.
  public convenience init(_ game: Game, backend: any Backend, store: any VariableStore) throws {
    try self.init(game, Self.programs(game), backend: backend, store: store)
  }

  private init(
    _ game: Game, _ programs: (field: Program, product: Program), backend: any Backend, store: any VariableStore
  ) throws {
    self.game = game
    self.store = store
    fieldProgram = try backend.compile(programs.field, store: store)
    productProgram = try backend.compile(programs.product, store: store)
  }

  private static func programs(_ game: Game) throws -> (field: Program, product: Program) {
    try trace {
      var field = Program(name: "field")
      for (variable, tensor) in zip(game.variables, game.field) { field.output(variable.name, tensor) }
      let direction = game.variables.map {
        Input(name: Self.directionName($0), shape: $0.shape, dtype: $0.dtype).value
      }
      var product = Program(name: "product")
      for (variable, tensor) in zip(game.variables, game.product(with: direction)) {
        product.output(variable.name, tensor)
      }
      return (field, product)
    }
  }

  private static func directionName(_ variable: Variable) -> String { "stability/direction/\(variable.name)" }

  /// Sets an input of the losses, row-major, such as the batch; it stays until it is set again.
  ///
  /// - Throws: an `ExecutionError` for a name that the losses do not have, or a wrong number of values.
  public func setInput(_ name: String, _ values: [Double]) throws {
    let users = [fieldProgram, productProgram].filter { program in
      program.program.inputs.contains { $0.name == name }
    }
    guard !users.isEmpty else { throw ExecutionError.unknownInput(name, program: fieldProgram.program.name) }
    for program in users { try program.setInput(name, values) }
  }

  /// The point (θ, φ).
  public func parameters() throws -> [Double] { try game.variables.flatMap { try store.values(of: $0.name) } }

  /// - Throws: `StabilityError.wrongCount` unless there is a value for each element.
  public func setParameters(_ point: [Double]) throws {
    try forEachPart(of: point, called: "the point") { try store.setValues($1, of: $0.name) }
  }

  /// v(θ, φ).
  public func field() throws -> [Double] {
    fieldProgram.run(counter: counter, substep: 0)
    return try game.variables.flatMap { try fieldProgram.output($0.name) }
  }

  /// v′·u.
  ///
  /// - Throws: `StabilityError.wrongCount` unless u has an element for each of the game's.
  public func product(with direction: [Double]) throws -> [Double] {
    let used = Set(productProgram.program.inputs.map(\.name))
    try forEachPart(of: direction, called: "the direction") { variable, part in
      let name = Self.directionName(variable)
      if used.contains(name) { try productProgram.setInput(name, part) }
    }
    productProgram.run(counter: counter, substep: 0)
    return try game.variables.flatMap { try productProgram.output($0.name) }
  }

  /// v′, a product with each unit vector: for games of up to some hundred parameters.
  ///
  /// - Throws: `StabilityError.notFinite` where a derivative is not.
  public func jacobian() throws -> SquareMatrix {
    var matrix = SquareMatrix(size: game.count)
    var unit = Array(repeating: 0.0, count: game.count)
    for column in 0..<game.count {
      unit[column] = 1
      for (row, value) in try product(with: unit).enumerated() { matrix[row, column] = value }
      unit[column] = 0
    }
    guard matrix.elements.allSatisfy(\.isFinite) else { throw StabilityError.notFinite(what: "game's Jacobian") }
    return matrix
  }

  private func forEachPart(
    of values: [Double], called what: String, _ body: (Variable, [Double]) throws -> Void
  ) throws {
    guard values.count == game.count else {
      throw StabilityError.wrongCount(what: what, expected: game.count, found: values.count)
    }
    var start = 0
    for variable in game.variables {
      let end = start + variable.shape.count
      try body(variable, Array(values[start..<end]))
      start = end
    }
  }
}
