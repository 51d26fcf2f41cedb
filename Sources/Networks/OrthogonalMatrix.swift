/// A matrix with orthonormal rows or columns, whichever are fewer: Q of the QR decomposition of `entries`.
///
/// Gram and Schmidt's method, each vector orthogonalized twice, which keeps orthogonality to rounding error. R's diagonal
/// is positive by construction, so normal entries give the uniform (Haar) distribution without a correction of signs.
///
/// - Parameter entries: `rows` × `columns` numbers in row-major order; so is the result.
func orthogonalMatrix(rows: Int, columns: Int, entries: [Double]) -> [Double] {
  let (count, length) = (min(rows, columns), max(rows, columns))
  let isWide = columns >= rows
  // The vectors to orthogonalize, one after another: the rows of a wide matrix, the columns of a tall one.
  var vectors = entries
  if !isWide {
    for index in 0..<count {
      for element in 0..<length { vectors[index * length + element] = entries[element * columns + index] }
    }
  }
  vectors.withUnsafeMutableBufferPointer { vectors in
    for index in 0..<count {
      let start = index * length
      for _ in 0..<2 {
        for previous in 0..<index {
          let other = previous * length
          let product = dot(vectors, start, other, length)
          for element in 0..<length { vectors[start + element] -= product * vectors[other + element] }
        }
      }
      let norm = dot(vectors, start, start, length).squareRoot()
      guard norm > 0 else { continue }
      for element in 0..<length { vectors[start + element] /= norm }
    }
  }
  guard !isWide else { return vectors }
  var result = entries
  for index in 0..<count {
    for element in 0..<length { result[element * columns + index] = vectors[index * length + element] }
  }
  return result
}

/// The scalar product of two runs of numbers, in eight sums side by side, which a processor adds at once.
private func dot(_ numbers: UnsafeMutableBufferPointer<Double>, _ a: Int, _ b: Int, _ length: Int) -> Double {
  var sums = SIMD8<Double>.zero
  let whole = length / 8 * 8
  for element in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 { sums[lane] += numbers[a + element + lane] * numbers[b + element + lane] }
  }
  var rest = 0.0
  for element in whole..<length { rest += numbers[a + element] * numbers[b + element] }
  return sums.sum() + rest
}
