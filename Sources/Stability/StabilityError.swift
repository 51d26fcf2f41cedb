/// Why a game cannot be analysed.
public enum StabilityError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A player has nothing to move.
  case noVariables(player: String)
  /// A variable stands twice among the players' variables.
  case sharedVariable(String)
  /// A loss depends on the other player through detached tensors alone, so that mixed derivatives would be lost.
  case detachedLoss(player: String, from: String)
  /// A point, a direction or an array has another number of elements than its game or grid.
  case wrongCount(what: String, expected: Int, found: Int)
  /// A number that must be finite and positive is not.
  case notPositive(what: String, value: Double)
  /// A grid has more cells than anybody can look at: 10⁸.
  case tooManyCells(columns: Int, rows: Int)
  /// A derivative is infinite or not a number, at the parameters that the game has.
  case notFinite(what: String)
  /// LAPACK did not converge or refused its arguments.
  case lapack(routine: String, status: Int)

  public var description: String {
    switch self {
    case .noVariables(let player): "the \(player) has no variables to move"
    case .sharedVariable(let name): "the variable \(name) stands twice among the players' variables"
    case .detachedLoss(let player, let other):
      "the \(player)'s loss is detached from the \(other)'s variables, so its mixed derivatives cannot be had"
    case .wrongCount(let what, let expected, let found): "\(what) needs \(expected) values, given \(found)"
    case .notPositive(let what, let value): "the \(what) must be finite and above 0, not \(value)"
    case .tooManyCells(let columns, let rows):
      "a grid of \(columns) x \(rows) cells is too large, 100000000 is the most"
    case .notFinite(let what): "the \(what) is not finite at these parameters"
    case .lapack(let routine, let status): "\(routine) failed with status \(status)"
    }
  }
}
