import CLAPACK
import CLibraryLock

/// A complex number: an eigenvalue of a real matrix.
public struct Eigenvalue: Sendable, Hashable, Codable {
  public var real: Double
  public var imaginary: Double
  /// |λ|.
  public var modulus: Double { (real * real + imaginary * imaginary).squareRoot() }

  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }
}

extension Eigenvalue: CustomStringConvertible {
  /// Such as `-0.15+0.477i`, to three significant places.
  public var description: String { "\(short(real))\(imaginary < 0 ? "-" : "+")\(short(abs(imaginary)))i" }
}

extension [Eigenvalue] {
  /// The greatest real part: below 0, continuous gradient descent converges. −∞ of none.
  public var spectralAbscissa: Double { map(\.real).max() ?? -.infinity }
  /// The greatest modulus: below 1, repeating the operator converges. 0 of none.
  public var spectralRadius: Double { map(\.modulus).max() ?? 0 }

  /// The greatest modulus first; a conjugate pair stays together, its positive imaginary part first.
  public func sortedByModulus() -> [Eigenvalue] { sorted(by: \.modulus) }
  /// The greatest real part first; a conjugate pair stays together, its positive imaginary part first.
  public func sortedByRealPart() -> [Eigenvalue] { sorted(by: \.real) }

  private func sorted(by key: (Eigenvalue) -> Double) -> [Eigenvalue] {
    sorted {
      let (a, b) = (key($0), key($1))
      guard a == b else { return a > b }
      let (size, other) = (abs($0.imaginary), abs($1.imaginary))
      return size == other ? $0.imaginary > $1.imaginary : size > other
    }
  }
}

extension SquareMatrix {
  /// All eigenvalues, the greatest modulus first, by LAPACK's `dgeev`: O(size³), for some hundred rows.
  ///
  /// - Throws: `StabilityError.notFinite` for entries that are not, `.lapack` where the iteration does not converge.
  public func eigenvalues() throws(StabilityError) -> [Eigenvalue] {
    guard size > 0 else { return [] }
    // The transpose has the same eigenvalues, so the row-major matrix passes for a column-major one.
    return try Spectrum(columnMajor: elements, size: size, withVectors: false).values.sortedByModulus()
  }
}

/// Eigenvalues of a column-major matrix as LAPACK orders them, and right eigenvectors where asked for.
struct Spectrum {
  let values: [Eigenvalue]
  /// |last entry| of each unit eigenvector; empty without vectors.
  let lastEntries: [Double]

  init(columnMajor elements: [Double], size: Int, withVectors: Bool) throws(StabilityError) {
    // LAPACK would loop or fail with a status that says nothing.
    guard elements.allSatisfy(\.isFinite) else { throw .notFinite(what: "matrix") }
    oneThread
    var matrix = elements
    var (real, imaginary) = (Array(repeating: 0.0, count: size), Array(repeating: 0.0, count: size))
    var vectors = Array(repeating: 0.0, count: withVectors ? size * size : 1)
    var unused = [0.0]
    let (n, no, yes) = (Int32(size), CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "V")))
    cl_lock()
    defer { cl_unlock() }
    let status = LAPACKE_dgeev(
      LAPACK_COL_MAJOR, no, withVectors ? yes : no, n, &matrix, n, &real, &imaginary, &unused, 1, &vectors,
      withVectors ? n : 1)
    guard status == 0 else { throw .lapack(routine: "dgeev", status: Int(status)) }
    values = zip(real, imaginary).map { Eigenvalue($0, $1) }
    guard withVectors else {
      lastEntries = []
      return
    }
    // Of a conjugate pair, one column holds the vector's real part and the next its imaginary part.
    lastEntries = (0..<size).map { column in
      guard imaginary[column] != 0 else { return abs(vectors[column * size + size - 1]) }
      let first = imaginary[column] > 0 ? column : column - 1
      return Eigenvalue(vectors[first * size + size - 1], vectors[(first + 1) * size + size - 1]).modulus
    }
  }
}
