import Foundation

/// k-means clusters, fitted once on real data; afterwards any samples can be told apart by their nearest centroid.
///
/// k-means++ seeding (Arthur and Vassilvitskii 2007), then Lloyd's iterations (Lloyd 1982) until no point changes its cluster.
/// Deterministic: the same points, number and seed give the same centroids.
public struct KMeans: Sendable, Equatable {
  /// Shape [clusters, dimension]. Fewer than asked for where there are fewer distinct points.
  public let centroids: PointSet
  /// Sum of the squared distances of the fitted points to their centroids, in squared units of the points.
  public let inertia: Double
  /// Lloyd's iterations that were made.
  public let iterations: Int
  /// Points left out of the fit for a coordinate that is NaN or infinite.
  public let nonFinite: Int

  /// - Parameters:
  ///   - points: the real data.
  ///   - clusters: at least 1.
  ///   - seed: of the k-means++ draws.
  ///   - limit: the most iterations of Lloyd's.
  /// - Throws: `MeasureError.countNotPositive`, or `.tooFewPoints` without a finite point.
  public init(fitting points: PointSet, clusters: Int, seed: UInt64, iterations limit: Int = 50) throws(MeasureError) {
    guard clusters > 0 else { throw .countNotPositive(what: "clusters", value: clusters) }
    let (finite, nonFinite) = points.finite()
    guard finite.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    var fit = Lloyd(points: finite, centroids: Self.plusPlus(finite, clusters: clusters, seed: seed))
    fit.run(limit: limit)
    centroids = PointSet(
      rows: fit.centroids.count / finite.dimension, dimension: finite.dimension, values: fit.centroids)
    inertia = fit.inertia
    iterations = fit.iterations
    self.nonFinite = nonFinite
  }

  /// Points by nearest centroid, shape [clusters]; non-finite points are in none.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`.
  public func histogram(of points: PointSet) throws(MeasureError) -> [Int] {
    guard points.dimension == centroids.dimension else {
      throw .dimensionMismatch(expected: centroids.dimension, found: points.dimension)
    }
    let finite = points.finite().points
    var histogram = Array(repeating: 0, count: centroids.count)
    finite.values.withUnsafeBufferPointer { points in
      centroids.values.withUnsafeBufferPointer { centres in
        for row in 0..<finite.count {
          let mode = nearest(points, row, centres, count: centroids.count, dimension: centroids.dimension).index
          histogram[mode] += 1
        }
      }
    }
    return histogram
  }

  /// Each next centroid is a point drawn with probability proportional to its squared distance to the nearest so far.
  private static func plusPlus(_ points: PointSet, clusters: Int, seed: UInt64) -> [Float] {
    var generator = CounterGenerator(seed: seed)
    let dimension = points.dimension
    var centroids: [Float] = []
    var squares = Array(repeating: Double.infinity, count: points.count)
    var chosen = generator.integer(below: points.count)
    for _ in 0..<clusters {
      let centre = Array(points.values[chosen * dimension..<(chosen + 1) * dimension])
      centroids.append(contentsOf: centre)
      points.values.withUnsafeBufferPointer { values in
        centre.withUnsafeBufferPointer { centre in
          for row in 0..<points.count {
            squares[row] = min(squares[row], nearest(values, row, centre, count: 1, dimension: dimension).square)
          }
        }
      }
      let total = squares.reduce(0, +)
      // Every point is a centroid already: there are no more distinct ones.
      guard total > 0 else { break }
      let target = generator.uniform() * total
      var sum = 0.0
      chosen = squares.lastIndex { $0 > 0 } ?? 0
      for (row, square) in squares.enumerated() where square > 0 {
        sum += square
        if sum > target {
          chosen = row
          break
        }
      }
    }
    return centroids
  }
}

/// The state of Lloyd's iterations.
private struct Lloyd {
  let points: PointSet
  var centroids: [Float]
  var inertia = 0.0
  var iterations = 0
  private var assignment: [Int]
  private var squares: [Double]

  init(points: PointSet, centroids: [Float]) {
    self.points = points
    self.centroids = centroids
    assignment = Array(repeating: -1, count: points.count)
    squares = Array(repeating: 0, count: points.count)
  }

  mutating func run(limit: Int) {
    var moved = assign()
    while moved, iterations < limit {
      update()
      iterations += 1
      moved = assign()
    }
    inertia = squares.reduce(0, +)
  }

  /// Returns whether a point changed its cluster.
  private mutating func assign() -> Bool {
    let dimension = points.dimension
    let clusters = centroids.count / dimension
    var moved = false
    points.values.withUnsafeBufferPointer { values in
      centroids.withUnsafeBufferPointer { centres in
        for row in 0..<points.count {
          let (index, square) = nearest(values, row, centres, count: clusters, dimension: dimension)
          if assignment[row] != index { moved = true }
          assignment[row] = index
          squares[row] = square
        }
      }
    }
    return moved
  }

  /// Moves each centroid to the mean of its points; one without points to the point farthest from its own centroid.
  private mutating func update() {
    let dimension = points.dimension
    let clusters = centroids.count / dimension
    var sums = Array(repeating: 0.0, count: clusters * dimension)
    var counts = Array(repeating: 0, count: clusters)
    for row in 0..<points.count {
      let cluster = assignment[row]
      counts[cluster] += 1
      for axis in 0..<dimension {
        sums[cluster * dimension + axis] += Double(points.values[row * dimension + axis])
      }
    }
    for cluster in 0..<clusters {
      if counts[cluster] > 0 {
        for axis in 0..<dimension {
          centroids[cluster * dimension + axis] = Float(sums[cluster * dimension + axis] / Double(counts[cluster]))
        }
      } else if let farthest = squares.indices.max(by: { squares[$0] < squares[$1] }) {
        for axis in 0..<dimension {
          centroids[cluster * dimension + axis] = points.values[farthest * dimension + axis]
        }
        squares[farthest] = 0
      }
    }
  }
}

/// The effective number of clusters that the samples are in: exp(-sum p_k ln p_k) of their shares p_k over the clusters.
///
/// Between 1, all in one cluster, and the number of clusters, all alike; nil without a finite sample. Compare it with the
/// same number for real data: clusters of real data are seldom of equal mass. Reference: M. O. Hill, "Diversity and
/// evenness: a unifying notation and its consequences", Ecology 54 (1973), the number of order 1.
///
/// - Throws: `MeasureError.dimensionMismatch`.
public func effectiveClusters(_ points: PointSet, in clusters: KMeans) throws(MeasureError) -> Double? {
  try histogramEntropy(clusters.histogram(of: points)).map { exp($0) }
}
