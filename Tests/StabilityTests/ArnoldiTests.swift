import Stability
import Testing

private func product(_ matrix: SquareMatrix) -> ([Double]) -> [Double] {
  { vector in (0..<matrix.size).map { row in vector.indices.reduce(0) { $0 + matrix[row, $1] * vector[$1] } } }
}

@Test(arguments: [1, 2, 7, 40])
func aFullBasisHasAllEigenvalues(size: Int) throws {
  let matrix = try SquareMatrix(size: size, elements: numbers(size * size, stream: "arnoldi"))
  let found = try Arnoldi(dimension: size).eigenvalues(wanted: size, of: product(matrix))
  #expect(found.filter(\.isConverged).count == size)
  #expect(distance(found.map(\.value), try matrix.eigenvalues()) < 1e-9)
}

/// Two eigenvalues of many copies each: the Krylov space of one vector has dimension 2, and the iteration must go on.
@Test func invariantSpacesAreLeft() throws {
  var matrix = SquareMatrix(size: 12)
  for index in 0..<12 { matrix[index, index] = index < 5 ? 2 : -1 }
  let found = try Arnoldi(dimension: 12).eigenvalues(wanted: 12, of: product(matrix))
  #expect(distance(found.map(\.value), try matrix.eigenvalues()) < 1e-12)
  let zeros = try Arnoldi(dimension: 5).eigenvalues(wanted: 5, of: product(SquareMatrix(size: 5)))
  #expect(distance(zeros.map(\.value), Array(repeating: Eigenvalue(0), count: 5)) < 1e-15)
}

/// A normal matrix of 300 rows with known eigenvalues, some in conjugate pairs: few products find the outer ones.
@Test func fewProductsFindTheOuterEigenvalues() throws {
  var expected: [Eigenvalue] = []
  var matrix = SquareMatrix(size: 300)
  for block in 0..<150 {
    let (real, imaginary) = (-Double(block) / 150, block < 3 ? 5 - Double(block) : 0.5)
    let row = 2 * block
    (matrix[row, row], matrix[row + 1, row + 1]) = (real, real)
    (matrix[row, row + 1], matrix[row + 1, row]) = (imaginary, -imaginary)
    expected += [Eigenvalue(real, imaginary), Eigenvalue(real, -imaginary)]
  }
  var products = 0
  let multiply = product(matrix)
  let found = try Arnoldi(dimension: 300).eigenvalues(wanted: 6) {
    products += 1
    return multiply($0)
  }
  #expect(products < 100)
  #expect(distance(Array(found.prefix(6)).map(\.value), Array(expected.sortedByModulus().prefix(6))) < 1e-8)
}

@Test func badProductsAreRefused() {
  #expect(throws: StabilityError.notFinite(what: "product")) {
    try Arnoldi(dimension: 3).eigenvalues(wanted: 1) { $0.map { _ in .nan } }
  }
  #expect(throws: StabilityError.wrongCount(what: "a product", expected: 3, found: 2)) {
    try Arnoldi(dimension: 3).eigenvalues(wanted: 1) { _ in [1, 2] }
  }
}
