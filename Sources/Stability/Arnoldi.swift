import CLAPACK
import CLibraryLock
import Tensors

/// Arnoldi's iteration: the outer eigenvalues of an operator that is known by its products alone.
///
/// It builds an orthonormal basis V of the Krylov space of a random vector, in which the operator is a small Hessenberg
/// matrix H with A·V = V·H + h·q·eᵀ. An eigenpair (μ, y) of H is one of A up to the residual |h·y_last|. Each new
/// vector is orthogonalized twice, which keeps the basis orthonormal to rounding; where the space is invariant the
/// iteration goes on with another random vector, so that a basis of all dimensions has all eigenvalues.
///
/// The basis is not restarted: it takes `maximumBasis`·n Doubles.
///
/// Reference: Saad, Numerical Methods for Large Eigenvalue Problems, 2nd edition 2011, chapter 6.
public struct Arnoldi: Sendable {
  /// n, the length of the vectors.
  public let dimension: Int
  /// How many products there may be.
  public var maximumBasis: Int
  /// The residual, relative to the greatest modulus found, at which an eigenvalue counts as found.
  public var tolerance: Double
  /// Of the random vectors.
  public var seed: UInt64

  /// - Parameters:
  ///   - maximumBasis: how many products there may be.
  ///   - tolerance: 1e-10 for products in f64, 1e-5 for those in f32.
  public init(dimension: Int, maximumBasis: Int = 200, tolerance: Double = 1e-10, seed: UInt64 = 1) {
    self.dimension = dimension
    self.maximumBasis = max(1, maximumBasis)
    self.tolerance = tolerance
    self.seed = seed
  }

  /// An eigenvalue in the Krylov space.
  public struct RitzValue: Sendable, Hashable {
    public let value: Eigenvalue
    /// ‖A·x − μ·x‖ of its unit vector x.
    public let residual: Double
    public let isConverged: Bool
  }

  /// The eigenvalues in the Krylov space that is reached when `wanted` of them have converged in each order.
  ///
  /// - Parameters:
  ///   - wanted: how many must have converged, counted from the greatest by each key.
  ///   - keys: |λ| by default; Re λ where stability is asked for.
  ///   - product: A·x.
  /// - Returns: all of the space's eigenvalues, those with the greatest first key first. Those not converged are
  ///   estimates: when `maximumBasis` is reached, some of the wanted ones may be.
  /// - Throws: what the product throws, `StabilityError.notFinite` for a product that is not, `.lapack`.
  public func eigenvalues(
    wanted: Int, by keys: [(Eigenvalue) -> Double] = [\.modulus], of product: ([Double]) throws -> [Double]
  ) throws -> [RitzValue] {
    guard dimension > 0 else { return [] }
    let limit = min(maximumBasis, dimension)
    var basis = Basis(dimension: dimension)
    basis.append(try fresh(0, against: basis))
    var columns: [[Double]] = []
    while true {
      var vector = try product(basis.last)
      guard vector.count == dimension else {
        throw StabilityError.wrongCount(what: "a product", expected: dimension, found: vector.count)
      }
      let length = norm(vector)
      guard length.isFinite else { throw StabilityError.notFinite(what: "product") }
      let projections = basis.orthogonalize(&vector)
      var rest = norm(vector)
      // What is left is rounding: the space is invariant.
      let isInvariant = rest <= 1e-14 * length || basis.count == dimension
      if isInvariant { rest = 0 }
      columns.append(projections + [rest])
      let isLast = columns.count >= limit
      if isLast || columns.count % 8 == 0 {
        let found = try ritzValues(columns)
        if isLast || keys.allSatisfy({ hasConverged(found, wanted, $0) }) {
          let first = keys.first ?? \.modulus
          return found.sorted { first($0.value) > first($1.value) }
        }
      }
      basis.append(isInvariant ? try fresh(columns.count, against: basis) : vector.map { $0 / rest })
    }
  }

  private func hasConverged(_ values: [RitzValue], _ wanted: Int, _ key: (Eigenvalue) -> Double) -> Bool {
    values.count >= wanted
      && values.sorted { key($0.value) > key($1.value) }.prefix(wanted).allSatisfy(\.isConverged)
  }

  private func ritzValues(_ columns: [[Double]]) throws(StabilityError) -> [RitzValue] {
    let size = columns.count
    var matrix = Array(repeating: 0.0, count: size * size)
    for (index, column) in columns.enumerated() {
      for row in 0..<min(size, column.count) { matrix[index * size + row] = column[row] }
    }
    let spectrum = try Spectrum(columnMajor: matrix, size: size, withVectors: true)
    let scale = spectrum.values.spectralRadius
    let rest = columns[size - 1][size]
    return zip(spectrum.values, spectrum.lastEntries).map { value, last in
      RitzValue(value: value, residual: rest * last, isConverged: rest * last <= tolerance * scale)
    }
  }

  /// A random unit vector that is orthogonal to the basis.
  private func fresh(_ number: Int, against basis: Basis) throws -> [Double] {
    let generator = Philox(seed: seed, stream: "stability/arnoldi/\(number)")
    var vector = generator.draw(.normal, count: dimension, sample: 0, counter: 0, substep: 0)
    _ = basis.orthogonalize(&vector)
    let length = norm(vector)
    return vector.map { $0 / length }
  }
}

/// Orthonormal vectors, one after the other.
private struct Basis {
  let dimension: Int
  private(set) var count = 0
  private var elements: [Double] = []

  init(dimension: Int) { self.dimension = dimension }

  var last: [Double] { Array(elements[((count - 1) * dimension)...]) }

  mutating func append(_ vector: [Double]) {
    elements += vector
    count += 1
  }

  /// Takes the basis out of a vector, twice; returns what was taken out.
  func orthogonalize(_ vector: inout [Double]) -> [Double] {
    guard count > 0 else { return [] }
    oneThread
    let (rows, columns) = (Int32(count), Int32(dimension))
    var total = Array(repeating: 0.0, count: count)
    var part = total
    for _ in 0..<2 {
      cl_lock()
      defer { cl_unlock() }
      cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, columns, 1, elements, columns, vector, 1, 0, &part, 1)
      cblas_dgemv(CblasRowMajor, CblasTrans, rows, columns, -1, elements, columns, part, 1, 1, &vector, 1)
      for index in total.indices { total[index] += part[index] }
    }
    return total
  }
}

/// ‖x‖₂.
func norm(_ vector: [Double]) -> Double {
  oneThread
  cl_lock()
  defer { cl_unlock() }
  return vector.isEmpty ? 0 : cblas_dnrm2(Int32(vector.count), vector, 1)
}
