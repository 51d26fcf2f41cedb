import CLAPACK
import CLibraryLock

/// Nodes and weights that stand for an expectation.
struct Quadrature: Sendable {
  let nodes: [Double]
  /// Their sum is 1.
  let weights: [Double]

  /// Gauss and Hermite's rule for E f(ε), ε from N(0, 1): exact for polynomials of degree 2·count − 1.
  ///
  /// Nodes are the eigenvalues of the symmetric tridiagonal matrix with √1, √2, ... beside a diagonal of zeros; weights
  /// are the squares of the eigenvectors' first entries.
  ///
  /// Reference: [Golub and Welsch 1969](https://doi.org/10.1090/S0025-5718-69-99647-1).
  static func hermite(count: Int) -> Quadrature {
    oneThread
    var nodes = Array(repeating: 0.0, count: count)
    var beside = (1..<max(2, count)).map { Double($0).squareRoot() }
    var vectors = Array(repeating: 0.0, count: count * count)
    cl_lock()
    defer { cl_unlock() }
    let status = LAPACKE_dstev(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), Int32(count), &nodes, &beside, &vectors, Int32(count))
    // The matrix is fixed and symmetric; a failure would be the library's, and shows as NaN.
    guard status == 0 else { return Quadrature(nodes: [.nan], weights: [1]) }
    return Quadrature(nodes: nodes, weights: (0..<count).map { vectors[$0 * count] * vectors[$0 * count] })
  }
}
