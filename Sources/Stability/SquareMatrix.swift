import CLAPACK
import CLibraryLock

/// A square matrix of Doubles, row-major.
public struct SquareMatrix: Sendable, Hashable {
  public let size: Int
  public private(set) var elements: [Double]

  /// Zeros.
  public init(size: Int) {
    self.size = max(0, size)
    elements = Array(repeating: 0, count: self.size * self.size)
  }

  /// - Parameter elements: row-major.
  /// - Throws: `StabilityError.wrongCount` unless there are `size` squared.
  public init(size: Int, elements: [Double]) throws(StabilityError) {
    guard size >= 0, elements.count == size * size else {
      throw .wrongCount(what: "a matrix of \(size) rows", expected: size * size, found: elements.count)
    }
    self.size = size
    self.elements = elements
  }

  public static func identity(size: Int) -> SquareMatrix {
    var result = SquareMatrix(size: size)
    for index in 0..<result.size { result[index, index] = 1 }
    return result
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  /// Entries added one by one; of equal sizes.
  public static func + (lhs: SquareMatrix, rhs: SquareMatrix) -> SquareMatrix {
    var result = lhs
    for index in result.elements.indices { result.elements[index] += rhs.elements[index] }
    return result
  }

  /// Each entry times a number.
  public static func * (lhs: Double, rhs: SquareMatrix) -> SquareMatrix {
    var result = rhs
    for index in result.elements.indices { result.elements[index] *= lhs }
    return result
  }

  /// The matrix product; of equal sizes.
  public static func * (lhs: SquareMatrix, rhs: SquareMatrix) -> SquareMatrix {
    var result = SquareMatrix(size: lhs.size)
    guard lhs.size > 0 else { return result }
    oneThread
    let n = Int32(lhs.size)
    cl_lock()
    defer { cl_unlock() }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, lhs.elements, n, rhs.elements, n, 0, &result.elements, n)
    return result
  }

  /// Each row times a number of its own: diag(factors)·A.
  func scalingRows(_ factors: [Double]) -> SquareMatrix {
    var result = self
    for row in 0..<size { for column in 0..<size { result[row, column] *= factors[row] } }
    return result
  }
}

/// Where only a threaded OpenBLAS is installed, it must not take the trainer's cores. The serial one ignores this.
let oneThread: Void = openblas_set_num_threads(1)
