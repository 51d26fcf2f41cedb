/// Why a measure refuses its input.
///
/// Measures that watch a run leave non-finite samples out and count them. Measures that judge a result refuse them: a distance
/// of the samples that are left would look good.
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
  /// Values that must be finite are NaN or infinite.
  case nonFinite(what: String, count: Int)
  /// Two lists that belong together have different lengths.
  case countMismatch(what: String, expected: Int, found: Int)
  /// A row of class probabilities has a negative one or does not sum to 1.
  case notProbabilities(row: Int, sum: Double)
  /// A class or colour outside of 0..<classes.
  case label(Int, classes: Int)
  /// Weights of a histogram must be finite, none negative, and not all 0.
  case notDistribution
  /// A range of values, or a tolerance, must be finite and positive.
  case rangeNotPositive(what: String, value: Double)
  /// Histograms that are compared were counted over different ranges of values.
  case rangeMismatch(expected: Double, found: Double)
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
    case .nonFinite(let what, let count):
      "the \(what) must be finite, \(count) of them \(count == 1 ? "is" : "are") not"
    case .countMismatch(let what, let expected, let found):
      "\(expected) \(what) were expected, not \(found)"
    case .notProbabilities(let row, let sum):
      "row \(row) is no distribution over classes: its probabilities must not be negative and sum to 1, not \(sum)"
    case .label(let label, let classes):
      "the label \(label) is none of the \(classes) classes 0 to \(classes - 1)"
    case .notDistribution:
      "the weights of a histogram must be finite, none negative, and not all 0"
    case .rangeNotPositive(let what, let value):
      "the \(what) must be positive and finite, not \(value)"
    case .rangeMismatch(let expected, let found):
      "histograms of the same range are compared, up to \(expected), not \(found)"
    case .lapack(let routine, let status):
      "\(routine) failed with status \(status)"
    }
  }
}
