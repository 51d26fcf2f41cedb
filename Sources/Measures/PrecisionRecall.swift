/// Precision, recall, density and coverage of generated samples, by balls around samples in a feature space.
///
/// With B(x, k) the open ball around x that reaches to its k-th nearest other sample of the same set, real samples x_i of N,
/// generated samples y_j of M:
///
///     precision = 1/M  sum_j [y_j in some B(x_i, k)]         recall   = 1/N sum_i [x_i in some B(y_j, k)]
///     density   = 1/kM sum_j sum_i [y_j in B(x_i, k)]        coverage = 1/N sum_i [some y_j in B(x_i, k)]
///
/// A sample is no neighbour of its own; a distance that equals the radius is outside. Distances are decided as double precision
/// would decide them.
///
/// Two equally distributed sets do not score 1: density has the mean 1, coverage 1 - 2^-k where N = M, precision and recall
/// fall with the dimension. Compare with two disjoint sets of real samples.
///
/// Reference: Kynkäänniemi et al., "Improved precision and recall metric for assessing generative models", arXiv:1904.06991,
/// section 2 (k = 3); Naeem et al., "Reliable fidelity and diversity metrics for generative models", arXiv:2002.09797,
/// section 3 (k = 5).
public struct PrecisionRecall: Sendable, Equatable {
  /// Share of the generated samples that lie among the real ones, 0...1.
  public let precision: Double
  /// Share of the real samples that lie among the generated ones, 0...1.
  public let recall: Double
  /// Real balls that a generated sample is in, over k: 0 and up, may exceed 1.
  public let density: Double
  /// Share of the real balls with a generated sample in them, 0...1.
  public let coverage: Double
  /// k.
  public let neighbours: Int

  /// Three matrix products of all pairs; memory is linear in the samples.
  ///
  /// - Parameters:
  ///   - generated: features of generated samples.
  ///   - real: features of real samples, as many for numbers that compare.
  ///   - k: neighbours that a ball reaches to.
  /// - Throws: `MeasureError.dimensionMismatch`, `.countNotPositive`, `.tooFewPoints` with k or fewer samples in a set, or
  ///   `.nonFinite`.
  public init(generated: PointSet, real: PointSet, neighbours k: Int = 5) throws(MeasureError) {
    guard generated.dimension == real.dimension else {
      throw .dimensionMismatch(expected: real.dimension, found: generated.dimension)
    }
    guard k > 0 else { throw .countNotPositive(what: "neighbours", value: k) }
    let fewest = min(generated.count, real.count)
    guard fewest > k else { throw .tooFewPoints(needed: k == .max ? k : k + 1, found: fewest) }
    try real.requireFinite("real features")
    try generated.requireFinite("generated features")
    let balls = BallMembership(
      real: real, realSquares: BlockedNeighbours.squaredDistances(real, toNeighbour: k),
      generated: generated, generatedSquares: BlockedNeighbours.squaredDistances(generated, toNeighbour: k))
    precision = Double(balls.generatedInReal.count { $0 > 0 }) / Double(generated.count)
    recall = Double(balls.realInGenerated.count { $0 }) / Double(real.count)
    density = Double(balls.generatedInReal.reduce(0, +)) / (Double(k) * Double(generated.count))
    coverage = Double(balls.realBallsHit.count { $0 }) / Double(real.count)
    neighbours = k
  }
}

/// Which samples of one set lie in the balls of the other.
private struct BallMembership {
  /// For each generated sample the real balls that it is in.
  var generatedInReal: [Int]
  /// For each real sample whether it is in some generated ball.
  var realInGenerated: [Bool]
  /// For each real sample whether a generated one is in its ball.
  var realBallsHit: [Bool]

  init(real: PointSet, realSquares: [Double], generated: PointSet, generatedSquares: [Double]) {
    let pairs = PairDistances(from: real, to: generated)
    var inReal = Array(repeating: 0, count: generated.count)
    var inGenerated = Array(repeating: false, count: real.count)
    var hit = Array(repeating: false, count: real.count)
    let radii = generatedSquares.map { pairs.inCopies($0) }
    radii.withUnsafeBufferPointer { radii in
      pairs.forEachQuery { row, line, slack in
        let square = realSquares[row]
        let radius = pairs.inCopies(square)
        let near = radius + slack
        // Nearly all pairs are outside of both balls: one branch for them.
        for column in line.indices where line[column] <= max(near, radii[column] + slack) {
          let distance = line[column]
          var exact: Double?
          func isInside(_ radius: Float, _ square: Double) -> Bool {
            if distance < radius - slack { return true }
            if distance > radius + slack { return false }
            let value = exact ?? pairs.exactSquare(row, column)
            exact = value
            return value < square
          }
          if isInside(radius, square) {
            inReal[column] += 1
            hit[row] = true
          }
          if !inGenerated[row], isInside(radii[column], generatedSquares[column]) { inGenerated[row] = true }
        }
      }
    }
    generatedInReal = inReal
    realInGenerated = inGenerated
    realBallsHit = hit
  }
}
