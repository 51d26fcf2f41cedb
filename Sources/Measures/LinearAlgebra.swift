import CLAPACK
import CLibraryLock

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
    cl_lock()
    defer { cl_unlock() }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(inner), right,
      Int32(inner), 0, result, Int32(columns))
  }

  /// Adds block * block^T ([size, inner] -> [size, size]) to the lower triangle of a row-major matrix.
  static func addOuterSquare(_ block: [Double], size: Int, inner: Int, to matrix: inout [Double]) {
    oneThread
    cl_lock()
    defer { cl_unlock() }
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasNoTrans, Int32(size), Int32(inner), 1, block, Int32(inner), 1, &matrix,
      Int32(size))
  }

  /// Adds block^T * block ([inner, size] -> [size, size]) to the lower triangle of a row-major matrix.
  static func addInnerSquare(_ block: [Double], size: Int, inner: Int, to matrix: inout [Double]) {
    oneThread
    cl_lock()
    defer { cl_unlock() }
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
    cl_lock()
    defer { cl_unlock() }
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

  /// left * right, [rows, inner] x [inner, columns] -> [rows, columns], all row-major.
  static func multiply(_ left: [Double], rows: Int, _ right: [Double], columns: Int, inner: Int) -> [Double] {
    oneThread
    var result = Array(repeating: 0.0, count: rows * columns)
    cl_lock()
    defer { cl_unlock() }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(inner),
      right, Int32(columns), 0, &result, Int32(columns))
    return result
  }

  /// left * right, [rows, inner] x [inner, columns] -> [rows, columns], all row-major.
  static func multiply(_ left: [Float], rows: Int, _ right: [Float], columns: Int, inner: Int) -> [Float] {
    oneThread
    var result = Array(repeating: Float(0), count: rows * columns)
    cl_lock()
    defer { cl_unlock() }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(inner),
      right, Int32(columns), 0, &result, Int32(columns))
    return result
  }

  /// All eigenvalues of a symmetric matrix, ascending, and with `vectors` its unit eigenvectors, one a row; else none.
  ///
  /// - Parameter matrix: row-major, lower triangle filled; `size >= 1`.
  /// - Throws: `MeasureError.lapack` with the status of `dsyevd`.
  static func symmetricEigenpairs(
    _ matrix: [Double], size: Int, vectors: Bool
  ) throws(MeasureError) -> (values: [Double], vectors: [Double]) {
    oneThread
    var work = matrix
    var values = Array(repeating: 0.0, count: size)
    // A row-major lower triangle is a column-major upper one; columns come back as rows.
    cl_lock()
    defer { cl_unlock() }
    let status = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: vectors ? "V" : "N")), CChar(UInt8(ascii: "U")), Int32(size), &work,
      Int32(size), &values)
    guard status == 0 else { throw .lapack(routine: "dsyevd", status: Int(status)) }
    return (values, vectors ? work : [])
  }

  /// The square root S^{1/2} = sum_i sqrt(l_i) w_i w_i^T of a symmetric positive semidefinite matrix, [size, size].
  ///
  /// Eigenvalues below the rounding of the largest, size * 2^-52 l_max, are those of a singular matrix and count as 0.
  static func symmetricSquareRoot(_ matrix: [Double], size: Int) throws(MeasureError) -> [Double] {
    let (values, vectors) = try symmetricEigenpairs(matrix, size: size, vectors: true)
    let smallest = (values.last ?? 0) * Double(size) * 0x1p-52
    // Rows scaled by l^{1/4}, so that the product with its own transpose has the root.
    var rows = vectors
    for row in 0..<size {
      let factor = values[row] > smallest ? values[row].squareRoot().squareRoot() : 0
      for column in 0..<size { rows[row * size + column] *= factor }
    }
    var root = Array(repeating: 0.0, count: size * size)
    addInnerSquare(rows, size: size, inner: size, to: &root)
    mirrorLowerTriangle(&root, size: size)
    return root
  }

  /// Copies the lower triangle of a row-major square matrix into the upper one.
  static func mirrorLowerTriangle(_ matrix: inout [Double], size: Int) {
    matrix.withUnsafeMutableBufferPointer { matrix in
      for row in 0..<size {
        for column in 0..<row { matrix[column * size + row] = matrix[row * size + column] }
      }
    }
  }
}
