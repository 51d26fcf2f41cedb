/// Why a measure refuses its input: always a mistake of the caller's shapes, never of the samples' values.
public enum MeasureError: Error, Equatable, CustomStringConvertible {
  /// The number of values is not `count * dimension`.
  case shape(count: Int, dimension: Int, values: Int)
  /// Points have at least one coordinate.
  case dimensionNotPositive(Int)
  /// Two sets of points that are compared live in spaces of different dimension.
  case dimensionMismatch(expected: Int, found: Int)
  /// A mixture needs at least one mode, with finite means.
  case noModes
  /// A mixture's deviation must be positive and finite.
  case deviationNotPositive(Double)
  /// Weights must be as many as modes, each positive and finite.
  case weights(modes: Int, found: [Double])
  /// There are fewer finite points than the fit needs.
  case tooFewPoints(needed: Int, found: Int)
  /// The number of clusters or components must be positive.
  case countNotPositive(what: String, value: Int)
  /// LAPACK did not converge or refused its arguments.
  case lapack(routine: String, status: Int)

  public var description: String {
    switch self {
    case .shape(let count, let dimension, let values):
      "\(count) points of \(dimension) coordinates need \(count) x \(dimension) values, not \(values)"
    case .dimensionNotPositive(let dimension):
      "points need at least one coordinate, not \(dimension)"
    case .dimensionMismatch(let expected, let found):
      "points of \(expected) coordinates were expected, these have \(found)"
    case .noModes:
      "a mixture needs at least one mode with finite coordinates"
    case .deviationNotPositive(let deviation):
      "the deviation of a mixture must be positive and finite, not \(deviation)"
    case .weights(let modes, let found):
      "\(modes) modes need \(modes) positive weights, not \(found)"
    case .tooFewPoints(let needed, let found):
      "at least \(needed) finite points are needed, there are \(found)"
    case .countNotPositive(let what, let value):
      "the number of \(what) must be at least 1, not \(value)"
    case .lapack(let routine, let status):
      "\(routine) failed with status \(status)"
    }
  }
}
