import CLAPACK

/// The few BLAS and LAPACK calls of this room, on plain arrays.
enum LinearAlgebra {
  /// Where only a threaded OpenBLAS is installed, it must not take the trainer's cores. The serial one ignores this.
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// left * right^T, [rows, inner] x [columns, inner] -> [rows, columns], all row-major.
  static func multiplyTransposed(
    _ left: UnsafePointer<Float>, rows: Int, _ right: UnsafePointer<Float>, columns: Int, inner: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    oneThread
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(inner), right,
      Int32(inner), 0, result, Int32(columns))
  }

  /// Adds block * block^T ([size, inner] -> [size, size]) to the lower triangle of a row-major matrix.
  static func addOuterSquare(_ block: [Double], size: Int, inner: Int, to matrix: inout [Double]) {
    oneThread
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasNoTrans, Int32(size), Int32(inner), 1, block, Int32(inner), 1, &matrix,
      Int32(size))
  }

  /// Adds block^T * block ([inner, size] -> [size, size]) to the lower triangle of a row-major matrix.
  static func addInnerSquare(_ block: [Double], size: Int, inner: Int, to matrix: inout [Double]) {
    oneThread
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasTrans, Int32(size), Int32(inner), 1, block, Int32(size), 1, &matrix,
      Int32(size))
  }

  /// The `leading` largest eigenvalues of a symmetric matrix, descending, and their unit eigenvectors, one a row.
  ///
  /// - Parameter matrix: row-major, lower triangle filled; `1 <= leading <= size`.
  /// - Throws: `MeasureError.lapack` with the status of `dsyevr`.
  static func eigenpairs(
    _ matrix: [Double], size: Int, leading: Int
  ) throws(MeasureError) -> (values: [Double], vectors: [Double]) {
    oneThread
    var work = matrix
    var found: Int32 = 0
    var values = Array(repeating: 0.0, count: size)
    var vectors = Array(repeating: 0.0, count: size * leading)
    var support = Array(repeating: Int32(0), count: 2 * leading)
    // A row-major lower triangle is a column-major upper one.
    let status = LAPACKE_dsyevr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), CChar(UInt8(ascii: "U")), Int32(size),
      &work, Int32(size), 0, 0, Int32(size - leading + 1), Int32(size), 0, &found, &values, &vectors, Int32(size),
      &support)
    guard status == 0, Int(found) == leading else { throw .lapack(routine: "dsyevr", status: Int(status)) }
    var descending: [Double] = []
    descending.reserveCapacity(size * leading)
    for column in stride(from: leading - 1, through: 0, by: -1) {
      descending.append(contentsOf: vectors[column * size..<(column + 1) * size])
    }
    return (Array(values[..<leading].reversed()), descending)
  }
}
